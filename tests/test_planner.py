"""Plans: their form for any situation, what a step may rest on, and what fits whom.

The readings are real, the cards and texts are the shipped ones. The messages are the data.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from coach.domain.letters import plain
from coach.domain.people import Person, Relation
from coach.domain.plans import Finding, OwnPartLevel, Pattern, RepairPlan
from coach.domain.readings import Route
from coach.domain.stances import Stance
from coach.knowledge.library import Library
from coach.messages.apologies import says_sorry
from coach.planning import planner
from coach.planning.planner import FIRST_STEP_MINUTES, MOST_STEPS, Situation
from coach.prompts import Prompts
from coach.reading import reader

NOW = datetime(2024, 5, 9, 16, 0, tzinfo=UTC)  # a Thursday
DONE_TO_ME = (
    "On Tuesday Ravi presented my cost table to the board as his own work. I sat there and said nothing.",
    "My boss told me off in front of the whole crew for a delay that was not mine.",
    "Petra told the others what I had told her in confidence about my son.",
    "In the retro my manager Olga said my part was sloppy. Everyone heard it.",
    "Bo made a joke about my stammer at lunch and everybody laughed.",
)
DONE_BY_ME = (
    "I snapped at Ines in the stand-up in front of everyone because her part was late. I was wrong.",
    "I forgot to name Kofi when I was praised for the layout that he had made. I feel bad about it.",
)
HURT = (
    "Tom ignored my mail twice and I feel awful. What should I do?",
    "My colleague has not answered two emails and I feel terrible about it.",
    "She walked past me without a word and I feel bad.",
    "I feel so bad because Priya left me out of the meeting.",
    "Ravi said nothing when I greeted him, and I felt embarrassed for being ignored.",
    "He blamed me for the error and now the team thinks it was my mistake.",
    "Ravi presented my part of the report as his own and nobody noticed.",
    "Olga told the others that I should have asked her first, in a tone that hurt.",
)
"""Feeling bad is no guilt, and nor is being blamed."""
REMORSE = (
    "I feel terrible about what I said to Marco yesterday.",
    "I cut Lena off in the review. I feel bad about it. How do I fix it?",
    "I feel guilty for leaving early while Sam stayed.",
    "I feel really bad for shouting at Bo yesterday.",
    "Lena says I hurt her in the review, and I was wrong to say it like that.",
    "My part in it was that I never told Bo about the change.",
)
OPEN = (
    "Ola has not answered my two mails about the rota.",
    "My colleague in another country never switches the camera on and only writes in chat. I hardly know her.",
    "My best colleague is leaving on Friday and I don't want to lose touch.",
    "I started here in March and eat alone every day. How do I get to know people?",
    "I lead six people and one of them, Hugo, has gone quiet since the reorganisation.",
    "Help me write a thank-you to Greta, who covered my shift.",
    "Log: Marta brought me soup when I had a cold. Tobias walked past me twice without a word.",
)
EVERY = (*DONE_TO_ME, *DONE_BY_ME, *OPEN)


def situation(text: str, library: Library, **given: object) -> Situation:
    read = reader.read(text, library)
    assert read.route is Route.IN_SCOPE
    support = {card.id: card for card in library.principles() if card.evidence}
    return replace(Situation(read, library.retrieve(text, read, 10), NOW, "t1", support=support), **given)  # type: ignore[arg-type]


def planned(sight: Situation, prompts: Prompts) -> RepairPlan:
    ids = itertools.count(1)
    return planner.plan(sight, prompts, lambda: f"id-{next(ids)}")


def made(text: str, library: Library, prompts: Prompts, **given: object) -> RepairPlan:
    return planned(situation(text, library, **given), prompts)


@pytest.mark.parametrize("text", EVERY)
def test_the_form_of_a_plan(text: str, library: Library, prompts: Prompts) -> None:
    plan = made(text, library, prompts)
    assert 1 <= len(plan.steps) <= MOST_STEPS
    assert 2 <= len(plan.readings) <= 3
    assert any(side.user_had_part for side in plan.readings)
    assert all(side.text.startswith("It may be") for side in plan.readings)
    assert plan.seen
    assert plan.missing.fact
    assert plan.missing.question.rstrip("”").endswith("?")
    assert plan.headline.rstrip()
    assert re.match(r"(?:If|When)\b", plan.if_it_goes_badly)
    assert plan.stop_rule
    assert plan.sign_of_success
    assert plan.unknowns
    for step in plan.steps:
        assert re.match(r"(?:If|When)\b", step.cue)
        assert step.action
        assert len(step.say.split()) <= 40
        assert step.why
        assert step.citations
    assert plan.steps[0].minutes <= FIRST_STEP_MINUTES
    assert len({step.action for step in plan.steps}) == len(plan.steps)


@pytest.mark.parametrize("text", EVERY)
def test_steps_cite_only_what_was_retrieved_word_for_word(text: str, library: Library, prompts: Prompts) -> None:
    sight = situation(text, library)
    plan = planned(sight, prompts)
    retrieved = {match.principle.id for match in sight.matches}
    for step in plan.steps:
        assert step.citations[0].principle in retrieved
        for citation in step.citations:
            card = library.principle(citation.principle)
            assert citation.quote in card.text
            assert citation.grade is card.grade
            assert card.evidence or citation.principle in retrieved
    assert set(plan.citations) == {citation for step in plan.steps for citation in step.citations}


@pytest.mark.parametrize("text", EVERY)
def test_due_dates_come_from_now(text: str, library: Library, prompts: Prompts) -> None:
    plan = made(text, library, prompts)
    dues = [step.due for step in plan.steps]
    assert dues == sorted(dues)
    assert all(NOW.date() < due <= NOW.date() + timedelta(days=8) for due in dues)
    assert all(due.weekday() < 5 for due in dues[1:])
    assert plan.check_on > dues[-1]
    later = made(text, library, prompts, now=NOW + timedelta(days=700))
    assert all(due > (NOW + timedelta(days=700)).date() for due in (step.due for step in later.steps))


@pytest.mark.parametrize("text", DONE_TO_ME)
def test_no_apology_is_asked_when_harm_was_done(text: str, library: Library, prompts: Prompts) -> None:
    plan = made(text, library, prompts)
    assert plan.own_part.level is not OwnPartLevel.CLEAR
    assert plan.stance is not Stance.REPAIR_OWN_HARM
    for step in plan.steps:
        assert not says_sorry(plain(f"{step.action}. {step.say}"))


@pytest.mark.parametrize("text", DONE_BY_ME)
def test_an_own_part_is_owned(text: str, library: Library, prompts: Prompts) -> None:
    plan = made(text, library, prompts)
    assert plan.own_part.level is OwnPartLevel.CLEAR
    assert plan.stance is Stance.REPAIR_OWN_HARM
    assert plan.readings[0].user_had_part


@pytest.mark.parametrize("text", HURT)
def test_who_feels_bad_has_not_done_wrong(text: str, library: Library, prompts: Prompts) -> None:
    plan = planned(situation(text, library), prompts)
    assert plan.own_part.level is not OwnPartLevel.CLEAR
    assert plan.stance is not Stance.REPAIR_OWN_HARM
    assert not any(says_sorry(step.say or "") for step in plan.steps)


@pytest.mark.parametrize("text", REMORSE)
def test_who_feels_bad_about_an_act_of_theirs_owns_it(text: str, library: Library, prompts: Prompts) -> None:
    plan = planned(situation(text, library), prompts)
    assert (plan.own_part.level, plan.stance) == (OwnPartLevel.CLEAR, Stance.REPAIR_OWN_HARM)


@pytest.mark.parametrize("text", EVERY)
def test_the_same_input_gives_the_same_plan(text: str, library: Library, prompts: Prompts) -> None:
    sight = situation(text, library)
    assert planned(sight, prompts) == planned(sight, prompts)


@pytest.mark.parametrize("text", EVERY)
def test_a_step_that_failed_is_not_offered_again(text: str, library: Library, prompts: Prompts) -> None:
    first = made(text, library, prompts)
    failed = [first.steps[0].action]
    again = made(text, library, prompts, tried=failed)
    assert not {step.action for step in again.steps} & set(failed)
    assert again.steps[0].minutes <= FIRST_STEP_MINUTES


def test_when_all_was_tried_something_is_still_offered(library: Library, prompts: Prompts) -> None:
    tried: list[str] = []
    for _ in range(12):
        plan = made(OPEN[0], library, prompts, tried=tuple(tried))
        tried += [step.action for step in plan.steps]
        assert plan.steps


def test_far_away_nobody_is_met_at_a_desk(library: Library, prompts: Prompts) -> None:
    far = Person("ola", "Ola", NOW, remote=True)
    near = Person("ola", "Ola", NOW, remote=False)
    remote, here = (made(OPEN[0], library, prompts, person=each) for each in (far, near))
    assert "in_person" not in {step.channel for step in remote.steps}
    assert "in_person" in {step.channel for step in here.steps}
    assert [step.action for step in remote.steps] != [step.action for step in here.steps]


def test_steps_that_need_rank_go_to_who_has_it(library: Library, prompts: Prompts) -> None:
    """No move of a card that needs a leader is offered towards the user's own boss."""
    for_leaders = {move.action for card in library.principles() for move in card.moves if move.leader is True}
    not_for_leaders = {move.action for card in library.principles() for move in card.moves if move.leader is False}
    boss = Person("ola", "Ola", NOW, relation=Relation.MANAGER)
    report = Person("ola", "Ola", NOW, relation=Relation.REPORT)
    for text in (OPEN[0], OPEN[1], DONE_TO_ME[0]):
        up = made(text, library, prompts, person=boss)
        down = made(text, library, prompts, person=report)
        assert not {step.action for step in up.steps} & for_leaders
        assert not {step.action for step in down.steps} & not_for_leaders


def test_the_journal_colours_the_stance(library: Library, prompts: Prompts) -> None:
    text = "Ola and I used to have coffee every week, now we hardly speak."
    neglected: Sequence[Finding] = (
        Finding(Pattern.NEGLECTED_GOOD_RELATIONSHIP, ("m1", "m2"), 2, "Good, then little."),
    )
    plan = made(text, library, prompts, findings=neglected, person=Person("ola", "Ola", NOW))
    assert plan.stance in {Stance.REACH_OUT, Stance.TEND}
    assert plan.findings == neglected


def test_ten_messages_get_ten_plans(library: Library, prompts: Prompts) -> None:
    plans = [made(text, library, prompts) for text in EVERY]
    assert len({tuple(step.action for step in plan.steps) for plan in plans}) >= len(plans) - 1
    assert len({plan.headline for plan in plans}) >= len(plans) - 2


def test_a_deadline_of_the_users_is_kept(library: Library, prompts: Prompts) -> None:
    plan = made("Ola has not answered my two mails about the rota. I need it tomorrow.", library, prompts)
    assert plan.steps[0].due == NOW.date() + timedelta(days=1)
