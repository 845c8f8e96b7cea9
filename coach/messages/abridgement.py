"""Shortens a message by leaving out whole sentences. Knows what usually carries a message; adds no word of its own."""

from __future__ import annotations

import re

from coach.domain import letters

_CARRIES: tuple[tuple[int, re.Pattern[str]], ...] = tuple(
    (weight, re.compile(pattern, re.IGNORECASE))
    for weight, pattern in (
        (6, r"\b(?:sorry|apologi[sz]e|apolog(?:y|ies)|my (?:fault|mistake|doing)|i was wrong)\b"),
        (5, r"\?"),
        (5, r"\b(?:please|could you|would you|can you|i need|i ask|i would like|i'd like)\b"),
        (4, r"\b(?:i'll|i will|i can|i have already|let me)\b"),
        (4, r"\b(?:thank you|thanks)\b"),
        (2, r"\b(?:monday|tuesday|wednesday|thursday|friday|today|tomorrow|by \w+|next week|\d)\b|\["),
        (2, r"^(?:hi|hello|dear)\b"),
        (1, r"\byou\b"),
        (-2, r"\b(?:because|since|the reason|explain|in fact|by the way|the thing is|to be honest|of course|anyway)\b"),
        (-1, r"\b(?:he|she|they|had been|there was|there were)\b"),
    )
)


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
    return sum(weight for weight, pattern in _CARRIES if pattern.search(even)) + (3 if at == 0 else 0)
