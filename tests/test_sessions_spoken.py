"""Sessions worded by a scripted language model: what is sound is said, what is not stands as it was."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

import scripted_lm
from coach.domain.sessions import State
from coach.domain.turns import Failed
from coach.errors import LanguageModelTrouble
from coach.knowledge.library import Library
from evals.sittings import USER, Sitting, asked
from scripted_lm import NAME, ScriptedLanguageModels
from test_sessions import quarter, sitting_in

KEPT = "What would you like to be different by this time next week?"


@pytest.fixture
def models() -> ScriptedLanguageModels:
    return ScriptedLanguageModels()


@pytest_asyncio.fixture
async def spoken(library: Library, tmp_path: Path, models: ScriptedLanguageModels) -> AsyncIterator[Sitting]:
    await quarter(library, tmp_path)
    async with sitting_in(tmp_path, library, models) as found:
        yield found


async def test_a_sound_question_is_said(spoken: Sitting, models: ScriptedLanguageModels) -> None:
    wanted = "What would you like to be different with the team by next week?"
    models.enqueue("session", {"lines": [wanted]})
    await spoken.begin("weekly_review")
    text = await spoken.say("It was full.")
    assert asked(text) == [wanted]
    assert spoken.it.turns[-1].language_model == NAME
    [call] = [each for each in models.asked if each.why == "session"]
    assert KEPT in call.user
    assert "It was full." in call.user


@pytest.mark.parametrize(
    "line",
    [
        "Yusuf hates you, so what will you do about him?",
        "What would you like to be different by Friday at nine in Berlin?",
        "You are so brave to ask for things to be different.",
        "What would you like to be different? And what else? And then?",
        "As an AI language model I cannot answer.",
        "",
    ],
)
async def test_what_is_not_sound_stands_as_it_was(spoken: Sitting, models: ScriptedLanguageModels, line: str) -> None:
    models.enqueue("session", {"lines": [line]})
    await spoken.begin("weekly_review")
    text = await spoken.say("It was full.")
    assert asked(text) == [KEPT]
    assert spoken.it.turns[-1].language_model == "none"
    assert spoken.it.turns[-1].replaced


async def test_a_server_that_fails_changes_nothing(spoken: Sitting, models: ScriptedLanguageModels) -> None:
    models.enqueue("session", LanguageModelTrouble("gone"))
    await spoken.begin("weekly_review")
    assert asked(await spoken.say("It was full.")) == [KEPT]
    assert spoken.it.asking == "goal"


async def test_a_failure_nobody_foresaw_is_an_event_and_the_log_says_where_without_words(
    spoken: Sitting, models: ScriptedLanguageModels, caplog: pytest.LogCaptureFixture
) -> None:
    await spoken.begin("weekly_review")
    models.enqueue("session", RuntimeError("Yusuf cried over Zebra-crossing-4711"))
    events = [event async for event in spoken.coach.reply(USER, spoken.it.id, "It was full.", spoken.now)]
    assert isinstance(events[-1], Failed)
    assert events[-1].message.startswith("Something went wrong here")
    assert "RuntimeError at " in caplog.text
    assert f"{scripted_lm.__file__}:" in caplog.text
    for words in ("Yusuf", "Zebra", "It was full"):
        assert words not in caplog.text
        assert words not in events[-1].message
    kept = await spoken.journal.session(USER, spoken.it.id)
    assert kept.turns[-1].said == "It was full."


async def test_the_graver_of_two_readings_holds(spoken: Sitting, models: ScriptedLanguageModels) -> None:
    """What the coach itself reads as harm is not asked about, and never made less of."""
    await spoken.begin("weekly_review")
    await spoken.say("My own boss shouts at me every day and calls me worthless.")
    assert spoken.it.state is State.PAUSED
    assert not models.asked


async def test_facts_and_cards_are_not_given_to_be_worded(spoken: Sitting, models: ScriptedLanguageModels) -> None:
    await spoken.begin("weekly_review")
    await spoken.say("It was full.")
    text = await spoken.say("I want nobody to be left out.")
    assert "Yusuf: no good moment noted" in text
    assert not any("no good moment" in each.user for each in models.asked if each.why == "session")
