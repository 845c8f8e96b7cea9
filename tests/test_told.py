"""The layers taught which events a letter tells of: found in a long letter, kept and read again, and their lesson."""

from pathlib import Path

import numpy as np
import pytest

from coach.domain.events import Catalogue
from coach.knowledge.embedder import MiniLm
from coach.knowledge.layers import BELOW
from coach.knowledge.seekers import FILE, Told
from evals import telling
from scenes import catalogue

MINILM = Path(__file__).parents[1] / "knowledge" / "minilm"
LONG = (
    "I run the small laundry behind the hotel, six of us, mostly nights. It has been a hard spring, two machines broke "
    "and the new towels shed. On Thursday Ilinca asked me twice where the blue bags go. The second time I told her, in "
    "a voice I would not use to a dog, to open her eyes for once. She found the bags. We folded until two and she sang "
    "no more. She has worked here for nine years, her boy is in my son's class, and I drive past their house at noon."
)


@pytest.fixture(scope="module")
def minilm() -> MiniLm:
    return MiniLm(MINILM / "tokenizer.json")


def first(scores: dict[str, float], most: int) -> list[str]:
    return sorted(scores, key=scores.__getitem__, reverse=True)[:most]


def test_a_deed_told_in_one_sentence_of_a_long_letter_stands_first(minilm: MiniLm):
    assert "i_snapped" in first(minilm.told(LONG), 2)


def test_a_text_that_was_embedded_before_tells_the_same(minilm: MiniLm):
    alone = minilm.told(LONG)
    other = MiniLm(MINILM / "tokenizer.json")
    other.embed([LONG, "She sang no more.", "So I left it."])
    assert other.told(LONG) == pytest.approx(alone, abs=1e-3)


def test_every_shipped_event_is_known(minilm: MiniLm):
    assert set(minilm.told("He never greets me.")) == {entry.id for entry in catalogue().entries}


def test_without_a_file_of_these_layers_no_event_is_told(tmp_path: Path):
    (tmp_path / "tokenizer.json").write_bytes((MINILM / "tokenizer.json").read_bytes())
    (tmp_path / FILE).write_text("no layers")
    assert MiniLm(tmp_path / "tokenizer.json").told(LONG) is None


def test_layers_are_kept_and_read_again(tmp_path: Path):
    shipped = Told.load(MINILM / FILE)
    np.savez(tmp_path / FILE, **shipped.arrays())
    states = np.random.default_rng(0).normal(size=(9, 384)).astype(np.float32)
    assert np.array_equal(Told.load(tmp_path / FILE)(states), shipped(states))
    assert len(shipped.layers) + BELOW == 6


SHOUTED, IGNORED = (
    ("He shouted at me.", {"they_shouted": 1.0}),
    ("I forgot her.", {"i_ignored": 1.0, "gone_cool": 0.35}),
)


def test_letters_made_for_a_lesson_tell_the_events_of_all_their_parts():
    third = ("I joked about his hat.", {"i_joked": 1.0})
    letters = telling.made(
        [SHOUTED, IGNORED, third, ("Lunch was good.", {telling.NONE: 1.0})], np.random.default_rng(0)
    )
    assert len(letters) == telling.MADE
    for text, counts in letters:
        parts = [some for some in (SHOUTED, IGNORED, third) if some[0] in text]
        assert len(parts) >= 2
        assert counts == {event: worth for _, own in parts for event, worth in own.items()}


def test_a_lesson_gives_each_text_shares_and_raises_what_is_told_often(minilm: MiniLm, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(telling, "MADE", 2)
    known = catalogue()
    events = ("they_shouted", "i_ignored", "gone_cool", "i_joked")
    small = Catalogue(known.groups, tuple(map(known.entry, events)), known.facts, known.tried)
    lesson = telling.lesson([SHOUTED, SHOUTED, IGNORED], small, minilm)
    assert len(lesson.states) == len(lesson.truth) == len(lesson.worth)
    assert np.allclose(lesson.truth.sum(axis=1), 1)
    assert np.all(np.diff(lesson.often[:4]) < 0)
