"""``perpcarry show-config``"""

import json

import typer

from actors.cli import options
from actors.cli.console import print_table


def show_config(
    config: options.Config = None,
    settings: options.Set = None,
    store: options.StoreUrl = None,
    as_json: options.AsJson = False,
) -> None:
    """Print every setting as it is in force at a start, and where it comes from.

    Secrets are masked. What was changed on the dashboard counts on top, and is shown there.
    """
    from actors.config.schema import known, shown_value

    loaded = options.load_from(config, settings, {"store.url": store})
    rows = [
        (key, shown_value(loaded.settings, key), loaded.places.get(key, "default"))
        for key in known()
    ]
    if as_json:
        entries = {key: {"value": value, "from": place} for key, value, place in rows}
        typer.echo(json.dumps(entries, indent=2))
        return
    print_table(("setting", "value", "from"), rows)
