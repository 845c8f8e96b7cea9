"""Learns the table that orders events for a letter from the labelled letters: ``python -m evals.ranked`` writes it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import yaml

from coach.domain.events import Catalogue
from coach.knowledge.cards import load_cards
from coach.knowledge.catalogue import load_catalogue
from coach.knowledge.embedder import MiniLm
from coach.knowledge.exemplars import load_exemplars
from coach.knowledge.features import embedded, text_hash
from coach.knowledge.ranking import TABLE, RankTable, features, sayings, seen
from coach.ports import Embedder
from coach.shipped import shipped

NONE = "none"
"""The class of letters that tell of no event of the catalogue."""

ALSO, FINE = 0.35, 0.6
"""The weight of a letter for an event that it tells next to the main one, and for one that would do as well."""

DECAY = 2.0
"""How much the ridge shrinks its weights; 1 to 3 give the same order of events on letters it has not seen."""


def learn(catalogue: Catalogue, labelled: Sequence[tuple[str, Mapping[str, float]]], embedder: Embedder) -> RankTable:
    """Return the table learned from letters and what each counts for its events."""
    ids = (*(entry.id for entry in catalogue.entries), NONE)
    place = {event: at for at, event in enumerate(ids)}
    rows = np.stack([features(*seen(text, embedder)) for text, _ in labelled])
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
