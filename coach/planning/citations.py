"""Chooses what to quote from a card: the sentence nearest to the situation, letter for letter.

Knows cards and counts shared words; knows nothing of plans.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable
from functools import lru_cache

from coach.domain.letters import Letter
from coach.domain.principles import Citation, Principle

_WORD = re.compile(r"[a-z']{4,}")


def cite(principle: Principle, near: str) -> Citation:
    """Return a citation of a principle whose quote stands letter for letter in the card's text."""
    return Citation(principle.id, quote(principle, near), principle.grade, principle.caution)


def quote(principle: Principle, near: str) -> str:
    """Return the sentence of the card that shares most words with ``near``; the whole statement when none will do."""
    wanted = set(_WORD.findall(near.casefold()))
    best, best_score = "", -1.0
    for sentence, words, extra in _quotable(principle):
        score = len(words & wanted) / (len(words) ** 0.5 + 1) + extra
        if score > best_score + 1e-9:
            best, best_score = sentence, score
    return best or principle.statement


_STATEMENT = 0.3
"""The statement comes first: the body also holds limits and exceptions, which mislead when quoted alone."""


@lru_cache(maxsize=1024)
def _quotable(principle: Principle) -> tuple[tuple[str, frozenset[str], float], ...]:
    """Return the sentences of a card that are neither too short nor too long, with their words and a first score."""
    return tuple(
        (
            sentence,
            frozenset(_WORD.findall(sentence.casefold())),
            _STATEMENT if sentence in principle.statement else 0.0,
        )
        for sentence in _sentences(principle)
        if 8 <= len(sentence.split()) <= 45 and sentence in principle.text
    )


def _sentences(principle: Principle) -> Iterable[str]:
    """Yield what can be quoted: sentences; one that ends in a quotation is joined with a rest in small letters."""
    for paragraph in (principle.statement, *principle.body.splitlines()):
        start = 0
        found = Letter(paragraph).sentences
        for each, after in itertools.zip_longest(found, found[1:]):
            if after is None or not after.text[0].islower():
                yield paragraph[start : each.end].strip()
                start = each.end
