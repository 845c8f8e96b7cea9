"""Commitments in sessions: the sentence stays whole, the day is found, and nothing is kept without a tap."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from datetime import date
from pathlib import Path

import pytest
import pytest_asyncio

from coach.domain.sessions import Because, State
from coach.knowledge.library import Library
from coach.reading import offers
from coach.sessions.asides import Move
from coach.sessions.talk import Filled
from evals.sittings import USER, Sitting, fill
from test_sessions import sitting_after

MONDAY = date(2024, 5, 6)


async def at_the_question(sitting: Sitting) -> None:
    await fill(sitting)
    await sitting.go("weekly_review", ["A full week.", "More calm."])
    await sitting.until("take")


@pytest_asyncio.fixture
async def sitting(library: Library, tmp_path: Path) -> AsyncIterator[Sitting]:
    """A weekly review at the question what will be done."""
    async with sitting_after(at_the_question, library, tmp_path) as found:
        yield found


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("Ring her tomorrow at 9:00; write to the client on Wednesday", 2),
        ("I'll ring her tomorrow and write to the client on Wednesday.", 2),
        ("1. Ring Kim tomorrow\n2. Thank Omar on Friday\n3. Write to Bea", 3),
        ("I'll keep the one-to-one on Wednesday, and I'll begin by asking him how he is.", 1),
        ("Coffee with Yusuf", 1),
        ("On Wednesday I'll thank her for Easter and on Thursday I send her the rota.", 2),
        ("Two things: call the supplier today and have lunch with Bea on Thursday.", 2),
        ("First thing tomorrow I'll send Tariq the numbers, then on Wednesday I'll sit with Dana.", 2),
        ("I will not cancel the one-to-one on Thursday.", 1),
        ("I'm going to give everybody a medal. Just kidding. I'll thank Omar on Tuesday.", 1),
        ("I won't promise anything.", 0),
        ("The week is full. I'll ask Yusuf on Tuesday what he needs.", 1),
        ("I'll ring her. If she is away I'll do it on Friday.", 1),
        ("I could throw him out, haha.", 0),
        ("Bea on Wednesday after lunch. And a card for Omar by Friday. And Lena on Thursday.", 3),
        ("As I said, the card for Omar, by Friday, and Lena on Thursday after lunch.", 2),
        ("Thank Omar on Friday, ring HR on Wednesday, and lunch with Bea on Thursday.", 3),
        ("Omar's card by Friday; Lena Wednesday", 2),
        ("I'll ring Kim on Wednesday, the day before her Thursday review.", 1),
        ("I'll ring Kim on Wednesday. And Omar is away on Friday.", 1),
        ("Maybe ring her at home on Friday? No, that's too much.", 0),
        ("I don't know, perhaps a coffee on Friday.", 0),
        ("Or should I write to him on Friday?", 0),
        ("I'll sell them all on Friday, just kidding.", 0),
    ],
)
def test_each_sentence_that_says_what_will_be_done_is_offered_whole(text: str, sentences: int) -> None:
    found = offers.sentences(text, MONDAY)
    assert len(found) == sentences
    assert all(each in text for each in found)


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("Ring her tomorrow at 9:00", "09:00"),
        ("on Wednesday at ten", "10:00"),
        ("at four, in his office", "16:00"),
        ("tomorrow 3pm", "15:00"),
        ("at noon", "12:00"),
        ("talk to the two at desk 4 of them", ""),
        ("for ten minutes", ""),
    ],
)
def test_a_time_of_day_is_found(text: str, at: str) -> None:
    assert offers.clock(text) == at


def test_a_day_that_is_put_right_in_the_same_message_is_the_one_put_right() -> None:
    said = "Wednesday. No, Thursday, he is off on Wednesday."
    assert offers.offer("o", "p", said, said, MONDAY, ()).due == date(2024, 5, 9)


@pytest.mark.parametrize(
    ("text", "due"),
    [
        ("Wednesday. No, Tuesday after stand-up, I say it to him and hand it back.", date(2024, 5, 7)),
        ("I'll ring her on Friday, or rather Thursday.", date(2024, 5, 9)),
        ("I'll ring her on Tuesday, no wait, on Thursday.", date(2024, 5, 9)),
        ("I'll ring her on Tuesday, no call on Wednesday.", date(2024, 5, 7)),
    ],
)
def test_of_two_days_the_one_that_puts_the_other_right_is_meant(text: str, due: date) -> None:
    assert offers.offer("o", "p", text, text, MONDAY, ()).due == due
    assert offers.timed(offers.offer("o", "p", "Ring", "Ring", MONDAY, ()), text, MONDAY).due == due


@pytest.mark.parametrize(
    ("text", "bare"),
    [
        ("Today. Gate. 6pm", True),
        ("On Thursday at ten", True),
        ("Tomorrow, right before the shift.", True),
        ("Lunch with Bea on Thursday", False),
        ("Ring Kim tomorrow at nine", False),
        ("coffee with Yusuf", False),
    ],
)
def test_a_time_alone_is_no_act(text: str, bare: bool) -> None:
    assert offers.bare_when(text, MONDAY) is bare


async def test_several_are_asked_about_one_after_the_other(sitting: Sitting) -> None:
    text = await sitting.say("Ring Kim tomorrow at 9:00; write to the client on Wednesday")
    assert "I hear two:" in text
    assert "“Ring Kim tomorrow at 9:00”, for Tuesday 7 May at 09:00" in text
    await sitting.say("no")
    await sitting.say("keep")
    [kept] = sitting.it.intentions
    assert (kept.words, kept.due) == ("write to the client on Wednesday", date(2024, 5, 8))


@pytest.mark.parametrize("text", ["Not this week.", "no", "Nothing, they are fine.", "I don't want to"])
async def test_nothing_is_taken_on_by_saying_so(sitting: Sitting, text: str) -> None:
    await sitting.say(text)
    assert (sitting.it.state, sitting.it.because, sitting.it.intentions) == (State.CLOSED, Because.NOTHING_FITS, ())


async def test_not_this_week_drops_what_is_offered(sitting: Sitting) -> None:
    await sitting.say("I'll ring Kim on Friday")
    await sitting.say("Not this week.")
    assert sitting.it.intentions == ()
    assert await sitting.journal.commitments(USER) == []


async def test_what_was_offered_and_not_kept_is_named_when_the_session_is_finished(sitting: Sitting) -> None:
    await sitting.say("I'll ring Kim on Friday")
    text = await sitting.say("Finish now.")
    assert sitting.it.state is State.CLOSED
    assert sitting.it.intentions == ()
    assert "Not kept, as you did not say so: “I'll ring Kim on Friday”" in text


@pytest.mark.parametrize(
    ("said", "kept", "due"),
    [
        (["I'll ring Kim", "Thursday after lunch"], "I'll ring Kim", date(2024, 5, 9)),
        (["I'll ring Kim on Friday", "No, Thursday", "keep"], "I'll ring Kim on Friday", date(2024, 5, 9)),
        (["I'll ring Kim on Friday", "change", "I'll write to Kim on Wednesday", "yes"],
         "I'll write to Kim on Wednesday", date(2024, 5, 8)),
        (["I'll ring Kim on Friday", "keep", "Sorry, I meant Thursday", "keep"],
         "I'll ring Kim on Friday", date(2024, 5, 9)),
    ],
)  # fmt: skip
async def test_a_day_and_a_correction(sitting: Sitting, said: Sequence[str], kept: str, due: date) -> None:
    for text in said:
        await sitting.say(text)
    [one] = sitting.it.intentions
    assert (one.words, one.due) == (kept, due)
    assert not one.obstacle
    [commitment] = await sitting.journal.commitments(USER)
    assert commitment.due == due


async def test_a_correction_edits_the_one_it_is_about(sitting: Sitting) -> None:
    await sitting.say("Ring Kim tomorrow; write to the client on Wednesday")
    await sitting.say("keep")
    await sitting.say("keep")
    await sitting.say("Sorry, I meant Kim on Thursday.")
    assert "“Ring Kim tomorrow”, but now for Thursday" in sitting.it.turns[-1].text
    await sitting.say("keep")
    assert {each.words: each.due for each in sitting.it.intentions} == {
        "Ring Kim tomorrow": date(2024, 5, 9),
        "write to the client on Wednesday": date(2024, 5, 8),
    }


async def test_what_is_filled_in_beside_keep_is_kept(sitting: Sitting) -> None:
    await sitting.say("coffee with Yusuf")
    form = await sitting.coach.form(USER, sitting.it, sitting.now)
    assert form is not None
    assert form.offer is not None
    assert [day for day, _ in form.days] == [date(2024, 5, 6), date(2024, 5, 7), date(2024, 5, 8), date(2024, 5, 10)]
    filled = Filled(form.offer.id, "Coffee with Yusuf", date(2024, 5, 10), "10:30", "the bell")
    await sitting.coach.act(USER, sitting.it.id, Move.KEEP, sitting.now, filled)
    [one] = (await sitting.coach.session(USER, sitting.it.id)).intentions
    assert (one.words, one.due, one.at, one.cue, one.person_id) == (
        "Coffee with Yusuf", date(2024, 5, 10), "10:30", "the bell", "yusuf"
    )  # fmt: skip


async def test_an_angry_sentence_of_before_is_no_commitment_when_a_time_is_named(
    library: Library, tmp_path: Path
) -> None:
    async with sitting_after(fill, library, tmp_path) as it:
        await it.go("weekly_review", ["I could throw Omar out.", "A calm week.", "hm"])
        await it.until("take")
        assert (await it.say("On Thursday at ten")).endswith("What will you do then?")
        await it.say("no")
        assert it.it.intentions == ()


async def test_choices_come_from_the_journal_and_from_the_leaders_own_answers(library: Library, tmp_path: Path) -> None:
    async with sitting_after(fill, library, tmp_path) as it:
        lines = ["A full week.", "More calm.", "skip", "skip", "I could ask Yusuf for a walk.", "My own way."]
        await it.go("weekly_review", lines)
        form = await it.coach.form(USER, it.it, it.now)
        assert form is not None
        assert form.reason
        assert form.choices[0] == "I could ask Yusuf for a walk."
        assert form.choices[-1] == "Nothing this week"
        await it.say(form.choices[0])
        assert it.it.offers[0].words == "I could ask Yusuf for a walk."
        await it.begin("prepare_one_to_one")
        form = await it.coach.form(USER, it.it, it.now)
        assert form is not None
        assert "Yusuf" in form.choices


@pytest.mark.parametrize(("text", "n"), [("keep both", 2), ("neither", 0)])
async def test_both_are_kept_or_dropped_by_one_word(sitting: Sitting, text: str, n: int) -> None:
    await sitting.say("Ring Kim tomorrow; thank Omar on Friday")
    await sitting.say(text)
    assert (len(sitting.it.intentions), sitting.it.offers) == (n, ())


@pytest.mark.parametrize("text", ["whenever I can", "Kim, of all people", "no idea yet"])
async def test_what_is_neither_yes_nor_a_day_nor_an_act_changes_nothing(sitting: Sitting, text: str) -> None:
    await sitting.say("I'll ring Kim")
    await sitting.say(text)
    assert [each.words for each in sitting.it.offers] == ["I'll ring Kim"]
    assert sitting.it.state is State.OPEN


@pytest.mark.parametrize(
    ("text", "happened", "due"),
    [
        ("It went well", True, None),
        ("It went badly", True, None),
        ("Move it to Friday", False, date(2024, 5, 17)),
        ("No, not yet. Thursday.", False, date(2024, 5, 16)),
        ("Let it go", False, None),
    ],
)
async def test_what_became_of_last_weeks_commitment_is_told_by_tap_or_word(
    sitting: Sitting, text: str, happened: bool, due: date | None
) -> None:
    await sitting.say("I'll ring Kim on Wednesday")
    for each in ("keep", "stop"):
        await sitting.say(each)
    await sitting.begin("weekly_review", days=7)
    form = await sitting.coach.form(USER, sitting.it, sitting.now)
    assert form is not None
    assert form.choices == (
        "Done, neither well nor badly",
        "It went well",
        "They took it badly",
        "Not yet",
        "Let it go",
    )
    await sitting.say(text)
    [told] = sitting.it.told
    assert (told.happened, told.new_due) == (happened, due)
