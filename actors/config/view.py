"""What others may see of the settings: every field with its values as text, no secret."""

from collections.abc import Mapping

from actors.config.field_spec import FieldSpec
from actors.config.messages import (
    SettingField,
    SettingOutcome,
    SettingsChange,
    SettingsSection,
    SettingsView,
    VersionInForce,
)
from actors.config.record import Changes
from actors.config.runtime_config import RuntimeConfig
from actors.config.schema import known, section_of, sections, shown_value


def view_of(
    config: RuntimeConfig,
    changes: Changes,
    places: Mapping[str, str],
    in_force: VersionInForce | None,
    next_cycle: int | None,
) -> SettingsView:
    """``places``: where configured values stand, by key; one that is not named is a default."""
    # Before the first cycle nothing is in force that a change could wait for.
    running = config.version if in_force is None else in_force.version
    pending = running != config.version
    return SettingsView(
        version=config.version,
        pending=pending,
        fields=tuple(
            _field(config, spec, places.get(key, "default"), changes.last_of_key.get(key), running)
            for key, spec in known().items()
        ),
        history=changes.newest_first,
        sections=tuple(SettingsSection(name, _description(name)) for name in sections()),
        in_force=in_force,
        next_cycle=next_cycle if pending else None,
    )


def outcome_of(before: RuntimeConfig, after: RuntimeConfig) -> tuple[SettingOutcome, ...]:
    """What ``after`` would make different, by key."""
    return tuple(
        SettingOutcome(
            key,
            shown_value(before.effective, key),
            shown_value(after.effective, key),
            after.overrides.get(key),
        )
        for key in after.different_from(before)
    )


def _field(
    config: RuntimeConfig,
    spec: FieldSpec,
    source: str,
    last_change: SettingsChange | None,
    running: int,
) -> SettingField:
    key = spec.key
    return SettingField(
        key=key,
        kind=spec.kind,
        default=spec.default,
        configured=shown_value(config.configured, key),
        override=config.overrides.get(key),
        effective=shown_value(config.effective, key),
        editable=spec.editable,
        unit=spec.unit,
        minimum=spec.minimum,
        maximum=spec.maximum,
        choices=tuple(choice for choice, _ in spec.choices),
        description=spec.description,
        section=spec.section,
        source=source,
        variable=spec.variable,
        right=spec.right,
        percent=spec.percent,
        shown_unit=spec.shown_unit,
        choices_explained=spec.choices,
        pending=last_change is not None and last_change.version > running,
        last_change=last_change,
        set_aside="; ".join(one.what for one in config.set_aside if one.key == key),
    )


def _description(section: str) -> str:
    return " ".join((section_of(section).__doc__ or "").split())
