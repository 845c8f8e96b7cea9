"""What a message does apart from answering: skip, back, later, stop, a question to the coach; and short answers. Pure.

The short ways of saying so are rows in knowledge/words. ``alarms`` decides what counts as harm.
"""

from __future__ import annotations

from enum import StrEnum

from coach.domain.letters import plain
from coach.rows import rows, where


class Move(StrEnum):
    """What a message does to the talk itself."""

    SKIP = "skip"
    BACK = "back"
    CHANGE = "change"
    PAUSE = "pause"
    RESUME = "resume"
    END = "end"
    HURRY = "hurry"
    UNSURE = "unsure"
    SAID = "said"
    TELL_ME = "tell_me"
    REPEAT = "repeat"
    WHY = "why"
    READS = "reads"
    LONG = "long"
    RANK = "rank"
    BOT = "bot"
    PROOF = "proof"
    ASKS = "asks"
    WRITE = "write"
    SILENCE = "silence"
    KEEP = "keep"
    DROP = "drop"


ADVICE = frozenset({Move.ASKS, Move.TELL_ME})
"""What asks for advice, or may: the lines of what may have happened hold what there is."""

TOLD = ADVICE | {Move.WHY, Move.READS, Move.LONG, Move.RANK, Move.BOT, Move.PROOF, Move.WRITE, Move.SILENCE}
"""Questions and orders to the coach: answered from fixed facts, or with an honest line."""

PLAIN = frozenset({Move.SKIP, Move.BACK, Move.PAUSE, Move.RESUME, Move.END, Move.KEEP, Move.DROP})
"""Short orders that need no language model to be understood."""

THEM = {"her", "him", "them", "she", "he", "they"}
"""Words for somebody who was named before."""


def move(text: str) -> Move | None:
    """Return what a message does to the talk, or None when it only answers."""
    words = plain(text)
    length = len(words.split())
    for row in rows("words/session_moves"):
        if length <= row.more["most"] and row.pattern.search(words):
            return Move(row.more["move"])
    return None


def says(what: str, text: str) -> bool:
    """Return whether a message says yes, no, nothing, keep, drop … (``says`` in words/session_answers)."""
    return bool(where("words/session_answers", "says", what).search(plain(text)))
