"""What a user has settled once: the calendar feed, the language model to ask. Says nothing about anyone else."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum

MINE = "mine"
"""The id of everybody's preferences."""


@dataclass(frozen=True, slots=True)
class ChosenModel:
    """A language model that was chosen on the page: its server's address ("": a provider's), its name, its key."""

    address: str
    name: str
    key: str = ""


class Tone(StrEnum):
    """How much the coach says. ``short``: shorter and plainer."""

    FULL = "full"
    SHORT = "short"


class FirstDay(StrEnum):
    """The day on which a week begins."""

    MONDAY = "monday"
    SUNDAY = "sunday"


@dataclass(frozen=True, slots=True)
class Preferences:
    """``feed`` is the secret part of the feed's address, None: there is no feed.

    ``names``: calendar entries may name people and say what to do. ``hour`` is when short blocks of time are suggested,
    in the user's own zone. ``language_model`` stays in this journal: it is in no export, and no import brings one, so
    that no file decides where letters go. ``id`` is always the same: a user has one of these.

    ``call`` is what the user wants to be called, ``leads`` whether they lead people (None: not said), ``zone`` the name
    of their time zone ("": this machine's). ``welcomed``: the questions at the beginning were answered or skipped.
    """

    feed: str | None = None
    names: bool = False
    hour: int = 9
    changed_at: datetime = datetime(1970, 1, 1, tzinfo=UTC)
    id: str = MINE
    language_model: ChosenModel | None = None
    call: str = ""
    leads: bool | None = None
    zone: str = ""
    week: FirstDay = FirstDay.MONDAY
    tone: Tone = Tone.FULL
    welcomed: bool = False
