"""Every page, answered from the read model alone."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from actors.config.messages import SettingsView
from actors.domain.positions import PositionState
from actors.execution.messages import PairsListed, Reconciled
from actors.journal.messages import EventsRead
from actors.orchestrator.messages import BotState
from actors.runtime import ActorView, DeadLetter, Rejected
from actors.views import messages as ask
from actors.views.model import EVENTS_KEPT, Fact, ReadModel
from actors.views.queries import Pages
from tests.builders import NOON, D, funding, pair_market, ticker
from tests.views import facts

LATER = NOON + timedelta(hours=3)
MODE = ask.ModeInfo("replay", "alpha", 3600.0)


def actor(name: str = "root/market", state: str = "running", handled: int = 1) -> ActorView:
    plain: dict[str, Any] = dict.fromkeys(ActorView.__slots__)
    plain |= {"address": name, "kind": "actor", "state": state, "handled": handled}
    return ActorView(**plain)


class Front:
    """A read model and its pages, with actors and dead letters that a test may change."""

    def __init__(self, *told: Fact, first_revision: int = 0) -> None:
        self.model = ReadModel(first_revision)
        self.actors: Sequence[ActorView] = (actor(),)
        self.letters: Sequence[DeadLetter] = ()
        self._pages = Pages(self.model, MODE, "1.0", lambda: self.actors, lambda: self.letters)
        self.tell(*told)

    def tell(self, *told: Fact) -> None:
        for fact in told:
            self.model.fold(fact)

    def ask(self, query: Any) -> Any:
        return self._pages.answer(query, LATER)


def test_before_anything_was_told_nothing_is_zero() -> None:
    front = Front()
    status = front.ask(ask.GetStatus())
    assert (status.bot, status.last_cycle, status.equity) == (None, None, None)
    pnl = front.ask(ask.GetPnl())
    assert (pnl.at, pnl.closed, pnl.open, pnl.total_net_usdt) == (None, None, None, None)
    assert pnl.problems
    balance = front.ask(ask.GetBalance())
    assert (balance.account, balance.allocated_usdt) == (None, None)
    assert balance.problem
    assert front.ask(ask.GetFundingRates()) == ask.FundingRates(None, ())
    assert front.ask(ask.GetOpportunities()).cycle is None
    assert front.ask(ask.GetAnalytics()).analytics is None
    assert front.ask(ask.GetConfig()) == ask.ConfigView(None, None)
    assert front.ask(ask.GetEquity()).points == ()
    assert front.ask(ask.GetTrades()) == ask.Trades(0, ())


def test_status() -> None:
    front = Front(facts.bot(), facts.cycle(), facts.status(), facts.report(facts.point("123")))
    front.actors = (actor(), actor("root/x", "restarting"))
    status = front.ask(ask.GetStatus())
    assert status.at == LATER
    assert status.bot == facts.bot()
    assert status.last_cycle.why == front.model.last_cycle.why  # type: ignore[union-attr]
    assert status.last_cycle.duration == timedelta(seconds=2)
    assert status.equity.equity_usdt == 123
    assert (status.open_positions, status.actors_up, status.actors_down) == (1, 1, 1)
    assert status.alarms == ("root/x is restarting",)


def test_alarms_are_present_conditions_the_gravest_first() -> None:
    front = Front(
        facts.status("BTC", PositionState.REPAIRING, "the short leg is gone"),
        facts.bot(
            BotState.HALTED,
            reason="pressed by a person",
            last_reconciled=Reconciled(False, NOON, 0, problem="no answer"),
        ),
    )
    front.letters = (DeadLetter(*range(len(DeadLetter.__slots__))),)
    assert front.ask(ask.GetStatus()).alarms == (
        "BTC-USDT is repairing: the short leg is gone",
        "Halted by an emergency stop: pressed by a person",
        "The venue and the ledger are not reconciled: no answer",
        "1 dead letter waits to be looked at",
    )
    front.tell(facts.status("BTC", PositionState.FLAT), facts.bot())
    front.letters = ()
    assert front.ask(ask.GetStatus()).alarms == ()


def test_positions_with_what_they_wait_for() -> None:
    market = replace(pair_market(), funding=funding("0.0003"))
    front = Front(facts.status(), facts.report(positions=[facts.open_pnl()]), facts.cycle([market]))
    (one,) = front.ask(ask.GetPositions()).positions
    assert one.pnl == facts.open_pnl()
    assert one.age == timedelta(hours=3)
    assert one.next_settlement == market.funding.next_settlement  # type: ignore[union-attr]
    # Short 10 at a mark of 100 and 0.03 %.
    assert one.expected_funding_usdt == D("0.3")
    # 3 received; 1.5 of fees paid, and 1000 x (0.1 % + 0.055 %) still to come.
    assert one.break_even_progress == D(3) / (D("1.5") + D("1.55"))


def test_positions_say_nothing_that_is_not_known() -> None:
    front = Front(facts.status())
    (one,) = front.ask(ask.GetPositions()).positions
    assert (one.pnl, one.expected_funding_usdt, one.break_even_progress) == (None, None, None)
    unmarked = facts.open_pnl(marked=False)
    silent = replace(pair_market(), funding=None, perp=None)
    front.tell(facts.report(positions=[unmarked]), facts.cycle([silent]))
    (one,) = front.ask(ask.GetPositions()).positions
    assert one.pnl == unmarked
    assert (one.expected_funding_usdt, one.break_even_progress) == (None, None)


def test_the_list_of_pairs_replaces_what_was_held() -> None:
    front = Front(facts.status("BTC"), facts.status("ETH"))
    front.tell(PairsListed((facts.status("SOL"),)))
    assert [one.pair_key for one in front.ask(ask.GetPositions()).positions] == ["SOL-USDT"]


def test_trades_newest_first_by_page_and_pair() -> None:
    trades = [facts.trade(number, "BTC" if number % 2 else "ETH") for number in range(1, 8)]
    front = Front(facts.book(trades[:4]), facts.report(trades=trades[2:]))
    page = front.ask(ask.GetTrades(limit=2, offset=1))
    assert page.total == 7
    assert [one.position_id[-1] for one in page.trades] == ["6", "5"]
    of_btc = front.ask(ask.GetTrades(pair_key="BTC-USDT"))
    assert [one.position_id[-1] for one in of_btc.trades] == ["7", "5", "3", "1"]
    assert front.ask(ask.GetTrades(offset=99)).trades == ()
    assert front.ask(ask.GetTrades(limit=0)).trades == ()


def test_pnl_is_the_sum_of_closed_and_open() -> None:
    front = Front(
        facts.book([facts.trade(1, net="5"), facts.trade(1, "ETH", net="-2")]),
        facts.report(positions=[facts.open_pnl(total=facts.split("0.5"))]),
    )
    pnl = front.ask(ask.GetPnl())
    assert (pnl.closed.net, pnl.open.net, pnl.total_net_usdt) == (3, D("0.5"), D("3.5"))
    assert [(key, one.net) for key, one in pnl.by_pair] == [
        ("BTC-USDT", D("5.5")),
        ("ETH-USDT", D(-2)),
    ]


def test_pnl_without_a_mark_has_no_total_but_a_reason() -> None:
    front = Front(
        facts.book([facts.trade(1, net="5")]),
        facts.report(positions=[facts.open_pnl(marked=False)]),
    )
    pnl = front.ask(ask.GetPnl())
    assert (pnl.open, pnl.total_net_usdt) == (None, None)
    assert pnl.closed.net == 5
    assert "no price for BTC/USDT" in pnl.problems[0]


def test_slippage_that_is_unknown_makes_the_sum_unknown() -> None:
    vague = replace(facts.trade(2), pnl=replace(facts.split(), slippage=None))
    front = Front(facts.book([facts.trade(1), vague]))
    assert front.ask(ask.GetPnl()).closed.slippage is None


def test_equity_holds_each_sampled_point_once() -> None:
    front = Front(
        facts.report(facts.point("102", 2)),
        facts.book(equity=[facts.point("100", 0), facts.point("101", 1), facts.point("102", 2)]),
        facts.report(facts.point("103", 2.5), sampled=False),
        facts.report(facts.point("104", 3)),
    )
    assert [one.equity_usdt for one in front.ask(ask.GetEquity()).points] == [100, 101, 102, 104]
    since = ask.GetEquity(since=NOON + timedelta(hours=2))
    assert [one.equity_usdt for one in front.ask(since).points] == [102, 104]
    assert [one.equity_usdt for one in front.ask(ask.GetEquity(points=2)).points] == [100, 104]


def test_a_late_book_does_not_undo_a_newer_report() -> None:
    front = Front(facts.report(facts.point("5"), [facts.open_pnl()], at=LATER))
    front.tell(facts.book(at=NOON, equity=[facts.point("4")]))
    assert front.ask(ask.GetStatus()).equity.equity_usdt == 5
    assert front.model.open_pnl != {}


def test_equity_that_is_not_known_any_more_is_not_shown_as_before() -> None:
    front = Front(facts.report(facts.point("5")), facts.report(None))
    assert front.ask(ask.GetStatus()).equity is None
    assert len(front.ask(ask.GetEquity()).points) == 1


def test_a_line_of_funding_rates() -> None:
    market = pair_market("BTC", rate="0.0002")
    market = replace(
        market,
        spot=replace(ticker(market.pair.long, "100"), volume_24h_usdt=D(5)),
        perp=ticker(market.pair.short, "101", NOON - timedelta(minutes=1)),
        funding=replace(funding("0.0002"), interval_hours=4),
    )
    (line,) = Front(facts.cycle([market])).ask(ask.GetFundingRates()).rates
    assert (line.rate, line.interval_hours, line.rate_8h) == (D("0.0002"), 4, D("0.0004"))
    assert line.apr == D("0.0004") * 3 * 365
    assert line.basis_bp == 100
    assert line.volume_24h_usdt == 5
    assert line.as_of == NOON - timedelta(minutes=1)
    assert line.last_settled_rate_8h == D("0.0002")


def test_a_line_of_which_nothing_is_known() -> None:
    empty = replace(
        pair_market(), spot=None, perp=None, funding=None, signal=None, missing=("no ticker",)
    )
    (line,) = Front(facts.cycle([empty])).ask(ask.GetFundingRates()).rates
    known = {
        name: getattr(line, name)
        for name in ask.FundingRateView.__slots__
        if getattr(line, name) is not None
    }
    assert known.pop("unknown")
    assert known == {
        "pair_key": "BTC-USDT",
        "symbol": "BTC/USDT:USDT",
        "base": "BTC",
        "missing": ("no ticker",),
        "history_prints": 0,
        "reason": "not judged yet",
        "held": False,
    }


def test_the_config_is_that_of_the_cycle() -> None:
    settings = SettingsView(3, False, (), ())
    front = Front(facts.cycle(), settings)
    config = front.ask(ask.GetConfig())
    assert config.settings == settings
    assert config.terms_in_force == facts.cycle().terms


def test_balance() -> None:
    front = Front(facts.report(positions=[facts.open_pnl("BTC"), facts.open_pnl("ETH")]))
    front.tell(facts.cycle())
    balance = front.ask(ask.GetBalance())
    assert balance.account == facts.cycle().snapshot.account
    assert balance.allocated_usdt == 2000
    front.tell(facts.cycle(with_account=False, problems=("account: timed out",)))
    balance = front.ask(ask.GetBalance())
    assert (balance.account, balance.problem) == (None, "account: timed out")


def test_events_newest_first_each_once() -> None:
    front = Front(*(facts.event(seq) for seq in (5, 6)))
    front.tell(EventsRead(tuple(facts.event(seq) for seq in (6, 5, 4, 3))))
    front.tell(facts.event(7))
    seen = [one.seq for one in front.ask(ask.GetEvents()).events]
    assert seen == [7, 6, 5, 4, 3]
    assert [one.seq for one in front.ask(ask.GetEvents(6, 2)).events] == [5, 4]
    front.tell(*(facts.event(seq) for seq in range(8, 8 + EVENTS_KEPT)))
    assert len(front.ask(ask.GetEvents(limit=9_999)).events) == EVENTS_KEPT


@pytest.mark.parametrize(
    "query",
    [
        ask.GetTrades(limit=-1),
        ask.GetTrades(offset=-1),
        ask.GetEquity(points=1),
        ask.GetEvents(limit=-5),
    ],
)
def test_a_senseless_query_is_refused(query: object) -> None:
    with pytest.raises(Rejected) as refused:
        Front().ask(query)
    assert refused.value.code == "invalid_query"


def changed(changes: ask.Changes) -> set[str]:
    return {name for name in ask.Changes.__slots__ if getattr(changes, name) not in (None, ())} - {
        "revision"
    }


EVERYTHING = {
    "status", "positions", "funding_rates", "pnl", "equity", "balance",
    "analytics", "system", "config", "new_trades", "new_events",
}  # fmt: skip


def full() -> Front:
    return Front(
        facts.bot(),
        facts.cycle(),
        facts.book([facts.trade()], [facts.point()]),
        SettingsView(1, False, (), ()),
        facts.event(1),
        first_revision=1_000,
    )


def test_a_client_without_a_revision_gets_everything() -> None:
    assert changed(full().ask(ask.GetChanges(0))) == EVERYTHING


def test_a_client_that_is_up_to_date_gets_nothing() -> None:
    front = full()
    first = front.ask(ask.GetChanges(0))
    again = front.ask(ask.GetChanges(first.revision))
    assert changed(again) == set()
    assert again.revision == first.revision


def test_a_client_gets_just_what_changed() -> None:
    front = full()
    revision = front.ask(ask.GetChanges(0)).revision
    front.tell(facts.event(2))
    changes = front.ask(ask.GetChanges(revision))
    assert changed(changes) == {"new_events"}
    assert [one.seq for one in changes.new_events] == [2]
    front.tell(facts.report(facts.point("7", 1), trades=[facts.trade(1), facts.trade(2)]))
    late = front.ask(ask.GetChanges(revision))
    assert [one.position_id for one in late.new_trades] == ["BTC-USDT#2"]
    assert changed(late) == {
        "status", "positions", "pnl", "equity", "balance", "analytics", "new_trades", "new_events",
    }  # fmt: skip
    assert late.equity is not None
    assert late.equity.equity_usdt == 7


@pytest.mark.parametrize("revision", [1, 999, 10**15, -7])
def test_a_revision_of_another_life_gets_everything(revision: int) -> None:
    front = full()
    front.ask(ask.GetChanges(0))
    assert changed(front.ask(ask.GetChanges(revision))) == EVERYTHING


def test_actors_are_told_of_when_something_about_them_changed() -> None:
    front = full()
    revision = front.ask(ask.GetChanges(0)).revision
    front.actors = (actor(handled=2),)
    busy = front.ask(ask.GetChanges(revision))
    assert changed(busy) == {"system"}
    front.actors = (actor(state="restarting", handled=2),)
    down = front.ask(ask.GetChanges(busy.revision))
    assert changed(down) == {"system", "status"}
    assert down.status is not None
    assert down.status.actors_down == 1


def test_the_curve_is_shown_without_what_it_was_valued_at() -> None:
    marked = replace(facts.point(), marks=(("BTC", Decimal(100)),))
    front = Front(facts.report(marked))
    (shown,) = front.ask(ask.GetEquity()).points
    assert (shown.at, shown.equity_usdt) == (facts.point().at, facts.point().equity_usdt)
    assert not hasattr(shown, "marks")
