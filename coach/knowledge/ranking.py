"""Which events of the catalogue a letter may tell of, likeliest first. It orders what is asked and never decides.

Two voices are added: what MiniLM's upper layers hear, taught on labelled letters (``coach.knowledge.seekers``), and how
near the letter is to each event's chip, meaning and ways of saying it. An event that is new, which no letter was
labelled with, has the second voice for both. Knows vectors; knows nothing of taps.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from coach.domain import letters
from coach.domain.events import Catalogue, Entry
from coach.knowledge.features import Floats, embedded
from coach.knowledge.plain import plain
from coach.ports import Embedder

NEARNESS = 0.3
"""The weight of the second voice relative to the first, each scaled to a spread of one."""

_NEAREST = 3

TABLE = "said.npz"
"""The ways of saying with their vectors, next to the labels."""


@dataclass(frozen=True)
class Said:
    """The ways of saying of the shipped catalogue, embedded. ``hashes`` of the lines, and a row of ``vectors`` each."""

    hashes: NDArray[np.uint64]
    vectors: Floats

    def save(self, file: Path) -> None:
        """Write the table."""
        np.savez_compressed(file, hashes=self.hashes, vectors=self.vectors.astype(np.float16))

    @classmethod
    def load(cls, file: Path) -> Said:
        """Read a table. Raises OSError, ValueError or KeyError when the file is not one."""
        with np.load(file, allow_pickle=False) as kept:
            return cls(kept["hashes"], kept["vectors"].astype(np.float32))


class Ranking:
    """The events of a catalogue, ordered for a letter. Without an embedder the order is the catalogue's own."""

    def __init__(self, catalogue: Catalogue, table: Said | None, embedder: Embedder | None) -> None:
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

    def prepare(self) -> None:
        """Embed the ways of saying that no table holds. Raises KnowledgeTrouble."""
        table = self._table  # looked at first: it is let go once there are the vectors of the lines
        if self._embedder is None or self._vectors is not None:
            return
        known = dict(zip(map(int, table.hashes), table.vectors, strict=True)) if table else {}
        self._vectors = embedded(self._lines, self._embedder, known, None)
        self._table = None

    def ranked(self, text: str) -> tuple[tuple[str, float], ...]:
        """Return every event with its score, likeliest first. Scores order and mean nothing else."""
        if self._embedder is None or not text.strip():
            return tuple((event, 0.0) for event in self._ids)
        self.prepare()
        assert self._vectors is not None
        near = _spread(self._near(seen(text, self._embedder)))
        scores = near.copy()
        if heard := self._heard(text):
            told = np.array([heard.get(event, np.nan) for event in self._ids], np.float32)
            known = np.isfinite(told)
            scores[known] = _spread(told[known])
        scores += NEARNESS * near
        order = sorted(range(len(self._ids)), key=lambda at: (-scores[at], at))
        return tuple((self._ids[at], float(scores[at])) for at in order)

    def _heard(self, text: str) -> Mapping[str, float] | None:
        hear = getattr(self._embedder, "told", None)  # only MiniLM has layers that were taught
        return hear(plain(letters.cleaned(text))) if hear else None

    def _near(self, vectors: Floats) -> Floats:
        """Return for each event the mean of its three ways of saying that are nearest to any part of the letter."""
        assert self._vectors is not None
        cosines = np.append((vectors @ self._vectors.T).max(axis=0), np.float32(-np.inf))
        nearest = np.sort(cosines[self._places], axis=1)[:, -_NEAREST:]
        return np.asarray(np.mean(nearest, axis=1, where=np.isfinite(nearest)), np.float32)


def sayings(entry: Entry) -> tuple[str, ...]:
    """Return an event's chip, meaning and ways of saying it."""
    return (entry.they or entry.chip, entry.means, *entry.like)


def seen(text: str, embedder: Embedder) -> Floats:
    """Return the vectors of a letter and of each clause; of the same texts that ``Library.foresee`` embeds ahead."""
    even = letters.cleaned(text)
    clauses = [plain(even[start:end]) for start, end in letters.clauses(even)] or [plain(even)]
    return np.asarray(embedder.embed([plain(even), *clauses]), np.float32)


def _spread(scores: Floats) -> Floats:
    return np.asarray((scores - scores.mean()) / max(float(scores.std()), 1e-6), np.float32)
