"""Which events of the catalogue a letter may tell of, likeliest first. It orders what is asked and never decides.

Two voices are added: how near the letter is to each event's chip, meaning and ways of saying it, and a ridge
regression (Hoerl & Kennard, 1970) learned from labelled letters. An event that is new, which no letter was labelled
with, has the first voice for both. Knows vectors; knows nothing of taps.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from coach.domain import letters
from coach.domain.events import Catalogue, Entry
from coach.knowledge.features import Floats, embedded
from coach.knowledge.plain import plain
from coach.ports import Embedder

NEARNESS = 0.8
"""The weight of the first voice relative to the second, each scaled to a spread of one."""

_NEAREST = 3

TABLE = "ranked.npz"
"""The learned table, next to the labels."""


@dataclass(frozen=True)
class RankTable:
    """The learned ridge. ``weights``: one column an event; ``hashes``, ``vectors``: the ways of saying, embedded."""

    ids: tuple[str, ...]
    weights: Floats
    bias: Floats
    hashes: NDArray[np.uint64]
    vectors: Floats

    def save(self, file: Path) -> None:
        """Write the table."""
        spelled = np.frombuffer(json.dumps(self.ids).encode(), np.uint8)
        np.savez_compressed(
            file, ids=spelled, weights=self.weights.astype(np.float16), bias=self.bias.astype(np.float32),
            hashes=self.hashes, vectors=self.vectors.astype(np.float16),
        )  # fmt: skip

    @classmethod
    def load(cls, file: Path) -> RankTable:
        """Read a table. Raises OSError, ValueError or KeyError when the file is not one."""
        with np.load(file, allow_pickle=False) as kept:
            return cls(
                tuple(json.loads(kept["ids"].tobytes())),
                kept["weights"].astype(np.float32),
                kept["bias"],
                kept["hashes"],
                kept["vectors"].astype(np.float32),
            )


class Ranking:
    """The events of a catalogue, ordered for a letter. Without an embedder the order is the catalogue's own."""

    def __init__(self, catalogue: Catalogue, table: RankTable | None, embedder: Embedder | None) -> None:
        self._ids = tuple(entry.id for entry in catalogue.entries)
        self._table, self._embedder = table, embedder
        said = [sayings(entry) for entry in catalogue.entries]
        self._lines = [line for lines in said for line in lines]
        # A row an event: the places of its lines, filled up with one that no line has.
        self._places = np.full((len(said), max(map(len, said), default=0)), len(self._lines), np.intp)
        self._places[np.arange(self._places.shape[1]) < np.array([[len(lines)] for lines in said])] = range(
            len(self._lines)
        )
        self._vectors: Floats | None = None
        places = {event: at for at, event in enumerate(table.ids)} if table else {}
        self._columns = np.array([places.get(event, -1) for event in self._ids], np.int64)

    def prepare(self) -> None:
        """Embed the ways of saying that no table holds. Raises KnowledgeTrouble."""
        table = self._table  # looked at first: it has no vectors any more once there are those of the lines
        if self._embedder is None or self._vectors is not None:
            return
        known: dict[int, Floats] = {}
        if table is not None:
            known = dict(zip(map(int, table.hashes), table.vectors, strict=True))
        self._vectors = embedded(self._lines, self._embedder, known, None)
        if table is not None:
            self._table = replace(table, hashes=table.hashes[:0].copy(), vectors=table.vectors[:0].copy())

    def ranked(self, text: str) -> tuple[tuple[str, float], ...]:
        """Return every event with its score, likeliest first. Scores order and mean nothing else."""
        if self._embedder is None or not text.strip():
            return tuple((event, 0.0) for event in self._ids)
        self.prepare()
        assert self._vectors is not None
        whole, parts = seen(text, self._embedder)
        near = _spread(self._near(np.vstack([whole, parts])))
        scores = NEARNESS * near
        if self._table is not None:
            learned = _spread(features(whole, parts) @ self._table.weights + self._table.bias)
            known = self._columns >= 0
            scores[known] += learned[self._columns[known]]
            scores[~known] += near[~known]
        order = sorted(range(len(self._ids)), key=lambda at: (-scores[at], at))
        return tuple((self._ids[at], float(scores[at])) for at in order)

    def _near(self, vectors: Floats) -> Floats:
        """Return for each event the mean of its three ways of saying that are nearest to any part of the letter."""
        assert self._vectors is not None
        cosines = np.append((vectors @ self._vectors.T).max(axis=0), np.float32(-np.inf))
        nearest = np.sort(cosines[self._places], axis=1)[:, -_NEAREST:]
        return np.asarray(np.mean(nearest, axis=1, where=np.isfinite(nearest)), np.float32)


def sayings(entry: Entry) -> tuple[str, ...]:
    """Return an event's chip, meaning and ways of saying it."""
    return (entry.they or entry.chip, entry.means, *entry.like)


def seen(text: str, embedder: Embedder) -> tuple[Floats, Floats]:
    """Return the vector of a letter, and one a clause; the same texts that ``Library.foresee`` embeds ahead."""
    even = letters.cleaned(text)
    clauses = [plain(even[start:end]) for start, end in letters.clauses(even)] or [plain(even)]
    rows = np.asarray(embedder.embed([plain(even), *clauses]), np.float32)
    return rows[0], rows[1:]


def features(whole: Floats, parts: Floats) -> Floats:
    """Return what the ridge sees of a letter: its vector, and the mean of its clauses'."""
    mean = parts.mean(axis=0)
    return np.concatenate([whole, mean / max(float(np.linalg.norm(mean)), 1e-6)])


def _spread(scores: Floats) -> Floats:
    return np.asarray((scores - scores.mean()) / max(float(scores.std()), 1e-6), np.float32)
