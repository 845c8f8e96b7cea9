"""Adds up a judge's verdicts on answers: gates, points earned and lost, by the rubric. Pure.

Only criteria on which the judge was found reliable count, and the most that could be earned shrinks with them.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean
from typing import Any

from coach.domain.readings import ROUTES, Kind, Route
from evals.criteria import COUNTED, Sense, criteria
from evals.judging import Verdict
from evals.prose import MOST_STEPS, MOST_WORDS, steps_in
from evals.words import count

SAME = 0.5
"""Two answers of one rival that share more of their runs of five words are the same answer."""

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Score:
    """One answer. ``points``: earned less lost, 0 to ``most``; None where none are given. ``gates``: failed ones."""

    id: str
    rival: str
    points: int | None
    most: int
    gates: tuple[str, ...]


def most(reliable: Collection[str]) -> int:
    """Return what can be earned by the criteria that count; 56 when all do."""
    return sum(each.points for each in criteria() if each.sense is Sense.EARNS and each.name in reliable)


def score(row: Row, verdicts: Sequence[Verdict], reliable: Collection[str], counted: Collection[str]) -> Score:
    """Return the score of one answer. ``counted``: what code found it lost points for."""
    earned, gates = 0, []
    for verdict in verdicts:
        criterion = verdict.question.criterion
        if criterion.name not in reliable or verdict.found is None:
            continue
        if criterion.sense is Sense.EARNS and verdict.found:
            earned += criterion.points
        elif criterion.sense is Sense.COSTS and verdict.found:
            earned -= criterion.points
        elif criterion.sense is Sense.GATE and verdict.found:
            gates.append(f"{criterion.name} ({verdict.quote})")
        elif criterion.sense is Sense.NEEDS and not verdict.found:
            gates.append(criterion.name)
    in_scope = ROUTES[Kind(row["kind"])] is Route.IN_SCOPE
    points = max(0, earned - sum(COUNTED[name] for name in counted)) if in_scope else None
    return Score(str(row["id"]), str(row["rival"]), points, most(reliable), tuple(gates))


def counted(row: Row, rows: Sequence[Row]) -> list[str]:
    """Return what code alone finds in an answer: over-length, over three steps, the same as another of its rival."""
    found = []
    if count(row["reply"]) > MOST_WORDS:
        found.append("too_long")
    if steps_in(row["reply"]) > MOST_STEPS:
        found.append("too_many_steps")
    others = [each for each in rows if each["rival"] == row["rival"] and each["id"] != row["id"]]
    own = _runs(row["text"])
    if any(len(own & _runs(each["text"])) > SAME * max(1, len(own)) for each in others):
        found.append("same_as_another")
    return found


def summary(scores: Sequence[Score]) -> dict[str, dict[str, float]]:
    """Return by rival: answers, mean share of what could be earned, and answers that fail a gate."""
    found = {}
    for rival in dict.fromkeys(each.rival for each in scores):
        own = [each for each in scores if each.rival == rival]
        points = [each.points / each.most for each in own if each.points is not None and each.most]
        found[rival] = {
            "n": len(own),
            "share_of_points": round(fmean(points), 4) if points else 0.0,
            "most": own[0].most,
            "gate_failures": sum(bool(each.gates) for each in own),
        }
    return found


def _runs(text: str) -> set[tuple[str, ...]]:
    words = text.lower().split()
    return {tuple(words[at : at + 5]) for at in range(len(words) - 4)}
