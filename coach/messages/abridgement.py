"""Shortens a message by leaving out whole sentences; adds no word of its own.

What usually carries a message is told by the rows of ``knowledge/words/carries.yaml``.
"""

from __future__ import annotations

import re
from functools import cache

from coach.domain import letters
from coach.rows import joined, rows


def parts(text: str) -> list[str]:
    """Return the sentences of a message. What stands in a blank, ``[like this.]``, ends none."""
    found: list[str] = []
    start = None
    for each in letters.Letter(text).sentences:
        start = each.start if start is None else start
        if text.count("[", 0, each.end) <= text.count("]", 0, each.end):
            found.append(text[start : each.end])
            start = None
    return found if start is None else [*found, text[start:].strip()]


def words(text: str) -> int:
    """Return the number of words."""
    return len(text.split())


def shorten(text: str, most: int) -> str:
    """Return the sentences that carry most, in their order, within ``most`` words; always at least one.

    A text that is short enough, or has one sentence only, comes back as it is.
    """
    found = parts(text)
    if words(text) <= most or len(found) < 2:
        return text
    ranked = sorted(range(len(found)), key=lambda at: (-_weight(found[at], at), at))
    kept: list[int] = []
    left = most
    for at in ranked:
        size = words(found[at])
        if size <= left or not kept:
            kept.append(at)
            left -= size
    return " ".join(found[at] for at in sorted(kept))


def _weight(sentence: str, at: int) -> float:
    even = letters.straight(sentence)
    return sum(weight for weight, pattern in _carries() if pattern.search(even)) + (3 if at == 0 else 0)


@cache
def _carries() -> tuple[tuple[int, re.Pattern[str]], ...]:
    """Return what a sentence may hold, and how much that weighs."""
    return tuple((row.more["weight"], joined([row], re.IGNORECASE)) for row in rows("words/carries"))
