"""A house without a bot: actors that answer what the web asks, and can be told not to."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from actors.config.messages import (
    ChangeSettings,
    CheckSettings,
    SettingsChanged,
    SettingsRefused,
)
from actors.domain.ledger import EquityPoint
from actors.journal.messages import CommandAccepted, GetCommand, RecordEvent, SubmitCommand
from actors.runtime import Actor, Address, ChildSpec, LiveRuntime, Rejected, SupervisorSpec
from actors.views.messages import (
    Changes,
    GetAnalytics,
    GetBalance,
    GetChanges,
    GetConfig,
    GetDeadLetters,
    GetEquity,
    GetEvents,
    GetFundingRates,
    GetOpportunities,
    GetPnl,
    GetPosition,
    GetPositions,
    GetRateHistory,
    GetRatePrints,
    GetStatus,
    GetSystem,
    GetTrades,
    GetTradeSummary,
    Status,
)
from tests.web import sample_data as data

COMMANDS = {
    "start",
    "stop",
    "restart",
    "pause",
    "resume",
    "emergency-stop",
    "clear-emergency",
    "close-position",
    "restart-actor",
    "resend-letter",
    "drop-letter",
}
FIRST_REVISION = 1_000

Trouble = Callable[[Actor, object], bool]
"""Is asked before a message is dealt with; True = it has seen to it."""


class House:
    """The actors that the web knows, on a live runtime. Every letter they got is on record."""

    def __init__(self) -> None:
        self.answers: dict[type, Any] = {
            GetStatus: data.STATUS,
            GetPositions: data.POSITIONS,
            GetTrades: data.TRADES,
            GetTradeSummary: data.SUMMARY,
            GetPosition: data.LIFE,
            GetPnl: data.PNL,
            GetEquity: data.EQUITY,
            GetFundingRates: data.RATES,
            GetOpportunities: data.OPPORTUNITIES,
            GetRateHistory: data.RATE_HISTORY,
            GetRatePrints: data.RATE_PRINTS,
            GetBalance: data.BALANCE,
            GetAnalytics: data.ANALYTICS_VIEW,
            GetConfig: data.CONFIG,
            GetSystem: data.SYSTEM,
            GetDeadLetters: data.LETTERS,
            GetEvents: data.EVENTS,
        }
        self.letters: list[tuple[str, Any]] = []
        """Which room got which message."""
        self.trouble: Trouble = lambda actor, message: False
        self.commands: list[SubmitCommand] = []
        self.revision = FIRST_REVISION
        self.facts: dict[str, Any] = {
            "status": data.STATUS,
            "positions": data.POSITIONS,
            "funding_rates": data.RATES,
            "pnl": data.PNL,
            "equity": data.EQUITY_POINTS[-1],
            "balance": data.BALANCE,
            "analytics": data.ANALYTICS_VIEW,
            "system": data.SYSTEM,
            "config": data.CONFIG,
            "new_trades": data.TRADES.trades,
            "new_events": data.EVENTS.events,
        }
        self.changed: dict[str, int] = {}
        """Topics that changed since the start, and at which revision."""
        self._lock = threading.Lock()
        self.runtime = LiveRuntime(workers=1)

    def start(self, *more: ChildSpec) -> None:
        kinds: dict[str, type[_Room]] = {"views": _Views, "journal": _Journal, "config": _Config}
        children = [
            ChildSpec(name, lambda kind=kind: kind(self))  # type: ignore[misc]
            for name, kind in kinds.items()
        ]
        self.runtime.start(SupervisorSpec("root", children=(*children, *more), max_restarts=1000))

    def stop(self) -> None:
        self.runtime.stop()

    def address(self, room: str) -> Address:
        return self.runtime.address(f"root/{room}")

    def note(self, room: str, message: object) -> None:
        with self._lock:
            self.letters.append((room, message))

    def told(self, room: str, kind: type = object) -> list[Any]:
        with self._lock:
            return [one for name, one in self.letters if name == room and isinstance(one, kind)]

    def forget_letters(self) -> None:
        with self._lock:
            self.letters.clear()

    def change(self, **topics: Any) -> None:
        """New facts under the names that Changes has for them: status, positions, equity..."""
        with self._lock:
            self.revision += 1
            for topic, value in topics.items():
                self.changed[topic] = self.revision
                self.facts[topic] = value

    def changes(self, since: int, wanted: frozenset[str] | None = None) -> Changes:
        with self._lock:
            everything = not FIRST_REVISION <= since <= self.revision
            topics: dict[str, Any] = {
                topic: value
                if (everything or self.changed.get(topic, 0) > since)
                and (wanted is None or topic in wanted)
                else (() if topic.startswith("new_") else None)
                for topic, value in self.facts.items()
            }
            return Changes(revision=self.revision, **topics)


class _Room(Actor):
    def __init__(self, house: House) -> None:
        self.house = house

    def receive(self, message: Any) -> None:
        self.house.note(self.context.address.name.removeprefix("root/"), message)
        if not self.house.trouble(self, message):
            self.context.reply(self.answer(message))

    def answer(self, message: Any) -> object:
        raise NotImplementedError


class _Views(_Room):
    def answer(self, message: Any) -> object:
        if isinstance(message, GetChanges):
            return self.house.changes(message.revision, message.topics)
        return self.house.answers[type(message)]


class _Journal(_Room):
    def answer(self, message: Any) -> object:
        commands = self.house.commands
        match message:
            case RecordEvent():
                return None
            case SubmitCommand(key, name, _, _):
                if name not in COMMANDS:
                    raise Rejected("unknown_command", f"there is no command {name}")
                for number, known in enumerate(commands, start=1):
                    if known.idempotency_key == key:
                        if known != message:
                            raise Rejected("key_reused", "the key came with another command")
                        return CommandAccepted(number, name, True, "done", "as asked")
                commands.append(message)
                return CommandAccepted(len(commands), name, False, "accepted")
            case GetCommand(number):
                if not 0 < number <= len(commands):
                    raise Rejected("no_such_command", f"there is no command {number}")
                return CommandAccepted(number, commands[number - 1].name, False, "done")
        raise TypeError(type(message))


class _Config(_Room):
    def answer(self, message: Any) -> object:
        assert isinstance(message, ChangeSettings | CheckSettings)
        keys = tuple(change.key for change in message.changes)
        wrong = tuple(
            (key, "there is no such setting") for key in keys if not key.startswith("trading.")
        )
        if isinstance(message, CheckSettings):
            return replace(data.CHECKED, acceptable=not wrong, fields=wrong)
        if wrong:
            reasons = "\n".join(f"{key}: {what}" for key, what in wrong)
            raise SettingsRefused("invalid_settings", reasons, wrong)
        return SettingsChanged(8, keys, "the next cycle", 4121)


def silent(actor: Actor, message: object) -> bool:
    """Trouble: takes the question and never answers."""
    actor.context.keep_reply_if_asked()
    return True


def crashing(actor: Actor, message: object) -> bool:
    raise ValueError("boom")


def refusing(code: str, reason: str = "no") -> Trouble:
    def refuse(actor: Actor, message: object) -> bool:
        raise Rejected(code, reason)

    return refuse


def status(**changes: Any) -> Status:
    return replace(data.STATUS, **changes)


def equity(amount: str, hours_later: int) -> EquityPoint:
    last = data.EQUITY_POINTS[-1]
    return replace(last, at=last.at + hours_later * data.HOUR, equity_usdt=data.D(amount))
