"""What four leaders of different character said in whole sessions, and what must come of it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import date
from pathlib import Path

import pytest
import pytest_asyncio

from coach.domain.readings import Kind, Reading, Toward
from coach.domain.sessions import State
from coach.knowledge.library import Library
from coach.reading import offers
from coach.sessions.asides import Move
from coach.sessions.pause import directed
from coach.sessions.summary import answered
from evals.sittings import Sitting, fill
from test_sessions import sitting_after
from texts import PROMPTS

MONDAY = date(2024, 5, 6)
HARM = "By the way Lena told me Ruben keeps putting his hand on her back in the warehouse and she is scared of him."


@pytest_asyncio.fixture
async def sitting(library: Library, tmp_path: Path) -> AsyncIterator[Sitting]:
    """A leader of eight with a quarter of moments."""
    async with sitting_after(fill, library, tmp_path) as found:
        yield found


async def _of_a_bad_moment(sitting: Sitting) -> None:
    joke, wish = "I called Dana's estimate a joke in the planning call.", "Dana keeps giving honest estimates"
    await sitting.go("own_bad_moment", [joke, "None of these", wish, "skip"], "dana")


class TestHarmOfOthersToldHalfWay:
    """Harm that somebody told the leader of, in a session about somebody else."""

    async def test_the_text_is_for_one_who_was_told_and_leads_them(self, sitting: Sitting) -> None:
        await _of_a_bad_moment(sitting)
        said = await sitting.say(HARM)
        assert "pass it on to HR today" in said
        assert "be alone with them again" not in said
        assert "If it was told to you" not in said

    @pytest.mark.parametrize("text", ["continue", ""])
    async def test_the_session_goes_on_where_it_was_and_loses_no_answer(self, sitting: Sitting, text: str) -> None:
        await _of_a_bad_moment(sitting)
        before, asking = sitting.it.answers, sitting.it.asking
        await sitting.say(HARM)
        await (sitting.say(text) if text else sitting.act(Move.RESUME))
        assert sitting.it.state is State.OPEN
        assert sitting.it.answers == before
        assert sitting.it.asking == asking
        assert sitting.it.goal == "Dana keeps giving honest estimates"
        assert "stays out of this session" in sitting.text

    async def test_harm_by_the_one_the_session_is_about_does_not_go_on_with_a_word(self, sitting: Sitting) -> None:
        await _of_a_bad_moment(sitting)
        await sitting.say("Lena told me Dana touches her leg when they are alone, and she is afraid.")
        await sitting.say("I'm fine, next question.")
        assert sitting.it.state is State.PAUSED

    @pytest.mark.parametrize(
        "text",
        ["My boss told me I am worthless and she hates me", "He told me to shut up in front of them", "He hit Omar."],
    )
    def test_what_is_done_to_the_user_is_not_taken_for_somebody_else_s(self, text: str) -> None:
        assert directed(Reading(text, Kind.ABUSE)).toward is None

    def test_what_was_told_of_others_is_done_to_others(self) -> None:
        assert directed(Reading(HARM, Kind.HARASSMENT)).toward is Toward.THIRD_PERSON

    async def test_a_word_to_go_on_is_no_wish(self, sitting: Sitting) -> None:
        await sitting.begin("weekly_review")
        await sitting.say("I make Lena's life hell until she quits.")
        await sitting.act(Move.RESUME)
        await sitting.say("continue")
        assert (sitting.it.asking, sitting.it.goal) == ("other", "")


class TestCommitments:
    """What was said is offered, whole, and what is kept stays."""

    async def _at_the_will(self, sitting: Sitting) -> None:
        await sitting.go("weekly_review", ["A full week.", "More calm."])
        await sitting.until("take")

    async def test_one_more_with_its_day_is_offered_and_closes_nothing(self, sitting: Sitting) -> None:
        await self._at_the_will(sitting)
        for line in ("I'll ring Kim on Wednesday.", "keep", "nothing"):
            await sitting.say(line)
        assert sitting.it.asking == "another"
        await sitting.say("Yes one more: I give her an answer about the pilot by Friday.")
        assert [each.due for each in sitting.it.offers] == [date(2024, 5, 10)]

    async def test_one_more_beside_what_may_get_in_the_way_is_offered(self, sitting: Sitting) -> None:
        await self._at_the_will(sitting)
        for line in ("I'll ring Kim on Wednesday.", "keep"):
            await sitting.say(line)
        await sitting.say("That I babble. And I also want to give Lena an answer by Friday.")
        assert sitting.it.intentions[0].obstacle == "That I babble."
        assert [each.words for each in sitting.it.offers] == ["And I also want to give Lena an answer by Friday."]

    async def test_a_second_sentence_under_an_offer_is_not_lost(self, sitting: Sitting) -> None:
        await self._at_the_will(sitting)
        await sitting.say("I will write to Lena tomorrow.")
        await sitting.say("Keep that, but make it Thursday. And the Kim thing is a real one too, Wednesday before ten.")
        assert [each.due for each in sitting.it.offers] == [date(2024, 5, 9), date(2024, 5, 8)]

    async def test_a_slip_put_right_in_the_same_message_moves_the_act_before_it(self, sitting: Sitting) -> None:
        await self._at_the_will(sitting)
        for line in ("I will write to Lena on Tuesday.", "keep", "nothing"):
            await sitting.say(line)
        await sitting.say("And I will talk to Kim on Wednesday. No wait, Wednesday is the offsite, Thursday at 9.")
        assert [(each.due, each.at) for each in sitting.it.offers] == [(date(2024, 5, 9), "09:00")]
        assert [each.due for each in sitting.it.intentions] == [date(2024, 5, 7)]

    async def test_what_is_kept_for_one_is_not_written_over_by_what_is_said_of_another(self, sitting: Sitting) -> None:
        await self._at_the_will(sitting)
        for line in ("I will write to Lena on Tuesday.", "keep"):
            await sitting.say(line)
        await sitting.say("No, I meant Wednesday.")
        await sitting.say("Sorry, I meant Kim. I will talk to Kim on Thursday, Lena stays as it was.")
        await sitting.say("keep")
        assert [each.due for each in sitting.it.intentions] == [date(2024, 5, 7), date(2024, 5, 9)]
        assert "Lena" in sitting.it.intentions[0].words

    async def test_only_a_time_is_when_the_ready_sentence_is_said(self, sitting: Sitting) -> None:
        sentence = "Kim, the last three forecasts were off because rebates were missing. What stops you checking them?"
        await sitting.go("hard_feedback", ["Forecasts are off."], "kim")
        await sitting.until("words")
        for line in (sentence, "my own way"):
            await sitting.say(line)
        assert sitting.it.asking == "take"
        await sitting.say("Thursday 9 May, 14:00, after the ops review.")
        made = sitting.it.offers[0]
        assert (made.due, made.at) == (date(2024, 5, 9), "14:00")
        assert (made.words, made.cue) == (sentence, "Thursday 9 May, 14:00, after the ops review")

    async def test_keep_is_no_act_where_nothing_is_offered(self, sitting: Sitting) -> None:
        await self._at_the_will(sitting)
        await sitting.say("keep")
        assert (sitting.it.asking, sitting.it.offers) == ("take", ())
        await sitting.say("Fine.")
        assert (sitting.it.state, sitting.it.intentions) == (State.CLOSED, ())

    async def test_few_minutes_left_are_heard(self, sitting: Sitting) -> None:
        await sitting.begin("weekly_review")
        await sitting.say("I have 4 minutes.")
        assert sitting.it.hurried

    def test_a_day_that_is_taken_is_not_the_day_meant(self) -> None:
        made = offers.offer("a", "b", "I ring him on Monday.", "I ring him on Monday.", MONDAY, ())
        assert offers.mended(made, "No wait, Wednesday is the offsite, Thursday.", MONDAY).due == date(2024, 5, 9)


class TestQuestionsToTheCoach:
    """Asked beside an answer, without a language model."""

    async def test_it_says_so_once_and_keeps_the_answer(self, sitting: Sitting) -> None:
        await sitting.begin("prepare_one_to_one", "kim")
        first = await sitting.say("I left her out last week. Is that bad?")
        assert ("cannot answer" in first, sitting.it.asking) == (True, "happened")
        second = await sitting.say((await sitting.form()).choices[0])
        assert "One thought on what you tapped" in second
        third = await sitting.say("That I saw what she did. Is that a silly wish?")
        assert "cannot answer" in third
        assert sitting.it.goal.startswith("That I saw what she did.")

    async def test_who_reads_it_is_told_and_the_end_is_the_end(self, sitting: Sitting) -> None:
        await sitting.go("weekly_review", ["A full week.", "More calm."])
        await sitting.until("take")
        await sitting.say("I'll ring Kim on Wednesday.")
        await sitting.say("keep")
        await sitting.say("nothing")
        said = await sitting.say("That is enough, thank you. Who sees this by the way?")
        assert "nobody else unless you show it" in said
        assert sitting.it.state is State.CLOSED

    async def test_how_to_put_it_is_no_sentence_to_put(self, sitting: Sitting) -> None:
        await sitting.go("prepare_one_to_one", ["Her rise.", "That I saw her work."], "kim")
        await sitting.until("question")
        await sitting.say("How do I ask about the pilot without it sounding like a job interview?")
        assert sitting.it.asking == "question"
        assert sitting.it.answer("question") is None


class TestADecisionThatHasToBeTold:
    """What has to be told and is nobody's fault has questions of its own."""

    async def test_a_tap_takes_its_questions_up_and_keeps_what_was_said(self, sitting: Sitting) -> None:
        await sitting.begin("hard_feedback", "kim")
        await sitting.say("I have to tell Kim that somebody else gets the post.")
        form = await sitting.coach.form("me", sitting.it, sitting.now)
        assert form is not None
        await sitting.say(form.choices[-1])
        assert (sitting.it.kind, sitting.it.title, sitting.it.asking) == (
            "bad_news",
            "Telling somebody a decision",
            "goal",
        )
        assert [given.text for given in sitting.it.answers] == ["I have to tell Kim that somebody else gets the post."]
        for line in ("What comes next.", "Budget experience was asked for.", "It is settled."):
            await sitting.say(line)
        assert sitting.it.asking == "words"
        sentence = "Kim, you are not getting the post, they have chosen somebody from outside."
        await sitting.say(sentence)
        await sitting.say("Tomorrow at 2pm, in the little room.")
        [made] = sitting.it.offers
        assert (made.words, made.cue) == (sentence, "Tomorrow at 2pm, in the little room")

    async def test_when_it_is_told_is_asked_whatever_else_was_kept_before(self, sitting: Sitting) -> None:
        await sitting.go("bad_news", ["She does not get it.", "What comes next."], "kim")
        await sitting.until("words")
        for line in ("You are not getting the post, Kim.", "I'll ask HR about the training on Wednesday.", "keep"):
            await sitting.say(line)
        assert sitting.it.asking == "take"
        assert len(sitting.it.intentions) == 1

    async def test_when_it_is_told_is_joined_also_as_the_second_thing(self, sitting: Sitting) -> None:
        sentence = "Kim, you are not getting the post, they have chosen somebody from outside."
        await sitting.go("bad_news", ["She does not get it.", "What comes next."], "kim")
        await sitting.until("words")
        for line in (sentence, "I'll ring HR on Wednesday.", "keep", "Tomorrow at 2pm in the little meeting room."):
            await sitting.say(line)
        [made] = sitting.it.offers
        assert (made.words, made.cue) == (sentence, "Tomorrow at 2pm in the little meeting room")

    async def test_other_kinds_offer_no_such_tap(self, sitting: Sitting) -> None:
        await sitting.begin("prepare_one_to_one", "kim")
        form = await sitting.coach.form("me", sitting.it, sitting.now)
        assert form is not None
        assert form.choices == ()

    async def test_what_was_said_of_it_stays_after_harm_by_somebody_else_was_told(self, sitting: Sitting) -> None:
        await sitting.go("bad_news", ["She does not get the post.", "What comes next.", "Budget."], "kim")
        await sitting.say("My boss Denise hits me when we are alone and I am afraid of her.")
        assert sitting.it.state is State.PAUSED
        before = sitting.it.answers
        await sitting.act(Move.RESUME)
        assert (sitting.it.answers, sitting.it.goal) == (before, "What comes next.")
        assert sitting.it.asking == "settled"

    async def test_answers_given_again_after_a_stop_stand_beside_the_first(self, sitting: Sitting) -> None:
        await sitting.go(
            "prepare_one_to_one", ["His tone.", "A calm talk.", "The budget.", "skip", "His two audits."], "kim"
        )
        await sitting.say("Kim hits me when we are alone and I am afraid of him.")
        await sitting.act(Move.RESUME)
        for line in ("The rota for December.", "Who swaps with whom."):
            await sitting.say(line)
        told = answered(sitting.it, sitting.coach.templates.template(sitting.it.kind), PROMPTS, "them")
        assert {"A calm talk.", "The budget."} <= {text for _, text in told}
        words = "What would you like to say to Kim first, or name that you have seen?"
        assert {(words, "His two audits."), (f"{words} (added later)", "Who swaps with whom.")} <= set(told)
        assert sitting.it.goal == "The rota for December."
