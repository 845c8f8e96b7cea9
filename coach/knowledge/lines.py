"""Two small tables beside that of kinds: which lines of a text may tell of harm, and who is harmed by whom.

A long text or a thread is ordinary as a whole. So every line is looked at by its words, which costs little, and the few
that stand out are looked at by their meaning as well. Learned from fragments (lines as they stand in threads), from the
sentences of exemplars that are marked as harm, and from every sentence of ordinary ones.

Knows words and vectors of lines; knows nothing of where a line stands, or what follows from it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from coach.domain import letters
from coach.domain.moments import By, Landed
from coach.domain.readings import ROUTES, Kind, Route, Toward
from coach.knowledge.exemplars import Exemplar
from coach.knowledge.features import Floats, Grams, Progress, tone_row
from coach.knowledge.logit import Lesson, Logit, Row
from coach.ports import Embedder

HARMS: tuple[Kind, ...] = tuple(kind for kind in Kind if ROUTES[kind] in {Route.GET_HELP, Route.DECLINE})
"""The kinds of harm, in the order of a table's columns; one more column, the last, is for lines without harm."""

SIDES: tuple[Toward, ...] = tuple(Toward)
"""The columns of the table of who is harmed by whom."""

_WHOLE = 30
"""An exemplar of harm without a mark teaches as a whole where it has no more words than this."""

_FRAGMENT = 4.0
"""How much a fragment counts for against a sentence of an exemplar."""

_STRENGTH = 3.0


@dataclass(frozen=True, slots=True)
class Lines:
    """``glance``: a weight a word or letter n-gram, and the bias; ``harms``: columns of HARMS; ``sides``: of SIDES."""

    glance: Floats
    harms: Logit
    sides: Logit

    def suspicion(self, row: Row) -> float:
        """Return how much the words of a line sound like harm: log odds."""
        return float(row[1] @ self.glance[row[0]] + self.glance[-1])

    def odds(self, row: Row, tones: Floats, vector: Floats | None) -> Mapping[Kind, float]:
        """Return the probability of each kind of harm in a line; what is left of 1 is no harm."""
        return dict(zip(HARMS, map(float, self.harms.probabilities(row, tones, vector)[:-1]), strict=True))

    def each(
        self, lines: Sequence[str], most: int, grams: Grams, embed: Callable[[Sequence[str]], Floats | None]
    ) -> Sequence[Mapping[Kind, float]]:
        """Return the odds of the ``most`` lines that stand out by their words, {} for the others.

        ``embed`` returns a vector a line, or None where nothing can be embedded.
        """
        seen = [grams.row(line) for line in lines]
        best = sorted(range(len(lines)), key=lambda at: -self.suspicion(seen[at]))[:most]
        vectors = embed([lines[at] for at in best]) if best else None
        found: list[Mapping[Kind, float]] = [{}] * len(lines)
        for place, at in enumerate(best):
            found[at] = self.odds(seen[at], tone_row(lines[at]), None if vectors is None else vectors[place])
        return found

    def toward(self, row: Row, tones: Floats, vector: Floats | None) -> Mapping[Toward, float]:
        """Return, for a message that tells of harm, the probability of each answer to who is harmed by whom."""
        return dict(zip(SIDES, map(float, self.sides.probabilities(row, tones, vector)), strict=True))

    def arrays(self) -> dict[str, NDArray[np.generic]]:
        """Return what ``load`` needs, for an npz file."""
        both = (("harms", self.harms), ("sides", self.sides))
        parts = {f"{name}.{key}": value for name, logit in both for key, value in logit.arrays().items()}
        return {"glance": self.glance.astype(np.float16), **parts}

    @classmethod
    def load(cls, kept: Mapping[str, NDArray[np.generic]]) -> Lines:
        """Read what ``arrays`` gave."""
        harms, sides = (
            Logit.load({key[len(name) + 1 :]: value for key, value in kept.items() if key.startswith(name + ".")})
            for name in ("harms", "sides")
        )
        return cls(np.asarray(kept["glance"], np.float32), harms, sides)

    @classmethod
    def learn(
        cls, exemplars: Sequence[Exemplar], grams: Grams, embedder: Embedder | None, progress: Progress | None
    ) -> Lines:
        """Fit the tables. Raises KnowledgeTrouble when the embedder does."""
        taught = list(_taught(exemplars))
        told = [(each.text, SIDES.index(each.toward), 1.0) for each in exemplars if each.toward is not None]
        none = Logit.blank(len(grams.terms), len(HARMS) + 1)
        harms, glance = none, np.zeros(len(grams.terms) + 1, np.float32)
        if _differ(taught):
            lesson, truth = _lesson(taught, grams, embedder, progress)
            harms, glance = lesson.logit(truth, _STRENGTH, len(HARMS) + 1), lesson.glance(truth < len(HARMS), _STRENGTH)
        sides = Logit.blank(len(grams.terms), len(SIDES))
        if _differ(told):
            lesson, truth = _lesson(told, grams, embedder, progress)
            sides = lesson.logit(truth, _STRENGTH, len(SIDES))
        return cls(glance, harms, sides)


Taught = tuple[str, int, float]
"""A text, the column of what it tells, and its weight."""


def _differ(taught: Sequence[Taught]) -> bool:
    """Whether there is anything to learn: a table's last column is among what is told, and another."""
    return len({column for _, column, _ in taught}) > 1


def _lesson(
    taught: Sequence[Taught], grams: Grams, embedder: Embedder | None, progress: Progress | None
) -> tuple[Lesson, NDArray[np.int64]]:
    texts, columns, weights = zip(*taught, strict=True)
    return Lesson.of(texts, weights, grams, embedder, progress), np.array(columns)


def _taught(exemplars: Sequence[Exemplar]) -> Iterator[Taught]:
    """Yield lines with the column of what they tell and their weight."""
    for exemplar in exemplars:
        harm = exemplar.kind in HARMS
        column = HARMS.index(exemplar.kind) if harm else len(HARMS)
        if exemplar.fragment:
            yield exemplar.text, column, _FRAGMENT
        elif ROUTES[exemplar.kind] is Route.IN_SCOPE or harm:
            for line in _marked(exemplar) if harm else _sentences(exemplar.text):
                yield line, column, 1.0


def _sentences(text: str) -> list[str]:
    even = letters.cleaned(text)
    return [even[a:b] for a, b in letters.pieces(even)]


def _marked(exemplar: Exemplar) -> list[str]:
    """Return the sentences of an exemplar of harm that are marked as such; all of it where it is short."""
    done = [each for each in exemplar.moments if each.landed is Landed.HARMED and each.by is By.THEM]
    if done:
        places = letters.pieces(exemplar.text)
        return [exemplar.text[a:b] for a, b in places if any(a < each.end and b > each.start for each in done)]
    return [exemplar.text] if len(exemplar.text.split()) <= _WHOLE else []
