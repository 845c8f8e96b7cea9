"""A moment: one small interaction. What was seen, never what was guessed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Channel(StrEnum):
    """Where a moment took place."""

    IN_PERSON = "in_person"
    VIDEO = "video"
    CALL = "call"
    CHAT = "chat"
    EMAIL = "email"
    MEETING = "meeting"


class By(StrEnum):
    """Who acted."""

    ME = "me"
    THEM = "them"


class Landed(StrEnum):
    """How a moment landed on the one who received it. There is no neutral."""

    HELPED = "helped"
    HARMED = "harmed"
    INDIFFERENT = "indifferent"


@dataclass(frozen=True, slots=True)
class Moment:
    """A confirmed moment in the journal. Times are UTC."""

    id: str
    person_id: str
    happened_at: datetime
    channel: Channel
    by: By
    what: str
    landed: Landed
    noted_at: datetime
    turn_id: str | None = None


@dataclass(frozen=True, slots=True)
class ProposedMoment:
    """A moment read from a message; nothing is saved until the user confirms it.

    ``start``/``end`` are character offsets of the clause in the user's text. ``person`` is the name or
    role as the reading knows it (None: not clear who). ``channel`` None: the text does not say.
    ``days_ago`` None: the text does not say when. ``pattern`` is True when the text tells of a habit.
    """

    what: str
    start: int
    end: int
    by: By
    landed: Landed
    person: str | None = None
    channel: Channel | None = None
    days_ago: int | None = None
    pattern: bool = False
