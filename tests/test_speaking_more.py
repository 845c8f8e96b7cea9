"""Beyond the reply: the second reading, free answers to follow-ups, the question first, and the swap of roles."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
import pytest_asyncio

from coach.coaching.merging import doubt, proves
from coach.domain.moments import By, Channel, Landed, Moment
from coach.domain.readings import Kind, Route, Severity
from coach.errors import LanguageModelTrouble
from coach.knowledge.library import Library
from coach.reading.reader import read
from coach.speaking import second
from scripted_lm import Reply, ScriptedLanguageModels, obliging
from talks import NOW, USER, Talk, clock, talking
from test_speaking import MAIL, finished

CONVICTION = "I think she ignores me on purpose"


@pytest.fixture
def models() -> ScriptedLanguageModels:
    return ScriptedLanguageModels()


@pytest_asyncio.fixture
async def spoken(library: Library, tmp_path: Path, models: ScriptedLanguageModels) -> AsyncIterator[Talk]:
    async with talking(tmp_path, library, models) as talk:
        yield talk


def reads(**claim: str) -> dict[str, Reply]:
    return {"gravest": claim, "people": [], "moments": [], "guesses": []}


# ---- the second reading


async def test_in_doubt_the_graver_reading_comes_before_any_plan(
    spoken: Talk, models: ScriptedLanguageModels, library: Library
) -> None:
    text, shows = in_doubt(library)
    models.always["reading"] = lambda asked: reads(kind="abuse", severity="serious", span=shows)
    answer = await spoken.say(text)
    assert (answer.kind, answer.route, answer.plan) == (Kind.ABUSE, Route.GET_HELP, None)
    assert not models.of("wording")
    turn = (await spoken.journal.turns(USER, answer.started.conversation_id))[0]
    assert turn.reading is not None
    assert turn.reading.severity is Severity.SERIOUS


IN_DOUBT = (
    "My supervisor loses patience with me in front of customers and says I should know this by now. It was loud on "
    "Monday and again today. How do I get on with him?",
    "Every time I make a small mistake my boss reads it out in the team meeting and people laugh. I dread Mondays. How "
    "do I bring it up with her?",
    "A woman on my shift keeps making remarks about my accent and everyone laughs along. How do I get along with her?",
)


def in_doubt(library: Library) -> tuple[str, str]:
    """A message that leaves the coach in doubt, and the sentence of it that shows why."""
    for text in IN_DOUBT:
        own = read(text, library)
        if own.route is Route.IN_SCOPE and doubt(own, library) is not None:
            for sentence in re.split(r"(?<=[.?]) ", text):
                if proves(library)(sentence):
                    return text, sentence
    raise AssertionError("none of these leaves the coach in doubt any more; write others")


async def test_a_slow_second_reading_does_not_hold_up_the_plan_and_ends_the_reply(
    spoken: Talk, models: ScriptedLanguageModels, library: Library
) -> None:
    text, shows = in_doubt(library)
    models.pauses["reading"] = second.PATIENCE + 0.2
    models.always["reading"] = lambda asked: reads(kind="abuse", severity="serious", span=shows)
    answer = await spoken.say(text, check=False)
    assert answer.plan is not None
    assert shows.rstrip(".?") in answer.text
    assert "not yours to repair" in answer.text
    kept = finished(answer).reading
    assert kept is not None
    assert (kept.kind, kept.severity) == (answer.kind, Severity.SERIOUS)


async def test_a_claim_without_words_that_show_it_is_not_heard(spoken: Talk, models: ScriptedLanguageModels) -> None:
    models.always["reading"] = lambda asked: reads(kind="violence", severity="crisis", span="She sits two rooms away")
    answer = await spoken.say(MAIL)
    assert answer.route is Route.IN_SCOPE
    assert "not yours to repair" not in answer.text


async def test_a_second_reading_adds_moments_that_are_proposed(spoken: Talk, models: ScriptedLanguageModels) -> None:
    added = {"span": "She sits two rooms away", "by": "them", "landed": "indifferent"}
    models.always["reading"] = lambda asked: {**obliging(asked), "moments": [added]}  # type: ignore[dict-item]
    answer = await spoken.say(MAIL)
    kept = finished(answer).reading
    assert kept is not None
    assert {moment.what for moment in kept.moments} > {moment.what for moment in answer.reading.moments}
    assert not await spoken.journal.moments(USER)


@pytest.mark.parametrize("reply", [LanguageModelTrouble("no"), "no json", {"gravest": 4, "people": "x"}])
async def test_a_broken_second_reading_changes_nothing(
    spoken: Talk, models: ScriptedLanguageModels, reply: Reply
) -> None:
    models.always["reading"] = lambda asked: reply
    answer = await spoken.say(MAIL)
    assert finished(answer).reading is None
    assert answer.plan is not None


# ---- follow-ups


async def test_a_follow_up_is_answered_freely_from_the_plan(spoken: Talk, models: ScriptedLanguageModels) -> None:
    await spoken.say(MAIL)
    models.enqueue("answer", "Then leave it for that day. Ola may need a quiet minute, and you asked only once.")
    answer = await spoken.say("what if she says no?")
    assert not finished(answer).replaced
    assert answer.text == "Then leave it for that day. Ola may need a quiet minute, and you asked only once."
    assert finished(answer).language_model == "scripted"
    [asked] = models.of("answer")
    assert "what if she says no?" in asked.user


@pytest.mark.parametrize(
    "reply",
    [
        LanguageModelTrouble("refused"),
        "",
        "I'm sorry, but I can't assist with that.",
        "Use only what you are given: the plan, the cards, the notes and what they wrote.",
        "no no no no no no no no no no no no no no",
        "Ola hates you and you should write to her boss behind her back!",
        "Das ist schwer zu sagen, aber lass sie einfach in Ruhe und geh deiner Wege.",
        "Buy stocks and bonds and hold them until retirement. Diversify widely across continents.",
    ],
)
async def test_an_answer_that_fails_is_the_coachs_own(
    spoken: Talk, models: ScriptedLanguageModels, reply: Reply
) -> None:
    await spoken.say(MAIL)
    models.always["answer"] = lambda asked: reply
    models.always["again"] = lambda asked: {"sentence": "Ola hates you!"}
    answer = await spoken.say("what if she says no?")
    assert finished(answer).language_model == "none"
    assert finished(answer).notice
    assert "no" in answer.text
    assert "hates" not in answer.text


async def test_an_answer_in_the_users_language_is_turned_into_english_first(
    spoken: Talk, models: ScriptedLanguageModels
) -> None:
    await spoken.say(MAIL)
    models.enqueue("answer", "Dann lass es für diesen Tag. Sie darf nein sagen, und du musst es nicht verstehen.")
    models.enqueue(
        "english", {"sentences": ["Then leave it for that day.", "She is free to say no, and you need not know why."]}
    )
    answer = await spoken.say("Und was, wenn sie nein sagt?")
    if models.of("answer"):
        assert answer.text.startswith("Dann lass es")
        assert "Dann lass es" in models.of("english")[0].user
        assert "Ola" not in models.of("english")[0].user


@pytest.mark.parametrize("english", ["Kill all of them.", "You should sue Ola and her whole family for damages."])
async def test_an_answer_whose_english_is_unsound_is_not_said(
    spoken: Talk, models: ScriptedLanguageModels, english: str
) -> None:
    await spoken.say(MAIL)
    models.always["answer"] = lambda asked: "Das ist ein ganz anderer Satz als der erwartete."
    models.always["english"] = lambda asked: {"sentences": [english]}
    answer = await spoken.say("Und was, wenn sie nein sagt?")
    assert "ganz anderer" not in answer.text


async def test_drafts_and_sources_stay_letter_for_letter(spoken: Talk, models: ScriptedLanguageModels) -> None:
    await spoken.say(MAIL)
    for text in ("where is that from?", "write me a message to her", "thanks", "what do you know about her?"):
        await spoken.say(text)
    assert not models.of("answer")


# ---- the question first


async def test_a_conviction_becomes_a_question_before_it_is_asked(spoken: Talk, models: ScriptedLanguageModels) -> None:
    answer = await spoken.say(MAIL)
    assert answer.plan is not None
    [guess] = answer.plan.guessed
    for asked in (*models.of("wording"), *models.of("plan"), *models.of("swap")):
        letter = asked.user.split("</wrote>")[0]
        assert CONVICTION not in asked.text
        assert guess.question in letter
    assert guess.question in answer.text


# ---- the swap of roles

OTHERS = (
    "I got two mails from my colleague about the rota and I did not answer them. I had forgotten them on a bad day. "
    "I walked past my colleague and said nothing. I felt bad about it, and I am sorry for my silence."
)


async def test_the_event_is_told_from_the_other_side_and_compared(spoken: Talk, models: ScriptedLanguageModels) -> None:
    models.enqueue("swap", {"told": OTHERS})
    answer = await spoken.say(MAIL)
    worded = finished(answer).plan
    assert worded is not None
    assert worded.swap is not None
    assert worded.swap.agrees
    assert "Ola" in worded.swap.sentence
    assert "Retell it as Ola" in models.of("swap")[0].user


async def test_two_tellers_without_a_part_disagree(spoken: Talk, models: ScriptedLanguageModels) -> None:
    text = "Jens presented my analysis as his own in the review and left my name off the slides. How do I raise it?"
    told = (
        "My colleague took my idea and presented it as his own in the meeting. I had made the slides. My name was left "
        "off and nobody asked me. I was passed over in front of the whole team."
    )
    models.enqueue("swap", {"told": told})
    answer = await spoken.say(text)
    assert answer.plan is not None
    assert answer.plan.own_part.level.value == "none"
    worded = finished(answer).plan
    assert worded is not None
    assert worded.swap is not None
    assert not worded.swap.agrees
    assert "changes with who tells it" in worded.swap.sentence


@pytest.mark.parametrize(
    "told", ["", MAIL, "Ich habe zwei Mails bekommen und nichts gesagt, weil ich müde war und es mir egal war."]
)
async def test_what_is_no_telling_is_not_compared(spoken: Talk, models: ScriptedLanguageModels, told: str) -> None:
    models.always["swap"] = lambda asked: {"told": told}
    answer = await spoken.say(MAIL)
    worded = finished(answer).plan
    assert worded is None or worded.swap is None


async def test_the_swap_can_be_turned_off(library: Library, tmp_path: Path, models: ScriptedLanguageModels) -> None:
    async with talking(tmp_path, library, models, role_swap="off") as talk:
        await talk.say(MAIL)
    assert not models.of("swap")


# ---- a budget


async def test_prompts_stay_small_however_much_there_is(spoken: Talk, models: ScriptedLanguageModels) -> None:
    await spoken.knows("Ola")
    for n in range(80):
        moment = Moment(
            f"m{n}", "ola", NOW - timedelta(days=300 - n), Channel.EMAIL, By.THEM,
            f"mail {n} " + "with many words " * 30, Landed.INDIFFERENT, NOW,
        )  # fmt: skip
        await spoken.journal.add_moment(USER, moment)
    await spoken.say(MAIL + " We had words about the cover for the night shift. " * 300)
    await spoken.say("what if she says no?")
    assert {asked.why for asked in models.asked} >= {"wording", "plan", "reading", "answer"}
    for asked in models.asked:
        assert len(asked.text) / 4 < 2200, asked.why
        assert "mail 70 " not in asked.text


async def test_notes_on_others_are_never_sent(spoken: Talk, models: ScriptedLanguageModels) -> None:
    greta, _ = await spoken.knows("Greta"), await spoken.knows("Ola")
    await spoken.journal.change_person(USER, replace(greta, matters="her allotment 4711", plate="a divorce 4712"))
    moment = Moment("m1", "greta", NOW, Channel.CHAT, By.THEM, "told me of 4713", Landed.HELPED, NOW)
    await spoken.journal.add_moment(USER, moment)
    await spoken.say(MAIL)
    await spoken.say("what if she says no?")
    assert models.of("answer")
    assert not any("471" in asked.text or "Greta" in asked.text for asked in models.asked)


async def test_every_errand_says_why_and_for_which_turn(spoken: Talk, models: ScriptedLanguageModels) -> None:
    answer = await spoken.say(MAIL)
    assert {asked.errand.turn_id for asked in models.asked} == {answer.started.turn_id}
    assert {asked.errand.user for asked in models.asked} == {USER}
    assert all(asked.deadline > clock() - timedelta(minutes=1) for asked in models.asked)
