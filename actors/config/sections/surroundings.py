"""The bot's surroundings: its dashboard and its store."""

from ipaddress import ip_address
from typing import Annotated

from pydantic import AfterValidator

from actors.config.kinds import Count, Duration, Section, Text, duration, setting


def _loopback(value: str) -> str:
    try:
        loopback = value == "localhost" or ip_address(value.strip("[]")).is_loopback
    except ValueError:
        loopback = False
    if not loopback:
        raise ValueError(
            "would open the dashboard to other machines, which needs a password; this version "
            "has none, so it listens on this machine only"
        )
    return value.strip("[]")


def _store_url(value: str) -> str:
    if not value.startswith(("sqlite://", "postgresql://", "postgresql+psycopg://")):
        raise ValueError("is not a store's address")
    return value


class Dashboard(Section):
    """The web page and its API."""

    enabled: bool = setting(True, "Serve the dashboard and the API.")
    host: Annotated[Text, AfterValidator(_loopback)] = setting(
        "127.0.0.1", "Address to listen on; this version serves this machine only."
    )
    port: Count = setting(8080, "Port to listen on.", low=1, high=65535)
    update_interval: Duration = duration(
        "1s", "Time between two pushes to an open page.", low="100ms", high="1m"
    )


class StoreSettings(Section):
    """Where everything that happened is kept."""

    url: Annotated[Text, AfterValidator(_store_url)] = setting(
        "sqlite:///var/perpcarry.db",
        "The database: `sqlite:///FILE` or `postgresql://USER:PASSWORD@HOST/NAME`.",
    )
