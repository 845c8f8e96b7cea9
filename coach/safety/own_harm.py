"""Recognises a leader who does harm, or is about to, and not one who was harmed or regrets a bad moment. Pure.

Knows first-person wordings of harassment, discrimination, retaliation, abuse and threats (``harms/own_harm``). A
single bad moment that someone wants to own is no harm of this sort: it has a session of its own.
"""

from __future__ import annotations

import re
from functools import cache
from itertools import groupby

from coach.domain.letters import pieces, plain, straight
from coach.domain.readings import Kind
from coach.rows import Row, any_of, joined, rows

_EVEN_IF_OWNED = frozenset({Kind.HARASSMENT, Kind.VIOLENCE})
"""Touching and striking someone count even where they are regretted."""


@cache
def _patterns() -> tuple[tuple[Kind, re.Pattern[str]], ...]:
    """Return a pattern a kind; where a sentence tells of several, the first of the file wins."""
    kinds = groupby(rows("harms/own_harm"), _kind)
    return tuple((kind, joined(entries)) for kind, entries in kinds)


def _kind(row: Row) -> Kind:
    return Kind(row.more["kind"])


def told(text: str) -> Kind | None:
    """Return the kind of harm by the writer that a message tells or announces, or None.

    Harm that is regretted, denied or long over does not count, apart from touching and striking someone.
    """
    even = straight(text)
    for start, end in pieces(even):
        words = plain(even[start:end])
        for kind, pattern in _patterns():
            if pattern.search(words) and (kind in _EVEN_IF_OWNED or not any_of("words/owned").search(words)):
                return kind
    return None
