"""Which words of a message tell of its harm, and who is harmed by whom. Pure.

Knows rows of harm and, through ``Likeness``, what each clause is like. Decides no kind and no route.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import partial

from coach.domain import letters
from coach.domain.letters import Letter, plain
from coach.domain.readings import ROUTES, Kind, Route, Toward
from coach.ports import Likeness
from coach.rows import rows
from coach.safety import harms, own_harm

_I = re.compile(r"\b(?:i|we)\b(?!'m\b| (?:am|was|feel|felt|cry|cried|cannot|can't)\b)")
"""Somebody who may tell of a deed: being afraid and crying are none."""

_LONGEST = 22
"""Words of a sentence that is still quoted whole."""

_ANY = 0.2
"""How much any harm in a clause counts beside the kind that is looked for."""

_SURE, _SURELY_USER = 0.5, 0.9
"""How sure the table has to be that it is not the user who is harmed."""


def heard(text: str, likeness: Likeness) -> Mapping[Kind, float]:
    """Return the odds of each kind of harm in the clause of a message that is likest to any."""
    clauses = _clauses(letters.cleaned(text))
    return max(likeness.lines(clauses, len(clauses)), key=lambda odds: sum(odds.values()), default={})


def words(text: str, kind: Kind, likeness: Likeness) -> str:
    """Return the words of a message that tell of harm of a kind, as they stand in it.

    The first sentence with words of its own for it; else the clause that is likest to such harm, with its sentence
    where that is short.
    """
    sentences = [sentence.text for sentence in Letter(text).sentences]
    telling = next((each for each in sentences if harms.telling(each, kind)), None)
    if telling is not None:
        return telling if _short(telling) else next(filter(partial(_tells, kind), _clauses(telling)), telling)
    clauses = _clauses(text) or [text.strip()]
    odds = likeness.lines(clauses, len(clauses))
    likest = max(range(len(clauses)), key=lambda at: odds[at].get(kind, 0.0) + _ANY * sum(odds[at].values()))
    around = next((each for each in sentences if clauses[likest] in each), clauses[likest])
    return around if _short(around) else clauses[likest]


def _clauses(text: str) -> list[str]:
    return [text[start:end] for start, end in letters.clauses(text)]


def _tells(kind: Kind, clause: str) -> bool:
    return harms.telling(clause, kind)


def _short(words: str) -> bool:
    return len(words.split()) <= _LONGEST


def toward(text: str, kind: Kind, likeness: Likeness) -> Toward:
    """Return who is harmed and by whom: rows say so, else the table where it is sure, else it is the user."""
    if own_harm.told(text) is not None:
        return Toward.BY_USER
    even = plain(text)
    for row in rows("harms/toward"):
        if kind.value in row.more["kinds"] and row.pattern.search(even):
            return Toward(row.more["toward"])
    odds = likeness.toward(text)
    if ROUTES[kind] is Route.DECLINE and odds.get(Toward.USER, 0.0) < _SURELY_USER:
        return Toward.BY_USER
    side = max(odds, key=lambda each: odds[each], default=Toward.USER)
    if side is Toward.BY_USER and not _I.search(even):
        return Toward.USER  # nobody tells of a deed of their own without "I"
    return side if odds.get(side, 0.0) > _SURE else Toward.USER
