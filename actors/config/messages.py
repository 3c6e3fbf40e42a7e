"""What the config actor takes and answers."""

from dataclasses import dataclass
from datetime import datetime

from actors.domain.terms import Terms


@dataclass(frozen=True, slots=True)
class GetTerms:
    """Asked by the orchestrator at the start of a cycle: pending changes come into force now."""

    cycle: int


@dataclass(frozen=True, slots=True)
class TermsInForce:
    cycle: int
    terms: Terms


@dataclass(frozen=True, slots=True)
class FieldChange:
    key: str
    """Dotted settings key, e.g. ``trading.min_funding_rate``."""
    value: str | None
    """JSON text of the value as the person gave it; None = back to the settings file's value."""


@dataclass(frozen=True, slots=True)
class ChangeSettings:
    """Validated as a whole; rejected (code ``invalid_settings``) or on record before the answer.

    Answered by SettingsChanged.
    """

    changes: tuple[FieldChange, ...]
    who: str
    idempotency_key: str = ""


@dataclass(frozen=True, slots=True)
class SettingsChanged:
    version: int
    changed: tuple[str, ...]
    in_force_from: str
    """In words: ``the next cycle`` or ``now (not running)``."""


@dataclass(frozen=True, slots=True)
class GetSettings:
    """Answered by SettingsView."""


@dataclass(frozen=True, slots=True)
class SettingField:
    key: str
    kind: str
    """decimal, integer, number, boolean, text, choice, list, map, duration."""
    default: str
    configured: str
    override: str | None
    effective: str
    editable: bool
    """True where the overlay may change it while running."""
    unit: str = ""
    minimum: str | None = None
    maximum: str | None = None
    choices: tuple[str, ...] = ()
    description: str = ""


@dataclass(frozen=True, slots=True)
class SettingsChange:
    """One audited change."""

    version: int
    at: datetime
    who: str
    key: str
    before: str | None
    after: str | None


@dataclass(frozen=True, slots=True)
class SettingsView:
    """Also told to the views whenever something changed. Secrets never appear."""

    version: int
    pending: bool
    """True while a change waits for the next cycle."""
    fields: tuple[SettingField, ...]
    history: tuple[SettingsChange, ...]
