"""What the application carries for its handlers."""

from aiohttp import web

from actors.runtime import Address
from web.live import Broadcast
from web.settings import WebSettings
from web.written import Written

VIEWS = web.AppKey("views", Address)
JOURNAL = web.AppKey("journal", Address)
CONFIG = web.AppKey("config", Address)
SETTINGS = web.AppKey("settings", WebSettings)
BROADCAST = web.AppKey("broadcast", Broadcast)
OPENAPI = web.AppKey("openapi", bytes)
WRITTEN = web.AppKey("written", Written)
