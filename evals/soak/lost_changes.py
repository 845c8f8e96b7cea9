"""200 changes of one person at once in every form, pairs of changes, two answers to one session: none is lost.

On one user's coach (SQLite), and as a member of a group on PostgreSQL, with one worker and with two, where each request
goes to the other worker than the one before.
"""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine, Mapping, Sequence
from contextlib import AsyncExitStack, ExitStack
from itertools import cycle
from pathlib import Path
from typing import Any

import httpx

from evals import served
from evals.bars import Bar
from evals.clusters import cluster
from evals.grouped import Visitor, Workers

PAIRS = 40
SESSIONS = 8
FIELDS: Mapping[str, object] = {
    "role": "lead", "matters": "calm", "beyond": "choir", "plate": "audits", "standing": "neutral", "remote": True,
    "keep_months": 240,
}  # fmt: skip

FIGURES = ("lost", "refused", "pairs_lost", "answers_lost")
BARS: Mapping[str, Bar] = {f"{place}{name}": Bar(0, False) for place in ("", "one_", "two_") for name in FIGURES}


def measure(folder: Path) -> Mapping[str, float]:
    """Return how many changes were sent, and how many of them were lost or refused, for each place."""
    with served.running(folder / "alone") as (_, url):
        figures = dict(asyncio.run(_measured([url], served.bearer(folder / "alone"))))
    for many, name in ((1, "one_"), (2, "two_")):
        with cluster() as database, ExitStack() as stack:
            own = folder / name
            own.mkdir()
            workers = Workers(own, database, many)
            stack.callback(workers.stop)
            for n in range(many):
                workers.start(n)
            member = Visitor(workers.address(0))
            member.join(workers.first_link(), "zoe", "rain on the roof")
            addresses = [workers.address(n) for n in range(many)]
            found = asyncio.run(_measured(addresses, {"Cookie": f"coach={member.cookie}"}))
            figures |= {f"{name}{key}": value for key, value in found.items()}
    return figures


async def _measured(addresses: Sequence[str], headers: Mapping[str, str]) -> Mapping[str, float]:
    async with AsyncExitStack() as stack:
        limits = httpx.Limits(max_connections=100)
        clients = [
            await stack.enter_async_context(
                httpx.AsyncClient(base_url=url, headers={**headers, "Origin": url}, timeout=120, limits=limits)
            )
            for url in addresses
        ]
        each = _Each(clients)
        return {**await _many(each), **await _pairs(each), **await _answers(each)}


class _Each:
    """Sends each request to the next worker."""

    def __init__(self, clients: Sequence[httpx.AsyncClient]) -> None:
        self._next = cycle(clients)

    async def get(self, path: str, **given: Any) -> httpx.Response:
        """Read something."""
        return await next(self._next).get(path, **given)

    async def post(self, path: str, **given: Any) -> httpx.Response:
        """Send something new."""
        return await next(self._next).post(path, **given)

    async def patch(self, path: str, **given: Any) -> httpx.Response:
        """Change something."""
        return await next(self._next).patch(path, **given)


async def _many(client: _Each) -> Mapping[str, float]:
    person = (await client.post("/api/people", json={"name": "Tom Ashdown"})).json()["id"]
    page, api = f"/people/{person}", f"/api/people/{person}"
    moment = {"person_id": person, "channel": "call", "by": "me", "landed": "helped"}
    sent: list[Coroutine[Any, Any, httpx.Response]] = [
        *(client.post(f"{page}/promises", data={"by": "me", "what": f"promise {n}"}) for n in range(50)),
        *(client.post(f"{page}/points", data={"by": "them", "what": f"point {n}"}) for n in range(40)),
        *(client.post(f"{page}/days", data={"label": f"day {n}", "month": 3, "day": n + 1}) for n in range(30)),
        *(client.post("/api/moments", json={**moment, "what": f"I rang him {n} times"}) for n in range(60)),
        *(client.patch(api, json={name: value}) for name, value in FIELDS.items() for _ in range(2)),
        client.post(f"{page}/often", data={"ideal": "7", "longest": "21"}),
        *(client.post(page, data={"name": "Tom Ashdown", "relation": "peer"}) for _ in range(5)),
    ]
    answers = await asyncio.gather(*sent)
    tom = (await client.get(api)).json()
    moments = (await client.get("/api/moments", params={"person_id": person})).json()["moments"]
    wanted = {**FIELDS, "ideal_days": 7, "longest_days": 21, "relation": "peer"}
    lost = 50 - len(tom["promises"]) + 40 - len(tom["points"]) + 30 - len(tom["celebrations"]) + 60 - len(moments)
    lost += sum(tom[name] != value for name, value in wanted.items())
    return {"changes": len(answers), "lost": lost, "refused": sum(it.status_code >= 400 for it in answers)}


async def _pairs(client: _Each) -> Mapping[str, float]:
    lost = 0
    for n in range(PAIRS):
        at = "/api/people/" + (await client.post("/api/people", json={"name": f"Person {n}"})).json()["id"]
        await asyncio.gather(client.patch(at, json={"role": "lead"}), client.patch(at, json={"matters": "calm"}))
        found = (await client.get(at)).json()
        lost += (found["role"], found["matters"]) != ("lead", "calm")
    return {"pairs_lost": lost}


async def _answers(client: _Each) -> Mapping[str, float]:
    lost = 0
    for _ in range(SESSIONS):
        session = (await client.post("/api/sessions", json={"kind": "weekly_review"})).json()["session_id"]
        said = ("A full week, with little time.", "Yusuf has gone quiet since the move.")
        at = f"/api/sessions/{session}"
        await asyncio.gather(*(client.post(f"{at}/turns", json={"text": text}) for text in said))
        kept = {turn["said"] for turn in (await client.get(at)).json()["turns"]}
        lost += len(set(said) - kept)
    return {"answers_lost": lost}
