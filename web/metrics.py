"""Prometheus metrics from one answer of the views. What is not known has no sample."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from decimal import Decimal

from aiohttp import web
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.exposition import CONTENT_TYPE_LATEST
from prometheus_client.registry import Collector

from actors.domain.results import PnlSplit
from actors.orchestrator.messages import BotState
from actors.runtime import ActorView
from actors.views.messages import Changes, GetChanges
from web.asking import ask
from web.bodies import refuse_body
from web.keys import SETTINGS, VIEWS
from web.parameters import read_query
from web.picture import EVERYTHING

Number = Decimal | float | int | bool
_TOPICS = frozenset(("status", "equity", "balance", "pnl", "system"))


async def metrics(request: web.Request) -> web.Response:
    read_query(request, ())
    await refuse_body(request)
    timeout = request.app[SETTINGS].answer_timeout.total_seconds()
    changes = await ask(request.app[VIEWS], GetChanges(EVERYTHING, _TOPICS), timeout)
    return web.Response(body=exposition(changes), headers={"Content-Type": CONTENT_TYPE_LATEST})


def exposition(changes: Changes) -> bytes:
    """The metrics as Prometheus reads them."""
    registry = CollectorRegistry(auto_describe=False)
    registry.register(_Once(changes))
    return generate_latest(registry)


class _Once(Collector):
    def __init__(self, changes: Changes) -> None:
        self._changes = changes

    def describe(self) -> Iterable[Metric]:
        return ()

    def collect(self) -> Iterator[Metric]:
        yield from _bot(self._changes)
        yield from _money(self._changes)
        if self._changes.system is not None:
            yield from _actors(self._changes.system.actors)


def _bot(changes: Changes) -> Iterator[Metric]:
    status = changes.status
    if status is None:
        return
    states = GaugeMetricFamily("perpcarry_state", "1 for the bot's state.", labels=["state"])
    for state in BotState:
        if status.bot is not None:
            states.add_metric([state.value], float(status.bot.state is state))
    yield states
    if status.bot is not None:
        yield _gauge("cycle", "Number of the last cycle.", status.bot.cycle)
        skipped = "Cycles that fell due while one was in flight."
        yield CounterMetricFamily(
            "perpcarry_cycles_skipped", skipped, value=status.bot.skipped_cycles
        )
    if (last := status.last_cycle) is not None:
        seconds = last.duration.total_seconds()
        yield _gauge("cycle_duration_seconds", "Of the last cycle.", seconds)
        yield _gauge("cycle_ended_timestamp_seconds", "Of the last cycle.", _unix(last.ended_at))
        yield _gauge("pairs_silent", "Left out of the last cycle.", len(last.silent_pairs))
    yield _gauge("alarms", "Things a person should look at.", len(status.alarms))
    yield _gauge("positions", "Positions held.", status.open_positions)


def _money(changes: Changes) -> Iterator[Metric]:
    if changes.equity is not None:
        equity = changes.equity
        yield _gauge("equity_usdt", "Everything at mark.", equity.equity_usdt)
        yield _gauge("equity_timestamp_seconds", "When it was worth that.", _unix(equity.at))
    if changes.balance is not None and (account := changes.balance.account) is not None:
        if account.available_usdt is not None:
            yield _gauge("available_usdt", "Free to be spent.", account.available_usdt)
        if account.margin_ratio is not None:
            yield _gauge("margin_ratio", "At 1 the venue liquidates.", account.margin_ratio)
    if changes.pnl is None:
        return
    family = GaugeMetricFamily(
        "perpcarry_pnl_usdt", "Result by part; costs are negative.", labels=["part", "trades"]
    )
    for trades, split in (("closed", changes.pnl.closed), ("open", changes.pnl.open)):
        if split is not None:
            for part, amount in _parts(split):
                family.add_metric([part, trades], float(amount))
    yield family


def _parts(split: PnlSplit) -> Iterator[tuple[str, Decimal]]:
    yield "price", split.price
    yield "funding", split.funding
    yield "fees", split.fees
    yield "net", split.net


def _actors(actors: Iterable[ActorView]) -> Iterator[Metric]:
    gauges = {
        "up": "1 while it runs.",
        "mailbox_depth": "Letters waiting.",
        "mailbox_high_water": "Most letters that ever waited.",
        "busy_since_timestamp_seconds": "Since when it deals with the letter at hand.",
    }
    counters = {
        "restarts": "Restarts.",
        "handled": "Letters dealt with.",
        "rejected": "Letters turned away, the mailbox being full.",
    }
    families: dict[str, Metric] = {}
    for name, text in gauges.items():
        families[name] = GaugeMetricFamily(f"perpcarry_actor_{name}", text, labels=["address"])
    for name, text in counters.items():
        families[name] = CounterMetricFamily(f"perpcarry_actor_{name}", text, labels=["address"])
    latency = GaugeMetricFamily(
        "perpcarry_actor_latency_seconds",
        "Of letters: waiting in the mailbox, and being dealt with.",
        labels=["address", "of", "quantile"],
    )
    for actor in actors:
        for name, value in _figures(actor):
            sample = f"perpcarry_actor_{name}{'_total' if name in counters else ''}"
            families[name].add_sample(sample, {"address": actor.address}, value)
        for of, quantile, seconds in _latencies(actor):
            latency.add_metric([actor.address, of, quantile], seconds)
    yield from families.values()
    yield latency


def _figures(actor: ActorView) -> Iterator[tuple[str, float]]:
    yield "up", float(actor.state == "running")
    yield "mailbox_depth", actor.depth
    yield "mailbox_high_water", actor.high_water
    yield "restarts", actor.restarts
    yield "handled", actor.handled
    yield "rejected", actor.rejected
    if actor.busy_since is not None:
        yield "busy_since_timestamp_seconds", _unix(actor.busy_since)


def _latencies(actor: ActorView) -> Iterator[tuple[str, str, float]]:
    for of, quantile, seconds in (
        ("wait", "0.5", actor.wait_p50),
        ("wait", "0.99", actor.wait_p99),
        ("work", "0.5", actor.work_p50),
        ("work", "0.99", actor.work_p99),
    ):
        if seconds is not None:
            yield of, quantile, seconds


def _gauge(name: str, text: str, value: Number) -> Metric:
    return GaugeMetricFamily(f"perpcarry_{name}", text, value=float(value))


def _unix(at: datetime) -> float:
    return at.timestamp()
