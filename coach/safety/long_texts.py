"""Looks at a long text or a pasted thread line by line: which lines stand out, and how it begins. Pure.

Knows how lines of threads look; what a line may tell of comes from ``Likeness``. Decides no route.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from coach.domain.letters import Letter
from coach.domain.readings import Kind
from coach.ports import Likeness

LONG = 2_500
"""A text with more characters than this is looked at line by line."""

LOOKED_AT = 16
"""As many lines are looked at by their meaning; which ones, their words decide."""

UNSAFE_ABOVE, DOUBT_ABOVE = 0.9, 0.8
"""From these odds of its worst line on, a long text tells of harm, or may tell of it."""

_BEGINNING = 60
"""Words of the beginning of a long text."""

_LONGEST_LINE = 45
_HEAD = re.compile(r"^\W*(?:\d[\d/.:, ]*(?:[AP]M)?\W+)?(?:[A-Z][\w.]*(?: [A-Z][\w.]*)?:\s+)?")


@dataclass(frozen=True, slots=True)
class Suspect:
    """A line that may tell of harm: its words as they stand, its likeliest kind, and the odds of any harm in it."""

    words: str
    kind: Kind
    odds: float


def suspects(text: str, likeness: Likeness) -> list[Suspect]:
    """Return the lines of a text that may tell of harm, likeliest first."""
    lines = list(dict.fromkeys(_lines(text)))
    found = [
        Suspect(line, max(odds, key=lambda kind: odds[kind]), sum(odds.values()))
        for line, odds in zip(lines, likeness.lines(lines, LOOKED_AT), strict=True)
        if odds
    ]
    return sorted(found, key=lambda each: -each.odds)


def _lines(text: str) -> list[str]:
    """Return the sentences of a text without what stands before them in a thread, long ones cut."""
    found: list[str] = []
    for sentence in Letter(text).sentences:
        words = _HEAD.sub("", sentence.text, count=1)
        while len(words.split()) > _LONGEST_LINE:
            cut = len(" ".join(words.split(" ")[:_LONGEST_LINE]))
            found.append(words[:cut])
            words = words[cut:].strip()
        if any(map(str.isalnum, words)):
            found.append(words)
    return found


def beginning(text: str) -> str:
    """Return the beginning of a text: what whoever pastes a thread asks stands there."""
    return " ".join(text.split()[:_BEGINNING])
