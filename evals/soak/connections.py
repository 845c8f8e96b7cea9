"""2,000 connections that send half of something or nothing: others are answered all the same.

A third are silent, a third send a head letter by letter, a third a body letter by letter. Whoever is dropped comes
again. Beside them pages are read and turns are told.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from contextlib import suppress
from itertools import islice
from pathlib import Path
from time import perf_counter

from coach.web.connections import room
from evals import served, wire
from evals.bars import Bar
from evals.soak.memory import messages

SLOW = 2_000
_SECONDS = 30.0
_LETTER = 3.0
"""Seconds between two letters of a slow request."""

BARS: Mapping[str, Bar] = {"failed": Bar(0, False), "slowest_page_s": Bar(2, False), "slowest_turn_s": Bar(2, False)}


def measure(folder: Path) -> Mapping[str, float]:
    """Return the slowest answers beside the slow connections, and how many there were of those."""
    room()
    with served.running(folder) as (_, url):
        return asyncio.run(_measured(url, served.bearer(folder)))


async def _measured(url: str, headers: Mapping[str, str]) -> Mapping[str, float]:
    await wire.said(url, "My boss was short with me.", headers)
    open_: set[int] = set()
    slow = [asyncio.create_task(_slow(url, number, open_)) for number in range(SLOW)]
    await asyncio.sleep(5)
    pages: list[wire.Heard] = []
    turns: list[wire.Heard] = []
    most, until, texts = 0, perf_counter() + _SECONDS, messages()
    while perf_counter() < until:
        pages.append(await wire.asked(url, "GET", "/api/people", headers))
        turns += [await wire.said(url, text, headers) for text in islice(texts, 1)]
        most = max(most, len(open_))
    for task in slow:
        task.cancel()
    await asyncio.gather(*slow, return_exceptions=True)
    return {
        "failed": sum(each.status != 200 for each in pages) + sum(not each.whole for each in turns),
        "slowest_page_s": max(each.seconds for each in pages),
        "slowest_turn_s": max(each.seconds for each in turns),
        "answered": len(pages) + len(turns),
        "slow_at_once": most,
    }


async def _slow(url: str, number: int, open_: set[int]) -> None:
    """Be slow for ever, on one connection after the other."""
    letters = (b"", wire.head(url, "GET", "/", {"X-Slow": "x" * 500})[:-4], b'{"text": "' + b"x" * 500)[number % 3]
    while True:
        with suppress(OSError):
            reader, writer = await wire.opened(url)
            open_.add(number)
            if number % 3 == 2:
                writer.write(wire.head(url, "POST", "/api/chat", {"Content-Length": "9000"}))
            dribbling = asyncio.create_task(_dribble(writer, letters))
            try:
                await reader.read()
            finally:
                dribbling.cancel()
                open_.discard(number)
                writer.close()
        await asyncio.sleep(1)


async def _dribble(writer: asyncio.StreamWriter, letters: bytes) -> None:
    for at in range(len(letters)):
        await asyncio.sleep(_LETTER)
        writer.write(letters[at : at + 1])
