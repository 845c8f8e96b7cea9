"""``python -m evals sessions``: twelve scripted leaders through whole sessions, beside the bars of the issue.

No language model speaks in a session. ``--out`` writes a transcript a leader.
"""

from __future__ import annotations

import argparse
import json
import statistics
from typing import Any

from coach.domain.sessions import State
from evals import report
from evals.cases import HERE, load_cases
from evals.coached import Coached, OpenCoach
from evals.leaders import Leader, leaders
from evals.sittings import Sitting, asked, fill, problems, transcript

CHAT = 40
"""So many messages go through the chat, to compare the time of a turn."""

BARS = {
    "closed_well": 1.0, "asked_twice": 0, "most_questions": 2, "questions_share": 2 / 3, "violations": 0,
    "turn_over_chat_p95": 1.0,
}  # fmt: skip
"""What each figure should reach: shares at least, counts at most, the ratio of times at most."""


async def run(given: argparse.Namespace, open_coach: OpenCoach) -> None:
    """Hold the sessions, print a table or a JSON object."""
    async with open_coach(given.language_model) as coached:
        rows, ms = [], []
        for leader in leaders()[: given.limit]:
            row, took = await _led(coached, leader)
            rows.append(row)
            ms += took
        chat = [(await coached.play(f"chat-{n}", case.message)).ms for n, case in enumerate(_messages())]
    figures = {
        "n": len(rows),
        "closed_well": sum(row["closed_well"] for row in rows) / len(rows),
        "asked_twice": sum(row["asked_twice"] for row in rows),
        "most_questions": max(row["most_questions"] for row in rows),
        "questions_share": min(row["questions_share"] for row in rows),
        "violations": sum(row["violations"] for row in rows),
        "turn_p50_ms": round(statistics.median(ms), 1),
        "turn_p95_ms": round(_p95(ms), 1),
        "chat_p95_ms": round(_p95(chat), 1),
        "turn_over_chat_p95": round(_p95(ms) / _p95(chat), 3),
    }
    if given.out:
        given.out.parent.mkdir(parents=True, exist_ok=True)
        given.out.write_text("".join(f"{json.dumps(row, ensure_ascii=False)}\n" for row in rows), encoding="utf-8")
    if given.json:
        print(json.dumps(figures))
    else:
        screen = report.console()
        screen.print(report.table("sessions", [("twelve leaders", figures)], [("bar", BARS)]))
        shown = ("turns", "commitments", "asked_twice", "most_questions", "questions_share", "violations")
        screen.print(
            report.parts_table("a leader each", {row["leader"]: {it: row[it] for it in shown} for row in rows})
        )


async def _led(coached: Coached, leader: Leader) -> tuple[dict[str, Any], list[float]]:
    """Hold one session as a user of its own; return its row, and the milliseconds of its turns."""
    parts = coached.parts
    sitting = Sitting(parts.journal, parts.knowledge, parts.sessions, f"leader {leader.name}")
    await fill(sitting)
    session = await sitting.lead(leader)
    found = problems(session, parts.knowledge)
    put = [asked(turn.text) for turn in session.turns]
    early = [turn for turn in session.turns if turn.phase.value not in {"will", "close"} and turn.asking]
    row = {
        "leader": leader.name,
        "turns": len(session.turns),
        "commitments": len(session.taken_on),
        "because": session.because,
        "closed_well": session.state is State.CLOSED
        and (len(session.taken_on) >= max(1, leader.least) or bool(session.because)),
        "asked_twice": sum(each.startswith("asked twice") for each in found),
        "most_questions": max(len(each) for each in put),
        "questions_share": round(sum(turn.asks for turn in early) / max(1, len(early)), 3),
        "violations": sum(each.startswith("violation") for each in found),
        "problems": found,
        "text": transcript(session),
    }
    return row, sitting.ms


def _messages() -> list[Any]:
    return list(load_cases(HERE / "dev_cases.jsonl"))[:CHAT]


def _p95(values: list[float]) -> float:
    return sorted(values)[int(0.95 * (len(values) - 1))]
