"""A process killed while it writes: what it was told is kept is there, and nothing by halves."""

import random
import signal
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

from actors.domain.orders import Leg, OrderStatus
from actors.store import Store, dump
from tests.store.samples import fill, intent, position, transaction

ROUNDS = 8


def write_for_ever(url: str) -> None:
    """Open and fill one position after the other; print its number once it is acknowledged."""
    store = Store.open(url)
    with store.transaction() as tx:
        number = tx.positions.next_number("BTC-USDT")
    while True:
        header = position(number)
        legs = [intent(header), intent(header, Leg.PERP)]
        with store.transaction() as tx:
            tx.positions.save(header)
            tx.positions.add_intents(legs)
            for leg in legs:
                done = replace(leg, status=OrderStatus.FILLED, fills=(fill(leg, 1), fill(leg, 2)))
                tx.positions.resolve_intent(done)
            tx.ledger.book([transaction(2 * number), transaction(2 * number + 1)])
            tx.ledger.set_booked_fill_seq(4 * number)
        print(number, flush=True)
        number += 1


def test_killed_at_any_moment(lasting_url: str) -> None:
    moments = random.Random(7)
    acknowledged = 0
    for _ in range(ROUNDS):
        child = subprocess.Popen(
            [sys.executable, "-c", f"{START}\nwrite_for_ever({lasting_url!r})"],
            cwd=Path(__file__).parents[2],
            stdout=subprocess.PIPE,
            text=True,
        )
        assert child.stdout is not None
        # Killed after some number of acknowledgements, in the midst of whatever comes next.
        for _ in range(moments.randrange(1, 12)):
            acknowledged = int(child.stdout.readline())
        child.send_signal(signal.SIGKILL)
        rest = child.stdout.read().split()
        child.wait()
        acknowledged = int(rest[-1]) if rest else acknowledged

        store = Store.open(lasting_url)
        with store.reading() as tx:
            positions = tx.positions.all()
            booked = list(tx.ledger.transactions())
            up_to = tx.ledger.booked_fill_seq()
        assert len(positions) in (acknowledged, acknowledged + 1)
        assert all(
            len(one.intents) == 2 and len(one.fills) == 4 and one.intents[1].status == "filled"
            for one in positions
        )
        assert len(booked) == 2 * len(positions)
        assert up_to == 4 * len(positions)
        assert sum(1 for _ in dump(store)) == (1 + 2 + 4 + 2 + 8) * len(positions)
        store.close()
    assert acknowledged >= ROUNDS


START = "from tests.store.test_crash import write_for_ever"
