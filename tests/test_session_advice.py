"""What a session hands over: a thought from what was tapped or noted, a sentence to fill in, and what to do then."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from datetime import date
from pathlib import Path

import pytest
import pytest_asyncio

from coach.domain.moments import Landed
from coach.domain.sessions import Because, State
from coach.errors import BadInput
from coach.knowledge.library import Library
from coach.knowledge.session_templates import load_templates
from coach.safety import floor, own_harm
from coach.sessions.pause import by_tables
from coach.shipped import shipped
from coach.web.renderer import fragment
from evals.sittings import USER, Sitting, fill
from test_sessions import sitting_after, sitting_in

SNAPPED = "I was sharp or rude to Dana"


@pytest_asyncio.fixture
async def sitting(library: Library, tmp_path: Path) -> AsyncIterator[Sitting]:
    async with sitting_after(fill, library, tmp_path) as found:
        yield found


async def choices(sitting: Sitting) -> Sequence[str]:
    return (await sitting.form()).choices


async def test_what_is_tapped_becomes_a_thought_a_sentence_and_a_plan_like_the_chat_s(sitting: Sitting) -> None:
    await sitting.go("own_bad_moment", ["I barked at Dana over the report."], "dana")
    assert SNAPPED in await choices(sitting)
    said = await sitting.say(SNAPPED)
    assert "One thought on what you tapped." in said
    assert "The card behind it: “" in said
    for line in ("She asks me things again", "She is quiet."):
        await sitting.say(line)
    waits = await sitting.form()
    with pytest.raises(BadInput, match="Fill in each blank"):
        waits.filled([" "])
    sentence = waits.filled(["on Friday, over the report."])
    assert sentence.startswith("Dana, I was sharp with you on Friday, over the report. You shouldn't")
    said = await sitting.say(sentence)
    assert "may land badly" not in said
    await sitting.say("On Tuesday 7 May")
    assert [(it.words, it.due) for it in sitting.it.offers] == [(sentence, date(2024, 5, 7))]
    said = await sitting.say("keep")
    assert "What could" not in said
    assert sitting.it.asking == "another"
    plan = await sitting.journal.plan(USER, sitting.it.intentions[0].plan_id)
    assert plan.steps[0].say == sentence
    assert plan.if_it_goes_badly.startswith("If they say")
    await sitting.say("That is enough")
    summary = await sitting.coach.summary(USER, sitting.it.id)
    assert plan.stop_rule in summary
    assert summary.index("## What I take on") < summary.index("## What I said")


async def test_the_number_of_a_button_is_never_an_answer(sitting: Sitting) -> None:
    await sitting.begin("own_bad_moment", "dana")
    await sitting.say("3")
    assert not sitting.it.answers
    assert "My question was" in sitting.text


CALL = "Ask Omar how the week was at the start of the video call"
DAY = "Tuesday after the handover, in my office with the door shut"


@pytest.mark.parametrize(
    ("answer", "kept"),
    [
        (f"{DAY}.", 1),
        ("I'm on the long day tomorrow so after the handover, and I'll sit with Bea on Thursday at her break", 2),
        ("I'll tell her tomorrow after the handover", 1),
    ],
)
async def test_a_day_with_more_words_answers_when_the_sentence_is_said(
    sitting: Sitting, answer: str, kept: int
) -> None:
    lines = ["I barked at Dana over the report.", SNAPPED, "She asks me things again", "She is quiet."]
    await sitting.go("own_bad_moment", lines, "dana")
    sentence = (await sitting.form()).filled(["on Friday, over the report."])
    await sitting.say(sentence)
    await sitting.say(answer)
    await sitting.say("Keep both" if kept == 2 else "keep")
    assert len(sitting.it.intentions) == kept
    assert [sentence in each.words for each in sitting.it.intentions] == [True, False][:kept]
    assert "The question is still this" not in sitting.text
    assert sitting.it.asking == "another"
    assert sitting.it.intentions[0].due in {date(2024, 5, 7)}


async def test_what_is_on_the_list_is_not_listed_twice(sitting: Sitting) -> None:
    await sitting.go("weekly_review", ["A full week.", "More calm.", "skip", "skip", "Thank Omar at the gate."])
    await sitting.until("take")
    for line in ("I'll thank Omar on Tuesday", "keep", "skip", "I'll thank Omar on Tuesday", "keep"):
        await sitting.say(line)
    assert len(sitting.it.intentions) == 1


async def test_words_that_were_not_meant_as_harm_are_the_answer_once_that_is_pressed(sitting: Sitting) -> None:
    await sitting.begin("bad_news", "kim")
    await sitting.say("The trust has cut her hours.")
    asking, said = sitting.it.asking, "How it goes on. And that she hits me every evening at table tennis, I fear"
    await sitting.say(said)
    assert sitting.it.because is Because.HARM
    assert by_tables(sitting.it)
    shown = fragment("_session_rest.html", session=sitting.it, because="", not_so=True)
    assert 'value="Not so: go on.">Not so: go on<' in shown
    await sitting.say("It is only a way of speaking.")
    assert sitting.it.state is State.OPEN
    assert [given.text for given in sitting.it.answers if given.question == asking] == [said]
    assert sitting.it.asking != asking
    await sitting.say(said)
    assert sitting.it.state is State.OPEN


async def test_none_of_these_leads_to_the_cards_and_nothing_is_presupposed(sitting: Sitting) -> None:
    await sitting.go("own_bad_moment", ["I barked at Omar.", "None of these", "That he talks", "Quiet."], "omar")
    assert "One thought" not in sitting.text
    assert sitting.it.event == ""
    assert (await sitting.form()).frame == ""


async def test_a_review_begins_with_whom_is_tapped_and_their_own_moments(sitting: Sitting) -> None:
    await sitting.noted("Kim", 3, "I snapped at Kim in the stand-up", Landed.HARMED)
    await sitting.go("weekly_review", ["Busy.", "More calm."])
    assert (await choices(sitting))[:2] == ("Kim", "Yusuf")
    assert "you hurt somebody you lead" in await sitting.say("Kim")
    sentence = (await sitting.form()).filled(["snapping at you", "ask first"])
    assert sentence.startswith("Kim, snapping at you was wrong of me, and I'm sorry. From now on I'll ask first. You")
    assert await sitting.say(sentence) == "On which day will you say it, and right before or after what?"
    for line in ("On Tuesday 7 May", "keep"):
        await sitting.say(line)
    [kept] = sitting.it.intentions
    assert (kept.person_id, kept.due) == ("kim", date(2024, 5, 7))


async def test_where_nothing_is_noted_what_happened_can_be_tapped_in_a_review(library: Library, tmp_path: Path) -> None:
    async with sitting_in(tmp_path, library) as it:
        await it.knows("Funmi")
        await it.go("weekly_review", ["Funmi stayed two hours after her shift.", "Everybody seen.", "Funmi"])
        assert it.it.asking == "happened"
        await it.say("Funmi did good work that deserves a word")
        sentence = (await it.form()).filled(["staying with the family on Tuesday"])
        assert sentence.startswith("Funmi, I'd like to thank you for staying with the family on Tuesday.")
        for line in (sentence, "On Tuesday 7 May", "keep"):
            await it.say(line)
        assert (await it.journal.plan(USER, it.it.intentions[0].plan_id)).stop_rule


async def test_who_goes_their_own_way_is_asked_what_may_get_in_the_way(sitting: Sitting) -> None:
    await sitting.go("bad_news", ["She does not get the post.", "Where she stands."], "kim")
    await sitting.until("words")
    assert "One thought" in sitting.text
    for line in ("You are not getting the post, Kim.", "I'll ring HR on Wednesday.", "keep", "Nothing this week"):
        await sitting.say(line)
    assert sitting.it.asking == "obstacle"


@pytest.mark.parametrize("text", ["Does this actually work?", "Who says so?", "Quiet. Where is the evidence for that?"])
async def test_a_sceptic_is_told_how_strong_a_card_is_and_by_whom(sitting: Sitting, text: str) -> None:
    await sitting.begin("own_bad_moment", "dana")
    said = await sitting.say(text)
    assert "comes from the card “An apology in three sentences”" in said
    assert "Several studies support it" in said
    assert "Nobody has studied your team" in said


async def test_a_card_that_was_turned_down_is_no_source_of_the_summary(sitting: Sitting) -> None:
    await sitting.go(
        "remote_team",
        ["Nobody talks on calls.", "More contact.", "skip", CALL, "My own way."],
    )
    assert any(turn.citations for turn in sitting.it.turns)
    assert "What it rests on" not in await sitting.coach.summary(USER, sitting.it.id)


def test_what_can_be_tapped_is_an_event_of_the_catalogue_and_stops_no_session(library: Library) -> None:
    for template in load_templates(shipped("knowledge") / "sessions"):
        for event in template.events:
            words = library.catalogue.entry(event).named("Dana")
            assert own_harm.told(words) is None, words
            assert floor.read(words, library).route.value == "in_scope", words
