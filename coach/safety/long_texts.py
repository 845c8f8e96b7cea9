"""Looks at a long text or a pasted thread line by line: which lines stand out, and how it begins. Pure.

Knows how lines of threads look; what a line may tell of comes from ``Likeness``. Decides no route.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from coach.domain.letters import Letter
from coach.ports import Likeness

LONG = 2_500
"""A text with more characters than this is looked at line by line."""

LOOKED_AT, READ = 14, 5
"""As many lines are looked at by their meaning; which ones, their words decide. The likeliest are read in place."""

STANDS_OUT, TELLS, TELLS_ALONE, BORNE_OUT = 0.1, 0.9, 0.97, 0.5
"""A line that stands out may tell of harm where it does with those around it; it does where these bear it out."""

_BEGINNING = 60
"""Words of the beginning of a long text."""

_LONGEST_LINE = 45
_HEAD = re.compile(r"^\W*(?:\d[\d/.:, ]*(?:[AP]M)?\W+)?(?:[A-Z][\w.]*(?: [A-Z][\w.]*)?:\s+)?")


@dataclass(frozen=True, slots=True)
class Suspect:
    """A line that may tell of harm: its words as they stand, and the odds of any harm in it.

    ``around``: the words with the lines before and after, since a line alone leans on these.
    """

    words: str
    odds: float
    around: str


def suspects(text: str, likeness: Likeness) -> list[Suspect]:
    """Return the lines of a text that may tell of harm, likeliest first."""
    lines = list(dict.fromkeys(_lines(text)))
    found = [
        Suspect(line, sum(odds.values()), " ".join(lines[max(0, at - 1) : at + 2]))
        for at, (line, odds) in enumerate(zip(lines, likeness.lines(lines, LOOKED_AT), strict=True))
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
