"""Five times three workers that start at once on an empty PostgreSQL and an empty Chroma server: each has its index.

None is ready before it has, the tables are brought up once, and a search answers at each of the three.
"""

from __future__ import annotations

import re
import time
from collections.abc import Mapping
from contextlib import ExitStack
from pathlib import Path

import httpx

from evals.bars import Bar
from evals.clusters import cluster
from evals.grouped import Visitor, Workers
from evals.soak.index_races import chroma

ROUNDS, AT_ONCE = 5, 3
_PATIENCE = 300.0

BARS: Mapping[str, Bar] = {
    "without": Bar(0, False),
    "ready_too_soon": Bar(0, False),
    "migrations": Bar(ROUNDS, False),
}


def measure(folder: Path) -> Mapping[str, float]:
    """Return how many starts had no index, said so too late, and how often the tables were brought up."""
    figures = {"starts": ROUNDS * AT_ONCE, "without": 0, "ready_too_soon": 0, "migrations": 0, "longest_s": 0.0}
    for n in range(ROUNDS):
        own = folder / f"round-{n}"
        own.mkdir()
        with cluster() as database, chroma(own) as url, ExitStack() as stack:
            workers = Workers(own, database, AT_ONCE, COACH_CHROMA_URL=url)
            stack.callback(workers.stop)
            began = time.monotonic()
            for worker in range(AT_ONCE):
                workers.launch(worker)
            figures["ready_too_soon"] += _awaited(workers)
            figures["longest_s"] = max(figures["longest_s"], time.monotonic() - began)
            figures["without"] += AT_ONCE - _searched(workers)
            brought = re.search(rb"COPY public\.alembic_version .*?\n(.*?)\\\.", database.dump(), re.DOTALL)
            figures["migrations"] += len(brought[1].split()) if brought else 0
    return figures


def _awaited(workers: Workers) -> int:
    """Wait until each is ready; return how many said that all is well while a part of theirs was not."""
    too_soon, waiting, until = 0, set(range(AT_ONCE)), time.monotonic() + _PATIENCE
    with httpx.Client(timeout=10) as client:
        while waiting and time.monotonic() < until:
            for n in sorted(waiting):
                try:
                    told = client.get(f"{workers.address(n)}/readyz")
                except httpx.TransportError:
                    continue
                if told.status_code == 200:
                    waiting.discard(n)
                    too_soon += any(state != "ok" for state in told.json().values())
            time.sleep(0.1)
    return too_soon + len(waiting)


def _searched(workers: Workers) -> int:
    """Return how many of the workers find a card by its meaning."""
    member = Visitor(workers.address(0))
    member.join(workers.first_link(), "zoe", "rain on the roof")
    found = 0
    for n in range(AT_ONCE):
        told = httpx.get(
            f"{workers.address(n)}/api/search",
            params={"q": "somebody went silent after a mistake was named before others"},
            headers={"Cookie": f"coach={member.cookie}"},
            timeout=60,
        )
        found += told.status_code == 200 and bool(told.json()["principles"])
    return found
