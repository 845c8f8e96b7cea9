"""Principles, the cards that hold them, and what retrieval and citation make of them."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum


class Stance(StrEnum):
    """What a plan is mainly for."""

    REPAIR_OWN_HARM = "repair_own_harm"
    ASK_FIRST = "ask_first"
    SET_BOUNDARY = "set_boundary"
    TEND = "tend"
    REACH_OUT = "reach_out"
    WAIT = "wait"


class Grade(StrEnum):
    """Strength of evidence: A several studies · B some · C practice · D claims more than is shown."""

    A = "A"
    B = "B"
    C = "C"
    D = "D"


@dataclass(frozen=True, slots=True)
class Move:
    """One thing a user can do, as a card words it.

    ``cue``, ``action``, ``say`` and ``avoid`` may hold the slots {name} {them} {their} {topic} and no other.
    ``channel`` is a Channel value, or "any". ``minutes`` is the longest it should take. ``remote``/``leader``: True
    needs it, False rules it out, None does not care. ``stances`` are the stances it serves (never empty).
    """

    cue: str
    action: str
    say: str
    avoid: str
    channel: str
    minutes: int
    stances: tuple[Stance, ...]
    remote: bool | None = None
    leader: bool | None = None


@dataclass(frozen=True, slots=True)
class Principle:
    """A card. ``evidence`` cards tell of studies; a step may rest on one, or have it next to a principle.

    ``text`` is the whole card file: a citation's quote must be an exact span of it.
    """

    id: str
    title: str
    sources: tuple[str, ...]
    grade: Grade
    statement: str
    applies_when: tuple[str, ...]
    asks: tuple[str, ...]
    moves: tuple[Move, ...]
    body: str
    text: str
    grade_note: str | None = None
    caution: str | None = None
    evidence: bool = False
    pack: str = "coach"


@dataclass(frozen=True, slots=True)
class Passage:
    """One indexed view of a card: its statement, one situation, or one way people ask."""

    principle_id: str
    kind: str  # statement | situation | ask
    text: str
    pack: str = "coach"


@dataclass(frozen=True, slots=True)
class Match:
    """A principle that retrieval found. ``score`` orders matches and means nothing else.

    ``because`` says what brought it, nearest first: an exemplar or a passage, in plain words.
    """

    principle: Principle
    score: float
    because: tuple[str, ...] = ()
    passages: tuple[Passage, ...] = field(default=())


@dataclass(frozen=True, slots=True)
class Citation:
    """A principle, the exact span of its card that is quoted, and how strong its evidence is."""

    principle: str
    quote: str
    grade: Grade
    caution: str | None = None
