"""What four leaders met in whole sessions: titles, everyday words, plans said in passing, and mixed outcomes."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import date
from pathlib import Path

import pytest
import pytest_asyncio

from coach.domain.moments import Landed
from coach.domain.people import Person, Relation
from coach.domain.sessions import Because, State
from coach.knowledge.library import Library
from coach.noticing.wording import called
from coach.reading import offers
from coach.reading.times import clock
from evals.sittings import NOW, USER, Sitting, fill
from test_sessions import sitting_after

MONDAY = NOW.date()


@pytest_asyncio.fixture
async def sitting(library: Library, tmp_path: Path) -> AsyncIterator[Sitting]:
    """A team of eight, and two more who are called Mrs."""
    async with sitting_after(fill, library, tmp_path) as found:
        for id_, name in (("ani", "Mrs. Ngozi Ani"), ("odo", "Mrs. Blessing Odo")):
            await found.journal.add_person(USER, Person(id_, name, NOW, relation=Relation.REPORT))
        yield found


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("Mrs. Ngozi Ani", "Mrs. Ani"),
        ("Uncle Sunday", "Uncle Sunday"),
        ("Tom Ashdown", "Tom"),
        ("J. Smith", "J. Smith"),
    ],
)
def test_a_title_is_no_name(name: str, said: str) -> None:
    assert called(name) == said


async def test_whoever_shares_a_title_is_not_named_by_it(sitting: Sitting) -> None:
    await sitting.begin("weekly_review")
    await sitting.say("Mrs. Ani has not come to my office since the assembly.")
    await sitting.say("That she comes back.")
    await sitting.say("Mrs. Ngozi Ani")
    assert "You have named several" not in "".join(turn.text for turn in sitting.it.turns)


async def test_a_long_warm_answer_is_an_answer(sitting: Sitting) -> None:
    await sitting.begin("weekly_review")
    await sitting.say(
        "I want to write her a long letter tonight, to say all that I did not say, from Primary 5 until today, and "
        "about the club, which must come back, forty children are asking. My sister would laugh at me."
    )
    assert (sitting.it.state, sitting.it.asking) == (State.OPEN, "goal")


@pytest.mark.parametrize(
    ("text", "due", "at"),
    [
        ("No sorrys. Her talk. Monday 13th, ten.", date(2024, 5, 13), ""),
        ("I will ask her what that Friday was like for her, on Tuesday at half past two.", date(2024, 5, 7), "14:30"),
        ("I will buy the gloves for Uncle Sunday", None, ""),
        ("Tuesday, 7:15, at his truck. I tell him the reading was on me.", date(2024, 5, 7), "07:15"),
    ],
)
async def test_what_is_planned_is_offered_for_its_day(sitting: Sitting, text: str, due: date | None, at: str) -> None:
    await sitting.go("weekly_review", ["A full week.", "More calm."])
    await sitting.until("take")
    await sitting.say(text)
    [made] = sitting.it.offers
    assert (made.due, made.at) == (due, at)


def test_what_somebody_did_is_no_act_of_the_leaders() -> None:
    told = (
        "Tuesday, 7:15, at his truck. I tell him it was on me. And Bo put a book there Wednesday, I saw it and left it."
    )
    assert offers.sentences(told, MONDAY) == ("Tuesday, 7:15, at his truck. I tell him it was on me.",)
    assert clock("quarter past nine") == "09:15"


async def test_what_was_somebody_elses_is_dropped_and_the_new_sentence_taken(sitting: Sitting) -> None:
    await sitting.go("weekly_review", ["A full week.", "More calm."])
    await sitting.until("take")
    await sitting.say("Put a book on his desk on Wednesday")
    await sitting.say("Hell no, that's what Bo did. On Tuesday I tell Omar that it was on me.")
    assert [each.words for each in sitting.it.offers] == ["On Tuesday I tell Omar that it was on me."]


async def test_what_was_owned_and_taken_badly_is_no_harm_of_its_own(sitting: Sitting) -> None:
    await sitting.go("weekly_review", ["A full week.", "More calm."])
    await sitting.until("take")
    for line in ("On Wednesday I tell Omar that it was wrong of me", "keep", "stop"):
        await sitting.say(line)
    await sitting.begin("weekly_review", days=7)
    await sitting.say("Said it, four minutes. He goes, just don't. Then he says I got an interview last Thursday.")
    await sitting.say("They took it badly")
    [told] = sitting.it.told
    moment = await sitting.journal.moment(USER, f"{told.step_id}-done")
    assert (told.landed, moment.landed) == (Landed.HARMED, Landed.INDIFFERENT)
    assert moment.happened_at.date() == date(2024, 5, 8)
    assert (await sitting.journal.person(USER, "omar")).rest_until is not None


async def test_whoever_did_it_is_sent_to_own_it_and_is_no_bystander(sitting: Sitting) -> None:
    await sitting.begin("bad_news", "kim")
    await sitting.say("The trust has cut her hours.")
    await sitting.say("How it goes on. And that she hits me every evening at table tennis, I fear")
    assert sitting.it.because is Because.HARM
    text = await sitting.say("It was me.")
    assert sitting.it.because is Because.SOURCE_OF_HARM
    assert "After a bad moment of my own" in text


async def test_words_that_are_no_line_are_kept_and_bring_the_lines_nearest_to_them_once(sitting: Sitting) -> None:
    await sitting.begin("own_bad_moment", "omar")
    await sitting.say("It was on Monday.")
    text = await sitting.say("Barked at him before the whole crew.")
    assert "I keep your words" in text
    await sitting.say("None of these")
    assert sitting.it.asking == "goal"
    given = sitting.it.answer("happened")
    assert given is not None
    assert given.text == "Barked at him before the whole crew."


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("Write me something so he doesn't go to HR.", "that way is theirs"),
        ("Please write it for me, my dear.", "I write nothing in your place"),
    ],
)
async def test_what_is_asked_for_and_not_given_is_said_and_is_no_answer(sitting: Sitting, text: str, told: str) -> None:
    await sitting.go("prepare_one_to_one", ["Her rise.", "That I saw her work."], "kim")
    await sitting.until("question")
    assert told in await sitting.say(text)
    assert (sitting.it.asking, sitting.it.answer("question")) == ("question", None)


async def test_what_is_for_somebody_with_a_title_is_not_for_whom_the_session_is_about(sitting: Sitting) -> None:
    await sitting.begin("prepare_one_to_one", "ani")
    await sitting.until("take")
    await sitting.say(
        "On Tuesday I tell her that it was wrong of me. And on Wednesday I thank Uncle Emeka for the desks."
    )
    assert [each.person_id for each in sitting.it.offers] == ["ani", None]


async def test_whom_it_is_about_is_not_asked_once_it_was_said(library: Library, tmp_path: Path) -> None:
    async def knows(it: Sitting) -> None:
        await it.knows("Kim", "Omar")

    async with sitting_after(knows, library, tmp_path) as it:
        await it.begin("weekly_review")
        await it.say("Kim has not said a word since Tuesday.")
        await it.say("That she talks to me again.")
        assert it.it.asking == "happened"


async def test_a_day_that_was_said_before_can_be_tapped(sitting: Sitting) -> None:
    await sitting.begin("own_bad_moment", "omar")
    await sitting.say("I barked at him. I see him on Wednesday 15 May at the gate.")
    line = next(each for each in (await sitting.form()).choices if each.startswith("I was sharp"))
    await sitting.say(line)
    await sitting.until("words")
    await sitting.say("Omar, I barked at you before the others on Monday. That was wrong of me, and I'm sorry.")
    await sitting.until("take")
    assert "On Wednesday 15 May" in (await sitting.form()).choices


async def test_a_step_is_with_whom_its_message_names_and_not_with_whom_the_talk_began(sitting: Sitting) -> None:
    await sitting.begin("weekly_review")
    await sitting.say("I called off Kim's talk. It's the third time.")
    await sitting.until("take")
    await sitting.say("Omar. Tell him about the tanker. Tuesday, at the boat.")
    assert [each.person_id for each in sitting.it.offers] == ["omar"]
