"""Messages as bags of clauses: how like they are, and that a file keeps them."""

from __future__ import annotations

import numpy as np

from coach.knowledge.bags import Bags
from coach.knowledge.features import Floats


def clauses(seed: int, n: int, width: int = 8) -> Floats:
    rows = np.random.default_rng(seed).normal(size=(n, width))
    return np.asarray(rows / np.linalg.norm(rows, axis=1, keepdims=True), np.float32)


MESSAGES = [clauses(1, 3), clauses(2, 1), clauses(3, 5)]


def test_a_message_is_like_itself() -> None:
    bags = Bags.of(MESSAGES)
    assert bags.likeness(MESSAGES[2])[2] > 0.99
    assert np.allclose(np.diag(bags.square()), 1, atol=1e-4)


def test_it_is_the_mean_over_pairs_of_clauses_by_its_own_measure() -> None:
    bags = Bags.of(MESSAGES)
    other = clauses(4, 2)
    near = [np.exp((other @ own.T - 1) / 0.3).mean() for own in MESSAGES]
    size = [np.sqrt(np.exp((own @ own.T - 1) / 0.3).mean()) for own in (*MESSAGES, other)]
    expected = [near[at] / size[at] / size[3] for at in range(3)]
    assert np.allclose(bags.likeness(other), expected, atol=0.03)


def test_one_clause_shared_shows_however_much_is_told_beside_it() -> None:
    bags = Bags.of(MESSAGES)
    beside = np.concatenate([clauses(9, 4), MESSAGES[1]])
    assert bags.likeness(beside)[1] > bags.likeness(clauses(9, 4))[1] + 0.05


def test_a_file_keeps_them() -> None:
    bags = Bags.of(MESSAGES)
    again = Bags.load(bags.arrays())
    assert np.allclose(again.likeness(MESSAGES[0]), bags.likeness(MESSAGES[0]), atol=1e-3)
    assert np.allclose(again.square(), bags.square(), atol=1e-3)
