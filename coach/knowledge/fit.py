"""How the tables are learned from the exemplars: ridge regressions and their calibration, the same every time.

``python -m coach.knowledge.fit [FOLDER]`` makes the file that is shipped, ``exemplars/fitted.npz``. Whoever edits cards
or exemplars gets tables of their own in the data folder, by the same code.

Every number that weighs one part against another is set from predictions for exemplars that the part had not seen
(five folds). Dev cases are never read here. Imports scikit-learn and SciPy inside: they are slow and not needed to run.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from coach.domain.principles import Principle
from coach.knowledge.bm25 import WordSearch
from coach.knowledge.cards import load_cards, passages
from coach.knowledge.embedder import MiniLm
from coach.knowledge.exemplars import Exemplar, load_exemplars
from coach.knowledge.features import Floats, Grams, Progress, embedded, signal_row, text_hash
from coach.knowledge.landings import fit_landings
from coach.knowledge.plain import shortened
from coach.knowledge.ridge import FOLDS, Part, calibrated, folds_of, ridge_by_rows, softmax
from coach.knowledge.stamping import exemplar_sources, stamps
from coach.knowledge.tables import (
    KINDS,
    Linear,
    Sorter,
    Tables,
    View,
    centred,
    nearest_gains,
    nearness,
    save_tables,
)
from coach.ports import Embedder

_HITS = 60
# Weights of parts against each other and of the ridges: chosen by five folds over the exemplars (see DECISIONS.md).
_SIGNALS, _KINDS, _GRAMS = 0.3, 0.5, 0.8
_RIDGE_KINDS, _RIDGE_RANKER = 3.0, 2.0


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
    ranked = [card for card in cards if not card.evidence]
    lesson = _Lesson.of(ranked, exemplars, embedder, _known_vectors(before, stamped), progress)
    same_clauses = before is not None and before.stamps["exemplars"] == stamped["exemplars"]
    same_clauses = same_clauses and before is not None and before.stamps["embedder"] == stamped["embedder"]
    clause_grams, landings = (
        (before.clause_grams, (before.lexical.landings, before.whole.landings if before.whole else None))
        if same_clauses and before is not None
        else fit_landings(exemplars, embedder, progress)
    )
    lexical = _fit_view(lesson, None, landings[0])
    whole = None if embedder is None or landings[1] is None else _fit_view(lesson, lesson.vectors, landings[1])
    return Tables(
        stamps=dict(stamped),
        ids=lesson.ids,
        grams=lesson.grams,
        clause_grams=clause_grams,
        lexical=lexical,
        whole=whole,
        exemplar_texts=tuple(shortened(exemplar.text) for exemplar in exemplars),
        gains=lesson.gains,
        exemplar_vectors=lesson.vectors,
        passage_vectors=lesson.passage_vectors,
        hashes=np.array([*map(text_hash, lesson.texts), *map(text_hash, lesson.passages)], np.uint64),
        curve=_curve(lesson),
    )


def target(labels: Sequence[str], ids: Sequence[str]) -> Floats:
    """Return a gain a card: the mean of (n - place) / n and of (2^(n-place) - 1) / (2^n - 1), 1 for the first label."""
    row = np.zeros(len(ids), np.float32)
    n = len(labels)
    for place, label in enumerate(labels):
        if label in ids:
            row[ids.index(label)] = ((n - place) / n + (2 ** (n - place) - 1) / (2**n - 1)) / 2
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


def _fit_view(lesson: _Lesson, vectors: Floats | None, landings: Sorter) -> View:
    kinds, likely = _fit_kinds(lesson, vectors)
    ranker, guessed = _fit_ranker(lesson, vectors, likely)
    return View(kinds, landings, ranker, _fit_stack(lesson, vectors, guessed))


def _parts(lesson: _Lesson, vectors: Floats | None, rows: NDArray[np.bool_]) -> list[Part]:
    """Return vectors (or none), n-grams and signals of some rows."""
    none = np.zeros((int(rows.sum()), 0), np.float32)
    return [
        Part(none if vectors is None else vectors[rows], 1.0),
        Part(lesson.rows[rows], 1.0, lesson.kernel[np.ix_(rows, rows)]),
        Part(lesson.signals[rows], _SIGNALS),
    ]


def _fit_kinds(lesson: _Lesson, vectors: Floats | None) -> tuple[Sorter, Floats]:
    """Return the kinds table, and every exemplar's probabilities from tables that had not seen it."""
    every = np.ones(len(lesson.texts), bool)
    ridge = ridge_by_rows(_parts(lesson, vectors, every), lesson.kinds, _RIDGE_KINDS, lesson.folds)
    truth = lesson.kinds.argmax(axis=1)
    likely = np.zeros_like(ridge.unseen)
    for fold in range(FOLDS):
        out = lesson.folds == fold
        mix, shift = calibrated(ridge.unseen[~out], truth[~out], len(KINDS))
        likely[out] = softmax(ridge.unseen[out] @ mix + shift)
    dense, grams, signals = ridge.tables
    linear = Linear(dense, grams, signals, ridge.mean)
    return Sorter(linear, *calibrated(ridge.unseen, truth, len(KINDS))), likely


def _fit_ranker(lesson: _Lesson, vectors: Floats | None, likely: Floats) -> tuple[Linear, Floats]:
    """Return the ranker, and its unseen scores; only exemplars with labels teach it."""
    scope = lesson.scope
    parts = [*_parts(lesson, vectors, scope), Part(likely[scope], _KINDS)]
    ridge = ridge_by_rows(parts, lesson.gains[scope], _RIDGE_RANKER, lesson.folds[scope])
    dense, grams, signals, kinds = ridge.tables
    return Linear(dense, grams, np.concatenate([signals, kinds]), ridge.mean), ridge.unseen


def _fit_stack(lesson: _Lesson, vectors: Floats | None, guessed: Floats) -> Floats:
    """Return the weights of ranker, neighbours, cosines and shares: non-negative least squares on unseen scores."""
    from scipy.optimize import nnls

    scope = lesson.scope
    parts = [guessed]
    if vectors is not None:
        parts.append(neighbours_unseen(vectors[scope], lesson.gains[scope]))
        parts.append(np.stack([centred(row) for row in lesson.cosines[scope]]))
    parts.append(np.stack([centred(row) for row in lesson.shares[scope]]))
    found, _ = nnls(np.stack([part.ravel() for part in parts], axis=1).astype(float), lesson.gains[scope].ravel())
    weights = found if vectors is not None else np.array([found[0], 0.0, 0.0, found[1]])
    return weights.astype(np.float32)


def neighbours_unseen(vectors: Floats, gains: Floats) -> Floats:
    """Return what the nearest other exemplars say of every exemplar."""
    cosines = vectors @ vectors.T
    np.fill_diagonal(cosines, -2.0)
    return np.stack([nearest_gains(row, gains) for row in cosines])


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
