"""Several commitments in one message, an act without its day, a day without its act, and a day that has changed."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import date
from pathlib import Path

import pytest
import pytest_asyncio

from coach.domain.sessions import State
from coach.knowledge.library import Library
from evals.sittings import USER, Sitting, fill
from test_sessions import sitting_after

THREE = "Bea on Wednesday after lunch. And a card for Omar by Friday. And Lena on Thursday."


async def with_one_idea(sitting: Sitting) -> None:
    await fill(sitting)
    await sitting.go("weekly_review", ["A full week.", "More calm.", "skip", "skip", "Thank Omar at the gate."])
    await sitting.until("take")


@pytest_asyncio.fixture
async def sitting(library: Library, tmp_path: Path) -> AsyncIterator[Sitting]:
    """A weekly review, with one idea, at the question what will be done."""
    async with sitting_after(with_one_idea, library, tmp_path) as found:
        yield found


def kept(sitting: Sitting) -> dict[str, date | None]:
    return {each.words: each.due for each in sitting.it.intentions}


async def test_three_are_named_and_kept_at_once(sitting: Sitting) -> None:
    text = await sitting.say(THREE)
    assert text.startswith("I hear three:")
    assert (await sitting.form()).choices == ("Keep all", "None of them")
    await sitting.say("Keep all")
    assert kept(sitting) == {
        "Bea on Wednesday after lunch.": date(2024, 5, 8),
        "And a card for Omar by Friday.": date(2024, 5, 10),
        "And Lena on Thursday.": date(2024, 5, 9),
    }


async def test_what_gets_in_the_way_of_several_stands_with_none_of_them_but_in_the_summary(sitting: Sitting) -> None:
    for line in ("Ring Kim tomorrow; write to Bea on Wednesday", "Keep both", "If I am off sick, Lena does it."):
        await sitting.say(line)
    assert [each.obstacle for each in sitting.it.intentions] == ["", ""]
    assert "If I am off sick, Lena does it." in await sitting.coach.summary(USER, sitting.it.id)


async def test_none_of_them_keeps_none(sitting: Sitting) -> None:
    await sitting.say(THREE)
    await sitting.say("None of them")
    assert (sitting.it.offers, sitting.it.intentions) == ((), ())


async def test_those_with_a_day_are_kept_and_the_day_of_the_other_is_asked(sitting: Sitting) -> None:
    await sitting.say("1. Ring Kim tomorrow\n2. Write to Bea")
    text = await sitting.say("Keep both")
    assert kept(sitting) == {"Ring Kim tomorrow": date(2024, 5, 7)}
    assert "for which day?" in text
    await sitting.say("Thursday")
    assert kept(sitting)["Write to Bea"] == date(2024, 5, 9)


async def test_two_things_are_parted_where_the_leader_says_so(sitting: Sitting) -> None:
    await sitting.say("The card and the talk with Lena on Thursday")
    await sitting.say("No, they're two things. A card for Omar by Friday. Talk to Lena on Thursday after lunch.")
    assert [(each.words, each.due) for each in sitting.it.offers] == [
        ("A card for Omar by Friday.", date(2024, 5, 10)),
        ("Talk to Lena on Thursday after lunch.", date(2024, 5, 9)),
    ]


async def test_one_of_several_can_be_put_right(sitting: Sitting) -> None:
    await sitting.say("Ring Kim tomorrow; write to Bea on Wednesday")
    await sitting.say("No, I meant Kim on Friday.")
    assert {each.words: each.due for each in sitting.it.offers} == {
        "Ring Kim tomorrow": date(2024, 5, 10),
        "write to Bea on Wednesday": date(2024, 5, 8),
    }


async def test_a_time_alone_is_joined_with_what_the_leader_said_they_would_do(sitting: Sitting) -> None:
    await sitting.say("Today. Gate. 6pm")
    [made] = sitting.it.offers
    assert (made.words, made.cue) == ("Thank Omar at the gate.", "")
    assert (made.due, made.at, made.person_id) == (date(2024, 5, 6), "18:00", "omar")


async def test_a_time_alone_where_nothing_was_said_asks_what(library: Library, tmp_path: Path) -> None:
    async with sitting_after(fill, library, tmp_path) as it:
        await it.go("weekly_review", ["A full week.", "More calm."])
        await it.until("take")
        await it.say("Tomorrow at nine, before the shift")
        assert it.it.turns[-1].text == "What will you do then?"
        await it.say("Go over to Kim and ask how the rig works")
        await it.say("keep")
        assert kept(it) == {"Go over to Kim and ask how the rig works": date(2024, 5, 7)}
        assert it.it.intentions[0].cue == "Tomorrow at nine, before the shift"


async def test_words_that_name_the_old_day_are_said_anew(sitting: Sitting) -> None:
    await sitting.say("Ask Kim for a range, on Wednesday.")
    await sitting.say("No, wait. Thursday. Wednesday is sprint planning.")
    assert sitting.it.offers[0].due == date(2024, 5, 9)
    assert "Say it as it should be" in await sitting.say("Change the words")
    await sitting.say("Ask Kim for a range, on Thursday.")
    await sitting.say("keep")
    assert kept(sitting) == {"Ask Kim for a range, on Thursday.": date(2024, 5, 9)}


async def test_what_was_said_with_its_day_in_an_earlier_answer_can_be_tapped(library: Library, tmp_path: Path) -> None:
    async with sitting_after(fill, library, tmp_path) as it:
        await it.go("weekly_review", ["Busy. I'll give Bea her answer on Wednesday.", "More calm."])
        await it.until("take")
        assert "I'll give Bea her answer on Wednesday." in (await it.form()).choices


async def test_a_day_that_hangs_on_when_it_was_said_has_its_date_beside_it(sitting: Sitting) -> None:
    for line in ("Ring Kim tomorrow before shift", "keep", "stop"):
        await sitting.say(line)
    assert sitting.it.state is State.CLOSED
    plan = await sitting.journal.plan(USER, sitting.it.intentions[0].plan_id)
    assert plan.steps[0].action == "“Ring Kim tomorrow before shift” (said on Monday 6 May)"
    await sitting.begin("weekly_review", days=7)
    await sitting.say("It went well")
    assert sitting.it.told[0].words == "“Ring Kim tomorrow before shift” (Tuesday 7 May)"


@pytest.mark.parametrize("text", ["Maybe ring her at home on Friday? No, that's too much.", "Perhaps a coffee?"])
async def test_what_is_only_thought_of_is_not_offered(sitting: Sitting, text: str) -> None:
    await sitting.say(text)
    assert sitting.it.offers == ()


async def test_a_grumble_is_no_act_and_what_was_said_stands(sitting: Sitting) -> None:
    for line in ("Ring Kim tomorrow after the handover", "keep"):
        await sitting.say(line)
    await sitting.until("another")
    text = await sitting.say("Sure I just told you, tomorrow, after the handover")
    assert "You did, and it stands: “Ring Kim tomorrow after the handover”, for Tuesday 7 May" in text
    assert len(sitting.it.intentions) == 1


@pytest.mark.parametrize("text", ["Sit with Kim and ask how Thursday was for her", "Talk to Kim about Friday's review"])
async def test_the_day_that_something_is_about_is_not_the_day_of_the_act(sitting: Sitting, text: str) -> None:
    await sitting.say(text)
    assert [each.due for each in sitting.it.offers] == [None]


async def test_that_one_with_its_day_is_the_idea_beside_another_act(sitting: Sitting) -> None:
    await sitting.say("That one, Thursday, and tonight I tell Kim that she can go")
    assert [(each.words, each.due) for each in sitting.it.offers] == [
        ("Thank Omar at the gate.", date(2024, 5, 9)),
        ("tonight I tell Kim that she can go", date(2024, 5, 6)),
    ]


@pytest.mark.parametrize(
    "text",
    ["On Thursday I say to Kim that I missed her, or is that a bad place?", "Thursday I sit with Kim. Too much?"],
)
async def test_a_plan_that_ends_in_a_question_is_offered_and_the_question_told_no(sitting: Sitting, text: str) -> None:
    assert "I cannot answer without a language model" in await sitting.say(text)
    [made] = sitting.it.offers
    assert (made.due, made.person_id) == (date(2024, 5, 9), "kim")
    assert text.startswith(made.words)
    assert "?" not in made.words


@pytest.mark.parametrize(
    ("text", "state"),
    [
        ("No, it is enough, thank you", State.CLOSED),
        ("It is enough, my dear, thank you, I have to go, they are calling me", State.CLOSED),
        ("Sorry, somebody is calling me", State.PAUSED),
    ],
)
async def test_a_goodbye_ends_or_pauses_and_is_no_commitment(sitting: Sitting, text: str, state: State) -> None:
    for line in ("Ring Kim tomorrow", "y", "Nothing", text):
        await sitting.say(line)
    assert sitting.it.state is state
    assert kept(sitting) == {"Ring Kim tomorrow": date(2024, 5, 7)}


@pytest.mark.parametrize(("text", "n"), [("y", 1), ("k", 1), ("yes please", 1), ("n", 0)])
async def test_one_letter_keeps_or_drops(sitting: Sitting, text: str, n: int) -> None:
    await sitting.say("Ring Kim tomorrow")
    await sitting.say(text)
    assert (len(sitting.it.offers), len(sitting.it.intentions)) == (0, n)


@pytest.mark.parametrize(
    ("text", "offered"),
    [
        ("Keep it, but writing to Bea on Wednesday stays also", {"writing to Bea on Wednesday stays also": 8}),
        ("Tuesday is for telling Omar.", {"Ring Kim on Wednesday": 8}),
        ("I'll ring Omar on Friday", {"I'll ring Omar on Friday": 10, "Ring Kim on Wednesday": 8}),
        ("Kim is on Friday, sorry", {"Ring Kim on Wednesday": 10}),
    ],
)
async def test_a_correction_changes_what_it_names_and_nothing_else(
    sitting: Sitting, text: str, offered: dict[str, int]
) -> None:
    await sitting.say("Ring Kim on Wednesday")
    await sitting.say(text)
    assert {each.words: each.due.day for each in sitting.it.offers if each.due} == offered
    assert ("Nothing is changed yet" in sitting.text) == text.startswith("Tuesday is")


async def test_what_names_another_commitment_than_the_last_one_changes_that_one(sitting: Sitting) -> None:
    for line in ("Ring Kim tomorrow", "keep", "Nothing", "Thursday I sit with Omar", "Kim is at three"):
        await sitting.say(line)
    assert [(each.words, each.at) for each in sitting.it.offers] == [
        ("Ring Kim tomorrow", "15:00"),
        ("Thursday I sit with Omar", ""),
    ]
