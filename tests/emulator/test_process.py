"""The exchange as a process of its own, killed and started again."""

import asyncio
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import ccxt.pro
import pytest

from tests.emulator.client import ccxt_config
from tests.emulator.scene import PERP
from tests.emulator.signing import ApiKey

ROOT = Path(__file__).parents[2]


def started(state: Path, port: int = 0) -> tuple[subprocess.Popen[str], str]:
    """The process and the address it answers at."""
    command = [sys.executable, "-m", "tests.emulator", "--state", str(state), "--port", str(port)]
    process = subprocess.Popen(
        command,
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    return process, process.stdout.readline().strip()


def killed(process: subprocess.Popen[str]) -> None:
    process.kill()
    process.communicate(timeout=10)


def test_what_was_answered_outlives_a_kill(tmp_path: Path) -> None:
    process, url = started(tmp_path / "exchange")
    bybit = ccxt.pro.bybit(ccxt_config(url, ApiKey()))
    params = {"clientOrderId": "pc-1"}

    async def trade() -> Any:
        await bybit.load_markets()
        await bybit.create_order(PERP, "market", "sell", 0.1, params=params)
        return await bybit.fetch_my_trades(PERP)

    async def look() -> Any:
        with pytest.raises(ccxt.InvalidOrder, match="110072"):
            await bybit.create_order(PERP, "market", "sell", 0.1, params=params)
        return await bybit.fetch_my_trades(PERP)

    async def both() -> None:
        nonlocal process
        try:
            before = await trade()
            await asyncio.to_thread(killed, process)
            with pytest.raises(ccxt.NetworkError):
                await look()
            port = int(url.rsplit(":", 1)[1])
            process, again = await asyncio.to_thread(started, tmp_path / "exchange", port)
            assert again == url
            assert [one["id"] for one in await look()] == [one["id"] for one in before]
        finally:
            await bybit.close()
            killed(process)

    asyncio.run(both())
