"""The exemplars as arrays, one row for each: the tables are fitted on them.

Knows exemplars, cards and the features of a text. Does not know what is learned from them (``fit``).
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from coach.domain.principles import Principle
from coach.knowledge.bm25 import WordSearch
from coach.knowledge.cards import passages
from coach.knowledge.exemplars import Exemplar
from coach.knowledge.features import Floats, Grams, Progress, embedded, found_in
from coach.knowledge.ridge import folds_of
from coach.knowledge.tables import KINDS
from coach.ports import Embedder

_HITS = 60
_GRAMS = 0.8
"""The weight of n-grams against other parts, chosen with those in ``fit``."""


def target(labels: Sequence[str], ids: Sequence[str]) -> Floats:
    """Return a gain a card: 1 for the first label, less by the discount of nDCG for each one after it."""
    row = np.zeros(len(ids), np.float32)
    for place, label in enumerate(labels):
        if label in ids:
            row[ids.index(label)] = 1 / math.log2(place + 2)
    return row


@dataclass(frozen=True)
class Lesson:
    """The exemplars as arrays: one row each, in their order."""

    ids: tuple[str, ...]
    texts: tuple[str, ...]
    passages: tuple[str, ...]
    gains: Floats
    scope: NDArray[np.bool_]
    kinds: Floats
    grams: Grams
    rows: Floats
    kernel: Floats
    tones: Floats
    vectors: Floats
    passage_vectors: Floats
    cosines: Floats
    shares: Floats
    folds: NDArray[np.int64]

    @classmethod
    def of(
        cls,
        cards: Sequence[Principle],
        exemplars: Sequence[Exemplar],
        embedder: Embedder | None,
        known: Mapping[int, Floats],
        progress: Progress | None,
    ) -> Lesson:
        ids = tuple(card.id for card in cards)
        texts = tuple(exemplar.text for exemplar in exemplars)
        views = passages(cards)
        grams = Grams.learn(texts, (2, 4), 6000, _GRAMS)
        rows = grams.matrix(texts)
        tones = found_in(texts)
        none = np.zeros((0, 0), np.float32)
        vectors = embedded(texts, embedder, known, progress) if embedder else none
        passage_vectors = embedded([view.text for view in views], embedder, known, progress) if embedder else none
        words = WordSearch.build([view.text for view in views])
        owner = np.array([ids.index(view.principle_id) for view in views])
        return cls(
            ids=ids,
            texts=texts,
            passages=tuple(view.text for view in views),
            gains=np.stack([target(exemplar.principles, ids) for exemplar in exemplars]),
            scope=np.array([bool(exemplar.principles) for exemplar in exemplars]),
            kinds=np.array([[exemplar.kind is kind for kind in KINDS] for exemplar in exemplars], np.float32),
            grams=grams,
            rows=rows,
            kernel=_products(rows),
            tones=tones,
            vectors=vectors,
            passage_vectors=passage_vectors,
            cosines=best_of(vectors @ passage_vectors.T, owner, len(ids), _HITS) if embedder else none,
            shares=best_of(np.stack([words.scores(text) for text in texts]), owner, len(ids), None),
            folds=folds_of(len(texts)),
        )


def _products(rows: Floats) -> Floats:
    """Return the product of every row with every other; most numbers of a row are 0."""
    from scipy.sparse import csr_matrix

    sparse = csr_matrix(rows)
    return np.asarray((sparse @ sparse.T).toarray(), np.float32)


def best_of(scores: Floats, owner: NDArray[np.int64], cards: int, hits: int | None) -> Floats:
    """Return each card's best score, one row a text. With ``hits`` only that many passages count, as in a search.

    A card with no passage among them gets the lowest score found.
    """
    if hits is not None and hits < scores.shape[1]:
        floor = np.partition(scores, -hits, axis=1)[:, [-hits]]
        scores = np.where(scores >= floor, scores, floor)
    best = np.full((len(scores), cards), -1.0, np.float32)
    for card in range(cards):
        best[:, card] = scores[:, owner == card].max(axis=1)
    return best
