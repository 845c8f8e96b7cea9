"""How the tables of landings are learned: clauses of exemplars, each a moment that landed somehow, or none.

Knows exemplars' marks and clauses. Does not know cards.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from coach.domain import letters
from coach.domain.moments import Landed
from coach.knowledge.bags import Bags
from coach.knowledge.exemplars import Exemplar
from coach.knowledge.features import Grams, Progress, embedded
from coach.knowledge.ridge import Squares, calibrated, folds_of
from coach.knowledge.tables import LANDINGS, Linear, Sorter, in_context
from coach.ports import Embedder

_PENALTY = 4.0
_MOST_TERMS = 1000  # of words and of letters: the fit takes the cube of it


def marked_clauses(exemplar: Exemplar) -> list[tuple[str, Landed | None]]:
    """Return the clauses of an exemplar, each with how its moment landed, or None where it is no moment.

    A clause belongs to the mark that it shares most letters with, if that is half of either.
    """
    found: list[tuple[str, Landed | None]] = []
    for start, end in letters.clauses(exemplar.text):
        shares = [(min(end, mark.end) - max(start, mark.start), mark) for mark in exemplar.moments]
        best = max(shares, key=lambda pair: pair[0], default=None)
        landed = None
        if best is not None and 2 * best[0] >= min(end - start, best[1].end - best[1].start):
            landed = best[1].landed
        found.append((exemplar.text[start:end], landed))
    return found or [(exemplar.text, None)]


@dataclass(frozen=True, slots=True)
class Told:
    """What is learned from clauses: their n-grams, tables of landings without and with vectors, and their bags."""

    grams: Grams
    lexical: Sorter
    whole: Sorter | None
    bags: Bags | None


def fit_landings(exemplars: Sequence[Exemplar], embedder: Embedder | None, progress: Progress | None) -> Told:
    """Learn from the clauses of all exemplars, embedding each."""
    told = [marked_clauses(exemplar) for exemplar in exemplars]
    texts = [text for clauses_of in told for text, _ in clauses_of]
    message = np.repeat(np.arange(len(told)), [len(clauses_of) for clauses_of in told])
    grams = Grams.learn(texts, (4, 10), _MOST_TERMS, 0.7)
    rows = grams.matrix(texts)
    given, bags = np.zeros((len(texts), 0), np.float32), None
    if embedder:
        ends = np.cumsum([len(clauses_of) for clauses_of in told])[:-1]
        messages = np.split(embedded(texts, embedder, {}, progress), ends)
        given, bags = np.concatenate([in_context(some) for some in messages]), Bags.of(messages)
    truth = np.array([LANDINGS.index(landed) for clauses_of in told for _, landed in clauses_of])
    targets = np.eye(len(LANDINGS), dtype=np.float32)[truth]
    squares = Squares(np.concatenate([rows, given], axis=1), targets, folds_of(len(told))[message])
    width = rows.shape[1]
    none = np.zeros((0, len(LANDINGS)), np.float32)

    def sorter(columns: slice) -> Sorter:
        ridge = squares.ridge(columns, _PENALTY)
        grams_table, dense = ridge.tables[0][:width], ridge.tables[0][width:]
        linear = Linear(dense, grams_table, none, ridge.mean)
        return Sorter(linear, *calibrated(ridge.unseen, truth, len(LANDINGS)))

    return Told(grams, sorter(slice(0, width)), sorter(slice(None)) if embedder else None, bags)
