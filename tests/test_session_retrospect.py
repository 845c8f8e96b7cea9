"""What became of last week's commitments: words are kept and not guessed from, and what was done can be noted."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from datetime import date
from pathlib import Path

import pytest
import pytest_asyncio

from coach.domain.moments import Landed
from coach.domain.sessions import Told
from coach.errors import NotFound
from coach.knowledge.library import Library
from coach.sessions.asides import Move
from evals.sittings import USER, Sitting, fill
from test_sessions import sitting_after


async def a_week_later(sitting: Sitting) -> None:
    await fill(sitting)
    await sitting.noted("Kim", 3, "I snapped at Kim in the stand-up", Landed.HARMED)
    await sitting.go("weekly_review", ["A full week.", "More calm."])
    await sitting.until("take")
    for line in ("I'll ring Kim on Wednesday and say sorry", "keep", "stop"):
        await sitting.say(line)
    await sitting.begin("weekly_review", days=7)


@pytest_asyncio.fixture
async def sitting(library: Library, tmp_path: Path) -> AsyncIterator[Sitting]:
    """A second weekly review, a Monday later, that asks what became of a call with Kim on Wednesday 8 May."""
    async with sitting_after(a_week_later, library, tmp_path) as found:
        yield found


async def choices(sitting: Sitting) -> Sequence[str]:
    form = await sitting.coach.form(USER, sitting.it, sitting.now)
    assert form is not None
    return form.choices


def told(sitting: Sitting) -> Told:
    [one] = sitting.it.told
    return one


@pytest.mark.parametrize(
    "text",
    [
        "She said 9 to 13 weeks. That is a shrug.",
        "It's on my desk, I'll give it to her on Thursday.",
        "Oh it was lovely, she cried a bit. But the other thing is still lying here.",
        "Done, but only half of it.",
        "I meant to, and then the phone rang.",
    ],
)
async def test_words_that_do_not_say_it_plainly_are_kept_and_asked_about(sitting: Sitting, text: str) -> None:
    await sitting.say(text)
    assert (told(sitting).happened, told(sitting).note) == (None, text)
    assert "How shall I put it down?" in sitting.text
    assert (await sitting.journal.commitments(USER))[0].open
    assert {"Done, neither well nor badly", "They took it badly", "Let it go"} < set(await choices(sitting))


async def test_the_day_in_the_words_is_offered_and_moves_it_by_a_tap(sitting: Sitting) -> None:
    await sitting.say("It's on my desk, I'll give it to her on Thursday when she is back.")
    [tap] = [each for each in await choices(sitting) if each.startswith("Not yet")]
    assert tap == "Not yet, move it to Thursday 16 May"
    await sitting.say(tap)
    assert (told(sitting).happened, told(sitting).new_due) == (False, date(2024, 5, 16))
    assert told(sitting).note.startswith("It's on my desk")


@pytest.mark.parametrize(
    ("text", "due"),
    [
        ("Forgot. Friday now.", date(2024, 5, 17)),
        ("I didn't get to it, she was away! I'll do it this Thursday instead.", date(2024, 5, 16)),
        ("No, not yet. Tomorrow.", date(2024, 5, 14)),
    ],
)
async def test_not_yet_with_its_new_day_is_moved(sitting: Sitting, text: str, due: date) -> None:
    await sitting.say(text)
    assert (told(sitting).happened, told(sitting).new_due) == (False, due)
    [commitment] = await sitting.journal.commitments(USER)
    assert commitment.due == due


@pytest.mark.parametrize("text", ["Not yet.", "Forgot.", "Not yet, I was away on Friday."])
async def test_not_yet_without_a_day_asks_for_one(sitting: Sitting, text: str) -> None:
    await sitting.say(text)
    assert (sitting.it.asking or "").endswith(":keep")


async def test_what_was_done_is_noted_with_one_press_and_mends_what_was_open(sitting: Sitting) -> None:
    await sitting.say("Did it. She nodded.")
    assert (await choices(sitting))[0] == "It went well"
    text = await sitting.say("It went well")
    assert "noted with Kim for Wednesday 8 May" in text
    moment = await sitting.journal.moment(USER, f"{told(sitting).step_id}-done")
    assert (moment.person_id, moment.landed, moment.happened_at.date()) == ("kim", Landed.HELPED, date(2024, 5, 8))
    assert moment.what.endswith("Did it. She nodded.")
    await sitting.say("A full week.")
    await sitting.say("More calm.")
    assert "Kim: on" not in sitting.text
    assert "put it right" not in sitting.text


async def test_the_day_that_is_named_is_the_day_it_is_noted_for(sitting: Sitting) -> None:
    text = await sitting.say("Done. I rang her on Friday, it went well.")
    assert "noted with Kim for Friday 10 May" in text


async def test_what_was_done_and_mends_nothing_is_no_moment_of_its_own(sitting: Sitting) -> None:
    await sitting.noted("Kim", 2, "I said sorry to Kim and she laughed")
    await sitting.begin("weekly_review")
    await sitting.say("done")
    assert told(sitting).happened
    assert await sitting.journal.commitments(USER) == []
    with pytest.raises(NotFound):
        await sitting.journal.moment(USER, f"{told(sitting).step_id}-done")


async def test_it_went_well_is_noted_at_once(sitting: Sitting) -> None:
    text = await sitting.say("It went well")
    assert "noted with Kim for Wednesday 8 May" in text
    assert (await sitting.journal.moment(USER, f"{told(sitting).step_id}-done")).landed is Landed.HELPED


async def test_it_can_be_passed_over_and_is_asked_about_next_time(sitting: Sitting) -> None:
    await sitting.act(Move.SKIP)
    assert sitting.it.asking == "mind"
    await sitting.say("stop")
    assert "What became of it?" in await sitting.begin("weekly_review", days=7)


async def test_what_was_told_and_not_settled_is_asked_about_again(sitting: Sitting) -> None:
    await sitting.say("She is thinking about it, I guess.")
    await sitting.say("stop")
    assert "What became of it?" in await sitting.begin("weekly_review", days=7)


async def test_a_wrong_press_is_put_right_by_going_back(sitting: Sitting) -> None:
    await sitting.say("It went well")
    step = told(sitting).step_id
    await sitting.say("back")
    assert "What became of it?" in sitting.text
    await sitting.say("Not yet, move it to Friday.")
    assert (told(sitting).step_id, told(sitting).happened) == (step, False)
    [commitment] = await sitting.journal.commitments(USER)
    assert commitment.due == date(2024, 5, 17)
    with pytest.raises(NotFound):
        await sitting.journal.moment(USER, f"{step}-done")


def a_week_after(two: str) -> Callable[[Sitting], Awaitable[None]]:
    """Return what keeps two things in one review and begins the next."""

    async def kept(it: Sitting) -> None:
        await fill(it)
        await it.go("weekly_review", ["A full week.", "More calm."])
        await it.until("take")
        for line in (two, "Keep both", "stop"):
            await it.say(line)
        await it.begin("weekly_review", days=7)

    return kept


async def test_what_was_told_of_two_in_one_message_stands_with_each(library: Library, tmp_path: Path) -> None:
    async with sitting_after(a_week_after("Ring Kim on Wednesday; sit with Bea on Thursday"), library, tmp_path) as it:
        await it.say("I rang, and she said thanks, so it went grand. I never got to Bea, she was off.")
        assert (await it.form()).choices[0] == "It went well"
        text = await it.say("It went well")
        assert "Of that one you said: “I never got to Bea, she was off.”" in text
        assert (await it.form()).choices[0] == "Not yet"
        await it.say("Not yet")
        await it.say("Friday")
        assert {each.landed for each in it.it.told} == {Landed.HELPED, None}
        [left] = await it.journal.commitments(USER)
        assert left.due == date(2024, 5, 17)


async def test_that_it_is_the_same_thing_needs_no_press(library: Library, tmp_path: Path) -> None:
    async with sitting_after(a_week_after("Ring Kim on Wednesday; thank Kim on Thursday"), library, tmp_path) as it:
        for line in ("It went well", "This is the same thing, I have told you just now"):
            await it.say(line)
        assert it.it.asking == "mind"
        assert [(each.happened, each.landed) for each in it.it.told] == [(True, Landed.HELPED), (True, None)]


async def test_what_was_done_and_mends_something_is_noted_and_over(sitting: Sitting) -> None:
    await sitting.say("Done")
    assert (await sitting.journal.moment(USER, f"{told(sitting).step_id}-done")).landed is Landed.INDIFFERENT
    assert await sitting.journal.commitments(USER) == []
