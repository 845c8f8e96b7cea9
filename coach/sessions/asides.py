"""Besides an answer: what a message does to the talk (skip, back, stop), and what later questions may find in it.

Short ways of saying so are rows in knowledge/words; pure. What counts as harm is decided in ``floor``, not here.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from coach.domain import letters
from coach.domain.letters import plain
from coach.domain.readings import Reading
from coach.domain.sessions import Listens
from coach.rows import rows, where


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
"""What a message may hold before it is asked for."""


def held(text: str, read: Reading | None = None) -> Mapping[Listens, str]:
    """Return what a message holds that questions listen for, each with the sentence it stands in."""
    found: dict[Listens, str] = {}
    even = letters.straight(text)
    for start, end in letters.pieces(even):
        words = plain(even[start:end])
        for row in rows("words/session_holds"):
            listens = Listens(row.more["listens"])
            if listens not in found and row.pattern.search(words) and len(words.split()) >= 4 and words[-1] != "?":
                found[listens] = text[start:end].strip()
    if read is not None and read.goal and Listens.GOAL not in found and len(read.goal.split()) >= 3:
        found[Listens.GOAL] = read.goal
    return found


def contradicts(text: str) -> bool:
    """Return whether a message says that what the journal shows is not how it was."""
    return _answers("otherwise", text)
