"""What learned tables depend on, as short hashes: a table whose stamps differ is fitted again.

Knows files and their hashes. Does not know what is learned.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from coach.domain.principles import Principle
from coach.knowledge.cards import fingerprint
from coach.knowledge.tables import VERSION
from coach.ports import Embedder


def stamps(cards: Sequence[Principle], exemplar_files: Sequence[str], embedder: Embedder | None) -> dict[str, str]:
    """Return what tables depend on: the cards, the exemplars with the version of the code, the embedder."""
    return {
        "cards": fingerprint(card.text for card in cards),
        "exemplars": fingerprint([VERSION, *exemplar_files]),
        "embedder": embedder.fingerprint if embedder else "",
    }


def fits(found: Mapping[str, str], wanted: Mapping[str, str]) -> bool:
    """Say whether tables serve: those with vectors also serve where there is no embedder, by their lexical half."""
    same = found["cards"] == wanted["cards"] and found["exemplars"] == wanted["exemplars"]
    return same and wanted["embedder"] in ("", found["embedder"])


def exemplar_sources(folder: Path) -> list[str]:
    """Return the texts of the exemplar files, in order."""
    return [path.read_text(encoding="utf-8") for path in sorted(folder.glob("*.yaml"))]
