"""A moment: one small interaction. What was seen, never what was guessed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
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
    """A moment that could be kept; nothing is saved until the user confirms it.

    ``what`` is the user's text or the line they tapped. ``person`` is whom it is with, by name or role (None: nobody
    was named). ``by``, ``landed``, ``channel`` and ``day`` are None where nobody said.
    """

    what: str
    by: By | None = None
    landed: Landed | None = None
    person: str | None = None
    person_id: str | None = None
    channel: Channel | None = None
    day: date | None = None
    event: str | None = None
