"""The gate's parts by themselves."""

import asyncio
from pathlib import Path

import pytest
from argon2 import PasswordHasher
from hypothesis import given
from hypothesis import strategies as st

from web.auth import passwords
from web.auth.access import Access, AccessError, Role, Token
from web.auth.access_file import entry_of, parse_access, put_entry, read_access_file
from web.auth.credentials import access_of
from web.auth.csrf import csrf_token, is_token_of
from web.auth.local_path import local_path
from web.auth.passwords import Busy, Passwords, fits, hash_password
from web.auth.throttle import OF_ALL, OF_ONE, Throttle
from web.auth.tokens import digest_of, new_token

from .visitor import ACCESS, CHEAP, OPERATOR_PASSWORD

DIGEST = "0" * 64
HASH = CHEAP.hash("some password")


class Clock:
    def __init__(self) -> None:
        self.at = 1000.0

    def __call__(self) -> float:
        return self.at


def test_delays_double_and_are_forgotten() -> None:
    clock = Clock()
    throttle = Throttle(clock)
    for delay in (0, 0, 0, 1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300, 300):
        assert throttle.wait_seconds("192.0.2.1") == 0
        if delay:
            assert throttle.wait_seconds("192.0.2.1") == delay
            clock.at += delay - 0.25
            assert throttle.wait_seconds("192.0.2.1") == 0.25
            clock.at += 0.25
    clock.at += OF_ONE.forget_seconds + 1
    for _ in range(OF_ONE.free):
        assert throttle.wait_seconds("192.0.2.1") == 0
    assert throttle.wait_seconds("192.0.2.1") == 1


def test_many_addresses_are_slowed_down_together() -> None:
    clock = Clock()
    throttle = Throttle(clock)
    for number in range(OF_ALL.free):
        assert throttle.wait_seconds(f"192.0.2.{number}") == 0
    assert throttle.wait_seconds("198.51.100.1") > 0
    for number in range(100):
        throttle.wait_seconds(f"203.0.113.{number}")
        clock.at += 1
    assert 0 <= throttle.wait_seconds("198.51.100.1") <= OF_ALL.longest_seconds


def test_attempts_at_the_same_time_count_before_they_are_known_to_fail() -> None:
    throttle = Throttle(Clock())
    at_once = [throttle.wait_seconds("192.0.2.1") for _ in range(100)]
    assert at_once.count(0) == OF_ONE.free


def test_a_right_one_makes_up_for_it() -> None:
    throttle = Throttle(Clock())
    for _ in range(3 * OF_ALL.free):
        assert throttle.wait_seconds("192.0.2.1") == 0
        throttle.was_right("192.0.2.1")


def test_one_that_was_not_looked_at_does_not_count() -> None:
    throttle = Throttle(Clock())
    for _ in range(3 * OF_ALL.free):
        assert throttle.wait_seconds("192.0.2.1") == 0
        throttle.was_none("192.0.2.1")


def test_a_household_is_one_address() -> None:
    throttle = Throttle(Clock())
    for number in range(OF_ONE.free):
        assert throttle.wait_seconds(f"2001:db8:1:1::{number}") == 0
    assert throttle.wait_seconds("2001:db8:1:1:ffff::9") > 0
    assert throttle.wait_seconds("2001:db8:1:2::9") == 0
    for _ in range(OF_ONE.free):
        throttle.wait_seconds("::ffff:192.0.2.1")
    assert throttle.wait_seconds("192.0.2.1") > 0


def test_only_a_few_are_compared_at_a_time_and_the_loop_goes_on() -> None:
    slow = PasswordHasher(time_cost=6, memory_cost=32 * 1024, parallelism=1)
    compared = Passwords({Role.OPERATOR: slow.hash(OPERATOR_PASSWORD)})

    async def story() -> None:
        tries = [compared.role_of("operator", "wrong one") for _ in range(40)]
        tasks = [asyncio.create_task(one) for one in tries]
        turns = 0
        while not all(task.done() for task in tasks):
            await asyncio.sleep(0)
            turns += 1
        outcomes = [task.exception() for task in tasks]
        allowed = passwords.AT_ONCE + passwords.WAITING_AT_MOST
        assert sum(isinstance(one, Busy) for one in outcomes) == 40 - allowed
        assert turns > 1000
        assert await compared.role_of("operator", OPERATOR_PASSWORD) is Role.OPERATOR

    asyncio.run(story())


def test_every_comparison_is_one_comparison(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[str] = []

    def counted(known_hash: str, password: str) -> bool:
        seen.append(known_hash)
        return fits(known_hash, password)

    monkeypatch.setattr(passwords, "fits", counted)
    known = Passwords(ACCESS.hashes)
    assert asyncio.run(known.role_of("nobody", OPERATOR_PASSWORD)) is None
    assert asyncio.run(known.role_of("operator", OPERATOR_PASSWORD)) is Role.OPERATOR
    assert seen == [ACCESS.operator_hash] * 2


def test_the_same_letter_is_written_in_two_ways() -> None:
    assert fits(hash_password("pässwörter"), "pa\u0308sswo\u0308rter")


@pytest.mark.parametrize("password", ["", "seven77", "x" * 1025])
def test_unfit_passwords(password: str) -> None:
    with pytest.raises(AccessError, match="8 to 1024"):
        hash_password(password)


@given(st.text())
def test_wherever_it_leads_it_is_here(text: str) -> None:
    found = local_path(text)
    assert found == "/" or found == text
    assert found.startswith("/")
    assert not found.startswith(("//", "/\\"))
    assert found.isascii()
    assert found.isprintable()


def test_page_tokens() -> None:
    assert is_token_of("one", csrf_token("one"))
    assert not is_token_of("other", csrf_token("one"))
    assert not is_token_of("one", "")
    assert not is_token_of("one", "ü\udcff")


def test_api_tokens() -> None:
    (one, kept), (other, _) = new_token("a", Role.VIEWER), new_token("a", Role.VIEWER)
    assert one.startswith("pc_")
    assert one != other
    assert kept.digest == digest_of(one)
    assert one not in repr(kept)
    assert kept.digest not in repr(kept)


def test_an_access_file(tmp_path: Path) -> None:
    path = tmp_path / "new" / "access"
    assert not put_entry(path, entry_of(Role.OPERATOR, HASH))
    assert not put_entry(path, entry_of(Token("ci", Role.OPERATOR, DIGEST)))
    assert not put_entry(path, entry_of(Role.VIEWER, HASH))
    assert path.stat().st_mode & 0o777 == 0o600
    assert read_access_file(path) == Access(HASH, HASH, (Token("ci", Role.OPERATOR, DIGEST),))
    path.write_text("# who may in\n\n" + path.read_text())
    changed = CHEAP.hash("another one")
    assert put_entry(path, entry_of(Role.OPERATOR, changed))
    assert put_entry(path, entry_of(Token("ci", Role.VIEWER, "1" * 64)))
    assert read_access_file(path) == Access(changed, HASH, (Token("ci", Role.VIEWER, "1" * 64),))
    assert path.read_text().startswith("# who may in\n")
    assert list(path.parent.iterdir()) == [path]


@pytest.mark.parametrize("mode", [0o644, 0o640, 0o602, 0o610])
def test_others_must_not_read_it(tmp_path: Path, mode: int) -> None:
    path = tmp_path / "access"
    put_entry(path, entry_of(Role.OPERATOR, HASH))
    path.chmod(mode)
    with pytest.raises(AccessError, match="chmod 600"):
        read_access_file(path)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("operator", "line 1: begins with neither"),
        (f"\nking {HASH}", "line 2: begins with neither"),
        ("operator hunter2hunter2", "line 1: the password's hash is not one of Argon2"),
        ("operator $argon2id$v=19$m=65536,t=3,p=4$x$y", "is not one of Argon2"),
        (f"operator {HASH}\noperator {HASH}", "line 2: the operator has a password already"),
        (f"operator {HASH}\ntoken ci", "line 2: a token is written as"),
        (f"operator {HASH}\ntoken ci king {DIGEST}", "a token is written as"),
        (f"operator {HASH}\ntoken ci viewer pc_secret", "a token is written as"),
        (f"operator {HASH}\ntoken operator viewer {DIGEST}", "cannot be called 'operator'"),
        (f"operator {HASH}\ntoken Ä viewer {DIGEST}", "cannot be called"),
        (f"operator {HASH}\n" + f"token ci viewer {DIGEST}\n" * 2, "two tokens are called ci"),
        (f"token ci viewer {DIGEST}", "protect nothing"),
    ],
    # By number: the hash is another one in each process, which would tell xdist's workers apart.
    ids=range(12),
)
def test_what_is_wrong_with_it(text: str, said: str) -> None:
    with pytest.raises(AccessError, match=said) as error:
        parse_access(text.splitlines(), "access")
    for secret in ("hunter2", "pc_secret", HASH, DIGEST):
        assert secret not in str(error.value)


def test_a_file_without_a_password_or_no_file(tmp_path: Path) -> None:
    path = tmp_path / "access"
    with pytest.raises(AccessError, match="is not there; perpcarry new-password --to"):
        read_access_file(path)
    path.touch(0o600)
    with pytest.raises(AccessError, match="holds no password"):
        read_access_file(path)
    path.write_bytes(b"\xff")
    with pytest.raises(AccessError, match="not text"):
        read_access_file(path)


def test_settings_and_file_together(tmp_path: Path) -> None:
    path = tmp_path / "access"
    put_entry(path, entry_of(Role.VIEWER, HASH))
    put_entry(path, entry_of(Token("ci", Role.VIEWER, DIGEST)))
    plain = {Role.OPERATOR: OPERATOR_PASSWORD}
    more = f"night operator {'1' * 64}, , day viewer {'2' * 64}"
    found = access_of(plain, more, path)
    assert fits(found.hashes[Role.OPERATOR], OPERATOR_PASSWORD)
    assert [token.name for token in found.tokens] == ["ci", "night", "day"]
    assert OPERATOR_PASSWORD not in repr(found)
    with pytest.raises(AccessError, match="both in the settings and in"):
        access_of({Role.VIEWER: HASH}, access_file=path)
    assert access_of({Role.OPERATOR: HASH}).operator_hash == HASH
    for wrong in ("short", "$argon2id$broken"):
        with pytest.raises(AccessError) as error:
            access_of({Role.OPERATOR: wrong})
        assert wrong not in str(error.value)
    assert not access_of({}).login_required


@pytest.mark.parametrize("role", list(Role))
def test_what_a_role_includes(role: Role) -> None:
    assert role.includes(Role.VIEWER)
    assert role.includes(Role.OPERATOR) == (role is Role.OPERATOR)
