"""What it costs that members have to be known: reads and turns of a member beside those of one user's coach.

Both on a PostgreSQL of their own, asked in turn three times over, so that whatever else the machine does hits both.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from functools import partial
from itertools import islice
from pathlib import Path
from statistics import median, quantiles

import httpx

from evals import served
from evals.bars import Bar
from evals.clusters import cluster
from evals.grouped import Visitor, Workers
from evals.soak.memory import messages

ROUNDS, READS, TURNS = 3, 300, 40

BARS: Mapping[str, Bar] = {"reads": Bar(0.7, True), "turn_median": Bar(1.05, False)}


def measure(folder: Path) -> Mapping[str, float]:
    """Return a member's reads a second over one user's, and a turn's median and 95th percentile over theirs."""
    settings = ("fsync=off", "max_connections=100")
    with cluster(settings) as theirs, cluster(settings) as ours, ExitStack() as stack:
        workers = Workers(folder, ours, 1)
        stack.callback(workers.stop)
        workers.start(0)
        member = Visitor(workers.address(0))
        member.join(workers.first_link(), "zoe", "rain on the roof")
        alone = folder / "alone"
        _, url = stack.enter_context(served.running(alone, COACH_DATABASE_URL=theirs.url))
        one = stack.enter_context(httpx.Client(base_url=url, headers={**served.bearer(alone), "Origin": url}))
        reads: dict[str, list[float]] = {"member": [], "one": []}
        turns: dict[str, list[float]] = {"member": [], "one": []}
        told = messages()
        for client in (member.client, one):
            client.post("/api/people", json={"name": "Priya"}).raise_for_status()
        for _ in range(ROUNDS):
            said = list(islice(told, TURNS))
            for name, client in (("member", member.client), ("one", one)):
                reads[name] += [_took(partial(client.get, "/api/people")) for _ in range(READS)]
            for text in said:
                for name, client in (("member", member.client), ("one", one)):
                    turns[name].append(_took(partial(_said, client, text)))
    return {
        "reads": sum(reads["one"]) / sum(reads["member"]),
        "read_member_ms": median(reads["member"]) * 1000,
        "read_one_ms": median(reads["one"]) * 1000,
        "turn_median": median(turns["member"]) / median(turns["one"]),
        "turn_p95": quantiles(turns["member"], n=20)[-1] / quantiles(turns["one"], n=20)[-1],
        "turn_member_ms": median(turns["member"]) * 1000,
    }


def _said(client: httpx.Client, text: str) -> httpx.Response:
    return client.post("/api/chat", json={"text": text}, timeout=60)


def _took(ask: Callable[[], httpx.Response]) -> float:
    began = time.perf_counter()
    ask().raise_for_status()
    return time.perf_counter() - began
