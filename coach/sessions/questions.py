"""Chooses the next question: the template's in order, without those already answered, and those the talk adds. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from coach.domain.acts import Act
from coach.domain.drafts import Purpose
from coach.domain.principles import Stance
from coach.domain.sessions import Asked, Bound, Listens, Phase, Session, Template
from coach.sessions import advice, asides
from coach.sessions.talk import Talk

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

SAID = {Purpose.APOLOGY, Purpose.FEEDBACK, Purpose.OTHER}
"""What a sentence is for that is said to somebody once, at a time that is asked for."""

_FEW = 6
"""In so few words "no" says that there is nothing."""


def waiting(talk: Talk) -> Asked | None:
    """Return the question that waits for an answer."""
    id_ = talk.session.asking
    if id_ is None:
        return None
    return next((asked for asked in talk.template.questions if asked.id == id_), None) or own(id_, talk)


def commitment(template: Template) -> Asked:
    """Return the question that a session ends with: what will be done."""
    return next(it for it in template.questions if it.phase is Phase.WILL and it.listens is Listens.COMMITMENT)


def offered(id_: str) -> bool:
    """Whether a question is about a commitment that is offered."""
    return id_.startswith(OFFER)


_OWN: dict[str, tuple[Phase | None, Listens]] = {
    WHO: (Phase.ARRIVE, Listens.ANYTHING),
    OTHER: (Phase.GOAL, Listens.GOAL),
    "look": (Phase.LOOK_BACK, Listens.OUTCOME),
    "will": (Phase.WILL, Listens.COMMITMENT),
    "offer": (None, Listens.COMMITMENT),
}
"""The phase of a question that no template holds, None the one the talk is in, and what it listens for."""


def own(id_: str, talk: Talk) -> Asked:
    """Return a question that no template holds."""
    kind, *rest = id_.split(":")
    phase, listens = _OWN.get(kind, (None, Listens.ANYTHING))
    looked = {each for each in talk.session.asked if each.startswith(LOOK) and each.count(":") == 1 and each not in id_}
    which = rest[0] if kind == "will" else "_".join((kind, *rest[1:]))
    text = talk.texts.render("session/ask.fixed", which=which, n=min(len(looked), 2))
    return Asked(id_, phase or talk.session.phase, text, listens)


def ahead(talk: Talk) -> Iterator[Asked]:
    """Yield what is still to be asked, in order: what became of last time's commitments first."""
    template, session = talk.template, talk.session
    told = {each.step_id: each for each in session.told}
    for step_id in session.looking:
        before = told.get(step_id)
        which = "" if before is None else ":which" if before.happened is None else ":keep"
        yield own(f"{LOOK}{step_id}{which}", talk)
    if talk.advised and has_lines(talk):
        yield own(HAPPENED, talk)
    if template.bound is Bound.NEEDED and not session.about and not session.hurried and session.answer(WHO) is None:
        yield own(WHO, talk)
    whom = Phase.ARRIVE if template.bound is Bound.MAYBE else Phase.REALITY
    for phase in Phase:
        for asked in template.questions:
            if asked.phase is phase and not _needless(asked, talk):
                yield asked
        if phase is whom and _asks_whom(talk):
            yield own(FIRST, talk)
        if phase is _asks_what_happened(talk):
            yield own(HAPPENED, talk)


def _asks_whom(talk: Talk) -> bool:
    """Whether it is to be tapped whom of several the leader begins with: nobody is guessed."""
    session = talk.session
    early = session.phase not in {Phase.OPTIONS, Phase.WILL} and not (session.about or session.hurried)
    return early and session.answer(FIRST) is None and len(advice.between(talk)) > 1


def has_lines(talk: Talk) -> bool:
    """Whether lines of what may have happened are still to be shown."""
    session = talk.session
    early = session.phase not in {Phase.LOOK_BACK, Phase.WILL} and not (session.hurried or session.offers)
    return early and len(talk.template.events) > 1 and HAPPENED not in session.asked


def _asks_what_happened(talk: Talk) -> Phase | None:
    """Return after which phase it is asked what happened; None: it is known, or the moments of the person show it."""
    session, every = talk.session, talk.template.questions
    if len(talk.template.events) < 2 or session.hurried or session.answer(HAPPENED) is not None:
        return None
    if any(asked.listens is Listens.EVENT for asked in every):
        return Phase.ARRIVE
    seen = [session.answer(asked.id) for asked in every if asked.listens is Listens.EVIDENCE]
    # "Nothing, we cleared it"
    if any(asides.says("no", it.text) and len(it.text.split()) <= _FEW for it in seen if it):
        return None
    return None if advice.plan(talk) else Phase.REALITY


def ready(session: Session) -> str:
    """Return the sentence that was made ready to be said and is not taken on yet, "" where there is none."""
    taken = len(session.intentions) == MOST_INTENTIONS or any(session.sentence in it.words for it in session.intentions)
    return "" if taken else session.sentence


def _needless(asked: Asked, talk: Talk) -> bool:
    """Whether a question is answered, passed over, known, or does not come up."""
    session = talk.session
    if session.answer(asked.id) is not None:
        return True
    if any((given := session.answer(id_)) is not None and not given.skipped for id_ in asked.unless):
        return True
    if _known(asked, talk) or (asked.purpose == Purpose.ASK and _owned(talk)):
        return True
    if session.hurried and asked.listens is not Listens.COMMITMENT:
        return True
    match asked.listens:
        case Listens.IDEA:
            return asked.phase is Phase.OPTIONS and len(session.ideas) >= ENOUGH_IDEAS
        case Listens.COMMITMENT:  # a sentence made ready is asked when, whatever else was taken on
            return session.because is not None or (_taken(talk) and not ready(session))
        case Listens.OBSTACLE:
            with_plan = any(session.sentence and session.sentence in each.words for each in session.intentions)
            return not session.intentions or with_plan
        case Listens.PRINCIPLE:
            return THOUGHT in session.asked
        case Listens.ANOTHER:
            return not 0 < len(session.intentions) < MOST_INTENTIONS
        case _:
            return False


def _taken(talk: Talk) -> bool:
    """Whether something was taken on: with whom the leader has come to, where they take one after the other."""
    person = advice.in_mind(talk) if talk.session.answer(FIRST) else None
    return any(person is None or it.person_id in {None, person.id} for it in talk.session.intentions)


def _owned(talk: Talk) -> bool:
    """Whether the sentence that was made ready owns something: after that nothing is asked of them."""
    made = advice.plan(talk) if talk.session.sentence else None
    return made is not None and (made.stance is Stance.REPAIR_OWN_HARM or made.steps[0].act is Act.OWNED)


def _known(asked: Asked, talk: Talk) -> bool:
    person = talk.view.person(talk.session.person_id)
    if not asked.known or person is None:
        return False
    if asked.known == "plate":
        return bool(person.plate and person.plate_noted_at and talk.view.now - person.plate_noted_at < FRESH)
    return bool(person.matters)


def previous(talk: Talk) -> Asked | None:
    """Return the question answered before the one that waits; None where there is none to go back to."""
    session, known = talk.session, {asked.id: asked for asked in talk.template.questions}
    told = {each.step_id for each in session.told} - set(session.looking)
    for id_ in reversed(session.asked):
        if id_ == session.asking:
            continue
        if id_.startswith(LOOK) and id_.removeprefix(LOOK) in told:
            return own(id_, talk)
        if session.answer(id_) is not None and (id_ in known or id_ in {HAPPENED, FIRST}):
            return known.get(id_) or own(id_, talk)
    return None


def worded(talk: Talk, asked: Asked) -> str:
    """Return a question as it is put to this user."""
    if talk.wording is not None and talk.wording[0] == asked.id:
        return talk.wording[1]
    of_the_kind = asked.listens is Listens.COMMITMENT and not asked.id.startswith(TAKEN)
    if of_the_kind and ready(talk.session) in talk.session.ideas:  # only the day is left to say
        return talk.texts.render("session/ask.fixed", which="when")
    return as_put(asked, talk.session)


def as_put(asked: Asked, session: Session) -> str:
    """Return a question as it is put: the wording for an empty journal where that one was used in this session."""

    def stands(text: str) -> bool:
        return any(all(part in turn.text for part in text.split("{name}")) for turn in session.turns)

    bare = bool(asked.bare) and stands(asked.bare) and not stands(asked.text)
    return (asked.bare if bare else asked.text).replace("{name}", session.about or "them")
