"""The commented settings file: every setting with its default, its meaning and its bounds."""

import textwrap
from collections.abc import Iterator, Mapping
from types import MappingProxyType

from actors.config.field_spec import FieldSpec
from actors.config.schema import known, section_of, sections

REPLAY_CHOICES: Mapping[str, str] = MappingProxyType({"historical.from": "2024-11-10"})
"""What the file says beside the defaults: where in the bundled sample a first run begins."""

_HEAD = """\
# Settings of perpcarry. Every line may be left out: these are the defaults, but for one line that
# says so.
# What counts first: command line, environment (TRADING_SCAN_INTERVAL=30m), .env, files given by
# --config (the last one first), this file. `perpcarry show-config` tells what is in force and why.
# Secrets do not belong here, unless only you can read this file (chmod 600).
"""
_WIDTH = 98


def settings_file() -> str:
    """The text that ``new-config`` writes, and that settings.yaml holds."""
    return "\n".join(_lines())


def _lines() -> Iterator[str]:
    yield _HEAD
    for section in sections():
        doc = section_of(section).__doc__
        if doc:
            yield from _wrapped(" ".join(doc.split()), "# ")
        yield f"{section}:"
        for spec in known().values():
            if spec.section == section:
                yield from _comment(spec)
                yield _statement(spec)
        yield ""


def _comment(spec: FieldSpec) -> Iterator[str]:
    text = spec.description
    if spec.minimum is not None and spec.maximum is not None:
        text += f" {spec.minimum} to {spec.maximum}{_after(spec.unit)}."
    elif spec.unit:
        text += f" In {spec.unit}."
    if spec.key in REPLAY_CHOICES:
        text += f" This is not the default, which is {spec.default or 'empty'}."
    meanings = [f"{choice}: {meaning}" for choice, meaning in spec.choices]
    for part in (text, *meanings):
        yield from _wrapped(part.replace("`", ""), "  # ")


def _wrapped(text: str, mark: str) -> list[str]:
    return textwrap.wrap(text, _WIDTH, initial_indent=mark, subsequent_indent=mark)


def _after(unit: str) -> str:
    return f", {unit}" if unit else ""


def _statement(spec: FieldSpec) -> str:
    value = REPLAY_CHOICES.get(spec.key, spec.default)
    if spec.kind in ("pairs", "list"):
        value = f"[{value}]"
    if spec.kind in ("pair_amounts", "map") and not value.startswith("{"):
        value = f"{{{value}}}"
    if not value:
        return f"  # {spec.name}:"
    return f"  {spec.name}: {value}"
