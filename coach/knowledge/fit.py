"""How the tables are learned from the exemplars: ridge regressions and their calibration, the same every time.

``python -m coach.knowledge.fit [FOLDER]`` makes the file that is shipped, ``exemplars/fitted.npz``. Whoever edits cards
or exemplars gets tables of their own in the data folder, by the same code.

Every number that weighs one part against another is set from predictions for exemplars that the part had not seen
(five folds). Dev cases are never read here. Imports scikit-learn and SciPy inside: they are slow and not needed to run.
"""

from __future__ import annotations

import math
import os
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

from coach.domain.principles import Principle
from coach.knowledge.bm25 import WordSearch
from coach.knowledge.cards import load_cards, passages
from coach.knowledge.embedder import MiniLm
from coach.knowledge.exemplars import Exemplar, load_exemplars
from coach.knowledge.features import Floats, Grams, Progress, embedded, signal_row, text_hash, tone_row
from coach.knowledge.landings import Told, fit_landings
from coach.knowledge.plain import shortened
from coach.knowledge.ridge import FOLDS, Part, Ridge, calibrated, folds_of, ridge_by_rows, softmax
from coach.knowledge.stamps import exemplar_sources, stamps
from coach.knowledge.tables import (
    KINDS,
    Linear,
    Sorter,
    Tables,
    View,
    alike,
    both_ways,
    centred,
    nearness,
    save_tables,
)
from coach.ports import Embedder

_HITS = 60
# Weights of parts against each other and of the ridges: chosen by five folds over the exemplars (see DECISIONS.md).
_LIKENESS, _SIGNALS, _TONES, _KINDS, _GRAMS = 2.0, 0.09, 0.1, 0.25, 0.8
_RIDGE_KINDS, _RIDGE_RANKER = 1.0, 2.0


def fit(
    cards: Sequence[Principle],
    exemplars: Sequence[Exemplar],
    stamped: Mapping[str, str],
    embedder: Embedder | None,
    before: Tables | None = None,
    progress: Progress | None = None,
) -> Tables:
    """Learn all tables. Vectors (and clause tables) of ``before`` are used again where texts are the same.

    Raises KnowledgeTrouble when the embedder does.
    """
    with threadpool_limits(limits=os.cpu_count(), user_api="blas"):
        return _fitted(cards, exemplars, stamped, embedder, before, progress)


def _fitted(
    cards: Sequence[Principle],
    exemplars: Sequence[Exemplar],
    stamped: Mapping[str, str],
    embedder: Embedder | None,
    before: Tables | None,
    progress: Progress | None,
) -> Tables:
    ranked = [card for card in cards if not card.evidence]
    lesson = _Lesson.of(ranked, exemplars, embedder, _known_vectors(before, stamped), progress)
    told = _told_before(before, stamped) or fit_landings(exemplars, embedder, progress)
    lexical = _fit_view(lesson, None, None, told.lexical)
    whole = None
    if told.whole is not None and told.bags is not None:
        like = alike(lesson.vectors @ lesson.vectors.T)
        whole = _fit_view(lesson, like, both_ways(like, told.bags.square()), told.whole)
    return Tables(
        stamps=dict(stamped),
        ids=lesson.ids,
        grams=lesson.grams,
        clause_grams=told.grams,
        lexical=lexical,
        whole=whole,
        exemplar_texts=tuple(shortened(exemplar.text) for exemplar in exemplars),
        gains=lesson.gains,
        exemplar_vectors=lesson.vectors,
        passage_vectors=lesson.passage_vectors,
        hashes=np.array([*map(text_hash, lesson.texts), *map(text_hash, lesson.passages)], np.uint64),
        bags=told.bags,
        curve=_curve(lesson),
    )


def _told_before(before: Tables | None, stamped: Mapping[str, str]) -> Told | None:
    """Return what was learned from the same clauses by the same embedder before, if it was."""
    if before is None or any(before.stamps[of] != stamped[of] for of in ("exemplars", "embedder")):
        return None
    whole = None if before.whole is None else before.whole.landings
    return Told(before.clause_grams, before.lexical.landings, whole, before.bags)


def target(labels: Sequence[str], ids: Sequence[str]) -> Floats:
    """Return a gain a card: 1 for the first label, less by the discount of nDCG for each one after it."""
    row = np.zeros(len(ids), np.float32)
    for place, label in enumerate(labels):
        if label in ids:
            row[ids.index(label)] = 1 / math.log2(place + 2)
    return row


@dataclass(frozen=True)
class _Lesson:
    """The exemplars as arrays: a row each, in their order."""

    ids: tuple[str, ...]
    texts: tuple[str, ...]
    passages: tuple[str, ...]
    gains: Floats
    scope: NDArray[np.bool_]
    kinds: Floats
    grams: Grams
    rows: Floats
    kernel: Floats
    signals: Floats
    tones: Floats
    vectors: Floats
    passage_vectors: Floats
    cosines: Floats
    shares: Floats
    folds: NDArray[np.int64]

    @classmethod
    def of(
        cls,
        cards: Sequence[Principle],
        exemplars: Sequence[Exemplar],
        embedder: Embedder | None,
        known: Mapping[int, Floats],
        progress: Progress | None,
    ) -> _Lesson:
        ids = tuple(card.id for card in cards)
        texts = tuple(exemplar.text for exemplar in exemplars)
        views = passages(cards)
        grams = Grams.learn(texts, (2, 4), 6000, _GRAMS)
        rows = grams.matrix(texts)
        none = np.zeros((0, 0), np.float32)
        vectors = embedded(texts, embedder, known, progress) if embedder else none
        passage_vectors = embedded([view.text for view in views], embedder, known, progress) if embedder else none
        words = WordSearch.build([view.text for view in views])
        owner = np.array([ids.index(view.principle_id) for view in views])
        return cls(
            ids=ids,
            texts=texts,
            passages=tuple(view.text for view in views),
            gains=np.stack([target(exemplar.principles, ids) for exemplar in exemplars]),
            scope=np.array([bool(exemplar.principles) for exemplar in exemplars]),
            kinds=np.array([[exemplar.kind is kind for kind in KINDS] for exemplar in exemplars], np.float32),
            grams=grams,
            rows=rows,
            kernel=rows @ rows.T,
            signals=np.stack([signal_row(text) for text in texts]),
            tones=np.stack([tone_row(text) for text in texts]),
            vectors=vectors,
            passage_vectors=passage_vectors,
            cosines=best_of(vectors @ passage_vectors.T, owner, len(ids), _HITS) if embedder else none,
            shares=best_of(np.stack([words.scores(text) for text in texts]), owner, len(ids), None),
            folds=folds_of(len(texts)),
        )


def best_of(scores: Floats, owner: NDArray[np.int64], cards: int, hits: int | None) -> Floats:
    """Return each card's best score, a row a text; with ``hits`` only so many passages count, as a search gives them.

    A card with no passage among them gets the lowest score that is.
    """
    if hits is not None and hits < scores.shape[1]:
        floor = np.partition(scores, -hits, axis=1)[:, [-hits]]
        scores = np.where(scores >= floor, scores, floor)
    best = np.full((len(scores), cards), -1.0, np.float32)
    for card in range(cards):
        best[:, card] = scores[:, owner == card].max(axis=1)
    return best


def _known_vectors(before: Tables | None, stamped: Mapping[str, str]) -> dict[int, Floats]:
    if before is None or before.stamps["embedder"] != stamped["embedder"] or not len(before.exemplar_vectors):
        return {}
    vectors = np.concatenate([before.exemplar_vectors, before.passage_vectors])
    return dict(zip(map(int, before.hashes), vectors, strict=True))


# ---- kinds and the ranker


def _fit_view(lesson: _Lesson, like: Floats | None, told_like: Floats | None, landings: Sorter) -> View:
    kinds, likely = _fit_kinds(lesson, told_like)
    ranker, guessed = _fit_ranker(lesson, like, likely)
    return View(kinds, landings, ranker, _fit_stack(lesson, like, guessed))


def _parts(lesson: _Lesson, like: Floats | None, rows: NDArray[np.bool_]) -> list[Part]:
    """Return n-grams and signals of some rows, and their likeness to each other if it is known."""
    square = np.ix_(rows, rows)
    parts = [Part(lesson.rows[rows], 1.0, lesson.kernel[square]), Part(lesson.signals[rows], _SIGNALS)]
    return parts if like is None else [*parts, Part(None, _LIKENESS, like[square])]


def _fit_kinds(lesson: _Lesson, like: Floats | None) -> tuple[Sorter, Floats]:
    """Return the kinds table, and every exemplar's probabilities from tables that had not seen it."""
    every = np.ones(len(lesson.texts), bool)
    parts = _parts(lesson, like, every)
    parts.insert(2, Part(lesson.tones, _TONES))
    ridge = ridge_by_rows(parts, lesson.kinds, _RIDGE_KINDS, lesson.folds)
    truth = lesson.kinds.argmax(axis=1)
    likely = np.zeros_like(ridge.unseen)
    for fold in range(FOLDS):
        out = lesson.folds == fold
        mix, shift = calibrated(ridge.unseen[~out], truth[~out], len(KINDS))
        likely[out] = softmax(ridge.unseen[out] @ mix + shift)
    linear = _linear(ridge, every, signals=2, like=3)
    return Sorter(linear, *calibrated(ridge.unseen, truth, len(KINDS))), likely


def _fit_ranker(lesson: _Lesson, like: Floats | None, likely: Floats) -> tuple[Linear, Floats]:
    """Return the ranker, and its unseen scores; only exemplars with labels teach it."""
    scope = lesson.scope
    parts = _parts(lesson, like, scope)
    parts.insert(2, Part(likely[scope], _KINDS))
    ridge = ridge_by_rows(parts, lesson.gains[scope], _RIDGE_RANKER, lesson.folds[scope])
    return _linear(ridge, scope, signals=2, like=3), ridge.unseen


def _linear(ridge: Ridge, rows: NDArray[np.bool_], *, signals: int, like: int) -> Linear:
    """Put a ridge's tables where they are used: n-grams first, then so many of extras, then likeness if it is there.

    Exemplars that did not teach (``rows`` False) get weights of zero.
    """
    dense = np.zeros((0, len(ridge.mean)), np.float32)
    if len(ridge.tables) > like:
        dense = np.zeros((len(rows), len(ridge.mean)), np.float32)
        dense[rows] = ridge.tables[like]
    return Linear(dense, ridge.tables[0], np.concatenate(ridge.tables[1 : 1 + signals]), ridge.mean)


def _fit_stack(lesson: _Lesson, like: Floats | None, guessed: Floats) -> Floats:
    """Return the weights of ranker, cosines and shares: non-negative least squares on unseen scores."""
    from scipy.optimize import nnls

    scope = lesson.scope
    shares = np.stack([centred(row) for row in lesson.shares[scope]])
    cosines = np.zeros_like(shares) if like is None else np.stack([centred(row) for row in lesson.cosines[scope]])
    columns = np.stack([part.ravel() for part in (guessed, cosines, shares)], axis=1)
    weights, _ = nnls(columns.astype(float), lesson.gains[scope].ravel())
    return np.asarray(weights, np.float32)


def _curve(lesson: _Lesson) -> Floats:
    """Return (nearness, mean gain) at twelve quantiles of cards' nearness, never falling; 1 for the same words."""
    cosines = lesson.cosines if len(lesson.cosines) else np.zeros_like(lesson.shares)
    near = nearness(cosines[lesson.scope], lesson.shares[lesson.scope]).ravel()
    gains = lesson.gains[lesson.scope].ravel()
    groups = np.array_split(np.argsort(near, kind="stable"), 12)
    xs = np.array([near[group].mean() for group in groups])
    ys = np.maximum.accumulate(np.array([gains[group].mean() for group in groups]))
    top = 1.3 if len(lesson.cosines) else 0.3
    return np.array([[*xs, max(top, xs[-1] + 0.1)], [*ys, 1.0]], np.float32)


def main(arguments: Sequence[str]) -> None:
    """Fit the shipped tables for a knowledge folder and write them into it."""
    folder = Path(arguments[0]) if arguments else Path(__file__).parents[2] / "knowledge"
    cards = load_cards(folder)
    exemplars = load_exemplars(folder / "exemplars", [card.id for card in cards])
    embedder = MiniLm(folder / "minilm" / "tokenizer.json")
    embedder.check()
    stamped = stamps(cards, exemplar_sources(folder / "exemplars"), embedder)
    file = folder / "exemplars" / "fitted.npz"
    save_tables(fit(cards, exemplars, stamped, embedder, progress=_tell), file)
    print(f"{file.name}: {len(exemplars)} exemplars, {len(cards)} cards, {file.stat().st_size / 1e6:.1f} MB")


def _tell(done: int, total: int) -> None:
    if done == total or not done % 640:
        print(f"{done} of {total} texts", flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
