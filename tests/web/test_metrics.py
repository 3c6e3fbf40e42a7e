from dataclasses import replace
from typing import Any

from prometheus_client.parser import text_string_to_metric_families

from tests.web import sample_data as data
from tests.web.site import Site
from web.metrics import exposition


def samples(text: str) -> dict[tuple[str, tuple[str, ...]], float]:
    return {
        (sample.name, tuple(sorted(sample.labels.values()))): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def test_one_question_answers_them_all(site: Site) -> None:
    answer = site.get("/metrics")
    assert answer.status == 200
    assert answer.headers["Content-Type"].startswith("text/plain")
    found = samples(answer.body.decode())
    assert found["perpcarry_state", ("running",)] == 1
    assert found["perpcarry_state", ("halted",)] == 0
    assert found["perpcarry_cycle_duration_seconds", ()] == 0.038
    assert found["perpcarry_equity_usdt", ()] == float(data.EQUITY_POINTS[-1].equity_usdt)
    assert found["perpcarry_positions", ()] == 2
    assert found["perpcarry_pnl_usdt", ("closed", "funding")] == 48.0312
    assert found["perpcarry_actor_restarts_total", ("root/gateways/binance",)] == 2
    assert found["perpcarry_actor_mailbox_depth", ("root/execution",)] == 2
    assert found["perpcarry_actor_up", ("root/market",)] == 0
    assert found["perpcarry_actor_latency_seconds", ("0.99", "root/web", "work")] == 0.0121
    assert len(site.house.letters) == 1


def test_what_is_not_known_has_no_sample(site: Site) -> None:
    nothing: dict[str, Any] = dict.fromkeys(("equity", "balance", "pnl", "system"))
    changes = replace(site.house.changes(0), **nothing, status=replace(data.STATUS, bot=None))
    names = {name for name, _ in samples(exposition(changes).decode())}
    assert names == {
        "perpcarry_alarms",
        "perpcarry_positions",
        "perpcarry_cycle_duration_seconds",
        "perpcarry_cycle_ended_timestamp_seconds",
        "perpcarry_pairs_silent",
    }


def test_money_that_is_not_known_has_none_either(site: Site) -> None:
    assert data.BALANCE.account is not None
    account = replace(data.BALANCE.account, available_usdt=None)
    changes = replace(site.house.changes(0), balance=replace(data.BALANCE, account=account))
    assert ("perpcarry_available_usdt", ()) not in samples(exposition(changes).decode())


def test_it_takes_no_parameters(site: Site) -> None:
    assert site.get("/metrics?x=1").error == (400, "invalid_query")
