"""Word search over passages: BM25 (Robertson & Zaragoza, 2009), as an inverted file in NumPy.

Written here because the package bm25s gives the same scores and imports SciPy wherever it is installed, which
makes every start longer (DECISIONS.md has the figures). Knows words and counts. Does not know cards.
"""

from __future__ import annotations

import json
import os
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from coach import rows
from coach.knowledge.plain import plain

_K1, _B = 1.2, 0.6
_WORD = re.compile(r"[a-z0-9]+(?:'[a-z]+)?")
_ARRAYS = ("starts", "places", "weights", "idf", "n")
_ENDINGS = re.compile(r"(?:'s|ies|ing|edly|ed|es|s|ly)$")


def words(text: str) -> list[str]:
    """Return the words of a text that carry meaning, without their commonest endings."""
    left_out = rows.words("names/stop_words")
    return [_stem(word) for word in _WORD.findall(plain(text)) if word not in left_out]


def _stem(word: str) -> str:
    if len(word) < 4:
        return word
    bare = _ENDINGS.sub(lambda end: "y" if end[0] == "ies" else "", word)
    if len(bare) < 3:
        return word
    return bare[:-1] if bare[-1] == bare[-2] else bare.removesuffix("e")


@dataclass(frozen=True, slots=True)
class WordSearch:
    """An inverted file: word w of ``vocabulary`` stands in ``places[starts[w]:starts[w + 1]]``, with these weights."""

    vocabulary: dict[str, int]
    starts: NDArray[np.int64]
    places: NDArray[np.int32]
    weights: NDArray[np.float32]
    idf: NDArray[np.float32]
    n: int

    @classmethod
    def build(cls, texts: Sequence[str]) -> WordSearch:
        """Index texts; place i of every answer is texts[i]."""
        bags = [Counter(words(text)) for text in texts]
        lengths = np.array([bag.total() for bag in bags] or [1], np.float32)
        mean = max(float(lengths.mean()), 1.0)
        postings: dict[str, list[tuple[int, int]]] = {}
        for place, bag in enumerate(bags):
            for word, count in bag.items():
                postings.setdefault(word, []).append((place, count))
        vocabulary = {word: at for at, word in enumerate(sorted(postings))}
        n = len(bags)
        frequency = np.array([len(postings[word]) for word in vocabulary], np.float32)
        idf = np.log1p((n - frequency + 0.5) / (frequency + 0.5)).astype(np.float32)
        starts = np.zeros(len(vocabulary) + 1, np.int64)
        np.cumsum(frequency, out=starts[1:])
        every = [pair for word in vocabulary for pair in postings[word]]
        pairs = np.array(every, np.int32).reshape(-1, 2)
        counts = pairs[:, 1].astype(np.float32)
        damped = counts * (_K1 + 1) / (counts + _K1 * (1 - _B + _B * lengths[pairs[:, 0]] / mean))
        weights = (damped * np.repeat(idf, frequency.astype(np.int64))).astype(np.float32)
        return cls(vocabulary, starts, pairs[:, 0].copy(), weights, idf, n)

    def scores(self, query: str) -> NDArray[np.float32]:
        """Return a score a passage, from 0 to about 1: the share of the query's weight that it answers."""
        known = [self.vocabulary[word] for word in dict.fromkeys(words(query)) if word in self.vocabulary]
        if not known:
            return np.zeros(self.n, np.float32)
        parts = [slice(int(self.starts[at]), int(self.starts[at + 1])) for at in known]
        places = np.concatenate([self.places[part] for part in parts])
        weights = np.concatenate([self.weights[part] for part in parts])
        most = float(self.idf[known].sum() * (_K1 + 1))
        return (np.bincount(places, weights=weights, minlength=self.n) / most).astype(np.float32)

    def save(self, file: Path) -> None:
        """Write the inverted file, whole or not at all."""
        spelled = np.frombuffer(json.dumps(list(self.vocabulary)).encode(), np.uint8)
        arrays = {name: np.asarray(getattr(self, name)) for name in _ARRAYS}
        part = file.with_suffix(".part")
        with part.open("wb") as out:
            np.savez(out, allow_pickle=False, words=spelled, **arrays)
        os.replace(part, file)

    @classmethod
    def load(cls, file: Path) -> WordSearch:
        """Read what save wrote. Raises OSError, ValueError or KeyError when the file is damaged."""
        with np.load(file, allow_pickle=False) as kept:
            vocabulary = {word: at for at, word in enumerate(json.loads(kept["words"].tobytes()))}
            starts, places, weights, idf, n = (kept[name] for name in _ARRAYS)
            return cls(vocabulary, starts, places, weights, idf, int(n))
