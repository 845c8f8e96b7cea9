"""Tells a leader who does harm, or is about to, from one to whom harm was done or who tells of a bad moment. Pure.

Knows first-person wordings of harassment, discrimination, retaliation, abuse and threats (``harms/own_harm``). A
single bad moment that somebody wants to own is no harm of this sort: it has a session of its own.
"""

from __future__ import annotations

import re
from functools import cache
from itertools import groupby

from coach.domain.letters import pieces, plain, straight
from coach.domain.readings import Kind
from coach.rows import Row, joined, rows

_EVEN_IF_OWNED = frozenset({Kind.HARASSMENT, Kind.VIOLENCE})
"""Touching and striking somebody count even where they are regretted."""


@cache
def _patterns() -> tuple[tuple[Kind, re.Pattern[str]], ...]:
    """Return a pattern a kind; where a sentence tells of several, the first of the file wins."""
    kinds = groupby(rows("harms/own_harm"), _kind)
    return tuple((kind, joined(entries)) for kind, entries in kinds)


def _kind(row: Row) -> Kind:
    return Kind(row.more["kind"])


@cache
def _owned() -> re.Pattern[str]:
    return joined(rows("words/owned"))


def told(text: str) -> Kind | None:
    """Return what harm of their own a message tells or announces, None when it tells of none.

    What is regretted, denied or long stopped is none, apart from touching and striking somebody.
    """
    even = straight(text)
    for start, end in pieces(even):
        words = plain(even[start:end])
        for kind, pattern in _patterns():
            if pattern.search(words) and (kind in _EVEN_IF_OWNED or not _owned().search(words)):
                return kind
    return None
