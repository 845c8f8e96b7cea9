"""An intake: what one file of another program brought into a journal, so that it can be taken out again."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from coach.domain.moments import Moment
from coach.domain.people import Person

UNDONE_WITHIN = timedelta(days=30)
"""How long an intake can be taken back."""

_FACTS = ("role", "relation", "remote", "matters", "beyond", "ideal_days")
_LISTS = ("celebrations", "addresses")


@dataclass(frozen=True, slots=True)
class Intake:
    """``people`` and ``moments`` are the ids that were new, each with a short sum of what was kept under it.

    ``facts``: what people who were here already gained, as people who hold nothing but that.
    """

    id: str
    at: datetime
    source: str
    people: tuple[tuple[str, str], ...] = ()
    moments: tuple[tuple[str, str], ...] = ()
    facts: tuple[Person, ...] = ()


@dataclass(frozen=True, slots=True)
class TakenOut:
    """How many people and moments an intake took out again, and how many of both stay: they were changed, or used."""

    people: int
    moments: int
    stayed: int


@dataclass(frozen=True, slots=True)
class Incoming:
    """What is to be taken in: new people, new moments, and facts about people who are here, under their ids."""

    id: str
    at: datetime
    source: str
    people: tuple[Person, ...]
    moments: tuple[Moment, ...]
    facts: tuple[Person, ...] = ()


def gained(person: Person, told: Person) -> Person | None:
    """Return what somebody gains by what is told of them: only where nothing was known. None: nothing."""
    open_ = [name for name in _FACTS if getattr(person, name) is None]
    new: dict[str, Any] = {name: value for name in open_ if (value := getattr(told, name)) is not None}
    labels = {each.label for each in person.celebrations}
    days = tuple(each for each in told.celebrations if each.label not in labels)
    boxes = tuple(each for each in told.addresses if each not in person.addresses)
    bare = Person(person.id, person.name, person.created_at, celebrations=days, addresses=boxes)
    return replace(bare, **new) if new or days or boxes else None


def with_facts(person: Person, facts: Person) -> Person:
    """Return somebody with what they gain."""
    new: dict[str, Any] = {name: value for name in _FACTS if (value := getattr(facts, name)) is not None}
    new |= {name: (*getattr(person, name), *getattr(facts, name)) for name in _LISTS}
    return replace(person, **new)


def without_facts(person: Person, facts: Person) -> Person:
    """Return somebody without what they had gained, unless it was changed since."""
    old: dict[str, Any] = {name: None for name in _FACTS if getattr(person, name) == getattr(facts, name)}
    for name in _LISTS:
        gone = getattr(facts, name)
        old[name] = tuple(each for each in getattr(person, name) if each not in gone)
    return replace(person, **old)
