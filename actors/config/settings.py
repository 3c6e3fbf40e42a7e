"""All settings. Each section's file says what its fields mean; loading.py reads them."""

from typing import Self

from pydantic import Field, model_validator
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

from actors.config.consistency import conflicts
from actors.config.problems import Conflicts
from actors.config.sections.markets import Exchange, Historical, Paper
from actors.config.sections.signal import Signal
from actors.config.sections.surroundings import Dashboard, StoreSettings
from actors.config.sections.trading import Fees, Mode, Risk, Trading

__all__ = ["Mode", "Settings"]


class Settings(BaseSettings):
    """What the bot was told before it started. Frozen: RuntimeConfig holds what changes later."""

    model_config = SettingsConfigDict(
        extra="forbid",
        frozen=True,
        hide_input_in_errors=True,
        # A variable is the section, an underscore, and the name. Lists and maps are read by their
        # own kinds, which understand more than JSON.
        env_nested_delimiter="_",
        env_nested_max_split=1,
        enable_decoding=False,
    )

    exchange: Exchange = Field(default_factory=Exchange)
    historical: Historical = Field(default_factory=Historical)
    paper: Paper = Field(default_factory=Paper)
    trading: Trading = Field(default_factory=Trading)
    signal: Signal = Field(default_factory=Signal)
    risk: Risk = Field(default_factory=Risk)
    fees: Fees = Field(default_factory=Fees)
    dashboard: Dashboard = Field(default_factory=Dashboard)
    store: StoreSettings = Field(default_factory=StoreSettings)

    @model_validator(mode="after")
    def _fit_together(self) -> Self:
        if problems := conflicts(self):
            raise Conflicts(problems)
        return self

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """What they are made from; loading.py names the places that a person writes them in."""
        return (init_settings,)
