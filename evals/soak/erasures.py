"""50 erasures while turns, sessions and imports run: no word is left in rows, files, index or export.

The folder for temporary files is looked through as well. ``planted``: rounds in which the words were there before.
"""

from __future__ import annotations

import asyncio
import os
import random
from collections.abc import AsyncIterator, Callable, Coroutine, Mapping
from functools import partial
from pathlib import Path
from typing import Any

import httpx

from evals import served, traces
from evals.bars import Bar

ROUNDS = 50
KEY = "Idempotency-Key"

BARS: Mapping[str, Bar] = {
    "erasures": Bar(ROUNDS, True),
    "planted": Bar(ROUNDS, True),
    "left_in_rows": Bar(0, False),
    "left_in_files": Bar(0, False),
    "left_in_export": Bar(0, False),
    "server_errors": Bar(0, False),
}


def measure(folder: Path) -> Mapping[str, float]:
    """Return how many erasures there were, and how many planted words were left where."""
    data, temporary = folder / "data", folder / "temporary"
    for each in (data, temporary):
        each.mkdir()
    os.environ["TMPDIR"] = str(temporary)
    try:
        with served.running(data, TMPDIR=str(temporary)) as (_, url):
            return asyncio.run(_measured(url, served.bearer(data), [data, temporary]))
    finally:
        del os.environ["TMPDIR"]


def words(n: int) -> tuple[str, str, str]:
    """Return a name and two words that are planted in a round, and that nothing else holds."""
    letters = "".join(chr(ord("b") + int(digit)) for digit in f"{n:03}")
    return f"Zorva{letters}", f"quibble{letters}", f"snargle{letters}"


async def _measured(url: str, headers: Mapping[str, str], folders: list[Path]) -> Mapping[str, float]:
    chance, errors, seen = random.Random(7), 0, list[bool]()
    left: dict[str, set[str]] = {"left_in_rows": set(), "left_in_files": set(), "left_in_export": set()}
    async with httpx.AsyncClient(base_url=url, headers=headers, timeout=60) as client:
        await client.post("/api/people", json={"name": "Maya Quill"})
        for n in range(ROUNDS):
            errors += await _round(client, n, chance, partial(_look, folders[0], n, seen))
            planted = {word.lower() for word in words(n)}
            rows = traces.opened(folders[0]).lower()
            export = (await client.get("/api/export")).text.lower()
            left["left_in_rows"] |= {word for word in planted if word in rows}
            left["left_in_export"] |= {word for word in planted if word in export}
            left["left_in_files"] |= traces.plain(folders, planted)
    return {
        "erasures": ROUNDS,
        "planted": sum(seen),
        "server_errors": errors,
        **{name: len(found) for name, found in left.items()},
    }


def _look(folder: Path, n: int, seen: list[bool]) -> None:
    rows = traces.opened(folder)
    seen.append(all(word in rows for word in words(n)))


async def _round(client: httpx.AsyncClient, n: int, chance: random.Random, look: Callable[[], None]) -> int:
    """Plant words, begin something with them, and erase in the middle of it; return how many answers were errors."""
    name, one, other = words(n)
    person = (await client.post("/api/people", json={"name": name, "matters": one})).json()["id"]
    moment = {"person_id": person, "channel": "call", "by": "them", "what": f"{name} said {one}", "landed": "harmed"}
    await client.post("/api/moments", json=moment)
    everything = n % 2 == 1
    exported = (await client.get("/api/export")).content
    session = (await client.post("/api/sessions", json={"kind": "weekly_review"})).json()["session_id"]
    text = f"{name} shouted {one} at me in the meeting. They threw a {other}."
    begun = [asyncio.Event() for _ in range(4)]
    erased = asyncio.Event()
    said = [("/api/chat", text), ("/api/chat", f"{text} I want to die."), (f"/api/sessions/{session}/turns", text)]
    tasks = [
        asyncio.create_task(_streamed(client, at, words_, event))
        for (at, words_), event in zip(said, begun, strict=False)
    ]
    tasks.append(asyncio.create_task(_imported(client, exported, begun[3], erased)))
    draft = {"text": text, "person_id": person}
    tasks.append(asyncio.create_task(_status(client.post("/api/drafts", json=draft, headers={KEY: f"k{n}"}))))
    await asyncio.gather(*(event.wait() for event in begun))
    look()
    await asyncio.sleep(chance.choice([0, 0, chance.uniform(0, 0.1)]))
    answer = await client.delete("/api/me" if everything else f"/api/people/{person}")
    erased.set()
    return sum(status >= 500 for status in [*await asyncio.gather(*tasks), answer.status_code])


async def _streamed(client: httpx.AsyncClient, at: str, text: str, begun: asyncio.Event) -> int:
    """Say something, telling when the coach has begun to answer; return the status."""
    try:
        async with client.stream("POST", at, json={"text": text}) as response:
            async for _ in response.aiter_bytes():
                begun.set()
            return response.status_code
    finally:
        begun.set()


async def _imported(client: httpx.AsyncClient, exported: bytes, begun: asyncio.Event, erased: asyncio.Event) -> int:
    """Send an export whose second half comes only once something was erased; return the status."""
    half = len(exported) // 2

    async def pieces() -> AsyncIterator[bytes]:
        yield exported[:half]
        await asyncio.sleep(0.05)  # what was sent is read, so the request has come
        begun.set()
        await erased.wait()
        yield exported[half:]

    headers = {"Content-Type": "application/json", "Content-Length": str(len(exported))}
    return await _status(client.post("/api/import", content=pieces(), headers=headers))


async def _status(answer: Coroutine[Any, Any, httpx.Response]) -> int:
    return (await answer).status_code
