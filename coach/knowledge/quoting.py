"""Which sentence of a card to quote for a situation. Knows words in common; nothing of meaning."""

from __future__ import annotations

import re
from collections.abc import Iterator

from coach.domain.principles import Principle
from coach.knowledge.bm25 import words

_SENTENCE = re.compile(r"[^.!?\n]+[.!?]+[\"')\]]*")
_STATEMENT_FIRST = 0.35
_LEAST_WORDS, _MOST_WORDS = 6, 40


def quote(principle: Principle, text: str) -> str:
    """Return the sentence of the card's statement or body with most in common with the text.

    It is an exact span of ``principle.text``. The first sentence of the statement wins unless another has clearly more.
    """
    asked = set(words(text))
    best, best_score = "", -1.0
    for number, (sentence, bonus) in enumerate(_sentences(principle)):
        own = set(words(sentence))
        score = len(own & asked) / max(len(own), 4) ** 0.7 + bonus - 0.001 * number
        if score > best_score:
            best, best_score = sentence, score
    return best or principle.statement


def _sentences(principle: Principle) -> Iterator[tuple[str, float]]:
    for source, bonus in ((principle.statement, _STATEMENT_FIRST), (principle.body, 0.0)):
        for match in _SENTENCE.finditer(source):
            sentence = match[0].strip()
            if _LEAST_WORDS <= len(sentence.split()) <= _MOST_WORDS and sentence in principle.text:
                yield sentence, bonus
