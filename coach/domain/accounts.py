"""The account: what is established in one matter, and by what. Nothing enters but what was said, tapped or kept.

A planner sees the account and never the bare text. Nouns only; knows the catalogue, reads no words.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from coach.domain.events import Catalogue, Doer, Want
from coach.domain.moments import Channel, Landed
from coach.domain.people import Relation
from coach.domain.phrases import called

ME = "me"
"""The user, where a person's id is expected."""

OTHER = "other"
"""An event that was told and is not in the catalogue."""


class Established(StrEnum):
    """How a fact came to be known: an exact quote, a tap, the journal, or a premise of what was tapped."""

    QUOTE = "quote"
    TAP = "tap"
    JOURNAL = "journal"
    PREMISE = "premise"


class Number(StrEnum):
    """Whether the other side is one person, several, or a whole place."""

    ONE = "one"
    SEVERAL = "several"
    PLACE = "place"


class Standing(StrEnum):
    """Where the other side stands: next to the user, above, led by the user, or elsewhere (another place, a screen)."""

    BESIDE = "beside"
    ABOVE = "above"
    LED = "led"
    ELSEWHERE = "elsewhere"


STANDING_FACTS: dict[Standing, tuple[str, ...]] = {
    Standing.BESIDE: ("here",),
    Standing.ABOVE: ("they_lead_me",),
    Standing.LED: ("i_lead_them",),
    Standing.ELSEWHERE: ("remote", "they_are_elsewhere"),
}
"""What a tap on a standing confirms. Only "beside me" says that the two share a place."""


RELATIONS: dict[Standing, Relation] = {
    Standing.BESIDE: Relation.PEER,
    Standing.ABOVE: Relation.MANAGER,
    Standing.LED: Relation.REPORT,
}
"""The relation that a standing implies; "elsewhere" implies none."""

REMOTE: dict[Standing, bool] = {Standing.BESIDE: False, Standing.ELSEWHERE: True}
"""Whether a standing implies another place."""


_WRITTEN = frozenset({Channel.EMAIL, Channel.CHAT})
"""Channels that put words on paper."""


@dataclass(frozen=True, slots=True)
class Party:
    """One person (or several) of the account. ``name`` as the user writes it; ``role`` is a phrase ("my boss")."""

    id: str
    name: str | None = None
    role: str | None = None
    person_id: str | None = None
    relation: Relation | None = None
    main: bool = False
    number: Number = Number.ONE
    standing: Standing | None = None

    @property
    def call(self) -> str:
        """How the coach speaks of them to the user: "Tom", "your boss"; "" when nobody was named."""
        return self.name or called(self.role or "")


@dataclass(frozen=True, slots=True)
class Told:
    """One event of the account. ``doer`` and ``receiver``: ``ME``, a party's id, or None where it is nobody's act."""

    event: str
    established: Established
    doer: str | None = None
    receiver: str | None = None
    told_by: str = ME
    channel: Channel | None = None
    day: date | None = None
    landed: Landed | None = None
    words: str | None = None
    sentence: int | None = None
    moment_id: str | None = None


@dataclass(frozen=True, slots=True)
class Fact:
    """One fact of the account: an id of the catalogue's facts, or "other" with the user's words."""

    fact: str
    established: Established
    words: str | None = None
    sentence: int | None = None


@dataclass(frozen=True, slots=True)
class Account:
    """What is established in one matter.

    ``first``: the event that was tapped as having come first, where both sides acted. ``asked``: the user's questions,
    quoted. ``want`` None: nobody has said yet. ``deadline``: the day that counts, where one was tapped.
    """

    parties: tuple[Party, ...] = ()
    events: tuple[Told, ...] = ()
    facts: tuple[Fact, ...] = ()
    asked: tuple[str, ...] = ()
    want: Want | None = None
    first: str | None = None
    deadline: date | None = None

    @property
    def main(self) -> Party | None:
        """The person the matter is mainly about."""
        return next((each for each in self.parties if each.main), self.parties[0] if self.parties else None)

    @property
    def event_ids(self) -> tuple[str, ...]:
        """The events in the order they were established, the one that came first at the head."""
        ids = tuple(dict.fromkeys(told.event for told in self.events))
        if self.first in ids:
            ids = (self.first, *(each for each in ids if each != self.first))
        return ids

    def party(self, party_id: str | None) -> Party | None:
        """Return a party by id, or None."""
        return next((each for each in self.parties if each.id == party_id), None)

    def held(self, catalogue: Catalogue) -> frozenset[str]:
        """Return every fact the account holds: told, tapped, premises of its events, and what a standing says.

        Event ids are held as well, so that a move can need one. Only the first event's own channel says that it was in
        writing: a cool mail after a word by voice does not put that word on paper.
        """
        found = {fact.fact for fact in self.facts} | set(self.event_ids) | catalogue.premises(self.event_ids)
        if self.main is not None and self.main.standing is not None:
            found |= set(STANDING_FACTS[self.main.standing])
        first = self.event_ids[:1]
        if any(told.channel in _WRITTEN for told in self.events if told.event in first):
            found.add("in_writing")
        return frozenset(found)

    def by_me(self, catalogue: Catalogue) -> tuple[Told, ...]:
        """Return the events that are the user's own acts."""
        return tuple(told for told in self.events if doer_of(told, catalogue) is Doer.ME)

    def with_another(self, told: Told) -> bool:
        """Return whether an event was with one other person than the one the matter is mainly about."""
        party, main = self.party(told.doer) or self.party(told.receiver), self.main
        return party is not None and main is not None and party != main and party.number is Number.ONE

    def of_main(self) -> Account:
        """Return the account without what was with another person, unless nothing was with the main one."""
        return replace(self, events=tuple(each for each in self.events if not self.with_another(each)) or self.events)

    def with_main(self, party_id: str) -> Account:
        """Return the account with another main person."""
        return replace(self, parties=tuple(replace(each, main=each.id == party_id) for each in self.parties))


def doer_of(told: Told, catalogue: Catalogue) -> Doer | None:
    """Return whose act an event is: the catalogue's word, else the one that was told; None: nobody's."""
    if told.event in catalogue:
        by = catalogue.entry(told.event).by
        if by in {Doer.ME, Doer.THEM}:
            return by
    return Doer.ME if told.doer == ME else Doer.THEM if told.doer else None
