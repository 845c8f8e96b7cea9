"""The learned tables as they are used: a few sums and products in NumPy, small enough to look into.

Knows weights and how a text's features meet them. Does not know how they were learned (``fit``), nor Chroma.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from coach.domain.readings import Kind
from coach.knowledge.bags import Bags
from coach.knowledge.features import Floats, Grams, tone_row
from coach.knowledge.lines import Lines

KINDS: tuple[Kind, ...] = tuple(kind for kind in Kind if kind is not Kind.NOT_ENGLISH)
VERSION = "10"
"""Raise it when features or fitting change: tables of another version are fitted again."""


Halves = NDArray[np.float16]
"""Numbers as a file has them."""

_REST = ("more", "bias")


@dataclass(frozen=True, slots=True)
class Linear:
    """``given @ dense + grams + extras @ more + bias``: one score an output. A part with no rows is not used.

    ``given`` says how alike a text is to every exemplar. Of ``grams``, the largest part, a text needs a few rows: they
    stay half as wide, as the file has them.
    """

    dense: Floats | Halves
    grams: Floats | Halves
    more: Floats
    bias: Floats

    def scores(self, given: Floats | None, row: tuple[NDArray[np.int64], Floats], extras: Floats | None) -> Floats:
        """Return a score an output."""
        total = self.bias + row[1] @ self.grams[row[0]].astype(np.float32)
        if given is not None and len(self.dense):
            total = total + given @ self.dense.astype(np.float32, copy=False)
        if extras is not None and len(self.more):
            total = total + extras @ self.more
        return np.asarray(total, np.float32)


@dataclass(frozen=True, slots=True)
class Sorter:
    """A linear table and the calibration of its scores: probabilities of classes that sum to 1."""

    linear: Linear
    mix: Floats
    shift: Floats

    def probabilities(
        self, given: Floats | None, row: tuple[NDArray[np.int64], Floats], extras: Floats | None
    ) -> Floats:
        """Return a probability a class."""
        logits = self.linear.scores(given, row, extras) @ self.mix + self.shift
        powers = np.exp(logits - logits.max())
        return np.asarray(powers / powers.sum(), np.float32)


@dataclass(frozen=True, slots=True)
class Seen:
    """A text as the tables see it, computed once. ``cosines`` say how near each exemplar is; None without a vector.

    ``row`` and ``tones``: its n-grams and its words of harm.
    """

    text: str
    vector: Floats | None
    row: tuple[NDArray[np.int64], Floats]
    tones: Floats
    cosines: Floats | None

    @property
    def like(self) -> Floats | None:
        """How like the text is to every exemplar, from 0 to 1."""
        return None if self.cosines is None else alike(self.cosines)


@dataclass(frozen=True, slots=True)
class View:
    """The tables of one way of seeing texts: with vectors ("whole"), or by letters and words alone ("lexical")."""

    kinds: Sorter
    ranker: Linear
    stack: Floats
    """Weights of: the ranker, the nearest passage (cosine), the best passage by words."""


@dataclass(frozen=True)
class Tables:
    """All that was learned, with the exemplars' and passages' vectors. ``stamps`` say from what."""

    stamps: Mapping[str, str]
    ids: tuple[str, ...]
    grams: Grams
    lexical: View
    whole: View | None
    exemplar_texts: NDArray[np.bytes_]
    """In UTF-8, which takes half as much as strings do."""
    gains: Floats | Halves
    exemplar_vectors: Floats
    passage_vectors: Floats | Halves
    hashes: NDArray[np.uint64]
    bags: Bags | None
    """The exemplars' clauses; None where there are no vectors."""
    curve: Floats
    """Two rows: how near a passage is, and the gain to expect of its card; for packs, which have no exemplars."""
    lines: Lines
    place: Mapping[str, int] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "place", {name: at for at, name in enumerate(self.ids)})

    def see(self, text: str, vector: Callable[[], Floats | None]) -> Seen:
        """Return what the tables see of a text; ``vector`` gives it or None and is asked last, as it may be under way.

        Meanwhile the words are counted.
        """
        row, tones, found = self.grams.row(text), tone_row(text), vector()
        known = found is not None and self.whole is not None
        cosines = self.exemplar_vectors @ np.asarray(found, np.float32) if known else None
        return Seen(text, found, row, tones, cosines)

    def view(self, *, vector: bool) -> View:
        """Return the tables that fit what is known of the text: its vector, or its words alone."""
        return self.whole if vector and self.whole is not None else self.lexical

    def kinds(self, seen: Seen, clauses: Floats | None) -> Floats:
        """Return a probability a kind, in the order of KINDS. ``clauses``: the vectors of the text's, if known."""
        like = None
        if seen.like is not None and clauses is not None and self.bags is not None:
            like = both_ways(seen.like, self.bags.likeness(clauses))
        view = self.view(vector=like is not None)
        return view.kinds.probabilities(like, seen.row, seen.tones)

    def rank(self, seen: Seen, kinds: Floats, cosines: Floats, shares: Floats) -> Floats:
        """Return the expected gain of every card, in the order of ``ids``.

        ``kinds``: the probability of each kind. ``cosines`` and ``shares``: for each card, how near its best passage is
        by meaning and by words.
        """
        view = self.view(vector=seen.cosines is not None)
        learned = view.ranker.scores(seen.like, seen.row, kinds)
        parts = [learned, centred(cosines), centred(shares)]
        return np.asarray(sum(weight * part for weight, part in zip(view.stack, parts, strict=True)), np.float32)

    def nearest_exemplar(self, seen: Seen, card: str) -> str | None:
        """Return the nearest exemplar labelled with a card, shortened, if one is near."""
        labelled = np.flatnonzero(self.gains[:, self.place[card]] > 0)
        if seen.cosines is None or not len(labelled):
            return None
        best = labelled[seen.cosines[labelled].argmax()]
        return str(self.exemplar_texts[best], "utf-8") if seen.cosines[best] > 0.35 else None

    def expected_gain(self, nearness: Floats) -> Floats:
        """Return the gain to expect of cards whose best passages are so near."""
        return np.asarray(np.interp(nearness, self.curve[0], self.curve[1]), np.float32)


def alike(cosines: Floats, width: float = 0.4) -> Floats:
    """Return likeness from 0 to 1, a Gaussian of the distance between unit vectors: exp((cosine - 1) / width)."""
    return np.asarray(np.exp((cosines - 1) / np.float32(width)), np.float32)


def both_ways(whole: Floats, clauses: Floats) -> Floats:
    """Return the likeness that tells kinds: as a whole, and twice as much clause by clause (see DECISIONS.md)."""
    return whole + 2 * clauses


def centred(values: Floats) -> Floats:
    """Return values less their mean: what sets a card apart from the others for this text."""
    return values - values.mean() if len(values) else values


def nearness(cosines: Floats, shares: Floats) -> Floats:
    """Return one number for how near passages are by meaning and by words."""
    return np.asarray(cosines + 0.3 * shares, np.float32)


def save_tables(tables: Tables, file: Path) -> None:
    """Write the tables as one npz file without pickles, whole or not at all."""
    arrays: dict[str, Any] = {
        "about": _spelled(
            {
                "stamps": dict(tables.stamps),
                "ids": tables.ids,
                "texts": [str(text, "utf-8") for text in tables.exemplar_texts],
            }
        ),
        "gains": tables.gains.astype(np.float16),
        "exemplar_vectors": tables.exemplar_vectors.astype(np.float16),
        "passage_vectors": tables.passage_vectors.astype(np.float16),
        "hashes": tables.hashes,
        "curve": tables.curve,
    }
    arrays |= {f"grams.{key}": value for key, value in tables.grams.arrays().items()}
    arrays |= {f"lines.{key}": value for key, value in tables.lines.arrays().items()}
    if tables.bags is not None:
        arrays |= {f"bags.{key}": value for key, value in tables.bags.arrays().items()}
    for name, view in (("lexical", tables.lexical), ("whole", tables.whole)):
        if view is not None:
            arrays |= {f"{name}.{key}": value for key, value in _view_arrays(view).items()}
    file.parent.mkdir(parents=True, exist_ok=True)
    part = file.with_suffix(".part")
    with part.open("wb") as out:
        np.savez_compressed(out, **arrays)
    os.replace(part, file)


def load_tables(file: Path) -> Tables:
    """Read what ``save_tables`` wrote. Raises OSError, ValueError, KeyError or zipfile.BadZipFile when damaged."""
    with np.load(file, allow_pickle=False) as archive:
        kept = dict(archive)
    about = json.loads(kept["about"].tobytes())
    return Tables(
        stamps=about["stamps"],
        ids=tuple(about["ids"]),
        grams=Grams.load(_under(kept, "grams")),
        lexical=_view(_under(kept, "lexical")),
        whole=_view(_under(kept, "whole")) if "whole.stack" in kept else None,
        exemplar_texts=utf8(about["texts"]),
        gains=kept["gains"],
        exemplar_vectors=_floats(kept["exemplar_vectors"]),
        passage_vectors=kept["passage_vectors"],
        hashes=kept["hashes"],
        bags=Bags.load(_under(kept, "bags")) if "bags.rows" in kept else None,
        curve=kept["curve"],
        lines=Lines.load(_under(kept, "lines")),
    )


def _view_arrays(view: View) -> dict[str, NDArray[Any]]:
    arrays: dict[str, NDArray[Any]] = {"stack": view.stack}
    for name, linear in (("kinds", view.kinds.linear), ("ranker", view.ranker)):
        for part in ("dense", "grams", "more"):
            arrays[f"{name}.{part}"] = getattr(linear, part).astype(np.float16)
        arrays[f"{name}.bias"] = linear.bias
    arrays["kinds.mix"], arrays["kinds.shift"] = view.kinds.mix, view.kinds.shift
    return arrays


def _view(kept: dict[str, NDArray[Any]]) -> View:
    kinds, ranker = (
        Linear(kept[f"{name}.dense"], kept[f"{name}.grams"], *(_floats(kept[f"{name}.{it}"]) for it in _REST))
        for name in ("kinds", "ranker")
    )
    return View(Sorter(kinds, kept["kinds.mix"], kept["kinds.shift"]), ranker, kept["stack"])


def utf8(texts: Sequence[str]) -> NDArray[np.bytes_]:
    """Return texts as an array of their bytes."""
    return np.array([text.encode() for text in texts], np.bytes_)


def _floats(array: NDArray[Any]) -> Floats:
    return np.asarray(array, np.float32)


def _under(kept: Mapping[str, NDArray[Any]], name: str) -> dict[str, NDArray[Any]]:
    return {key[len(name) + 1 :]: value for key, value in kept.items() if key.startswith(name + ".")}


def _spelled(value: Mapping[str, object]) -> NDArray[np.uint8]:
    return np.frombuffer(json.dumps(value, ensure_ascii=False, default=_listed).encode(), np.uint8)


def _listed(value: object) -> object:
    if isinstance(value, Sequence):
        return list(value)
    raise TypeError(type(value).__name__)
