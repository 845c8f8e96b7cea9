"""How somebody without a name is called, and whether a phrase names several."""

import pytest

from coach.domain.phrases import bare, called, is_several


@pytest.mark.parametrize(
    ("phrase", "call"),
    [
        ("my boss", "your boss"),
        ("a lady at work", "the lady at work"),
        ("a woman in my team", "the woman in your team"),
        ("a guy I open up with", "the guy"),
        ("a woman who walks past my desk", "the woman"),
        ("a junior colleague", "your junior colleague"),
        ("someone I work closely with", ""),
        ("one of my drivers", "the driver"),
        ("one of my younger secretaries", "the younger secretary"),
        ("one of my colleagues", "your colleague"),
        ("one of my best carers", "the carer"),
        ("one of my staff", ""),
        ("the people here", "the people"),
        ("the planners", "the planners"),
        ("colleagues", "your colleagues"),
        ("people from purchasing", "the people from purchasing"),
    ],
)
def test_a_phrase_is_said_to_the_user(phrase: str, call: str):
    assert called(phrase) == call


@pytest.mark.parametrize(
    ("phrase", "several"),
    [
        ("the others", True),
        ("two of the porters", True),
        ("my boss", False),
        ("one of my staff", False),
        ("the crew", True),
    ],
)
def test_a_phrase_tells_whether_there_are_several(phrase: str, several: bool):
    assert is_several(phrase) is several


@pytest.mark.parametrize(
    ("phrase", "noun"),
    [
        ("a man I share a van with", "a man"),
        ("someone I work closely with", "someone"),
        ("my boss", "my boss"),
        ("two of the porters in the yard", "two of the porters"),
    ],
)
def test_a_phrase_ends_with_its_noun_where_a_genitive_follows(phrase: str, noun: str):
    assert bare(phrase) == noun
