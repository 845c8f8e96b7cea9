"""Sentences, quotes and clauses of a letter, and what spelling may vary without a trace. The texts are the data."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coach.domain.letters import Letter, around, clauses, pieces, plain, straight


def parts(text: str) -> list[str]:
    return [text[a:b] for a, b in clauses(text)]


def said(text: str) -> list[str]:
    return [each.text for each in Letter(text).sentences]


# ---- sentences


def test_sentences_end_at_marks_and_line_breaks() -> None:
    text = "Omar left early. Did he tell you? Nobody knew…\nThe rest of us stayed on"
    assert said(text) == ["Omar left early.", "Did he tell you?", "Nobody knew…", "The rest of us stayed on"]


def test_a_closing_quote_or_bracket_stays_with_its_sentence() -> None:
    assert said("She said “not today.” Then she left. (I stayed.) Who knows") == [
        "She said “not today.”",
        "Then she left.",
        "(I stayed.)",
        "Who knows",
    ]


@pytest.mark.parametrize(
    "text",
    ["Omar; he left - early: Nobody knew", "It cost 3.5 hours on www.example.org", "He said it was late, didn't he"],
)
def test_nothing_but_an_end_mark_before_a_blank_ends_a_sentence(text: str) -> None:
    assert said(text) == [text]


@pytest.mark.parametrize("text", ["", "   ", "\n\n"])
def test_nothing_written_has_no_sentence(text: str) -> None:
    assert said(text) == []


def test_sentences_are_numbered_through_a_conversation() -> None:
    before = Letter("Omar left early. Nobody knew why.")
    after = Letter("He wrote today!\nWhat do I say?", first=len(before.sentences) + 1)
    assert [each.number for each in (*before.sentences, *after.sentences)] == [1, 2, 3, 4]
    assert after.sentence(4) == after.sentences[1]
    assert after.sentence(2) is None
    assert after.sentence(5) is None


# ---- quotes

LETTER = Letter("Omar left early. “I’m off,” he said;  nobody knew why.\nHe is off again today.")


@pytest.mark.parametrize(
    ("words", "text", "number"),
    [
        ("left early", "left early", 1),
        ('"I\'m off," he said', "“I’m off,” he said", 2),
        ("said; nobody knew why.", "said;  nobody knew why.", 2),
        ("he is off", "He is off", 3),
    ],
)
def test_a_quote_is_what_stands_in_the_letter(words: str, text: str, number: int) -> None:
    quote = LETTER.quote(words)
    assert quote is not None
    assert (quote.text, quote.sentence) == (text, number)
    assert LETTER.text[quote.start : quote.end] == text


@pytest.mark.parametrize("words", ["", "  ", "“", "…", "left late", "eft early", "left ear", "off he said"])
def test_what_does_not_stand_in_the_letter_is_no_quote(words: str) -> None:
    assert LETTER.quote(words) is None


def test_a_quote_is_looked_for_in_the_sentence_it_names() -> None:
    twice = LETTER.quote("off", 3)
    assert twice is not None
    assert twice.sentence == 3
    assert LETTER.quote("left early", 2) is None
    assert LETTER.quote("left early", 9) is None


# ---- pieces and clauses


def test_a_piece_ends_at_a_semicolon_a_dash_and_a_colon_too() -> None:
    text = "Omar left; nobody knew - Lena did. He said: No"
    assert [text[a:b] for a, b in pieces(text)] == ["Omar left;", "nobody knew -", "Lena did.", "He said:", "No"]


@pytest.mark.parametrize(
    "text", ["I saw Dr. Haddad at lunch today.", "We met Mrs. Lund, e.g. about the rota, on Friday."]
)
def test_a_title_ends_no_piece(text: str) -> None:
    assert len(pieces(text)) == 1


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


def test_around_a_place_are_the_letters_of_what_holds_it() -> None:
    text = "Omar left early. Nobody knew why. He wrote today."
    places = pieces(text)
    at = text.index("knew")
    assert text[slice(*around(places, at, at + 4))] == "Nobody knew why."
    assert text[slice(*around(places, at, at + 8, most=2))] == "y knew why."
    assert text[slice(*around([], at, at + 4, most=3))] == "dy knew wh"


# ---- spelling


def test_plain_takes_out_what_spelling_may_vary() -> None:
    assert plain("It’s  “FINE”\u00a0, she\u200b said\n\nＴＯ me") == 'it\'s "fine" , she said to me'


def test_straight_keeps_every_offset() -> None:
    text = "It’s “fine”\u00a0— she\u2009said"
    assert len(straight(text)) == len(text)
    assert straight(text) == 'It\'s "fine" — she said'


@given(st.text(max_size=300))
def test_spans_lie_in_the_text_in_order_and_apart(text: str) -> None:
    numbered = [(each.start, each.end) for each in Letter(text).sentences]
    for spans in (numbered, pieces(text), clauses(text)):
        assert all(0 <= a < b <= len(text) for a, b in spans)
        assert all(first[1] <= second[0] for first, second in pairwise(spans))
