"""Word search, features, ridges and the learned tables."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from coach.knowledge.bm25 import WordSearch, words
from coach.knowledge.features import Grams
from coach.knowledge.lesson import target
from coach.knowledge.plain import plain, shortened
from coach.knowledge.ridge import Part, folds_of, ridge_by_rows


def test_plain_makes_one_of_many_spellings() -> None:
    assert plain("She\u2019s  GREAT\u200b") == plain("she's great")
    assert plain("ｆｕｌｌ café nooooo") == "full cafe noo"
    assert plain("hеllo") == "hello"  # a Cyrillic letter


def test_shortened_cuts_at_a_word() -> None:
    assert shortened("one two three", 9) == "one two…"
    assert shortened("one\n two", 9) == "one two"


def test_word_search_finds_words_in_other_forms() -> None:
    search = WordSearch.build(["He cancelled our meetings", "She answers no emails", "A cake for the office"])
    assert int(search.scores("cancelling the meeting").argmax()) == 0
    assert int(search.scores("my email had no answer").argmax()) == 1
    assert search.scores("the of and").max() == 0


def test_word_search_is_kept_and_read_again(tmp_path: Path) -> None:
    search = WordSearch.build(["one thing", "other things here"])
    search.save(tmp_path / "words.npz")
    again = WordSearch.load(tmp_path / "words.npz")
    assert np.array_equal(search.scores("things"), again.scores("things"))


def test_an_empty_word_search_answers_nothing() -> None:
    assert len(WordSearch.build([]).scores("anything")) == 0


def test_words_lose_endings_and_stop_words() -> None:
    assert words("The meetings were cancelled, stories told") == ["meeting", "cancel", "story", "told"]


def test_ngrams_bear_with_misspelling() -> None:
    grams = Grams.learn(["apologise to her", "apologise to him", "eat with them", "eat with us"] * 2, (2, 2), 500)
    rows = grams.matrix(["apologize", "apologise", "eating"])
    assert rows[0] @ rows[1] > rows[1] @ rows[2]
    kept = Grams.load(grams.arrays())
    assert np.allclose(kept.matrix(["apologise"]), grams.matrix(["apologise"]), atol=1e-3)


def test_a_target_gives_the_first_label_most() -> None:
    assert target(["b", "a"], ["a", "b", "c"]).tolist() == pytest.approx([0.6309, 1, 0], abs=1e-3)


def test_the_dual_form_of_the_ridge_is_the_primal_one() -> None:
    generator = np.random.default_rng(3)
    x = generator.normal(size=(60, 8)).astype(np.float32)
    y = (x @ generator.normal(size=(8, 2))).astype(np.float32)
    y -= y.mean(axis=0)
    folds = folds_of(60)
    by_rows = ridge_by_rows([Part(x, 1.0)], y, 0.5, folds)
    primal = np.linalg.solve(x.T @ x + 0.5 * np.eye(8), x.T @ (y - y.mean(axis=0)))
    assert np.allclose(by_rows.tables[0], primal, atol=1e-3)
    assert np.abs(by_rows.unseen - y).mean() < 0.3 < np.abs(y).mean()
