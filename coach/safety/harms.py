"""Words of harm, of what the coach declines, and of idioms that only sound like harm: the rows of ``knowledge/harms``.

Knows which kinds have words and in which file; ``floor`` decides what follows from them. The rows match
``letters.plain`` text (lower case, straight quotes).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from coach.domain.letters import pieces, plain
from coach.domain.readings import Kind
from coach.rows import Row, any_of, joined, rows, where

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
"""The kinds that have words, one file each. The learned tables have a column for each, in this order."""


@cache
def _groups() -> tuple[re.Pattern[str], ...]:
    found: dict[str, list[Row]] = {}
    for row in rows("harms/groups"):
        found.setdefault(row.more["group"], []).append(row)
    return tuple(joined(entries) for entries in found.values())


def groups_in(text: str) -> tuple[int, ...]:
    """Return how many different words of each group stand in ``letters.plain`` text, at most four each."""
    return tuple(min(_MOST, len({hit.group() for hit in group.finditer(text)})) for group in _groups())


_MOST = 4


def sources() -> Iterator[str]:
    """Yield every kind with its rows' patterns, those of the groups and of the idioms. Raises KnowledgeTrouble."""
    yield from (row.match for row in rows("harms/groups"))
    for kind in KINDS:
        yield kind.value
        yield from (row.match for row in rows(f"harms/{kind.value}"))
    yield from (row.match for row in rows("harms/idioms"))


def telling(sentence: str, kind: Kind) -> bool:
    """Return whether a sentence by itself has words of this kind of harm, or of orders."""
    return worded(kind, without_idioms(plain(sentence)))


def without_idioms(text: str) -> str:
    """Blank the ways of speaking that only sound like harm."""
    return any_of("harms/idioms").sub(" ", text)


def worded(kind: Kind, text: str) -> bool:
    """Return whether sure words of a kind stand in ``plain`` text without idioms."""
    return kind in KINDS and any_of(f"harms/{kind.value}").search(text) is not None


def sure(kind: Kind, text: str) -> bool:
    """Return whether literal words of a kind stand in ``plain`` text without idioms: these decide alone."""
    return where(f"harms/{kind.value}", "sure", True).search(text) is not None


def passing(text: str) -> bool:
    """Return whether ``plain`` text speaks of harm as of somebody's work, or of a story."""
    return any_of("harms/passing").search(text) is not None


def without_harmless(text: str) -> str:
    """Return a text without the sentences that only sound like harm and tell the contrary."""
    sentences = [text[start:end] for start, end in pieces(text)]
    kept = [sentence for sentence in sentences if not any_of("harms/harmless").search(plain(sentence))]
    return text if len(kept) == len(sentences) else " ".join(kept)
