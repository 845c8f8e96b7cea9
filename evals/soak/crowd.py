"""What readiness, signing in, reading and erasing cost with ten members, and with a thousand who have a million rows.

The crowd is put there as rows; the one who signs in is real. One worker on PostgreSQL; of many times the
shortest, for a machine that does other things as well.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Mapping
from contextlib import ExitStack
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

NAMES = ("ready", "sign_in", "read", "erase")
BARS: Mapping[str, Bar] = {f"{name}_growth": Bar(2.0, False) for name in NAMES}

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
    with cluster(("fsync=off", "max_connections=100")) as database, ExitStack() as stack:
        workers = Workers(folder, database, 1)
        stack.callback(workers.stop)
        workers.start(0)
        url = workers.address(0)
        zoe = Visitor(url)
        zoe.join(workers.first_link(), "zoe", _PASSWORD)
        person = zoe.client.post("/api/people", json={"name": "Priya"}).json()["id"]
        asyncio.run(_filled(database.url, 1, FEW - 1, 1, 1_000, FEW - 1))
        few = _costs(url, zoe, person)
        asyncio.run(_filled(database.url, FEW, MANY - 1, 1_001, ROWS, MANY - 1))
        many = _costs(url, zoe, person)
    figures = {f"{name}_{size}_ms": costs[name] for size, costs in (("few", few), ("many", many)) for name in NAMES}
    return {**figures, **{f"{name}_growth": many[name] / few[name] for name in NAMES}}


async def _filled(url: str, first: int, last: int, first_row: int, last_row: int, over: int) -> None:
    connection = await asyncpg.connect(url)
    try:
        await connection.execute(_MEMBERS, first, last)
        for statement in (_SLOTS, _USERS, _PEOPLE):
            await connection.execute(statement)
        await connection.execute(_MOMENTS, first_row, last_row, over, timeout=600)
        await connection.execute("VACUUM ANALYZE", timeout=600)
        await connection.execute("CHECKPOINT")
    finally:
        await connection.close()


def _costs(url: str, zoe: Visitor, person: str) -> Mapping[str, float]:
    def ready() -> None:
        time.sleep(_KEPT_S)

    def signed_in() -> httpx.Response:
        return httpx.post(
            f"{url}/signin", data={"login": "zoe", "password": _PASSWORD}, headers={**PAGE, "Origin": url}, timeout=60
        )

    moment = {"person_id": person, "channel": "call", "by": "me", "landed": "helped", "what": "I rang her"}
    kept: list[str] = []

    def erase() -> httpx.Response:
        return zoe.client.delete(f"/api/moments/{kept.pop()}")

    def noted() -> None:
        kept.append(zoe.client.post("/api/moments", json=moment).json()["id"])

    def read() -> httpx.Response:
        return zoe.client.get("/api/people")

    return {
        "ready": _best_ms(lambda: zoe.client.get("/readyz"), 12, ready),
        "sign_in": _best_ms(signed_in, 9),
        "read": _best_ms(read, 300),
        "erase": _best_ms(erase, 30, noted),
    }


def _best_ms(ask: Callable[[], httpx.Response], times: int, before: Callable[[], None] = lambda: None) -> float:
    took = []
    for _ in range(times):
        before()
        began = time.perf_counter()
        answer = ask()
        took.append((time.perf_counter() - began) * 1000)
        if answer.status_code >= 400:
            raise RuntimeError(f"{answer.request.url}: {answer.status_code}")
    return min(took)
