"""How much of a message is the coach's wording."""

from __future__ import annotations

import pytest

from coach.messages.variants import share

DRAFT = "Hi Tom, I named you in front of everyone on Monday, and that was wrong. I will [what you will do]."


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [
        (DRAFT, 1.0, 1.0),
        (DRAFT.replace("[what you will do]", "say so in the next meeting"), 0.6, 0.95),
        ("Tom, sorry about Monday, my fault. Coffee?", 0.0, 0.0),
        ("", 0.0, 0.0),
    ],
)
def test_the_share_falls_as_the_words_become_ones_own(text: str, low: float, high: float) -> None:
    assert low <= share(text, DRAFT) <= high


def test_with_nothing_suggested_every_word_is_ones_own() -> None:
    assert share("Hello there, how are you", "") == 0.0
