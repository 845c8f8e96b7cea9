"""How the user's circle is looked after as a whole: only upward, too narrow, losing touch, good ones neglected. Pure.

It looks at what the user does with everyone. No person gets a score, and under three moments it says nothing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from coach.domain.moments import Landed, Moment
from coach.domain.people import Person, Standing, resting
from coach.noticing.patterns import FEWEST, across
from coach.noticing.ties import Tie

QUIET = 60
"""Days without a moment after which a good contact counts as neglected."""


@dataclass(frozen=True, slots=True)
class Check:
    """One thing the circle shows. ``prompts/coverage.fixed.j2`` words each name; ``people`` are ids, longest first."""

    name: str
    people: tuple[str, ...]


def coverage(
    people: Sequence[Person], recent: Sequence[Moment], today: date, stands: Mapping[str, Tie]
) -> tuple[Check, ...]:
    """Return what the circle shows, the user's own harms first. ``recent``: the newest moments with anyone."""
    minded = {person.id: stands[person.id].silent for person in people if not resting(person, today)}
    silent = {id_: days for id_, days in minded.items() if days is not None}
    good = {person.id for person in people if person.standing is Standing.POSITIVE} | _helped(recent)
    found = {name: ids for name, ids in across(people, recent) if ids}
    neglected = _longest(silent, {id_ for id_, days in silent.items() if days > QUIET and id_ in good})
    losing = _longest(silent, {id_ for id_ in silent if stands[id_].losing} - set(neglected))
    harmed = _longest(silent, {id_ for id_ in silent if stands[id_].mine})
    if neglected:
        found.setdefault("good_ones_neglected", neglected)
    if losing:
        found["losing_touch"] = losing
    first = [Check("harm_open", harmed[::-1])] if harmed else []
    return (*first, *(Check(name, ids) for name, ids in found.items()))


def _helped(moments: Sequence[Moment]) -> set[str]:
    """The people with whom most of at least three moments helped."""
    counted = Counter(moment.person_id for moment in moments)
    helped = Counter(moment.person_id for moment in moments if moment.landed is Landed.HELPED)
    return {person_id for person_id, n in counted.items() if n >= FEWEST and helped[person_id] * 3 >= n * 2}


def _longest(silent: Mapping[str, int], ids: set[str]) -> tuple[str, ...]:
    return tuple(sorted(ids, key=lambda id_: (-silent[id_], id_)))
