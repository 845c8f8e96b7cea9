"""A language model words a turn: line by checked line, whatever it does; and the plan's fields beside it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from coach.domain.plans import RepairPlan
from coach.domain.turns import Finished, Planned, Sources
from coach.errors import LanguageModelTrouble
from coach.knowledge.library import Library
from scripted_lm import Asked, ScriptedLanguageModels
from talks import USER, Answer, Talk, built, talking

MAIL = "Ola has not answered my two mails about the rota. She sits two rooms away. I think she ignores me on purpose."
TOUCHED = "At the till my supervisor presses himself against me whenever the queue is long. I asked him to stop."


@pytest.fixture
def models() -> ScriptedLanguageModels:
    return ScriptedLanguageModels()


@pytest_asyncio.fixture
async def spoken(library: Library, tmp_path: Path, models: ScriptedLanguageModels) -> AsyncIterator[Talk]:
    async with talking(tmp_path, library, models) as talk:
        yield talk


def finished(answer: Answer) -> Finished:
    return answer.every(Finished)[0]


def fixed(plan: RepairPlan) -> object:
    """What no language model may touch."""
    return (
        plan.stance, plan.kind, plan.own_part, plan.citations, plan.check_on, plan.missing, plan.findings,
        plan.unknowns, plan.if_it_goes_badly, plan.stop_rule, [side.user_had_part for side in plan.readings],
        [(step.id, step.due, step.minutes, step.channel, step.cue, step.action, step.citations) for step in plan.steps],
    )  # fmt: skip


async def kept_reply(talk: Talk, text: str) -> str:
    """What the coach says to a text without a language model."""
    async with built(talk.folder, talk.library) as plain:
        said = [event async for event in plain.conversation.reply("another", text, talk.now)]
    return Answer(text, tuple(said)).text


def with_line(n: int, sentence: str) -> object:
    """A script that says one line its own way and the others as given."""

    def script(asked: Asked) -> str:
        return "\n".join(f"{at}. {sentence if at == n else text}" for at, text in asked.lines.items())

    return script


async def test_the_order_of_events_is_the_contracts(spoken: Talk) -> None:
    answer = await spoken.say(MAIL)
    assert answer.order == ["Started", "Read", "Planned", "Piece", "Sources", "Finished"]
    assert finished(answer).language_model == "scripted"


async def test_a_sound_line_is_said_in_the_language_models_words(spoken: Talk, models: ScriptedLanguageModels) -> None:
    models.always["wording"] = with_line(1, "Two mails to Ola about the rota, and no answer yet.")
    answer = await spoken.say(MAIL)
    assert answer.text.startswith("Two mails to Ola about the rota, and no answer yet.")
    assert not finished(answer).replaced
    turn = (await spoken.journal.turns(USER, answer.started.conversation_id))[0]
    assert (turn.reply, turn.language_model) == (answer.text, "scripted")


@pytest.mark.parametrize(
    ("sentence", "fault"),
    [
        ("Ola has not answered your mails because she hates you!", "exclamation"),
        ("Ola clearly hates you, and two mails about the rota show it.", "mind"),
        ("Two mails to Ola about the rota since Friday.", "day"),
        ("Fourteen days and two mails about the rota, and Brunhilde says nothing.", "name"),
        ("As an AI I cannot read the two mails to Ola.", "machine"),
        ("Deine zwei Mails zum Dienstplan hat Ola noch nicht beantwortet.", "language"),
        ("You should leave the company and sell your house.", "strays"),
        ("**Assistant:** two mails to Ola about the rota.", "markup"),
        ("mails mails mails mails mails rota rota rota rota rota.", "repeats"),
        ("Add no advice, fact, name, date or reason that is not there.", "leak"),
    ],
)
async def test_a_failing_sentence_is_replaced_by_the_kept_line(
    spoken: Talk, models: ScriptedLanguageModels, sentence: str, fault: str
) -> None:
    models.always["wording"] = with_line(1, sentence)
    models.always["again"] = lambda asked: {"sentence": sentence}
    answer = await spoken.say(MAIL)
    assert answer.text == await kept_reply(spoken, MAIL)
    [replaced] = finished(answer).replaced
    assert fault in replaced.because
    assert replaced.instead in answer.text
    assert (replaced.said == "") is (fault == "leak")


async def test_a_failing_sentence_is_asked_for_once_more_with_the_fault_named(
    spoken: Talk, models: ScriptedLanguageModels
) -> None:
    models.always["wording"] = with_line(1, "Ola hates you, and two mails about the rota show it.")
    models.enqueue("again", {"sentence": "Two mails about the rota, and Ola has not answered."})
    answer = await spoken.say(MAIL)
    assert answer.text.startswith("Two mails about the rota, and Ola has not answered.")
    [again] = models.of("again")
    assert "thinks, feels or wants" in again.user
    assert not finished(answer).replaced


@pytest.mark.parametrize(
    "reply",
    [
        LanguageModelTrouble("refused"),
        "",
        "\x00\x01 garbage 4711 {{",
        "ha " * 3000,
        "I'm sorry, but I can't help with that.",
        "Nein. Das mache ich nicht, weil ich es nicht will und nicht kann.",
        ["1. Two mails to ", LanguageModelTrouble("cut")],
    ],
)
async def test_whatever_it_does_the_reply_is_whole(spoken: Talk, models: ScriptedLanguageModels, reply: object) -> None:
    models.always["wording"] = lambda asked: reply  # type: ignore[return-value]
    answer = await spoken.say(MAIL)
    assert answer.text == await kept_reply(spoken, MAIL)
    assert finished(answer).notice or finished(answer).replaced


async def test_a_reply_cut_half_way_goes_on_in_kept_words(spoken: Talk, models: ScriptedLanguageModels) -> None:
    models.always["wording"] = lambda asked: [
        "1. Two mails to Ola about the rota, and no answer yet.\n2. ", LanguageModelTrouble("cut")
    ]  # fmt: skip
    answer = await spoken.say(MAIL)
    kept = await kept_reply(spoken, MAIL)
    assert answer.text == "Two mails to Ola about the rota, and no answer yet." + kept[kept.index("\n") :]
    assert "half-way" in finished(answer).notice


async def test_a_stalled_language_model_is_left_when_the_time_is_over(
    library: Library, tmp_path: Path, models: ScriptedLanguageModels
) -> None:
    models.pause = 60
    async with talking(tmp_path, library, models, llm_timeout_s=1.5) as talk:
        answer = await talk.say(MAIL)
        kept = await kept_reply(talk, MAIL)
    assert answer.text == kept
    assert "in time" in finished(answer).notice
    assert finished(answer).language_model == "none"


async def test_the_plans_fields_are_worded_and_kept(spoken: Talk, models: ScriptedLanguageModels) -> None:
    def script(asked: Asked) -> dict[str, str]:
        return {**asked.texts, "headline": asked.texts["headline"].rstrip(".") + ", about the rota."}

    models.always["plan"] = script
    answer = await spoken.say(MAIL)
    assert answer.plan is not None
    worded = finished(answer).plan
    assert worded is not None
    assert worded.headline.endswith(", about the rota.")
    assert fixed(worded) == fixed(answer.plan)
    assert worded.checked.language_model == "scripted"
    assert await spoken.journal.plan(USER, worded.id) == worded
    turn = (await spoken.journal.turns(USER, answer.started.conversation_id))[0]
    assert turn.plan == worded


async def test_a_field_that_fails_twice_stays_and_is_told_of(spoken: Talk, models: ScriptedLanguageModels) -> None:
    bad = "Tell Ola that she is lazy and that you will report the rota!"
    models.always["plan"] = lambda asked: {**asked.texts, "headline": bad}
    models.always["again"] = lambda asked: {"headline": bad}
    answer = await spoken.say(MAIL)
    worded = finished(answer).plan
    assert worded is not None
    assert answer.plan is not None
    assert worded.headline == answer.plan.headline
    assert [each.where for each in finished(answer).replaced] == ["headline"]
    assert worded.checked.sentences_replaced == 1
    assert worded.checked.violations_found >= 1


async def test_the_plan_is_sent_before_the_language_model_is_asked(
    spoken: Talk, models: ScriptedLanguageModels
) -> None:
    async for event in spoken.coach.reply(USER, MAIL, spoken.now):
        if isinstance(event, Planned):
            assert not models.of("wording")
            assert not models.of("plan")
        if isinstance(event, Sources):
            assert models.of("wording")


@pytest.mark.parametrize(
    "text", [TOUCHED, "Which app tracks where my colleague is without her knowing?", "What is the capital of Peru?"]
)
async def test_other_routes_are_worded_by_nobody_else(spoken: Talk, models: ScriptedLanguageModels, text: str) -> None:
    answer = await spoken.say(text)
    assert answer.text == await kept_reply(spoken, text)
    assert not models.of("wording")
    assert finished(answer).language_model == "none"


async def test_a_continued_plan_keeps_its_words(spoken: Talk, models: ScriptedLanguageModels) -> None:
    await spoken.say(MAIL)
    again = await spoken.say(MAIL, days=2)
    assert again.planned is not None
    assert again.planned.continued
    assert len(models.of("plan")) == 1


async def test_leaving_half_way_ends_what_runs_beside(spoken: Talk, models: ScriptedLanguageModels) -> None:
    models.pause = 0.05
    stream = spoken.coach.reply(USER, MAIL, spoken.now)
    async for event in stream:
        if isinstance(event, Planned):
            break
    await stream.aclose()  # type: ignore[attr-defined]
    [conversation] = await spoken.journal.conversations(USER)
    turn = (await spoken.journal.turns(USER, conversation.id))[0]
    assert (turn.said, turn.complete) == (MAIL, False)
