"""doctor: what is found wrong, and that nothing is changed by looking."""

import shutil
import socket
from collections import namedtuple
from pathlib import Path

import pytest

from actors.cli.exit_codes import ExitCode
from actors.store import Store
from tests.cli.perpcarry import Commands


@pytest.fixture
def port() -> str:
    """A setting that names a free port."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return f"dashboard.port={listener.getsockname()[1]}"


def test_all_is_well(perpcarry: Commands, port: str) -> None:
    ended = perpcarry("doctor", "--set", port)
    assert ended.code == ExitCode.OK, ended.out
    found = [line.split()[:2] for line in ended.out.splitlines()[:-1]]
    wanted = ("python", "settings", "data", "store", "disk", "port", "login")
    assert [one for one in found if one[0] == "ok"] == [["ok", name] for name in wanted]
    assert list(Path().iterdir()) == []


def test_a_store_that_is_there_is_opened(perpcarry: Commands, port: str) -> None:
    Store.open("sqlite:///x.db").close()
    assert (
        "sqlite:///x.db opens"
        in perpcarry("doctor", "--set", port, "--store", "sqlite:///x.db").out
    )


def test_wrong_settings(perpcarry: Commands) -> None:
    ended = perpcarry("doctor", "--set", "trading.leverage=0")
    assert ended.code == ExitCode.USAGE
    assert "trading.leverage" in ended.out
    assert ended.err.strip() == "To be mended: settings."


def test_a_port_that_is_taken(perpcarry: Commands) -> None:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        taken = listener.getsockname()[1]
        ended = perpcarry("doctor", "--set", f"dashboard.port={taken}")
        assert ended.code == ExitCode.PORT_TAKEN
        assert f"127.0.0.1:{taken} cannot be used" in ended.out
        off = perpcarry(
            "doctor", "--set", f"dashboard.port={taken}", "--set", "dashboard.enabled=false"
        )
        assert off.code == ExitCode.OK


def test_missing_data(perpcarry: Commands, port: str) -> None:
    ended = perpcarry("doctor", "--set", port, "--data", "nowhere")
    assert ended.code == ExitCode.DATA
    assert ended.err.strip() == "To be mended: data."


def test_a_store_that_cannot_be(perpcarry: Commands, port: str) -> None:
    Path("file").write_text("")
    ended = perpcarry("doctor", "--set", port, "--store", "sqlite:///file/x.db")
    assert ended.code == ExitCode.STORE
    Path("rubbish.db").write_bytes(b"rubbish" * 1000)
    ended = perpcarry("doctor", "--set", port, "--store", "sqlite:///rubbish.db")
    assert ended.code == ExitCode.STORE
    assert "not a SQLite database" in ended.out


def test_a_disk_that_is_nearly_full(
    perpcarry: Commands, port: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    usage = namedtuple("usage", "total used free")
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage(10**9, 10**9, 1000))
    ended = perpcarry("doctor", "--set", port)
    assert ended.code == ExitCode.STORE
    assert ended.err.strip() == "To be mended: disk."


def test_everything_wrong_is_told_at_once(perpcarry: Commands, port: str) -> None:
    Path("file").write_text("")
    ended = perpcarry(
        "doctor", "--set", port, "--data", "nowhere", "--store", "sqlite:///file/x.db"
    )
    assert ended.code == ExitCode.DATA
    assert ended.err.strip() == "To be mended: data, store."
