"""Clauses and sentences: where a message is cut, and what spelling may vary without a trace. The texts are the data."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coach.domain.letters import plain, sentences, split, straight


def parts(text: str) -> list[str]:
    return [text[a:b] for a, b in split(text)]


def test_sentences_end_at_marks_and_line_breaks() -> None:
    text = "Omar left early. Did he tell you? Nobody knew…\nThe rest of us stayed on"
    assert [text[a:b] for a, b in sentences(text)] == [
        "Omar left early.",
        "Did he tell you?",
        "Nobody knew…",
        "The rest of us stayed on",
    ]


@pytest.mark.parametrize(
    "text", ["I saw Dr. Haddad at lunch today.", "We met Mrs. Lund, e.g. about the rota, on Friday."]
)
def test_a_title_ends_no_sentence(text: str) -> None:
    assert len(sentences(text)) == 1


def test_a_closing_quote_stays_with_its_sentence() -> None:
    text = "She said “not today.” Then she left the room."
    assert text[slice(*sentences(text)[0])].endswith("”")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "I brought him coffee, but he did not look up from the screen",
            ["I brought him coffee", "he did not look up from the screen"],
        ),
        ("Nadia thanked me, which I had not expected at all", ["Nadia thanked me", "which I had not expected at all"]),
    ],
)
def test_clauses_part_at_joining_words(text: str, expected: list[str]) -> None:
    assert parts(text) == expected


def test_a_scrap_of_words_joins_the_clause_before_it() -> None:
    assert len(parts("He shouted at the whole crew, then left")) == 1


def test_no_joining_word_dangles_at_the_end_of_a_clause() -> None:
    assert parts("We had agreed on Thursday and then she moved it to Friday")[0] == "We had agreed on Thursday"


def test_a_clause_has_no_joining_word_at_its_head() -> None:
    assert parts("And then he walked out of the room.")[0].startswith("he walked")


@pytest.mark.parametrize("text", ["", "   ", "\n\n", "...", "?!", "—"])
def test_nothing_said_gives_no_clause(text: str) -> None:
    assert parts(text) == []


def test_plain_takes_out_what_spelling_may_vary() -> None:
    assert plain("It’s  “FINE”\u00a0, she\u200b said\n\nＴＯ me") == 'it\'s "fine" , she said to me'


def test_straight_keeps_every_offset() -> None:
    text = "It’s “fine”\u00a0— she\u2009said"
    assert len(straight(text)) == len(text)
    assert straight(text) == 'It\'s "fine" — she said'


@given(st.text(max_size=300))
def test_spans_lie_in_the_text_in_order_and_apart(text: str) -> None:
    for spans in (sentences(text), split(text)):
        assert all(0 <= a < b <= len(text) for a, b in spans)
        assert all(first[1] <= second[0] for first, second in pairwise(spans))
