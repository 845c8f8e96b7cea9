"""What the leader takes on: which of their words are offered, and the questions around it. Pure.

How an offer is kept, changed or dropped stands in ``offer``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from coach.domain.letters import plain
from coach.domain.sessions import Asked, Intention, Listens, Phase
from coach.noticing import wording
from coach.reading import offers
from coach.sessions import advice, asides, offer, questions, sequence
from coach.sessions.questions import MORE, WHAT
from coach.sessions.talk import BEFORE, Talk

_LONGEST_IDEA = 160
"""Characters of an idea that is put beside the time it is for."""


def commit(talk: Talk, text: str) -> Talk:
    """Offer what a message says will be done."""
    today, text = talk.view.today, offers.without_lead(text)
    if talk.session.asking == WHAT and talk.session.offers and not asides.says("nothing", text):
        made = talk.session.offers[0]
        return offer.put(talk.now(offers=(replace(made, words=text[: offers.LONGEST], cue=made.words),)))
    acts = offers.sentences(text, today)
    if asides.says("nothing", text) or (asides.says("no", text) and not offers.names_when(text, today)):
        return offer.nothing_taken(talk)
    if asides.says("keep", text) or asides.says("change", text):  # nothing is offered yet
        return offer.nothing_taken(talk) if talk.session.tries else sequence.hold(talk.now(tries=1))
    if not acts:
        return sequence.hold(talk.tell("no_plan"))
    bare = offers.bare_when(text, today)
    that = next((each for each in acts if offers.bare_when(each, today)), "")  # "That one, Thursday, and tonight I …"
    ready = questions.ready(talk.session) or (_meant_to_do(talk) if that else "")
    if ready and offers.names_when(text, today) and not offers.acts(text, today):
        made = replace(offer.made_of(talk, ready), due=None, at="")
        if stands := sequence.step_in_mind(talk):  # what is said to them takes the place of what was to be done
            made = replace(stands, words=made.words, due=None)
        return offer.put(talk.now(offers=(offers.timed(made, text, today),)))
    if bare:
        talk = talk.now(offers=(offer.made_of(talk, text),))
        return sequence.put(talk, questions.own(WHAT, talk))
    acts = (offers.with_acts(text, today) if ready and len(acts) == 1 else ()) or acts
    at = (that or offer.says_when(talk, acts)) if ready else ""
    return offer.offered(talk, acts, text, at=at, sentence=ready)


def _meant_to_do(talk: Talk) -> str:
    """Return the first idea of this session, "" where there is none that is short and meant."""
    idea = next(iter(talk.session.ideas), "")
    return idea if idea and len(idea) <= _LONGEST_IDEA and offers.sentences(idea, talk.view.today) == (idea,) else ""


def early(talk: Talk, text: str) -> Talk | None:
    """Offer what an answer says will be done before it is asked for; None: it says nothing of the sort."""
    room = questions.MOST_INTENTIONS - len(talk.session.intentions)
    acts = offers.sure(text, talk.view.today)[:room] if room > 0 else ()
    return offer.offered(talk, acts, text) if acts else None


def another(talk: Talk, waits: Asked, text: str) -> Talk:
    """Take the answer to "one more?"; that something was said already is no act."""
    if any(text == each.name for each in advice.others(talk)):
        return _with_another(talk, text)
    said, text = text, offers.without_lead(text)
    if offers.shows("said_so", said) and offers.bare_when(text, talk.view.today):
        taken = [(it.words, wording.day(it.due)) for it in talk.session.intentions if it.due]
        return sequence.hold(talk.tell("on_list", taken=taken))
    if offers.shows("otherwise", text):
        return offer.correct(talk, text)
    if offers.bare_when(text, talk.view.today):
        return commit(talk, text)
    acts = offers.sure(text, talk.view.today)
    if not acts and (asides.says("nothing", text) or asides.says("no", text)):
        return sequence.go_on(talk.record(waits, "", skipped=True))
    if asides.says("yes", said) and len(text.split()) <= offers.FEW:
        return sequence.put(talk, questions.own(MORE, talk))
    named = offers.acts(text, talk.view.today) or offers.names_when(text, talk.view.today)
    if acts or ((named or asides.says("yes", said)) and (acts := offers.sentences(text, talk.view.today))):
        return offer.offered(talk, acts, text)
    return sequence.go_on(talk.record(waits, text))


def _with_another(talk: Talk, name: str) -> Talk:
    """Go through what to say or do once more, with another of those who were named; what was said stays as it is."""
    every = {each.id for each in talk.template.questions if each.phase in {Phase.OPTIONS, Phase.WILL}}
    every |= {questions.FIRST, questions.HAPPENED, questions.THOUGHT}
    answers = tuple(
        replace(it, question=f"{it.question}{BEFORE}") if it.question in every else it for it in talk.session.answers
    )
    asked = tuple(it for it in talk.session.asked if it not in every)
    talk = talk.now(answers=answers, asked=asked, ideas=(), sentence="", event="", phase=Phase.REALITY)
    return sequence.go_on(talk.record(questions.own(questions.FIRST, talk), name))


def obstacle(talk: Talk, waits: Asked, text: str) -> Talk:
    """Take the answer to what may get in the way; a correction of what was kept is none."""
    if offers.shows("otherwise", text) and talk.session.intentions:
        return offer.correct(talk, text)
    text, more = offers.with_more(text, talk.view.today)
    talk = in_the_way(talk, waits, text)
    if more and len(talk.session.intentions) < questions.MOST_INTENTIONS:
        return offer.offered(talk, more, " ".join(more))
    return sequence.go_on(talk)


def in_the_way(talk: Talk, waits: Asked, text: str) -> Talk:
    """Keep what may get in the way of what was kept, and what is done then; it is asked once, of all of them."""
    nothing = asides.says("nothing", text) or asides.move(text) is asides.Move.UNSURE
    talk = talk.record(waits, "" if nothing else text, skipped=nothing)
    if nothing or not talk.session.intentions:
        return talk
    kept = talk.session.intentions
    meant = _in_the_way_of(talk, text)
    return talk.now(intentions=tuple(replace(it, obstacle=it.obstacle or text) if it in meant else it for it in kept))


def _in_the_way_of(talk: Talk, text: str) -> Sequence[Intention]:
    """Return what was kept that an answer is about: what shares its words, or is with "him", or stands alone."""
    kept = talk.session.intentions
    if offers.shares(text, kept):
        return (kept[offers.which(text, kept)],)
    ids = {it.id for it in talk.view.people_in(text)}
    if not ids and asides.THEM & set(plain(text).split()) and talk.session.person_id:
        ids = {talk.session.person_id}
    return [it for it in kept if len(kept) == 1 or it.person_id in ids]


def listens_to_will(listens: Listens) -> bool:
    """Whether a question belongs to what is taken on."""
    return listens in {Listens.COMMITMENT, Listens.OBSTACLE, Listens.ANOTHER}
