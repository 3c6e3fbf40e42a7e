"""What has to come about, and by when."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from tests.simulation.promise import BrokenPromise

NEVER = datetime.max.replace(tzinfo=UTC)


class Matter(StrEnum):
    """What may be open for a while, in the words of the complaint when it stays so."""

    ORDER = "has no outcome on disk"
    FILL = "was filled at the exchange and is not on disk"
    STRIKE = "was taken by the exchange and is not on disk"
    BOOKING = "is on disk and not booked in the ledger"
    PAYMENT = "was paid by the exchange and is not booked in the ledger"
    OPENING = "is not booked in the ledger"
    NAKED = "has a naked leg and no order under way"
    UNREST = "does not come to rest"
    UNWANTED = "is held though the bot is to hold nothing"
    COMMAND = "was accepted and has no outcome"
    ANSWER = "was given and never answered"
    PASSAGE = "is only to be passed through, and lasts"


WITHIN = {
    Matter.ORDER: timedelta(hours=1),
    Matter.FILL: timedelta(hours=1),
    Matter.STRIKE: timedelta(hours=25),
    Matter.BOOKING: timedelta(minutes=5),
    Matter.PAYMENT: timedelta(hours=28),
    Matter.OPENING: timedelta(hours=1),
    Matter.NAKED: timedelta(minutes=10),
    Matter.UNREST: timedelta(hours=1),
    Matter.UNWANTED: timedelta(hours=1),
    Matter.COMMAND: timedelta(minutes=5),
    Matter.ANSWER: timedelta(minutes=5),
    Matter.PASSAGE: timedelta(hours=1),
}
"""Above what was seen to take longest. An outage of the exchange lasts for twenty minutes. The
account is compared every six hours, and payments are asked for in every cycle that gets a snapshot,
one every four or eight hours; up to three in a row may come to nothing.
"""


@dataclass(frozen=True, slots=True)
class _Open:
    since: datetime
    until: datetime


class Deadlines:
    """Open matters, each by its kind and the name of what it is about."""

    def __init__(self) -> None:
        self.next = NEVER
        """The first one's end; nothing is overdue before."""
        self.longest: dict[Matter, timedelta] = dict.fromkeys(Matter, timedelta())
        """What took longest so far, of those that have come about."""
        self._open: dict[tuple[Matter, str], _Open] = {}

    @property
    def open(self) -> list[str]:
        return [f"{name} {matter}" for matter, name in self._open]

    def expect(self, matter: Matter, name: str, now: datetime) -> None:
        """From now on, unless it is open already: then its end stays."""
        if (matter, name) not in self._open:
            until = now + WITHIN[matter]
            self._open[matter, name] = _Open(now, until)
            self.next = min(self.next, until)

    def done(self, matter: Matter, name: str, now: datetime) -> None:
        """It has come about, or is of no matter any more. Raises BrokenPromise if that is late."""
        one = self._open.get((matter, name))
        if one is None:
            return
        self.check(now)
        del self._open[matter, name]
        self.longest[matter] = max(self.longest[matter], now - one.since)
        if one.until == self.next:
            self.next = min((left.until for left in self._open.values()), default=NEVER)

    def set(self, matter: Matter, name: str, is_open: bool, now: datetime) -> None:
        if is_open:
            self.expect(matter, name, now)
        else:
            self.done(matter, name, now)

    def is_open(self, matter: Matter, name: str) -> bool:
        return (matter, name) in self._open

    def check(self, now: datetime) -> None:
        """Raises BrokenPromise for what should have come about by now."""
        if now <= self.next:
            return
        raise BrokenPromise(
            "; ".join(
                f"{name} {matter}, since {one.since:%Y-%m-%d %H:%M:%S}"
                for (matter, name), one in self._open.items()
                if one.until < now
            )
        )
