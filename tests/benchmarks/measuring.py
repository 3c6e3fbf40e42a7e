"""How the benchmarks of the house measure: medians, beside the processor time they took."""

import gc
import time
from collections.abc import Callable
from dataclasses import dataclass
from statistics import median, quantiles


@dataclass(frozen=True, slots=True)
class Measured:
    """Calls of one thing, in seconds."""

    wall: tuple[float, ...]
    processor: tuple[float, ...]
    """Of all threads of this process; what other programs do on the machine hardly shows here."""

    @property
    def p50(self) -> float:
        return median(self.wall)

    @property
    def p99(self) -> float:
        return quantiles(self.wall, n=100, method="inclusive")[98]

    @property
    def work(self) -> float:
        """The median of the processor time."""
        return median(self.processor)

    def __str__(self) -> str:
        return f"p50 {ms(self.p50)}, p99 {ms(self.p99)}, processor {ms(self.work)}"


def measured(act: Callable[[], object], times: int) -> Measured:
    """So many calls, after two that do not count; nor does the rubbish of earlier tests."""
    act()
    act()
    gc.collect()
    gc.freeze()
    try:
        return each([act] * times)
    finally:
        gc.unfreeze()


def each(acts: list[Callable[[], object]]) -> Measured:
    """One call of each."""
    wall, processor = [], []
    for act in acts:
        began, worked = time.perf_counter(), time.process_time()
        act()
        wall.append(time.perf_counter() - began)
        processor.append(time.process_time() - worked)
    return Measured(tuple(wall), tuple(processor))


def ms(seconds: float) -> str:
    return f"{seconds * 1e3:.2f} ms"
