"""Noting a moment: prose in, records out; pasted threads; something to confirm in any case."""

from __future__ import annotations

from datetime import date

import pytest

from coach.coaching.desk import Desk
from coach.domain.moments import By, Channel, Landed
from coach.reading.notes import Note, landing
from fakes import TOM, FakeLikeness
from texts import PROMPTS

TODAY = date(2024, 5, 20)
DESK = Desk(PROMPTS, FakeLikeness())


def test_a_sentence_becomes_a_record() -> None:
    [note] = DESK.noted("Tom thanked me in the meeting yesterday", [TOM], TODAY).notes
    assert note == Note(
        "Tom thanked me in the meeting yesterday", "Tom", By.THEM, Landed.HELPED, Channel.MEETING, date(2024, 5, 19)
    )


def test_words_that_hold_no_moment_are_taken_whole_and_the_landing_is_asked() -> None:
    [note] = DESK.noted("coffee with Tom", [TOM], TODAY).notes
    assert (note.what, note.who, note.landed, note.channel) == ("coffee with Tom", "Tom", None, Channel.IN_PERSON)


def test_a_thread_gives_what_may_have_landed_and_leaves_out_business() -> None:
    text = "Tom: Thanks so much for Friday, you saved us\nMe: Can you send the file?\nTom: Do what you want."
    found = DESK.noted(text, [TOM], TODAY)
    assert [(each.by, each.who, each.landed, each.channel) for each in found.notes] == [
        (By.THEM, "Tom", Landed.HELPED, Channel.CHAT),
        (By.THEM, "Tom", Landed.HARMED, Channel.CHAT),
    ]
    assert found.notes[0].what == "Tom wrote: “Thanks so much for Friday, you saved us”"
    assert (found.me, found.senders, found.left_out) == ("Me", ("Tom", "Me"), 1)


def test_a_question_that_nobody_answered_is_a_moment() -> None:
    text = "[06/05/2024, 09:31:02] Tom: hello\n[06/05/2024, 09:35:10] Anna: Could you look at page two?"
    [note] = DESK.noted(text, [TOM], TODAY).notes
    assert (note.what, note.by, note.landed) == (
        "Tom did not answer: “Could you look at page two?”", By.THEM, Landed.INDIFFERENT
    )  # fmt: skip
    assert DESK.noted(text, [TOM], date(2024, 5, 8)).notes[0].landed is None


def test_who_the_user_is_can_be_said() -> None:
    text = "Ann: Thank you\nBea: Well done yourself"
    assert DESK.noted(text, [], TODAY).me == ""
    found = DESK.noted(text, [], TODAY, me="Bea")
    assert [(each.who, each.by) for each in found.notes] == [("Ann", By.THEM), ("Ann", By.ME)]


@pytest.mark.parametrize(
    ("words", "landed"),
    [
        ("Great work on the slides", Landed.HELPED),
        ("I'm sorry I snapped earlier", Landed.HELPED),
        ("No worries, take your time.", Landed.HELPED),
        ("You never read anything.", Landed.HARMED),
        ("Thanks for nothing", Landed.HARMED),
        ("This is unacceptable.", Landed.HARMED),
        ("Attached is the report.", None),
        ("Any update on this?", None),
    ],
)
def test_written_words_are_judged_by_their_wording(words: str, landed: Landed | None) -> None:
    assert landing(words) is landed
