"""One message of 20,000 characters: how long it holds up the turns of others.

Ordinary sentences, one sentence said 448 times, one line without an end, blanks, days, a pasted chat. Usual messages
are told one after the other, first alone and then beside it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from itertools import islice
from pathlib import Path
from statistics import median

from evals import served, wire
from evals.bars import Bar
from evals.soak.memory import messages

CHARACTERS = 20_000
_ALONE = 30

BARS: Mapping[str, Bar] = {"failed": Bar(0, False), "delay_s": Bar(1, False)}


def measure(folder: Path) -> Mapping[str, float]:
    """Return the longest that a usual turn took beside a long message, less what it takes alone."""
    with served.running(folder):
        pass
    with served.running(folder) as (_, url):
        return asyncio.run(_measured(url, served.bearer(folder)))


def long_ones() -> Mapping[str, str]:
    """Return the long messages, by what they are."""
    told = " ".join(islice(messages(), 60))
    some = {
        "ordinary": told * 3,
        "repeated": "I snapped at Marta in front of the team today. " * 448,
        "endless": "and then my boss said it to everybody again " * 500,
        "blank": f"She left.{' ' * 19_980}So did I.",
        "days": "12/11/2026 on Monday " * 1_000,
        "chat": "[12:10] Rosa Lang: ok then\n" * 800,
    }
    return {name: text[:CHARACTERS] for name, text in some.items()}


async def _measured(url: str, headers: Mapping[str, str]) -> Mapping[str, float]:
    usual = messages()
    for text in islice(usual, 5):
        await wire.said(url, text, headers)
    alone = [(await wire.said(url, text, headers)).seconds for text in islice(usual, _ALONE)]
    figures, failed = {}, 0
    for name, text in long_ones().items():
        long = asyncio.create_task(wire.said(url, text, headers))
        beside: list[wire.Heard] = []
        while not long.done():
            beside += [await wire.said(url, each, headers) for each in islice(usual, 1)]
        failed += sum(not each.whole for each in (*beside, await long))
        figures[f"{name}_s"] = (await long).seconds
        figures[f"{name}_delay_s"] = max((each.seconds for each in beside), default=0.0) - median(alone)
    worst = max(value for name, value in figures.items() if name.endswith("_delay_s"))
    return {"failed": failed, "delay_s": worst, "usual_s": median(alone), "slowest_alone_s": max(alone), **figures}
