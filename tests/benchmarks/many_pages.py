"""As many open pages as wanted, in a process of their own: connects, listens, tells what it saw.

``python many_pages.py URL COUNT SECONDS TOPICS [TOPICS...]``: the pages take turns with the sets of
topics. Prints one JSON object; lags in seconds, from the server's clock when it sent.
"""

import asyncio
import json
import re
import sys
import time
from dataclasses import dataclass, field
from datetime import datetime

import aiohttp

_AT = re.compile(r'"at":"([^"]+)"')


@dataclass
class Page:
    first: float = 0.0
    """Seconds from the connection to everything."""
    lags: list[float] = field(default_factory=list)
    gaps: list[float] = field(default_factory=list)
    characters: int = 0
    dropped: bool = False


async def open_page(session: aiohttp.ClientSession, url: str, seconds: float) -> Page:
    seen = Page()
    began = time.time()
    async with session.ws_connect(url, max_msg_size=0) as socket:
        last = 0.0
        while not seen.lags or time.time() - began < seconds:
            message = await socket.receive()
            if message.type is not aiohttp.WSMsgType.TEXT:
                seen.dropped = True
                break
            now = time.time()
            sent = _AT.search(message.data[:200])
            assert sent is not None
            seen.lags.append(now - datetime.fromisoformat(sent[1]).timestamp())
            if last:
                seen.gaps.append(now - last)
            else:
                seen.first = now - began
            last = now
            seen.characters += len(message.data)
    return seen


async def main(url: str, count: int, seconds: float, topics: list[str]) -> None:
    connector = aiohttp.TCPConnector(limit=0)
    async with aiohttp.ClientSession(connector=connector) as session:
        opened = []
        for number in range(count):
            query = topics[number % len(topics)]
            opened.append(asyncio.create_task(open_page(session, f"{url}?topics={query}", seconds)))
            await asyncio.sleep(0.002)
        pages = await asyncio.gather(*opened)
    print(
        json.dumps(
            {
                "pages": len(pages),
                "dropped": sum(page.dropped for page in pages),
                "messages": sum(len(page.lags) for page in pages),
                "characters": sum(page.characters for page in pages),
                "first": max(page.first for page in pages),
                "worst_lag": max(max(page.lags) for page in pages),
                "worst_gap": max(max(page.gaps, default=0.0) for page in pages),
            }
        )
    )


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], int(sys.argv[2]), float(sys.argv[3]), sys.argv[4:]))
