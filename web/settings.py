"""What the front end must be told."""

from dataclasses import dataclass
from datetime import timedelta
from ipaddress import ip_address


@dataclass(frozen=True, slots=True)
class WebSettings:
    """Where to listen and how often to push.

    Raises ValueError for a host that other machines could reach.
    """

    host: str = "127.0.0.1"
    port: int = 8080
    """0 = any free one."""
    update_interval: timedelta = timedelta(seconds=1)
    """Time between two pushes to an open page."""
    answer_timeout: timedelta = timedelta(seconds=5)
    """An actor that has not answered by then counts as not answering."""

    def __post_init__(self) -> None:
        if not is_loopback(self.host):
            raise ValueError(
                f"dashboard.host {self.host!r} would open the dashboard to other machines. That "
                "needs a password, which this version does not have: use 127.0.0.1"
            )


def is_loopback(host: str) -> bool:
    """Whether only this machine can reach a server that listens there."""
    if host == "localhost":
        return True
    try:
        return ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False
