"""Decides what kind of message this is, and so which route it takes. Orders to a machine are a separate finding.

Knows words of harm (``harms``) and, through ``Likeness``, how alike a text is to the authored exemplars of every kind.
Never lowers a severity because a message is calm. Knows nothing of cards, plans or people.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache

from coach.domain.letters import plain
from coach.domain.readings import GET_HELP, ROUTES, Kind, Reading, Route
from coach.ports import Likeness
from coach.rows import joined, rows
from coach.safety import harms, language, orders

_GRAVEST_FIRST = (
    Kind.SELF_HARM,
    Kind.VIOLENCE,
    Kind.HARASSMENT,
    Kind.DISCRIMINATION,
    Kind.ABUSE,
    Kind.MANIPULATION,
    Kind.SURVEILLANCE,
    Kind.LEGAL_MEDICAL,
)
_IN_SCOPE = tuple(kind for kind, route in ROUTES.items() if route is Route.IN_SCOPE)
_UNSAFE = tuple(kind for kind, route in ROUTES.items() if route in {Route.GET_HELP, Route.DECLINE})


UNSAFE_ABOVE = 0.6
"""Without words of harm, a message is unsafe when the tables give all unsafe kinds together more than this."""

UNSAFE_ABOVE_WITH_WORDS = 0.35
"""With words of harm in it, this is enough. DECISIONS.md says how both were chosen."""


@cache
def _words_to_weigh() -> re.Pattern[str]:
    """Return what finds the beginning of a request to weigh or change words that are quoted in it."""
    return joined(rows("words/to_weigh"))


_CARRIED = 3 / 4
"""An idiom is to blame when less than this share of the probability of violence is left without it."""

_WORDS_COUNT = 0.3
"""How much its own words add to the probability of a kind, when one of the unsafe kinds is chosen."""


OFF_TOPIC_ABOVE = 0.75
"""An off-topic message that is asked about loses nothing; one of work that is sent away does."""

FEWEST_WORDS = 4
"""A message with fewer words is never called off topic."""


def read(text: str, likeness: Likeness) -> Reading:
    """Return what a message is: its language, the orders in it, its kind. Deterministic for one set of tables.

    A message in another language, and one that is nothing but orders, is served elsewhere.
    """
    code = language.foreign(text, likeness.language(text))
    if code and not harms.worded(Kind.SELF_HARM, harms.without_idioms(plain(text))):
        return Reading(text, Kind.NOT_ENGLISH, language=code)
    found = orders.found(text)
    if not found:
        return Reading(text, judge(text, likeness))
    whole = judge(text, likeness)  # harm is looked for in all of it: an order beside a harm hides nothing
    rest = orders.without_orders(text)
    if whole in _UNSAFE and (whole in GET_HELP or judge(rest, likeness) in _UNSAFE):
        return Reading(text, whole, orders=found)
    if len(rest.replace(orders.LEFT_OUT, " ").split()) < FEWEST_WORDS:
        return Reading(text, Kind.OFF_TOPIC, orders=found)
    return Reading(text, judge(rest, likeness), orders=found)


def judge(text: str, likeness: Likeness) -> Kind:
    """Return the kind of an English message.

    Words of killing oneself decide alone; other words of harm lower the bar that the tables have to reach. Where the
    tables alone find violence, they are asked again without the ways of speaking that only sound like it.
    """
    said = plain(text)
    words = harms.without_idioms(said)
    found = [kind for kind in _GRAVEST_FIRST if harms.worded(kind, words)]
    if Kind.SELF_HARM in found:
        return Kind.SELF_HARM
    odds = likeness.kinds(text)
    if not found and words != said and max(odds, key=lambda kind: odds[kind], default=None) is Kind.VIOLENCE:
        odds = _without_the_idiom(odds[Kind.VIOLENCE], likeness.kinds(words))
    if _unsafe(odds) > (UNSAFE_ABOVE_WITH_WORDS if found else UNSAFE_ABOVE):
        return max(_UNSAFE, key=lambda kind: odds.get(kind, 0.0) + _WORDS_COUNT * (kind in found))
    if _words_to_weigh().search(said):
        return Kind.MESSAGE
    if odds.get(Kind.OFF_TOPIC, 0.0) > OFF_TOPIC_ABOVE and len(said.split()) >= FEWEST_WORDS:
        return Kind.OFF_TOPIC
    return max(_IN_SCOPE, key=lambda kind: odds.get(kind, 0.0))


def _unsafe(odds: Mapping[Kind, float]) -> float:
    return sum(odds.get(kind, 0.0) for kind in _UNSAFE)


def _without_the_idiom(with_it: float, odds: Mapping[Kind, float]) -> Mapping[Kind, float]:
    """Return the odds of the rest; when it was the idiom that made it violence, violence is not among them."""
    left = odds.get(Kind.VIOLENCE, 0.0)
    if left <= UNSAFE_ABOVE and left < _CARRIED * with_it:
        return {kind: share for kind, share in odds.items() if kind is not Kind.VIOLENCE}
    return odds
