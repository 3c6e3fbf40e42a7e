"""Who is logged in, kept over a restart of the bot. No session's id stands in it, nor a password.

Each session goes with the hash of the password it was begun with: once that has changed, the
sessions are over.
"""

import json
import logging
import os
import stat
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from web.auth.access import Role
from web.auth.access_file import write_private
from web.auth.passwords import checked_hash

logger = logging.getLogger(__name__)

FORMAT = 1


@dataclass(frozen=True, slots=True)
class KeptSession:
    digest: str
    """SHA-256 of its id, in hex."""
    role: Role
    began_at: datetime
    seen_at: datetime


@dataclass(frozen=True, slots=True)
class Kept:
    hashes: Mapping[Role, str] = field(default_factory=dict)
    """Argon2 hash of each password."""
    sessions: tuple[KeptSession, ...] = ()


def read_kept(path: Path) -> Kept:
    """What was kept; nothing if the file is missing, damaged, or not this user's alone."""
    try:
        # What others could write would let them in.
        about = path.stat()
        if os.name == "posix" and (
            about.st_uid != os.geteuid() or stat.S_IMODE(about.st_mode) & 0o077
        ):
            logger.warning("%s is not this user's alone: everybody is logged out", path)
            return Kept()
        return _parsed(json.loads(path.read_text(encoding="utf-8")))
    except FileNotFoundError:
        return Kept()
    except Exception as error:  # whatever it holds, the bot can do without
        logger.warning("%s cannot be read (%s): everybody is logged out", path, error)
        return Kept()


def write_kept(path: Path, kept: Kept) -> None:
    """Raises OSError."""
    path.parent.mkdir(parents=True, exist_ok=True)
    sessions = [
        [one.digest, one.role.value, one.began_at.isoformat(), one.seen_at.isoformat()]
        for one in kept.sessions
    ]
    hashes = {role.value: known for role, known in kept.hashes.items()}
    write_private(
        path, json.dumps({"format": FORMAT, "hashes": hashes, "sessions": sessions}, indent=1)
    )


def _parsed(data: dict[str, object]) -> Kept:
    match data:
        case {"format": 1, "hashes": dict(hashes), "sessions": list(sessions)}:
            return Kept(
                {Role(role): checked_hash(known) for role, known in hashes.items()},
                tuple(
                    KeptSession(str(digest), Role(role), _aware(began_at), _aware(seen_at))
                    for digest, role, began_at, seen_at in sessions
                ),
            )
        case _:
            raise ValueError("it has another form")


def _aware(text: str) -> datetime:
    at = datetime.fromisoformat(text)
    if at.tzinfo is None:
        raise ValueError("a time without its zone")
    return at
