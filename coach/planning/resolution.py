"""Keeps an intention as a plan of one step with its commitment. Pure.

The words are the user's. A session offers no readings of anyone, so the plan has none.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial

from coach.domain.commitments import Commitment
from coach.domain.letters import brief
from coach.domain.plans import Checked, Missing, OwnPart, OwnPartLevel, RepairPlan, Seen, Step
from coach.domain.principles import Citation, Stance
from coach.domain.readings import Kind
from coach.domain.sessions import Intention, Session
from coach.domain.workdays import workday
from coach.noticing import wording
from coach.ports import Texts

MINUTES = 10
"""What something taken on in a session is expected to take."""


def commitment_of(intention: Intention, now: datetime) -> Commitment:
    """Return the commitment of a whole intention."""
    assert intention.due is not None
    return Commitment(intention.id, intention.plan_id, now, intention.due)


def plan_of(intention: Intention, session: Session, now: datetime, texts: Texts) -> RepairPlan:
    """Return the plan a whole intention is kept as."""
    assert intention.due is not None
    theirs = session.speaks_of(intention)
    citations = _citations(session) if theirs else ()
    values = {"day": f"{intention.due:%A}", "cue": intention.cue.strip(" ."), "at": intention.at}
    said = partial(texts.render, "session/plan.fixed", obstacle=intention.obstacle, **values)
    action = intention.words.rstrip(". ")
    return RepairPlan(
        id=intention.plan_id,
        created_at=now,
        person_id=intention.person_id,
        kind=Kind.LEADER_SESSION,
        stance=Stance.TEND,
        headline=action[:1].upper() + action[1:],
        seen=(Seen(brief(session.goal, 30), None, None),) if session.goal and theirs else (),
        guessed=(),
        readings=(),
        own_part=OwnPart(OwnPartLevel.NONE, said(which="own_part")),
        missing=Missing(said(which="fact"), said(which="question")),
        findings=(),
        steps=(
            Step(
                id=intention.id,
                cue=said(which="cue"),
                action=_in_words(intention, action, now, texts),
                say="",
                avoid="",
                channel="any",
                minutes=MINUTES,
                due=intention.due,
                why=said(which="why"),
                citations=citations[:1],
            ),
        ),
        if_it_goes_badly=intention.obstacle or said(which="badly"),
        stop_rule=said(which="stop"),
        check_on=workday(intention.due + timedelta(days=1)),
        sign_of_success=said(which="sign"),
        unknowns=(),
        citations=citations,
        checked=Checked(0, 0),
    )


def advised(made: RepairPlan, intention: Intention, session: Session, advice: RepairPlan | None) -> RepairPlan:
    """Return a kept plan with what the scenes say of the matter, where the sentence made ready for it is taken on."""
    if advice is None or not session.sentence or not session.sentence.startswith(intention.words):
        return made
    of_theirs = advice.steps[0]
    step = replace(
        made.steps[0],
        cue=made.steps[0].cue or of_theirs.cue,
        action=of_theirs.action,
        say=intention.words,
        avoid=of_theirs.avoid,
        channel=of_theirs.channel,
        why=of_theirs.why,
        act=of_theirs.act,
    )
    return replace(
        made,
        headline=advice.headline,
        steps=(step,),
        if_it_goes_badly=intention.obstacle or advice.if_it_goes_badly,
        stop_rule=advice.stop_rule,
        sign_of_success=advice.sign_of_success,
    )


def _in_words(intention: Intention, action: str, now: datetime, texts: Texts) -> str:
    """Return what is done: what they said in quotation marks, with the day they said it beside "tomorrow"."""
    said = wording.day(now.astimezone().date()) if wording.hangs_on_when(f"{action} {intention.cue}") else ""
    return texts.render("session/plan.fixed", which="action", words=action, said=said)


def moved(plan: RepairPlan, intention: Intention) -> RepairPlan:
    """Return a plan of the chat whose step a session has given another day, or words to say it in."""
    assert intention.due is not None
    due, words = intention.due, intention.words
    steps = tuple(
        replace(it, due=due, say=it.say if wording.hangs_on_when(words) else words) if it.id == intention.id else it
        for it in plan.steps
    )
    return replace(plan, steps=steps, check_on=max(plan.check_on, workday(intention.due + timedelta(days=3))))


def _citations(session: Session) -> tuple[Citation, ...]:
    return tuple(dict.fromkeys(citation for turn in session.turns for citation in turn.citations))[:2]
