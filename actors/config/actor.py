"""The config actor: keeps the overlay, and lets it into force only between two cycles."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any

from actors.config.messages import (
    ChangeSettings,
    CheckSettings,
    GetSettings,
    GetTerms,
    SettingsChanged,
    SettingsChecked,
    SettingsRefused,
    SettingsView,
    TermsInForce,
    VersionInForce,
)
from actors.config.overtaken import overtaken
from actors.config.problems import Problem, SettingsError, by_key
from actors.config.record import ConfigRecord, digest
from actors.config.runtime_config import RuntimeConfig
from actors.config.settings import Settings
from actors.config.terms import terms_of
from actors.config.view import outcome_of, view_of
from actors.journal.messages import Event, RecordEvent, Severity
from actors.runtime import Actor, Address, Rejected
from actors.store import Store

NEXT_CYCLE = "the next cycle"
NOWHERE: Mapping[str, str] = MappingProxyType({})


class ConfigActor(Actor):
    """Its durable state is the record of changes; the settings themselves come from outside."""

    def __init__(
        self,
        store: Store,
        settings: Settings,
        views: Address,
        journal: Address,
        places: Mapping[str, str] = NOWHERE,
    ) -> None:
        """``places``: where settings that are no defaults were found, by key."""
        self._store = store
        self._settings = settings
        self._places = places
        self._views = views
        self._journal = journal
        self._config = RuntimeConfig(settings)
        self._in_force: TermsInForce | None = None
        """What was answered last, in this life."""

    def started(self) -> None:
        self._record = ConfigRecord(self._store, self.context.fence)
        self._config = self._record.restore(self._settings)
        self._running = self._record.in_force()
        for problem in self._config.set_aside:
            self._tell_journal(
                "settings.set_aside",
                Severity.WARNING,
                f"a change made while running no longer fits and is left aside: {problem}",
            )
        self._views.tell(self._view())

    def receive(self, message: Any) -> None:
        match message:
            case GetTerms(cycle):
                self.context.reply(self._terms(cycle))
            case ChangeSettings():
                self.context.reply(self._change(message))
            case CheckSettings():
                self.context.reply(self._check(message))
            case GetSettings():
                self.context.reply(self._view())

    def _terms(self, cycle: int) -> TermsInForce:
        """A cycle that asks twice gets the same terms, whatever was changed in between."""
        if self._in_force is not None and self._in_force.cycle == cycle:
            return self._in_force
        config = self._config
        self._in_force = TermsInForce(cycle, terms_of(config.effective, config.version))
        if self._running is None or self._running.version != config.version:
            self._running = VersionInForce(config.version, cycle, self.context.now())
            self._record.bring_into_force(self._running)
            self._views.tell(self._view())
        return self._in_force

    def _change(self, request: ChangeSettings) -> SettingsChanged:
        known = self._record.answer_to(request)
        if known is not None:
            if known.digest != digest(request):
                raise Rejected("key_reused", "this Idempotency-Key came with other changes before")
            return known.answer
        before, after = self._config, self._tried(request)
        changed = after.different_from(before)
        answer = SettingsChanged(after.version, changed, NEXT_CYCLE, self._next_cycle)
        self._record.write(request, answer, before, after, self.context.now())
        self._config = after
        if changed:
            self._tell_journal(
                "settings.changed",
                Severity.INFO,
                f"{request.who} changed "
                + ", ".join(f"{key} to {_value(after, key)}" for key in changed),
            )
            self._views.tell(self._view())
        return answer

    def _check(self, request: CheckSettings) -> SettingsChecked:
        try:
            after = self._tried(request)
        except SettingsRefused as refusal:
            after, why = self._config, refusal
        else:
            why = SettingsRefused("", "")
        return SettingsChecked(
            acceptable=not why.code,
            code=why.code,
            message=why.reason,
            fields=why.fields,
            outcome=outcome_of(self._config, after),
            version=after.version,
            in_force_from=NEXT_CYCLE,
            cycle=self._next_cycle,
        )

    def _tried(self, request: ChangeSettings | CheckSettings) -> RuntimeConfig:
        """The overlay as the request would have it. Raises SettingsRefused."""
        try:
            after = self._config.changed(request.changes)
        except SettingsError as error:
            raise _refusal("invalid_settings", error.problems) from None
        if request.based_on is not None:
            keys, changes = after.different_from(self._config), self._record.changes()
            problems = overtaken(keys, request.based_on, self._config.version, changes)
            if problems:
                raise _refusal("changed_meanwhile", problems)
        return after

    @property
    def _next_cycle(self) -> int | None:
        return None if self._in_force is None else self._in_force.cycle + 1

    def _view(self) -> SettingsView:
        return view_of(
            self._config, self._record.changes(), self._places, self._running, self._next_cycle
        )

    def _tell_journal(self, kind: str, severity: Severity, text: str) -> None:
        event = Event(self.context.now(), kind, severity, self.context.address.name, text)
        self._journal.tell(RecordEvent(event))


def _refusal(code: str, problems: Sequence[Problem]) -> SettingsRefused:
    return SettingsRefused(code, "\n".join(map(str, problems)), by_key(problems))


def _value(config: RuntimeConfig, key: str) -> str:
    value = config.overrides.get(key, "what the settings say")
    return value or "nothing"
