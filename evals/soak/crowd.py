"""What readiness, signing in, reading and erasing cost with ten members, and with a thousand who have a million rows.

The crowd is put there as rows; the one who signs in is real. One worker on PostgreSQL; of many times the
shortest, for a machine that does other things as well.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import asyncpg  # type: ignore[import-untyped]
import httpx

from evals.bars import Bar
from evals.clusters import cluster
from evals.grouped import PAGE, Visitor, Workers

FEW, MANY, ROWS = 10, 1_000, 1_000_000
_PASSWORD = "rain on the roof"  # noqa: S105  of a member that is made here
_KEPT_S = 1.05
"""An answer of /readyz is kept for a second."""

TIMES = {"ready": 30, "sign_in": 9, "read": 300, "erase": 40}
"""How often each is asked."""

BARS: Mapping[str, Bar] = {f"{name}_growth": Bar(2.0, False) for name in TIMES}

_MEMBERS = """
    INSERT INTO members (id, login, role, joined_at, locked, public, private)
    SELECT 'x' || n, 'crowd' || n, 'member', 0, false, decode(repeat('00', 32), 'hex'), decode(repeat('00', 60), 'hex')
    FROM generate_series($1::int, $2::int) n
"""
_SLOTS = """
    INSERT INTO slots (member_id, id, kind, cost, salt, pepper, sealed)
    SELECT m.id, 's', s.kind, s.cost, s.salt, s.pepper, s.sealed FROM members m, slots s
    WHERE m.login LIKE 'crowd%' AND s.kind = 'password' AND s.id <> 's' ON CONFLICT DO NOTHING
"""
_USERS = "INSERT INTO users (id, key_id) SELECT id, 'k' FROM members ON CONFLICT DO NOTHING"
_PEOPLE = """
    INSERT INTO people (user_id, id, payload, created_at)
    SELECT id, 'p', decode(repeat('00', 80), 'hex'), 0 FROM members WHERE login LIKE 'crowd%' ON CONFLICT DO NOTHING
"""
_MOMENTS = """
    INSERT INTO moments (user_id, id, payload, person_id, happened_at)
    SELECT 'x' || (1 + n % $3::int), 'm' || n, decode(repeat('00', 200), 'hex'), 'p', n
    FROM generate_series($1::int, $2::int) n
"""


def measure(folder: Path) -> Mapping[str, float]:
    """Return each cost in milliseconds in the small and in the large group, and how it grew."""
    with ExitStack() as stack:
        few = _group(stack, folder / "few", FEW - 1, 1_000)
        many = _group(stack, folder / "many", MANY - 1, ROWS)
        costs = {name: _best_ms(few.asks[name], many.asks[name], times) for name, times in TIMES.items()}
    figures = {f"{name}_{size}_ms": costs[name][n] for name in TIMES for n, size in enumerate(("few", "many"))}
    return {**figures, **{f"{name}_growth": costs[name][1] / costs[name][0] for name in TIMES}}


@dataclass(frozen=True, slots=True)
class _Group:
    """A group that runs: what is asked of it, by name, each with what is done before it is timed."""

    asks: Mapping[str, tuple[Callable[[], object], Callable[[], httpx.Response]]]


def _group(stack: ExitStack, folder: Path, others: int, rows: int) -> _Group:
    folder.mkdir()
    database = stack.enter_context(cluster(("fsync=off", "max_connections=100", "autovacuum=off")))
    workers = Workers(folder, database, 1)
    stack.callback(workers.stop)
    workers.start(0)
    zoe, url = Visitor(workers.address(0)), workers.address(0)
    zoe.join(workers.first_link(), "zoe", _PASSWORD)
    person = zoe.client.post("/api/people", json={"name": "Priya"}).json()["id"]
    asyncio.run(_filled(database.url, others, rows))
    moment = {"person_id": person, "channel": "call", "by": "me", "landed": "helped", "what": "I rang her"}
    kept: list[str] = []

    def signed_in() -> httpx.Response:
        form = {"login": "zoe", "password": _PASSWORD}
        return httpx.post(f"{url}/signin", data=form, headers={**PAGE, "Origin": url}, timeout=60)

    return _Group({
        "ready": (lambda: time.sleep(_KEPT_S), lambda: zoe.client.get("/readyz")),
        "sign_in": (lambda: None, signed_in),
        "read": (lambda: None, lambda: zoe.client.get("/api/people")),
        "erase": (lambda: kept.append(zoe.client.post("/api/moments", json=moment).json()["id"]),
                  lambda: zoe.client.delete(f"/api/moments/{kept.pop()}")),
    })  # fmt: skip


async def _filled(url: str, others: int, rows: int) -> None:
    connection = await asyncpg.connect(url)
    try:
        await connection.execute(_MEMBERS, 1, others)
        for statement in (_SLOTS, _USERS, _PEOPLE):
            await connection.execute(statement)
        await connection.execute(_MOMENTS, 1, rows, others, timeout=600)
        await connection.execute("VACUUM ANALYZE", timeout=600)
        await connection.execute("CHECKPOINT")
    finally:
        await connection.close()


def _best_ms(
    few: tuple[Callable[[], object], Callable[[], httpx.Response]],
    many: tuple[Callable[[], object], Callable[[], httpx.Response]],
    times: int,
) -> tuple[float, float]:
    """Return the shortest time of each; they are asked in turn, so that whatever else goes on hits both."""
    took: tuple[list[float], list[float]] = ([], [])
    for _ in range(times):
        for (before, ask), found in zip((few, many), took, strict=True):
            before()
            began = time.perf_counter()
            answer = ask()
            found.append((time.perf_counter() - began) * 1000)
            if answer.status_code >= 400:
                raise RuntimeError(f"{answer.request.url}: {answer.status_code}")
    return min(took[0]), min(took[1])
