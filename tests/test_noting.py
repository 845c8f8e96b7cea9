"""Noting a moment: words taken as they stand, pasted threads taken apart; something to confirm in any case."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import pytest

from coach.domain.moments import By, Channel, Landed
from coach.domain.people import Person
from coach.domain.readings import Route
from coach.reading.notes import Note, Noted, landing, noted
from fakes import NOW, TOM
from texts import PROMPTS

TODAY = date(2024, 5, 20)


def found_in(text: str, known: Sequence[Person] = (TOM,), today: date = TODAY, me: str = "") -> Noted:
    return noted(text, known, today, PROMPTS, me)


def test_a_text_is_one_moment_as_it_stands_with_the_place_and_day_it_names() -> None:
    [note] = found_in("Tom thanked me in the meeting yesterday").notes
    assert note == Note(
        "Tom thanked me in the meeting yesterday", "Tom", None, None, Channel.MEETING, date(2024, 5, 19)
    )


def test_who_acted_and_how_it_landed_are_the_users_to_say() -> None:
    for text in ("Tom shouted at me", "I interrupted Tom", "coffee with Tom"):
        [note] = found_in(text).notes
        assert (note.what, note.who, note.by, note.landed) == (text, "Tom", None, None)
    assert found_in("coffee with Tom").notes[0].channel is Channel.IN_PERSON


def test_nobody_is_named_who_is_not_in_the_journal_or_is_not_the_only_one() -> None:
    maya = Person("maya", "Maya", NOW)
    assert found_in("Tom thanked me", known=()).notes[0].who == ""
    assert found_in("Tom and Maya had coffee with me", known=(TOM, maya)).notes[0].who == ""
    assert found_in("Maya thanked me", known=(TOM, maya)).notes[0].who == "Maya"


def test_the_route_of_the_words_is_told_on() -> None:
    assert noted("He hit me", [TOM], TODAY, PROMPTS, route=Route.GET_HELP).route is Route.GET_HELP


def test_a_thread_gives_what_may_have_landed_and_leaves_out_business() -> None:
    text = "Tom: Thanks so much for Friday, you saved us\nMe: Can you send the file?\nTom: Do what you want."
    found = found_in(text)
    assert [(each.by, each.who, each.landed, each.channel) for each in found.notes] == [
        (By.THEM, "Tom", Landed.HELPED, Channel.CHAT),
        (By.THEM, "Tom", Landed.HARMED, Channel.CHAT),
    ]
    assert found.notes[0].what == "Tom wrote: “Thanks so much for Friday, you saved us”"
    assert (found.me, found.senders, found.left_out) == ("Me", ("Tom", "Me"), 1)


def test_a_question_that_nobody_answered_is_a_moment() -> None:
    text = "[06/05/2024, 09:31:02] Tom: hello\n[06/05/2024, 09:35:10] Anna: Could you look at page two?"
    [note] = found_in(text).notes
    assert (note.what, note.by, note.landed) == (
        "Tom did not answer: “Could you look at page two?”", By.THEM, Landed.INDIFFERENT
    )  # fmt: skip
    assert found_in(text, today=date(2024, 5, 8)).notes[0].landed is None


def test_who_the_user_is_can_be_said() -> None:
    text = "Ann: Thank you\nBea: Well done yourself"
    assert found_in(text, known=()).me == ""
    found = found_in(text, known=(), me="Bea")
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
