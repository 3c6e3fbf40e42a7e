"""The dashboard's settings as the front end wants them, and everybody who may in."""

from pathlib import Path
from typing import TYPE_CHECKING

from actors.cli.books import database_file
from actors.cli.exit_codes import ExitCode
from actors.cli.failure import CommandFailed

if TYPE_CHECKING:
    from actors.config.settings import Settings
    from web.settings import WebSettings


def front_end(settings: "Settings") -> "WebSettings | None":
    """None where it is switched off. Raises CommandFailed for passwords that cannot be used."""
    from web.auth.access import AccessError, Role
    from web.auth.credentials import access_of
    from web.settings import WebSettings

    page = settings.dashboard
    if not page.enabled:
        return None
    given = {Role.OPERATOR: page.password, Role.VIEWER: page.viewer_password}
    session_file = page.session_file or _beside_the_store(settings)
    try:
        access = access_of(
            {role: secret.get_secret_value() for role, secret in given.items() if secret},
            page.tokens.get_secret_value() if page.tokens else "",
            page.access_file,
            session_file,
        )
    except AccessError as error:
        raise CommandFailed(ExitCode.USAGE, f"The dashboard's login: {error}") from None
    return WebSettings(
        page.host,
        page.port,
        page.update_interval,
        access=access,
        allowed_hosts=page.allowed_hosts,
        public_url=page.public_url,
        session_idle=page.session_idle,
        session_lifetime=page.session_lifetime,
        session_file=session_file if access.login_required else None,
    )


def _beside_the_store(settings: "Settings") -> Path | None:
    """A store that is a file has one bot at a time, and so has what stands beside it."""
    file = database_file(settings.store.url)
    return None if file is None else file.with_name(f"{file.name}.sessions")
