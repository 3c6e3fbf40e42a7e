"""A page of the front end with a thousand pairs: one question to the views, and what it costs.

Run with `make bench`. The figures are printed, never asserted: machines differ, and are shared.
"""

import http.client
import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from decimal import Decimal
from functools import cache
from typing import Any

import pytest
from aiohttp import web

from actors.domain.settled_rates import NO_RATES, SettledRates
from actors.runtime import Address, ChildSpec, LiveRuntime, SupervisorSpec
from actors.views import messages as ask
from actors.views.actor import ViewsActor
from actors.views.model import Fact, ReadModel
from actors.views.queries import Pages
from tests.benchmarks.measuring import measured, ms
from tests.builders import NOON, pair_market, settled
from tests.views import facts
from web.actor import WebActor
from web.server import Server
from web.settings import WebSettings

pytestmark = pytest.mark.benchmark

PAIRS = 1_000
HOUR = timedelta(hours=1)
HELD = 20
ROUNDS = 60
MODE = ask.ModeInfo("replay", "binance", 3600.0)
PAGES: dict[str, object] = {
    "status": ask.GetStatus(),
    "positions": ask.GetPositions(),
    "trades": ask.GetTrades(),
    "pnl": ask.GetPnl(),
    "equity": ask.GetEquity(),
    "funding-rates": ask.GetFundingRates(),
    "opportunities": ask.GetOpportunities(),
    "rate-history": ask.GetRateHistory(),
    "rate-prints?pair_key=C7-USDT": ask.GetRatePrints("C7-USDT"),
    "balance": ask.GetBalance(),
    "analytics": ask.GetAnalytics(),
    "events": ask.GetEvents(),
}
"""Path below /api/v1, and the question behind it."""


@cache
def history() -> SettledRates:
    """Four months of 8-hour prints."""
    return NO_RATES.extended([settled(NOON - 8 * HOUR * back) for back in range(378, 0, -1)])


def told() -> list[Fact]:
    """A busy house: 1,000 pairs, 20 held, 3,000 trades, two years of hourly equity."""
    names = [f"C{number}" for number in range(PAIRS)]
    return [
        facts.bot(),
        facts.cycle(
            [replace(pair_market(name), settled=history()) for name in names],
            opportunities=tuple(facts.opportunity(name) for name in names),
        ),
        facts.book(
            [facts.trade(number, f"C{number % 50}") for number in range(1, 3_001)],
            [facts.point(str(Decimal(1_000 + hour % 97)), hour) for hour in range(17_520)],
            [facts.open_pnl(name) for name in names[:HELD]],
        ),
        *(facts.status(name) for name in names[:HELD]),
        *(facts.event(number) for number in range(1, 1_001)),
    ]


class CountedViews(ViewsActor):
    """Counts its letters."""

    letters = 0

    def receive(self, message: Any) -> None:
        CountedViews.letters += 1
        super().receive(message)


@dataclass(frozen=True, slots=True)
class House:
    views: Address
    port: int


@pytest.fixture(scope="module")
def house() -> Iterator[House]:
    logging.disable(logging.CRITICAL)
    runtime = LiveRuntime()
    views, nobody = runtime.address("root/views"), runtime.address("root/nobody")
    urls: list[str] = []
    settings = WebSettings(port=0, update_interval=timedelta(minutes=1))
    rooms = [
        ChildSpec(
            "views",
            lambda: CountedViews(
                list,
                list,
                MODE,
                "1.0",
                *(nobody, nobody, nobody, nobody, nobody),
                ask_again=timedelta(hours=1),
            ),
        ),
        ChildSpec("web", lambda: WebActor(views, nobody, nobody, settings, urls.append)),
    ]
    runtime.start(SupervisorSpec("root", children=rooms))
    for fact in told():
        views.tell(fact)
    yield House(views, _port(urls[0]))
    runtime.stop()
    logging.disable(logging.NOTSET)


@pytest.mark.parametrize("path", PAGES)
def test_a_page_is_one_question(house: House, path: str) -> None:
    question = PAGES[path]
    model = ReadModel()
    for fact in told():
        model.fold(fact)
    pages = Pages(model, MODE, "1.0", list, list)
    now = facts.cycle().ended_at
    called = measured(lambda: pages.answer(question, now), ROUNDS)  # type: ignore[arg-type]
    asked = measured(lambda: house.views.ask(question).get(10), ROUNDS)

    fetch, body = _fetcher(house.port, f"/api/v1/{path}")
    before = CountedViews.letters
    ours = measured(fetch, ROUNDS)
    letters = CountedViews.letters - before
    assert letters == ROUNDS + 2, f"{letters} letters to the views for {ROUNDS + 2} requests"

    without = _bare(body)
    bare = measured(_fetcher(without.port, "/")[0], ROUNDS)
    without.stop()
    print(
        f"\n{path} ({len(body) / 1024:,.1f} kB), 1 letter: over HTTP {ours}"
        f"\n  {ours.p50 / bare.p50:.1f} x a bare aiohttp handler with the same bytes ready"
        f" ({ms(bare.p50)}); asked of the actor: p50 {asked.p50 * 1e6:.0f} us,"
        f" {asked.p50 / called.p50:.1f} x a plain call ({called.p50 * 1e6:.1f} us)"
    )


def test_the_rates_of_a_new_cycle() -> None:
    """What the first look at a cycle costs, and what a cycle costs that nobody looks at."""
    model = ReadModel()
    for fact in told():
        model.fold(fact)
    pages = Pages(model, MODE, "1.0", list, list)
    report = model.report
    assert report is not None
    unseen = measured(lambda: model.fold(report), ROUNDS)

    def look() -> None:
        model.fold(report)
        pages.answer(ask.GetFundingRates(), report.ended_at)

    seen = measured(look, ROUNDS)
    print(f"\n{PAIRS:,} pairs: a cycle nobody looks at {unseen}; one looked at {seen}")


@dataclass(frozen=True, slots=True)
class Bare:
    server: Server
    port: int

    def stop(self) -> None:
        self.server.stop()


def _bare(body: bytes) -> Bare:
    """aiohttp alone, with the same bytes ready."""

    async def handle(_: web.Request) -> web.Response:
        return web.Response(body=body, content_type="application/json")

    app = web.Application()
    app.router.add_get("/", handle)
    server = Server(app, "127.0.0.1", 0, wanted=lambda: True, died=lambda reason: None)
    return Bare(server, _port(server.start()))


def _fetcher(port: int, path: str) -> tuple[Callable[[], bytes], bytes]:
    """Fetches over one connection that stays open; and what came the first time."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)

    def fetch() -> bytes:
        connection.request("GET", path)
        response = connection.getresponse()
        body = response.read()
        assert response.status == 200, body[:200]
        return body

    return fetch, fetch()


def _port(url: str) -> int:
    return int(url.rstrip("/").rsplit(":", 1)[1])
