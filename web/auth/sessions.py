"""Sessions, kept on the server: what the browser holds is only a number nobody can guess.

So logging out, a new password and the two limits end a session wherever its cookie may still be.
"""

import asyncio
import hashlib
import logging
import secrets
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from web.auth.access import Role
from web.auth.session_file import Kept, KeptSession, read_kept, write_kept

logger = logging.getLogger(__name__)

AT_MOST = 500
"""Of all sessions; the one seen least recently goes first."""
_LOOK_AGAIN_SECONDS = 30.0
"""A machine that slept has its timers late."""


def utc_now() -> datetime:
    return datetime.now(UTC)


@dataclass(slots=True, eq=False)
class Login:
    """One session."""

    digest: str
    role: Role
    began_at: datetime
    seen_at: datetime
    """The last request, not counting pages that are merely open."""
    ended: asyncio.Event = field(default_factory=asyncio.Event)


class Sessions:
    """Every session there is. ``hashes`` are the passwords', by which kept sessions are known."""

    def __init__(
        self,
        hashes: Mapping[Role, str],
        idle: timedelta,
        lifetime: timedelta,
        file: Path | None = None,
        now: Callable[[], datetime] = utc_now,
    ) -> None:
        self._hashes = dict(hashes)
        self._idle = idle
        self._lifetime = lifetime
        self._file = file
        self._now = now
        self._logins: dict[str, Login] = {}
        self._saving = asyncio.Lock()
        self._unsaved = False
        if file is not None:
            self._take_up(read_kept(file))

    def begin(self, role: Role) -> str:
        """A new session's id. It is not kept anywhere but in the browser."""
        self._drop_old()
        session_id, now = secrets.token_urlsafe(32), self._now()
        digest = _digest(session_id)
        self._logins[digest] = Login(digest, role, now, now)
        self._unsaved = True
        return session_id

    def find(self, session_id: str, *, seen: bool) -> Login | None:
        """The session, if it has not ended; ``seen``: its idle time begins anew."""
        login = self._logins.get(_digest(session_id))
        if login is None:
            return None
        now = self._now()
        if now >= self.ends_at(login):
            self._end(login)
            return None
        if seen:
            login.seen_at = now
            self._unsaved = True
        return login

    def end(self, session_id: str) -> None:
        login = self._logins.get(_digest(session_id))
        if login is not None:
            self._end(login)

    def ends_at(self, login: Login) -> datetime:
        """When it ends unless it is used again."""
        return min(login.seen_at + self._idle, login.began_at + self._lifetime)

    async def ended(self, login: Login) -> None:
        """Returns once the session has ended, in whatever way."""
        while not login.ended.is_set():
            left = (self.ends_at(login) - self._now()).total_seconds()
            if left <= 0:
                self._end(login)
                return
            with suppress(TimeoutError):
                await asyncio.wait_for(login.ended.wait(), min(left, _LOOK_AGAIN_SECONDS))

    async def save(self) -> None:
        """Put on disk what changed, if there is a file for it."""
        if self._file is None or not self._unsaved:
            return
        async with self._saving:
            self._unsaved = False
            kept = Kept(
                self._hashes,
                tuple(
                    KeptSession(one.digest, one.role, one.began_at, one.seen_at)
                    for one in self._logins.values()
                ),
            )
            try:
                await asyncio.to_thread(write_kept, self._file, kept)
            except OSError as error:
                logger.warning("sessions are not kept, a restart ends them: %s", error)

    def _end(self, login: Login) -> None:
        self._logins.pop(login.digest, None)
        self._unsaved = True
        login.ended.set()

    def _drop_old(self) -> None:
        now = self._now()
        for login in list(self._logins.values()):
            if now >= self.ends_at(login):
                self._end(login)
        by_age = sorted(self._logins.values(), key=lambda login: login.seen_at)
        for login in by_age[: max(0, len(by_age) - AT_MOST + 1)]:
            self._end(login)

    def _take_up(self, kept: Kept) -> None:
        for one in kept.sessions:
            known = self._hashes.get(one.role)
            if known is not None and known == kept.hashes.get(one.role):
                # A clock that was set back must not make a session younger than it is.
                seen_at = min(one.seen_at, self._now())
                login = Login(one.digest, one.role, one.began_at, seen_at)
                if self._now() < self.ends_at(login):
                    self._logins[login.digest] = login
        self._unsaved = True


def _digest(session_id: str) -> str:
    return hashlib.sha256(session_id.encode(errors="replace")).hexdigest()
