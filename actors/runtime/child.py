"""What a supervisor knows of one child."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from .letter import Rejected, ReplyTo
from .specs import Spec


@dataclass(slots=True)
class Child:
    spec: Spec
    path: str
    state: Literal["down", "waiting", "starting", "up", "stopping"] = "down"
    epoch: int = 0
    wanted: bool = True
    doomed: bool = False
    """Has to be stopped before anything else is done with it."""
    removed: bool = False
    streak: int = 0
    up_since: datetime | None = None
    start_askers: list[ReplyTo] = field(default_factory=list)
    stop_askers: list[ReplyTo] = field(default_factory=list)
    on_trial: bool = False
    """Added by StartChild and never up so far."""

    @property
    def alive(self) -> bool:
        return self.state in ("starting", "up", "stopping")


def answer_all(askers: list[ReplyTo], answer: object) -> None:
    """Tell all who wait, and forget them."""
    for asker in askers:
        asker.answer(answer)
    askers.clear()


def refuse_all(askers: list[ReplyTo], refusal: Rejected) -> None:
    for asker in askers:
        asker.refuse(refusal)
    askers.clear()
