"""Whom execution tells what: the pair's strategy, the listeners, PnL and the journal."""

from collections.abc import Callable, Sequence

from actors.execution.messages import PairStatus
from actors.journal.messages import Event, RecordEvent, Severity
from actors.pnl.messages import FillsRecorded
from actors.runtime import Address, Context


class Voice:
    """Tells a status only where it differs from the last one told."""

    def __init__(
        self,
        context: Context,
        strategy_of: Callable[[str], Address],
        listeners: Sequence[Address],
        pnl: Address,
        journal: Address,
    ) -> None:
        self._context = context
        self._strategy_of = strategy_of
        self._listeners = listeners
        self._pnl = pnl
        self._journal = journal
        self._told: dict[str, PairStatus] = {}

    def status(self, status: PairStatus) -> None:
        if self._told.get(status.pair_key) == status:
            return
        self._told[status.pair_key] = status
        for address in (self._strategy_of(status.pair_key), *self._listeners):
            address.tell(status)

    def fills(self, position_id: str) -> None:
        self._pnl.tell(FillsRecorded(position_id))

    def event(self, kind: str, severity: Severity, text: str, detail: str = "") -> None:
        address = self._context.address.name
        event = Event(self._context.now(), kind, severity, address, text, detail)
        self._journal.tell(RecordEvent(event))
