"""The labelled letters, and the catalogue's ways of saying, embedded: ``python -m evals.ranked`` writes these anew."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np
import yaml

from coach.knowledge.cards import load_cards
from coach.knowledge.catalogue import load_catalogue
from coach.knowledge.embedder import MiniLm
from coach.knowledge.exemplars import load_exemplars
from coach.knowledge.features import embedded, text_hash
from coach.knowledge.ranking import TABLE, Said, sayings
from coach.shipped import shipped

NONE = "none"
"""The class of letters that tell of no event of the catalogue."""

ALSO, FINE = 0.35, 0.6
"""The weight of a letter for an event that it tells next to the main one, and for one that would do as well."""


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
    """Embed the ways of saying of the shipped catalogue and write them next to the labels."""
    folder = shipped("knowledge")
    catalogue = load_catalogue(folder, {card.id for card in load_cards(folder)})
    embedder = MiniLm(folder / "minilm" / "tokenizer.json")
    lines = [line for entry in catalogue.entries for line in sayings(entry)]
    hashes = np.array([text_hash(line) for line in lines], np.uint64)
    Said(hashes, embedded(lines, embedder, {}, None)).save(folder / "labels" / TABLE)
    print(f"{TABLE}: {len(lines)} ways of saying of {len(catalogue.entries)} events")


if __name__ == "__main__":
    main()
