"""500 open streams at once: nobody fails, and the plan comes no later than the work takes.

The median plan is compared with 500 times the processor time of a turn by itself.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from itertools import islice
from pathlib import Path
from statistics import median

from coach.web.connections import room
from evals import served, wire
from evals.bars import Bar
from evals.soak.memory import messages

AT_ONCE = 500
_ALONE = 40

BARS: Mapping[str, Bar] = {"failed": Bar(0, False), "median_over_work": Bar(1.3, False)}


def measure(folder: Path) -> Mapping[str, float]:
    """Return the figures; the index is built before."""
    room()
    with served.running(folder):
        pass
    with served.running(folder) as (process, url):
        return asyncio.run(_measured(url, served.bearer(folder), process.pid))


async def _measured(url: str, headers: Mapping[str, str], pid: int) -> Mapping[str, float]:
    texts = list(islice(messages(), AT_ONCE + 2 * _ALONE))
    for text in texts[:_ALONE]:
        await wire.said(url, text, headers)
    before = served.processor_s(pid)
    alone = [await wire.said(url, text, headers) for text in texts[_ALONE : 2 * _ALONE]]
    work = (served.processor_s(pid) - before) / _ALONE
    before = served.processor_s(pid)
    heard = await asyncio.gather(*(wire.said(url, text, headers) for text in texts[2 * _ALONE :]))
    crowded = (served.processor_s(pid) - before) / AT_ONCE
    plans = sorted(each.events.get("plan", each.seconds) for each in heard)
    return {
        "failed": sum(not each.whole for each in heard),
        "median_over_work": median(plans) / (AT_ONCE * work),
        "median_plan_s": median(plans),
        "last_plan_s": plans[-1],
        "lone_turn_s": median(each.seconds for each in alone),
        "lone_turn_processor_s": work,
        "crowded_turn_processor_s": crowded,
    }
