"""show-config and new-config."""

import json
from pathlib import Path

import pytest

from actors.cli.exit_codes import ExitCode
from actors.config.schema import known
from tests.cli.perpcarry import ROOT, Commands


def test_every_setting_is_shown_with_its_place(
    perpcarry: Commands, monkeypatch: pytest.MonkeyPatch
) -> None:
    (perpcarry.folder / "settings.yaml").write_text("trading:\n  leverage: 3\n")
    other = perpcarry.folder / "other.yaml"
    other.write_text("risk:\n  max_spread_bp: 9\n")
    monkeypatch.setenv("TRADING_SCAN_INTERVAL", "30m")
    arguments = ("show-config", "--config", other, "--set", "fees.slippage_bp=1")
    ended = perpcarry(*arguments, "--json")
    assert ended.code == ExitCode.OK
    shown = json.loads(ended.out)
    assert set(shown) == set(known())
    assert shown["trading.leverage"] == {"value": "3", "from": "settings.yaml, line 2"}
    assert shown["risk.max_spread_bp"] == {"value": "9", "from": f"{other}, line 2"}
    assert shown["trading.scan_interval"]["from"] == "TRADING_SCAN_INTERVAL in the environment"
    assert shown["fees.slippage_bp"] == {"value": "1", "from": "the command line"}
    assert shown["trading.policy"] == {"value": "carry", "from": "default"}
    lines = perpcarry(*arguments).out.splitlines()
    assert len([line for line in lines if line.strip()]) == len(known()) + 1
    assert any(line.split()[:2] == ["trading.leverage", "3"] for line in lines)


def test_secrets_are_masked(perpcarry: Commands, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EXCHANGE_API_KEY", "sesame1")
    monkeypatch.setenv("EXCHANGE_API_SECRET", "sesame2")
    monkeypatch.setenv("STORE_URL", "postgresql://me:sesame3@host/db")
    monkeypatch.setenv("EXCHANGE_CCXT_CONFIG", '{"httpProxy": "http://me:sesame4@proxy"}')
    for more in ((), ("--json",)):
        ended = perpcarry("show-config", *more)
        assert ended.code == ExitCode.OK
        assert "sesame" not in ended.out
        assert "postgresql://me:********@host/db" in ended.out


def test_a_new_file_holds_every_setting_and_can_be_used(perpcarry: Commands) -> None:
    ended = perpcarry("new-config", "mine.yaml")
    assert ended.code == ExitCode.OK
    assert "default, but for a replay that begins at 2024-11-10" in ended.out.replace("\n", " ")
    assert Path("mine.yaml").read_text() == (ROOT / "settings.yaml").read_text()
    assert perpcarry("show-config", "--config", "mine.yaml").code == ExitCode.OK


def test_a_file_that_is_there_is_only_replaced_by_force(perpcarry: Commands) -> None:
    Path("mine.yaml").write_text("# mine\n")
    ended = perpcarry("new-config", "mine.yaml")
    assert ended.code == ExitCode.USAGE
    assert "--force" in ended.err
    assert Path("mine.yaml").read_text() == "# mine\n"
    assert perpcarry("new-config", "--force", "mine.yaml").code == ExitCode.OK
    assert Path("mine.yaml").read_text() != "# mine\n"


@pytest.mark.parametrize("path", [".", "no/such/folder/x.yaml"])
def test_where_no_file_can_be(perpcarry: Commands, path: str) -> None:
    for force in ((), ("--force",)):
        assert perpcarry("new-config", path, *force).code == ExitCode.USAGE
