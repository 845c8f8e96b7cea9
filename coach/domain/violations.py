"""Violations (what the checker says of the coach's own words) and what it must know to judge them."""

from __future__ import annotations

from dataclasses import dataclass

from coach.domain.readings import Route


@dataclass(frozen=True, slots=True)
class Violation:
    """One thing the coach must not say. ``start``/``end`` are offsets into ``sentence``, the sentence that holds it."""

    name: str
    start: int
    end: int
    sentence: str


@dataclass(frozen=True, slots=True)
class Context:
    """What a sentence is judged against.

    ``people``: how the others are called ("Tom", "your boss"), the one the message is about first. ``quotes``: texts
    that may be quoted as they are, above all the user's own. ``known``: what the journal or the reading holds as seen.
    ``part``: "said" (to the user), "avoid" (named in order to be left out), "draft" (words for the other person).
    """

    route: Route = Route.IN_SCOPE
    people: tuple[str, ...] = ()
    quotes: tuple[str, ...] = ()
    known: tuple[str, ...] = ()
    part: str = "said"


@dataclass(frozen=True, slots=True)
class Replaced:
    """A language model's sentence that was not said, and what stands in its place ("" when it was left out).

    ``where`` names the field of the plan, or "reply"; ``because`` why, by the names of violations and faults. ``said``
    is empty when it must not be kept either.
    """

    where: str
    said: str
    because: tuple[str, ...]
    instead: str
