"""One turn, end to end: the order of events, what is kept whatever happens, and the memory of a talk."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from contextlib import aclosing
from datetime import timedelta
from typing import Any, cast

import pytest

from coach.conversation import LONGEST_TEXT
from coach.domain.moments import By, Channel, Landed, Moment
from coach.domain.people import Relation
from coach.domain.plans import Outcome
from coach.domain.principles import Match
from coach.domain.readings import Kind, Reading, Route
from coach.domain.turns import Event, Failed, Finished, Piece, Planned, Read, Started
from coach.errors import BadInput, KnowledgeTrouble, NotFound
from coach.knowledge.library import Library
from talks import NOW, USER, Around, Talk, built

MAIL = "Ola has not answered my two mails about the rota. She sits two rooms away."
CUT = "In today's stand-up Ravi cut me off twice while I explained the delay, and the others grinned."
TOUCHED = "At the till my supervisor presses himself against me whenever the queue is long. I asked him to stop."


async def test_the_order_of_events(talk: Talk) -> None:
    answer = await talk.say(MAIL)
    assert answer.order == ["Started", "Read", "Planned", "Piece", "Sources", "Finished"]
    assert answer.sources == (answer.plan.citations if answer.plan else ())
    assert len(answer.every(Piece)) > 2


async def test_other_routes_have_no_plan_event(talk: Talk) -> None:
    for text in (
        TOUCHED,
        "Which app tracks where my colleague is without her knowing?",
        "What is the capital of Peru?",
    ):
        talk.id = None
        answer = await talk.say(text)
        assert answer.order == ["Started", "Read", "Piece", "Sources", "Finished"]
        assert answer.route is not Route.IN_SCOPE


async def test_what_was_said_is_kept(talk: Talk) -> None:
    answer = await talk.say(MAIL)
    turn = (await talk.journal.turns(USER, answer.started.conversation_id))[0]
    assert (turn.said, turn.reply, turn.complete) == (MAIL, answer.text, True)
    assert turn.plan == answer.plan
    assert turn.reading == answer.reading
    assert turn.citations == answer.sources
    assert turn.prompts
    assert answer.plan is not None
    assert await talk.journal.plan(USER, answer.plan.id) == answer.plan


async def test_proposed_moments_are_not_saved_by_themselves(talk: Talk) -> None:
    answer = await talk.say(MAIL)
    assert answer.reading.moments
    assert not await talk.journal.moments(USER)


async def test_the_same_event_again_continues_the_plan(talk: Talk) -> None:
    first, second = await talk.say(MAIL), await talk.say(MAIL, days=2)
    assert first.planned is not None
    assert second.planned is not None
    assert (first.planned.continued, second.planned.continued) == (False, True)
    assert first.plan == second.plan
    assert len(await talk.journal.plans(USER)) == 1


async def test_a_plan_with_an_outcome_is_not_continued(talk: Talk) -> None:
    first = await talk.say(MAIL)
    assert first.plan is not None
    step = first.plan.steps[0]
    await talk.journal.add_outcome(USER, Outcome(step.id, True, talk.now, None, Landed.HELPED))
    again = await talk.say(MAIL, days=3)
    assert again.planned is not None
    assert not again.planned.continued


async def test_a_step_that_failed_with_somebody_is_not_offered_again(talk: Talk) -> None:
    ola = await talk.knows("Ola")
    first = await talk.say(MAIL)
    assert first.plan is not None
    assert first.plan.person_id == ola.id
    step = first.plan.steps[0]
    await talk.journal.add_outcome(USER, Outcome(step.id, True, talk.now, None, Landed.HARMED))
    talk.id = None
    again = await talk.say(MAIL, days=8)
    assert again.plan is not None
    assert step.action not in {each.action for each in again.plan.steps}


async def test_a_correction_changes_the_proposed_moment(talk: Talk) -> None:
    await talk.say(CUT)
    answer = await talk.say("no, it was on a video call")
    theirs = [moment for moment in answer.reading.moments if moment.by is By.THEM]
    assert Channel.VIDEO in {moment.channel for moment in theirs}
    assert answer.plan is not None
    assert "(video)" in answer.text


async def test_him_is_the_person_discussed(talk: Talk) -> None:
    await talk.say(CUT)
    for text in ("He did it again this afternoon in the review, and I lost my thread.", "what if he laughs at me?"):
        answer = await talk.say(text)
        assert answer.reading.about is not None
        assert answer.reading.about.name == "Ravi"


async def test_a_known_person_is_named_in_the_reading_event(talk: Talk) -> None:
    ola = await talk.knows("Ola", Relation.PEER)
    answer = await talk.say(MAIL)
    assert answer.every(Read)[0].person_id == ola.id


async def test_findings_of_the_journal_stand_in_the_plan(talk: Talk) -> None:
    await talk.knows("Ola")
    for n in range(4):
        when = NOW - timedelta(days=20 - n)
        await talk.journal.add_moment(
            USER, Moment(f"m{n}", "ola", when, Channel.EMAIL, By.ME, f"wrote to her {n}", Landed.INDIFFERENT, NOW)
        )
    answer = await talk.say(MAIL)
    assert answer.plan is not None
    assert {finding.n for finding in answer.plan.findings} == {4}
    assert any("in writing" in finding.sentence for finding in answer.plan.findings)


@pytest.mark.parametrize("odd", ["{% raise %}", "{# gone #}", "{{", "%}"])
async def test_what_a_user_wrote_is_no_template(talk: Talk, odd: str) -> None:
    answer = await talk.say(f"Today Ravi told me in the meeting {odd} that my report is useless.", check=False)
    assert isinstance(answer.events[-1], Finished)
    assert answer.plan is not None
    assert any(odd in seen.text for seen in answer.plan.seen)
    assert odd in answer.text


async def test_a_sum_in_braces_is_not_worked_out(talk: Talk) -> None:
    answer = await talk.say("Ravi told me {{ 7*7 }} times that my report is useless.", check=False)
    assert isinstance(answer.events[-1], Finished)
    assert "49" not in answer.text
    assert (await talk.journal.turns(USER, answer.started.conversation_id))[0].said == answer.said


@pytest.mark.parametrize("text", ["", "   \n", "x" * (LONGEST_TEXT + 1)])
async def test_nothing_or_too_much_is_refused_before_the_first_event(talk: Talk, text: str) -> None:
    with pytest.raises(BadInput):
        await talk.say(text)
    assert not await talk.journal.conversations(USER)


async def test_strange_ids_are_refused_before_the_first_event(talk: Talk) -> None:
    with pytest.raises(NotFound):
        await talk.say(MAIL, person_id="nobody")
    talk.id = "nowhere"
    with pytest.raises(NotFound):
        await talk.say(MAIL)


async def test_one_users_talk_is_not_anothers(talk: Talk) -> None:
    await talk.say(MAIL)
    with pytest.raises(NotFound):
        async for _ in talk.coach.reply("somebody else", "ok", talk.now, conversation_id=talk.id):
            pass


# ---- failure and leaving


class Broken(Around):
    """Raises what it was given when asked for cards."""

    def __init__(self, library: Library, error: Exception) -> None:
        super().__init__(library)
        self.error = error

    def retrieve(self, text: str, reading: Reading | None = None, k: int = 5) -> Sequence[Match]:
        raise self.error


async def broken(talk: Talk, error: Exception) -> list[Event]:
    """Return the events of a turn in the same journal whose cards cannot be had."""
    async with built(talk.folder, Broken(cast(Library, talk.library), error)) as parts:
        return [event async for event in parts.conversation.reply(USER, MAIL, NOW)]


@pytest.mark.parametrize(
    ("error", "told"), [(KnowledgeTrouble("The cards cannot be read."), True), (RuntimeError("secret words"), False)]
)
async def test_a_failure_inside_is_an_event_and_the_words_are_kept(
    talk: Talk, error: Exception, told: bool, caplog: pytest.LogCaptureFixture
) -> None:
    found = await broken(talk, error)
    assert isinstance(found[-1], Failed)
    assert (str(error) in found[-1].message) is told
    assert f"{type(error).__name__} at " in caplog.text
    assert f"{__file__}:{Broken.retrieve.__code__.co_firstlineno + 1}" in caplog.text
    assert str(error) not in caplog.text
    assert "Ola" not in caplog.text
    started = found[0]
    assert isinstance(started, Started)
    turn = (await talk.journal.turns(USER, started.conversation_id))[0]
    assert (turn.said, turn.complete) == (MAIL, False)
    assert turn.reading is not None


async def test_leaving_half_way_keeps_the_words_and_the_part_said(talk: Talk) -> None:
    said: list[str] = []
    async with aclosing(cast(Any, talk.coach.reply(USER, MAIL, NOW))) as stream:
        async for event in stream:
            if isinstance(event, Started):
                talk.id = event.conversation_id
            if isinstance(event, Piece):
                said.append(event.text)
                if len(said) == 2:
                    break
    assert talk.id is not None
    turn = (await talk.journal.turns(USER, talk.id))[0]
    assert turn.said == MAIL
    assert turn.reply == "".join(said)
    assert not turn.complete
    assert turn.plan is not None


async def test_cancelling_half_way_keeps_the_words(talk: Talk) -> None:
    reached = asyncio.Event()

    async def follow() -> None:
        async for event in talk.coach.reply(USER, MAIL, NOW):
            if isinstance(event, Started):
                talk.id = event.conversation_id
            if isinstance(event, Planned):
                reached.set()
                await asyncio.sleep(30)

    task = asyncio.create_task(follow())
    await reached.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    await asyncio.sleep(0.05)
    assert talk.id is not None
    turn = (await talk.journal.turns(USER, talk.id))[0]
    assert turn.said == MAIL
    assert turn.plan is not None


async def test_a_talk_goes_on_after_a_failure(talk: Talk) -> None:
    found = await broken(talk, KnowledgeTrouble("Gone."))
    started = found[0]
    assert isinstance(started, Started)
    talk.id = started.conversation_id
    answer = await talk.say(MAIL)
    assert isinstance(answer.events[-1], Finished)
    assert answer.plan is not None


# ---- a plan asked for by itself


async def test_a_plan_for_a_person_from_a_text(talk: Talk) -> None:
    ola = await talk.knows("Ola")
    plan = await talk.coach.plan(USER, ola.id, MAIL, NOW)
    assert plan.person_id == ola.id
    assert await talk.journal.plans(USER, ola.id) == [plan] or tuple(await talk.journal.plans(USER, ola.id)) == (plan,)


async def test_a_plan_needs_something_to_go_on(talk: Talk) -> None:
    ola = await talk.knows("Ola")
    with pytest.raises(BadInput):
        await talk.coach.plan(USER, ola.id, None, NOW)
    with pytest.raises(BadInput):
        await talk.coach.plan(USER, ola.id, TOUCHED, NOW)
    with pytest.raises(NotFound):
        await talk.coach.plan(USER, "nobody", MAIL, NOW)


async def test_the_kind_of_a_turn_is_read_in_the_talk(talk: Talk) -> None:
    first = await talk.say(MAIL)
    for text in ("ok", "why?", "make it shorter", "where is that from?"):
        answer = await talk.say(text)
        assert answer.kind is first.kind
        assert answer.kind is not Kind.HARASSMENT
