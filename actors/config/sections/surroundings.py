"""The bot's surroundings: its dashboard and its store."""

import re
from ipaddress import ip_address
from typing import Annotated
from urllib.parse import urlsplit

from pydantic import AfterValidator, BeforeValidator, Field

from actors.config.kinds import (
    Count,
    Duration,
    OptionalPath,
    Secret,
    Section,
    Text,
    duration,
    setting,
)
from actors.config.texts import parse_list

_HOST_NAME = re.compile(
    r"([a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*|\[[0-9a-f:]+\])(:[0-9]{1,5})?"
)
"""A name or an address, perhaps with a port."""


def is_loopback(host: str) -> bool:
    """Whether only this machine can reach a server that listens there."""
    return host == "localhost" or ip_address(host).is_loopback


def is_every_address(host: str) -> bool:
    """Whether a server that listens there can be reached by any of the machine's addresses."""
    return host != "localhost" and ip_address(host).is_unspecified


def _address(value: str) -> str:
    value = value.strip("[]")
    if value != "localhost":
        try:
            ip_address(value)
        except ValueError:
            raise ValueError("is not an address of a machine") from None
    return value


def _host_name(value: str) -> str:
    value = value.lower()
    if not _HOST_NAME.fullmatch(value):
        raise ValueError("is not a host's name")
    return value


def _public_url(value: str) -> str:
    value = value.lower().rstrip("/")
    parts = urlsplit(value)
    if value and (
        parts.scheme not in ("http", "https")
        or not _HOST_NAME.fullmatch(parts.netloc)
        or value != f"{parts.scheme}://{parts.netloc}"
    ):
        raise ValueError("is not the address of a site")
    return value


def _store_url(value: str) -> str:
    if not value.startswith(("sqlite://", "postgresql://", "postgresql+psycopg://")):
        raise ValueError("is not a store's address")
    return value


HostNames = Annotated[
    tuple[Annotated[Text, AfterValidator(_host_name)], ...],
    BeforeValidator(parse_list),
    Field(max_length=100),
]


class Dashboard(Section):
    """The web page and its API."""

    enabled: bool = setting(True, "Serve the dashboard and the API.")
    host: Annotated[Text, AfterValidator(_address)] = setting(
        "127.0.0.1",
        "Address to listen on. Any but this machine's own (127.0.0.1, ::1, localhost) needs a "
        "password; 0.0.0.0 and :: (every address) need allowed_hosts or public_url too.",
    )
    port: Count = setting(8080, "Port to listen on.", low=1, high=65535)
    update_interval: Duration = duration(
        "1s", "Time between two pushes to an open page.", low="100ms", high="1m"
    )
    password: Secret = setting(
        None,
        "The operator's password, or its Argon2 hash as `perpcarry new-password` makes it. Without "
        "any password whoever can run programs on this machine may do everything.",
    )
    viewer_password: Secret = setting(
        None, "The viewer's, who sees everything and may command nothing; written alike."
    )
    tokens: Secret = setting(
        None, "API tokens as `perpcarry new-token` prints them (no secret is in it), with commas."
    )
    access_file: OptionalPath = setting(
        None,
        "File with passwords' hashes and tokens, a line each, that only its owner may read; "
        "`perpcarry new-password --to FILE` and `perpcarry new-token --to FILE` write it.",
    )
    session_idle: Duration = duration(
        "12h", "A login that was not used for so long has ended.", low="1m", high="30d"
    )
    session_lifetime: Duration = duration(
        "7d", "A login has ended after so long in any case.", low="1m", high="365d"
    )
    session_file: OptionalPath = setting(
        None, "Where logins outlast a restart; unset, it stands beside the store's file."
    )
    allowed_hosts: HostNames = setting(
        (), "Further names by which browsers may reach it; with a port if it is not `port`."
    )
    public_url: Annotated[Text, AfterValidator(_public_url)] = setting(
        "", "How browsers see it behind a proxy, such as one that speaks TLS."
    )


class StoreSettings(Section):
    """Where everything that happened is kept."""

    url: Annotated[Text, AfterValidator(_store_url)] = setting(
        "sqlite:///var/perpcarry.db",
        "The database: `sqlite:///FILE` or `postgresql://USER:PASSWORD@HOST/NAME`.",
    )
