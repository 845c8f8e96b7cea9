"""Prepares a one-to-one: one question made from what is open between the two, one thing to thank for. Pure; no clock.

Both come from the journal, with what they rest on, or are left out. Nothing here judges the other person.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from coach.domain.moments import By, Landed, Moment
from coach.domain.people import Person, Promise, resting
from coach.domain.plans import RepairPlan
from coach.noticing.between import Open
from coach.rows import any_of

DUE_FOR = timedelta(days=90)
"""Someone is thanked for what they did within this time; later it is history."""

OPEN_QUESTIONS = 4
"""So many questions fit any talk; they take turns by the week."""


_NAMED = re.compile(r"\s+(?:to\s+)?([A-Z][\w-]+(?:'s)?)")


class Ask(StrEnum):
    """Where a question comes from. ``prompts/one_to_one.fixed.j2`` words each but the plan's, which has its own."""

    MY_HARM = "my_harm"
    THEIR_HARM = "their_harm"
    THEY_ASKED = "they_asked"
    I_ASKED = "i_asked"
    MY_PROMISE = "my_promise"
    THEIR_PROMISE = "their_promise"
    CALLED_OFF = "called_off"
    PLAN = "plan"
    PLATE = "plate"
    MATTERS = "matters"
    OPEN = "open"


@dataclass(frozen=True, slots=True)
class Question:
    """The one question worth asking. ``plan``: it is the one this plan waits for. ``n``: which of the open ones.

    ``moment`` or ``promise``: what it rests on.
    """

    ask: Ask
    plan: RepairPlan | None = None
    n: int = 0
    moment: Moment | None = None
    promise: Promise | None = None


def question(
    person: Person, plans: Sequence[RepairPlan], plate_is_fresh: bool, today: date, between: Open | None = None
) -> Question:
    """Return the question worth most: an open plan's, then what else is open between the two, then what is not known.

    ``plans``: those about the person with something still to come, newest first. Nothing is asked about a matter the
    user leaves in peace.
    """
    rests = resting(person, today)
    waiting = [plan for plan in plans if plan.readings]  # what was taken on in a session waits for no fact
    if waiting and not rests:
        return Question(Ask.PLAN, waiting[0])
    if between is not None and not rests and (found := _of_what_is_open(person, between, today)):
        return found
    if person.plate is not None and not plate_is_fresh:
        return Question(Ask.PLATE)
    turn = today.isocalendar().week + sum(person.id.encode())  # so that a team is not asked the same in one week
    if person.matters is None and turn % 2 == 0:
        return Question(Ask.MATTERS)
    return Question(Ask.OPEN, n=turn // (1 if person.matters else 2) % OPEN_QUESTIONS)


def _of_what_is_open(person: Person, between: Open, today: date) -> Question | None:
    """Return the question made from what is open: harm first, then asks, promises that are due, talks called off."""
    for some, mine, theirs in (
        (between.harms, Ask.MY_HARM, Ask.THEIR_HARM),
        (between.asks, Ask.I_ASKED, Ask.THEY_ASKED),
    ):
        own_first = sorted(some, key=lambda it: ((it.by is By.ME) == (mine is Ask.MY_HARM), it.happened_at))
        if own_first:
            last = own_first[-1]
            return Question(mine if last.by is By.ME else theirs, moment=last)
    due = [it for it in person.promises if it.kept_at is None and it.due is not None and it.due <= today]
    for promise in sorted(due, key=lambda it: (it.by is not By.ME, it.due or today)):
        return Question(Ask.MY_PROMISE if promise.by is By.ME else Ask.THEIR_PROMISE, promise=promise)
    return Question(Ask.CALLED_OFF, moment=between.called_off[-1]) if between.called_off else None


def recognition(moments: Sequence[Moment], today: date, name: str = "") -> Moment | None:
    """Return the newest thing they did that helped and that no thanks came after; None: nothing is due.

    ``name`` is theirs: what somebody else is thanked for in a note is no thanks to them.
    """
    kind = (it for it in moments if it.by is By.THEM and it.landed is Landed.HELPED)
    last = max(kind, key=lambda it: (it.happened_at, it.id), default=None)
    if last is None or today - last.happened_at.astimezone().date() > DUE_FOR:
        return None
    mine = (it for it in moments if it.by is By.ME and it.happened_at >= last.happened_at)
    return None if any(_thanks(it.what, name) for it in mine) else last


def _thanks(note: str, name: str) -> bool:
    """Whether a note says that they were thanked: whoever is named right after the word is the one."""
    for hit in any_of("words/thanks", re.IGNORECASE).finditer(note):
        named = _NAMED.match(note[hit.end() :])
        if named is None or not name or named[1].removesuffix("'s") in name.split():
            return True
    return False
