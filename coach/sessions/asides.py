"""What a message does apart from answering: skip, back, stop; and what it holds for later questions. Pure.

The short ways of saying so are rows in knowledge/words. ``alarms`` decides what counts as harm.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from enum import StrEnum
from functools import cache

from coach.domain import letters
from coach.domain.letters import plain
from coach.domain.sessions import Listens
from coach.rows import joined, rows, where


class Move(StrEnum):
    """What a message does to the talk itself."""

    SKIP = "skip"
    BACK = "back"
    CHANGE = "change"
    PAUSE = "pause"
    END = "end"
    HURRY = "hurry"
    REFUSE = "refuse"
    UNSURE = "unsure"
    TELL_ME = "tell_me"
    REPEAT = "repeat"
    WHY = "why"
    RANK = "rank"
    BOT = "bot"
    TEARS = "tears"
    ANGER = "anger"
    RESUME = "resume"


def move(text: str) -> Move | None:
    """Return what a message does to the talk, or None when it only answers."""
    words = plain(text)
    length = len(words.split())
    for row in rows("words/session_moves"):
        if length <= row.more["most"] and row.pattern.search(words):
            return Move(row.more["move"])
    return None


def _answers(what: str, text: str) -> bool:
    """Whether a message says yes, no, let it go, or that it was otherwise (``says`` in words/session_answers)."""
    return bool(where("words/session_answers", "says", what).search(plain(text)))


def says_yes(text: str) -> bool:
    """Return whether a message begins with a yes."""
    return _answers("yes", text)


def says_no(text: str) -> bool:
    """Return whether a message begins with a no."""
    return _answers("no", text)


def lets_go(text: str) -> bool:
    """Return whether a message lets something go."""
    return _answers("let_go", text)


EARLY = frozenset(
    {
        Listens.GOAL,
        Listens.IDEA,
        Listens.COMMITMENT,
        Listens.OBSTACLE,
        Listens.OWN_PART,
        Listens.IMPACT,
        Listens.SITUATION,
    }
)
"""Answers that a message may hold before they are asked for."""


def held(text: str) -> Mapping[Listens, str]:
    """Return what a message holds that questions listen for, each with the sentence it stands in."""
    found: dict[Listens, str] = {}
    even = letters.straight(text)
    for start, end in letters.pieces(even):
        words = plain(even[start:end])
        for row in rows("words/session_holds"):
            listens = Listens(row.more["listens"])
            if listens not in found and row.pattern.search(words) and len(words.split()) >= 4 and words[-1] != "?":
                found[listens] = text[start:end].strip()
    return found


@cache
def _wants() -> re.Pattern[str]:
    return joined(rows("words/wants"), re.IGNORECASE)


def wanted(text: str) -> str:
    """Return what a message says in passing that is wanted, "" when it says nothing of the sort."""
    hit = _wants().search(letters.straight(text))
    words = text[hit.start() : hit.end()].strip() if hit else ""
    return words if len(words.split()) >= 3 else ""


def contradicts(text: str) -> bool:
    """Return whether a message says that what the journal shows is not how it was."""
    return _answers("otherwise", text)
