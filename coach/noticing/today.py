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
from coach.domain.moments import By, Moment
from coach.domain.people import Celebration, Contact, Person, Promise, Relation, resting
from coach.noticing.ties import Tie, ties

MOST = 3
"""A day's list that is longer is not done."""

AHEAD = 3
"""How many days ahead a day to celebrate is shown."""

REVIEW_EVERY = 7
"""Days between two weekly reviews of a team."""


class Why(StrEnum):
    """Why something is shown, the most pressing first."""

    HARM = "harm"
    PROMISE = "promise"
    CALLED_OFF = "called_off"
    ASK = "ask"
    STEP = "step"
    CELEBRATION = "celebration"
    THANKS = "thanks"
    TOUCH = "touch"
    FOCUS = "focus"
    THEIR_PROMISE = "their_promise"


_SOONEST_FIRST = {Why.HARM, Why.CELEBRATION, Why.THANKS}
"""Of these the nearest comes first, of the others the one that has waited longest."""


@dataclass(frozen=True, slots=True)
class Thing:
    """One thing for today. ``days``: since it was due (ask, promise), until it is (celebration), since contact was.

    ``moment`` is what it rests on: the harm, the talk that was called off, what waits for thanks.
    """

    why: Why
    person: Person | None = None
    commitment: Commitment | None = None
    promise: Promise | None = None
    celebration: Celebration | None = None
    days: int = 0
    moment: Moment | None = None


def things(
    people: Sequence[Person],
    contacts: Mapping[str, Contact],
    commitments: Sequence[tuple[Commitment, str | None]],
    today: date,
    moments: Sequence[Moment] = (),
) -> tuple[Thing, ...]:
    """Return at most ``MOST`` things, one for each person.

    ``commitments``: the open ones, each with the id of the person it is about. ``moments``: as for ``ties``.
    """
    chosen: list[Thing] = []
    found = every_thing(people, contacts, commitments, today, moments)
    further = [it for it in found if it.why is Why.HARM][1:]  # one thing to mend is enough for a day that has others
    for thing in (*(it for it in found if it not in further), *further):
        if len(chosen) == MOST:
            break
        if thing.person is None or all(thing.person != other.person for other in chosen):
            chosen.append(thing)
    return tuple(chosen)


def every_thing(
    people: Sequence[Person],
    contacts: Mapping[str, Contact],
    commitments: Sequence[tuple[Commitment, str | None]],
    today: date,
    moments: Sequence[Moment] = (),
) -> list[Thing]:
    """Return everything that is open today, the most pressing first."""
    known = {person.id: person for person in people}
    taken = {person_id for _, person_id in commitments}
    found = [*_steps(known, commitments, today)]
    for tie in ties(people, moments, contacts, today).values():
        found += _about(tie, today, mending=tie.person.id in taken)
    order = list(Why)
    found.sort(key=lambda it: (order.index(it.why), it.days if it.why in _SOONEST_FIRST else -it.days))
    return found


def review_due(people: Sequence[Person], last: date | None, today: date) -> bool:
    """Whether someone who leads has had no weekly review of the team for a week. ``last``: the day of the newest."""
    leads = any(person.relation is Relation.REPORT for person in people)
    return leads and (last is None or (today - last).days >= REVIEW_EVERY)


def _steps(
    known: Mapping[str, Person], commitments: Sequence[tuple[Commitment, str | None]], today: date
) -> Iterator[Thing]:
    for commitment, person_id in commitments:
        person = known.get(person_id) if person_id else None
        late = (today - commitment.due).days
        if late >= 0 and not resting(person, today):
            yield Thing(Why.ASK if late else Why.STEP, person, commitment, days=late)


def _about(tie: Tie, today: date, *, mending: bool) -> Iterator[Thing]:
    """What is open with one person. ``mending``: a step towards them is taken on, which is what can be done."""
    person = tie.person
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
    if not mending:
        yield from _open(tie, today)
    yield from _silence(tie, today, mending=mending)


def _open(tie: Tie, today: date) -> Iterator[Thing]:
    """The newest of each kind that is open; the user's own harm and the talks they called off are theirs to mend."""
    off = [it for it in tie.open.called_off if it.by is By.ME]
    for why, some in ((Why.HARM, tie.mine), (Why.CALLED_OFF, off), (Why.THANKS, (tie.thanks,))):
        last = some[-1] if some else None
        if last is not None:
            yield Thing(why, tie.person, moment=last, days=(today - last.happened_at.astimezone().date()).days)


def _silence(tie: Tie, today: date, *, mending: bool) -> Iterator[Thing]:
    person, silent = tie.person, tie.silent
    since = person.focus_since.astimezone().date() if person.focus_since else today
    if tie.losing and silent is not None:
        yield Thing(Why.TOUCH, person, days=silent)
    elif silent is not None and person.ideal_days is not None and silent > person.ideal_days:
        yield Thing(Why.FOCUS, person, days=silent)
    elif silent is None and since < today and not mending:
        yield Thing(Why.FOCUS, person, days=(today - since).days)


def until(celebration: Celebration, today: date) -> int:
    """Return the days until a celebration comes round; 29 February is the 28th in other years."""
    for year in (today.year, today.year + 1):
        day = min(celebration.day, calendar.monthrange(year, celebration.month)[1])
        at = date(year, celebration.month, day)
        if at >= today:
            return (at - today).days
    raise AssertionError("a day comes round every year")
