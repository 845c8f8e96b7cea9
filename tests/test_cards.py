"""Card and exemplar files: what is taken, and how a bad one is named."""

from __future__ import annotations

from pathlib import Path

import pytest

from coach.domain.moments import By, Landed
from coach.domain.principles import Stance
from coach.errors import BadCard
from coach.knowledge.cards import load_cards, parse_card, passages
from coach.knowledge.exemplars import load_exemplars, unmark
from knowledge_sample import SUBJECTS, card, move, write_cards

ID = "answer-the-mail"


def good(**changed: object) -> str:
    """A card's file with some of its front matter changed."""
    return card(ID, *SUBJECTS[ID], changed)


def test_a_card_becomes_a_principle() -> None:
    found = parse_card(good(), f"{ID}.md")
    assert found.id == ID
    assert found.moves[0].stances == (Stance.TEND,)
    assert found.statement in found.text
    assert found.body.startswith("It takes a minute")
    assert not found.evidence


def test_its_passages_are_the_statement_each_situation_and_each_ask() -> None:
    kinds = [passage.kind for passage in passages([parse_card(good(), f"{ID}.md")])]
    assert kinds == ["statement", *["situation"] * 5, *["ask"] * 5]


@pytest.mark.parametrize(
    ("changed", "line_of", "problem"),
    [
        ({"title": "x" * 61}, "title:", "61 characters"),
        ({"grade": "E"}, "grade:", "not one of the words"),
        ({"sources": ["F"]}, "- F", "letter from A to E"),
        ({"statement": "Too short."}, "statement:", "2 words"),
        ({"asks": ["a", "b"]}, "- a", "2 lines"),
        ({"asks": ["a", "b", "c", "d", "a"]}, "- a", "same twice"),
        ({"moves": [move(cue="As you see them"), move()]}, "cue: As", "begins with If or When"),
        ({"moves": [move(say="Hello {nam}."), move()]}, "say: Hello", "slot that does not exist"),
        ({"moves": [move(minutes=90), move()]}, "minutes: 90", "1 to 60"),
        ({"moves": [move(minutes=30), move(minutes=20)]}, "- cue", "more than ten minutes"),
        ({"moves": [move(needs={"stance": ["shout"]}), move()]}, "- shout", "not one of the words"),
        ({"colour": "red"}, "colour:", "not part of a card"),
        ({"id": "other"}, "id: other", "not the file's name"),
    ],
)
def test_a_bad_card_is_named_with_its_line(changed: dict[str, object], line_of: str, problem: str) -> None:
    text = good(**changed)
    with pytest.raises(BadCard) as caught:
        parse_card(text, f"{ID}.md")
    assert problem in caught.value.problem
    assert caught.value.mend
    shown = [number for number, line in enumerate(text.splitlines(), 1) if line_of in line]
    assert caught.value.line in (shown[0], shown[0] + 1, shown[-1])


@pytest.mark.parametrize(
    "text", ["", "no front matter", "---\nid: x\n", "---\n: {\n---\nBody.\n", "---\n- a\n---\nBody.\n"]
)
def test_what_is_no_card_at_all_is_refused(text: str) -> None:
    with pytest.raises(BadCard):
        parse_card(text, f"{ID}.md")


def test_unquoted_braces_are_explained() -> None:
    with pytest.raises(BadCard, match="double quotes"):
        parse_card(good().replace("say: I saw", "say: {name}: I saw"), f"{ID}.md")


def test_a_folder_with_the_same_id_twice_is_refused(tmp_path: Path) -> None:
    write_cards(tmp_path)
    write_cards(tmp_path / "more")
    with pytest.raises(BadCard, match="same id"):
        load_cards(tmp_path)


def test_a_file_that_is_not_utf8_is_refused(tmp_path: Path) -> None:
    (tmp_path / "odd.md").write_bytes(b"---\n\xff\xfe")
    with pytest.raises(BadCard, match="UTF-8"):
        load_cards(tmp_path)


def test_marks_become_spans_of_the_clean_text() -> None:
    text, moments = unmark("First {helped me: I thanked her}, then {harmed them: he laughed}.")
    assert text == "First I thanked her, then he laughed."
    assert [text[mark.start : mark.end] for mark in moments] == ["I thanked her", "he laughed"]
    assert [(mark.landed, mark.by) for mark in moments] == [(Landed.HELPED, By.ME), (Landed.HARMED, By.THEM)]


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("- id: a\n  kind: repair\n  text: 'Some {harmed them: words'\n  principles: [x]\n", "mark"),
        ("- id: a\n  kind: repair\n  text: Some words\n  principles: [y]\n", "no card"),
        ("- id: a\n  kind: repair\n  text: Some words\n  principles: []\n", "no principle"),
        ("- id: a\n  kind: chat\n  text: Some words\n  principles: [x]\n", "not one of the words"),
        ("- id: a\n  kind: off_topic\n  text: b\n- id: a\n  kind: off_topic\n  text: b\n", "taken"),
    ],
)
def test_a_bad_exemplar_is_named(tmp_path: Path, text: str, problem: str) -> None:
    (tmp_path / "some.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(BadCard, match=problem):
        load_exemplars(tmp_path, ["x"])
