"""The features of a text that the tables see: its vector, its word and letter n-grams, the words of harm in it.

Knows characters, n-grams and where words of harm come from. Does not know what is learned from them.
"""

from __future__ import annotations

import json
import math
import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from coach.domain import letters
from coach.knowledge.cards import fingerprint
from coach.knowledge.plain import plain
from coach.ports import Embedder
from coach.safety import harms

Floats = NDArray[np.float32]
Progress = Callable[[int, int], None]
"""Called with (done, total) while something takes over a second."""
_WORD = re.compile(r"[a-z0-9']+")


def tone_row(text: str) -> Floats:
    """Return log(1 + different words found) for each word group, and 0 or 1 for each kind of harm (sure words)."""
    words = harms.without_idioms(letters.plain(text))
    groups = [math.log1p(found) for found in harms.groups_in(words)]
    return np.array([*groups, *(float(harms.worded(kind, words)) for kind in harms.KINDS)], np.float32)


def found_in(texts: Sequence[str]) -> Floats:
    """Return the ``tone_row`` of every text, one row each."""
    return np.stack([tone_row(text) for text in texts])


def sources() -> Iterator[str]:
    """Yield all that decides what the columns hold: names and patterns of word groups and of words of harm."""
    yield from harms.sources()


def _word_grams(text: str) -> Iterator[str]:
    found = _WORD.findall(text)
    yield from found
    for one, two in pairwise(found):
        yield f"{one} {two}"


@lru_cache(maxsize=8192)
def _letters(word: str) -> tuple[str, ...]:
    fenced = f"<{word}>"
    return tuple(fenced[at : at + size] for size in (3, 4, 5) for at in range(len(fenced) - size + 1))


def _letter_grams(text: str) -> Iterator[str]:
    for word in set(_WORD.findall(text)):
        yield from _letters(word)


class Grams:
    """TF-IDF (Spärck Jones, 1972) of words, word pairs and letter 3- to 5-grams; letters bear with misspelling.

    Each half of a row is scaled to length one, then by ``weight``.
    """

    def __init__(self, terms: Sequence[str], split: int, idf: Floats, weight: float) -> None:
        """``terms[:split]`` are words and pairs, the rest letters; ``idf`` goes with ``terms``."""
        self.terms, self.split, self.idf, self.weight = tuple(terms), split, idf.astype(np.float32), weight
        self._words = {term: place for place, term in enumerate(self.terms[:split])}
        self._letters = {term: split + place for place, term in enumerate(self.terms[split:])}

    @classmethod
    def learn(cls, texts: Sequence[str], least: tuple[int, int], most: int, weight: float = 1.0) -> Grams:
        """Keep the words and the letters found in at least ``least`` texts, the ``most`` commonest of each."""
        bags = [plain(text) for text in texts]
        kept: list[list[tuple[str, int]]] = []
        for grams, enough in zip((_word_grams, _letter_grams), least, strict=True):
            counts = Counter(term for bag in bags for term in set(grams(bag)))
            common = sorted((-count, term) for term, count in counts.items() if count >= enough)[:most]
            kept.append(sorted((term, -count) for count, term in common))
        terms = [term for half in kept for term, _ in half]
        idf = [math.log((1 + len(bags)) / (1 + count)) + 1 for half in kept for _, count in half]
        return cls(terms, len(kept[0]), np.array(idf, np.float32), weight)

    def row(self, text: str) -> tuple[NDArray[np.int64], Floats]:
        """Return the places of the terms found in a text, and their weights."""
        bag = plain(text)
        halves = (
            {self._words[term] for term in _word_grams(bag) if term in self._words},
            {self._letters[term] for term in _letter_grams(bag) if term in self._letters},
        )
        places, values = [], []
        for half in halves:
            at = np.array(sorted(half), np.int64)
            weights = self.idf[at]
            places.append(at)
            values.append(self.weight * weights / max(float(np.linalg.norm(weights)), 1e-6))
        return np.concatenate(places), np.concatenate(values).astype(np.float32)

    def matrix(self, texts: Sequence[str]) -> Floats:
        """Return dense rows, one for each text. For fitting only: the matrix is wide."""
        rows = np.zeros((len(texts), len(self.terms)), np.float32)
        for number, text in enumerate(texts):
            places, values = self.row(text)
            rows[number, places] = values
        return rows

    def arrays(self) -> dict[str, NDArray[np.generic]]:
        """Return what ``load`` needs, for an npz file."""
        spelled = np.frombuffer(json.dumps(self.terms).encode(), np.uint8)
        return {"terms": spelled, "idf": self.idf.astype(np.float16), "shape": np.array([self.split, self.weight])}

    @classmethod
    def load(cls, kept: dict[str, NDArray[np.generic]]) -> Grams:
        """Read what ``arrays`` gave."""
        split, weight = kept["shape"].tolist()
        return cls(json.loads(kept["terms"].tobytes()), int(split), np.asarray(kept["idf"], np.float32), weight)


def embedded(
    texts: Sequence[str], embedder: Embedder, known: Mapping[int, Floats], progress: Progress | None
) -> Floats:
    """Return a vector a text, as ``plain`` spells it; those ``known`` by ``text_hash`` are not computed again."""
    keys = [text_hash(text) for text in texts]
    found = {key: known[key] for key in keys if key in known}
    new = [(key, text) for key, text in dict(zip(keys, texts, strict=True)).items() if key not in found]
    for start in range(0, len(new), 64):
        some = new[start : start + 64]
        vectors = np.asarray(embedder.embed([plain(text) for _, text in some]), np.float32)
        found.update(zip((key for key, _ in some), vectors, strict=True))
        if progress and len(new) > 100:
            progress(min(start + 64, len(new)), len(new))
    # What is kept is half as exact; use it so from the start, so that a first and a later start agree.
    return np.stack([found[key] for key in keys]).astype(np.float16).astype(np.float32)


def text_hash(text: str) -> int:
    """Return 64 bits that stand for a text as the tables see it."""
    return int(fingerprint([plain(text)]), 16)
