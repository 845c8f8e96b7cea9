"""What it was about, and by when: a phrase of the user's, a day from today's."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from coach.domain.workdays import workday
from coach.planning.topics import deadline, topic

MONDAY = date(2024, 5, 6)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("He has still not sent me his part of the quarterly report.", "the quarterly report"),
        ("She laughed at my presentation.", "my presentation"),
        ("Nobody thanked me for the handover.", "the handover"),
        ("He changed our rota without a word.", "our rota"),
        ("She was rude and walked away.", None),
        ("", None),
    ],
)
def test_a_topic_is_a_phrase_of_the_users(text: str, expected: str | None) -> None:
    assert topic(text) == expected


def test_another_persons_thing_is_not_called_yours() -> None:
    found = topic("I corrected his spreadsheet in front of everyone.")
    assert found == "the spreadsheet"


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("I see her tomorrow.", 1),
        ("I need it by Thursday.", 3),
        ("We meet next Friday about it.", 4),
        ("It is due this Monday.", 7),
    ],
)
def test_a_deadline_lies_ahead_within_the_week(text: str, days: int) -> None:
    assert deadline(text, MONDAY) == MONDAY + timedelta(days=days)


@pytest.mark.parametrize("text", ["On Thursday he said no.", "He was ill last week.", "Some day I will ask."])
def test_what_is_over_or_open_is_no_deadline(text: str) -> None:
    assert deadline(text, MONDAY) is None


@pytest.mark.parametrize("ahead", range(14))
def test_a_step_is_never_for_a_weekend(ahead: int) -> None:
    day = workday(MONDAY + timedelta(days=ahead))
    assert day.weekday() < 5
    assert 0 <= (day - (MONDAY + timedelta(days=ahead))).days <= 2
