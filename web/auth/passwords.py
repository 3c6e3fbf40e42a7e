"""Passwords: hashed with Argon2, compared away from the event loop."""

import asyncio
import unicodedata
from collections.abc import Mapping

from argon2 import PasswordHasher, extract_parameters
from argon2.exceptions import InvalidHashError, VerificationError, VerifyMismatchError

from web.auth.access import AccessError, Role

SHORTEST = 8
LONGEST = 1024
"""Characters."""
AT_ONCE = 2
"""Comparisons at the same time: each takes 64 MB and a core for some 50 ms."""
WAITING_AT_MOST = 8

_hasher = PasswordHasher()


class Busy(Exception):
    """Too many logins are being compared already."""


def hash_password(password: str) -> str:
    """The Argon2id hash, with its salt and costs. Raises AccessError for an unfit password."""
    plain = _normal(password)
    if not SHORTEST <= len(plain) <= LONGEST:
        raise AccessError(f"a password has {SHORTEST} to {LONGEST} characters")
    return _hasher.hash(plain)


def is_hash(text: str) -> bool:
    """Whether this is an Argon2 hash rather than a password."""
    return text.startswith("$argon2")


def checked_hash(text: str) -> str:
    """The hash, if it can be compared with. Raises AccessError."""
    try:
        extract_parameters(text)
        _hasher.verify(text, "")
    except VerifyMismatchError:
        return text  # the empty password does not fit, as it should be
    except (InvalidHashError, VerificationError):
        pass
    raise AccessError(
        "the password's hash is not one of Argon2 (it begins with $argon2id$; in a shell it needs "
        "single quotes): perpcarry new-password makes one"
    )


def fits(known_hash: str, password: str) -> bool:
    """Whether this is the password; takes the time that the hash was made to take."""
    if len(password) > LONGEST:
        return False
    try:
        return _hasher.verify(known_hash, _normal(password))
    except VerificationError:
        return False


class Passwords:
    """Compares what people type, a few at a time, in threads."""

    def __init__(self, hashes: Mapping[Role, str]) -> None:
        self._hashes = {role.value: (role, known) for role, known in hashes.items()}
        # A name that nobody has is compared all the same, or the time it takes would tell.
        self._decoy = next(iter(hashes.values()), "")
        self._free = asyncio.Semaphore(AT_ONCE)
        self._present = 0

    async def role_of(self, name: str, password: str) -> Role | None:
        """The role that this name and password give. Raises Busy."""
        if self._present >= AT_ONCE + WAITING_AT_MOST:
            raise Busy
        role, known = self._hashes.get(name.strip().lower(), (None, self._decoy))
        self._present += 1
        try:
            async with self._free:
                right = await asyncio.to_thread(fits, known, password)
        finally:
            self._present -= 1
        return role if right else None


def _normal(password: str) -> str:
    """Keyboards write the same letter in different ways."""
    return unicodedata.normalize("NFC", password)
