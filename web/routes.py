"""The route table: what is served, and what the OpenAPI document says of it."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from aiohttp import web

from actors.config.messages import SettingsChanged, SettingsChecked
from actors.journal.messages import CommandAccepted
from actors.views.messages import (
    AnalyticsView,
    BalanceView,
    ConfigView,
    DeadLetters,
    Equity,
    Events,
    FundingRates,
    GetAnalytics,
    GetBalance,
    GetConfig,
    GetDeadLetters,
    GetEquity,
    GetEvents,
    GetFundingRates,
    GetOpportunities,
    GetPnl,
    GetPosition,
    GetPositions,
    GetRateHistory,
    GetRatePrints,
    GetStatus,
    GetSystem,
    GetTrades,
    GetTradeSummary,
    Opportunities,
    Pnl,
    PositionLife,
    Positions,
    RateHistory,
    RatePrints,
    Status,
    SystemView,
    TradeFilter,
    Trades,
    TradeSummary,
)
from web import handlers
from web.auth.me import Me, me
from web.downloads import trades_csv
from web.errors import Handler
from web.handlers import Health, number, text
from web.parameters import Parameter, parameters_of

PREFIX = "/api/v1"


@dataclass(frozen=True, slots=True)
class Route:
    """One request that the API understands."""

    method: str
    path: str
    """Below PREFIX; ``{name}`` stands for a part of it."""
    name: str
    """Unique; the OpenAPI operation's id."""
    summary: str
    handler: Handler
    answer: type
    status: int = 200
    query: tuple[Parameter, ...] = ()
    numbered: bool = False
    """Whether ``{id}`` is a number."""
    keyed: bool = False
    """Whether it takes an Idempotency-Key."""
    has_body: bool = False
    media: str = "application/json"
    """What it answers with."""
    errors: tuple[int, ...] = ()
    """Beyond those that every request can meet."""


def _query(
    path: str, summary: str, question: type, answer: type, errors: tuple[int, ...] = ()
) -> Route:
    known = parameters_of(question)
    name = path.strip("/").replace("-", "_")
    handler = handlers.query(question)
    return Route("GET", path, name, summary, handler, answer, query=known, errors=errors)


def _command(path: str, summary: str, name: str) -> Route:
    handler = handlers.command(name)
    return _commanding(Route("POST", path, name, summary, handler, CommandAccepted))


def _commanding(route: Route) -> Route:
    return replace(
        route, name=route.name.replace("-", "_"), status=202, keyed=True, errors=(409, 415)
    )


ROUTES: tuple[Route, ...] = (
    Route("GET", "/health", "health", "Whether it runs.", handlers.health, Health),
    Route("GET", "/me", "me", "Who one is, and what one needs for commands.", me, Me),
    _query("/status", "The bot, its last cycle, its equity and its alarms.", GetStatus, Status),
    _query("/positions", "What is held.", GetPositions, Positions),
    _query("/trades", "Finished round trips, by filter.", GetTrades, Trades),
    Route(
        "GET",
        "/positions/{id}",
        "position",
        "The life of a position, open or closed: orders, fills and funding by time.",
        handlers.about("id", GetPosition),
        PositionLife,
    ),
    _query("/trades/summary", "What trades come to.", GetTradeSummary, TradeSummary),
    Route(
        "GET",
        "/trades.csv",
        "trades_csv",
        "Finished round trips as a table, oldest first.",
        trades_csv,
        str,
        query=parameters_of(TradeFilter),
        media="text/csv",
    ),
    _query("/pnl", "Price, funding and fees: closed, open, by pair.", GetPnl, Pnl),
    _query("/equity", "The equity curve.", GetEquity, Equity),
    _query("/funding-rates", "Rates of all pairs.", GetFundingRates, FundingRates),
    _query(
        "/rate-history",
        "Mean settled rates of pairs over time, for a heatmap.",
        GetRateHistory,
        RateHistory,
        errors=(404,),
    ),
    _query(
        "/rate-prints",
        "What one pair's perpetual settled, newest first.",
        GetRatePrints,
        RatePrints,
        errors=(404,),
    ),
    _query(
        "/opportunities",
        "The last cycle's ranking by pages, with the reasons for each pair.",
        GetOpportunities,
        Opportunities,
    ),
    _query("/balance", "The account as the venue states it.", GetBalance, BalanceView),
    _query("/analytics", "What the account achieved.", GetAnalytics, AnalyticsView),
    _query("/config", "Settings: default, configured, overridden.", GetConfig, ConfigView),
    _query("/system", "Every actor.", GetSystem, SystemView),
    _query("/dead-letters", "Letters that no actor could read.", GetDeadLetters, DeadLetters),
    _query("/events", "What happened, newest first.", GetEvents, Events),
    Route(
        "GET",
        "/commands/{id}",
        "command",
        "What became of a command.",
        handlers.get_command,
        CommandAccepted,
        numbered=True,
    ),
    _command("/start", "Begin trading.", "start"),
    _command("/stop", "Close every position, then stop.", "stop"),
    _command("/restart", "Reconcile and begin a new cycle; positions are kept.", "restart"),
    _command("/pause", "Keep the positions, enter none.", "pause"),
    _command("/resume", "Enter positions again.", "resume"),
    _command(
        "/emergency-stop",
        "Close everything at market now; halts until a person clears it.",
        "emergency-stop",
    ),
    _command("/clear-emergency", "End the halt; the bot is then stopped.", "clear-emergency"),
    _commanding(
        Route(
            "POST",
            "/positions/{id}/close",
            "close-position",
            "Close one position.",
            handlers.command("close-position", text("id")),
            CommandAccepted,
        )
    ),
    _commanding(
        Route(
            "POST",
            "/system/{address}/restart",
            "restart-actor",
            "Restart one actor, e.g. root/market.",
            handlers.command("restart-actor", text("address")),
            CommandAccepted,
        )
    ),
    _commanding(
        Route(
            "POST",
            "/dead-letters/{id}/resend",
            "resend-letter",
            "Send a dead letter once more.",
            handlers.command("resend-letter", number),
            CommandAccepted,
            numbered=True,
        )
    ),
    _commanding(
        Route(
            "POST",
            "/dead-letters/{id}/drop",
            "drop-letter",
            "Forget a dead letter.",
            handlers.command("drop-letter", number),
            CommandAccepted,
            numbered=True,
        )
    ),
    Route(
        "PATCH",
        "/config",
        "change_settings",
        "Override settings from the next cycle on; validated as a whole.",
        handlers.change_settings,
        SettingsChanged,
        query=(handlers.BASED_ON,),
        keyed=True,
        has_body=True,
        errors=(409, 415, 422),
    ),
    Route(
        "POST",
        "/config/check",
        "check_settings",
        "What the same change of settings would do, or why it would be refused; changes nothing.",
        handlers.check_settings,
        SettingsChecked,
        query=(handlers.BASED_ON,),
        has_body=True,
        errors=(415,),
    ),
    Route(
        "DELETE",
        "/config/{key}",
        "reset_setting",
        "Back to the settings file's value.",
        handlers.reset_setting,
        SettingsChanged,
        keyed=True,
        errors=(409, 415, 422),
    ),
)


def add_routes(app: web.Application, routes: Iterable[Route] = ROUTES) -> None:
    for route in routes:
        # An actor's address is a path itself.
        path = PREFIX + route.path.replace("{address}", "{address:.+}")
        if route.method == "GET":
            app.router.add_get(path, route.handler)
        else:
            app.router.add_route(route.method, path, route.handler)
