"""scan: one look at the recorded market."""

import json
from pathlib import Path

import pytest

from actors.cli.exit_codes import ExitCode
from tests.cli.perpcarry import Commands


def test_every_pair_is_ranked_with_its_reasons(perpcarry: Commands) -> None:
    ended = perpcarry("scan", "--at", "2024-11-10", "--json")
    assert ended.code == ExitCode.OK
    document = json.loads(ended.out)
    assert document["at"] == "2024-11-10T00:00:00Z"
    pairs = document["pairs"]
    assert len(pairs) >= 12
    nets = [float(one["net"]) for one in pairs if one["net"] is not None]
    assert nets == sorted(nets, reverse=True)
    assert all(one["reasons"] for one in pairs)
    best = pairs[0]
    assert best["verdict"] == "enter"
    cost = float(best["round_trip"])
    assert float(best["net"]) == pytest.approx(float(best["expected_funding"]) - cost)
    assert float(best["apr"]) == pytest.approx(float(best["rate_8h"]) * 1095)
    unknown = [one for one in pairs if one["net"] is None]
    assert all(one["verdict"] == "stay_out" for one in unknown)


def test_rates_of_hourly_symbols_are_per_8_hours(perpcarry: Commands) -> None:
    pairs = json.loads(perpcarry("scan", "--at", "2025-06-01", "--json").out)["pairs"]
    orca = next(one for one in pairs if one["pair"] == "ORCA-USDT")
    assert orca["interval_hours"] < 8
    ended = perpcarry("scan", "--at", "2025-06-01")
    row = next(line.split() for line in ended.out.splitlines() if "ORCA-USDT" in line)
    assert len([line for line in ended.out.splitlines() if "ORCA-USDT" in line]) == 2
    assert float(row[2]) == pytest.approx(float(orca["rate_8h"]) * 10_000, abs=0.005)


def test_the_policy_counts(perpcarry: Commands) -> None:
    def entered(*more: str) -> list[str]:
        document = json.loads(perpcarry("scan", "--at", "2024-11-23", "--json", *more).out)
        return [one["pair"] for one in document["pairs"] if one["verdict"] == "enter"]

    threshold = entered("--set", "trading.policy=threshold")
    assert threshold != entered()
    assert entered("--set", "trading.deny_pairs=BTC-USDT,ETH-USDT") != entered()


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["--at", "2031-01-01"], ExitCode.DATA, "prices are recorded from 2024-09-01"),
        (["--at", "soon"], ExitCode.USAGE, '--at: "soon" is not a date'),
        (["--venue", "okx"], ExitCode.DATA, "exchange.id (or --venue) can be binance"),
        (["--data", "nowhere"], ExitCode.DATA, "nowhere: no such folder"),
        (["--data", "."], ExitCode.DATA, "prices.parquet"),
    ],
)
def test_what_is_not_recorded(
    perpcarry: Commands, arguments: list[str], code: ExitCode, said: str
) -> None:
    ended = perpcarry("scan", *arguments)
    assert ended.code == code
    assert said in ended.err


def test_damaged_data(perpcarry: Commands) -> None:
    Path("data").mkdir()
    for name in ("prices.parquet", "funding.parquet"):
        Path("data", name).write_bytes(b"PAR1 rubbish PAR1")
    ended = perpcarry("scan", "--data", "data")
    assert ended.code == ExitCode.DATA
    assert ended.err.startswith("The recorded market cannot be used: ")


def test_the_dates_of_a_replay_only_matter_where_none_is_asked_for(perpcarry: Commands) -> None:
    """They may belong to other data than the one looked at."""
    Path("settings.yaml").write_text("historical:\n  from: 2019-01-01\n  until: 2019-02-01\n")
    assert perpcarry("scan", "--at", "2025-01-01").code == ExitCode.OK
    ended = perpcarry("scan")
    assert ended.code == ExitCode.DATA
    assert "historical.from is 2019-01-01 00:00 UTC" in ended.err
