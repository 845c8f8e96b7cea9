"""How like a message is to each exemplar when both are taken as bags of clauses.

A long message about a late report with one clause of harm in it looks ordinary as a whole; clause by clause it does
not. The likeness is the normalised set kernel of multi-instance learning (Gärtner, Flach, Kowalczyk & Smola, 2002): the
mean over all pairs of clauses, on the vectors' first principal axes.

Knows vectors and which message they are of. Does not know what is learned from likeness.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from coach.knowledge.features import Floats

AXES = 128
"""Principal axes kept: some four fifths of the squares; fewer or more did worse by cross-validation."""
_WIDTH = 0.3
_AT_ONCE = 2_048
"""Clauses that a message is compared with at once: what that takes stays in the processor's own memory."""
_ROWS_AT_ONCE = 128
"""Messages that are compared with all others at once while fitting."""


@dataclass(frozen=True, slots=True)
class Bags:
    """``axes``: (width, AXES). ``rows``: a clause each, in bytes. ``starts``: each message's first clause.

    ``units``: what makes a row as long as one. ``lengths``: how large a message's bag is by its own measure, so that
    many clauses do not count for more.
    """

    axes: Floats
    rows: NDArray[np.int8]
    units: Floats
    starts: NDArray[np.int64]
    lengths: Floats

    @classmethod
    def of(cls, messages: Sequence[Floats]) -> Bags:
        """Learn the axes from the clauses of all messages, one array each, and keep the clauses along these."""
        clauses = np.concatenate(messages)
        _, found = np.linalg.eigh((clauses.T @ clauses).astype(np.float64))
        axes = found[:, ::-1][:, :AXES].astype(np.float16).astype(np.float32)
        starts = np.cumsum([0, *(len(some) for some in messages[:-1])])
        return cls.kept(axes, _bytes(_along(clauses, axes)), starts)

    @classmethod
    def kept(cls, axes: Floats, rows: NDArray[np.int8], starts: NDArray[np.int64]) -> Bags:
        """Make the bags from rows in bytes, as a file keeps them."""
        vectors = _unit(rows.astype(np.float32))
        units = 1 / np.maximum(np.linalg.norm(rows.astype(np.float32), axis=1), 1e-6)
        lengths = [_length(some) for some in np.split(vectors, starts[1:])]
        return cls(axes, rows, np.asarray(units, np.float32), starts, np.array(lengths, np.float32))

    def likeness(self, clauses: Floats) -> Floats:
        """Return how like a message, given by its clauses' vectors, is to every exemplar: from 0 to 1."""
        own = _along(clauses, self.axes)
        return self._to_each(own) / (self.lengths * np.float32(_length(own)))

    def square(self) -> Floats:
        """Return how like the exemplars are to each other."""
        vectors, ends = _unit(self.rows.astype(np.float32)), [*self.starts[1:], len(self.rows)]
        rows = []
        for first in range(0, len(self.starts), _ROWS_AT_ONCE):
            starts = self.starts[first : first + _ROWS_AT_ONCE]
            near = np.exp((vectors[starts[0] : ends[first + len(starts) - 1]] @ vectors.T - 1) / np.float32(_WIDTH))
            rows.append(np.add.reduceat(np.add.reduceat(near, self.starts, axis=1), starts - starts[0], axis=0))
        counts = np.diff([*self.starts, len(self.rows)])
        return np.asarray(np.concatenate(rows) / np.outer(counts * self.lengths, counts * self.lengths), np.float32)

    def arrays(self) -> dict[str, NDArray[np.generic]]:
        """Return what ``load`` needs, for an npz file."""
        return {"axes": self.axes.astype(np.float16), "rows": self.rows, "starts": self.starts}

    @classmethod
    def load(cls, kept: dict[str, NDArray[np.generic]]) -> Bags:
        """Read what ``arrays`` gave."""
        axes = np.asarray(kept["axes"], np.float32)
        return cls.kept(axes, np.asarray(kept["rows"], np.int8), np.asarray(kept["starts"], np.int64))

    def _to_each(self, own: Floats) -> Floats:
        near = np.empty(len(self.rows), np.float32)
        for start in range(0, len(near), _AT_ONCE):
            some = own @ self.rows[start : start + _AT_ONCE].T.astype(np.float32)
            some *= self.units[start : start + _AT_ONCE]
            some -= 1
            some /= np.float32(_WIDTH)
            near[start : start + _AT_ONCE] = np.exp(some, out=some).mean(axis=0)
        counts = np.diff([*self.starts, len(self.rows)])
        return np.asarray(np.add.reduceat(near, self.starts) / counts, np.float32)


def _along(clauses: Floats, axes: Floats) -> Floats:
    return _unit(np.asarray(clauses, np.float32) @ axes)


def _unit(rows: Floats) -> Floats:
    return np.asarray(rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-6), np.float32)


def _bytes(rows: Floats) -> NDArray[np.int8]:
    return np.asarray(np.round(rows / np.abs(rows).max(axis=1, keepdims=True) * 127), np.int8)


def _length(own: Floats) -> float:
    return float(np.sqrt(np.exp((own @ own.T - 1) / _WIDTH).mean()))
