"""Settings and the terms in force."""

from dataclasses import dataclass

from actors.config.messages import SettingsView
from actors.domain.terms import Terms


@dataclass(frozen=True, slots=True)
class GetConfig: ...


@dataclass(frozen=True, slots=True)
class ConfigView:
    settings: SettingsView | None
    terms_in_force: Terms | None
