"""Pasted threads are taken apart: who wrote what, and when; what is only told is left whole."""

from __future__ import annotations

from datetime import date

import pytest

from coach.domain.moments import Channel
from coach.reading.threads import taken_apart

MAIL = """Hi Tom,
I will look at it.
Best,
Anna

On Mon, 6 May 2024 at 09:31, Tom Baker <tom@example.org> wrote:
> Hi Anna,
> this is unacceptable.
> On Fri, May 3, 2024 at 9:12 AM Anna Lee <anna@example.org>
> wrote:
>> Sorry, it will be late."""
OUTLOOK = """From: Baker, Tom <tom@example.org>
Sent: Monday, 6 May 2024 09:31
To: Anna Lee
Subject: Re: Figures

As I already said, due today.
Kind regards
Tom

From: Anna Lee
Sent: Friday, 3 May 2024 10:00
To: Baker, Tom
Subject: Figures

When do you need them?"""


@pytest.mark.parametrize(
    ("text", "messages"),
    [
        (
            "[12/05/2024, 09:31:02] Tom Baker: Thanks for Friday\nyou saved us\n[12/05/2024, 09:35:10] Me: Any time",
            [("Tom Baker", "Thanks for Friday you saved us", date(2024, 5, 12)), ("Me", "Any time", date(2024, 5, 12))],
        ),
        (
            "5/12/24, 9:31 AM - Tom: hi\n5/12/24, 9:33 AM - Anna: do what you want",
            [("Tom", "hi", date(2024, 5, 12)), ("Anna", "do what you want", date(2024, 5, 12))],
        ),
        (
            "Tom Baker  9:31 AM\nCan you send it?\nthanks\nAnna Lee  9:40 AM\nSent.",
            [("Tom Baker", "Can you send it? thanks", None), ("Anna Lee", "Sent.", None)],
        ),
        (
            "[09:31] Tom Baker\nWhere is it?\n[09:40] Me\nHere.",
            [("Tom Baker", "Where is it?", None), ("Me", "Here.", None)],
        ),
        ("Tom: where is it\nMe: on its way", [("Tom", "where is it", None), ("Me", "on its way", None)]),
    ],
)
def test_chats(text: str, messages: list[tuple[str, str, date | None]]) -> None:
    found = taken_apart(text)
    assert [(each.who, each.text, each.on) for each in found] == messages
    assert {each.channel for each in found} == {Channel.CHAT}


def test_a_quoted_mail_is_read_from_the_oldest() -> None:
    assert [(each.who, each.text, each.on) for each in taken_apart(MAIL)] == [
        ("Anna Lee", "Sorry, it will be late.", date(2024, 5, 3)),
        ("Tom Baker", "Hi Anna, this is unacceptable.", date(2024, 5, 6)),
        ("", "Hi Tom, I will look at it.", None),
    ]


def test_a_mail_with_header_lines() -> None:
    assert [(each.who, each.text, each.on, each.channel) for each in taken_apart(OUTLOOK)] == [
        ("Anna Lee", "When do you need them?", date(2024, 5, 3), Channel.EMAIL),
        ("Tom Baker", "As I already said, due today.", date(2024, 5, 6), Channel.EMAIL),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "I met Tom: he was nice. Then we had lunch.",
        "Tom was rude in the meeting.\nI told him: not now.",
        "Note: this is it\nUpdate: nothing",
        "At 9:30 Tom came by and thanked me.",
        "On Monday Tom wrote:",
    ],
)
def test_what_is_told_is_no_thread(text: str) -> None:
    assert taken_apart(text) == ()
