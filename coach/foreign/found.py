"""The people and moments found in a foreign file, and how they match what the journal holds."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, replace

from coach.domain.moments import Landed, Moment
from coach.domain.people import Celebration, Person

_SPACE = uuid.UUID("6d1d7f0e-5f1b-4a55-9c0a-3f2a7f0c7b11")

LONGEST = 4000
"""Characters of a note; what is longer is cut."""


@dataclass(frozen=True, slots=True)
class Found:
    """``source``: the kind of file, for the user. ``left_out``: sentences on what was left out. ``unsaid``: the file
    does not say how the moments landed."""

    source: str
    people: tuple[Person, ...]
    moments: tuple[Moment, ...] = ()
    left_out: tuple[str, ...] = ()
    unsaid: bool = False


@dataclass(frozen=True, slots=True)
class Meeting:
    """The part that the journal does not hold yet. ``known``: people who are there already, by name."""

    people: tuple[Person, ...]
    moments: tuple[Moment, ...]
    known: tuple[Person, ...]


def same_id(*parts: str) -> str:
    """Return an id that is always the same for the same words."""
    return uuid.uuid5(_SPACE, "\x1f".join(parts)).hex


def meet(found: Found, people: Sequence[Person], landed: Landed | None = None) -> Meeting:
    """Return what is new. People of the same name are one, and their moments go to whom the journal has.

    ``landed``: how moments landed whose file does not say.
    """
    there = {each.id: each for each in people} | {each.name.casefold(): each for each in people}
    new: list[Person] = []
    known: list[Person] = []
    goes: dict[str, str] = {}
    for person in found.people:
        old = there.get(person.id) or there.get(person.name.casefold())
        goes[person.id] = old.id if old else person.id
        if old is None:
            new.append(person)
            there[person.name.casefold()] = person
        elif old not in new:
            known.append(old)
    moments = tuple(
        replace(it, person_id=goes[it.person_id], landed=landed if landed and found.unsaid else it.landed)
        for it in found.moments
    )
    return Meeting(tuple(new), moments, tuple(dict.fromkeys(known)))


def cut(text: str | None) -> str | None:
    """Return a note without stray space and no longer than a note may be; None when nothing is left."""
    text = (text or "").strip().replace("\0", "")
    return text[:LONGEST] or None


def birthday(text: str | None) -> tuple[Celebration, ...]:
    """Return a birthday as programs write it: 1980-05-06, 19800506, --0506, --05-06, 1604-05-06 (no year), 5/6/1980.

    With slashes the month comes first, as the programs that write them mean it, unless it cannot.
    """
    text = (text or "").strip().split("T")[0].split(" ")[0]
    if "/" in text:
        numbers = [int(part) for part in text.split("/") if part.isdecimal()]
        if len(numbers) < 2:
            return ()
        month, day = (numbers[1], numbers[0]) if numbers[0] > 12 else (numbers[0], numbers[1])
    else:
        digits = "".join(letter for letter in text if letter.isdecimal())
        if len(digits) not in {4, 8}:
            return ()
        month, day = int(digits[-4:-2]), int(digits[-2:])
    return (Celebration("birthday", month, day),) if 1 <= month <= 12 and 1 <= day <= 31 else ()
