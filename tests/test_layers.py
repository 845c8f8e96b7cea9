"""The taught layers: what is heard in a text, how it meets the tables, and what a lesson is made of."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from coach.domain.readings import Kind
from coach.knowledge.embedder import MiniLm
from coach.knowledge.layers import BELOW, FILE, WORK, Layers, both, heads, narrowed
from coach.knowledge.lines import HARMS
from evals import tuned

MINILM = Path(__file__).parents[1] / "knowledge" / "minilm"
ORDINARY = (
    "Priya moved our one-to-one again and I answered her rather shortly in the corridor, before the new ones. She has "
    "been polite since, no more than that. How do I put it right?"
)
HARMED = (
    "My foreman waits for me behind the cold store at the end of every late shift and puts his hands under my jacket. "
    "I have told him to stop and he laughs. How do I get on with him?"
)


@pytest.fixture(scope="module")
def minilm() -> MiniLm:
    return MiniLm(MINILM / "tokenizer.json")


def unsafe(heard: dict) -> float:
    return sum(heard[kind.value] for kind in HARMS)


def test_harm_is_heard_where_it_is_told_and_not_where_it_is_not(minilm):
    assert unsafe(minilm.heard(HARMED)) > 0.5 > unsafe(minilm.heard(ORDINARY))


def test_what_is_heard_in_a_text_does_not_depend_on_what_is_embedded_beside_it(minilm):
    alone = minilm.heard(ORDINARY)
    other = MiniLm(MINILM / "tokenizer.json")
    other.embed([ORDINARY, HARMED, "So I left it."])
    beside = other.heard(ORDINARY)
    assert beside == pytest.approx(alone, abs=1e-4)
    assert sum(alone.values()) == pytest.approx(1, abs=1e-5)


def test_what_was_embedded_before_is_heard_as_well(minilm):
    minilm.embed(["Something first.", HARMED])
    assert minilm.heard(HARMED)[WORK] < 0.5


def test_many_at_once_are_heard_as_one_alone_is(minilm):
    few = MiniLm(MINILM / "tokenizer.json", kept=2)  # so that most are forgotten before they are asked for
    texts = [f"{ORDINARY} That was on day {n} of the month." for n in range(12)]
    with ThreadPoolExecutor(6) as threads:
        together = list(threads.map(few.heard, texts))
    assert together[::4] == [pytest.approx(minilm.heard(text), abs=1e-4) for text in texts[::4]]


def test_a_sentence_alone_and_a_very_long_letter_are_not_for_them(minilm):
    assert minilm.heard("My boss hit me yesterday in the stockroom.") is None
    assert minilm.heard(f"{ORDINARY} " * 5) is None


def test_without_a_file_of_layers_nothing_is_heard(tmp_path):
    (tmp_path / "tokenizer.json").write_bytes((MINILM / "tokenizer.json").read_bytes())
    (tmp_path / FILE).write_text("no layers")
    assert MiniLm(tmp_path / "tokenizer.json").heard(HARMED) is None


def test_layers_are_kept_and_read_again(tmp_path):
    shipped = Layers.load(MINILM / FILE)
    np.savez(tmp_path / FILE, **shipped.arrays())
    again = Layers.load(tmp_path / FILE)
    states = np.random.default_rng(0).normal(size=(9, 384)).astype(np.float32)
    assert np.array_equal(again(states), shipped(states))
    assert len(shipped.layers) + BELOW == 6


def test_tables_in_bytes_are_what_they_were_to_a_hundredth_of_each_columns_largest():
    table = np.random.default_rng(0).normal(size=(40, 6)).astype(np.float32) * np.float32([0.01, 1, 5, 0, 2, 1])
    kept = narrowed({"q": table, "qb": np.ones(6, np.float32)})
    assert kept["q"].dtype == np.int8
    assert np.array_equal(kept["qb"], np.ones(6))
    assert np.all(np.abs(kept["q"] * kept["qs"] - table) <= np.abs(table).max(axis=0) / 100 + 1e-6)


def told(**odds: float) -> dict[Kind, float]:
    return {kind: odds.get(kind.value, 0.0) for kind in Kind}


def heard(**odds: float) -> dict[str, float]:
    return {kind.value: odds.get(kind.value, 0.0) for kind in HARMS} | {WORK: 1 - sum(odds.values())}


def test_tables_and_layers_that_agree_are_surer_together():
    found = both(told(abuse=0.7, repair=0.3), heard(abuse=0.8))
    assert found[Kind.ABUSE] > 0.8
    assert sum(found.values()) == pytest.approx(1)


def test_layers_that_hear_nothing_calm_the_tables_and_the_ordinary_kinds_keep_their_shares():
    found = both(told(abuse=0.5, repair=0.3, journal=0.2), heard(abuse=0.02))
    assert found[Kind.ABUSE] < 0.3
    assert found[Kind.REPAIR] / found[Kind.JOURNAL] == pytest.approx(1.5)


def test_which_harm_it_is_both_say():
    found = both(told(abuse=0.5, harassment=0.3), heard(harassment=0.8, abuse=0.1))
    assert found[Kind.HARASSMENT] > found[Kind.ABUSE]


def test_odds_of_nought_and_of_one_stay_odds():
    found = both(told(violence=1.0), heard())
    assert all(0 <= odds <= 1 for odds in found.values())


def test_heads_share_the_width_among_them():
    states = np.arange(2 * 384, dtype=np.float32).reshape(2, 384)
    assert heads(states).shape == (12, 2, 32)
    assert np.array_equal(heads(states)[1, 0], states[0, 32:64])


def test_letters_for_a_lesson_hold_the_harm_whole_and_its_kind():
    texts = [("He hit me at the bench.", Kind.VIOLENCE), ("We had lunch. It was good.", Kind.MAINTAIN)]
    made = tuned.letters(texts, np.random.default_rng(0))
    assert len(made) == 2 * tuned.MADE
    assert all((texts[0][0] in text) == (kind is Kind.VIOLENCE) for text, kind in made)
    assert all(len(text.split()) <= tuned.LONGEST for text, _ in made)


def test_a_lesson_shows_every_text_once_and_says_which_rows_are_texts():
    states = [np.full((length, 384), length, np.float32) for length in (3, 40, 40, 250)]
    lesson = tuned.Lesson(states, np.eye(4, dtype=np.float32), np.ones(4, np.float32), np.zeros(4, np.float32))
    shown = []
    for batch, mask, truth, texts in lesson.batches(np.random.default_rng(0)):
        assert batch.shape[0] * batch.shape[1] <= tuned.TOKENS
        for row in np.flatnonzero(texts):
            length = int(mask[row].sum())
            assert np.all(batch[row, :length] == length)
            assert not batch[row, length:].any()
            shown.append((length, int(truth[row].argmax())))
    assert sorted(shown) == [(3, 0), (40, 1), (40, 2), (250, 3)]
