"""All that is on record of one position, read at once."""

from datetime import datetime

from actors.domain.pnl import CoinPrices
from actors.journal.messages import Event, EventRecorded, Severity
from actors.pnl.messages import PositionRecord
from actors.pnl.recording import coin_prices_of
from actors.runtime import Rejected
from actors.store import Transaction

MOST_EVENTS = 500


def read_position(
    tx: Transaction, position_id: str, coins: CoinPrices, at: datetime
) -> PositionRecord:
    """``coins``: present prices, for what its trade has not valued for good.

    Raises Rejected (code ``no_such_position``).
    """
    position = tx.positions.load(position_id)
    if position is None:
        raise Rejected("no_such_position", f"there is no position {position_id}")
    trade = tx.ledger.trade(position_id)
    return PositionRecord(
        at=at,
        position=position,
        payments=tuple(tx.ledger.payments(position_id)),
        trade=trade,
        coin_prices=coins if trade is None else coin_prices_of(tx, position_id),
        events=tuple(
            EventRecorded(
                one.seq,
                Event(one.at, one.kind, Severity(one.severity), one.address, one.text, one.detail),
            )
            for one in tx.events.about(position_id, position.created_at, MOST_EVENTS)
        ),
    )
