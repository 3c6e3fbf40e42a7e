"""Where aiohttp-session finds its sessions: on the server, by the id in the cookie."""

from aiohttp import web
from aiohttp_session import AbstractStorage, Session, SessionData

from web.auth.access import Role
from web.auth.sessions import Sessions

ROLE = "role"


class ServerSide(AbstractStorage):
    """The cookie holds an id and nothing else; it is for no script and for no other site."""

    def __init__(
        self, sessions: Sessions, cookie_name: str, lifetime_seconds: int, *, secure: bool
    ) -> None:
        super().__init__(
            cookie_name=cookie_name,
            max_age=lifetime_seconds,
            path="/",
            secure=secure,
            httponly=True,
            samesite="Strict",
        )
        self._sessions = sessions

    async def load_session(self, request: web.Request) -> Session:
        session_id = self.load_cookie(request)
        login = None if not session_id else self._sessions.find(session_id, seen=False)
        if login is None:
            return Session(None, data=None, new=True, max_age=self.max_age)
        data: SessionData = {
            "created": int(login.began_at.timestamp()),
            "session": {ROLE: login.role.value},
        }
        return Session(session_id, data=data, new=False)

    async def save_session(
        self, request: web.Request, response: web.StreamResponse, session: Session
    ) -> None:
        """A session that was emptied ends; a new one gets an id of its own."""
        given = self.load_cookie(request)
        if given:
            self._sessions.end(given)  # never goes on under an id from before the login
        session_id = "" if session.empty else self._sessions.begin(Role(session[ROLE]))
        await self._sessions.save()
        if session_id or given:
            self.save_cookie(response, session_id, max_age=self.max_age)
