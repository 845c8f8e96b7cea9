"""The learned tables as they are used: a few sums and products in NumPy, small enough to look into.

Knows weights and how a text's features meet them. Does not know how they were learned (``fit``), nor Chroma.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from coach.cues import signals
from coach.domain.moments import Landed
from coach.domain.readings import Kind
from coach.knowledge.bags import Bags
from coach.knowledge.features import Floats, Grams, tone_row

KINDS: tuple[Kind, ...] = tuple(Kind)
LANDINGS: tuple[Landed | None, ...] = (*Landed, None)
VERSION = "8"
"""Raise it when features or fitting change: tables of another version are fitted again."""


@dataclass(frozen=True, slots=True)
class Linear:
    """``given @ dense + grams + extras @ more + bias``: scores, one an output. A part with no rows is not used.

    What is ``given``: how like a text is to every exemplar, or the vectors of a clause and those around it.
    """

    dense: Floats
    grams: Floats
    more: Floats
    bias: Floats

    def scores(self, given: Floats | None, row: tuple[NDArray[np.int64], Floats], extras: Floats | None) -> Floats:
        """Return a score an output."""
        total = self.bias + row[1] @ self.grams[row[0]]
        if given is not None and len(self.dense):
            total = total + given @ self.dense
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
    """What the tables see of a text, computed once. ``cosines`` say how near each exemplar is; None with no vector."""

    text: str
    vector: Floats | None
    row: tuple[NDArray[np.int64], Floats]
    signals: Floats
    cosines: Floats | None

    @property
    def like(self) -> Floats | None:
        """How like the text is to every exemplar, from 0 to 1."""
        return None if self.cosines is None else alike(self.cosines)


@dataclass(frozen=True, slots=True)
class View:
    """The tables of one way of seeing texts: with vectors ("whole"), or by letters and words alone ("lexical")."""

    kinds: Sorter
    landings: Sorter
    ranker: Linear
    stack: Floats
    """Weights of: the ranker, the nearest passage (cosine), the best passage by words."""


@dataclass(frozen=True)
class Tables:
    """All that was learned, with the exemplars' and passages' vectors. ``stamps`` say from what."""

    stamps: Mapping[str, str]
    ids: tuple[str, ...]
    grams: Grams
    clause_grams: Grams
    lexical: View
    whole: View | None
    exemplar_texts: tuple[str, ...]
    gains: Floats
    exemplar_vectors: Floats
    passage_vectors: Floats
    hashes: NDArray[np.uint64]
    bags: Bags | None
    """The exemplars' clauses; None where there are no vectors."""
    curve: Floats
    """Two rows: how near a passage is, and the gain to expect of its card; for packs, which have no exemplars."""
    place: Mapping[str, int] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "place", {name: at for at, name in enumerate(self.ids)})

    def see(self, text: str, vector: Floats | None, found: Floats) -> Seen:
        """Return what the tables see of a text: its ``vector`` (None: not known) and the row of signals ``found``."""
        known = vector is not None and self.whole is not None
        cosines = self.exemplar_vectors @ np.asarray(vector, np.float32) if known else None
        return Seen(text, vector, self.grams.row(text), found, cosines)

    def view(self, *, vector: bool) -> View:
        """Return the tables that fit what is known of the text: its vector, or its words alone."""
        return self.whole if vector and self.whole is not None else self.lexical

    def kinds(self, seen: Seen, clauses: Floats | None) -> Floats:
        """Return a probability a kind, in the order of KINDS. ``clauses``: the vectors of the text's, if known."""
        like = None
        if seen.like is not None and clauses is not None and self.bags is not None:
            like = both_ways(seen.like, self.bags.likeness(clauses))
        view = self.view(vector=like is not None)
        return view.kinds.probabilities(like, seen.row, np.concatenate([seen.signals, tone_row(seen.text)]))

    def landings(self, clauses: Sequence[str], vectors: Floats | None) -> list[Floats]:
        """Return a probability a landing for each clause of one message, in the order of LANDINGS."""
        sorter = self.view(vector=vectors is not None).landings
        given: Sequence[Floats | None] = [None] * len(clauses) if vectors is None else list(in_context(vectors))
        return [
            sorter.probabilities(some, self.clause_grams.row(clause), None)
            for clause, some in zip(clauses, given, strict=True)
        ]

    def rank(self, seen: Seen, kinds: Floats, cosines: Floats, shares: Floats) -> Floats:
        """Return the gain to expect of every card, in the order of ``ids``.

        ``kinds``: a probability a kind. ``cosines`` and ``shares``: a card each, how near its best passage is by
        meaning and by words.
        """
        view = self.view(vector=seen.cosines is not None)
        learned = view.ranker.scores(seen.like, seen.row, np.concatenate([seen.signals, kinds]))
        parts = [learned, centred(cosines), centred(shares)]
        return np.asarray(sum(weight * part for weight, part in zip(view.stack, parts, strict=True)), np.float32)

    def nearest_exemplar(self, seen: Seen, card: str) -> str | None:
        """Return the nearest exemplar labelled with a card, shortened, if one is near."""
        labelled = np.flatnonzero(self.gains[:, self.place[card]] > 0)
        if seen.cosines is None or not len(labelled):
            return None
        best = labelled[seen.cosines[labelled].argmax()]
        return self.exemplar_texts[best] if seen.cosines[best] > 0.35 else None

    def telling_signal(self, seen: Seen, card: str) -> str | None:
        """Return the signal found that speaks most for a card, as words, if one does."""
        ranker = self.view(vector=seen.cosines is not None).ranker
        weights: Floats = ranker.more[: len(seen.signals), self.place[card]] * seen.signals
        best = int(weights.argmax())
        return signals.NAMES[best].replace("_", " ") if weights[best] > 0.02 else None

    def expected_gain(self, nearness: Floats) -> Floats:
        """Return the gain to expect of cards whose best passages are so near."""
        return np.asarray(np.interp(nearness, self.curve[0], self.curve[1]), np.float32)


def alike(cosines: Floats, width: float = 0.4) -> Floats:
    """Return likeness from 0 to 1, a Gaussian of the distance between unit vectors: exp((cosine - 1) / width)."""
    return np.asarray(np.exp((cosines - 1) / np.float32(width)), np.float32)


def both_ways(whole: Floats, clauses: Floats) -> Floats:
    """Return the likeness that tells kinds: as a whole, and twice as much clause by clause (see DECISIONS.md)."""
    return whole + 2 * clauses


def in_context(vectors: Floats) -> Floats:
    """Return, for the clauses of one message in order, their vectors beside those of what is around them.

    Four parts: the clause, the mean of all clauses, half the one before and half the one after.
    """
    none = np.zeros((1, vectors.shape[1]), np.float32)
    mean = np.broadcast_to(vectors.mean(axis=0), vectors.shape)
    before, after = np.concatenate([none, vectors[:-1]]), np.concatenate([vectors[1:], none])
    return np.concatenate([vectors, mean, before / 2, after / 2], axis=1)


def centred(values: Floats) -> Floats:
    """Return values less their mean: what sets a card apart from the others for this text."""
    return values - values.mean() if len(values) else values


def nearness(cosines: Floats, shares: Floats) -> Floats:
    """Return one number for how near passages are by meaning and by words."""
    return np.asarray(cosines + 0.3 * shares, np.float32)


def save_tables(tables: Tables, file: Path) -> None:
    """Write the tables as one npz file without pickles, in whole or not at all."""
    arrays: dict[str, Any] = {
        "about": _spelled({"stamps": dict(tables.stamps), "ids": tables.ids, "texts": tables.exemplar_texts}),
        "gains": tables.gains.astype(np.float16),
        "exemplar_vectors": tables.exemplar_vectors.astype(np.float16),
        "passage_vectors": tables.passage_vectors.astype(np.float16),
        "hashes": tables.hashes,
        "curve": tables.curve,
    }
    for name, grams in (("grams", tables.grams), ("clause_grams", tables.clause_grams)):
        arrays |= {f"{name}.{key}": value for key, value in grams.arrays().items()}
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
        clause_grams=Grams.load(_under(kept, "clause_grams")),
        lexical=_view(_under(kept, "lexical")),
        whole=_view(_under(kept, "whole")) if "whole.stack" in kept else None,
        exemplar_texts=tuple(about["texts"]),
        gains=_floats(kept["gains"]),
        exemplar_vectors=_floats(kept["exemplar_vectors"]),
        passage_vectors=_floats(kept["passage_vectors"]),
        hashes=kept["hashes"],
        bags=Bags.load(_under(kept, "bags")) if "bags.rows" in kept else None,
        curve=kept["curve"],
    )


def _view_arrays(view: View) -> dict[str, NDArray[Any]]:
    arrays: dict[str, NDArray[Any]] = {"stack": view.stack}
    for name, linear in (("kinds", view.kinds.linear), ("landings", view.landings.linear), ("ranker", view.ranker)):
        for part in ("dense", "grams", "more"):
            arrays[f"{name}.{part}"] = getattr(linear, part).astype(np.float16)
        arrays[f"{name}.bias"] = linear.bias
    for name, sorter in (("kinds", view.kinds), ("landings", view.landings)):
        arrays[f"{name}.mix"], arrays[f"{name}.shift"] = sorter.mix, sorter.shift
    return arrays


def _view(kept: dict[str, NDArray[Any]]) -> View:
    linears = {
        name: Linear(*(_floats(kept[f"{name}.{part}"]) for part in ("dense", "grams", "more", "bias")))
        for name in ("kinds", "landings", "ranker")
    }
    sorters = {
        name: Sorter(linears[name], kept[f"{name}.mix"], kept[f"{name}.shift"]) for name in ("kinds", "landings")
    }
    return View(sorters["kinds"], sorters["landings"], linears["ranker"], kept["stack"])


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
