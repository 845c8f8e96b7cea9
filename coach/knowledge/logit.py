"""A logistic regression over a text's n-grams, tones and vector, as it is learned, kept and used.

Knows features and weights; does not know what its classes mean.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from coach.knowledge.features import Floats, Grams, Progress, embedded, found_in, tone_row
from coach.knowledge.ridge import logistic
from coach.ports import Embedder

Row = tuple[NDArray[np.int64], Floats]
"""The places of the n-grams found in a text, and their weights (``Grams``)."""

_GRAMS, _VECTOR = 2.0, 3.0
"""Weights of the parts against each other."""


@dataclass(frozen=True, slots=True)
class Logit:
    """Weights of n-grams, tones and the vector, a column a class. Where there was no embedder ``vector`` is empty."""

    grams: Floats
    tones: Floats
    vector: Floats
    bias: Floats

    def probabilities(self, row: Row, tones: Floats, vector: Floats | None) -> Floats:
        """Return a probability a class."""
        logits = self.bias + row[1] @ self.grams[row[0]] + tones @ self.tones
        if vector is not None and len(self.vector):
            logits = logits + vector @ self.vector
        powers = np.exp(logits - logits.max())
        return np.asarray(powers / powers.sum(), np.float32)

    @classmethod
    def blank(cls, words: int, classes: int) -> Logit:
        """Return a table that knows nothing, for ``words`` n-grams: every class is as likely."""
        tones = len(tone_row(""))
        shapes = ((words, classes), (tones, classes), (0, classes), (classes,))
        return cls(*(np.zeros(shape, np.float32) for shape in shapes))

    def arrays(self) -> dict[str, NDArray[np.generic]]:
        """Return what ``load`` needs, for an npz file."""
        return {name: getattr(self, name).astype(np.float16) for name in ("grams", "tones", "vector", "bias")}

    @classmethod
    def load(cls, kept: Mapping[str, NDArray[np.generic]]) -> Logit:
        """Read what ``arrays`` gave."""
        return cls(*(np.asarray(kept[name], np.float32) for name in ("grams", "tones", "vector", "bias")))


@dataclass(frozen=True)
class Lesson:
    """Texts to learn from as arrays, one row each; the n-grams are sparse."""

    bags: object
    tones: Floats
    vectors: Floats
    weights: Floats

    @classmethod
    def of(
        cls,
        texts: Sequence[str],
        weights: Sequence[float],
        grams: Grams,
        embedder: Embedder | None,
        progress: Progress | None,
    ) -> Lesson:
        """Work the features out. Raises KnowledgeTrouble when the embedder does."""
        from scipy.sparse import csr_matrix

        rows = [grams.row(text) for text in texts]
        starts = np.cumsum([0, *(len(places) for places, _ in rows)])
        places = np.concatenate([places for places, _ in rows])
        values = np.concatenate([values for _, values in rows])
        bags = csr_matrix((values * np.float32(_GRAMS), places, starts), shape=(len(texts), len(grams.terms)))
        vectors = embedded(texts, embedder, {}, progress) if embedder else np.zeros((len(texts), 0), np.float32)
        return cls(bags, found_in(texts), vectors * np.float32(_VECTOR), np.array(weights, np.float32))

    def logit(self, truth: NDArray[np.int64], strength: float, classes: int) -> Logit:
        """Fit all parts; ``truth``: a class a row, of so many ``classes``."""
        from scipy.sparse import hstack

        table, bias = logistic(
            hstack([self.bags, self.tones, self.vectors]).tocsr(), truth, strength, self.weights, classes
        )
        words, tones = table.shape[0] - self.tones.shape[1] - self.vectors.shape[1], self.tones.shape[1]
        middle = words + tones
        return Logit(_GRAMS * table[:words], table[words:middle], _VECTOR * table[middle:], bias)

    def glance(self, truth: NDArray[np.bool_], strength: float) -> Floats:
        """Fit n-grams alone to yes or no: a weight each, and the bias as the last."""
        table, bias = logistic(self.bags, truth.astype(np.int64), strength, self.weights, 2)
        return np.array([*(_GRAMS * table[:, 1]), bias[1]], np.float32)
