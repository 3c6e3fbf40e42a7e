"""The chart library, out of the installed ``plotly`` package: no CDN, no copy of our own."""

import asyncio
import gzip
import hashlib
import re
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from pathlib import Path

from aiohttp import web

PATH = "/vendor/plotly.js"
_FOR_EVER = "public, max-age=31536000, immutable"
_OWN_STYLES = re.compile(r'getElementById\("([0-9a-f]{64})"\)')
"""How the bundle asks whether the styles of its maps are there already."""


@dataclass(frozen=True, slots=True)
class Bundle:
    """What a page must know to load it."""

    url: str
    map_styles_id: str
    """An element of this id keeps it from putting in styles of its own, which our policy forbids
    and no chart of ours needs; empty if the bundle has none."""


def bundle() -> Bundle:
    return Bundle(f"{PATH}?v={_version()}", _map_styles_id())


async def serve(request: web.Request) -> web.Response:
    """Compressed once, then kept by the browser: its address holds its version."""
    headers = {"Cache-Control": _FOR_EVER, "Vary": "Accept-Encoding"}
    if "gzip" in request.headers.get("Accept-Encoding", ""):
        body = await asyncio.to_thread(_compressed)
        headers["Content-Encoding"] = "gzip"
    else:
        body = await asyncio.to_thread(_source)
    return web.Response(body=body, content_type="text/javascript", charset="utf-8", headers=headers)


def _source() -> bytes:
    # Found, not imported: its Python part takes long to load and is not used.
    found = find_spec("plotly")
    if found is None or not found.submodule_search_locations:
        raise RuntimeError("the package `plotly` is not installed")
    (folder, *_) = found.submodule_search_locations
    return (Path(folder) / "package_data" / "plotly.min.js").read_bytes()


@cache
def _compressed() -> bytes:
    return gzip.compress(_source(), compresslevel=6)


@cache
def _version() -> str:
    return hashlib.sha256(_source()).hexdigest()[:12]


@cache
def _map_styles_id() -> str:
    found = _OWN_STYLES.search(_source().decode())
    return "" if found is None else found.group(1)
