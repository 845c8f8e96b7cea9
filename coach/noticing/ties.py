"""How it stands between the user and each person: what is open, what waits for thanks, whether touch is lost. Pure.

The one source of what Today, the map, the team and the sheet for a talk say, so that they never disagree.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from coach.domain.moments import By, Moment
from coach.domain.people import Contact, Person, Relation, Standing
from coach.noticing.between import LATELY, Open, between
from coach.noticing.one_to_ones import recognition

LONG = 90
"""Days after which touch is lost with someone the user wants to start with, or has found good to work with."""

REPORTS = 21
"""Days without a moment after which touch is lost with someone who reports to the user."""

_FEWEST = 4
"""So many moments make a rhythm."""

_TIMES = 3
"""Touch is being lost after so many times the days that usually lie between two moments."""


@dataclass(frozen=True, slots=True)
class Tie:
    """How it stands with one person. ``silent``: days since the last moment; ``limit``: those that are too many."""

    person: Person
    open: Open = field(default_factory=Open)
    thanks: Moment | None = None
    silent: int | None = None
    limit: int | None = None

    @property
    def mine(self) -> tuple[Moment, ...]:
        """The harms of the user's own that nothing has mended, oldest first."""
        return tuple(harm for harm in self.open.harms if harm.by is By.ME)

    @property
    def losing(self) -> bool:
        """Whether touch is being lost. A contact starts the days anew."""
        return self.silent is not None and self.limit is not None and self.silent > self.limit


def ties(
    people: Sequence[Person], moments: Sequence[Moment], contacts: Mapping[str, Contact], today: date
) -> dict[str, Tie]:
    """Return person id → tie. ``moments``: those since ``looked_back(today)``, of anyone."""
    of: dict[str, list[Moment]] = {}
    for moment in moments:
        of.setdefault(moment.person_id, []).append(moment)
    return {it.id: tie(it, of.get(it.id, ()), contacts.get(it.id), today) for it in people}


def looked_back(today: date) -> date:
    """Return the first day whose moments tell what is open; what is older is history."""
    return today - LATELY - timedelta(days=1)  # a day more, for a zone in which it begins earlier


def tie(person: Person, moments: Sequence[Moment], contact: Contact | None, today: date) -> Tie:
    """Return how it stands with one person; ``moments`` are theirs."""
    silent = (today - contact.last.astimezone().date()).days if contact else None
    if not moments:
        return Tie(person, silent=silent, limit=limit(person, contact))
    thanks = recognition(moments, today, person.name)
    return Tie(person, between(moments, today), thanks, silent, limit(person, contact))


def limit(person: Person, contact: Contact | None) -> int | None:
    """Return the days after which touch is being lost: what the user set, else by the rhythm the two of them have."""
    if person.longest_days is not None:
        return person.longest_days
    usual = rhythm(contact)
    if usual is not None:
        return round(min(LONG, max(REPORTS, _TIMES * usual)))
    if person.relation is Relation.REPORT:
        return REPORTS
    return LONG if person.focus_since is not None or person.standing is Standing.POSITIVE else None


def rhythm(contact: Contact | None) -> float | None:
    """Return the days that usually lie between two moments; None: too few, or too young, to say."""
    if contact is None or contact.first is None or contact.moments < _FEWEST:
        return None
    span = (contact.last - contact.first) / timedelta(days=1)
    return span / (contact.moments - 1) if span >= REPORTS else None
