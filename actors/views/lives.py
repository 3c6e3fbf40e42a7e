"""Who waits for the life of which position: the ledger reads it, the views put it together."""

from collections import defaultdict

from actors.pnl.messages import PositionRecord, ReadPosition
from actors.runtime import Address, Context, Refused, Rejected, ReplyTo
from actors.views.life import life
from actors.views.model import ReadModel
from actors.views.positions import position_view

MOST_WAITING = 200


class Lives:
    """Several who ask for the same position wait for one reading of it."""

    def __init__(self, context: Context, model: ReadModel, pnl: Address) -> None:
        self._context = context
        self._model = model
        self._pnl = pnl
        self._waiting: dict[str, list[ReplyTo]] = defaultdict(list)

    def ask(self, position_id: str) -> None:
        """For the one who asks with the letter at hand.

        Raises Rejected (code ``busy``) where too many wait already.
        """
        if sum(map(len, self._waiting.values())) >= MOST_WAITING:
            raise Rejected("busy", "the ledger has not answered earlier questions yet")
        asker = self._context.keep_reply_if_asked()
        if asker is None:
            return
        first = position_id not in self._waiting
        self._waiting[position_id].append(asker)
        if first:
            self._pnl.tell(ReadPosition(position_id), reply_to=self._context.address)

    def answered(self, record: PositionRecord) -> None:
        status = self._model.pairs.get(record.position.pair.key)
        held = None if status is None else status.position
        now = None
        if status is not None and held is not None and held.id == record.position.id:
            now = position_view(self._model, status, record.at)
        answer = life(record, now)
        for asker in self._waiting.pop(record.position.id, ()):
            asker.answer(answer)

    def refused(self, refusal: Refused) -> bool:
        """False where it is no refusal of ours."""
        if not isinstance(refusal.message, ReadPosition):
            return False
        for asker in self._waiting.pop(refusal.message.position_id, ()):
            asker.refuse(Rejected(refusal.code, refusal.reason))
        return True
