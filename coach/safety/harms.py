"""Words of harm, of what the coach declines, and of idioms that only sound like harm: the rows of ``knowledge/harms``.

Knows which kinds have words and where they lie; what follows from them is decided by ``floor``. The rows match
``letters.plain`` text (lower case, straight quotes).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from coach.domain.readings import Kind
from coach.rows import joined, rows

KINDS = (
    Kind.SELF_HARM,
    Kind.VIOLENCE,
    Kind.HARASSMENT,
    Kind.DISCRIMINATION,
    Kind.ABUSE,
    Kind.SURVEILLANCE,
    Kind.MANIPULATION,
    Kind.LEGAL_MEDICAL,
    Kind.INJECTION,
)
"""The kinds that have words, a file each. The learned tables have a column a kind, in this order."""


@cache
def words(kind: Kind) -> re.Pattern[str]:
    """Return what finds the words of a kind, one of KINDS. Raises KnowledgeTrouble when its rows cannot be read."""
    return joined(rows(f"harms/{kind.value}"))


@cache
def idioms() -> re.Pattern[str]:
    """Return what finds the ways of speaking that only sound like harm. Raises KnowledgeTrouble."""
    return joined(rows("harms/idioms"))


def sources() -> Iterator[str]:
    """Yield every kind with its rows' patterns, and those of the idioms, uncompiled. Raises KnowledgeTrouble."""
    for kind in KINDS:
        yield kind.value
        yield from (row.match for row in rows(f"harms/{kind.value}"))
    yield from (row.match for row in rows("harms/idioms"))
