"""Turns of two workers beside those of one, on one machine with their PostgreSQL, per processor-second there was.

Eight members each say one thing after another, at one worker and at two, in turn. ``two_over_one``: the turns per
processor-second that others left, of two over those of one. ``at_most``: what it can be, for one worker with the
database and the asker beside it on the same cores leaves so much of them unused, and no more. Where other programs
use much of the machine, what they leave is not ours to count on, and the drill is left out.
"""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from evals import wire
from evals.bars import Bar
from evals.clusters import cluster
from evals.grouped import Visitor, Workers
from evals.served import processor_s
from evals.soak import LeftOut
from evals.soak.memory import messages

MEMBERS, ROUNDS, TURNS = 8, 3, 120
_BUSY = 0.1
_PASSWORD = "rain on the roof"  # noqa: S105  of members that are made here

BARS: Mapping[str, Bar] = {"failed": Bar(0, False), "two_over_one": Bar(1.5, True)}


@dataclass
class _Spent:
    """What some turns took: seconds by the clock, and of processors by whom."""

    turns: int = 0
    failed: int = 0
    clock: float = 0.0
    worker: float = 0.0
    ours: float = 0.0
    all: float = 0.0

    @property
    def others(self) -> float:
        """Seconds of processors that went to neither us nor nobody."""
        return max(0.0, self.all - self.ours)

    @property
    def rate(self) -> float:
        """Turns per processor-second that others left."""
        return self.turns / (self.clock * _cores() - self.others)


def measure(folder: Path) -> Mapping[str, float]:
    """Return the turns of two over those of one, what a turn costs whom, and what others used meanwhile."""
    if not Path("/proc/stat").exists():
        raise LeftOut("what processors did is told by Linux alone")
    with cluster(("fsync=off", "max_connections=100")) as database, ExitStack() as stack:
        workers = Workers(folder, database, 2)
        stack.callback(workers.stop)
        for n in (0, 1):
            workers.start(n)
        cookies = list(_joined(workers))
        one, two = asyncio.run(_measured(workers, cookies))
    both = (one.clock + two.clock) * _cores()
    if (busy := (one.others + two.others) / both) > _BUSY:
        raise LeftOut(f"other programs used {busy:.0%} of the processors")
    work, beside = one.worker / one.turns, (one.ours - one.worker) / one.turns
    return {
        "failed": one.failed + two.failed,
        "two_over_one": two.rate / one.rate,
        "at_most": 1 / (one.rate * (work + beside)),
        "one_a_second": one.turns / one.clock,
        "two_a_second": two.turns / two.clock,
        "worker_ms": work * 1000,
        "beside_ms": beside * 1000,
        "others": busy,
    }


def _joined(workers: Workers) -> Iterator[str]:
    first: Visitor | None = None
    for n in range(MEMBERS):
        visitor = Visitor(workers.address(0))
        visitor.join(first.invite() if first else workers.first_link(), f"member{n}", _PASSWORD)
        first = first or visitor
        yield visitor.cookie


async def _measured(workers: Workers, cookies: list[str]) -> tuple[_Spent, _Spent]:
    told, one, two = messages(), _Spent(), _Spent()
    await _said(workers, cookies, 2, told, _Spent())  # whatever is made at first use is made
    for _ in range(ROUNDS):
        await _said(workers, cookies, 1, told, one)
        await _said(workers, cookies, 2, told, two)
    return one, two


async def _said(workers: Workers, cookies: list[str], many: int, told: Iterator[str], spent: _Spent) -> None:
    left = TURNS

    async def go_on(member: int) -> None:
        nonlocal left
        url = workers.address(member % many)
        while left > 0:
            left -= 1
            heard = await wire.said(url, next(told), {"Cookie": f"coach={cookies[member]}", "Origin": url})
            spent.turns += 1
            spent.failed += not heard.whole

    pids = [each.pid for each in workers.processes if each is not None]
    before = _used(pids)
    await asyncio.gather(*(go_on(member) for member in range(len(cookies))))
    clock, worker, ours, all_ = (now - then for now, then in zip(_used(pids), before, strict=True))
    spent.clock, spent.worker = spent.clock + clock, spent.worker + worker
    spent.ours, spent.all = spent.ours + ours, spent.all + all_


def _used(pids: list[int]) -> tuple[float, float, float, float]:
    """Return the clock, and the seconds of processors used by workers, by all that this process began, by everybody."""
    parents = {int(each.name): _parent(each) for each in Path("/proc").iterdir() if each.name.isdecimal()}
    ours = [pid for pid in parents if os.getpid() in _ancestors(pid, parents)]
    ticks = [int(each) for each in Path("/proc/stat").read_text().split("\n", 1)[0].split()[1:9]]
    everybody = (sum(ticks) - ticks[3] - ticks[4]) / os.sysconf("SC_CLK_TCK")
    return time.monotonic(), sum(map(processor_s, pids)), sum(map(_seconds, ours)), everybody


def _parent(folder: Path) -> int:
    try:
        return int((folder / "stat").read_text().rpartition(")")[2].split()[1])
    except OSError:  # it has ended meanwhile
        return 0


def _ancestors(pid: int, parents: Mapping[int, int]) -> Iterator[int]:
    while pid:
        yield pid
        pid = parents.get(pid, 0)


def _seconds(pid: int) -> float:
    try:
        return processor_s(pid)
    except OSError:
        return 0.0


def _cores() -> int:
    return len(os.sched_getaffinity(0))
