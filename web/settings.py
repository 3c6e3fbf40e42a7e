"""What the front end must be told."""

from dataclasses import dataclass, field
from datetime import timedelta
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import urlsplit

from web.auth.access import Access


@dataclass(frozen=True, slots=True)
class WebSettings:
    """Where to listen, who may in, and how often to push.

    Raises ValueError for a host that other machines could reach while no password is set.
    """

    host: str = "127.0.0.1"
    port: int = 8080
    """0 = any free one."""
    update_interval: timedelta = timedelta(seconds=1)
    """Time between two pushes to an open page."""
    answer_timeout: timedelta = timedelta(seconds=5)
    """An actor that has not answered by then counts as not answering."""
    access: Access = field(default_factory=Access)
    allowed_hosts: tuple[str, ...] = ()
    """Further names by which it may be reached; the port is ours unless one is named."""
    public_url: str = ""
    """How browsers see it behind a proxy, e.g. ``https://bot.example.org``."""
    session_idle: timedelta = timedelta(hours=12)
    """A session that was not used for so long has ended."""
    session_lifetime: timedelta = timedelta(days=7)
    """A session has ended after so long in any case."""
    session_file: Path | None = None
    """Where sessions outlast a restart; None = they don't."""

    def __post_init__(self) -> None:
        if not is_loopback(self.host) and not self.access.login_required:
            raise ValueError(
                f"dashboard.host {self.host!r} would open the dashboard to other machines, which "
                "needs a password: perpcarry new-password makes one"
            )

    @property
    def is_https(self) -> bool:
        """Whether browsers come by way of a proxy that speaks TLS."""
        return self.public_url.startswith("https://")

    @property
    def public_host(self) -> str:
        """What browsers send as Host for the public URL; empty without one."""
        return urlsplit(self.public_url).netloc

    @property
    def cookie_name(self) -> str:
        """With the port, for cookies are the same on all ports of a host."""
        return f"{'__Host-' if self.is_https else ''}perpcarry-{self.port}"


def is_loopback(host: str) -> bool:
    """Whether only this machine can reach a server that listens there."""
    if host == "localhost":
        return True
    try:
        return ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False
