"""Promises in notes: what one of two said they would do, and by when. Pure; words only.

It finds what is worded as a promise ("I'll …", "she will …", "Me: …") and proposes it; nothing is kept before
the user says so. Threats, conditions and questions are no promises.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from coach.domain.letters import clauses, straight
from coach.domain.moments import By
from coach.reading.days import Lean, day
from coach.rows import where

MOST = 6
"""So many promises of one note are proposed."""

_IF = re.compile(r"\b(?:if|unless|whether)\b|\?", re.IGNORECASE)


def _words(what: str) -> re.Pattern[str]:
    """Words that make a promise, words before it, and words that only look like one (``of`` in words/promises)."""
    return where("words/promises", "of", what, re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Promised:
    """A promise to confirm. ``start``/``end``: its place in the text. ``due`` None: no day is named."""

    by: By
    what: str
    due: date | None
    start: int
    end: int


def promised(text: str, name: str, today: date) -> tuple[Promised, ...]:
    """Return the promises in notes about a talk with ``name``, in order, at most ``MOST``."""
    found, even = [], straight(text)
    for start, end in _pieces(even, name):
        words = even[start:end]
        told = _said(words, name)
        if told is None or _IF.search(words) or _words("none").search(told[1]):
            continue
        by, what = told
        found.append(Promised(by, _tidy(what), day(words, today, Lean.PLANNED), start, end))
    return tuple(found[:MOST])


_JOINT = re.compile(r"[\s,]+(?:and|but|so)\s*$", re.IGNORECASE)


def without(text: str, promises: tuple[Promised, ...]) -> str:
    """Return the rest of the text: what is left to read for moments."""
    for it in reversed(promises):
        text = f"{text[: it.start]}\n{text[it.end :]}"
    lines = (_JOINT.sub("", line).strip(" \t,;-–—•*") for line in text.split("\n"))
    return "\n".join(line for line in lines if any(map(str.isalpha, line)) and len(line.split()) > 1)


def _pieces(text: str, name: str) -> Iterator[tuple[int, int]]:
    """Yield each line that names one of the two at its head whole, and the clauses of the others."""
    start = 0
    for line in text.split("\n"):
        label = _words("label").match(_squeezed(line[:_HEAD]))
        if label and label["who"].casefold() in {*_ME, *_called(name)}:
            yield start, start + len(line)
        else:
            yield from ((start + first, start + last) for first, last in clauses(line))
        start += len(line) + 1


def _said(words: str, name: str) -> tuple[By, str] | None:
    """Return who promised and what, or None."""
    words = _squeezed(words).strip(" •*-.")
    label = _words("label").match(words)
    if label and label["who"].casefold() in _ME:
        return By.ME, label["what"]
    if label and label["who"].casefold() in _called(name):
        return By.THEM, label["what"]
    words = _words("head").sub("", words)
    mine = _words("mine").match(words)
    if mine:
        return By.ME, mine["what"]
    names = "|".join(re.escape(each) for each in _called(name) if each)
    would = _words("would").pattern
    theirs = re.match(rf"^(?:{names})(?:{would}| to) (?P<what>.+)$", words, re.IGNORECASE | re.DOTALL)
    return (By.THEM, theirs["what"]) if theirs else None


_HEAD = 200
"""Characters of a line within which a label stands."""

_ME = {"me", "i", "mine", "my part"}


def _called(name: str) -> tuple[str, ...]:
    return ("he", "she", "they", "them", "theirs", name.casefold(), *name.casefold().split()[:1])


def _squeezed(words: str) -> str:
    """Return words with one blank between them: in a run of blanks a label would be looked for at every place."""
    return " ".join(words.split())


def _tidy(what: str) -> str:
    what = _squeezed(what).strip(" .,;:!")
    return what[:1].upper() + what[1:]
