"""One pack's passages, and what a search finds among them, gathered by card.

Knows places of passages and their cards. Does not know Chroma, nor the learned tables.
"""

from __future__ import annotations

import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from coach.domain.principles import Passage, Principle
from coach.knowledge.bm25 import WordSearch
from coach.knowledge.cards import fingerprint, passages
from coach.knowledge.features import Floats

_LARGE = 5000
"""A pack of more passages keeps its word search between starts, and looks only at passages near the best by words."""
_LEAST_OF_BEST = 0.4
HITS = 60
"""How many passages a search looks at, by meaning and by words."""


@dataclass(frozen=True, slots=True)
class Hits:
    """The result of a search in one pack: one number a card; ``near`` marks the cards with a passage among the hits."""

    place: Mapping[str, int]
    cosines: Floats
    shares: Floats
    near: NDArray[np.bool_]
    found: Sequence[tuple[float, Passage]]

    def passages(self, card: str) -> list[Passage]:
        """Return a card's passages that were found, the three nearest first."""
        own = [(score, passage) for score, passage in self.found if passage.principle_id == card]
        return [passage for _, passage in sorted(own, key=lambda pair: -pair[0])[:3]]


class PackShelf:
    """The passages of one pack, numbered; the index knows them by these numbers."""

    def __init__(self, pack: str, cards: Sequence[Principle], cache: Path) -> None:
        """``cache`` is the folder where the word search of a large pack is kept between starts."""
        self.pack = pack
        self.ids = tuple(card.id for card in cards)
        self.place = {card: at for at, card in enumerate(self.ids)}
        self.passages = passages(cards)
        self.key = fingerprint(f"{passage.principle_id}|{passage.text}" for passage in self.passages)
        self._owner = np.array([self.place[passage.principle_id] for passage in self.passages], np.int64)
        self._words = self._word_search(cache / f"words-{self.key}.npz")

    def _word_search(self, file: Path) -> WordSearch:
        large = len(self.passages) > _LARGE
        if large:
            try:
                return WordSearch.load(file)
            except (OSError, ValueError, KeyError, zipfile.BadZipFile):
                pass
        words = WordSearch.build([passage.text for passage in self.passages])
        if large:
            file.parent.mkdir(parents=True, exist_ok=True)
            words.save(file)
        return words

    def exact(self, cosines: Floats) -> tuple[NDArray[np.int64], Floats]:
        """Return the places and cosines of the nearest passages when all cosines are known."""
        places = np.argsort(-cosines, kind="stable")[:HITS]
        return places, cosines[places]

    def hits(self, text: str, places: NDArray[np.int64], cosines: Floats) -> Hits:
        """Gather the passages found by meaning by card, and search by words as well.

        A card with no passage among those found by meaning gets the lowest cosine found.
        """
        scores = self._words.scores(text)
        large = len(scores) > _LARGE
        worded = np.flatnonzero(scores > (scores.max() * _LEAST_OF_BEST if large else 0.0))
        best = np.full(len(self.ids), cosines.min() if len(cosines) else 0.0, np.float32)
        np.maximum.at(best, self._owner[places], cosines)
        shares = np.zeros(len(self.ids), np.float32)
        np.maximum.at(shares, self._owner[worded], scores[worded])
        by_words = worded
        if len(worded) > HITS:
            by_words = worded[np.argpartition(-scores[worded], HITS)[:HITS]]
        near = np.zeros(len(self.ids), bool)
        near[self._owner[places]] = True
        near[self._owner[by_words]] = True
        cosine_of = dict(zip(places.tolist(), cosines.tolist(), strict=True))
        low = float(cosines.min()) if len(cosines) else 0.0
        found = [
            (cosine_of.get(place, low) + 0.3 * float(scores[place]), self.passages[place])
            for place in dict.fromkeys([*places.tolist(), *by_words.tolist()])
        ]
        return Hits(self.place, best, shares, near, found)
