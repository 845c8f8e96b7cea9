"""Days in words, told and planned. The sentences are the data; today is Monday, 30 November 2026."""

from __future__ import annotations

from datetime import UTC, date, datetime
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coach.errors import BadInput
from coach.reading.days import MOST, Day, Lean, day, days, local_day
from many import many

TODAY = date(2026, 11, 30)
PIECES = ["on", "the", "last", "next", "week", "two", "31", "31st", "29", "29/2", "1999", "99", "0", "of", "February"]
PIECES += ["May.", "Nov", "ago", "in", "Tuesday", "Sat's", "today's", "fortnight"]

TOLD = [
    ("On Tuesday she left me off the mail.", "2026-11-24"),
    ("On Monday he took my chair.", "2026-11-23"),
    ("ON TUESDAY HE SHOUTED AT ME", "2026-11-24"),
    ("Last Friday I was short with Ravi.", "2026-11-27"),
    ("The Friday before last I was short with Ravi.", "2026-11-20"),
    ("Two Fridays ago I was short with Ravi.", "2026-11-20"),
    ("A week last Tuesday he walked off.", "2026-11-17"),
    ("On Thursday of last week he walked off.", "2026-11-26"),
    ("The week before last, on Thursday, he walked off.", "2026-11-19"),
    ("Three weeks ago, on a Tuesday, he walked off.", "2026-11-10"),
    ("wed 9:15 he came over", "2026-11-25"),
    ("Tue: lunch with Omar", "2026-11-24"),
    ("Sat: rang Omar", "2026-11-28"),
    ("He rang me on Sun, very late.", "2026-11-29"),
    ("Yesterday he thanked me.", "2026-11-29"),
    ("Last night she wrote to me.", "2026-11-29"),
    ("The day before yesterday he thanked me.", "2026-11-28"),
    ("This morning he walked past me.", "2026-11-30"),
    ("An hour ago he walked past me.", "2026-11-30"),
    ("Two weeks ago I snapped at him.", "2026-11-16"),
    ("10 days ago I snapped at him.", "2026-11-20"),
    ("A fortnight ago I snapped at him.", "2026-11-16"),
    ("A week ago today I snapped at him.", "2026-11-23"),
    ("On 12 November I snapped at him.", "2026-11-12"),
    ("Nov 12: snapped at Ravi", "2026-11-12"),
    ("12/11: snapped at Ravi", "2026-11-12"),
    ("11/24: snapped at Ravi", "2026-11-24"),
    ("I snapped at him on 3.11.", "2026-11-03"),
    ("2026-11-12 snapped at Ravi", "2026-11-12"),
    ("On Tuesday the 24th I snapped at him.", "2026-11-24"),
    ("On the twelfth of November I snapped at him.", "2026-11-12"),
    ("On the 12th she left early.", "2026-11-12"),
    ("On the 31st she left early.", "2026-10-31"),
    ("On the 20th of last month she left early.", "2026-10-20"),
    ("On 28 December she left early.", "2025-12-28"),
    ("On Christmas Eve she left early.", "2025-12-24"),
    ("20.11. told Ben off", "2026-11-20"),
    ("I met May on May 12.", "2026-05-12"),
    ("I told her on Monday that the numbers were wrong.", "2026-11-23"),
    ("From Tuesday on she ignored me.", "2026-11-24"),
    ("She has not greeted me since Wednesday.", "2026-11-25"),
    ("I forgot to ring her on Friday.", "2026-11-27"),
    ("Two years ago to the day he gave me this job.", "2024-11-30"),
    ("He laughed at me in Friday's stand-up.", "2026-11-27"),
    ("At the review on 12 November he blamed me.", "2026-11-12"),
    ("On the morning of 12 November he blamed me.", "2026-11-12"),
    ("Yesterday I told her I'd ring on Friday.", "2026-11-29"),
]

PLANNED = [
    ("I'll ring her on Thursday.", "2026-12-03"),
    ("Ring her tomorrow.", "2026-12-01"),
    ("We're having lunch on Wed to talk about the note he left.", "2026-12-02"),
    ("We meet on Monday.", "2026-12-07"),
    ("I want to ask her next Friday.", "2026-12-11"),
    ("We talk this coming Friday.", "2026-12-04"),
    ("Tuesday next week I'll ask.", "2026-12-08"),
    ("I'll ask her on Friday week.", "2026-12-11"),
    ("In two weeks I'll ask her.", "2026-12-14"),
    ("I'll ask her the day after tomorrow.", "2026-12-02"),
    ("Let me ask her on Thursday after the stand-up.", "2026-12-03"),
    ("Maybe Thursday.", "2026-12-03"),
    ("I'll apologise for Friday tomorrow.", "2026-12-01"),
    ("I'll do it by the 3rd.", "2026-12-03"),
    ("I'll do it on 3 January.", "2027-01-03"),
    ("I need to ask her by Friday.", "2026-12-04"),
    ("I'll ask before Thursday's stand-up.", "2026-12-03"),
]

NONE = [
    "We cleared the air about last week.",
    "Last week's numbers were wrong.",
    "The week before last he was rude.",
    "A few days ago he was rude.",
    "More than a week ago he was rude.",
    "He may call.",
    "They may 3 times say no.",
    "March past our office was loud.",
    "May was rude to me.",
    "In November he was rude.",
    "I sat at desk 12.",
    "Sat next to Omar at lunch.",
    "We sat in the sun.",
    "My sun lotion leaked on his desk.",
    "He shouted on the 12th floor.",
    "He is on call 24/7 and it shows.",
    "We used to have Friday lunches.",
    "He cancels every Tuesday.",
    "She is kind to me on Mondays.",
    "Black Friday was hard on all of us.",
    "He works Monday to Friday.",
    "He cancelled Friday's lunch.",
    "I was sorry about Tuesday.",
    "She thanked me for Thursday.",
    "She moved our talk to Thursday.",
    "He promised it by Friday.",
    "His mail from Friday was rude.",
    "She told me she'd ring on Friday.",
    'He said "see you on Friday" and hung up.',
    "The day after the launch he was rude.",
    "Between Monday and Wednesday he was rude.",
    "One Tuesday he was rude.",
    "On the first Monday of November he was rude.",
    "Her Monday numbers were wrong.",
    "I apologised to Ben for Friday.",
    "He puts things off until tomorrow, and then we will all be late.",
    "He says kids today want everything at once.",
]


@many("text, on", [*TOLD, *PLANNED])
def test_a_day_is_found_as_the_verbs_lean(text: str, on: str) -> None:
    assert str(day(text, TODAY)) == on


@many("text", NONE)
def test_what_only_looks_like_a_day_or_is_a_topic_is_none(text: str) -> None:
    assert day(text, TODAY) is None


@many("text, on", TOLD)
def test_for_something_told_no_day_lies_ahead(text: str, on: str) -> None:
    assert str(day(text, TODAY, Lean.TOLD)) == on


@many("text, on", PLANNED)
def test_for_something_planned_no_day_is_over(text: str, on: str) -> None:
    assert str(day(text, TODAY, Lean.PLANNED)) == on


@pytest.mark.parametrize(
    ("text", "today", "on"),
    [
        ("On 28 December she left early.", date(2027, 1, 4), date(2026, 12, 28)),
        ("On the 30th she left early.", date(2027, 1, 4), date(2026, 12, 30)),
        ("I'll ask on 2 January.", date(2026, 12, 28), date(2027, 1, 2)),
        ("I'll ask on the 2nd.", date(2026, 12, 28), date(2027, 1, 2)),
        ("On 29 February she left early.", TODAY, date(2024, 2, 29)),
    ],
)
def test_a_year_ends_between_a_day_and_today(text: str, today: date, on: date) -> None:
    assert day(text, today) == on


def test_the_month_comes_first_where_it_is_so_used() -> None:
    assert day("11/12: snapped at Ravi", TODAY, month_first=True) == date(2026, 11, 12)
    assert day("13/11: snapped at Ravi", TODAY, month_first=True) == date(2026, 11, 13)


def test_every_day_is_shown_where_it_stands_with_topics_marked() -> None:
    text = "On Tuesday he blamed me for Friday’s numbers, and I’ll ask him tomorrow."
    found = days(text, TODAY)
    assert [text[each.start : each.end] for each in found] == ["Tuesday", "Friday", "tomorrow"]
    assert [each.topic for each in found] == [False, True, False]
    assert found[2] == Day(date(2026, 12, 1), text.index("tomorrow"), len(text) - 1, Lean.PLANNED)


@given(st.lists(st.sampled_from(PIECES), max_size=12).map(" ".join))
def test_whatever_is_said_has_its_days_in_order_and_apart(text: str) -> None:
    found = days(text, TODAY)
    assert all(0 <= each.start < each.end <= len(text) for each in found)
    assert all(first.end <= second.start for first, second in pairwise(found))
    assert all(each.on <= TODAY for each in found if each.fits(TODAY) and each.lean is Lean.TOLD)


@pytest.mark.parametrize(
    ("zone", "on"),
    [("UTC", date(2026, 11, 30)), ("Pacific/Auckland", date(2026, 12, 1)), ("America/Lima", date(2026, 11, 30))],
)
def test_the_day_is_that_of_the_time_zone(zone: str, on: date) -> None:
    assert local_day(datetime(2026, 11, 30, 12, 0, tzinfo=UTC), zone) == on


@pytest.mark.parametrize("zone", ["", "Mars/Olympus", "../etc", "Europe/Berlin/x"])
def test_a_time_zone_that_is_none_gets_a_clear_error(zone: str) -> None:
    with pytest.raises(BadInput, match="time zone"):
        local_day(datetime(2026, 11, 30, tzinfo=UTC), zone)


def test_of_a_list_of_a_thousand_days_some_are_read():
    assert len(days("12/11/2026 on Monday " * 900, date(2026, 11, 30))) == MOST
