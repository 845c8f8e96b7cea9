"""Chooses what to show today: at most three things, one for each person, the most pressing first. Pure.

Time enters as ``today``. Nothing is shown about someone the user leaves in peace, except what the user promised them.
"""

from __future__ import annotations

import calendar
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from coach.domain.commitments import Commitment
from coach.domain.moments import By
from coach.domain.people import Celebration, Contact, Person, Promise, Relation

MOST = 3
"""A day's list that is longer is not done."""

AHEAD = 3
"""How many days ahead a day to celebrate is shown."""

REVIEW_EVERY = 7
"""Days between two weekly reviews of a team."""

LONG = 90
"""Days after which someone the user has found good to work with is losing touch, when no limit is set."""


class Why(StrEnum):
    """Why something is shown, the most pressing first."""

    ASK = "ask"
    STEP = "step"
    PROMISE = "promise"
    CELEBRATION = "celebration"
    TOUCH = "touch"
    FOCUS = "focus"
    THEIR_PROMISE = "their_promise"


@dataclass(frozen=True, slots=True)
class Thing:
    """One thing for today. ``days``: since it was due (ask, promise), until it is (celebration), since contact was."""

    why: Why
    person: Person | None = None
    commitment: Commitment | None = None
    promise: Promise | None = None
    celebration: Celebration | None = None
    days: int = 0


def things(
    people: Sequence[Person],
    contacts: Mapping[str, Contact],
    commitments: Sequence[tuple[Commitment, str | None]],
    today: date,
) -> tuple[Thing, ...]:
    """Return at most ``MOST`` things. ``commitments``: the open ones, each with the id of the person it is about."""
    known = {person.id: person for person in people}
    found = [*_steps(known, commitments, today)]
    for person in people:
        found += _about(person, contacts.get(person.id), today)
    order = list(Why)
    found.sort(key=lambda it: (order.index(it.why), it.days if it.why is Why.CELEBRATION else -it.days))
    chosen: list[Thing] = []
    for thing in found:
        if len(chosen) == MOST:
            break
        if thing.person is None or all(thing.person != other.person for other in chosen):
            chosen.append(thing)
    return tuple(chosen)


def review_due(people: Sequence[Person], last: date | None, today: date) -> bool:
    """Whether someone who leads has had no weekly review of the team for a week. ``last``: the day of the newest."""
    leads = any(person.relation is Relation.REPORT for person in people)
    return leads and (last is None or (today - last).days >= REVIEW_EVERY)


def resting(person: Person | None, today: date) -> bool:
    """Whether the user leaves someone in peace."""
    return person is not None and person.rest_until is not None and person.rest_until >= today


def _steps(
    known: Mapping[str, Person], commitments: Sequence[tuple[Commitment, str | None]], today: date
) -> Iterator[Thing]:
    for commitment, person_id in commitments:
        person = known.get(person_id) if person_id else None
        late = (today - commitment.due).days
        if late >= 0 and not resting(person, today):
            yield Thing(Why.ASK if late else Why.STEP, person, commitment, days=late)


def _about(person: Person, contact: Contact | None, today: date) -> Iterator[Thing]:
    for promise in person.promises:
        if promise.kept_at is None and promise.due is not None and promise.due <= today:
            why = Why.PROMISE if promise.by is By.ME else Why.THEIR_PROMISE
            if why is Why.PROMISE or not resting(person, today):
                yield Thing(why, person, promise=promise, days=(today - promise.due).days)
    if resting(person, today):
        return
    for celebration in person.celebrations:
        days = until(celebration, today)
        if days <= AHEAD:
            yield Thing(Why.CELEBRATION, person, celebration=celebration, days=days)
    if contact is not None:
        silent = (today - contact.last.astimezone().date()).days
        longest = person.longest_days or (LONG if person.focus_since else None)
        if longest is not None and silent > longest:
            yield Thing(Why.TOUCH, person, days=silent)
        elif person.ideal_days is not None and silent > person.ideal_days:
            yield Thing(Why.FOCUS, person, days=silent)
    elif person.focus_since is not None:
        yield Thing(Why.FOCUS, person, days=(today - person.focus_since.astimezone().date()).days)


def until(celebration: Celebration, today: date) -> int:
    """Return the days until a celebration comes round; 29 February is the 28th in other years."""
    for year in (today.year, today.year + 1):
        day = min(celebration.day, calendar.monthrange(year, celebration.month)[1])
        at = date(year, celebration.month, day)
        if at >= today:
            return (at - today).days
    raise AssertionError("a day comes round every year")
