"""Two workers behind nginx on PostgreSQL: restarted one after the other under load, then one killed under 50 streams.

While they are restarted no request fails but a stream that was cut, and its words are in the journal. After the kill
every word is there that was acknowledged: by an answer, or by the first event of a stream.
"""

from __future__ import annotations

import asyncio
import re
import shutil
from collections import Counter
from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path

import httpx

from evals import report
from evals.bars import Bar
from evals.clusters import cluster
from evals.grouped import Visitor, Workers
from evals.proxied import NAME, nginx
from evals.served import free_port
from evals.soak import LeftOut

MEMBERS, STREAMS = 5, 50
_AT_LEAST_S, _GIVE_UP = 3.0, 120.0

BARS: Mapping[str, Bar] = {
    "errors": Bar(0, False),
    "lost": Bar(0, False),
    "streams_with_kill": Bar(STREAMS, True),
    "lost_with_kill": Bar(0, False),
    "unended_with_kill": Bar(0, False),
}


@dataclass
class _Seen:
    """What clients saw. ``said``: by member, words that were acknowledged."""

    asked: int = 0
    cut: int = 0
    whole: int = 0
    errors: Counter[str] = field(default_factory=Counter)
    said: dict[int, set[str]] = field(default_factory=dict)
    enough: asyncio.Event = field(default_factory=asyncio.Event)

    def acknowledge(self, member: int, word: str) -> None:
        """Note a word that has to be there from now on."""
        self.said.setdefault(member, set()).add(word)
        if self.acknowledged >= STREAMS // 5:
            self.enough.set()

    @property
    def acknowledged(self) -> int:
        """How many words that are."""
        return sum(map(len, self.said.values()))


def measure(folder: Path) -> Mapping[str, float]:
    """Return what was asked, what failed and what was lost, with restarts and with a kill."""
    if shutil.which("nginx") is None:
        raise LeftOut("nginx is not installed")
    port = free_port()
    public = f"https://{NAME}:{port}"
    with cluster() as database, ExitStack() as stack:
        workers = Workers(folder, database, 2, COACH_PUBLIC_URL=public, COACH_TRUSTED_PROXIES="localhost")
        stack.callback(workers.stop)
        for n in (0, 1):
            workers.start(n)
        stack.enter_context(nginx(folder, port, workers.ports))
        cookies = _joined(workers, port, public)
        return asyncio.run(_measured(workers, port, public, cookies))


def _joined(workers: Workers, port: int, public: str) -> list[str]:
    """Let the members join; return the cookie of each."""
    found: list[str] = []
    first: Visitor | None = None
    for n in range(MEMBERS):
        visitor = Visitor(f"https://127.0.0.1:{port}", verify=False)
        visitor.client.headers.update({"Host": public.partition("//")[2], "Origin": public})
        visitor.join(first.invite() if first else workers.first_link(), f"member{n}", f"rain on roof {n}")
        first = first or visitor
        found.append(visitor.cookie)
    return found


async def _measured(workers: Workers, port: int, public: str, cookies: list[str]) -> Mapping[str, float]:
    limits = httpx.Limits(max_connections=200, max_keepalive_connections=50)
    headers = {"Host": public.partition("//")[2], "Origin": public}
    clients = [
        httpx.AsyncClient(
            base_url=f"https://127.0.0.1:{port}", verify=False, limits=limits, timeout=_GIVE_UP,  # noqa: S501  ours
            headers={**headers, "Cookie": f"__Host-coach={cookie}"},
        ) for cookie in cookies
    ]  # fmt: skip
    rolled = await _rolled(workers, clients)
    killed = await _killed(workers, clients)
    for client in clients:
        await client.aclose()
    return {**rolled, **{f"{name}_with_kill": value for name, value in killed.items()}}


async def _rolled(workers: Workers, clients: list[httpx.AsyncClient]) -> Mapping[str, float]:
    seen, words, over = _Seen(), count(), asyncio.Event()

    async def go_on(member: int) -> None:
        client = clients[member]
        while not over.is_set():
            word = f"Quill{next(words)}feather"
            made = await _asked(seen, client, "POST", "/api/people", json={"name": word})
            if made:
                seen.acknowledge(member, word)
            await _asked(seen, client, "GET", "/api/people")
            await _streamed(seen, client, member, f"Quill{next(words)}feather")

    loads = [asyncio.create_task(go_on(member)) for member in range(len(clients))]
    await asyncio.sleep(_AT_LEAST_S)
    for n in (0, 1):
        await asyncio.to_thread(workers.stop, n)
        await asyncio.to_thread(workers.start, n)
        await asyncio.sleep(_AT_LEAST_S)
    over.set()
    await asyncio.gather(*loads)
    if seen.errors:
        report.console().print(f"errors: {dict(seen.errors)}", markup=False)
    figures = {"asked": seen.asked, "errors": seen.errors.total(), "streams": seen.whole + seen.cut, "cut": seen.cut}
    return {**figures, "lost": await _lost(clients, seen)}


async def _killed(workers: Workers, clients: list[httpx.AsyncClient]) -> Mapping[str, float]:
    seen = _Seen()
    streams = [
        asyncio.create_task(_streamed(seen, clients[n % len(clients)], n % len(clients), f"Quill{n}kill"))
        for n in range(STREAMS)
    ]
    await asyncio.wait_for(seen.enough.wait(), _GIVE_UP)
    await asyncio.to_thread(workers.kill, 0)
    _, unended = await asyncio.wait(streams, timeout=_GIVE_UP)
    await asyncio.to_thread(workers.start, 0)
    return {
        "streams": len(streams), "acknowledged": seen.acknowledged, "cut": seen.cut, "unended": len(unended),
        "lost": await _lost(clients, seen),
    }  # fmt: skip


async def _asked(seen: _Seen, client: httpx.AsyncClient, method: str, path: str, **given: object) -> bool:
    """Send a request that is no stream; whether it was answered as it should be."""
    seen.asked += 1
    try:
        status = (await client.request(method, path, **given)).status_code  # type: ignore[arg-type]
    except httpx.TransportError as error:
        seen.errors[f"{method} {type(error).__name__}"] += 1
        return False
    if status >= 400:
        seen.errors[f"{method} {status}"] += 1
    return status < 400


async def _streamed(seen: _Seen, client: httpx.AsyncClient, member: int, word: str) -> None:
    """Say something; it is acknowledged by the first event, and cut when the last one does not come."""
    seen.asked += 1
    told = ""
    try:
        body = {"text": f"{word} has not answered my two mails about the rota. How do I ask?"}
        async with client.stream("POST", "/api/chat", json=body) as reply:
            if reply.status_code >= 400:
                seen.errors[f"stream {reply.status_code}"] += 1
                return
            async for text in reply.aiter_text():
                told += text
                if "event: started" in told:
                    seen.acknowledge(member, word)
    except httpx.TransportError as error:
        if not told:
            seen.errors[f"stream {type(error).__name__}"] += 1
    if told:
        ended = re.search(r"^event: (finished|failed)", told, re.MULTILINE)
        seen.whole, seen.cut = seen.whole + bool(ended), seen.cut + (not ended)


async def _lost(clients: list[httpx.AsyncClient], seen: _Seen) -> int:
    """Return how many acknowledged words are in nobody's journal."""
    lost = 0
    for member, words in seen.said.items():
        journal = (await clients[member].get("/api/export")).text
        lost += sum(word not in journal for word in words)
    return lost
