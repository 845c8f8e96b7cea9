"""How the tables are learned from the exemplars: ridge regressions and their calibration, the same every time.

``python -m coach.knowledge.fit [FOLDER]`` makes the file that is shipped, ``exemplars/fitted.npz``. Whoever edits cards
or exemplars gets tables of their own in the data folder, by the same code.

Every number that weighs one part against another is set from predictions for exemplars that the part had not seen
(five folds). Dev cases are never read here. Imports scikit-learn and SciPy inside: they are slow and not needed to run.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from coach.coaching import clauses
from coach.domain.moments import Landed
from coach.domain.principles import Principle
from coach.knowledge.bm25 import WordSearch
from coach.knowledge.cards import load_cards, passages
from coach.knowledge.embedder import MiniLm
from coach.knowledge.exemplars import Exemplar, load_exemplars
from coach.knowledge.features import Floats, Grams, signal_row
from coach.knowledge.plain import plain, shortened
from coach.knowledge.stamping import exemplar_sources, stamps, text_hash
from coach.knowledge.tables import (
    KINDS,
    LANDINGS,
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

Doubles = NDArray[np.float64]
Progress = Callable[[int, int], None]
_FOLDS = 5
_HITS = 60
# Weights of parts against each other and of the ridges: chosen by five folds over the exemplars (see DECISIONS.md).
_SIGNALS, _KINDS, _GRAMS = 0.3, 0.5, 0.8
_RIDGE_KINDS, _RIDGE_RANKER, _RIDGE_LANDINGS = 3.0, 2.0, 4.0


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
        else _fit_landings(exemplars, embedder, progress)
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
            rows=grams.matrix(texts),
            signals=np.stack([signal_row(text) for text in texts]),
            vectors=vectors,
            passage_vectors=passage_vectors,
            cosines=best_of(vectors @ passage_vectors.T, owner, len(ids), _HITS) if embedder else none,
            shares=best_of(np.stack([words.scores(text) for text in texts]), owner, len(ids), None),
            folds=_folds(len(texts)),
        )


def embedded(
    texts: Sequence[str], embedder: Embedder, known: Mapping[int, Floats], progress: Progress | None
) -> Floats:
    """Return a vector a text, as ``plain`` spells it; ``known`` ones are not computed again."""
    spelled = [plain(text) for text in texts]
    keys = [text_hash(text) for text in texts]
    found = {key: known[key] for key in keys if key in known}
    new = [(key, text) for key, text in dict(zip(keys, spelled, strict=True)).items() if key not in found]
    for start in range(0, len(new), 64):
        some = new[start : start + 64]
        vectors = np.asarray(embedder.embed([text for _, text in some]), np.float32)
        found.update(zip((key for key, _ in some), vectors, strict=True))
        if progress and len(new) > 100:
            progress(min(start + 64, len(new)), len(new))
    # What is kept is half as exact; use it so from the start, so that a first and a later start agree.
    return np.stack([found[key] for key in keys]).astype(np.float16).astype(np.float32)


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


def _folds(n: int) -> NDArray[np.int64]:
    return np.random.default_rng(7).permutation(n) % _FOLDS


# ---- ridge regression (Hoerl & Kennard, 1970), in its dual form when there are more features than texts


def ridge(features: Floats, targets: Floats, penalty: float, weights: Floats | None = None) -> tuple[Doubles, Doubles]:
    """Return weights (features × outputs) and the mean target, for features used as they are."""
    weight = np.ones(len(features)) if weights is None else weights.astype(float)
    mean = (targets * weight[:, None]).sum(axis=0) / weight.sum()
    root = np.sqrt(weight)[:, None].astype(np.float32)
    x, y = features * root, (targets - mean) * root
    if len(x) < x.shape[1]:
        kernel = (x @ x.T).astype(float)
        return x.T @ np.linalg.solve(kernel + penalty * np.eye(len(x)), y), mean
    square = (x.T @ x).astype(float)
    return np.linalg.solve(square + penalty * np.eye(len(square)), x.T @ y), mean


def unseen(
    features: Floats, targets: Floats, penalty: float, folds: NDArray[np.int64], weights: Floats | None = None
) -> Floats:
    """Return predictions for every row by a ridge that has not seen its fold."""
    found = np.zeros(targets.shape, np.float32)
    for fold in range(_FOLDS):
        out = folds == fold
        table, mean = ridge(features[~out], targets[~out], penalty, None if weights is None else weights[~out])
        found[out] = features[out] @ table + mean
    return found


def calibrated(
    scores: Floats, truth: NDArray[np.int64], classes: int, weights: Floats | None = None
) -> tuple[Floats, Floats]:
    """Return the matrix and shift that turn unseen scores into log odds (multinomial logistic regression)."""
    from sklearn.linear_model import LogisticRegression

    judge = LogisticRegression(C=30.0, max_iter=2000).fit(scores, truth, sample_weight=weights)
    mix = np.zeros((scores.shape[1], classes), np.float32)
    shift = np.full(classes, -20.0, np.float32)
    if len(judge.classes_) == 2:
        mix[:, judge.classes_[1]], shift[judge.classes_] = judge.coef_[0], [0.0, judge.intercept_[0]]
    else:
        mix[:, judge.classes_], shift[judge.classes_] = judge.coef_.T, judge.intercept_
    return mix, shift


def softmax(logits: Floats) -> Floats:
    """Return rows of probabilities."""
    powers = np.exp(logits - logits.max(axis=1, keepdims=True))
    return np.asarray(powers / powers.sum(axis=1, keepdims=True), np.float32)


# ---- kinds and the ranker


def _fit_view(lesson: _Lesson, vectors: Floats | None, landings: Sorter) -> View:
    kinds, likely = _fit_kinds(lesson, vectors)
    ranker, guessed = _fit_ranker(lesson, vectors, likely)
    return View(kinds, landings, ranker, _fit_stack(lesson, vectors, guessed))


def _joined(*parts: tuple[Floats | None, float]) -> Floats:
    return np.concatenate([part * np.float32(scale) for part, scale in parts if part is not None], axis=1)


def _linear(table: Doubles, mean: Doubles, widths: tuple[int, int], scales: Sequence[tuple[int, float]]) -> Linear:
    """Cut a ridge's table into its parts; ``widths`` are those of vectors and n-grams, ``scales`` those of extras."""
    dense, grams, more = np.split(table.astype(np.float32), np.cumsum(widths))
    factors = np.concatenate(
        [np.full(width, scale, np.float32) for width, scale in scales] or [np.zeros(0, np.float32)]
    )
    return Linear(dense, grams, more * factors[:, None], mean.astype(np.float32))


def _fit_kinds(lesson: _Lesson, vectors: Floats | None) -> tuple[Sorter, Floats]:
    """Return the kinds table, and every exemplar's probabilities from tables that had not seen it."""
    features = _joined((vectors, 1), (lesson.rows, 1), (lesson.signals, _SIGNALS))
    scores = unseen(features, lesson.kinds, _RIDGE_KINDS, lesson.folds)
    truth = lesson.kinds.argmax(axis=1)
    mix, shift = calibrated(scores, truth, len(KINDS))
    likely = np.zeros_like(scores)
    for fold in range(_FOLDS):
        out = lesson.folds == fold
        one_mix, one_shift = calibrated(scores[~out], truth[~out], len(KINDS))
        likely[out] = softmax(scores[out] @ one_mix + one_shift)
    table, mean = ridge(features, lesson.kinds, _RIDGE_KINDS)
    widths = (0 if vectors is None else vectors.shape[1], lesson.rows.shape[1])
    linear = _linear(table, mean, widths, [(lesson.signals.shape[1], _SIGNALS)])
    return Sorter(linear, mix, shift), likely


def _fit_ranker(lesson: _Lesson, vectors: Floats | None, likely: Floats) -> tuple[Linear, Floats]:
    """Return the ranker, and its unseen scores; only exemplars with labels teach it."""
    scope = lesson.scope
    features = _joined((vectors, 1), (lesson.rows, 1), (lesson.signals, _SIGNALS), (likely, _KINDS))[scope]
    scores = unseen(features, lesson.gains[scope], _RIDGE_RANKER, lesson.folds[scope])
    table, mean = ridge(features, lesson.gains[scope], _RIDGE_RANKER)
    widths = (0 if vectors is None else vectors.shape[1], lesson.rows.shape[1])
    scales = [(lesson.signals.shape[1], _SIGNALS), (likely.shape[1], _KINDS)]
    return _linear(table, mean, widths, scales), scores


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


# ---- landings


def marked_clauses(exemplar: Exemplar) -> list[tuple[str, Landed | None]]:
    """Return the clauses of an exemplar, each with how its moment landed, or None where it is no moment.

    A clause belongs to the mark that it shares most letters with, if that is half of either.
    """
    found: list[tuple[str, Landed | None]] = []
    for start, end in clauses.split(exemplar.text):
        shares = [(min(end, mark.end) - max(start, mark.start), mark) for mark in exemplar.moments]
        best = max(shares, key=lambda pair: pair[0], default=None)
        landed = None
        if best is not None and 2 * best[0] >= min(end - start, best[1].end - best[1].start):
            landed = best[1].landed
        found.append((exemplar.text[start:end], landed))
    return found


def _fit_landings(
    exemplars: Sequence[Exemplar], embedder: Embedder | None, progress: Progress | None
) -> tuple[Grams, tuple[Sorter, Sorter | None]]:
    """Return the n-grams of clauses and the tables of landings, without and with vectors."""
    pairs, message = [], []
    for number, exemplar in enumerate(exemplars):
        some = marked_clauses(exemplar)
        pairs += some
        message += [number] * len(some)
    texts = [text for text, _ in pairs]
    truth = np.array([LANDINGS.index(landed) for _, landed in pairs])
    folds = _folds(len(exemplars))[np.array(message)]
    grams = Grams.learn(texts, (4, 10), 1500, 0.7)
    rows = grams.matrix(texts)
    lexical = _fit_landing(_joined((rows, 1)), truth, folds, (0, rows.shape[1]))
    if embedder is None:
        return grams, (lexical, None)
    vectors = embedded(texts, embedder, {}, progress)
    whole = _fit_landing(_joined((vectors, 1), (rows, 1)), truth, folds, (vectors.shape[1], rows.shape[1]))
    return grams, (lexical, whole)


def _fit_landing(
    features: Floats, truth: NDArray[np.int64], folds: NDArray[np.int64], widths: tuple[int, int]
) -> Sorter:
    targets = np.eye(len(LANDINGS), dtype=np.float32)[truth]
    scores = unseen(features, targets, _RIDGE_LANDINGS, folds)
    mix, shift = calibrated(scores, truth, len(LANDINGS))
    table, mean = ridge(features, targets, _RIDGE_LANDINGS)
    return Sorter(_linear(table, mean, widths, []), mix, shift)


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
