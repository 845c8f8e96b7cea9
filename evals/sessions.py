"""``python -m evals sessions``: scripted leaders through whole sessions, beside the bars of the issue.

A leader keeps whatever is offered, so that anything offered that they did not say is counted as invented. ``--cases``
takes another file of leaders, ``--out`` writes a transcript a leader.
"""

from __future__ import annotations

import argparse
import json
import statistics
from collections.abc import Sequence
from typing import Any

from coach.domain.letters import plain
from coach.domain.sessions import Because, Intention, Session, State
from evals import report
from evals.cases import HERE, load_cases
from evals.coached import Coached, OpenCoach
from evals.leaders import FILE, Leader, Promise, leaders
from evals.sittings import Sitting, fill, problems, transcript

CHAT = 40
"""So many messages go through the chat, to compare the time of a turn."""

BARS = {
    "kept_share": 0.95, "invented": 0, "day_right": 0.95, "asked_twice": 0, "stops_unasked": 0, "stops_heard": 1.0,
    "turn_over_chat_p95": 1.0,
}  # fmt: skip
"""What each figure should reach: shares at least, counts at most, the ratio of times at most."""

_HARM = {Because.HARM, Because.SOURCE_OF_HARM, Because.DOUBT}


async def run(given: argparse.Namespace, open_coach: OpenCoach) -> None:
    """Hold the sessions, print a table or a JSON object."""
    file = given.cases if given.cases and given.cases.suffix in {".yaml", ".yml"} else FILE
    async with open_coach(given.language_model) as coached:
        rows, ms = [], []
        for leader in leaders(file)[: given.limit]:
            row, took = await _led(coached, leader)
            rows.append(row)
            ms += took
        chat = [(await coached.play(f"chat-{n}", case.message)).ms for n, case in enumerate(_messages())]
    figures = {**_figures(rows), "turn_p50_ms": round(statistics.median(ms), 1), "turn_p95_ms": round(_p95(ms), 1)}
    figures |= {"chat_p95_ms": round(_p95(chat), 1), "turn_over_chat_p95": round(_p95(ms) / _p95(chat), 3)}
    if given.out:
        given.out.parent.mkdir(parents=True, exist_ok=True)
        given.out.write_text("".join(f"{json.dumps(row, ensure_ascii=False)}\n" for row in rows), encoding="utf-8")
    if given.json:
        print(json.dumps(figures))
    else:
        screen = report.console()
        screen.print(report.table("sessions", [("scripted leaders", figures)], [("bar", BARS)]))
        shown = ("turns", "said", "kept", "invented", "days_right", "asked_twice", "stops_unasked", "heard")
        screen.print(
            report.parts_table("a leader each", {row["leader"]: {it: row[it] for it in shown} for row in rows})
        )


def _figures(rows: Sequence[dict[str, Any]]) -> dict[str, Any]:
    def total(name: str) -> int:
        return sum(row[name] for row in rows)

    stops = [row["heard"] for row in rows if row["heard"] is not None]
    return {
        "n": len(rows),
        "said": total("said"),
        "kept": total("kept"),
        "kept_share": round(total("kept") / max(1, total("said")), 3),
        "invented": total("invented"),
        "day_right": round(total("days_right") / max(1, total("days_said")), 3),
        "asked_twice": total("asked_twice"),
        "stops_unasked": total("stops_unasked"),
        "stops_heard": round(sum(stops) / max(1, len(stops)), 3),
        "violations": total("violations"),
    }


async def _led(coached: Coached, leader: Leader) -> tuple[dict[str, Any], list[float]]:
    """Hold one session as a user of its own; return its row, and the milliseconds of its turns."""
    parts = coached.parts
    sitting = Sitting(parts.journal, parts.knowledge, parts.sessions, f"leader {leader.name}")
    await fill(sitting)
    session = await sitting.lead(leader)
    found = problems(session, parts.knowledge)
    met = [(said, _kept(said, session.intentions)) for said in leader.commitments]
    theirs = {kept.id for _, kept in met if kept}
    row = {
        "leader": leader.name,
        "turns": len(session.turns),
        "said": len(met),
        "kept": sum(kept is not None for _, kept in met),
        "invented": sum(each.id not in theirs for each in session.intentions),
        "days_said": sum(said.day is not None for said, _ in met),
        "days_right": sum(said.day is not None and kept is not None and kept.due == said.day for said, kept in met),
        "asked_twice": sum(each.startswith("asked twice") for each in found),
        "stops_unasked": int(_stopped_unasked(session, leader)),
        "heard": _heard(session, leader),
        "violations": sum(each.startswith("violation") for each in found),
        "because": session.because,
        "problems": found,
        "text": transcript(session),
    }
    return row, sitting.ms


def _kept(said: Promise, taken: Sequence[Intention]) -> Intention | None:
    """Return the commitment that holds what was said, in those words: as what is done, or as what reminds of it."""
    return next((each for each in taken if plain(said.said) in plain(f"{each.words} {each.cue}")), None)


def _stopped_unasked(session: Session, leader: Leader) -> bool:
    """Whether the talk ended or rested before it came to what is taken on, and nobody had asked for that."""
    if leader.stop and any(turn.said == leader.stop for turn in session.turns):
        return False
    if session.state is State.PAUSED:
        return session.because not in _HARM
    return session.state is State.OPEN or bool(leader.commitments and not session.intentions)


def _heard(session: Session, leader: Leader) -> bool | None:
    """Whether the session stopped at the message that asked for it; None: none did."""
    at = next((n for n, turn in enumerate(session.turns) if leader.stop and turn.said == leader.stop), None)
    if at is None:
        return None if not leader.stop else False
    return at == len(session.turns) - 1 and session.state is not State.OPEN


def _messages() -> list[Any]:
    return list(load_cases(HERE / "dev_cases.jsonl"))[:CHAT]


def _p95(values: list[float]) -> float:
    return sorted(values)[int(0.95 * (len(values) - 1))]
