"""What the ledger begins with when trading began before it."""

from dataclasses import replace
from datetime import timedelta

from actors.domain.account import AccountState, Balance
from actors.domain.orders import Leg, OrderStatus, Side
from actors.domain.payments import FundingPayment
from actors.domain.positions import Intent
from actors.pnl.booking import CLOCKS_DIFFER, book_opening, moved_until, why_not_opening
from tests.pnl.world import HOUR, START, D, World

SECOND = timedelta(seconds=1)


def payment(at: timedelta, amount: str) -> FundingPayment:
    symbol = "AAA/USDT:USDT"
    return FundingPayment("alpha", str(at), symbol, START + at, D(amount), "USDT", None, None, None)


def account() -> AccountState:
    plain = World().exchange.account()
    balances = (Balance("USDT", D(500)), Balance("AAA", D(2)))
    return replace(plain, at=START + HOUR, balances=balances)


def test_what_moved_after_the_account_was_stated_is_not_in_it() -> None:
    payments = [payment(HOUR, "3"), payment(HOUR + SECOND, "5")]
    moved = moved_until({"USDT": D(-20), "AAA": D(1)}, payments, START + HOUR)
    assert moved == {"USDT": D(-25), "AAA": D(1)}


def test_the_opening_is_what_the_account_held_before_it_moved() -> None:
    booked = book_opening(account(), {"USDT": D(-25), "AAA": D(2)})
    assert [(one.key, one.entries[0].amount) for one in booked] == [
        ("capital:opening:alpha:USDT", D(525))
    ]


def test_an_account_tells_nothing_while_orders_are_not_at_their_end() -> None:
    world = World()
    intent = world.send(world.begin(), Leg.SPOT, Side.BUY, D(1))
    filled = replace(intent, status=OrderStatus.FILLED)
    long_ago, just_now = account().at - 2 * CLOCKS_DIFFER, account().at - CLOCKS_DIFFER / 2
    assert _refusal(world, intent) == "order c001 has not come to its end"
    assert _refusal(world, replace(filled, resolved_at=long_ago)) is None
    assert _refusal(world, replace(filled, resolved_at=just_now)) is not None
    later = replace(filled, intended_at=just_now, resolved_at=long_ago)
    assert _refusal(world, later) is not None


def _refusal(world: World, intent: Intent) -> str | None:
    with world.store.reading() as tx:
        (position,) = tx.positions.all()
    return why_not_opening(account(), [replace(position, intents=(intent,))])
