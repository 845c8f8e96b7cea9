"""How somebody without a name is called, and whether a phrase names several."""

import pytest

from coach.domain.phrases import called, is_several


@pytest.mark.parametrize(
    ("phrase", "call"),
    [
        ("my boss", "your boss"),
        ("a lady at work", "the lady"),
        ("a woman who walks past my desk", "the woman"),
        ("a junior colleague", "your junior colleague"),
        ("someone I work closely with", ""),
        ("one of my drivers", "one of your drivers"),
        ("the planners", "the planners"),
        ("colleagues", "your colleagues"),
        ("people from purchasing", "the people"),
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
