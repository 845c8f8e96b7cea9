"""Faults planted in good answers, one at a time: which are caught before a user sees them, and what is refused.

Faults of form are for code; premises for the second call, which needs a language model. Good answers, later turns and
fair parts stand beside the file of faults.
"""

from __future__ import annotations

import copy
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from coach.app import build, new_id
from coach.domain.letters import pieces
from coach.domain.turns import Event, Finished, Piece, Planned, Read
from coach.settings import Settings
from coach.web.parts import Parts
from evals.cases import HERE, Line, lines
from evals.coached import NOW, Coached
from evals.outcomes import Outcome, Row, share
from evals.prepared import Prepared

FORM, PREMISE = "form", "premise"


@dataclass(frozen=True, slots=True)
class Planted:
    """A changed part of a good answer. ``sort``: FORM, PREMISE, or "" for a part that is fair."""

    id: str
    base: str
    turn: int
    part: str
    value: Any
    sort: str


async def run(coached: Coached, cases: Path) -> Outcome:
    """Let every planted fault, and every fair part, run through a whole turn. Raises BadInput."""
    good = {each.id: each for each in lines(HERE / "good_answers.jsonl")}
    later = {(each.id, int(each.data["turn"])): each for each in lines(HERE / "good_later.jsonl")}
    planted = [*_planted(cases), *_planted(HERE / "good_parts.jsonl")]
    real = coached.parts.language_models
    rows: list[Row] = []
    with TemporaryDirectory() as folder:
        model = Prepared(real, coached.parts.settings.llm_timeout_s)
        settings = Settings(data=Path(folder), llm_level="plans")
        parts = await build(
            settings, clock=lambda: NOW, new_id=new_id, language_models=model, knowledge=coached.parts.knowledge
        )
        try:
            for each in planted:
                rows.append(await _row(parts, model, each, good, later))
        finally:
            await parts.close()
    return Outcome(grade(rows, read=real is not None), rows)


def grade(rows: Sequence[Row], *, read: bool) -> dict[str, Any]:
    """Return shares: form caught, premises caught (None where no language model read them), good parts refused."""

    def of(sort: str) -> list[bool]:
        return [bool(row["caught"]) for row in rows if row["sort"] == sort]

    return {
        "n": len(rows),
        "form_caught": share(of(FORM)),
        "premises_caught": share(of(PREMISE)) if read else None,
        "good_refused": share(of("")),
    }


def _planted(file: Path) -> list[Planted]:
    found = []
    for line in lines(file):
        row: Mapping[str, Any] = line.data
        turn = int(row.get("turn") or 1)
        found.append(Planted(line.id, str(row["base"]), turn, str(row["part"]), row["value"], str(row.get("sort", ""))))
    return found


async def _row(
    parts: Parts, model: Prepared, each: Planted, good: Mapping[str, Line], later: Mapping[tuple[str, int], Line]
) -> Row:
    turns = [good[each.base], *(later[each.base, n] for n in range(2, each.turn + 1) if (each.base, n) in later)]
    conversation: str | None = None
    events: list[Event] = []
    for n, turn in enumerate(turns, 1):
        answer = copy.deepcopy(turn.data["answer"])
        own = (answer.get("plan") or {}).get("own_part") or {}
        model.clear = own.get("level") == "clear"
        if n == len(turns):
            _put(answer, each.part.split("."), each.value)
        model.answer = answer
        text = "\n".join(turn.data["sentences"])
        replies = parts.conversation.reply(f"planted-{each.id}", text, NOW, conversation_id=conversation)
        events = [event async for event in replies]
        conversation = getattr(events[0], "conversation_id", None)
    caught, why = _caught(each, events)
    return {"id": each.id, "sort": each.sort, "part": each.part, "caught": caught, "because": why}


def _put(answer: dict[str, Any], path: Sequence[str], value: Any) -> None:
    for key in path[:-1]:
        answer = answer[key]
    answer[path[-1]] = value


def _caught(each: Planted, events: Sequence[Event]) -> tuple[bool, list[Any]]:
    """Whether the changed part did not reach the user as it was, and why not."""
    finished = next((event for event in events if isinstance(event, Finished)), None)
    replaced = finished.replaced if finished else ()
    name = next((key for key in each.part.split(".") if key not in {"plan", "patch", "texts"}), each.part)
    why = [(one.where, one.because) for one in replaced if one.where == ("reply" if name == "answer" else name)]
    if name == "account":
        read = next((event.reading for event in reversed(events) if isinstance(event, Read)), None)
        kept = len(read.account.events) if read and read.account else 0
        return kept < len(each.value), [("account", f"{kept} of {len(each.value)}")]
    if name == "draft" and not any(isinstance(event, Planned) for event in events):
        return True, ["no plan"]
    if name == "answer" and not _said(str(each.value), events):
        return True, ["not said"]  # where someone is harmed an answer with a fault gives way to the coach's own text
    notice = [finished.notice] if finished and finished.notice else []  # the turn went on by taps: nothing was shown
    return bool(why or notice), [*why, *notice]


def _said(answer: str, events: Sequence[Event]) -> bool:
    """Whether any sentence of an answer was said."""
    said = "".join(event.text for event in events if isinstance(event, Piece))
    return any(answer[start:end].strip() in said for start, end in pieces(answer))


def printed(rows: Sequence[Row]) -> str:
    """Return the rows a line each, what was missed first."""
    return "\n".join(json.dumps(row, ensure_ascii=False) for row in sorted(rows, key=lambda row: row["caught"]))
