"""The user's circle as a picture: everyone around "me", nearer the more recent the contact, a sector for each relation.

Computes where each dot and label stands; the template draws it. Up to ``LABELLED`` people, every dot has a name beside
it while there is room, else in a column at the edge, with a line to it. Of more it says how many stand in each place.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from coach.domain.people import Contact, Person, Relation
from coach.rows import words

RINGS = ((14, 56), (30, 92), (90, 128), (None, 164))
"""Days since contact, at most, and the radius; the last ring is for everyone else."""

LABELLED = 30
"""So many people have their names in the picture; with more, a picture of names is no longer read."""

SECTORS = (Relation.MANAGER, Relation.PEER, Relation.REPORT, Relation.OTHER_DEPARTMENT, Relation.EXTERNAL, None)
"""Clockwise from the top."""

_LETTER, _LINE = 8.2, 17.0
"""How wide a letter and how high a line of a label is, in the picture's units."""

_EDGE = 198.0
_LONGEST_LABEL = 12
_NARROW = 0.68
"""The rings give way to the columns of names by so much."""

_APART = (0.0, -6.0, 6.0)
"""Where the rings are narrow, neighbours on one stand in and out of its line by so much."""

_COLUMN = 122.0
"""How far from the middle the columns of names begin."""

_LONGEST_BESIDE = 9
_HIGHEST = 176.0


@dataclass(frozen=True, slots=True)
class Dot:
    """A person in the picture. The label begins or ends at ``at`` ("middle": is centred on it)."""

    person: Person
    x: float
    y: float
    ring: int
    label: str = ""
    at: tuple[float, float] = (0.0, 0.0)
    anchor: str = "middle"


@dataclass(frozen=True, slots=True)
class Bubble:
    """So many people of one relation on one ring."""

    relation: Relation | None
    ring: int
    n: int
    x: float
    y: float
    r: float


@dataclass(frozen=True, slots=True)
class Circle:
    """The dots or the bubbles, the radii of the rings, and the lines between sectors as end points on the rim.

    ``columns``: the names stand in columns at the edge. ``half``: how far the picture goes up and down.
    """

    dots: tuple[Dot, ...]
    rims: tuple[tuple[float, float], ...]
    radii: tuple[float, ...]
    bubbles: tuple[Bubble, ...] = ()
    columns: bool = False
    half: float = 190.0


def circle(people: Sequence[Person], contacts: Mapping[str, Contact], now: datetime) -> Circle:
    """Return the picture."""
    radii = tuple(float(radius) for _, radius in RINGS)
    if len(people) > LABELLED:
        return Circle((), *_sectors(people, contacts, now, 1.0)[1:], radii, _bubbles(people, contacts, now))
    dots, rims = _sectors(people, contacts, now, 1.0)
    inside = _inside(dots)
    if inside is not None:
        return Circle(tuple(inside), rims, radii)
    dots, rims = _sectors(people, contacts, now, _NARROW)
    named = tuple(_beside(dots))
    half = max([it.at[1] + 16 for it in named] + [radii[-1] * _NARROW + 14])
    return Circle(named, rims, tuple(round(radius * _NARROW, 1) for radius in radii), columns=True, half=half)


def _groups(people: Sequence[Person]) -> list[tuple[Relation | None, list[Person], float, float]]:
    """Return each relation that there is with its people, the angle where its sector begins, and how wide it is."""
    groups = [(sector, [it for it in people if it.relation is sector]) for sector in SECTORS]
    groups = [(sector, group) for sector, group in groups if group]
    weights = [1 + math.sqrt(len(group)) for _, group in groups]
    angle = -math.pi / 2 - (math.pi * weights[0] / sum(weights) if groups else 0)
    found = []
    for (sector, group), weight in zip(groups, weights, strict=True):
        width = 2 * math.pi * weight / sum(weights)
        found.append((sector, group, angle, width))
        angle += width
    return found


def _sectors(
    people: Sequence[Person], contacts: Mapping[str, Contact], now: datetime, scale: float
) -> tuple[list[Dot], tuple[tuple[float, float], ...]]:
    groups, dots, rims = _groups(people), [], []
    for _, group, angle, width in groups:
        rims.append(_point(angle, (RINGS[-1][1] + 10) * scale))
        for n, person in enumerate(sorted(group, key=lambda it: (_days(contacts.get(it.id), now), it.name))):
            ring = _ring(_days(contacts.get(person.id), now))
            # Neighbours in time are set apart in the sector: the golden ratio spreads any number evenly.
            share = (0.5 + n * 0.618034) % 1 if len(group) > 1 else 0.5
            radius = RINGS[ring][1] * scale + (_APART[n % 3] if scale < 1 else 0)
            dots.append(Dot(person, *_point(angle + width * (0.08 + 0.84 * share), radius), ring))
    return dots, tuple(rims) if len(groups) > 1 else ()


def _bubbles(people: Sequence[Person], contacts: Mapping[str, Contact], now: datetime) -> tuple[Bubble, ...]:
    found = []
    for sector, group, angle, width in _groups(people):
        rings = Counter(_ring(_days(contacts.get(it.id), now)) for it in group)
        for ring, n in sorted(rings.items()):
            x, y = _point(angle + width / 2, RINGS[ring][1])
            found.append(Bubble(sector, ring, n, x, y, round(min(17, 8 + 1.2 * math.sqrt(n)), 1)))
    return tuple(found)


def ring_of(contact: Contact | None, now: datetime) -> int:
    """Return the ring on which somebody stands, 0 the nearest."""
    return _ring(_days(contact, now))


def _days(contact: Contact | None, now: datetime) -> float:
    return math.inf if contact is None else (now - contact.last).total_seconds() / 86400


def _ring(days: float) -> int:
    return next(n for n, (most, _) in enumerate(RINGS) if most is None or days <= most)


def _point(angle: float, radius: float) -> tuple[float, float]:
    return round(radius * math.cos(angle), 1), round(radius * math.sin(angle), 1)


def _inside(dots: Sequence[Dot]) -> list[Dot] | None:
    """Return the dots with their names under them; None where a name would lie over another, or leave the picture."""
    taken = [(it.x - 6, it.y - 6, it.x + 6, it.y + 6) for it in dots] + [(-22.0, -14.0, 22.0, 14.0)]
    labels = shorts([it.person.name for it in dots], _LONGEST_LABEL)
    found = []
    for dot, label in zip(dots, labels, strict=True):
        half = len(label) * _LETTER / 2
        box = (dot.x - half, dot.y + 8, dot.x + half, dot.y + 8 + _LINE)
        if abs(dot.x) + half > _EDGE or any(_over(box, other) for other in taken):
            return None
        taken.append(box)
        found.append(Dot(dot.person, dot.x, dot.y, dot.ring, label, (dot.x, dot.y + 19)))
    return found


def _beside(dots: Sequence[Dot]) -> list[Dot]:
    """Return the dots with their names in two columns, in the order in which the dots stand from top to bottom."""
    called = shorts([it.person.name for it in dots], _LONGEST_BESIDE)
    labels = {dot.person.id: label for dot, label in zip(dots, called, strict=True)}
    across = sorted(dots, key=lambda it: (it.x, it.y))
    left, right = across[: len(across) // 2], across[len(across) // 2 :]
    found = []
    for side, anchor, some in ((-1, "end", left), (1, "start", right)):
        step = min(24.0, 2 * _HIGHEST / max(1, len(some) - 1))
        for n, dot in enumerate(sorted(some, key=lambda it: (it.y, it.x))):
            at = (side * _COLUMN, round((n - (len(some) - 1) / 2) * step, 1))
            found.append(Dot(dot.person, dot.x, dot.y, dot.ring, labels[dot.person.id], at, anchor))
    return found


def shorts(names: Sequence[str], longest: int) -> list[str]:
    """Return what each is called in a picture: the first name without a title; where two share it, with an initial."""
    firsts = [_first(name) for name in names]
    shared = {first for first, n in Counter(firsts).items() if n > 1}
    found = []
    for name, first in zip(names, firsts, strict=True):
        last = name.split()[-1] if len(name.split()) > 1 else ""
        short = f"{first[: longest - 3]} {last[0]}." if first in shared and last and last != first else first
        found.append(short if len(short) <= longest else short[: longest - 1] + "…")
    return found


def _first(name: str) -> str:
    parts = name.split()
    titles = words("names/titles")
    plain = [it for it in parts if it.rstrip(".").casefold() not in titles]
    return (plain or parts or [name])[0].rstrip(",")


def _over(one: tuple[float, float, float, float], other: tuple[float, float, float, float]) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]
