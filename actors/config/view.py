"""What others may see of the settings: every field with its values as text, no secret."""

from collections.abc import Iterable

from actors.config.messages import SettingField, SettingsChange, SettingsView
from actors.config.runtime_config import RuntimeConfig
from actors.config.schema import FieldSpec, known, shown_value


def view_of(
    config: RuntimeConfig, *, pending: bool, history: Iterable[SettingsChange]
) -> SettingsView:
    """``history`` is newest first; ``pending``: the next cycle will bring ``config`` into force."""
    fields = tuple(_field(config, spec) for spec in known().values())
    return SettingsView(config.version, pending, fields, tuple(history))


def _field(config: RuntimeConfig, spec: FieldSpec) -> SettingField:
    return SettingField(
        key=spec.key,
        kind=spec.kind,
        default=spec.default,
        configured=shown_value(config.configured, spec.key),
        override=config.overrides.get(spec.key),
        effective=shown_value(config.effective, spec.key),
        editable=spec.editable,
        unit=spec.unit,
        minimum=spec.minimum,
        maximum=spec.maximum,
        choices=spec.choices,
        description=spec.description,
    )
