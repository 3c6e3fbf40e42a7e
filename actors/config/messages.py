"""What the config actor takes and answers."""

from dataclasses import dataclass
from datetime import datetime

from actors.domain.terms import Terms
from actors.runtime import Rejected


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
    """Validated as a whole; refused (SettingsRefused) or on record before the answer.

    Answered by SettingsChanged.
    """

    changes: tuple[FieldChange, ...]
    who: str
    idempotency_key: str = ""
    based_on: int | None = None
    """The version the person had before them; None = whatever holds now."""


@dataclass(frozen=True, slots=True)
class CheckSettings:
    """What would ChangeSettings do? Nothing is changed, whatever the answer: SettingsChecked."""

    changes: tuple[FieldChange, ...]
    based_on: int | None = None


class SettingsRefused(Rejected):
    """Nothing was changed. Codes: ``invalid_settings``; ``changed_meanwhile``, when one of the same
    settings was changed after the version that the person had before them.
    """

    def __init__(self, code: str, reason: str, fields: tuple[tuple[str, str], ...] = ()) -> None:
        super().__init__(code, reason)
        self.fields = fields
        """What is wrong, by the key it is to be shown at."""


@dataclass(frozen=True, slots=True)
class SettingsChanged:
    version: int
    changed: tuple[str, ...]
    in_force_from: str
    """In words: ``the next cycle``."""
    cycle: int | None = None
    """The number of that cycle; None = no cycle has been run yet since the start."""


@dataclass(frozen=True, slots=True)
class SettingOutcome:
    """What one setting would be after the change."""

    key: str
    before: str
    """In effect without the change, with what waits for the next cycle."""
    after: str
    override: str | None
    """The override that would be kept; None = back to what is configured."""


@dataclass(frozen=True, slots=True)
class SettingsChecked:
    acceptable: bool
    code: str
    """Why it would be refused, as of SettingsRefused; empty where it would not be."""
    message: str
    fields: tuple[tuple[str, str], ...]
    """What is wrong, by the key it is to be shown at."""
    outcome: tuple[SettingOutcome, ...]
    """Of those settings that would be different."""
    version: int
    """That the settings would have."""
    in_force_from: str
    cycle: int | None
    """As of SettingsChanged."""


@dataclass(frozen=True, slots=True)
class GetSettings:
    """Answered by SettingsView."""


@dataclass(frozen=True, slots=True)
class SettingsChange:
    """One audited change."""

    version: int
    at: datetime
    who: str
    key: str
    before: str | None
    """The override; None = what was configured held."""
    after: str | None
    cycle: int | None = None
    """The cycle that brought it into force; None while it waits, or where that is not on record."""


@dataclass(frozen=True, slots=True)
class SettingField:
    key: str
    kind: str
    """decimal, integer, number (not exact), boolean, duration, time, choice, text, secret, pairs (a
    list of them), pair_amounts (pairs with an amount each), list, map (of anything).
    """
    default: str
    configured: str
    """What files, environment and command line said at the start."""
    override: str | None
    """What was set while running; None = nothing."""
    effective: str
    """Both together: in force, or waiting for the next cycle."""
    editable: bool
    """True where the overlay may change it while running."""
    unit: str = ""
    minimum: str | None = None
    maximum: str | None = None
    choices: tuple[str, ...] = ()
    description: str = ""
    section: str = ""
    source: str = ""
    """Where the configured value stands: ``settings.yaml, line 12``, ``TRADING_LEVERAGE in the
    environment``, ``the command line``, ``default``.
    """
    variable: str = ""
    """The environment variable that sets it at a start."""
    right: str = ""
    """In words, what a value must look like."""
    percent: bool = False
    """A fraction, which people read in percent: values times 100, and ``shown_unit``."""
    shown_unit: str = ""
    """``% per 8 h`` for a ``fraction per 8 h``; else the unit."""
    choices_explained: tuple[tuple[str, str], ...] = ()
    """What each choice means."""
    pending: bool = False
    """True while its last change waits for the next cycle."""
    last_change: SettingsChange | None = None
    set_aside: str = ""
    """Why a change on record has no effect: it no longer fits. Empty where there is none."""


@dataclass(frozen=True, slots=True)
class SettingsSection:
    name: str
    description: str


@dataclass(frozen=True, slots=True)
class VersionInForce:
    version: int
    cycle: int
    """The first cycle with this version."""
    at: datetime


@dataclass(frozen=True, slots=True)
class SettingsView:
    """Also told to the views whenever something changed. Secrets never appear."""

    version: int
    pending: bool
    """True while a change waits for the next cycle."""
    fields: tuple[SettingField, ...]
    history: tuple[SettingsChange, ...]
    """Newest first."""
    sections: tuple[SettingsSection, ...] = ()
    in_force: VersionInForce | None = None
    """The version that cycles are run with; None before the first cycle."""
    next_cycle: int | None = None
    """The cycle that brings ``version`` into force while it waits; None where that is not known."""
