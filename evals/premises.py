"""Finds what a line of a move takes for granted and its move may not. Pure; the rows are in ``words/presupposed``.

A row with ``allowed`` may stand where one of those facts is established; a row with ``barred`` may stand anywhere but
where one of those is, since it says the opposite of what was tapped ("this one time" of what happened more than once).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from coach.planning.moves import Move
from coach.rows import Row, rows

_FIELDS = ("headline", "answer", "badly", "stop", "sign")
_STEP_FIELDS = ("cue", "do", "say")
_SUPPOSED = "readings"
"""What is only supposed may suppose more than a line that states; rows for such lines have ``supposed``."""


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
        even = text.lower()
        for row in rows("words/presupposed"):
            if field.startswith(_SUPPOSED) and not row.more.get("supposed"):
                continue
            hit = row.pattern.search(even)
            if hit and not _licensed(row, move.covers):
                found.append(Presupposed(move.name, field, row.id, hit[0]))
    return found


def _licensed(row: Row, facts: frozenset[str]) -> bool:
    """Return whether a row's words may stand where these facts hold."""
    if "barred" in row.more:
        return not facts & frozenset(row.more["barred"])
    return bool(facts & frozenset(row.more["allowed"]))


def _lines(move: Move) -> Iterator[tuple[str, str]]:
    words: dict[str, Any] = dict(move.words)
    for field in _FIELDS:
        yield field, words.get(field) or ""
    for field, part in (("own_part", "sentence"), ("question", "ask"), ("question", "fact"), ("draft", "text")):
        yield field, (words.get(field) or {}).get(part) or ""
    for step in ("first", "then"):
        for field in _STEP_FIELDS:
            yield f"{step}.{field}", (words.get(step) or {}).get(field) or ""
    for part in ("text", "question"):
        for each in words.get("guessed") or ():
            yield "guessed", each.get(part) or ""
    for each in words.get("readings") or ():
        yield _SUPPOSED, each.get("text") or ""
