"""How the `carry` policy reads a pair's own funding history."""

from actors.config.kinds import Duration, Number, Section, duration, setting


class Signal(Section):
    """How the policy `carry` reads a pair's own funding history."""

    fast_half_life: Duration = duration(
        "3d", "Half-life of the fast average of the settled rates.", low="1h", high="365d"
    )
    slow_half_life: Duration = duration(
        "21d", "Half-life of the slow average; longer than the fast one.", low="1h", high="1000d"
    )
    reversion_half_life: Duration = duration(
        "10d",
        "How fast the fast average is expected to return to the slow one.",
        low="1h",
        high="365d",
        editable=True,
    )
    horizon: Duration = duration(
        "30d",
        "How far ahead the expected funding is counted.",
        low="8h",
        high="365d",
        editable=True,
    )
    min_history: Duration = duration(
        "14d",
        "Pairs with less funding history are not entered.",
        low="0s",
        high="365d",
        editable=True,
    )
    entry_margin_round_trips: Number = setting(
        0.5,
        "Enter when the expected funding exceeds the cost of the round trip by this many round "
        "trips.",
        low=0.0,
        high=20.0,
        unit="round trips",
        editable=True,
    )
    exit_margin_round_trips: Number = setting(
        0.5,
        "Leave when the expected funding falls below minus this many round trips.",
        low=0.0,
        high=20.0,
        unit="round trips",
        editable=True,
    )
    min_hold: Duration = duration(
        "3d",
        "Positions are held at least this long, whatever the rate does.",
        low="0s",
        high="365d",
        editable=True,
    )
    rotation_margin_round_trips: Number = setting(
        1.0,
        "A better pair takes the place of a held one only if it gains this much beyond both "
        "round trips.",
        low=0.0,
        high=20.0,
        unit="round trips",
        editable=True,
    )
