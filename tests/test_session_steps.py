"""A step that was taken on in the chat is known in a session: shown, not asked for again, and on the list once."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
import pytest_asyncio

from coach.domain.commitments import Commitment
from coach.domain.moments import Landed
from coach.domain.plans import RepairPlan
from coach.domain.readings import Kind
from coach.knowledge.library import Library
from evals.sittings import NOW, USER, Sitting, fill
from sample_journal import plan
from test_sessions import sitting_after

WORDS = ["shouting at you", "ask first"]


async def _a_step_taken_on(sitting: Sitting) -> None:
    await fill(sitting)
    await sitting.noted("Kim", 3, "I snapped at Kim in the stand-up", Landed.HARMED)
    made = plan("of the chat", "kim", ("the step",))
    assert made.kind is not Kind.LEADER_SESSION
    await sitting.journal.keep_plan(USER, made)
    await sitting.journal.keep_commitment(USER, Commitment("the step", made.id, NOW, date(2024, 5, 8)))
    await sitting.go("weekly_review", ["Busy.", "More calm."])


@pytest_asyncio.fixture
async def sitting(library: Library, tmp_path: Path) -> AsyncIterator[Sitting]:
    """A review whose journal holds a harm by the leader, and a step taken on for it, for Wednesday 8 May."""
    async with sitting_after(_a_step_taken_on, library, tmp_path) as found:
        yield found


async def test_the_step_stands_beside_the_harm_that_nothing_mended(sitting: Sitting) -> None:
    assert "has put it right. You took a step on for it, for Wednesday 8 May" in sitting.text


async def test_its_day_is_not_asked_for_again_and_it_stays_one_thing(sitting: Sitting) -> None:
    await sitting.say("Kim")
    sentence = (await sitting.form()).filled(WORDS)
    text = await sitting.say(sentence)
    assert "for Wednesday 8 May. It is the step that stands for then already, with your words." in text
    await sitting.say("keep")
    [kept] = await sitting.journal.commitments(USER)
    assert (kept.id, kept.due) == ("the step", date(2024, 5, 8))
    [step] = (await sitting.journal.plan(USER, "of the chat")).steps
    assert step.say == sentence


async def test_another_day_moves_it_and_what_else_is_said_is_offered_beside_it(sitting: Sitting) -> None:
    await sitting.say("Kim")
    await sitting.say((await sitting.form()).filled(WORDS))
    await sitting.say("Tomorrow after the handover, and I'll sit with Bea on Thursday at her break")
    await sitting.say("Keep both")
    commitments = {each.id: each.due for each in await sitting.journal.commitments(USER)}
    assert commitments["the step"] == date(2024, 5, 7)
    assert sorted(commitments.values()) == [date(2024, 5, 7), date(2024, 5, 9)]


async def test_it_is_asked_once_what_became_of_it(sitting: Sitting) -> None:
    await sitting.say("stop")
    await sitting.begin("weekly_review", days=7)
    assert "What became of it?" in sitting.text
    await sitting.say("I did it, it went well.")
    assert await sitting.journal.commitments(USER) == []
    await sitting.say("stop")
    assert "became" not in await sitting.begin("weekly_review", days=1)


async def test_own_words_with_a_day_take_its_place_too(sitting: Sitting) -> None:
    for line in ("Kim", "Say sorry to her that I yelled"):
        await sitting.say(line)
    await sitting.until("take")
    assert "It takes the place of the step that stands for Wednesday 8 May." in await sitting.say("tomorrow")
    await sitting.say("keep")
    [kept] = await sitting.journal.commitments(USER)
    assert (kept.id, kept.due) == ("the step", date(2024, 5, 7))


def for_another(it: RepairPlan) -> RepairPlan:
    return replace(it, steps=(replace(it.steps[0], say="About the rota: that was Kim's."),))


async def test_a_step_that_is_for_somebody_else_lends_its_day_to_no_sentence(sitting: Sitting) -> None:
    await sitting.journal.change(USER, RepairPlan, "of the chat", for_another)
    await sitting.say("Kim")
    await sitting.say((await sitting.form()).filled(WORDS))
    assert "step that stands" not in sitting.text
    assert sitting.it.asking == "take"
    assert sitting.it.offers == ()


@pytest.mark.parametrize("lines", [["Kim. I was loud."], ["Kim, and then Omar's rota", "Kim"]])
async def test_whom_the_leader_begins_with_has_the_plan_of_the_chat_and_the_commitment(
    sitting: Sitting, lines: list[str]
) -> None:
    await sitting.go("weekly_review", [lines[0], "More calm.", "Yes, so it is", *lines[1:]])
    assert "This is the plan you took on for it. Ask Tom in private" in sitting.text
    assert (await sitting.form()).frame == (await sitting.journal.plan(USER, "of the chat")).steps[0].say
    for line in ("Say sorry that I yelled, all of it", "tomorrow"):
        await sitting.say(line)
    assert [each.person_id for each in sitting.it.offers] == ["kim"]


async def test_a_later_step_that_nobody_took_on_is_neither_looked_back_at_nor_called_taken_on(sitting: Sitting) -> None:
    def two_steps(it: RepairPlan) -> RepairPlan:
        return replace(it, steps=(it.steps[0], replace(it.steps[0], id="the next", action="then ask what is left")))

    await sitting.journal.change(USER, RepairPlan, "of the chat", two_steps)
    await sitting.say("stop")
    await sitting.begin("weekly_review", days=7)
    await sitting.say("Done.")
    assert [each.id for each in await sitting.journal.commitments(USER)] == ["the next"]
    await sitting.say("stop")
    await sitting.go("weekly_review", ["Busy.", "More calm."], days=7)
    said = " ".join(turn.text for turn in sitting.it.turns)
    assert "became of it" not in said
    assert "took a step on" not in said


async def test_what_was_told_as_done_is_on_no_list_a_week_later(sitting: Sitting) -> None:
    for line in ("Kim", "Say sorry to her that I yelled"):
        await sitting.say(line)
    await sitting.until("take")
    for line in ("Tomorrow", "keep", "stop"):
        await sitting.say(line)
    await sitting.begin("weekly_review", days=7)
    await sitting.say("I said it. He looked at the table.")
    await sitting.say("Done")
    assert sitting.it.told[0].happened
    assert await sitting.journal.commitments(USER) == []


async def test_what_is_kept_for_a_day_with_them_leaves_no_day_to_ask_for(sitting: Sitting) -> None:
    await sitting.journal.change(USER, RepairPlan, "of the chat", for_another)
    await sitting.say("Kim")
    await sitting.say((await sitting.form()).filled(WORDS))
    assert sitting.it.asking == "take"
    await sitting.say("I'll tell Omar of the rota tomorrow. I'll sit with Kim on Wednesday at 11.")
    await sitting.say("Keep both")
    assert "which day" not in sitting.text
    assert [(each.due.day, each.person_id) for each in sitting.it.intentions if each.due] == [(7, "omar"), (8, "kim")]
