"""What a sentence tells that no wording shows, and what the linter makes of it."""

from pathlib import Path

import numpy as np
import pytest

from coach.domain.drafts import Purpose
from coach.errors import BadCard
from coach.knowledge.embedder import MiniLm
from coach.knowledge.tells import FILE, FOLDER, Tells, Told, authored, lesson, stamp
from coach.messages.linter import lint, names
from many import many
from texts import PROMPTS

KNOWLEDGE = Path(__file__).parents[1] / "knowledge"

PAIRS = [
    ("mind_reading", "You take me for your servant.", "You took me to the station."),
    ("mind_reading", "You'd love to see me fail in front of the owner.",
     "I would love to see you in front of the station."),
    ("guilt_trip", "After all the nights I sat here for you, you won't even give me an hour.",
     "I sat here for many nights last winter, and I am glad that it is over."),
    ("disguised_demand", "It would be lovely if the shelves were full for once when I come in.",
     "Please fill the shelves before seven, the shop opens then."),
    ("disguised_demand", "You might want to sweep the yard before I count to ten.",
     "The yard was swept before I came."),
    ("label", "You're a poor excuse for a foreman.", "A guest was here for you at ten."),
]  # fmt: skip


@pytest.fixture(scope="module")
def minilm() -> MiniLm:
    return MiniLm(KNOWLEDGE / "minilm" / "tokenizer.json")


@pytest.fixture(scope="module")
def tells() -> Tells:
    found = Tells.load(KNOWLEDGE / FOLDER / FILE)
    assert found is not None
    return found


def test_the_shipped_table_is_learned_from_the_shipped_sentences(tells: Tells, minilm: MiniLm) -> None:
    assert tells.stamp == stamp(lesson(KNOWLEDGE), minilm), "make fit, and commit knowledge/messages/tells.npz"


@many("warning, fault, honest", PAIRS)
def test_a_fault_is_told_in_words_that_no_row_knows_and_the_honest_sentence_is_left(
    warning: str, fault: str, honest: str, tells: Tells, minilm: MiniLm
) -> None:
    assert not names(fault, Purpose.OTHER)
    assert tells(fault.lower(), minilm.states(fault.lower())) == warning
    assert tells(honest.lower(), minilm.states(honest.lower())) is None


def test_a_table_is_kept_and_read_again(tells: Tells, minilm: MiniLm, tmp_path: Path) -> None:
    tells.save(tmp_path / FILE)
    again = Tells.load(tmp_path / FILE)
    assert again is not None
    assert again.stamp == tells.stamp
    assert np.array_equal(again.vectors, tells.vectors)
    assert (tmp_path / FILE).stat().st_size < 2_000_000


def test_a_file_that_is_no_table_is_none(tmp_path: Path) -> None:
    (tmp_path / FILE).write_text("no table")
    assert Tells.load(tmp_path / FILE) is None
    assert Tells.load(tmp_path / "nothing.npz") is None


def test_what_stands_in_braces_is_the_fault_and_the_rest_is_clean(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text('label:\n  - "Hi Jo. {You fool.} See you."\nclean:\n  - "Thanks. See you."\n')
    faults = {each.text: each.warning for each in authored(tmp_path)}
    assert faults == {"you fool.": "label", "hi jo.": "", "see you.": "", "thanks.": ""}
    assert all(isinstance(each, Told) and each.fold == 0 for each in authored(tmp_path))


def test_a_heading_that_is_no_warning_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text('rude:\n  - "Go away."\n')
    with pytest.raises(BadCard, match="'rude' is no warning"):
        list(authored(tmp_path))


def hears(*warnings: str):
    """An ear that hears these warnings in the sentences it is asked about, in turn; what it was asked stands in it."""
    asked: list[str] = []
    left = list(warnings)

    def hear(sentence: str) -> str | None:
        asked.append(sentence)
        return left.pop(0) if left else None

    return hear, asked


def test_only_sentences_without_a_wording_are_listened_to() -> None:
    hear, asked = hears()
    lint('You never listen. Thanks. "You are a fool and a liar." Mind the step, please.', Purpose.OTHER, PROMPTS, hear)
    assert asked == ["mind the step, please."]


def test_what_is_heard_spans_the_sentence_without_its_mark_and_has_a_reason_and_a_rewrite() -> None:
    text = "Hello Jo. The lamp hangs over there by the press. Best, Al"
    hear, _ = hears("mind_reading")
    [found] = lint(text, Purpose.OTHER, PROMPTS, hear)
    assert (found.warning, text[found.start : found.end]) == ("mind_reading", "The lamp hangs over there by the press")
    assert found.rewrite == "After [what you saw or heard], I wonder whether [what you guess]"
    assert "Nobody can see a reason" in found.why


@many("warning", ["mind_reading", "label", "guilt_trip", "disguised_demand"])
def test_the_rewrite_of_what_is_heard_is_whole(warning: str) -> None:
    hear, _ = hears(warning)
    [found] = lint("The lamp hangs over there by the press.", Purpose.OTHER, PROMPTS, hear)
    assert "[" in found.rewrite
    assert "  " not in found.rewrite
    assert not names(found.rewrite, Purpose.OTHER)


def test_what_they_said_themselves_is_no_guess() -> None:
    hear, asked = hears("mind_reading")
    assert not lint("You told me that it was a bore for you.", Purpose.OTHER, PROMPTS, hear)
    assert asked
