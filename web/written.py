"""Answers as they were written: the same answer to the same question is not written again."""

from collections import OrderedDict

from web.serialise import to_json

ANSWERS_KEPT = 16
WORTH_KEEPING = 2_000
"""Bytes; what is shorter is written as fast as it is compared."""


class Written:
    """The JSON of the last few answers, one a question."""

    def __init__(self) -> None:
        self._kept: OrderedDict[object, tuple[object, bytes]] = OrderedDict()

    def json(self, question: object, answer: object) -> bytes:
        """What ``to_json`` makes of the answer.

        The views answer from parts that they keep until something changes, so equal answers are
        found to be equal in no time, and others differ in one of their first fields.
        """
        kept = self._kept.get(question)
        if kept is not None and kept[0] == answer:
            self._kept.move_to_end(question)
            return kept[1]
        written = to_json(answer)
        if len(written) >= WORTH_KEEPING:
            self._kept[question] = (answer, written)
            self._kept.move_to_end(question)
            if len(self._kept) > ANSWERS_KEPT:
                self._kept.popitem(last=False)
        return written
