"""Which pairs a venue's instruments make."""

from collections.abc import Iterable

from actors.domain.instruments import Instrument, Market, Pair


def pairs_of(instruments: Iterable[Instrument]) -> tuple[Pair, ...]:
    """Spot + perpetual of the same coin and quote on one venue, by pair key.

    A perpetual of 1000 coins a contract pairs with its coin: ``Instrument.base`` names the coin
    itself. Where a venue lists two instruments for one side, the first by symbol is taken.
    """
    spots: dict[tuple[str, str, str], Instrument] = {}
    perps: dict[tuple[str, str, str], Instrument] = {}
    for one in sorted(instruments, key=lambda instrument: instrument.symbol):
        side = spots if one.market is Market.SPOT else perps
        side.setdefault((one.venue, one.base, one.quote), one)
    pairs = (Pair(long=spots[key], short=perp) for key, perp in perps.items() if key in spots)
    return tuple(sorted(pairs, key=lambda pair: pair.key))
