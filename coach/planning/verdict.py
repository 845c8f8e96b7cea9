"""The route of a turn, from the floor and the language model together. Pure.

The floor stays code: a language model may raise the route, and correct the kind inside get-help and decline; it never
lowers one. In doubt it decides, except over literal words of killing or hurting, where the user is asked.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from coach.domain.letters import plain
from coach.domain.readings import GET_HELP, IN_SCOPE, Kind, Reading, Route, Toward
from coach.planning.given import Given
from coach.safety import harms

_DECLINE = (Kind.SURVEILLANCE, Kind.MANIPULATION)


@dataclass(frozen=True, slots=True)
class Ruling:
    """What a message is, as floor and language model see it together."""

    reading: Reading

    @property
    def kind(self) -> Kind:
        """The kind of the message."""
        return self.reading.kind

    @property
    def coached(self) -> bool:
        """Whether the turn goes on to a plan."""
        return self.reading.route is Route.IN_SCOPE

    @property
    def harmful(self) -> bool:
        """Whether someone is harmed, or may be, or would be."""
        return self.reading.route in {Route.GET_HELP, Route.DECLINE, Route.DOUBT}

    @property
    def foreign(self) -> bool:
        """Whether the answer comes in another language than English."""
        return self.reading.kind is Kind.NOT_ENGLISH


def ruling(value: Mapping[str, Any], given: Given) -> Ruling:
    """Return what the floor and a TurnAnswer's first fields make of a message."""
    floor = given.floor
    fits, kind = value.get("fits"), _kind(value.get("kind"))
    words = value["harm_words"] if given.holds(value.get("harm_words")) else None
    toward = Toward(value["toward"]) if value.get("toward") in set(Toward) else floor.toward
    if floor.route is Route.GET_HELP:
        return Ruling(replace(floor, kind=kind if kind in GET_HELP else floor.kind, toward=toward))
    if fits == "needs_help" and kind in GET_HELP:
        if floor.route is Route.DOUBT and words is None:
            return Ruling(floor)
        return Ruling(replace(floor, kind=kind, toward=toward, doubt=None, unclear=False))
    if floor.route is Route.DECLINE or (fits == "decline" and kind in _DECLINE and floor.route is not Route.DOUBT):
        return Ruling(replace(floor, kind=kind if kind in _DECLINE else floor.kind, toward=toward))
    if floor.route is Route.DOUBT and (fits != "coach" or kind not in IN_SCOPE or literal(given)):
        return Ruling(floor)
    if floor.doubt and kind is not None:
        floor = replace(floor, doubt=None, kind=kind, after=None, unclear=False)
    if fits == "doubt" and words is not None:
        return Ruling(replace(floor, kind=kind or floor.kind, toward=toward, doubt=words))
    if floor.kind is Kind.NOT_ENGLISH or kind is Kind.NOT_ENGLISH:
        return Ruling(replace(floor, kind=Kind.NOT_ENGLISH, language=floor.language or "und"))
    if fits == "elsewhere":
        return Ruling(replace(floor, kind=Kind.OFF_TOPIC))
    return Ruling(replace(floor, kind=kind if kind in IN_SCOPE else floor.kind))


def literal(given: Given) -> bool:
    """Whether the new message has words for killing or hurting oneself or someone else, idioms left out."""
    words = harms.without_idioms(plain(given.letters[-1].text)) if given.letters and not given.tapped else ""
    return any(harms.worded(kind, words) for kind in (Kind.SELF_HARM, Kind.VIOLENCE))


def _kind(value: object) -> Kind | None:
    return Kind(str(value)) if value in set(Kind) and value != Kind.INJECTION else None
