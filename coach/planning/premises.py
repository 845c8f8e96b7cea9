"""Finds what a line of a move takes for granted and its move may not. Pure; the rows are in ``words/presupposed``."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from coach.planning.moves import Move
from coach.rows import rows

_FIELDS = ("headline", "answer", "badly", "stop", "sign")
_STEP_FIELDS = ("cue", "do", "say")


@dataclass(frozen=True, slots=True)
class Presupposed:
    """A line that takes for granted what its move does not need. ``row`` names the trigger, ``words`` what it found."""

    move: str
    field: str
    row: str
    words: str


def presupposed(move: Move) -> list[Presupposed]:
    """Return every line of a move that rests on a fact which neither its event nor its needs establish."""
    found = []
    for field, text in _lines(move):
        for row in rows("words/presupposed"):
            hit = row.pattern.search(text.lower())
            if hit and not move.covers & frozenset(row.more["allowed"]):
                found.append(Presupposed(move.name, field, row.id, hit[0]))
    return found


def _lines(move: Move) -> Iterator[tuple[str, str]]:
    words: dict[str, Any] = dict(move.words)
    for field in _FIELDS:
        yield field, words.get(field) or ""
    for field, part in (("own_part", "sentence"), ("question", "ask"), ("draft", "text")):
        yield field, (words.get(field) or {}).get(part) or ""
    for step in ("first", "then"):
        for field in _STEP_FIELDS:
            yield f"{step}.{field}", (words.get(step) or {}).get(field) or ""
