"""``python -m evals.pages``: how long each page takes the server, and how much a first view weighs, in a long journal.

200 people, 10,000 moments (a few people have most of them), 100 plans, 40 conversations, 30 sessions; the real server,
seen from outside. A time is that from asking to the whole answer.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import re
import sys
from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import Any, cast

import httpx

from coach.domain.commitments import Commitment
from coach.domain.moments import By, Channel, Landed, Moment
from coach.domain.people import Celebration, Person, Relation
from coach.domain.plans import RepairPlan
from coach.domain.turns import Conversation, Event, Turn
from coach.web.parts import USER
from evals.__main__ import as_json
from evals.cases import HERE, load_cases
from evals.coached import opened
from evals.plans import percentile
from evals.served import bearer, running

PEOPLE, MOMENTS, PLANS, CONVERSATIONS, SESSIONS = 200, 10_000, 100, 40, 30
ROUNDS = 40
_DAY = timedelta(days=1)
_TOLD = (
    "I asked about the plan and got one word back",
    "She thanked me for the notes before the deadline",
    "He corrected me in front of everyone at the review",
    "I covered the late shift and nobody said a word",
    "We talked over coffee about what was still open",
)
_SAID = (
    "Two of them have been quiet since the move to the other floor.",
    "I want them to hear things from me first.",
    "I let the audit come first and cancelled our talks.",
    "I could walk over on Tuesday and ask how the move went.",
)


async def fill(folder: Path) -> None:
    """Write the long journal into a data folder; its one real plan is copied with other ids."""
    message = load_cases(HERE / "dev_cases.jsonl")[0].message
    async with opened(folder=folder) as coached:
        journal = coached.parts.journal
        await coached.play(USER, message)
        [plan, *_] = await journal.plans(USER)
        now = datetime.now(UTC)
        await journal.import_(USER, long_journal(plan, now))
        sessions = coached.parts.sessions
        begun = await sessions.begin(USER, "weekly_review", None, now)
        for said in _SAID:
            async with aclosing(cast("AsyncGenerator[Event]", sessions.reply(USER, begun.id, said, now))) as events:
                async for _ in events:
                    pass
        talk = await journal.session(USER, begun.id)
        for n in range(SESSIONS):
            await journal.keep_session(USER, replace(talk, id=f"session{n}", started_at=now - n * 7 * _DAY))


def long_journal(plan: RepairPlan, now: datetime) -> dict[str, Any]:
    """Return an export of the long journal as it would be on the day ``now``."""
    from pydantic import TypeAdapter

    relations = list(Relation)
    people = [
        Person(
            f"p{n}",
            f"Colleague {n}",
            now - 800 * _DAY,
            "planner",
            relations[n % 5],
            n % 3 == 0,
            matters="being asked early",
            longest_days=60 if n % 4 == 0 else None,
            celebrations=(Celebration("birthday", 1 + n % 12, 1 + n % 28),),
        )
        for n in range(PEOPLE)
    ]
    shares = [1 / (n + 1) for n in range(PEOPLE)]
    moments = []
    for n, share in enumerate(shares):
        count = max(1, round(MOMENTS * share / sum(shares)))
        for k in range(count):
            at = now - timedelta(hours=3 + 17_000 * k / count + 24 * (n % 50))
            what = f"{_TOLD[(n + k) % len(_TOLD)]} ({k})"
            channel, by, landed = list(Channel)[k % 6], list(By)[(n + k) % 2], list(Landed)[(n * k) % 3]
            moments.append(Moment(f"m{n}-{k}", f"p{n}", at, channel, by, what, landed, at))
    plans = []
    for n in range(PLANS):
        steps = tuple(replace(step, id=f"s{n}-{k}") for k, step in enumerate(plan.steps))
        plans.append(replace(plan, id=f"plan{n}", person_id=f"p{n % 40}", created_at=now - n * _DAY, steps=steps))
    commitments = [Commitment(f"s{n}-0", f"plan{n}", now, (now + (n - 5) * _DAY).date()) for n in range(10)]
    talks = [Conversation(f"c{n}", f"Talk {n}", now - n * _DAY, None) for n in range(CONVERSATIONS)]
    turns = [
        Turn(f"t{n}", f"c{n}", now - n * _DAY, "It happened again.", "It may be.", True) for n in range(CONVERSATIONS)
    ]
    lists: dict[str, list[Any]] = {
        "people": people, "moments": moments, "plans": plans, "commitments": commitments, "conversations": talks,
        "turns": turns, "outcomes": [], "drafts": [],
    }  # fmt: skip
    data = {name: TypeAdapter(list[Any]).dump_python(things, mode="json") for name, things in lists.items()}
    return {"format": "coach-export", "version": 1, **data}


ADDRESSES = (
    "/", "/conversations", "/conversations/c0", "/log", "/journal", "/journal?q=coffee", "/messages",
    "/today", "/week", "/calendar", "/people", "/people/p0",
    "/people/p1", "/people/p50", "/people/p0/one-to-one", "/team", "/sessions", "/sessions/session0",
    "/sessions/session0/summary", "/map", "/map/stock", "/import",
    "/settings", "/plans/plan0", "/moments/m0-0", "/principles",
    "/principles/intentions-vary-ask", "/privacy",
)  # fmt: skip


def measure(folder: Path) -> dict[str, dict[str, float]]:
    """Return p50 and p95 in ms and the weight of a first view in kB, by page."""
    figures: dict[str, dict[str, float]] = {}
    with (
        running(folder) as (process, url),
        httpx.Client(base_url=url, headers={"Accept": "text/html", **bearer(folder)}) as client,
    ):
        for address in ADDRESSES:
            if client.get(address).status_code == 200:
                figures[address] = {"kb": round(_weight(client, address) / 1000, 1)}
        for address, row in figures.items():
            before = _cpu_s(process.pid)
            for _ in range(ROUNDS):
                client.get(address)
            row["cpu_ms"] = round((_cpu_s(process.pid) - before) / ROUNDS * 1000, 1)
        times: dict[str, list[float]] = {address: [] for address in figures}
        for _ in range(ROUNDS):  # in turn, so that a busy second is shared
            for address in figures:
                began = perf_counter()
                client.get(address)
                times[address].append((perf_counter() - began) * 1000)
    for address, some in times.items():
        figures[address] |= {"p50_ms": round(median(some), 1), "p95_ms": round(percentile(some, 95), 1)}
    return figures


def _cpu_s(pid: int) -> float:
    """Seconds of processor time a process has used: what a view costs, however busy the machine is."""
    fields_ = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields_[11]) + int(fields_[12])) / os.sysconf("SC_CLK_TCK")


def _weight(client: httpx.Client, address: str) -> int:
    """Bytes of a page with its styles, scripts (with what they import) and pictures, as they are sent."""
    page = client.get(address)
    total, seen = len(page.content), set[str]()
    todo = re.findall(r'(?:href|src)="(/[^"]*\.(?:css|js|svg|webmanifest|png))"', page.text)
    while todo:
        asked = todo.pop()
        if asked in seen:
            continue
        seen.add(asked)
        found = client.get(asked)
        total += len(found.content)
        if asked.endswith(".js"):
            todo += [f"/static/{name}" for name in re.findall(r'from "\./([^"]+)"', found.text)]
    return total


def main(given: Sequence[str] | None = None) -> int:
    """Measure every page; print a table, or one JSON object as the last line."""
    parser = argparse.ArgumentParser("python -m evals.pages", description="Measure the pages.")
    parser.add_argument("--json", action="store_true", help="print one JSON object as the last line")
    parsed = parser.parse_args(given)
    with TemporaryDirectory(prefix="coach-pages-") as folder:
        asyncio.run(fill(Path(folder)))
        figures = measure(Path(folder))
    for address, row in sorted(figures.items(), key=lambda it: -it[1]["p95_ms"]):
        times = "   ".join(f"{name} {row[f'{name}_ms']:6.1f} ms" for name in ("p50", "p95", "cpu"))
        print(f"{address:34} {times}   {row['kb']:6.1f} kB")
    if parsed.json:
        print(as_json(figures))
    return 0


if __name__ == "__main__":
    sys.exit(main())
