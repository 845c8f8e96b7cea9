"""Ways of putting things that land badly: the rows of ``knowledge/wordings/``, a file a warning. Says nothing itself.

Rows match small letters with straight quotes. Beside the fields of every row one has a ``form``, which chooses the
rewrite in ``prompts/lint/``, named groups, which the rewrite is built from, and the fields of ``Wording``.
The parts of an apology are the rows of ``wordings/apologies``, after Lewicki, Polin & Lount 2016, who found six of them
and these to count most: the saying sorry, the owning, the offer to put it right.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache

from coach.domain.drafts import Purpose
from coach.rows import Row, rows, where

FILES = (
    "conditional_apology", "apology_but", "always_never", "mind_reading", "label", "sarcasm", "passive_aggression",
    "public_correction_cc", "disguised_demand", "guilt_trip", "asks_forgiveness",
)  # fmt: skip
"""The warnings that are found by their wordings: the names of their files."""


class Reach(StrEnum):
    """How far a wording may go on."""

    SENTENCE = "sentence"
    NEXT = "next"
    TEXT = "text"


@dataclass(frozen=True, slots=True)
class Wording:
    """One way of putting a thing that earns a warning.

    ``unless`` names the excuse that holds when found in the same sentence, ``told`` the one that holds when found there
    before it; ``not_for``: it is none when the message serves one of these purposes. ``needs``: a sentence without one
    of these cannot hold it, which saves looking. ``reach``: it is looked for within a sentence, in a sentence and the
    next, or in the text as a whole.
    """

    warning: str
    form: str
    row: Row
    unless: str | None = None
    told: str | None = None
    reach: Reach = Reach.SENTENCE
    not_for: tuple[Purpose, ...] = ()
    needs: tuple[str, ...] = ()

    def possible(self, even: str) -> bool:
        """Return False when a part of a text holds none of the words that this one needs."""
        for word in self.needs:  # a plain loop: this is asked of many wordings for every sentence
            if word in even:
                return True
        return not self.needs

    def excused(self, hit: re.Match[str], start: int, end: int) -> bool:
        """Return True when something in the sentence from ``start`` to ``end`` excuses a hit."""
        if self.told is not None:
            subject = hit.end("who") if hit.groupdict().get("who") else hit.start()
            if excuse(self.told).search(hit.string, start, subject):
                return True
        return self.unless is not None and bool(excuse(self.unless).search(hit.string, start, end))


@cache
def wordings() -> tuple[Wording, ...]:
    """Return every wording, in the order of the files and of their rows."""
    return tuple(_wording(name, row) for name in FILES for row in rows(f"wordings/{name}"))


def possible(even: str) -> Iterator[Wording]:
    """Yield the wordings that a text may hold, going by the words that they need, in their order."""
    every, needed = wordings(), _needed()
    there = {number for word in needed if word in even for number in needed[word]}
    return (every[number] for number in sorted(there))


@cache
def _needed() -> Mapping[str, tuple[int, ...]]:
    """Return the numbers of the wordings under each word they need; under no word those that need none."""
    found: dict[str, tuple[int, ...]] = {}
    for number, wording in enumerate(wordings()):
        for word in wording.needs or ("",):
            found[word] = (*found.get(word, ()), number)
    return found


def excuse(name: str) -> re.Pattern[str]:
    """Return what excuses a wording, by the name that ``unless`` and ``told`` give."""
    return where("wordings/excuses", "excuse", name)


def _wording(warning: str, row: Row) -> Wording:
    more = row.more
    return Wording(
        warning,
        more["form"],
        row,
        more.get("unless"),
        more.get("told"),
        Reach(more.get("reach", Reach.SENTENCE)),
        tuple(map(Purpose, more.get("not_for", ()))),
        tuple(more.get("needs", ())),
    )


def _part(name: str) -> re.Pattern[str]:
    return where("wordings/apologies", "part", name)


def says_sorry(text: str) -> re.Match[str] | None:
    """Return where the text first says sorry for something (not sympathy), or None."""
    sympathies = [found.span() for found in _part("sympathy").finditer(text)]
    for found in _part("says").finditer(text):
        if not any(start <= found.end() - 1 < end for start, end in sympathies):
            return found
    return None


def mine(text: str) -> str:
    """Return the text without what the other one may say in it: the quotation in 'if she says "sorry"'."""
    return _part("theirs").sub(" ", text)


def owns(text: str) -> bool:
    """True when the writer takes the deed on themselves somewhere in the text."""
    return bool(_part("owns").search(text))


def offers(text: str) -> bool:
    """True when the writer offers to put it right, says what will change, or asks what would help."""
    return bool(_part("offers").search(text))
