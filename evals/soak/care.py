"""Four whole workers on PostgreSQL: one takes care of the group, and after its kill -9 another, again and again.

``takes_care_s``: the longest time from a kill to another's hold of the lock. ``at_once``: the most that held it.
"""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import Mapping
from contextlib import ExitStack
from pathlib import Path

import asyncpg  # type: ignore[import-untyped]

from coach.members.caretaker import LOCK
from evals.bars import Bar
from evals.clusters import cluster
from evals.grouped import Workers
from evals.soak import LeftOut

WORKERS, KILLS = 4, 5
_PATIENCE_S = 60.0
_TCP = Path("/proc/net/tcp")

BARS: Mapping[str, Bar] = {
    "kills": Bar(KILLS, True),
    "takes_care_s": Bar(5, False),
    "at_once": Bar(1, False),
}
_HOLDERS = """
    SELECT client_port FROM pg_locks JOIN pg_stat_activity USING (pid)
    WHERE locktype = 'advisory' AND granted AND (classid::bigint << 32 | objid::bigint) = $1
"""


def measure(folder: Path) -> Mapping[str, float]:
    """Return how long the group was without care after each kill, at most and in the middle."""
    if not _TCP.exists():
        raise LeftOut("which process holds a connection is told by Linux alone")
    with cluster() as database, ExitStack() as stack:
        workers = Workers(folder, database, WORKERS)
        stack.callback(workers.stop)
        for n in range(WORKERS):
            workers.start(n)
        return asyncio.run(_measured(workers, database.url))


async def _measured(workers: Workers, url: str) -> Mapping[str, float]:
    took, most = [], 0
    connection = await asyncpg.connect(url)
    try:
        for _ in range(KILLS):
            holder, _, many = await _held(connection, workers)
            await asyncio.to_thread(workers.kill, holder)
            began = time.monotonic()
            _, at, after = await _held(connection, workers)
            took.append(at - began)
            most = max(most, many, after)
            await asyncio.to_thread(workers.start, holder)
    finally:
        await connection.close()
    return {"kills": len(took), "takes_care_s": max(took), "median_s": sorted(took)[len(took) // 2], "at_once": most}


async def _held(connection: asyncpg.Connection, workers: Workers) -> tuple[int, float, int]:
    """Return the running worker that holds the lock, since when that is known, and how many hold it. Waits for one."""
    until = time.monotonic() + _PATIENCE_S
    while time.monotonic() < until:
        ports = [row["client_port"] for row in await connection.fetch(_HOLDERS, LOCK)]
        now = time.monotonic()
        for n, process in enumerate(workers.processes):
            if process is not None and any(_has(process.pid, port) for port in ports):
                return n, now, len(ports)
        await asyncio.sleep(0.05)
    raise RuntimeError("nobody takes care")


def _has(pid: int, port: int) -> bool:
    """Whether a process has the connection that begins at a port of this machine."""
    lines = [line.split() for line in _TCP.read_text().splitlines()[1:]]
    sockets = {f"socket:[{line[9]}]" for line in lines if line[1].endswith(f":{port:04X}")}
    return any(os.readlink(each) in sockets for each in Path(f"/proc/{pid}/fd").iterdir())
