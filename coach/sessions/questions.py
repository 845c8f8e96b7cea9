"""Chooses the next question: the template's in order, without those already answered, and those the talk adds. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

from coach.domain.acts import Act
from coach.domain.drafts import Purpose
from coach.domain.principles import Stance
from coach.domain.sessions import Asked, Bound, Listens, Phase, Session, Template
from coach.ports import Texts
from coach.sessions import advice, asides
from coach.sessions.view import View

MOST_INTENTIONS = 3
ENOUGH_IDEAS = 2
FRESH = timedelta(days=30)
"""A note on someone's workload goes stale after this."""

WHO, OTHER, HAPPENED, FIRST = "who", "other", "happened", advice.FIRST
LOOK, TAKEN, OFFER = "look:", "will:", "offer:"
"""Ids of questions that no template holds begin like this."""

MORE, WHAT = f"{TAKEN}more", f"{TAKEN}what"
THOUGHT = "thought"
"""Stands among the questions that were put once a plan of the scenes was told: it holds a card and what to do then."""

ALL = f"{OFFER}all"
"""All offers are asked about at once."""

SAID = {Purpose.APOLOGY, Purpose.FEEDBACK, Purpose.OTHER}
"""What a sentence is for that is said to somebody once, at a time that is asked for."""

_ORDER = tuple(Phase)
_FEW = 6
"""In so few words "no" says that there is nothing."""


@dataclass(frozen=True, slots=True)
class Next:
    """A question to put, and its phase."""

    phase: Phase
    asked: Asked


def following(template: Template, session: Session, view: View, texts: Texts) -> Next | None:
    """Return the question that comes next, None when all are asked or needless: the session can close."""
    return next(ahead(template, session, view, texts), None)


def waiting(template: Template, session: Session, texts: Texts) -> Next | None:
    """Return the question that waits for an answer."""
    if session.asking is None:
        return None
    known = (Next(phase, asked) for phase, asked in template.questions if asked.id == session.asking)
    return next(known, None) or own(session.asking, session, texts)


def commitment(template: Template) -> Asked:
    """Return the question that a session ends with: what will be done."""
    return next(
        asked for phase, asked in template.questions if phase is Phase.WILL and asked.listens is Listens.COMMITMENT
    )


def offered(id_: str) -> bool:
    """Whether a question is about a commitment that is offered."""
    return id_.startswith(OFFER)


def own(id_: str, session: Session, texts: Texts) -> Next:
    """Return a question that no template holds."""
    if offered(id_):
        which = "offer"
    elif id_.startswith(LOOK):
        which = "look_" + id_.rsplit(":", 1)[1] if id_.count(":") > 1 else "look"
    else:
        which = id_.removeprefix(TAKEN)
    here = offered(id_) or id_ in {HAPPENED, FIRST}
    phase = {WHO: Phase.ARRIVE, OTHER: Phase.GOAL}.get(id_) or (session.phase if here else Phase.WILL)
    phase = Phase.LOOK_BACK if id_.startswith(LOOK) else phase
    listens = Listens.OUTCOME if id_.startswith(LOOK) else Listens.COMMITMENT
    if id_ in {WHO, OTHER, HAPPENED, FIRST}:
        listens = Listens.GOAL if id_ == OTHER else Listens.ANYTHING
    looked = {each for each in session.asked if each.startswith(LOOK) and each.count(":") == 1 and each not in id_}
    n = min(len(looked), 2) if id_.startswith(LOOK) else len(session.taken_on)
    return Next(phase, Asked(id_, texts.render("session/ask.fixed", which=which, n=n), listens))


def ahead(template: Template, session: Session, view: View, texts: Texts) -> Iterator[Next]:
    """Yield what is still to be asked, in order: what became of last time's commitments first."""
    told = {each.step_id: each for each in session.told}
    for step_id in session.looking:
        before = told.get(step_id)
        which = "" if before is None else ":which" if before.happened is None else ":keep"
        yield own(f"{LOOK}{step_id}{which}", session, texts)
    if template.bound is Bound.NEEDED and not session.about and not session.hurried and session.answer(WHO) is None:
        yield own(WHO, session, texts)
    for phase in _ORDER:
        for at, asked in template.questions:
            unsaid = asked.listens is Listens.COMMITMENT and bool(ready(session))
            if at is phase and not _needless(asked, phase, session, view, unsaid=unsaid):
                yield Next(phase, asked)
        if phase is (Phase.ARRIVE if template.bound is Bound.MAYBE else Phase.REALITY) and _asks_whom(session, view):
            yield own(FIRST, session, texts)
        if phase is _asks_what_happened(template, session, view):
            yield own(HAPPENED, session, texts)


def _asks_whom(session: Session, view: View) -> bool:
    """Whether it is to be tapped whom of several the leader begins with: nobody is guessed."""
    early = session.phase not in {Phase.OPTIONS, Phase.WILL}
    return (
        early
        and not (session.about or session.hurried)
        and session.answer(FIRST) is None
        and len(advice.between(session, view)) > 1
    )


def _asks_what_happened(template: Template, session: Session, view: View) -> Phase | None:
    """Return after which phase it is asked what happened; None: it is known, or the moments of the person show it."""
    if len(template.events) < 2 or session.hurried or session.answer(HAPPENED) is not None:
        return None
    if any(asked.listens is Listens.EVENT for _, asked in template.questions):
        return Phase.ARRIVE
    seen = [session.answer(asked.id) for _, asked in template.questions if asked.listens is Listens.EVIDENCE]
    # "Nothing, we cleared it"
    if any(asides.says("no", it.text) and len(it.text.split()) <= _FEW for it in seen if it):
        return None
    return None if advice.plan(session, view) else Phase.REALITY


def ready(session: Session) -> str:
    """Return the sentence that was made ready to be said and is not taken on yet, "" where there is none."""
    taken = len(session.taken_on) == MOST_INTENTIONS or any(session.sentence in it.action for it in session.taken_on)
    return "" if taken else session.sentence


def _needless(asked: Asked, phase: Phase, session: Session, view: View, *, unsaid: bool) -> bool:
    """Whether a question is answered, passed over, known, or does not come up.

    ``unsaid``: a sentence was made ready, and when it is said has not been asked, whatever else was taken on.
    """
    if session.answer(asked.id) is not None:
        return True
    if any((given := session.answer(id_)) is not None and not given.skipped for id_ in asked.unless):
        return True
    if _known(asked, session, view) or (asked.purpose == Purpose.ASK and _owned(session, view)):
        return True
    if session.hurried and asked.listens is not Listens.COMMITMENT:
        return True
    match asked.listens:
        case Listens.IDEA:
            return phase is Phase.OPTIONS and len(session.ideas) >= ENOUGH_IDEAS
        case Listens.COMMITMENT:
            return session.because is not None or (_taken(session, view) and not unsaid)
        case Listens.OBSTACLE:
            with_plan = any(session.sentence and session.sentence in each.action for each in session.taken_on)
            return not session.taken_on or with_plan
        case Listens.PRINCIPLE:
            return THOUGHT in session.asked
        case Listens.ANOTHER:
            return not 0 < len(session.taken_on) < MOST_INTENTIONS
        case _:
            return False


def _taken(session: Session, view: View) -> bool:
    """Whether something was taken on: with whom the leader has come to, where they take one after the other."""
    person = advice.in_mind(session, view) if session.answer(FIRST) else None
    return any(person is None or it.person_id in {None, person.id} for it in session.taken_on)


def _owned(session: Session, view: View) -> bool:
    """Whether the sentence that was made ready owns something: after that nothing is asked of them."""
    made = advice.plan(session, view) if session.sentence else None
    return made is not None and (made.stance is Stance.REPAIR_OWN_HARM or made.steps[0].act is Act.OWNED)


def _known(asked: Asked, session: Session, view: View) -> bool:
    person = view.person(session.person_id)
    if not asked.known or person is None:
        return False
    if asked.known == "plate":
        return bool(person.plate and person.plate_noted_at and view.now - person.plate_noted_at < FRESH)
    return bool(person.matters)


def previous(template: Template, session: Session, texts: Texts) -> Next | None:
    """Return the question answered before the one that waits; None where there is none to go back to."""
    known = {asked.id: Next(phase, asked) for phase, asked in template.questions}
    told = {each.step_id for each in session.told} - set(session.looking)
    for id_ in reversed(session.asked):
        if id_ == session.asking:
            continue
        if id_.startswith(LOOK) and id_.removeprefix(LOOK) in told:
            return own(id_, session, texts)
        if session.answer(id_) is not None and (id_ in known or id_ in {HAPPENED, FIRST}):
            return known.get(id_) or own(id_, session, texts)
    return None


def as_put(asked: Asked, session: Session) -> str:
    """Return a question as it is put: the wording for an empty journal where that one was used in this session."""

    def stands(text: str) -> bool:
        return any(all(part in turn.text for part in text.split("{name}")) for turn in session.turns)

    bare = bool(asked.bare) and stands(asked.bare) and not stands(asked.text)
    return (asked.bare if bare else asked.text).replace("{name}", session.about or "them")
