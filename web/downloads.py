"""Tables to take away."""

import csv
from collections.abc import Iterable
from io import StringIO

from aiohttp import web

from actors.domain.results import ClosedTrade
from actors.domain.tables import TRADE_COLUMNS, cell, trade_row
from actors.views.messages import GetTrades, TradeFilter
from web.bodies import refuse_body
from web.handlers import ask_views
from web.parameters import parameters_of, read_query

ALL = 2**31
ROWS_AT_ONCE = 500
_FILTERS = parameters_of(TradeFilter)


async def trades_csv(request: web.Request) -> web.StreamResponse:
    """The columns of ``perpcarry export trades``; sent in parts, so that no large text is made."""
    values = read_query(request, _FILTERS)
    await refuse_body(request)
    found = await ask_views(request, GetTrades(limit=ALL, sort="exit_at", **values))
    trades: tuple[ClosedTrade, ...] = found.trades
    response = web.StreamResponse(
        headers={"Content-Disposition": 'attachment; filename="trades.csv"'}
    )
    response.content_type = "text/csv"
    response.charset = "utf-8"
    await response.prepare(request)
    await response.write(_lines([TRADE_COLUMNS]))
    for start in range(0, len(trades), ROWS_AT_ONCE):
        await response.write(_lines(map(trade_row, trades[start : start + ROWS_AT_ONCE])))
    await response.write_eof()
    return response


def _lines(rows: Iterable[Iterable[object]]) -> bytes:
    text = StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerows([cell(value) for value in row] for row in rows)
    return text.getvalue().encode()
