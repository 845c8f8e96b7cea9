"""Leaves private matters out of a text, clause by clause: health, union, religion, sexuality and the like. Pure.

The special categories of personal data (GDPR, article 9) and criminal records (article 10), found by the rows of
``words/withheld``. They say more about a person than wording a plan needs.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from coach.domain.letters import Letter
from coach.rows import joined, rows

_SHORTENED = re.compile(r"\b(?:Mr|Mrs|Ms|Dr|St|Prof|e\.g|i\.e|etc)\.$")
_QUOTING = re.compile(r"[<>“”\"]+")
_LABEL = re.compile(r"\s*(?:(?:\d{1,3}[).:]?|[-*•]|[a-z_]+[\w.\[\]]*:)\s+)?")
_CLAUSE = re.compile(
    r"\s*[,;:()—–]\s*|\s+(?=(?:and|but|because|so|when|while|who|which|after|since|although|though|yet|or)\s)",
    re.IGNORECASE,
)
_SHORT = 110
"""Characters; a sentence up to this length is withheld whole, since the words next to a fact often give it away."""


@cache
def _private() -> re.Pattern[str]:
    """Return what finds a word of the special categories; a hyphen does not end one."""
    words = joined(rows("words/withheld")).pattern
    return re.compile(rf"(?<![\w-])(?:{words})(?![\w-])", re.IGNORECASE)


def private(text: str) -> Iterator[str]:
    """Yield the spans of a text to leave out, in order: whole short sentences, and clauses of long ones."""
    for segment in _segments(text):
        if not _private().search(segment):
            continue
        label = _LABEL.match(segment)
        body = segment[label.end() if label else 0 :]
        if len(body) <= _SHORT:
            yield body
            continue
        yield from (clause for clause in _clauses(body) if _private().search(clause))


def _segments(text: str) -> Iterator[str]:
    """Yield each sentence without its closing marks, what is quoted in it apart; a shortened word ends none."""
    start = None
    for each in Letter(text).sentences:
        start = each.start if start is None else start
        if _SHORTENED.search(each.text) and text[each.end : each.end + 1] == " ":
            continue
        yield from filter(None, (part.rstrip(" .!?") for part in _QUOTING.split(text[start : each.end])))
        start = None
    if start is not None:
        yield text[start:].rstrip()


def _clauses(text: str) -> Iterator[str]:
    start = 0
    for cut in _CLAUSE.finditer(text):
        if text[start : cut.start()].strip():
            yield text[start : cut.start()]
        start = cut.end()
    yield text[start:]
