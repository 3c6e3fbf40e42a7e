"""The PnL actor on a real store, in virtual time."""

from dataclasses import replace
from datetime import timedelta

import pytest

from actors.domain.exact import total_of
from actors.domain.ledger import EntryKind
from actors.domain.orders import Leg, Side
from actors.domain.payments import FundingPayment
from actors.pnl.messages import MarkToMarket
from tests.pnl.world import HOUR, PAIRS, D, Mood, World


def test_begins_with_what_the_account_holds() -> None:
    world = World(USDT="1234.5")
    with world.store.reading() as tx:
        (opening,) = tx.ledger.transactions()
    assert opening.kind is EntryKind.CAPITAL
    assert opening.entries[0].amount == D("1234.5")
    assert world.events == ["ledger.opened"]
    assert world.discrepancies() == []


@pytest.mark.parametrize("mood", ["problem", "silent"])
def test_an_account_that_is_not_known_is_no_opening_balance_of_zero(mood: Mood) -> None:
    world = World(account_mood=mood)
    marked = world.mark(world.snapshot(account=False))
    assert marked.equity_usdt is None
    assert "opening balance" in world.reports[-1].problems[0]
    with world.store.reading() as tx:
        assert list(tx.ledger.transactions()) == []
    world.exchange.account_mood = "answers"
    world.pass_time(timedelta(minutes=1))
    assert world.mark().equity_usdt == 100_000
    assert world.discrepancies() == []


def test_an_empty_answer_is_asked_again() -> None:
    world = World(USDT="0")
    assert world.mark().equity_usdt is None
    world.exchange.wallet["USDT"] = D(50)
    world.pass_time(timedelta(minutes=1))
    assert world.mark().equity_usdt == 50


def test_an_opening_that_comes_after_trading_began_takes_out_what_was_moved() -> None:
    world = World(account_mood="problem")
    position_id = world.hedge()
    world.pass_time(HOUR)
    world.settle()
    world.pass_time(HOUR)
    world.exchange.account_mood = "answers"
    world.pass_time(timedelta(minutes=1))
    assert "ledger.opened" in world.events
    with world.store.reading() as tx:
        capital = [one for one in tx.ledger.transactions() if one.kind is EntryKind.CAPITAL]
    assert [one.entries[0].amount for one in capital] == [100_000]
    world.unhedge(position_id)
    world.pass_time(HOUR)
    assert world.mark().equity_usdt is not None
    assert world.discrepancies() == []


def test_no_opening_while_an_order_is_under_way() -> None:
    world = World(account_mood="problem")
    intent = world.send(world.begin(), Leg.SPOT, Side.BUY, D(1))
    fill = world.fill(intent, D(100))
    world.exchange.account_mood = "answers"
    world.pass_time(HOUR)
    assert "ledger.opened" not in world.events
    world.resolve(intent, [fill])
    world.pass_time(HOUR)
    assert "ledger.opened" in world.events
    with world.store.reading() as tx:
        capital = [one for one in tx.ledger.transactions() if one.kind is EntryKind.CAPITAL]
    assert [one.entries[0].amount for one in capital] == [100_000]
    assert world.discrepancies() == []


def test_fills_are_booked_once_however_often_they_are_told() -> None:
    world = World()
    position_id = world.begin()
    intent = world.send(position_id, Leg.SPOT, Side.BUY, D(2))
    fill = world.fill(intent, D(100))
    world.resolve(intent, [fill])
    world.resolve(intent, [fill])
    with world.store.reading() as tx:
        booked = [one.key for one in tx.ledger.transactions() if one.kind is EntryKind.FILL]
    assert booked == ["fill:alpha:f00001"]
    assert world.discrepancies() == []


def test_the_fills_of_one_order_are_booked_together() -> None:
    world = World()
    intent = world.send(world.begin(), Leg.PERP, Side.SELL, D(1))
    world.resolve(intent, [world.fill(intent, D(price)) for price in (100, 101, 102)])
    assert world.discrepancies() == []
    assert len(world.reports[-1].positions) == 1
    world.lose_process()
    assert world.discrepancies() == []


def test_what_somebody_was_paid_before_the_beginning_is_in_the_opening_balance() -> None:
    world = World()
    before = FundingPayment(
        "alpha", "x", "CCC/USDT:USDT", world.runtime.now, D(5), "USDT", None, None, None
    )
    world.exchange.payments.append(before)
    world.mark()
    assert "funding.unassigned" not in world.events
    assert world.discrepancies() == []


def test_a_fill_without_fee_is_on_record_too() -> None:
    world = World()
    position_id = world.begin()
    world.trade(position_id, Leg.PERP, Side.SELL, "1", "100", fee_rate="0")
    assert world.discrepancies() == []
    with world.store.reading() as tx:
        assert any(one.key == "fill:alpha:f00001" for one in tx.ledger.transactions())


def test_fills_are_booked_at_the_next_start_if_their_letter_was_lost() -> None:
    world = World()
    position_id = world.begin()
    intent = world.send(position_id, Leg.SPOT, Side.BUY, D(1))
    world.resolve(intent, [world.fill(intent, D(100))], tell=False)
    assert world.discrepancies() != []
    world.lose_process()
    assert world.discrepancies() == []


def test_a_hedge_is_worth_what_it_cost_less_fees_plus_funding() -> None:
    world = World()
    world.hedge(quantity="2", price="100")
    world.pass_time(HOUR)
    payment = world.settle(rate="0.0005")
    assert payment is not None
    assert payment.amount == D("0.1")
    marked = world.mark()
    # 2 coins bought at 100 with 0.1 % in coins, 2 sold short with 0.1 % in USDT, 0.1 received.
    assert marked.equity_usdt == 100_000 - D("0.2") - D("0.2") + D("0.1")
    (position,) = world.reports[-1].positions
    assert position.total is not None
    assert position.total.net == D("-0.3")
    assert position.realised.funding == D("0.1")


def test_an_equity_point_is_kept_once_an_interval() -> None:
    world = World()
    kept = []
    for _ in range(9):
        world.mark()
        kept.append(world.reports[-1].sampled)
        world.pass_time(timedelta(minutes=20))
    assert kept == [True, False, False] * 3
    world.lose_process()
    world.pass_time(timedelta(minutes=20))
    world.mark()
    with world.store.reading() as tx:
        points = tx.ledger.equity()
    assert [point.at.minute for point in points] == [0, 0, 0, 20]


def test_without_a_price_there_is_no_equity_but_a_reason() -> None:
    world = World()
    world.hedge()
    world.prices["AAA"] = None
    marked = world.mark()
    assert marked.equity_usdt is None
    report = world.reports[-1]
    assert report.equity is None
    assert not report.sampled
    assert "no price for AAA" in report.problems
    assert report.positions[0].total is None
    world.prices["AAA"] = D(100)
    assert world.mark().equity_usdt is not None
    assert world.reports[-1].sampled, "the interval had no point yet"


def test_a_price_of_an_hour_ago_values_nothing() -> None:
    world = World()
    world.hedge()
    old = world.snapshot()
    world.pass_time(HOUR)
    assert world.mark(replace(world.snapshot(), pairs=old.pairs)).equity_usdt is None


def test_unknown_payments_are_not_payments_of_zero() -> None:
    world = World()
    world.hedge()
    world.pass_time(HOUR)
    world.settle()
    world.exchange.mood = "problem"
    assert world.mark().equity_usdt is None
    assert "maintenance" in world.reports[-1].problems[0]
    world.exchange.mood = "silent"
    world.pass_time(HOUR)
    assert world.mark().equity_usdt is None
    assert "did not answer in time" in world.reports[-1].problems[0]
    world.exchange.mood = "answers"
    world.pass_time(HOUR)
    assert world.mark().equity_usdt is not None
    assert world.discrepancies() == []


@pytest.mark.parametrize("mood", ["problem", "silent"])
def test_payments_that_were_not_told_are_asked_for_again_before_the_next_cycle(mood: Mood) -> None:
    world = World()
    world.hedge()
    world.pass_time(HOUR)
    world.settle()
    world.exchange.mood = mood
    assert world.mark().equity_usdt is None
    world.pass_time(timedelta(minutes=20))
    world.exchange.mood = "answers"
    world.pass_time(timedelta(minutes=2))
    assert world.discrepancies() == []
    asked = len(world.exchange.asked)
    world.pass_time(HOUR)
    assert len(world.exchange.asked) == asked  # all is known, and nothing is closed


def test_a_trade_is_told_once_its_payments_are_known() -> None:
    world = World()
    position_id = world.hedge()
    world.pass_time(timedelta(hours=8))
    world.settle(rate="0.01")
    world.unhedge(position_id)
    assert world.book().trades == ()
    world.pass_time(timedelta(minutes=3))
    (trade,) = world.book().trades
    assert trade.pnl.funding == 1
    assert [one.new_trades for one in world.reports if one.new_trades] == [(trade,)]
    assert world.discrepancies() == []


def test_an_answer_from_before_the_close_tells_no_trade() -> None:
    world = World()
    position_id = world.hedge()
    world.pass_time(timedelta(hours=8))
    world.exchange.posted_late = timedelta(seconds=30)
    world.settle(rate="0.01")
    world.unhedge(position_id)
    world.mark()
    assert world.book().trades == ()
    world.pass_time(timedelta(minutes=3))
    (trade,) = world.book().trades
    assert trade.pnl.funding == 1
    assert world.discrepancies() == []


def test_a_trade_is_told_though_the_process_was_lost_right_after_the_close() -> None:
    world = World()
    world.unhedge(world.hedge())
    world.lose_process()
    world.pass_time(timedelta(minutes=3))
    assert len(world.book().trades) == 1


def test_a_marking_asks_for_itself_though_an_older_question_is_under_way() -> None:
    world = World()
    world.hedge()
    world.hedge(PAIRS[1])
    world.unhedge("BBB-USDT#1")
    world.exchange.mood = "slow"
    world.pass_time(timedelta(seconds=61))  # the closed one asks now, and is answered in a while
    world.settle()
    marked = world.mark()
    (position,) = world.reports[-1].positions
    assert position.realised.funding == D("0.01")
    assert marked.equity_usdt is not None
    assert world.discrepancies() == []


def test_a_trade_waits_while_the_venue_does_not_tell_its_payments() -> None:
    world = World()
    position_id = world.hedge()
    world.pass_time(timedelta(hours=8))
    world.settle(rate="0.01")
    world.exchange.mood = "problem"
    world.unhedge(position_id)
    world.pass_time(HOUR)
    world.mark()
    assert world.book().trades == ()
    assert world.reports[-1].positions[0].position_id == position_id
    world.exchange.mood = "answers"
    world.pass_time(timedelta(minutes=2))
    (trade,) = world.book().trades
    assert trade.pnl.funding == 1
    assert world.discrepancies() == []


def test_a_payment_that_is_posted_late_is_still_found() -> None:
    world = World()
    world.exchange.posted_late = timedelta(hours=2)
    world.hedge(PAIRS[0])
    world.hedge(PAIRS[1])
    for _ in range(8):
        world.pass_time(HOUR)
        world.settle(PAIRS[0])
        world.mark()
    world.settle(PAIRS[1])
    world.pass_time(timedelta(hours=4))
    world.mark()
    assert world.discrepancies() == []


def test_a_payment_after_its_trade_was_told_is_booked_and_said() -> None:
    world = World()
    position_id = world.hedge()
    world.pass_time(timedelta(hours=8))
    world.exchange.posted_late = HOUR
    world.settle(rate="0.01")
    world.unhedge(position_id)
    world.pass_time(timedelta(minutes=10))
    (trade,) = world.book().trades
    assert trade.pnl.funding == 0
    world.pass_time(2 * HOUR)
    world.mark()
    assert "funding.unassigned" in world.events
    assert world.book().trades == (trade,)
    assert world.discrepancies() == []


def test_a_payment_belongs_to_the_position_even_before_its_fills_are_known() -> None:
    world = World()
    position_id = world.begin()
    intent = world.send(position_id, Leg.PERP, Side.SELL, D(1))
    fill = world.fill(intent, D(100))
    world.pass_time(timedelta(hours=8))
    world.settle()
    world.mark()
    assert "funding.unassigned" not in world.events
    world.resolve(intent, [fill])
    world.mark()
    assert world.reports[-1].positions[0].realised.funding == D("0.01")
    assert world.discrepancies() == []


def test_a_position_that_never_filled_is_no_trade() -> None:
    world = World()
    position_id = world.begin()
    intent = world.send(position_id, Leg.SPOT, Side.BUY, D(1))
    world.resolve(intent, [])
    world.close(position_id)
    world.pass_time(HOUR)
    world.mark()
    assert world.book().trades == ()
    assert world.discrepancies() == []


def test_what_became_of_a_position_is_noticed_without_a_letter() -> None:
    world = World()
    position_id = world.begin()
    world.trade(position_id, Leg.PERP, Side.SELL, "1", "100")
    world.stands(position_id)
    world.mark()
    assert world.reports[-1].positions[0].opened_at == world.runtime.now
    world.trade(position_id, Leg.PERP, Side.BUY, "1", "100")
    world.close(position_id, tell=False)
    world.pass_time(HOUR)
    world.mark()
    assert [one.position_id for one in world.book().trades] == [position_id]


def test_a_failed_open_is_a_trade_with_its_cost() -> None:
    world = World()
    position_id = world.begin()
    world.trade(position_id, Leg.SPOT, Side.BUY, "1", "100")
    world.trade(position_id, Leg.SPOT, Side.SELL, "1", "99")
    world.close(position_id)
    world.pass_time(HOUR)
    (trade,) = world.book().trades
    assert trade.failed_open
    assert trade.pnl.net == D("-1.199")
    assert world.discrepancies() == []


def test_fees_in_another_coin_are_valued_and_can_be_verified() -> None:
    world = World(BBB="10")
    position_id = world.begin()
    world.trade(position_id, Leg.SPOT, Side.BUY, "1", "100", "0.01", "BBB")
    world.trade(position_id, Leg.PERP, Side.SELL, "1", "100", "0.01", "BBB")
    world.stands(position_id)
    world.mark()
    world.unhedge(position_id, "100")
    world.prices["BBB"] = D(8)
    world.mark()
    world.pass_time(HOUR)
    world.mark()
    (trade,) = world.book().trades
    assert trade.pnl.fees == total_of([D("-0.16"), D("-0.2")])
    assert world.discrepancies() == []


def test_a_coin_without_any_pair_is_left_out_and_said() -> None:
    world = World(ODD="3")
    assert world.mark().equity_usdt == 100_000
    assert world.reports[-1].problems == ("3 ODD is not valued: there is no pair of it here",)


def test_day_start_and_peak_survive_a_restart() -> None:
    world = World()
    world.hedge(quantity="10")
    world.mark()
    world.pass_time(HOUR)
    world.settle(rate="0.5")
    first = world.mark()
    world.pass_time(HOUR)
    world.settle(rate="-0.1")
    before = world.mark()
    world.lose_process()
    after = world.mark()
    assert (after.day_start_usdt, after.peak_usdt) == (before.day_start_usdt, before.peak_usdt)
    assert after.peak_usdt == first.equity_usdt
    world.pass_time(timedelta(days=1))
    next_day = world.mark()
    assert next_day.day_start_usdt == next_day.equity_usdt


def test_a_marking_is_answered_when_the_next_one_comes_first() -> None:
    world = World()
    world.exchange.mood = "silent"
    reply = world.runtime.address("root/pnl").ask(MarkToMarket(world.snapshot()))
    world.runtime.run_until_idle()
    world.pass_time(timedelta(seconds=5))
    world.exchange.mood = "answers"
    assert not reply.done()
    world.runtime.address("root/pnl").tell(MarkToMarket(world.snapshot()))
    world.runtime.run_until_idle()
    assert reply.get(0).equity_usdt is None
