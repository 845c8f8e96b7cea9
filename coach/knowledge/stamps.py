"""Stamps: short hashes of everything that the learned tables depend on. A table whose stamps differ is fitted again.

Knows files and their hashes. Does not know what is learned.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np

from coach.domain.principles import Principle
from coach.knowledge import features
from coach.knowledge.cards import fingerprint
from coach.knowledge.features import Floats
from coach.knowledge.tables import VERSION
from coach.ports import Embedder


def stamps(cards: Sequence[Principle], exemplar_files: Sequence[str], embedder: Embedder | None) -> dict[str, str]:
    """Return what tables depend on: the cards, the exemplars with the version of the code, the features, the embedder.

    The features are those whose columns are words and patterns: what they find decides how many columns there are, and
    what each of them means.
    """
    return {
        "cards": fingerprint(card.text for card in cards),
        "exemplars": fingerprint([VERSION, *exemplar_files]),
        "features": fingerprint(features.sources()),
        "embedder": embedder.fingerprint if embedder else "",
    }


def fits(found: Mapping[str, str], wanted: Mapping[str, str]) -> bool:
    """Say whether tables serve: those with vectors also serve where there is no embedder, by their lexical half."""
    same = all(found.get(of) == wanted[of] for of in ("cards", "exemplars", "features"))
    return same and wanted["embedder"] in ("", found["embedder"])


def rows_stamp(tones: Floats) -> str:
    """Return a hash of what is found in the exemplars, one row each. Patterns put another way may find the same."""
    return fingerprint([tones.astype(np.float16).tobytes().hex()])


def exemplar_sources(folder: Path) -> list[str]:
    """Return the texts of the exemplar files, in order."""
    return [path.read_text(encoding="utf-8") for path in sorted(folder.glob("*.yaml"))]
