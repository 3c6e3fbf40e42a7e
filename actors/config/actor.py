"""The config actor: keeps the overlay, and lets it into force only between two cycles."""

from typing import Any

from actors.config.messages import (
    ChangeSettings,
    GetSettings,
    GetTerms,
    SettingsChanged,
    SettingsView,
    TermsInForce,
)
from actors.config.problems import SettingsError
from actors.config.record import ConfigRecord, digest
from actors.config.runtime_config import RuntimeConfig
from actors.config.settings import Settings
from actors.config.terms import terms_of
from actors.config.view import view_of
from actors.journal.messages import Event, RecordEvent, Severity
from actors.runtime import Actor, Address, Rejected
from actors.store import Store


class ConfigActor(Actor):
    """Its durable state is the record of changes; the settings themselves come from outside."""

    def __init__(self, store: Store, settings: Settings, views: Address, journal: Address) -> None:
        self._store = store
        self._settings = settings
        self._views = views
        self._journal = journal
        self._config = RuntimeConfig(settings)
        self._in_force: TermsInForce | None = None

    def started(self) -> None:
        self._record = ConfigRecord(self._store, self.context.fence)
        self._config = self._record.restore(self._settings)
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
            case GetSettings():
                self.context.reply(self._view())

    def _terms(self, cycle: int) -> TermsInForce:
        """A cycle that asks twice gets the same terms, whatever was changed in between."""
        if self._in_force is not None and self._in_force.cycle == cycle:
            return self._in_force
        was_pending = self._pending()
        terms = terms_of(self._config.effective, self._config.version)
        self._in_force = TermsInForce(cycle, terms)
        if was_pending:
            self._views.tell(self._view())
        return self._in_force

    def _change(self, request: ChangeSettings) -> SettingsChanged:
        known = self._record.answer_to(request)
        if known is not None:
            if known.digest != digest(request):
                raise Rejected("key_reused", "this Idempotency-Key came with other changes before")
            return known.answer
        before = self._config
        try:
            after = before.changed(request.changes)
        except SettingsError as error:
            raise Rejected("invalid_settings", str(error)) from None
        changed = _difference(before, after)
        answer = SettingsChanged(after.version, changed, "the next cycle")
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

    def _pending(self) -> bool:
        return self._in_force is None or self._in_force.terms.version != self._config.version

    def _view(self) -> SettingsView:
        # Before the first cycle nothing is in force that a change could wait for.
        pending = self._in_force is not None and self._pending()
        return view_of(self._config, pending=pending, history=self._record.history())

    def _tell_journal(self, kind: str, severity: Severity, text: str) -> None:
        event = Event(self.context.now(), kind, severity, self.context.address.name, text)
        self._journal.tell(RecordEvent(event))


def _difference(before: RuntimeConfig, after: RuntimeConfig) -> tuple[str, ...]:
    """Keys whose override changed, and those set aside that were now dealt with."""
    keys = before.overrides.keys() | after.overrides.keys()
    changed = {key for key in keys if before.overrides.get(key) != after.overrides.get(key)}
    changed |= {one.key for one in before.set_aside} - {one.key for one in after.set_aside}
    return tuple(sorted(changed))


def _value(config: RuntimeConfig, key: str) -> str:
    value = config.overrides.get(key, "what the settings say")
    return value or "nothing"
