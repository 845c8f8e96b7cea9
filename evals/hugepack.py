"""A library with a pack of 100,000 passages, made up. Its vectors are those of real passages with noise.

Knows the form of a card and the library. It takes a minute or two to build, so it is kept in the checkout's ``.coach``.
"""

from __future__ import annotations

import random
import re
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import cast

import numpy as np

from coach.domain.principles import Principle
from coach.knowledge.cards import passages
from coach.knowledge.embedder import Vectors, unit
from coach.knowledge.library import Library
from coach.ports import Embedder
from coach.shipped import shipped
from evals.baselines import own_embedder

PASSAGES = 100_000
PACK = "huge-1"
KEPT = Path(__file__).parents[1] / ".coach" / "bench"
_A_CARD = 21
_NOISE = 0.04  # a length of some 0.8 in 384 numbers: neighbours are about as alike as passages of one subject are
_NUMBER = re.compile(r"item (\d+)\b")


class Quick:
    """MiniLM for messages; for made-up passages the vector of a real one with noise, the same every time."""

    def __init__(self, cards: Sequence[Principle]) -> None:
        self._real = own_embedder()
        self.fingerprint = self._real.fingerprint
        self._texts = [passage.text for passage in passages(cards)]
        self._base: Vectors | None = None

    def embed(self, texts: Sequence[str]) -> Vectors:
        """Return one unit vector a text."""
        numbers = [_NUMBER.search(text) for text in texts]
        if not all(numbers):
            return np.asarray(self._real.embed(texts), np.float32)
        return np.stack([self._made_up(int(number[1])) for number in numbers if number])

    def _made_up(self, number: int) -> Vectors:
        if self._base is None:
            self._base = np.asarray(self._real.embed(self._texts), np.float32)
        near = self._base[number % len(self._base)]
        noise = np.random.default_rng(number).standard_normal(near.shape, np.float32)
        return np.asarray(unit((near + _NOISE * noise)[None])[0], np.float32)


@contextmanager
def opened(cards: Sequence[Principle], index: Path) -> Iterator[Library]:
    """Yield the library with the huge pack. Tables that the coach fitted into ``index`` are taken over."""
    (KEPT / "index").mkdir(parents=True, exist_ok=True)
    for file in index.glob("fitted-*.npz"):
        shutil.copy(file, KEPT / "index")
    library = Library(shipped("knowledge"), KEPT, cast(Embedder, Quick(cards)))
    library.prepare()
    try:
        if PACK not in library.packs():
            with TemporaryDirectory() as temporary:
                folder = Path(temporary) / PACK
                write(folder, cards)
                library.add_pack(folder)
        yield library
    finally:
        library.close()


def write(folder: Path, cards: Sequence[Principle], count: int = PASSAGES) -> int:
    """Write cards with ``count`` passages or a few more into a folder, in words of the real ones; return how many."""
    folder.mkdir(parents=True)
    words = [word for passage in passages(cards) for word in re.findall(r"[a-z]+", passage.text.casefold())]
    chance = random.Random(7)
    total = 0
    for card in range(-(-count // _A_CARD)):
        lines = [f"{' '.join(chance.choices(words, k=14))} item {total + place}" for place in range(_A_CARD)]
        total += _A_CARD
        (folder / f"made-up-{card}.md").write_text(_card(f"made-up-{card}", lines), encoding="utf-8")
    return total


def _card(name: str, lines: Sequence[str]) -> str:
    moves = "".join(
        f"  - {{cue: When it is {day}, action: ask one question, say: How are things, avoid: a speech, channel: any, "
        "minutes: 5, needs: {remote: null, leader: null, stance: [tend]}}\n"
        for day in ("Monday", "Friday")
    )
    return (
        f"---\nid: {name}\ntitle: Made up\nsources: [bench]\ngrade: C\ngrade_note: null\ncaution: null\n"
        f"statement: {lines[0]}\napplies_when:\n{_list(lines[1:11])}asks:\n{_list(lines[11:21])}moves:\n{moves}---\n"
        "Words for measuring only.\n"
    )


def _list(lines: Sequence[str]) -> str:
    return "".join(f"  - {line}\n" for line in lines)
