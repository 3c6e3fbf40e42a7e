"""What runs here, and which version of it."""

import platform
from importlib.metadata import PackageNotFoundError, version

from actors import __version__

_PACKAGES = (
    "Pykka",
    "aiohttp",
    "SQLAlchemy",
    "pydantic",
    "NumPy",
    "pyarrow",
    "orjson",
    "plotly",
    "ccxt",
)


def versions() -> tuple[tuple[str, str], ...]:
    """By name; what is not installed is left out."""
    found = [("perpcarry", __version__), ("Python", platform.python_version())]
    for name in _PACKAGES:
        try:
            found.append((name, version(name)))
        except PackageNotFoundError:
            continue
    return tuple(found)
