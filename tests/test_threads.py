"""Pasted threads are taken apart: who wrote what, and when; what is only told is left whole."""

from __future__ import annotations

from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from coach.domain.letters import straight
from coach.domain.moments import Channel
from coach.domain.posts import Message
from coach.reading.threads import taken_apart
from evals.threads import found, held_out, wanted
from many import many

TODAY = date(2026, 11, 30)
"""A Monday."""

MARKS = dict.fromkeys(map(ord, "\u200b\u200e\u200f\u202a\u202c\u2068\u2069\ufeff"))
"""Letters that nobody sees."""

Seen = list[tuple[str, str, str]]
"""Sender, day and time as far as known, words."""


def when(message: Message) -> str:
    """Return the day and time of a message, as far as they are known."""
    minute = message.at.isoformat("auto" if message.at.second else "minutes") if message.at else ""
    return " ".join(part for part in (str(message.on or ""), minute) if part)


def seen(text: str, today: date | None = None, me: str = "") -> Seen:
    """Return what is found in a text."""
    return [(each.who, when(each), each.text) for each in taken_apart(text, today, me)]


@cache
def _held() -> dict[str, Any]:
    file = Path(__file__).with_name("threads.yaml")
    return dict(yaml.load(file.read_bytes(), yaml.CSafeLoader))


def cases(kind: str) -> list[tuple[str, str, Seen]]:
    """Return name, text and messages of each case of ``threads.yaml``."""
    held = _held()
    return [
        (
            case["name"],
            case["text"] if "text" in case else "\n".join(case["lines"]),
            [(each["who"], each["when"], each["text"]) for each in case["messages"]],
        )
        for case in held[kind]
    ]


@many("name, text, messages", lambda: cases("chats"))
def test_chats(name: str, text: str, messages: Seen) -> None:
    assert seen(text, TODAY) == messages
    assert {each.channel for each in taken_apart(text)} == {Channel.CHAT}


@many("name, text, messages", lambda: cases("mails"))
def test_mails(name: str, text: str, messages: Seen) -> None:
    assert seen(text, TODAY) == messages
    assert {each.channel for each in taken_apart(text)} == {Channel.EMAIL}


@pytest.mark.parametrize(
    ("signature", "me", "who"),
    [
        ("", "Petra Novak", "Petra Novak"),
        ("\nP.", "Petra Novak", "Petra Novak"),
        ("\nBest\nPetra", "Petra Novak", "Petra Novak"),
        ("\nBest\nTom", "Petra Novak", "Tom Baker"),
        ("\n\nOlga", "Petra Novak", "Olga"),
        ("\nThanks, Tom", "Petra Novak", "Tom Baker"),
    ],
)
def test_who_wrote_the_mail_without_a_head(signature: str, me: str, who: str) -> None:
    text = f"It is done.{signature}\n\nOn Mon, 30 Nov 2026 at 09:12, Tom Baker <tom@example.org> wrote:\n> Well?"
    assert seen(text, me=me)[-1] == (who, "", "It is done.")


def test_days_in_words_stay_open_when_nobody_says_what_day_it_is() -> None:
    assert seen("Petra Novak\nYesterday 10:37 AM\nHello") == [("Petra Novak", "10:37", "Hello")]
    assert seen("Petra Novak, Nov 12, 9:01 AM\nHello\nTom Baker, Nov 13, 9:02 AM\nHi")[0][1] == "09:01"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "I met Tom: he was nice. Then we had lunch.",
        "Tom was rude in the meeting.\nI told him: not now.",
        "Note: this is it\nUpdate: nothing",
        "At 9:30 Tom came by and thanked me.",
        "On Monday Tom wrote:",
        "On 12 November 2026 I wrote:\nI am sorry.",
        "Agenda\nWelcome 9:00\nBudget 9:30\nLunch 12:30",
        "Tom: prefers mornings, two kids\nAnna: new in the team since May\nOlga: on leave",
        "Milk: two litres\nBread: one\nEggs: twelve",
        "1. Tom: late again\n2. Olga: says he told you\nWhat can I do?",
        "Situation: the stand-up\nWhat I did: I laughed\nImpact: he left",
        "From: nine\nTo: five",
        "Monday 9:30\nTom shouted at me.\nTuesday 10:00\nHe said sorry.",
        "Lunch 12:30\nTom did not come, and I said nothing.",
    ],
)
def test_what_is_told_is_no_thread(text: str) -> None:
    assert taken_apart(text) == ()


def test_of_a_long_thread_the_newest_are_kept() -> None:
    lines = [f"30/11/2026, {n // 60:02}:{n % 60:02} - Tom: number {n}" for n in range(100)]
    found = taken_apart("\n".join(lines))
    assert (len(found), found[-1].text) == (60, "number 99")


def test_blanks_and_marks_however_many_change_nothing_of_who_wrote_what() -> None:
    wide, marks = " " * 3_000 + "\v" * 3_000, " (edited)" * 1_000
    assert seen(f"Rosa Lang{wide}9:01 AM\nGood{wide}morning{marks}") == [("Rosa Lang", "09:01", "Good morning")]
    told = seen(f"From: Rosa Lang {'😀' * 3_000}x\nDate: 30 Nov 2026{wide}09:12\nTo: me\n\nHello")
    assert [(when, text) for _, when, text in told] == [("2026-11-30 09:12", "Hello")]
    assert taken_apart(f"She left.{wide}b.") == ()


@many("case", held_out)
def test_threads_that_somebody_else_wrote_stay_taken_apart(case: dict[str, object]) -> None:
    assert found(case) == wanted(case)


LINES = sorted({line for kind in ("chats", "mails") for _, text, _ in cases(kind) for line in text.split("\n")})


@given(st.lists(st.sampled_from(LINES) | st.text(max_size=40), max_size=20).map("\n".join))
def test_whatever_is_pasted_every_message_says_something_that_was_written(text: str) -> None:
    for message in taken_apart(text, TODAY, me="Petra Novak"):
        assert message.text.strip()
        assert all(word in straight(text).translate(MARKS) for word in message.text.split())
