"""Rules of the house that neither the linter nor the import walls can see."""

import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
TRADING_WORDS = re.compile(
    r"\b(btc|funding|hedge|instruments?|notional|perp|perpetual|pnl|tickers?|trad(e|es|er|ing)"
    r"|usdt|venues?)\b",
    re.IGNORECASE,
)


@pytest.mark.parametrize(
    "path", sorted((ROOT / "actors/runtime").rglob("*.py")), ids=lambda p: p.name
)
def test_runtime_knows_no_trading_word(path: Path) -> None:
    found = [
        f"{path.name}:{number}: {line.strip()}"
        for number, line in enumerate(path.read_text().splitlines(), start=1)
        if TRADING_WORDS.search(line)
    ]
    # The package's own docstring says what the room does without.
    found = [line for line in found if "without one trading word" not in line]
    assert found == []


def test_every_dependency_is_explained() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    declared = [*project["dependencies"]]
    for extra in project["optional-dependencies"].values():
        declared += [
            requirement for requirement in extra if not requirement.startswith("perpcarry")
        ]
    names = {re.split(r"[<>=\[;]", requirement)[0] for requirement in declared}
    first_columns = re.findall(
        r"^\|(.*)\|[^|]*\|$", (ROOT / "docs/dependencies.md").read_text(), re.MULTILINE
    )
    explained = set(re.findall(r"[\w-]+", " ".join(first_columns)))
    assert names - explained == set()
