"""Which events of the catalogue a letter may tell of, likeliest first. It orders what is asked and never decides.

Two voices are added: how near the letter is to each event's chip, meaning and ways of saying it, and a ridge
regression (Hoerl & Kennard, 1970) learned from labelled letters. An event that is new, which no letter was labelled
with, has the first voice for both. Knows vectors; knows nothing of taps.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import yaml
from numpy.typing import NDArray

from coach.domain import letters
from coach.domain.events import Catalogue, Entry
from coach.knowledge.cards import load_cards
from coach.knowledge.catalogue import load_catalogue
from coach.knowledge.embedder import MiniLm
from coach.knowledge.exemplars import load_exemplars
from coach.knowledge.features import Floats, embedded, text_hash
from coach.knowledge.plain import plain
from coach.ports import Embedder
from coach.shipped import shipped

NONE = "none"
"""The class of letters that tell of no event of the catalogue."""

ALSO, FINE = 0.35, 0.6
"""The weight of a letter for an event that it tells next to the main one, and for one that would do as well."""

DECAY = 2.0
"""How much the ridge shrinks its weights; 1 to 3 give the same order of events on letters it has not seen."""

NEARNESS = 0.4
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
        lines = [(at, line) for at, entry in enumerate(catalogue.entries) for line in sayings(entry)]
        self._owner = np.array([at for at, _ in lines], np.int64)
        self._lines = [line for _, line in lines]
        self._vectors: Floats | None = None
        places = {event: at for at, event in enumerate(table.ids)} if table else {}
        self._columns = np.array([places.get(event, -1) for event in self._ids], np.int64)

    def prepare(self) -> None:
        """Embed the ways of saying that no table holds. Raises KnowledgeTrouble."""
        if self._embedder is None or self._vectors is not None:
            return
        known: dict[int, Floats] = {}
        if self._table is not None:
            known = dict(zip(map(int, self._table.hashes), self._table.vectors, strict=True))
        self._vectors = embedded(self._lines, self._embedder, known, None)

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
            learned = _spread(_features(whole, parts) @ self._table.weights + self._table.bias)
            known = self._columns >= 0
            scores[known] += learned[self._columns[known]]
            scores[~known] += near[~known]
        order = sorted(range(len(self._ids)), key=lambda at: (-scores[at], at))
        return tuple((self._ids[at], float(scores[at])) for at in order)

    def _near(self, vectors: Floats) -> Floats:
        """Return for each event the mean of its three ways of saying that are nearest to any part of the letter."""
        assert self._vectors is not None
        cosines = (vectors @ self._vectors.T).max(axis=0)
        return np.array(
            [np.sort(cosines[self._owner == at])[-_NEAREST:].mean() for at in range(len(self._ids))], np.float32
        )


def sayings(entry: Entry) -> tuple[str, ...]:
    """Return an event's chip, meaning and ways of saying it."""
    return (entry.they or entry.chip, entry.means, *entry.like)


def seen(text: str, embedder: Embedder) -> tuple[Floats, Floats]:
    """Return the vector of a letter, and one a clause; the same texts that ``Library.foresee`` embeds ahead."""
    even = letters.cleaned(text)
    clauses = [plain(even[start:end]) for start, end in letters.clauses(even)] or [plain(even)]
    rows = np.asarray(embedder.embed([plain(even), *clauses]), np.float32)
    return rows[0], rows[1:]


def learn(catalogue: Catalogue, labelled: Sequence[tuple[str, Mapping[str, float]]], embedder: Embedder) -> RankTable:
    """Return the table learned from letters and what each counts for its events."""
    ids = (*(entry.id for entry in catalogue.entries), NONE)
    place = {event: at for at, event in enumerate(ids)}
    rows = np.stack([_features(*seen(text, embedder)) for text, _ in labelled])
    wanted = np.zeros((len(labelled), len(ids)), np.float32)
    for number, (_, counts) in enumerate(labelled):
        for event, worth in counts.items():
            wanted[number, place[event]] = worth
    bias = wanted.mean(axis=0)
    gram = rows.T @ rows + DECAY * np.eye(rows.shape[1], dtype=np.float32)
    weights = np.linalg.solve(gram.astype(np.float64), (rows.T @ (wanted - bias)).astype(np.float64))
    lines = [line for entry in catalogue.entries for line in sayings(entry)]
    hashes = np.array([text_hash(line) for line in lines], np.uint64)
    return RankTable(
        ids[:-1], weights[:, :-1].astype(np.float32), bias[:-1], hashes, embedded(lines, embedder, {}, None)
    )


def labelled_letters(folder: Path) -> list[tuple[str, Mapping[str, float]]]:
    """Return the letters of ``labels/*.yaml`` with what each counts for its events; their texts may be exemplars'."""
    texts = {exemplar.id: exemplar.text for exemplar in load_exemplars(folder / "exemplars")}
    found: list[tuple[str, Mapping[str, float]]] = []
    for file in sorted((folder / "labels").glob("*.yaml")):
        for row in yaml.safe_load(file.read_text(encoding="utf-8")):
            counts = {**dict.fromkeys(row["also"], ALSO), **dict.fromkeys(row["fine"], FINE), row["main"]: 1.0}
            found.append((row.get("text") or texts[row["id"]], counts))
    return found


def _features(whole: Floats, parts: Floats) -> Floats:
    mean = parts.mean(axis=0)
    return np.concatenate([whole, mean / max(float(np.linalg.norm(mean)), 1e-6)])


def _spread(scores: Floats) -> Floats:
    return np.asarray((scores - scores.mean()) / max(float(scores.std()), 1e-6), np.float32)


def main() -> None:
    """Learn the shipped table from the labelled letters and write it next to them."""
    folder = shipped("knowledge")
    catalogue = load_catalogue(folder, {card.id for card in load_cards(folder)})
    embedder = MiniLm(folder / "minilm" / "tokenizer.json")
    letters_ = labelled_letters(folder)
    learn(catalogue, letters_, embedder).save(folder / "labels" / TABLE)
    print(f"{TABLE}: {len(letters_)} letters, {len(catalogue.entries)} events")


if __name__ == "__main__":
    main()
