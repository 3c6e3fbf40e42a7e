"""A browser, once for all pages; skipped where there is none."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.chromium import chromium


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="package")  # as long as it is open, no test can run an event loop
def browser() -> Iterator[Any]:
    with chromium() as opened:
        yield opened
