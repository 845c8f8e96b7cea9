"""A leader's contact with each report over the last weeks, and what it shows. Pure; time is ``today``.

It shows what the leader noted, person by person in the order of names: no ranking, no score, no share. Its evidence is
moments. Someone left in peace is in the picture and in no reminder.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from coach.domain.moments import Moment
from coach.domain.people import Celebration, Contact, Person, Relation, resting
from coach.noticing.between import cancelled
from coach.noticing.patterns import FEWEST
from coach.noticing.ties import Tie, ties
from coach.noticing.today import until
from coach.rows import any_of

WEEKS = 12
"""So many weeks are looked at, the current one among them."""

GOOD_WITHIN = 4
"""Weeks without a moment that helped, after which someone is named."""

AHEAD = 30
"""How many days ahead a day to celebrate is named."""


class Kind(StrEnum):
    """What a week held with someone. A talk that did not take place is told apart from a moment."""

    HELPED = "helped"
    HARMED = "harmed"
    INDIFFERENT = "indifferent"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class Week:
    """One person's moments of each kind in the week that begins on ``monday``, oldest first."""

    monday: date
    moments: Mapping[Kind, tuple[Moment, ...]]

    @property
    def kinds(self) -> tuple[Kind, ...]:
        """The kinds there were, in their fixed order."""
        return tuple(kind for kind in Kind if kind in self.moments) if self.moments else ()


@dataclass(frozen=True, slots=True)
class Row:
    """One report over the weeks, and how it stands with them."""

    person: Person
    weeks: tuple[Week, ...]
    tie: Tie

    @property
    def silent(self) -> int | None:
        """Days since any moment; None: none is kept."""
        return self.tie.silent

    def of(self, kind: Kind) -> tuple[Moment, ...]:
        """Return the moments of a kind, oldest first."""
        return tuple(moment for week in self.weeks for moment in week.moments.get(kind, ()))


class Sign(StrEnum):
    """What the weeks show. ``prompts/team.fixed.j2`` words each."""

    HARM_OPEN = "harm_open"
    LOSING_TOUCH = "losing_touch"
    NOT_NOTED = "not_noted"
    NO_GOOD_MOMENT = "no_good_moment"
    CANCELLED = "cancelled"
    LEFT_OUT_OF_CELEBRATIONS = "left_out_of_celebrations"
    NO_DAY_NOTED = "no_day_noted"


@dataclass(frozen=True, slots=True)
class Shown:
    """One thing the weeks show: whom it is about, by name, and the moments that show it, oldest first."""

    sign: Sign
    people: tuple[Person, ...]
    moments: tuple[Moment, ...] = ()


@dataclass(frozen=True, slots=True)
class Coming:
    """A day to celebrate, ``days`` ahead."""

    person: Person
    celebration: Celebration
    days: int


@dataclass(frozen=True, slots=True)
class Team:
    """The picture: rows by name, the Mondays of the weeks, what they show, and what is ahead. ``n``: moments in it."""

    mondays: tuple[date, ...]
    rows: tuple[Row, ...]
    shown: tuple[Shown, ...]
    coming: tuple[Coming, ...]
    n: int

    @property
    def enough(self) -> bool:
        """Whether there is enough to read anything from."""
        return _enough(self.n, self.rows)


def reports(people: Sequence[Person]) -> tuple[Person, ...]:
    """Return those who report to the user, by name."""
    found = (person for person in people if person.relation is Relation.REPORT)
    return tuple(sorted(found, key=lambda it: (it.name.casefold(), it.id)))


def since(today: date, first: int = 0) -> date:
    """Return the day the picture begins on: a Monday, or where weeks begin on another weekday (``first``), that one."""
    return today - timedelta(days=(today.weekday() - first) % 7, weeks=WEEKS - 1)


def team(
    people: Sequence[Person], moments: Sequence[Moment], contacts: Mapping[str, Contact], today: date, first: int = 0
) -> Team:
    """Return the picture of those who report to the user. ``moments``: those since ``ties.looked_back``, of anyone."""
    mondays = tuple(since(today, first) + timedelta(weeks=n) for n in range(WEEKS))
    of: dict[str, list[Moment]] = {}
    for moment in moments:
        of.setdefault(moment.person_id, []).append(moment)
    stands = ties(reports(people), moments, contacts, today)
    rows = tuple(_row(stands[it.id], of.get(it.id, ()), mondays) for it in reports(people))
    coming = [
        Coming(row.person, celebration, days)
        for row in rows
        for celebration in row.person.celebrations
        if (days := until(celebration, today)) <= AHEAD and not resting(row.person, today)
    ]
    n = sum(len(row.of(kind)) for row in rows for kind in Kind)
    ahead = tuple(sorted(coming, key=lambda it: (it.days, it.person.name)))
    return Team(mondays, rows, _shown(rows, today, _enough(n, rows)), ahead, n)


def _row(tie: Tie, theirs: Sequence[Moment], mondays: Sequence[date]) -> Row:
    held: list[dict[Kind, tuple[Moment, ...]]] = [{} for _ in mondays]
    for moment in _in_order(theirs):
        week = (day(moment.happened_at) - mondays[0]).days // 7
        if 0 <= week < len(held):
            kind = Kind.CANCELLED if cancelled(moment) else Kind(moment.landed)
            held[week][kind] = (*held[week].get(kind, ()), moment)
    weeks = tuple(Week(monday, kinds) for monday, kinds in zip(mondays, held, strict=True))
    return Row(tie.person, weeks, tie)


def day(at: datetime) -> date:
    """Return the day of a time where this machine is."""
    return at.astimezone().date()


# ---- what the weeks show


def _enough(n: int, rows: Sequence[Row]) -> bool:
    return n >= max(FEWEST, len(rows))


def _shown(rows: Sequence[Row], today: date, enough: bool) -> tuple[Shown, ...]:
    """What is missing is told only when enough is noted for a gap to mean something."""
    minded = [row for row in rows if not resting(row.person, today)]
    harmed = [row for row in minded if row.tie.mine]
    quiet = [row for row in minded if row.tie.losing]
    begun = [row for row in minded if row.silent is not None and row not in quiet]
    off = [row for row in minded if row.of(Kind.CANCELLED)]
    missing = (
        Shown(Sign.NOT_NOTED, _people([row for row in minded if row.silent is None])),
        Shown(Sign.NO_GOOD_MOMENT, _people([row for row in begun if not _good_lately(row, today)])),
        _left_out(minded),
    )
    found = (
        Shown(Sign.HARM_OPEN, _people(harmed), _in_order([it for row in harmed for it in row.tie.mine])),
        Shown(Sign.LOSING_TOUCH, _people(quiet)),
        *(missing if enough else ()),
        Shown(Sign.CANCELLED, _people(off), _in_order([it for row in off for it in row.of(Kind.CANCELLED)])),
        _no_day(minded),
    )
    return tuple(it for it in found if it.people)


def _good_lately(row: Row, today: date) -> bool:
    """Whether something helped within so many weeks, counted back from today and not from a Monday."""
    since = today - timedelta(weeks=GOOD_WITHIN)
    return any(day(moment.happened_at) >= since for moment in row.of(Kind.HELPED))


def _left_out(rows: Sequence[Row]) -> Shown:
    """Those who work elsewhere and were in no celebration, when there were some with others."""
    feasts = {row.person.id: _feasts(row) for row in rows}
    near = [moment for row in rows if not row.person.remote for moment in feasts[row.person.id]]
    far = [row for row in rows if row.person.remote and not feasts[row.person.id]]
    return Shown(Sign.LEFT_OUT_OF_CELEBRATIONS, _people(far) if near else (), _in_order(near))


def _feasts(row: Row) -> list[Moment]:
    good = (Kind.HELPED, Kind.INDIFFERENT)
    return [moment for kind in good for moment in row.of(kind) if any_of("words/feasts").search(moment.what.lower())]


def _no_day(rows: Sequence[Row]) -> Shown:
    """Those who work elsewhere and have no day noted, when others near the leader have."""
    noted = any(row.person.celebrations for row in rows if not row.person.remote)
    far = [row for row in rows if row.person.remote and not row.person.celebrations]
    return Shown(Sign.NO_DAY_NOTED, _people(far) if noted else ())


def _people(rows: Sequence[Row]) -> tuple[Person, ...]:
    return tuple(row.person for row in rows)


def _in_order(moments: Sequence[Moment]) -> tuple[Moment, ...]:
    return tuple(sorted(moments, key=lambda it: (it.happened_at, it.id)))
