"""What the WebSocket pushes: the topics that changed since a revision."""

from datetime import datetime
from typing import TYPE_CHECKING

from actors.views.messages import Changes, GetChanges
from actors.views.model import ReadModel, Topic

if TYPE_CHECKING:
    from actors.views.queries import Pages

NEW_AT_MOST = 200
"""Trades and events in one Changes; a page asks for older ones itself."""


def changes(pages: "Pages", model: ReadModel, question: GetChanges, now: datetime) -> Changes:
    """What changed since. A revision that is not one of this life's gets everything."""
    revision, wanted = question.revision, question.topics
    if not model.first_revision <= revision <= model.revision:
        revision = -1

    def new(topic: Topic) -> bool:
        asked = wanted is None or topic in wanted or f"new_{topic}" in wanted
        return asked and model.changed[topic] > revision

    return Changes(
        revision=model.revision,
        status=pages.status(now) if new(Topic.STATUS) else None,
        positions=pages.positions(now) if new(Topic.POSITIONS) else None,
        funding_rates=pages.funding_rates() if new(Topic.FUNDING_RATES) else None,
        pnl=pages.pnl() if new(Topic.PNL) else None,
        equity=model.equity if new(Topic.EQUITY) else None,
        balance=pages.balance() if new(Topic.BALANCE) else None,
        analytics=pages.analytics() if new(Topic.ANALYTICS) else None,
        system=pages.system(now) if new(Topic.SYSTEM) else None,
        config=pages.config() if new(Topic.CONFIG) else None,
        new_trades=(model.trades.after(revision, NEW_AT_MOST) if new(Topic.TRADES) else ()),
        new_events=model.events_after(revision, NEW_AT_MOST) if new(Topic.EVENTS) else (),
    )
