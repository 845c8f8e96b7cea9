"""Decides what kind of message this is, and so which route it takes. The most severe reading wins.

Knows word patterns (``dangers``) and, through ``Likeness``, how alike a text is to the authored exemplars of every kind.
Never lowers a severity because a message is calm. Knows nothing of cards, plans or people.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from coach.coaching import dangers
from coach.coaching.clauses import plain
from coach.domain.readings import ROUTES, Kind, Route
from coach.ports import Likeness

_GRAVEST_FIRST = (
    Kind.SELF_HARM,
    Kind.VIOLENCE,
    Kind.HARASSMENT,
    Kind.DISCRIMINATION,
    Kind.ABUSE,
    Kind.MANIPULATION,
    Kind.SURVEILLANCE,
    Kind.LEGAL_MEDICAL,
    Kind.INJECTION,
    Kind.OFF_TOPIC,
)
_IN_SCOPE = tuple(kind for kind, route in ROUTES.items() if route is Route.IN_SCOPE)
_UNSAFE = tuple(kind for kind, route in ROUTES.items() if route in {Route.GET_HELP, Route.DECLINE})


@dataclass(frozen=True, slots=True)
class Verdict:
    """The kind of a message, the fair part beside a harm (``also``), and what decided (``because``)."""

    kind: Kind
    also: Kind | None = None
    because: str = "likeness"


SURE_PRIOR = 0.9
UNSAFE_ABOVE = 0.5


def judge(text: str, likeness: Likeness) -> Verdict:
    """Return the kind of a message. Deterministic for one set of tables."""
    words = without_idioms(plain(text))
    odds = likeness.kinds(text)
    sure = [kind for kind in _GRAVEST_FIRST if _hits(kind, words)]
    if sure:
        return Verdict(_gravest(sure, odds), because="words")
    unsafe = sum(odds.get(kind, 0.0) for kind in _UNSAFE)
    if unsafe > UNSAFE_ABOVE:
        return Verdict(max(_UNSAFE, key=lambda kind: odds.get(kind, 0.0)))
    rest = (*_IN_SCOPE, Kind.OFF_TOPIC, Kind.INJECTION)
    return Verdict(max(rest, key=lambda kind: odds.get(kind, 0.0)))


def telling(sentence: str, kind: Kind) -> bool:
    """Return whether a sentence by itself has words of this kind of harm, or of orders."""
    return _hits(kind, without_idioms(plain(sentence)))


def without_idioms(words: str) -> str:
    """Blank the ways of speaking that only sound like harm."""
    for idiom in dangers.IDIOMS:
        words = idiom.sub(" ", words)
    return words


def _hits(kind: Kind, words: str) -> bool:
    return any(pattern.search(words) for pattern in dangers.SURE.get(kind, ()))


def _gravest(found: list[Kind], odds: Mapping[Kind, float]) -> Kind:
    """A crisis wins at once; among the rest the tables choose between kinds whose words were found."""
    if found[0] in {Kind.SELF_HARM, Kind.VIOLENCE}:
        return found[0]
    return max(found, key=lambda kind: odds.get(kind, 0.0))
