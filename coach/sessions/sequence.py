"""The course of a session: what belongs before the next question, the question itself, and the end. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from coach.domain.plans import RepairPlan
from coach.domain.sessions import Asked, Because, Bound, Intention, Listens, Phase, Session, State
from coach.noticing import wording
from coach.noticing.evidence import Fact
from coach.reading import offers
from coach.sessions import advice, questions, summary
from coach.sessions.talk import Talk

LONGEST_SHOWN = 160
"""Characters of an answer that are quoted."""


def go_on(talk: Talk) -> Talk:
    """Put the next question with what belongs before it, or close."""
    nxt = next(questions.ahead(talk), None)
    if nxt is None:
        return close(talk, Because.NO_TIME if talk.session.hurried else Because.NOTHING_FITS)
    if _asks_for_words(nxt, talk.session) and (made := advice.plan(talk)):
        talk = thought(talk, made)
    if nxt.listens is Listens.OUTCOME:
        talk = _before_look(talk, nxt)
    elif nxt.listens is Listens.EVIDENCE:
        found = summary.shown(talk) if nxt.id not in talk.session.asked else None
        if found == () and talk.template.bound is Bound.NONE and advice.in_mind(talk):
            return go_on(talk.record(nxt, "", skipped=True))  # whom it is about was said, and nothing is to be shown
        talk, nxt = _before_evidence(talk, nxt, found)
    elif nxt.listens is Listens.PRINCIPLE:
        told = _before_principle(talk)
        if told is None:
            return go_on(talk.record(nxt, "", skipped=True))
        talk = told
    if nxt.listens is Listens.COMMITMENT and (stands := _step_for(talk)):
        return put_offer(talk.now(offers=(stands,)))
    return put(talk, nxt)


def _step_for(talk: Talk) -> Intention | None:
    """Return the sentence made ready as an offer for the step that stands with them already; its day is known."""
    sentence = questions.ready(talk.session)
    step = step_in_mind(talk) if sentence else None
    if step is None or step.due is None or f"{questions.OFFER}{step.id}" in talk.session.asked:
        return None
    return replace(step, words=sentence[: offers.LONGEST])


def step_in_mind(talk: Talk) -> Intention | None:
    """Return the chat's step that is said to the one in mind, as an offer, for its day where it was taken on.

    None: there is none, or this session has it.
    """
    person = advice.in_mind(talk)
    plan = advice.of_the_chat(person, talk.view)
    if person is None or plan is None or plan.steps[0].id in {it.id for it in talk.session.intentions}:
        return None
    taken = talk.view.step(plan.steps[0].id)
    due = max(taken.due, talk.view.today) if taken else None
    return Intention(plan.steps[0].id, plan.id, "", due, person_id=person.id)


def put(talk: Talk, nxt: Asked) -> Talk:
    """Put a question; one that was put before is only pointed to."""
    asked = nxt
    again = asked.id in talk.session.asked
    talk = talk.now(phase=nxt.phase, asking=asked.id, asked=(*talk.session.asked, asked.id), tries=int(again))
    if again and asked.listens is Listens.ANOTHER:
        return talk.ask(talk.texts.render("session/ask.fixed", which="one_more"))
    if again:
        return talk.point("again", question=questions.worded(talk, asked))
    return talk.ask(questions.worded(talk, asked))


def put_offer(talk: Talk, *, changed: bool = False, every: bool = False) -> Talk:
    """Ask about the first offer that waits, telling ``every`` one."""
    first = talk.session.offers[0]
    before = sum(id_.startswith(questions.OFFER) for id_ in talk.session.asked)
    stands = talk.view.step(first.id) if first.id not in {it.id for it in talk.session.intentions} else None
    text = talk.texts.render(
        "session/offer.fixed",
        **shown(first),
        named=[shown(each) for each in talk.session.offers] if every else (),
        changed=changed,
        moved=changed and offers.says_another_day(first, talk.view.today),
        place=wording.day(stands.due) if stands else "",
        n=min(before, 3),
    )
    id_ = f"{questions.OFFER}{first.id}"
    talk = talk.now(asking=id_, asked=(*talk.session.asked, id_), tries=0)
    return talk.say(text, asks=True).about(each.person_id for each in talk.session.offers)


def shown(made: Intention) -> dict[str, str]:
    """Return an offer as the texts show it."""
    day = wording.day(made.due) if made.due else ""
    return {"words": made.words.strip().rstrip("."), "day": day, "at": made.at, "cue": made.cue.strip(" .")}


def hold(talk: Talk) -> Talk:
    """Point to the question that waits, without asking it again."""
    waits = questions.waiting(talk)
    if waits is None:
        return go_on(talk)
    return talk.point("hold", question=questions.worded(talk, waits))


def close(talk: Talk, because: Because) -> Talk:
    """End the session, with its commitments or the reason why there are none. What was not kept is said to be gone."""
    taken = tuple(sorted(talk.session.intentions, key=lambda it: (it.due or talk.view.today, it.at)))
    if talk.session.offers:
        talk = talk.tell("not_kept", words=[each.words.rstrip(". ") for each in talk.session.offers])
    talk = talk.now(
        intentions=taken, offers=(), state=State.CLOSED, phase=Phase.CLOSE, asking=None, finished_at=talk.view.now,
        because=None if taken else talk.session.because or because,
    )  # fmt: skip
    talk = talk.about(each.person_id for each in taken)
    return talk.say(summary.closing(talk.session, talk.texts, talk.view.people))


def _asks_for_words(nxt: Asked, session: Session) -> bool:
    """Whether a question is the first that asks what to say or do: the plan of the scenes is told before it."""
    words = nxt.phase is Phase.OPTIONS and nxt.listens in {Listens.SENTENCE, Listens.IDEA}
    return words and not {questions.THOUGHT, nxt.id} & set(session.asked)


def thought(talk: Talk, made: RepairPlan) -> Talk:
    """Tell what the plan says, with the card it rests on."""
    cited = made.steps[0].citations[:1]
    text = talk.texts.render(
        "session/thought.fixed",
        rests_on=_rests_on(talk, made),
        headline=made.headline,
        answer=made.answer or "",
        quote=cited[0].quote if cited else "",
        grade=cited[0].grade.value if cited else "",
    )
    talk = talk.now(asked=(*talk.session.asked, questions.THOUGHT))
    return talk.say(text).about([made.person_id]).cited(cited)


def _rests_on(talk: Talk, made: RepairPlan) -> str:
    if talk.session.event:
        return "tapped" if talk.session.answer(questions.HAPPENED) else "kind"
    stands = next((it for it in talk.view.earlier if it.plan is not None and it.plan.id == made.id), None)
    return "notes" if stands is None else "follows" if stands.follows else "chat"


def _before_look(talk: Talk, nxt: Asked) -> Talk:
    step_id = nxt.id.split(":")[1]
    earlier = next((each for each in talk.view.earlier if each.step_id == step_id), None)
    if earlier is None or nxt.id.endswith(":keep"):
        return talk
    first = not any(id_.startswith(questions.LOOK) for id_ in talk.session.asked)
    if first:
        for each in talk.view.earlier:
            if each.outcome is not None and each.outcome.happened:
                words = wording.for_day(each.words.rstrip("."), each.due)
                talk = talk.tell("known_done", words=words, note=each.outcome.note or "")
    words = earlier.words.rstrip(".")
    talk = talk.tell("look" if first else "look_next", day=wording.day(earlier.due), words=words)
    told = next((each.note for each in talk.session.told if each.step_id == step_id), "")
    return (talk.tell("look_told", note=told) if told else talk).about([earlier.person_id])


def _before_evidence(talk: Talk, nxt: Asked, found: Sequence[Fact] | None) -> tuple[Talk, Asked]:
    if found is None:
        return talk, nxt
    text, shows = summary.facts(found, talk)
    talk = talk.say(text).about(
        (each.id for fact in found for each in fact.people), (each.id for fact in found for each in fact.moments)
    )
    bare = nxt.bare if not shows else ""
    return talk, replace(nxt, text=bare) if bare else nxt


def _before_principle(talk: Talk) -> Talk | None:
    card = summary.chosen(talk)
    cited = summary.quoted(card) if card else None
    if cited is None:
        return None
    values = {"own": bool(talk.session.ideas), "quote": cited.quote, "grade": cited.grade.value}
    return talk.say(talk.texts.render("session/principle.fixed", **values)).cited([cited])
