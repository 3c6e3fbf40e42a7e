"""docs/configuration.md, made from the settings' schema: ``python -m actors.config.reference``."""

import sys
from collections.abc import Iterator

from actors.config.field_spec import FieldSpec
from actors.config.schema import known, section_of, sections

_HEAD = """\
# Configuration

Made by `make docs` from the settings' schema; change the descriptions in
`actors/config/sections/`.

## Where settings come from

A setting is taken from the first of these that has it:

1. the command line: `--set trading.scan_interval=30m`, and the options of a command
2. the environment: `TRADING_SCAN_INTERVAL=30m`, that is the section, `_`, and the name
3. `.env` in the working directory, with the same names
4. the files given by `--config`, the last one first
5. `settings.yaml` in the working directory
6. the defaults below

`perpcarry show-config` prints what is in force and where each value comes from, and `perpcarry
new-config PATH` writes a file with every setting. Lists and maps are taken as a whole from one
place, not merged. Unknown names, names that stand in a file twice, and values out of bounds are
errors; all of them are told at once, with file and line.

## How values are written

The same in files, in the environment, on the command line and in the form of the dashboard:

| Kind | Like |
| --- | --- |
| number | `0.0003`; kept exactly as written, never rounded to a binary fraction |
| duration | `250ms`, `30s`, `5m`, `1h30m`, `2d`, or a number of seconds |
| list | `BTC-USDT, ETH-USDT`, or a list in YAML or JSON |
| map | `BTC-USDT: 5000, DOGE-USDT: 2000`, or a map in YAML or JSON |
| time | `2025-01-31` or ISO 8601; UTC where no zone is named |

## Secrets

`exchange.api_key`, `exchange.api_secret`, a `store.url` with a password, and `password`,
`viewer_password` and `tokens` of the dashboard belong into the environment, or into a file that
only its owner can read (`chmod 600`); any other file with a secret in it is refused, and so is a
secret on the command line. They are never printed.

## Changes while running

Settings marked *yes* under "running" can be changed on the dashboard while the bot runs. A change
is checked together with all other settings, put on record with who made it, and comes into force
at the start of the next cycle. It is kept across restarts and counts more than all places above
until it is taken back. Should it no longer fit settings that were edited meanwhile, it is left
aside at the start, with a warning.
"""


def reference() -> str:
    """The document."""
    return "\n".join(_lines())


def _lines() -> Iterator[str]:
    yield _HEAD
    for section in sections():
        yield f"## {section}"
        yield ""
        if doc := section_of(section).__doc__:
            yield " ".join(doc.split())
            yield ""
        yield "| Setting | Default | Allowed | Running | Meaning |"
        yield "| --- | --- | --- | --- | --- |"
        for spec in known().values():
            if spec.section == section:
                yield _row(spec)
        yield ""


def _row(spec: FieldSpec) -> str:
    default = f"`{spec.default}`" if spec.default else "none"
    running = "yes" if spec.editable else ""
    allowed = spec.right.replace("|", "\\|")
    return f"| `{spec.name}` | {default} | {allowed} | {running} | {spec.explanation} |"


if __name__ == "__main__":
    sys.stdout.write(reference())
