"""Whom a session is about: the leader taps it where they have named several; what the chat knows of them is known."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
import pytest_asyncio

from coach.domain.acts import Act
from coach.domain.commitments import Commitment
from coach.domain.moments import Landed
from coach.domain.principles import Stance
from coach.knowledge.library import Library
from evals.sittings import NOW, USER, Sitting
from sample_journal import plan
from test_sessions import sitting_after

FINE = "No, Omar is fine, it is Kim. And Bea also."


async def _three_known(sitting: Sitting) -> None:
    await sitting.knows("Kim", "Omar", "Bea")
    await sitting.noted("Omar", 1, "I told Omar not now, not now", Landed.HARMED)


@pytest_asyncio.fixture
async def sitting(library: Library, tmp_path: Path) -> AsyncIterator[Sitting]:
    """A leader with three people, of whom a harm by the leader is noted with one."""
    async with sitting_after(_three_known, library, tmp_path) as found:
        yield found


async def test_of_several_the_leader_taps_whom_they_begin_with_and_the_likeliest_is_not_guessed(
    sitting: Sitting,
) -> None:
    await sitting.go("weekly_review", ["Kim walked out.", "Kim is back.", FINE])
    assert sitting.it.asking == "first"
    assert (await sitting.form()).choices == ("Omar", "Kim", "Bea")
    await sitting.say("Kim")
    assert sitting.it.asking == "happened"


async def test_every_line_of_the_catalogue_can_be_tapped_and_gives_a_thought_and_a_sentence(sitting: Sitting) -> None:
    await sitting.go("weekly_review", ["Kim walked out.", "Kim is back.", FINE, "Kim"])
    groups = dict((await sitting.form()).groups)
    line = "Kim is being treated badly by someone"
    assert line in groups["Between other people, or the mood here"]
    assert "One thought on what you tapped." in await sitting.say(line)
    assert (await sitting.form()).frame.startswith("Kim, ")


async def _step_with_kim(sitting: Sitting) -> None:
    made = plan("of the chat", "kim", ("the step",))
    made = replace(made, steps=(replace(made.steps[0], act=Act.OWNED, say="Kim, that was wrong of me."),))
    await sitting.journal.keep_plan(USER, made)
    await sitting.journal.keep_commitment(USER, Commitment("the step", made.id, NOW, date(2024, 5, 8)))


async def test_what_was_taken_on_with_somebody_named_stands_on_the_list_without_a_moment(sitting: Sitting) -> None:
    await _step_with_kim(sitting)
    await sitting.go("weekly_review", ["Kim walked out.", "Kim is back."])
    assert "With Kim you took this on, for Wednesday 8 May: Ask Tom in private" in sitting.text
    assert (await sitting.form()).choices[0] == "Kim"


async def test_after_an_apology_is_prepared_nothing_is_asked_of_them(sitting: Sitting) -> None:
    await _step_with_kim(sitting)
    made = await sitting.journal.plan(USER, "of the chat")
    assert made.stance is Stance.REPAIR_OWN_HARM
    await sitting.go("prepare_one_to_one", ["It is about Friday.", "That I know it.", "Nothing."], "kim")
    await sitting.until("words")
    await sitting.say((await sitting.form()).frame)
    assert sitting.it.asking != "question"


@pytest.mark.parametrize("told", ["done. she nodded. still mad", "Done."])
async def test_own_words_for_the_step_told_as_done_have_put_it_right(sitting: Sitting, told: str) -> None:
    await sitting.noted("Kim", 1, "I was loud with Kim", Landed.HARMED)
    await _step_with_kim(sitting)
    await sitting.go(
        "weekly_review", ["Kim.", "More calm.", "Kim", "I say that I was loud", "tomorrow", "keep", "stop"]
    )
    await sitting.begin("weekly_review", days=7)
    assert "“I say that I was loud”" in sitting.text
    await sitting.say(told)
    if sitting.it.asking != "mind":
        await sitting.say("Done")
    for line in ("Kim", "More calm."):
        await sitting.say(line)
    assert "Kim: on" not in sitting.text


@pytest.mark.parametrize("question", ["Must there be a day?", "How strong is this some support?", "Is it even open?"])
async def test_a_question_is_answered_from_what_stands_on_the_page(sitting: Sitting, question: str) -> None:
    await sitting.go("weekly_review", ["A full week.", "More calm.", "skip", "skip", "skip"])
    await sitting.until("take")
    said = await sitting.say(question)
    assert "Something with a day is done more often." in said
    assert "Without a day nothing is kept" in said


async def test_the_second_step_is_the_one_for_a_talk_when_the_first_is_for_somebody_else(sitting: Sitting) -> None:
    made = plan("of the chat", "kim", ("to the boss", "to kim"))
    says = ("That was Kim's.", "Kim, it was yours and I let it pass as mine.")
    steps = tuple(replace(it, act=Act.OWNED, say=say) for it, say in zip(made.steps, says, strict=True))
    await sitting.journal.keep_plan(USER, replace(made, steps=steps))
    await sitting.journal.keep_commitment(USER, Commitment("to the boss", made.id, NOW, date(2024, 5, 7)))
    await sitting.go("prepare_one_to_one", ["Her sheet.", "That it is hers.", "The sheet."], "kim")
    frame = (await sitting.form()).frame
    assert frame == says[1]
    for line in (frame, "Wednesday at 11, in our one-to-one", "keep", "That is enough"):
        await sitting.say(line)
    assert {it.id: it.due.day for it in await sitting.journal.commitments(USER)} == {"to the boss": 7, "to kim": 8}
    await sitting.begin("weekly_review", days=7)
    for line in ("Done.", "Done."):
        await sitting.say(line)
    assert not any(it.open for it in await sitting.journal.commitments(USER))


async def test_what_was_said_of_it_before_the_hour_stands_in_the_summary_with_whom_it_is_with(sitting: Sitting) -> None:
    said = "I could tell Kim that it was not right and that I should have stopped it"
    await sitting.go("weekly_review", ["Kim.", "More calm.", "Kim", "None of these", said])
    await sitting.until("take")
    for line in ("I'll see her tomorrow at three", "keep", "stop"):
        await sitting.say(line)
    summary = await sitting.coach.summary(USER, sitting.it.id)
    assert "Tuesday 7 May at 15:00, with Kim: I'll see her tomorrow at three" in summary
    assert f"What I said of it: {said}" in summary


async def test_who_else_was_named_can_be_tapped_once_the_first_is_done_and_gets_a_thought_too(sitting: Sitting) -> None:
    await sitting.go("weekly_review", ["Kim walked out.", "Kim is back.", FINE, "Kim", "None of these"])
    await sitting.until("take")
    for line in ("I'll see Kim tomorrow at three", "keep", "Nothing"):
        await sitting.say(line)
    assert (await sitting.form()).choices[:2] == ("Omar", "Bea")
    await sitting.say("Omar")
    assert (await sitting.form()).frame.startswith("Omar, ")
    for line in ((await sitting.form()).filled(["not listening", "listen first"]), "On Wednesday 8 May", "keep"):
        await sitting.say(line)
    assert [it.person_id for it in sitting.it.intentions] == ["kim", "omar"]
    assert (await sitting.form()).choices[0] == "Bea"


@pytest.mark.parametrize(
    "plan",
    ["On Thursday after the run I say I have missed you on Mondays, or is that a bad place?", "Friday a coffee, good?"],
)
async def test_a_plan_with_its_day_that_ends_in_a_doubt_is_offered(sitting: Sitting, plan: str) -> None:
    await sitting.go("weekly_review", ["A full week.", "More calm.", "skip", "skip", "skip"])
    await sitting.until("take")
    await sitting.say(plan)
    assert [it.words for it in sitting.it.offers] == [plan.rsplit(",", 1)[0]]


async def test_own_words_for_the_same_day_are_made_one_with_the_chat_s_step_by_a_tap(sitting: Sitting) -> None:
    await _step_with_kim(sitting)
    await sitting.go("weekly_review", ["Kim.", "More calm.", "Kim", "I could tell Kim that I know it"])
    await sitting.until("take")
    await sitting.say("I'll take Kim aside on Wednesday before the shift")
    [tap] = (await sitting.form()).choices
    assert tap == "It is one talk with “Ask Tom in private”"
    assert "It is the step that stands for then already" in await sitting.say(tap)
    await sitting.say("keep")
    assert [it.id for it in await sitting.journal.commitments(USER)] == ["the step"]
