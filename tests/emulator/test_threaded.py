"""The exchange on a thread of its own."""

import json
import urllib.error
import urllib.request

import pytest

from tests.emulator.scene import D
from tests.emulator.threaded import EmulatorThread


def test_answers_is_moved_and_restarts_on_its_own_thread() -> None:
    with EmulatorThread() as exchange:
        exchange.call(lambda control: control.price("ETH", D(4_000)))
        url = f"{exchange.url}/v5/market/tickers?category=spot&symbol=ETHUSDT"

        def last() -> str:
            with urllib.request.urlopen(url, timeout=5) as answer:
                return str(json.load(answer)["result"]["list"][0]["lastPrice"])

        assert last() == "4000"
        exchange.restart()
        assert last() == "4000"
    with pytest.raises(urllib.error.URLError):
        last()
