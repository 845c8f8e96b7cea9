"""100 kill -9 under load: what was acknowledged is there, what was erased stays erased, and every start is ready.

The load: moments, promises, turns, answers in sessions, imports, and erasing of people and of everything.
"""

from __future__ import annotations

import asyncio
import itertools
import random
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx

from evals import served, traces
from evals.bars import Bar

KILLS = 100
_TEXT = "I rang the client about the labels and they were pleased."

BARS: Mapping[str, Bar] = {
    "kills": Bar(KILLS, True),
    "acknowledged": Bar(500, True),
    "lost": Bar(0, False),
    "came_back": Bar(0, False),
    "server_errors": Bar(0, False),
}


@dataclass
class Ledger:
    """What the server said it has done: ids and words that must be there, words that must not."""

    there: set[str] = field(default_factory=set)
    gone: set[str] = field(default_factory=set)
    acknowledged: int = 0
    errors: int = 0
    before: set[str] | None = None
    """While everything is being erased: what had been acknowledged before that."""
    begun: set[str] = field(default_factory=set)
    """What was asked for since everything was last erased; what was asked for earlier may have come before that."""

    def keep(self, word: str) -> None:
        """Note that something is there, if it was asked for after everything was last erased."""
        self.acknowledged += 1
        if self.before is None and word in self.begun:
            self.there.add(word)


def measure(folder: Path) -> Mapping[str, float]:
    """Return how much was acknowledged, and how much of it was lost or came back."""
    ledger, chance, numbers = Ledger(), random.Random(11), itertools.count()
    lost: set[str] = set()
    back: set[str] = set()
    kills = 0
    with served.running(folder):
        pass  # the index is built before
    while kills < KILLS:
        with served.running(folder) as (process, url):
            missing, returned = _looked(folder, url, ledger)
            lost |= missing
            back |= returned
            ledger.there -= missing
            asyncio.run(_load(url, served.bearer(folder), ledger, numbers, chance, process.kill))
            process.wait(30)
            kills += 1
    with served.running(folder) as (_, url):
        missing, returned = _looked(folder, url, ledger)
    return {
        "kills": kills, "acknowledged": ledger.acknowledged, "lost": len(lost | missing),
        "came_back": len(back | returned), "server_errors": ledger.errors,
    }  # fmt: skip


def _looked(folder: Path, url: str, ledger: Ledger) -> tuple[set[str], set[str]]:
    """Return what is not there and should be, and what is there and should not."""
    rows = traces.opened(folder)
    httpx.get(f"{url}/api/export", headers=served.bearer(folder), timeout=60).raise_for_status()
    if ledger.before and not any(word in rows for word in ledger.before):  # all of it went, though nobody said so
        ledger.there -= ledger.before
    ledger.before = None
    return {word for word in ledger.there if word not in rows}, {word for word in ledger.gone if word in rows}


async def _load(
    url: str,
    headers: Mapping[str, str],
    ledger: Ledger,
    numbers: itertools.count[int],
    chance: random.Random,
    kill: Callable[[], None],
) -> None:
    headers = {**headers, "Origin": url}
    async with httpx.AsyncClient(base_url=url, headers=headers, timeout=30) as client:
        with suppress(httpx.TransportError):
            person = (await client.post("/api/people", json={"name": f"Tom w{next(numbers)}w"})).json()["id"]
            work: list[Callable[..., Awaitable[None]]] = [_moments, _promises, _turns, _session, _imports, _person]
            tasks = [asyncio.create_task(_on(each, client, ledger, numbers, person)) for each in work]
            if chance.random() < 0.15:
                tasks.append(asyncio.create_task(_everything(client, ledger, chance)))
            await asyncio.sleep(chance.uniform(0.3, 3))
            kill()
            await asyncio.gather(*tasks)


async def _on(
    work: Callable[..., Awaitable[None]],
    client: httpx.AsyncClient,
    ledger: Ledger,
    numbers: itertools.count[int],
    person: str,
) -> None:
    """Do one kind of work until the server is gone."""
    with suppress(httpx.TransportError):
        while True:
            word = f"w{next(numbers)}w"
            ledger.begun.add(word)
            await work(client, ledger, word, person)


def _fine(ledger: Ledger, answer: httpx.Response) -> bool:
    ledger.errors += answer.status_code >= 500
    return answer.status_code < 400


async def _moments(client: httpx.AsyncClient, ledger: Ledger, word: str, person: str) -> None:
    given = {"person_id": person, "channel": "call", "by": "me", "what": f"I rang him, {word}", "landed": "helped"}
    if _fine(ledger, await client.post("/api/moments", json=given)):
        ledger.keep(word)
    await asyncio.sleep(0.01)


async def _promises(client: httpx.AsyncClient, ledger: Ledger, word: str, person: str) -> None:
    answer = await client.post(f"/people/{person}/promises", data={"by": "me", "what": f"Bring {word}"})
    if _fine(ledger, answer):
        ledger.keep(word)
    await asyncio.sleep(0.05)


async def _turns(client: httpx.AsyncClient, ledger: Ledger, word: str, person: str) -> None:
    del person
    told = False
    async with client.stream("POST", "/api/chat", json={"text": f"{_TEXT} {word}"}) as response:
        ledger.errors += response.status_code >= 500
        async for _ in response.aiter_bytes():
            if not told and response.status_code == 200:  # the first event says that the words are kept
                ledger.keep(word)
            told = True


async def _session(client: httpx.AsyncClient, ledger: Ledger, word: str, person: str) -> None:
    del person
    begun = await client.post("/api/sessions", json={"kind": "weekly_review"})
    if not _fine(ledger, begun):
        return
    told = False
    at = f"/api/sessions/{begun.json()['session_id']}/turns"
    async with client.stream("POST", at, json={"text": f"A full week, {word}."}) as response:
        ledger.errors += response.status_code >= 500
        async for _ in response.aiter_bytes():
            if not told and response.status_code == 200:
                ledger.keep(word)
            told = True


async def _imports(client: httpx.AsyncClient, ledger: Ledger, word: str, person: str) -> None:
    del person
    lists: dict[str, list[Any]] = {name: [] for name in ("conversations", "turns", "moments", "plans", "drafts")}
    added = {"id": word, "name": f"Ada {word}", "created_at": "2024-05-06T09:30:00Z"}
    data = {"format": "coach-export", "version": 1, "people": [added], "outcomes": [], **lists}
    if _fine(ledger, await client.post("/api/import", json=data)):
        ledger.keep(word)
    await asyncio.sleep(0.1)


async def _person(client: httpx.AsyncClient, ledger: Ledger, word: str, person: str) -> None:
    """Add somebody, talk of them, and erase them."""
    del person
    added = await client.post("/api/people", json={"name": f"Zorva{word}", "matters": f"quibble{word}"})
    if not _fine(ledger, added):
        return
    await client.post("/api/chat", json={"text": f"Zorva{word} shouted at me, quibble{word}."})
    answer = await client.delete(f"/api/people/{added.json()['id']}")
    if answer.status_code == 204:
        ledger.gone |= {f"Zorva{word}", f"quibble{word}"}
        ledger.acknowledged += 1


async def _everything(client: httpx.AsyncClient, ledger: Ledger, chance: random.Random) -> None:
    """Erase everything once; what was acknowledged before it began is gone, or all of it is there."""
    await asyncio.sleep(chance.uniform(0.05, 0.8))
    before = ledger.before = set(ledger.there)
    with suppress(httpx.TransportError):
        answer = await client.delete("/api/me")
        ledger.errors += answer.status_code >= 500
        if answer.status_code == 204:
            ledger.there -= before
            ledger.gone |= before
            ledger.acknowledged += 1
        ledger.begun.clear()
        ledger.before = None
