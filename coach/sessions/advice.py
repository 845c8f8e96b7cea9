"""What the planner's scenes give a session: a plan from what was tapped, else from what the journal shows. Pure.

The plan is only shown: what is kept of it is what the leader says or fills in. Reads no meaning out of any answer.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from coach.domain.accounts import RELATIONS, Account, Standing
from coach.domain.asks import TappedEvent, TappedPerson, Taps
from coach.domain.drafts import Purpose
from coach.domain.people import Person, Relation
from coach.domain.plans import RepairPlan
from coach.domain.sessions import Listens
from coach.noticing import retold, wording
from coach.reading import choices, taps
from coach.sessions.talk import Talk, View, standing

_BLANK = re.compile(r"\[([^\]]+)\]")
_FEW = "journal_few"
_NEAR = 2
"""So many lines of the whole catalogue stand before those of the kind, as the leader's words come near to them."""

FIRST = "first"
"""The id of the question whom of several the leader begins with."""


def plan(talk: Talk) -> RepairPlan | None:
    """Return the plan for what was tapped, here or in the chat, else for what the moments show; None: none fits."""
    person, event = in_mind(talk), talk.session.event
    if not event and (stands := of_the_chat(person, talk.view)):
        return stands
    told = _tapped(talk, person) if event else _from_moments(person, talk.view)
    return talk.view.advice(told, person.id if person else None) if told else None


def of_the_chat(person: Person | None, view: View) -> RepairPlan | None:
    """Return the plan that was taken on in the chat with somebody, from the step on that is said to them.

    A step whose words name them after the beginning is for somebody else: "That was Kim's".
    """
    stands = view.step_with(person.id) if person else None
    if person is None or stands is None or stands.plan is None:
        return None
    ids = [it.id for it in stands.plan.steps]
    left = stands.plan.steps[ids.index(stands.step_id) :]
    to_them = next((at for at, it in enumerate(left) if it.say and not choices.named(it.say, person.name)), None)
    return None if to_them is None else replace(stands.plan, steps=left[to_them:])


def in_mind(talk: Talk) -> Person | None:
    """Return whom the session is about, else whom they begin with: as tapped, or the only one they have named."""
    if talk.session.person_id or talk.session.about:
        return talk.view.person(talk.session.person_id)
    named = between(talk)
    return named[0] if len(named) == 1 else None


def between(talk: Talk) -> list[Person]:
    """Return those whom the leader may mean: as chosen, else whom the answer to the list names, else all answers."""
    answers = {given.question: given.text for given in standing(talk.session)}
    opened, whole = " ".join((*[*answers.values()][:1], talk.session.goal)), " ".join(answers.values())
    every = (answers.get(FIRST, ""), answers.get("seen", ""), opened, whole)
    return next(filter(None, map(talk.view.people_in, every)), [])


def _tapped(talk: Talk, person: Person | None) -> Account:
    relation = person.relation if person and person.relation else Relation.REPORT
    where = next((each for each, of in RELATIONS.items() if of is relation), Standing.ELSEWHERE)
    name = person.name if person else talk.session.about or None
    who = TappedPerson("p1", name, None, person.id if person else None, standing=where)
    tapped = Taps(people=(who,), main="p1", events=(TappedEvent(talk.session.event, "p1"),))
    return taps.account(tapped, talk.view.catalogue, talk.view.people)


def _from_moments(person: Person | None, view: View) -> Account | None:
    """Return the account of a person's moments, None where they show nothing."""
    theirs = [it for it in view.moments if person is not None and it.person_id == person.id]
    if person is None or not theirs:
        return None
    led = person if person.relation else replace(person, relation=Relation.REPORT)
    told = retold.account(led, theirs, view.findings(person.id))
    return None if any(fact.fact == _FEW for fact in told.facts) else told


def others(talk: Talk) -> list[Person]:
    """Return whom the leader has named beside whom they began with, and has taken nothing on for."""
    session = talk.session
    words = session.answer("seen")
    done = {it.person_id for it in session.intentions} | {it.text for it in session.answers if it.question == FIRST}
    named = talk.view.people_in(words.text) if words and session.answer(FIRST) else []
    return [it for it in named if it.id not in done and it.name not in done]


# ---- what may have happened


def events(talk: Talk) -> dict[str, str]:
    """Return what may be tapped as having happened, by what stands on it; likeliest first."""
    words = " ".join(given.text for given in standing(talk.session))
    order = [id_ for id_, _ in talk.view.ranked(words)] if words else []
    place = {id_: at for at, id_ in enumerate(order)}
    known = [id_ for id_ in talk.template.events if id_ in talk.view.catalogue]
    found = dict.fromkeys((*order[:_NEAR], *sorted(known, key=lambda id_: place.get(id_, len(place)))))
    return {talk.view.catalogue.entry(id_).named(_name(talk)): id_ for id_ in found}


def every_event(talk: Talk) -> dict[str, dict[str, str]]:
    """Return all lines of the catalogue that can be tapped, by what stands on them, in their groups."""
    name, catalogue = _name(talk), talk.view.catalogue
    return {of.text: {it.named(name): it.id for it in catalogue.of(of.id)} for of in catalogue.groups}


def event(text: str, talk: Talk) -> str:
    """Return the event whose line a text is, "" for none."""
    lines = [events(talk), *every_event(talk).values()]
    return next((each[text] for each in lines if text in each), "")


def _name(talk: Talk) -> str:
    person = in_mind(talk)
    return talk.session.about or (wording.called(person.name) if person else "")


# ---- the sentence, with what is left open in it


def frame(talk: Talk) -> str:
    """Return the plan's sentence for the question that waits, with its blanks in brackets; "" where it has none."""
    session = talk.session
    asked = next((it for it in talk.template.questions if it.id == session.asking), None)
    spoken = asked is not None and asked.listens in {Listens.SENTENCE, Listens.IDEA} and asked.purpose != Purpose.ASK
    if not spoken or session.sentence or session.tries > 1:
        return ""
    made = plan(talk)
    return made.steps[0].say if made is not None else ""


def filled(sentence: str, words: Iterator[str]) -> str:
    """Return a sentence with its blanks filled in, in order."""

    def said(hit: re.Match[str]) -> str:
        given = next(words, "").strip(" .")
        return f"{given}." if hit[1].endswith(".") else given

    return _BLANK.sub(said, sentence)


def fits(sentence: str, text: str) -> bool:
    """Whether a text is that sentence, filled in."""
    at = 0
    for part in _BLANK.split(sentence)[::2]:
        at = text.find(part.strip(), at)
        if at < 0:
            return False
    return bool(sentence)
