"""Grades answers that are sets of names (patterns of a history, warnings of a message). Pure."""

from __future__ import annotations

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Tally:
    """How often a name was rightly given, wrongly given, and missed."""

    right: int = 0
    wrong: int = 0
    missed: int = 0

    @property
    def precision(self) -> float:
        """Share of the given that were right; 1.0 when nothing was given."""
        return self.right / (self.right + self.wrong) if self.right + self.wrong else 1.0

    @property
    def recall(self) -> float:
        """Share of the labels that were given; 1.0 when there are no labels."""
        return self.right / (self.right + self.missed) if self.right + self.missed else 1.0

    @property
    def f1(self) -> float:
        """The harmonic mean of both; 1.0 when there is nothing to find and nothing was given."""
        counted = 2 * self.right + self.wrong + self.missed
        return 2 * self.right / counted if counted else 1.0


def tally(predicted: Sequence[AbstractSet[str]], labels: Sequence[AbstractSet[str]], only: str | None = None) -> Tally:
    """Add up over all cases (micro); ``only`` counts a single name."""
    right = wrong = missed = 0
    for answer, label in zip(predicted, labels, strict=True):
        given, wanted = (answer, label) if only is None else (answer & {only}, label & {only})
        right += len(given & wanted)
        wrong += len(given - wanted)
        missed += len(wanted - given)
    return Tally(right, wrong, missed)


def by_name(predicted: Sequence[AbstractSet[str]], labels: Sequence[AbstractSet[str]]) -> dict[str, Tally]:
    """Return a tally for every name that occurs, by name."""
    names = sorted({name for answer in (*predicted, *labels) for name in answer})
    return {name: tally(predicted, labels, name) for name in names}
