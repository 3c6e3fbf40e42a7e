"""What the account gained, by period and by month: the equity curve and what was booked by then."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from actors.domain.flows import Flows
from actors.domain.ledger import EquityPoint
from actors.domain.periods import EquityHistory, Month, Period, Sample


class Gains:
    """Each point costs the same, however long the curve is."""

    def __init__(self) -> None:
        self._history = EquityHistory()

    def restore(self, points: Sequence[EquityPoint], flows_at: Mapping[int, Flows]) -> None:
        """The points on record, by time."""
        for point in points:
            self.add(point, flows_at[point.booked])

    def add(self, point: EquityPoint, flows: Flows) -> None:
        """A point that is on record; ``flows``: what had been booked by then."""
        self._history.add(Sample(point.at, point.equity_usdt, flows))

    def now(
        self, at: datetime, point: EquityPoint | None, flows: Flows, why: str
    ) -> tuple[tuple[Period, ...], tuple[Month, ...]]:
        """Periods and months up to ``point``; ``why`` it is None, where it is."""
        latest = None if point is None else Sample(point.at, point.equity_usdt, flows)
        return self._history.periods(at, latest, why), self._history.months(latest)
