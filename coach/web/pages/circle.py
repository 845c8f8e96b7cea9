"""The user's circle as a picture: everyone around "me", nearer the more recent the contact, a sector for each relation.

Computes where each dot and label stands; the template draws it. A label that would cover another is left to the table.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from coach.domain.people import Contact, Person, Relation

RINGS = ((14, 56), (30, 92), (90, 128), (None, 164))
"""Days since contact, at most, and the radius; the last ring is for everyone else."""

SECTORS = (
    Relation.MANAGER,
    Relation.PEER,
    Relation.REPORT,
    Relation.OTHER_DEPARTMENT,
    Relation.EXTERNAL,
    None,
)
"""Clockwise from the top."""

_LETTER, _LINE = 8.2, 17.0
"""How wide a letter and how high a line of a label is, in the picture's units."""

_EDGE = 198.0
_LONGEST_LABEL = 12
_TRIED = 50
"""So many labels are tried, the nearest people first; with more of them a picture is no longer read."""


@dataclass(frozen=True, slots=True)
class Dot:
    """A person in the picture. ``label`` None: there is no room for it."""

    person: Person
    x: float
    y: float
    ring: int
    label: str | None


@dataclass(frozen=True, slots=True)
class Circle:
    """The dots, and the lines between sectors as end points on the rim."""

    dots: tuple[Dot, ...]
    rims: tuple[tuple[float, float], ...]


def circle(people: Sequence[Person], contacts: Mapping[str, Contact], now: datetime) -> Circle:
    """Return the picture. Focus people are labelled first, then the nearest."""
    groups = [(sector, [it for it in people if it.relation is sector]) for sector in SECTORS]
    groups = [(sector, group) for sector, group in groups if group]
    weights = [1 + math.sqrt(len(group)) for _, group in groups]
    angle = -math.pi / 2 - (math.pi * weights[0] / sum(weights) if groups else 0)
    placed: list[tuple[Person, float, float, int]] = []
    rims = []
    for (_, group), weight in zip(groups, weights, strict=True):
        width = 2 * math.pi * weight / sum(weights)
        rims.append(_point(angle, RINGS[-1][1] + 10))
        for n, person in enumerate(sorted(group, key=lambda it: (_days(contacts.get(it.id), now), it.name))):
            ring = _ring(_days(contacts.get(person.id), now))
            # Neighbours in time are set apart in the sector: the golden ratio spreads any number evenly.
            share = (0.5 + n * 0.618034) % 1 if len(group) > 1 else 0.5
            placed.append((person, *_point(angle + width * (0.1 + 0.8 * share), RINGS[ring][1]), ring))
        angle += width
    return Circle(tuple(_labelled(placed)), tuple(rims) if len(groups) > 1 else ())


def _days(contact: Contact | None, now: datetime) -> float:
    return math.inf if contact is None else (now - contact.last).total_seconds() / 86400


def _ring(days: float) -> int:
    return next(n for n, (most, _) in enumerate(RINGS) if most is None or days <= most)


def _point(angle: float, radius: float) -> tuple[float, float]:
    return round(radius * math.cos(angle), 1), round(radius * math.sin(angle), 1)


def _labelled(placed: Sequence[tuple[Person, float, float, int]]) -> list[Dot]:
    taken = [(x - 6, y - 6, x + 6, y + 6) for _, x, y, _ in placed] + [(-22.0, -14.0, 22.0, 14.0)]
    dots = []
    ordered = sorted(placed, key=lambda it: (it[0].focus_since is None, it[3]))
    for n, (person, x, y, ring) in enumerate(ordered):
        label: str | None = _short(person.name)
        half = len(label or "") * _LETTER / 2
        box = (x - half, y + 8, x + half, y + 8 + _LINE)
        if n >= _TRIED or abs(x) + half > _EDGE or any(_over(box, other) for other in taken):
            label = None
        else:
            taken.append(box)
        dots.append(Dot(person, x, y, ring, label))
    return dots


def _short(name: str) -> str:
    first = name.split()[0] if name.split() else name
    return first if len(first) <= _LONGEST_LABEL else first[: _LONGEST_LABEL - 1] + "…"


def _over(one: tuple[float, float, float, float], other: tuple[float, float, float, float]) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]
