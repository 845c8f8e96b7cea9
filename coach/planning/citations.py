"""Chooses what to quote from a card: an exact span, the sentence nearest to the situation. Knows cards; invents nothing."""

from __future__ import annotations

import re
from collections.abc import Iterable

from coach.domain.principles import Citation, Principle

_WORD = re.compile(r"[a-z']{4,}")
_END = re.compile(r"(?<=[.!?])\s+(?=[A-Z“\"'])")


def cite(principle: Principle, near: str) -> Citation:
    """Return a citation of a principle whose quote stands letter for letter in the card's text."""
    return Citation(principle.id, quote(principle, near), principle.grade, principle.caution)


def quote(principle: Principle, near: str) -> str:
    """Return the sentence of the statement or body that shares most words with ``near``; the statement's first when none does."""
    wanted = set(_WORD.findall(near.casefold()))
    best, best_score = "", -1.0
    for sentence in _sentences(principle):
        words = set(_WORD.findall(sentence.casefold()))
        if not 8 <= len(sentence.split()) <= 45 or sentence not in principle.text:
            continue
        score = len(words & wanted) / (len(words) ** 0.5 + 1) + (_STATEMENT if sentence in principle.statement else 0.0)
        if score > best_score + 1e-9:
            best, best_score = sentence, score
    return best or principle.statement


_STATEMENT = 0.3
"""What a sentence of the statement has ahead: the body also holds limits and exceptions, which mislead when quoted alone."""


def _sentences(principle: Principle) -> Iterable[str]:
    for paragraph in (principle.statement, *principle.body.splitlines()):
        yield from (sentence.strip() for sentence in _END.split(paragraph) if sentence.strip())
