"""Passwords and tokens on the command line, and what a start says about them."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from actors.cli.exit_codes import ExitCode
from web.auth.access import Role
from web.auth.access_file import read_access_file
from web.auth.passwords import fits
from web.auth.tokens import digest_of

ROOT = Path(__file__).parents[2]
PASSWORD = "correct horse battery"


def perpcarry(
    folder: Path, *arguments: str, typed: str = "", **variables: str
) -> subprocess.CompletedProcess[str]:
    ours = {"PYTHONPATH": str(ROOT), "STORE_URL": f"sqlite:///{folder}/store.db"}
    kept = {name: value for name, value in os.environ.items() if not name.startswith("DASHBOARD")}
    return subprocess.run(
        [sys.executable, "-m", "actors", *arguments],
        cwd=folder,
        env={**kept, **ours, **variables},
        input=typed,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_passwords_and_tokens_into_a_file(tmp_path: Path) -> None:
    file = str(tmp_path / "access")
    ended = perpcarry(tmp_path, "new-password", "--to", file, typed=f"{PASSWORD}\n")
    assert ended.returncode == ExitCode.OK, ended.stderr
    assert PASSWORD not in ended.stdout + ended.stderr
    ended = perpcarry(tmp_path, "new-token", "grafana", "--to", file)
    token = ended.stdout.strip()
    assert token.startswith("pc_")
    found = read_access_file(tmp_path / "access")
    assert fits(found.hashes[Role.OPERATOR], PASSWORD)
    assert [(one.name, one.role, one.digest) for one in found.tokens] == [
        ("grafana", Role.VIEWER, digest_of(token))
    ]
    doctor = perpcarry(tmp_path, "doctor", DASHBOARD_ACCESS_FILE=file, DASHBOARD_PORT="18999")
    assert "operator by password, 1 API token" in doctor.stdout


def test_passwords_and_tokens_for_the_environment(tmp_path: Path) -> None:
    ended = perpcarry(tmp_path, "new-password", "--role", "viewer", typed=PASSWORD)
    variable, entry = ended.stdout.splitlines()
    name, _, quoted = variable.partition("=")
    assert name == "DASHBOARD_VIEWER_PASSWORD"
    assert quoted == f"'{entry.removeprefix('viewer ')}'"
    made = perpcarry(tmp_path, "new-token", "ci", "--role", "operator").stdout.splitlines()
    tokens = made[1].removeprefix("DASHBOARD_TOKENS=").strip("'")
    given = {name: quoted.strip("'"), "DASHBOARD_TOKENS": tokens, "DASHBOARD_PORT": "18999"}
    doctor = perpcarry(tmp_path, "doctor", **given)
    assert "viewer by password, 1 API token" in doctor.stdout
    shown = perpcarry(tmp_path, "show-config", **given)
    assert "********" in shown.stdout
    for secret in (quoted.strip("'"), tokens):
        assert secret not in shown.stdout + doctor.stdout


@pytest.mark.parametrize(
    ("arguments", "typed", "said"),
    [
        (("new-password",), "short\n", "8 to 1024 characters"),
        (("new-password",), "", "8 to 1024 characters"),
        (("new-password", "--role", "king"), PASSWORD, "operator or viewer, not king"),
        (("new-token", "operator"), "", "but not operator"),
        (("new-token", "Big Name"), "", "1 to 40 of a-z"),
        (("new-password", "--to", "/proc/none/access"), PASSWORD, "cannot be written"),
    ],
)
def test_what_is_refused(tmp_path: Path, arguments: tuple[str, ...], typed: str, said: str) -> None:
    ended = perpcarry(tmp_path, *arguments, typed=typed)
    assert ended.returncode == ExitCode.USAGE
    assert said in ended.stderr
    assert "Traceback" not in ended.stderr
    assert "pc_" not in ended.stdout


@pytest.mark.parametrize(
    ("variables", "said"),
    [
        ({"DASHBOARD_HOST": "0.0.0.0"}, "which needs a password"),
        (
            {"DASHBOARD_HOST": "0.0.0.0", "DASHBOARD_PASSWORD": PASSWORD},
            "dashboard.allowed_hosts: is needed",
        ),
        ({"DASHBOARD_HOST": "192.0.2.1"}, "which needs a password"),
        ({"DASHBOARD_TOKENS": "ci viewer " + "0" * 64}, "protect nothing"),
        ({"DASHBOARD_PASSWORD": "short"}, "8 to 1024 characters"),
        ({"DASHBOARD_PASSWORD": "$argon2id$broken"}, "not one of Argon2"),
        ({"DASHBOARD_ACCESS_FILE": "nowhere"}, "nowhere is not there"),
        ({"DASHBOARD_PUBLIC_URL": "https://a.b/c"}, "is not the address of a site"),
        ({"DASHBOARD_ALLOWED_HOSTS": "a b"}, "is not a host's name"),
        ({"DASHBOARD_SESSION_IDLE": "30d"}, "must not exceed dashboard.session_lifetime"),
    ],
)
def test_a_start_that_is_refused(tmp_path: Path, variables: dict[str, str], said: str) -> None:
    ended = perpcarry(tmp_path, "run", **{"DASHBOARD_PORT": "18999", **variables})
    assert ended.returncode == ExitCode.USAGE, ended.stderr
    assert said in ended.stderr
    assert "Traceback" not in ended.stderr
    assert "short" not in ended.stderr.replace("shorter", "")
    assert not (tmp_path / "store.db").exists()
