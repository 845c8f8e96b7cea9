"""How the tables are learned from the exemplars: ridge regressions and their calibration, the same every time.

``python -m coach.knowledge.fit [FOLDER]`` (``make fit``) brings the shipped file, ``exemplars/fitted.npz``, up to
date. Whoever edits cards or exemplars gets tables of their own in the data folder, by the same code.

Every number that weighs one part against another is set from predictions for exemplars that the part had not seen
(five folds). Dev cases are never read here. Imports scikit-learn and SciPy inside: they are slow and not needed to run.
"""

from __future__ import annotations

import os
import sys
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

from coach.domain import letters
from coach.domain.principles import Principle
from coach.knowledge.bags import Bags
from coach.knowledge.cards import load_cards
from coach.knowledge.embedder import MiniLm
from coach.knowledge.exemplars import Exemplar, load_exemplars
from coach.knowledge.features import Floats, Progress, embedded, found_in, text_hash
from coach.knowledge.lesson import Lesson
from coach.knowledge.lines import Lines
from coach.knowledge.plain import shortened
from coach.knowledge.ridge import FOLDS, Part, Ridge, calibrated, ridge_by_rows, softmax
from coach.knowledge.stamps import exemplar_sources, fits, rows_stamp, stamps
from coach.knowledge.tables import (
    KINDS,
    Linear,
    Sorter,
    Tables,
    View,
    alike,
    both_ways,
    centred,
    load_tables,
    nearness,
    save_tables,
    utf8,
)
from coach.ports import Embedder

# Weights of parts against each other and of the ridges: chosen by five folds over the exemplars (see DECISIONS.md).
_LIKENESS, _TONES, _KINDS = 2.0, 0.1, 0.25
_RIDGE_KINDS, _RIDGE_RANKER = 1.0, 2.0


def fit(
    cards: Sequence[Principle],
    exemplars: Sequence[Exemplar],
    stamped: Mapping[str, str],
    embedder: Embedder | None,
    before: Tables | None = None,
    progress: Progress | None = None,
) -> Tables:
    """Learn all tables. Vectors (and bags) of ``before`` are used again where texts are the same.

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
    every, exemplars = exemplars, [exemplar for exemplar in exemplars if not exemplar.fragment]
    lesson = Lesson.of(ranked, exemplars, embedder, _known_vectors(before, stamped), progress)
    bags = _bags_before(before, stamped) or _bags(exemplars, embedder, progress)
    lexical = _fit_view(lesson, None, None)
    whole = None
    if bags is not None:
        like = alike(lesson.vectors @ lesson.vectors.T)
        whole = _fit_view(lesson, like, both_ways(like, bags.square()))
    return Tables(
        stamps={**stamped, "rows": rows_stamp(found_in([exemplar.text for exemplar in every]))},
        ids=lesson.ids,
        grams=lesson.grams,
        lexical=lexical,
        whole=whole,
        exemplar_texts=utf8([shortened(exemplar.text) for exemplar in exemplars]),
        gains=lesson.gains,
        exemplar_vectors=lesson.vectors,
        passage_vectors=lesson.passage_vectors,
        hashes=np.array([*map(text_hash, lesson.texts), *map(text_hash, lesson.passages)], np.uint64),
        bags=bags,
        curve=_curve(lesson),
        lines=Lines.learn(every, lesson.grams, embedder, progress),
    )


def _bags_before(before: Tables | None, stamped: Mapping[str, str]) -> Bags | None:
    """Return the bags of the same exemplars by the same embedder from before, if there are any."""
    if before is None or any(before.stamps[of] != stamped[of] for of in ("exemplars", "embedder")):
        return None
    return before.bags


def _bags(exemplars: Sequence[Exemplar], embedder: Embedder | None, progress: Progress | None) -> Bags | None:
    """Return the exemplars' clauses by their vectors, embedding each; None where nothing can be embedded."""
    if embedder is None:
        return None
    clauses = [
        [exemplar.text[a:b] for a, b in letters.clauses(exemplar.text)] or [exemplar.text] for exemplar in exemplars
    ]
    vectors = embedded([text for some in clauses for text in some], embedder, {}, progress)
    return Bags.of(np.split(vectors, np.cumsum([len(some) for some in clauses])[:-1]))


def _known_vectors(before: Tables | None, stamped: Mapping[str, str]) -> dict[int, Floats]:
    if before is None or before.stamps["embedder"] != stamped["embedder"] or not len(before.exemplar_vectors):
        return {}
    vectors = np.concatenate([before.exemplar_vectors, before.passage_vectors])
    return dict(zip(map(int, before.hashes), vectors, strict=True))


# ---- kinds and the ranker


def _fit_view(lesson: Lesson, like: Floats | None, told_like: Floats | None) -> View:
    kinds, likely = _fit_kinds(lesson, told_like)
    ranker, guessed = _fit_ranker(lesson, like, likely)
    return View(kinds, ranker, _fit_stack(lesson, like, guessed))


def _parts(lesson: Lesson, like: Floats | None, rows: NDArray[np.bool_]) -> list[Part]:
    """Return n-grams of some rows, and their likeness to each other if it is known."""
    square = np.ix_(rows, rows)
    parts = [Part(lesson.rows[rows], 1.0, lesson.kernel[square])]
    return parts if like is None else [*parts, Part(None, _LIKENESS, like[square])]


def _fit_kinds(lesson: Lesson, like: Floats | None) -> tuple[Sorter, Floats]:
    """Return the kinds table, and every exemplar's probabilities from tables that had not seen it."""
    every = np.ones(len(lesson.texts), bool)
    parts = _parts(lesson, like, every)
    parts.insert(1, Part(lesson.tones, _TONES))
    ridge = ridge_by_rows(parts, lesson.kinds, _RIDGE_KINDS, lesson.folds)
    truth = lesson.kinds.argmax(axis=1)
    likely = np.zeros_like(ridge.unseen)
    for fold in range(FOLDS):
        out = lesson.folds == fold
        mix, shift = calibrated(ridge.unseen[~out], truth[~out], len(KINDS))
        likely[out] = softmax(ridge.unseen[out] @ mix + shift)
    linear = _linear(ridge, every)
    return Sorter(linear, *calibrated(ridge.unseen, truth, len(KINDS))), likely


def _fit_ranker(lesson: Lesson, like: Floats | None, likely: Floats) -> tuple[Linear, Floats]:
    """Return the ranker, and its unseen scores; only exemplars with labels teach it."""
    scope = lesson.scope
    parts = _parts(lesson, like, scope)
    parts.insert(1, Part(likely[scope], _KINDS))
    ridge = ridge_by_rows(parts, lesson.gains[scope], _RIDGE_RANKER, lesson.folds[scope])
    return _linear(ridge, scope), ridge.unseen


_LIKE = 2
"""The place of likeness among a ridge's tables, after n-grams and extras."""


def _linear(ridge: Ridge, rows: NDArray[np.bool_]) -> Linear:
    """Put a ridge's tables where they are used: n-grams, extras, then likeness if it is there.

    Exemplars that did not teach (``rows`` False) get weights of zero.
    """
    dense = np.zeros((0, len(ridge.mean)), np.float32)
    if len(ridge.tables) > _LIKE:
        dense = np.zeros((len(rows), len(ridge.mean)), np.float32)
        dense[rows] = ridge.tables[_LIKE]
    return Linear(dense, ridge.tables[0], ridge.tables[1], ridge.mean)


def _fit_stack(lesson: Lesson, like: Floats | None, guessed: Floats) -> Floats:
    """Return the weights of ranker, cosines and shares: non-negative least squares on unseen scores."""
    from scipy.optimize import nnls

    scope = lesson.scope
    shares = np.stack([centred(row) for row in lesson.shares[scope]])
    cosines = np.zeros_like(shares) if like is None else np.stack([centred(row) for row in lesson.cosines[scope]])
    columns = np.stack([part.ravel() for part in (guessed, cosines, shares)], axis=1)
    weights, _ = nnls(columns.astype(float), lesson.gains[scope].ravel())
    return np.asarray(weights, np.float32)


def _curve(lesson: Lesson) -> Floats:
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
    """Bring the shipped tables of a knowledge folder up to date: fit them again, or no more than stamp them.

    Patterns that were only put another way find the same in every exemplar, and the same tables would be learned.
    """
    folder = Path(arguments[0]) if arguments else Path(__file__).parents[2] / "knowledge"
    cards = load_cards(folder)
    exemplars = load_exemplars(folder / "exemplars", [card.id for card in cards])
    embedder = MiniLm(folder / "minilm" / "tokenizer.json")
    embedder.check()
    stamped = stamps(cards, exemplar_sources(folder / "exemplars"), embedder)
    file = folder / "exemplars" / "fitted.npz"
    before = _kept(file)
    if before is not None and fits(before.stamps, stamped):
        print(f"{file.name} is up to date. (When fitting itself changes, raise VERSION in tables.py.)")
        return
    if before is not None and fits({**before.stamps, "features": stamped["features"]}, stamped):
        print("Only patterns of features have changed: looking whether they find anything else in the exemplars ...")
        if before.stamps.get("rows") == rows_stamp(found_in([exemplar.text for exemplar in exemplars])):
            save_tables(replace(before, stamps={**before.stamps, **stamped}), file)
            print(f"{file.name}: they do not, so it got a new stamp and nothing was fitted again.")
            return
    save_tables(fit(cards, exemplars, stamped, embedder, progress=_tell), file)
    print(f"{file.name}: {len(exemplars)} exemplars, {len(cards)} cards, {file.stat().st_size / 1e6:.1f} MB")


def _kept(file: Path) -> Tables | None:
    try:
        return load_tables(file)
    except (OSError, ValueError, KeyError, zipfile.BadZipFile):
        return None


def _tell(done: int, total: int) -> None:
    if done == total or not done % 640:
        print(f"{done} of {total} texts", flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
