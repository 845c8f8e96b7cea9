"""A reply as a page shows it: sentence by sentence, what was taken back struck in its place. Knows no template."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from coach.domain.letters import Letter
from coach.domain.turns import Turn

LEAD = 2
"""Sentences that stand before the fold of a narrow screen; the script counts the same."""


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence of a reply with the gap after it. ``instead``: what replaces it ("": nothing); None: it holds."""

    text: str
    instead: str | None = None


@dataclass(frozen=True, slots=True)
class Reply:
    """A reply in two parts: what is read at once, and what folds where room is short."""

    lead: tuple[Sentence, ...]
    rest: tuple[Sentence, ...]

    @property
    def struck(self) -> int:
        """How many sentences of the rest were taken back."""
        return sum(each.instead is not None for each in self.rest)

    @property
    def any_struck(self) -> bool:
        """Whether any sentence was taken back."""
        return any(each.instead is not None for each in (*self.lead, *self.rest))


def reply(turn: Turn) -> Reply:
    """Return a turn's reply, sentence by sentence."""
    found = tuple(_sentences(turn))
    return Reply(found[:LEAD], found[LEAD:])


def _sentences(turn: Turn) -> Iterator[Sentence]:
    at = 0
    for struck in turn.struck:
        yield from _cut(turn.reply[at : struck.at])
        yield Sentence(struck.text.strip(), struck.instead)
        at = struck.at + len(struck.instead)
    yield from _cut(turn.reply[at:])


def _cut(text: str) -> Iterator[Sentence]:
    starts = [each.start for each in Letter(text).sentences]
    for start, end in pairwise([0, *starts[1:], len(text)] if starts else []):
        yield Sentence(text[start:end])
