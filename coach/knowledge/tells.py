"""What a sentence of a message tells that no wording shows: a ridge over MiniLM's lower states and words.

A guess at motives or a reproach by way of a debt can be put in any words. The vector of a sentence says what it is
about and little of how it is meant; the states under the upper layers say more of that. Learned from the sentences of
``knowledge/messages``, a file a voice, and of the rows of ``wordings``. A warning is told where it was right 93 times
in a hundred in voices that had not taught; the others stay off.

``python -m coach.knowledge.tells`` (``make fit``) brings ``messages/tells.npz`` up to date. Knows sentences, and
nothing of the message around them.
"""

from __future__ import annotations

import re
import sys
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from coach.domain import letters
from coach.domain.drafts import Purpose
from coach.domain.letters import even
from coach.knowledge.cards import Sheet, fingerprint
from coach.knowledge.embedder import MiniLm
from coach.knowledge.features import Floats, Grams
from coach.knowledge.ridge import FOLDS, Part, ridge_by_rows
from coach.messages.linter import excused, names
from coach.messages.wordings import FILES
from coach.ports import Embedder
from coach.rows import rows

FOLDER, FILE, VERSION = "messages", "tells.npz", "1"
CLEAN = "clean"
"""The heading of sentences that deserve no warning."""

_MARK = re.compile(r"\{([^{}]+)\}")
_WORDS, _PENALTY = 0.7, 1.5
_TWICE, _NEVER, _MOST = 2, 1_000_000, 6_000
"""A word or pair counts that is in two sentences, letters never; and so many of them at most."""

_TABLES = ("mean", "scale", "vectors", "words", "bias", "bars")
_PRECISION, _ENOUGH, _OFF = 0.93, 8, 9.0


class Told(NamedTuple):
    """A sentence in small letters, its warning or "", and the fold of its voice; ``row``: it is one of the rows'."""

    text: str
    warning: str
    fold: int
    row: bool = False


@dataclass(frozen=True, slots=True)
class Tells:
    """``mean`` and ``scale`` even the pooled states out; ``vectors`` and ``words`` have a column a warning (FILES).

    ``bars``: from which score on a warning is told.
    """

    stamp: str
    grams: Grams
    mean: Floats
    scale: Floats
    vectors: Floats
    words: Floats
    bias: Floats
    bars: Floats

    def __call__(self, sentence: str, states: Floats) -> str | None:
        """Return the likeliest warning of a sentence in small letters, where it is likely enough.

        ``states`` (tokens, 384): what MiniLM's lower layers make of it.
        """
        places, values = self.grams.row(sentence)
        scores = (pooled(states) - self.mean) / self.scale @ self.vectors + values @ self.words[places] + self.bias
        best = int(scores.argmax())
        return FILES[best] if scores[best] >= self.bars[best] else None

    def save(self, file: Path) -> None:
        """Write the table as an npz file without pickles."""
        own: dict[str, Any] = {name: getattr(self, name).astype(np.float16) for name in _TABLES}
        grams = {f"grams.{name}": some for name, some in self.grams.arrays().items()}
        np.savez_compressed(file, stamp=np.array(self.stamp), **own, **grams)  # type: ignore[arg-type]

    @classmethod
    def load(cls, file: Path) -> Tells | None:
        """Read what ``save`` wrote; None where there is no such file, or none that can be read."""
        try:
            with np.load(file, allow_pickle=False) as kept:
                found = {name: kept[name] for name in kept.files}
            grams = Grams.load({name[6:]: some for name, some in found.items() if name.startswith("grams.")})
            return cls(str(found["stamp"]), grams, *(np.asarray(found[name], np.float32) for name in _TABLES))
        except (OSError, ValueError, KeyError, zipfile.BadZipFile):
            return None


class Ear:
    """The shipped table, loaded when it is first asked; hears nothing where an embedder shows no lower states."""

    def __init__(self, folder: Path, embedder: Embedder | None) -> None:
        self._file, self._states = folder / FOLDER / FILE, getattr(embedder, "states", None)

    def __call__(self, sentence: str) -> str | None:
        """Return the warning that a sentence in small letters deserves, or None."""
        return self._tells(sentence, self._states(sentence)) if self._states and self._tells else None

    @cached_property
    def _tells(self) -> Tells | None:
        return Tells.load(self._file)


def pooled(states: Floats) -> Floats:
    """Return the mean, the largest and the smallest of a sentence's states, one after another."""
    return np.concatenate([states.mean(axis=0), states.max(axis=0), states.min(axis=0)])


def authored(folder: Path) -> Iterator[Told]:
    """Yield the sentences of every voice. What stands in braces is the fault, or else the whole text is.

    Raises BadCard for a heading that is no warning.
    """
    for at, path in enumerate(sorted(folder.glob("*.yaml"))):
        sheet = Sheet(path.name, path.read_text(encoding="utf-8"), 1)
        for warning in sheet.data:
            if warning not in (CLEAN, *FILES):
                sheet.fail((warning,), f"'{warning}' is no warning", f"Write {CLEAN} or one of the linter's.")
            for text in map(even, sheet.texts(warning, least=1, most=500)):
                fault = _MARK.search(text) or (None if warning == CLEAN else re.fullmatch("(.+)", text))
                around = [text] if fault is None else [text[: fault.start()], text[fault.end() :]]
                if fault is not None:
                    yield Told(fault[1].strip(), warning, at % FOLDS)
                for part in around:
                    yield from (Told(part[a:b], "", at % FOLDS) for a, b in letters.pieces(part))


def _rows() -> Iterator[Told]:
    for at, warning in enumerate(FILES):
        for row in rows(f"wordings/{warning}"):
            yield from (Told(even(text), warning, at % FOLDS, row=True) for text in row.must)
            yield from (Told(even(text), "", at % FOLDS, row=True) for text in row.must_not)


def learn(told: Sequence[Told], embedder: MiniLm) -> Tells:
    """Fit the table and its bars. Raises KnowledgeTrouble when the embedder does."""
    texts = [each.text for each in told]
    grams = Grams.learn(texts, (_TWICE, _NEVER), _MOST)
    seen = np.stack([pooled(embedder.states(text)) for text in texts])
    mean, scale = seen.mean(axis=0), (seen.std(axis=0) + 1e-6) * np.float32(np.sqrt(seen.shape[1]))
    targets = np.array([[each.warning == name for name in FILES] for each in told], np.float32)
    parts = [Part((seen - mean) / scale, 1.0), Part(grams.matrix(texts), _WORDS)]
    ridge = ridge_by_rows(parts, targets, _PENALTY, np.array([each.fold for each in told]))
    bars = _bars(told, ridge.unseen)
    vectors, words = ridge.tables
    return Tells(stamp(told, embedder), grams, mean, scale, vectors, words, ridge.mean, bars)


def _bars(told: Sequence[Told], unseen: Floats) -> Floats:
    """Return the lowest bars that hold the precision, from voices that had not taught and what no row finds."""
    bars = np.full(len(FILES), _OFF, np.float32)
    best = [FILES[at] for at in unseen.argmax(axis=1)]
    free = [
        not (row or names(text, Purpose.OTHER) or excused(name, text))
        for name, (text, _, _, row) in zip(best, told, strict=True)
    ]
    for column, name in enumerate(FILES):
        some = [at for at in range(len(told)) if free[at] and best[at] == name]
        some = [some[at] for at in np.argsort(-unseen[some, column], kind="stable")]
        right = np.cumsum([told[at].warning == name for at in some]) / np.arange(1, len(some) + 1)
        if held := [at for at in range(_ENOUGH - 1, len(some)) if right[at] >= _PRECISION]:
            bars[column] = unseen[some[held[-1]], column]
    return bars


def lesson(folder: Path) -> list[Told]:
    """Return all that the table is learned from. Raises BadCard."""
    return [*authored(folder / FOLDER), *_rows()]


def stamp(told: Sequence[Told], embedder: MiniLm) -> str:
    """Return a hash of what the table depends on: a table of another stamp is to be learned anew."""
    return fingerprint([VERSION, embedder.fingerprint, *(f"{each.warning}:{each.text}" for each in told)])


def main(arguments: Sequence[str]) -> None:
    """Bring the table of a knowledge folder up to date."""
    folder = Path(arguments[0]) if arguments else Path(__file__).parents[2] / "knowledge"
    embedder, file = MiniLm(folder / "minilm" / "tokenizer.json"), folder / FOLDER / FILE
    told, before = lesson(folder), Tells.load(file)
    if before is not None and before.stamp == stamp(told, embedder):
        print(f"{file.name} is up to date.")
        return
    learn(told, embedder).save(file)
    print(f"{file.name}: {len(told)} sentences, {file.stat().st_size / 1e6:.2f} MB")


if __name__ == "__main__":
    main(sys.argv[1:])
