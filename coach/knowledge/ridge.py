"""Ridge regressions (Hoerl & Kennard, 1970) whose predictions for unseen rows come with them, and their calibration.

Knows matrices. Does not know exemplars. Imports scikit-learn inside: it is slow and only fitting needs it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from coach.knowledge.features import Floats

FOLDS = 5


@dataclass(frozen=True, slots=True)
class Ridge:
    """``tables``: a weight matrix a part; ``unseen``: predictions for every row by a ridge without its fold."""

    tables: tuple[Floats, ...]
    mean: Floats
    unseen: Floats


@dataclass(frozen=True, slots=True)
class Part:
    """Some features of every row, how much they weigh, and their kernel if it is known.

    ``features`` None: the kernel alone is known, and the table's rows are those of the fit.
    """

    features: Floats | None
    weight: float
    kernel: Floats | None = None

    def products(self) -> Floats:
        """Return the weighted kernel."""
        if self.kernel is not None:
            return self.kernel * np.float32(self.weight)
        assert self.features is not None
        return self.features @ self.features.T * np.float32(self.weight)

    def table(self, duals: Floats) -> Floats:
        """Return the weights of the features (of the rows, when there are none) from the dual ones."""
        return np.float32(self.weight) * (duals if self.features is None else self.features.T @ duals)


def folds_of(n: int) -> NDArray[np.int64]:
    """Return a fold from 0 to 4 for each of n rows, the same every time."""
    return np.random.default_rng(7).permutation(n) % FOLDS


def ridge_by_rows(parts: Sequence[Part], targets: Floats, penalty: float, folds: NDArray[np.int64]) -> Ridge:
    """Fit in the dual form, for more features than rows (a few thousand)."""
    kernel = sum((part.products() for part in parts), np.zeros((len(targets), len(targets)), np.float32))
    unseen = np.zeros_like(targets)
    for fold in range(FOLDS):
        out = folds == fold
        mean = targets[~out].mean(axis=0)
        duals = _solved(kernel[np.ix_(~out, ~out)], targets[~out] - mean, penalty)
        unseen[out] = kernel[np.ix_(out, ~out)] @ duals + mean
    mean = targets.mean(axis=0)
    duals = _solved(kernel, targets - mean, penalty)
    return Ridge(tuple(part.table(duals) for part in parts), mean, unseen)


def _solved(square: Floats, right: Floats, penalty: float) -> Floats:
    from scipy.linalg import solve

    ridged = square + penalty * np.eye(len(square), dtype=np.float32)
    return np.asarray(solve(ridged, right, assume_a="pos", check_finite=False), np.float32)


def calibrated(scores: Floats, truth: NDArray[np.int64], classes: int) -> tuple[Floats, Floats]:
    """Return the matrix and shift that turn unseen scores into log odds (multinomial logistic regression)."""
    return logistic(scores, truth, 30.0, classes=classes)


def logistic(
    features: Any, truth: NDArray[np.int64], strength: float, weights: Floats | None = None, classes: int | None = None
) -> tuple[Floats, Floats]:
    """Return (features, classes) weights and a bias a class; the ``features`` may be sparse.

    Classes that do not occur in ``truth`` get a bias that rules them out.
    """
    from sklearn.linear_model import LogisticRegression

    judge = LogisticRegression(C=strength, max_iter=1000).fit(features, truth, sample_weight=weights)
    classes = int(truth.max()) + 1 if classes is None else classes
    mix = np.zeros((features.shape[1], classes), np.float32)
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
