"""What the server holds after 2,600 turns, and whether it goes on growing.

Every turn is a message of its own in a conversation of its own. Memory is resident, in MB of 10^6 bytes, as ``ps``
tells it.
"""

from __future__ import annotations

import subprocess
from collections.abc import Iterator, Mapping
from itertools import count
from pathlib import Path

import httpx

from evals import served
from evals.bars import Bar
from evals.cases import HERE, load_cases

TURNS = 2_600
SETTLED = 1_300
"""After so many turns whatever is filled once is full."""

BARS: Mapping[str, Bar] = {"mb": Bar(320, False), "grown_mb": Bar(8, False)}


def measure(folder: Path) -> Mapping[str, float]:
    """Return the memory after 20 turns, after half of all and at the end, and what the second half added."""
    found: dict[int, float] = {}
    with served.running(folder):
        pass  # the first start also builds the index and the tables of the database
    with (
        served.running(folder) as (process, url),
        httpx.Client(base_url=url, timeout=60, headers=served.bearer(folder)) as client,
    ):
        for turn, text in zip(range(1, TURNS + 1), messages(), strict=False):
            client.post("/api/chat", json={"text": text}).raise_for_status()
            if turn in {20, SETTLED, TURNS}:
                found[turn] = _resident_mb(process.pid)
    grown = found[TURNS] - found[SETTLED]
    return {"mb_after_20": found[20], "mb_half_way": found[SETTLED], "mb": found[TURNS], "grown_mb": grown}


def messages() -> Iterator[str]:
    """Yield messages, none of them twice."""
    told = [case.message for case in load_cases(HERE / "dev_cases.jsonl")]
    for round_ in count():
        for text in told:
            yield text if not round_ else f"{text} That was {round_} days ago."


def _resident_mb(pid: int) -> float:
    told = subprocess.run(["ps", "-o", "rss=", "-p", str(pid)], capture_output=True, text=True, check=True)
    return int(told.stdout) * 1024 / 1e6
