"""Decides what kind of message this is, and so which route it takes. Unsafe kinds are weighed together, before others.

Knows words of harm (``harms``) and, through ``Likeness``, how alike a text is to the authored exemplars of every kind.
Never lowers a severity because a message is calm. Knows nothing of cards, plans or people.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from coach.domain.letters import plain
from coach.domain.readings import ROUTES, Kind, Route
from coach.ports import Likeness
from coach.rows import joined, rows
from coach.safety import harms

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


UNSAFE_ABOVE = 0.6
"""Without words of harm, a message is unsafe when the tables give all unsafe kinds together more than this."""

UNSAFE_ABOVE_WITH_WORDS = 0.35
"""With words of harm in it, so much is enough. DECISIONS.md says how both were chosen."""


@cache
def _words_to_weigh() -> re.Pattern[str]:
    """Return what finds the beginning of a request to weigh or change words that are quoted in it."""
    return joined(rows("words/to_weigh"))


_CARRIED = 2 / 3
"""An idiom made it violence when less than this of violence's probability is left without it."""

_WORDS_COUNT = 0.3
"""What words of a kind add to its probability when the kind among the unsafe ones is chosen."""


def judge(text: str, likeness: Likeness) -> Verdict:
    """Return the kind of a message. Deterministic for one set of tables.

    Words of killing oneself decide alone; other words of harm lower the bar that the tables have to reach. Where the
    tables alone find violence, they are asked again without the ways of speaking that only sound like it.
    """
    said = plain(text)
    words = without_idioms(said)
    found = [kind for kind in _GRAVEST_FIRST if worded(kind, words)]
    if Kind.SELF_HARM in found:
        return Verdict(Kind.SELF_HARM, because="words")
    odds = likeness.kinds(text)
    grave = [kind for kind in found if kind in _UNSAFE]
    if not grave and words != said and max(odds, key=lambda kind: odds[kind], default=None) is Kind.VIOLENCE:
        odds = _without_the_idiom(odds[Kind.VIOLENCE], likeness.kinds(words))
    if _unsafe(odds) > (UNSAFE_ABOVE_WITH_WORDS if grave else UNSAFE_ABOVE):
        best = max(_UNSAFE, key=lambda kind: odds.get(kind, 0.0) + _WORDS_COUNT * (kind in grave))
        return Verdict(best, because="words and likeness" if best in grave else "likeness")
    if Kind.INJECTION in found:
        return Verdict(Kind.INJECTION, because="words")
    if _words_to_weigh().search(said):
        return Verdict(Kind.MESSAGE, because="words")
    best = max((Kind.OFF_TOPIC, Kind.INJECTION), key=lambda kind: odds.get(kind, 0.0))
    if odds.get(best, 0.0) <= sum(odds.get(kind, 0.0) for kind in _IN_SCOPE):
        best = max(_IN_SCOPE, key=lambda kind: odds.get(kind, 0.0))
    return Verdict(best)


def _unsafe(odds: Mapping[Kind, float]) -> float:
    return sum(odds.get(kind, 0.0) for kind in _UNSAFE)


def _without_the_idiom(with_it: float, odds: Mapping[Kind, float]) -> Mapping[Kind, float]:
    """Return the odds of the rest; when it was the idiom that made it violence, violence is not among them."""
    left = odds.get(Kind.VIOLENCE, 0.0)
    if left <= UNSAFE_ABOVE and left < _CARRIED * with_it:
        return {kind: share for kind, share in odds.items() if kind is not Kind.VIOLENCE}
    return odds


def telling(sentence: str, kind: Kind) -> bool:
    """Return whether a sentence by itself has words of this kind of harm, or of orders."""
    return worded(kind, without_idioms(plain(sentence)))


def without_idioms(words: str) -> str:
    """Blank the ways of speaking that only sound like harm."""
    return harms.idioms().sub(" ", words)


def worded(kind: Kind, words: str) -> bool:
    """Return whether sure words of a kind stand in ``plain`` text without idioms."""
    return kind in harms.KINDS and harms.words(kind).search(words) is not None
