"""A person: one colleague in a user's journal. Knows nothing of scores or ranks, and never will."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from coach.domain.moments import By
from coach.domain.workdays import day_of


class Relation(StrEnum):
    """How a person stands to the user in the organisation."""

    REPORT = "report"
    PEER = "peer"
    MANAGER = "manager"
    OTHER_DEPARTMENT = "other-department"
    EXTERNAL = "external"


class Standing(StrEnum):
    """How the user finds the relationship just now; a note of a day, not a measure of anyone."""

    POSITIVE = "positive"
    NEUTRAL = "neutral"
    NEGATIVE = "negative"


def there_is(month: int, day: int) -> bool:
    """Whether there is such a day, in a leap year at least."""
    return day_of(2024, month, day) is not None


@dataclass(frozen=True, slots=True)
class Celebration:
    """A day that comes back every year: a birthday, a work anniversary, a feast they keep."""

    label: str
    month: int
    day: int


@dataclass(frozen=True, slots=True)
class Promise:
    """Something one of the two said they would do. ``due`` None: no day was named. ``kept_at`` None: still open."""

    id: str
    by: By
    what: str
    made_at: datetime
    due: date | None = None
    kept_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Point:
    """Something one of the two wants to talk about when they next sit down. It stays until it was talked about."""

    id: str
    by: By
    what: str
    noted_at: datetime


@dataclass(frozen=True, slots=True)
class Person:
    """One colleague.

    ``remote`` is None when nobody has said. ``matters`` is what matters to them, ``beyond`` what is known of them
    beyond work, ``plate`` what they have on their plate, noted at ``plate_noted_at`` (UTC) because it goes stale, as
    ``standing`` does. ``focus_since``: one of the few the user wants to start with. ``ideal_days``/``longest_days``:
    how often the user would like to be in touch, and the longest they would leave it. ``rest_until``: until then the
    coach reminds of no step towards them. ``keep_months``: what is older than this is erased. ``points``: what is to be
    talked about the next time. ``addresses``: the mailboxes by which a calendar or an address book means them.
    """

    id: str
    name: str
    created_at: datetime
    role: str | None = None
    relation: Relation | None = None
    remote: bool | None = None
    matters: str | None = None
    plate: str | None = None
    plate_noted_at: datetime | None = None
    beyond: str | None = None
    standing: Standing | None = None
    standing_noted_at: datetime | None = None
    focus_since: datetime | None = None
    celebrations: tuple[Celebration, ...] = ()
    promises: tuple[Promise, ...] = ()
    ideal_days: int | None = None
    longest_days: int | None = None
    rest_until: date | None = None
    keep_months: int | None = None
    points: tuple[Point, ...] = ()
    addresses: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Contact:
    """How many moments there are with a person, and when the last one was and the first (UTC; None: not looked up)."""

    moments: int
    last: datetime
    first: datetime | None = None


def resting(person: Person | None, today: date) -> bool:
    """Whether the user leaves someone in peace."""
    return person is not None and person.rest_until is not None and person.rest_until >= today
