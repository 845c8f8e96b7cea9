"""Drafts (suggested messages) and the warnings the linter gives of one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from coach.domain.moments import Channel


class Purpose(StrEnum):
    """What a message is for."""

    APOLOGY = "apology"
    ASK = "ask"
    THANKS = "thanks"
    FEEDBACK = "feedback"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Draft:
    """A message with blanks (written ``[like this]``) that only the user can fill.

    ``suggested`` is what the coach put there, ``text`` what the user has made of it, ``sent_at`` when they sent it.
    """

    id: str
    created_at: datetime
    purpose: Purpose
    channel: Channel
    text: str
    person_id: str | None = None
    plan_id: str | None = None
    sent_at: datetime | None = None
    suggested: str = ""


@dataclass(frozen=True, slots=True)
class Warning:
    """One thing in a draft that may land badly: offsets of the span, why, and another way to put it."""

    warning: str
    start: int
    end: int
    why: str
    rewrite: str
