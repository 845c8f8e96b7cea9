"""Stops a session at harm to someone or by the user, or at a doubt of it, and lets it go on afterwards. Pure.

After a disclosure of harm a session goes on about another matter only, once that is chosen, unless it was a way of
speaking; what is said meanwhile is answered as in the chat. A doubt is asked about, and the session goes on after it.
"""

from __future__ import annotations

from dataclasses import replace

from coach.domain.letters import Letter, plain
from coach.domain.readings import ROUTES, Kind, Reading, Route, Toward
from coach.domain.sessions import Because, Given, Listens, Phase, Session, State
from coach.reading import choices
from coach.rows import where
from coach.safety import alarms, hold, language, own_harm, routes
from coach.safety.hold import Says
from coach.sessions import advice, asides, intake, questions, sequence
from coach.sessions.asides import Move
from coach.sessions.talk import BEFORE, Talk

HELD = {Because.HARM, Because.SOURCE_OF_HARM, Because.DOUBT}
"""Why a session rests that does not go on with the next message."""

_LONGEST_QUOTE = 160
"""Characters of an earlier message that are quoted."""

_UNSAFE = {kind for kind, route in ROUTES.items() if route in {Route.GET_HELP, Route.DECLINE}}

_OWN = {Kind.SELF_HARM}
"""The kinds that are about the user where nobody else is named."""

_OF_THE_COACH = {Move.RANK, Move.BOT, Move.READS, Move.LONG, Move.WHY}
"""Questions about the coach and its questions."""

_NOT_MEANT = {Kind.LEGAL_MEDICAL, Kind.OFF_TOPIC}
"""The kinds that the tables may give a question about the coach, or about what someone is."""


def stopped(talk: Talk, text: str) -> Talk | None:
    """Stop the session when harm is disclosed, done to someone or by the user; None when it did not stop."""
    assert talk.read is not None
    if talk.session.state is State.OPEN and _cleared(talk, text):
        return None
    own, read, texts, helps = own_harm.told(text), talk.read, talk.texts, talk.view.helps
    route = read.route
    if own is None and asides.move(text) in _OF_THE_COACH and read.kind in _NOT_MEANT:
        return None
    if own is None and read.kind is Kind.LEGAL_MEDICAL and talk.session.state is State.OPEN:
        return sequence.hold(replace(talk, kind=read.kind).say(routes.said(read, texts, helps)))
    if own is not None and read.kind is not Kind.SELF_HARM and route is not Route.DOUBT:
        done = replace(read, kind=own, toward=Toward.BY_USER, unclear=False)
        return _rest(talk, routes.said(done, texts, helps, leads=True), Because.SOURCE_OF_HARM, own)
    if read.kind is Kind.NOT_ENGLISH and (foreign := language.harm(text, read.language)):
        return _rest(talk, routes.said(read, texts, helps), Because.HARM, foreign)
    if route is Route.DECLINE:
        return _rest(talk, routes.said(read, texts, helps), Because.SOURCE_OF_HARM, read.kind)
    if route is Route.GET_HELP:
        read = directed(read)
        words = routes.said(read, texts, helps, leads=read.toward is Toward.THIRD_PERSON)
        told = read.kind is not Kind.SELF_HARM and bool(_told_to(text)) and read.toward is not Toward.THIRD_PERSON
        return _rest(talk, words, Because.HARM, read.kind, told_to=told)
    if route is Route.DOUBT and advice.fits(advice.frame(talk), text):
        return None  # the words around the blanks are the plan's
    if route is Route.DOUBT:
        return _ask_meaning(talk, read.doubt or "", read.kind)
    if talk.session.state is State.PAUSED and talk.session.because in HELD:
        return _answered_resting(talk, text)
    if talk.session.aside and _names_aside(talk, text):
        return talk.tell("still").now(state=State.PAUSED)
    return None


def by_tables(session: Session) -> bool:
    """Whether it is tables alone that found somebody harmed, and not the leader by their own hand."""
    last = session.turns[-1]
    return last.language_model == "none" and last.kind not in _OWN


def _told_to(text: str) -> str:
    """Return what follows "told me", "" where nothing was told to the user."""
    words = plain(text)
    hit = where("words/sessions", "of", "told_to").search(words)
    return words[hit.end() :] if hit else ""


def directed(read: Reading) -> Reading:
    """Return a reading with whom the harm is done to, where somebody told the user of what is done to others."""
    told = _told_to(read.text)
    sentence = next((each.text for each in Letter(told).sentences), "")
    mine = alarms.done_to_us(read.text) or where("words/sessions", "of", "me").search(sentence)
    known = read.toward in {Toward.THIRD_PERSON, Toward.BY_USER} or read.kind is Kind.SELF_HARM
    if known or mine or not where("words/sessions", "of", "other").search(sentence):
        return read
    return replace(read, toward=Toward.THIRD_PERSON)


def _ask_meaning(talk: Talk, words: str, kind: Kind) -> Talk:
    """Ask what the words mean; until that is said the session rests at its question."""
    values = {"about": "doubt", "words": words, "again": talk.session.because is Because.DOUBT}
    helped = talk.texts.render("doubt.fixed", kind=kind.value, helps=list(talk.view.helps), **values)
    talk = talk.say(talk.texts.render("doubt_question.fixed", about="doubt", words=words))
    talk = talk.tell("doubt").say(helped.partition("\n\n")[2])
    return replace(talk, kind=kind).now(state=State.PAUSED, because=Because.DOUBT)


def _answered_resting(talk: Talk, text: str) -> Talk | None:
    """Answer a message in a session that rests because of harm; None when the session may go on with it."""
    says = hold.says(text)
    if where("words/sessions", "of", "resumes").match(plain(text)) and says is Says.MORE:
        return None
    if talk.session.because is Because.DOUBT:
        return _meaning(talk, text, says)
    told = _disclosed(talk)
    if talk.session.because is Because.HARM and where("words/sessions", "of", "was_me").search(plain(text)):
        return _was_me(talk, told)
    if says is Says.ONLY_TALK and talk.session.because is Because.HARM:
        return _not_so(talk.now(state=State.OPEN, because=None, aside=()), told.text)
    return replace(talk.say(routes.later(told, text, says, talk.texts, talk.view.helps)), kind=told.kind)


def _was_me(talk: Talk, told: Reading) -> Talk:
    """Take it that the leader did what was told: what tables alone heard is theirs to own in a session of its own."""
    talk = replace(talk, kind=told.kind).now(because=Because.SOURCE_OF_HARM)
    if by_tables(talk.session):
        return talk.tell("was_me")
    done = replace(told, toward=Toward.BY_USER, unclear=False)
    return talk.say(routes.said(done, talk.texts, talk.view.helps, leads=True))


def _not_so(talk: Talk, words: str) -> Talk:
    """Go on where the session was: what was taken for harm is the answer that it was meant as."""
    talk = talk.tell("not_so")
    at = next((n for n in range(len(talk.session.turns) - 1, 0, -1) if talk.session.turns[n].said == words), 0)
    asking = talk.session.turns[at - 1].asking if at else None
    if asking is None or asking not in {asked.id for asked in talk.template.questions}:
        return sequence.go_on(talk)
    talk = talk.now(asking=asking)
    waits = questions.waiting(talk)
    return intake.take(talk, waits, words) if waits is not None else sequence.go_on(talk)


def _cleared(talk: Talk, text: str) -> bool:
    """Whether the leader has said of these very words that they were not meant so."""
    turns = talk.session.turns
    said = [n for n, turn in enumerate(turns) if turn.kind in _UNSAFE and plain(turn.said) == plain(text)]
    return bool(said) and any(hold.says(turn.said) is Says.ONLY_TALK for turn in turns[said[-1] + 1 :])


def _meaning(talk: Talk, text: str, says: Says) -> Talk:
    """Take the answer to a doubt: a way of speaking lets the session go on, harm stops it for good."""
    told = _disclosed(talk)
    if says in {Says.ONLY_TALK, Says.DENIED, Says.NO}:
        return _not_so(talk.now(state=State.OPEN, because=None), told.text)
    if says is Says.FORM or where("words/sessions", "of", "harmed").search(plain(text)):
        toward = Toward.USER if alarms.done_to_us(told.text) or told.kind in _OWN else Toward.THIRD_PERSON
        read = replace(told, toward=toward, unclear=told.kind is not Kind.SELF_HARM)
        return _rest(talk, routes.said(read, talk.texts, talk.view.helps), Because.HARM, told.kind)
    return _ask_meaning(talk, told.text[:_LONGEST_QUOTE], told.kind)


def _disclosed(talk: Talk) -> Reading:
    """Return the reading of what the session rests because of, as its turns keep it."""
    of_harm = (turn for turn in reversed(talk.session.turns) if turn.said and turn.kind in _UNSAFE)
    turn = next(of_harm, None)
    kind = turn.kind if turn is not None and turn.kind is not None else Kind.ABUSE
    toward = Toward.BY_USER if talk.session.because is Because.SOURCE_OF_HARM else None
    return directed(Reading(turn.said if turn is not None else "", kind, toward))


def _rest(talk: Talk, words: str, because: Because, kind: Kind, *, told_to: bool = False) -> Talk:
    """Say where help is, and let the session rest. What was only offered is gone; what was kept stays."""
    talk = talk.say(words).say(talk.texts.render("session/stopped.fixed", other=told_to))
    aside = tuple(dict.fromkeys((*talk.session.aside, *talk.named)))
    return replace(talk, kind=kind).now(state=State.PAUSED, because=because, aside=aside, asking=None, offers=())


def _names_aside(talk: Talk, text: str) -> bool:
    return any(choices.named(text, name) is not None for name in talk.session.aside)


def resumed(talk: Talk, text: str, move: Move | None) -> tuple[Talk, str | None, Move | None]:
    """Go on where the session rested; with it what is left to be heard, None when that was all.

    After a harm the session goes on where it was if others were named in it than whom it is about; else elsewhere.
    """
    because, about, aside = talk.session.because, talk.session.about, talk.session.aside
    talk = talk.now(state=State.OPEN, because=None)
    if because in {Because.HARM, Because.SOURCE_OF_HARM} and move is not Move.END:
        talk = talk.tell("aside")
        if because is Because.HARM and about and aside and not _names_aside(talk, about):
            return sequence.go_on(talk), None, None
        talk = _without_matter(talk)
        return sequence.put(talk, questions.own(questions.OTHER, talk)), None, None
    if move is not Move.RESUME and not where("words/sessions", "of", "resumes").match(plain(text)):
        return talk, text, move
    waits = questions.waiting(talk)
    talk = talk.point("resume", question=questions.worded(talk, waits) if waits else "")
    return (talk if waits else sequence.go_on(talk)), None, None


def _without_matter(talk: Talk) -> Talk:
    """Leave out what was said of the matter that the session rested because of; in the summary it stands as it was."""
    first = (Phase.ARRIVE, Phase.LOOK_BACK)
    of_matter = {asked.id for asked in talk.template.questions if asked.phase not in first} | {questions.OTHER}
    kept = tuple(
        replace(given, question=f"{given.question}{BEFORE}") if given.question in of_matter else given
        for given in talk.session.answers
        if given.text or given.question not in of_matter
    )
    kept += tuple(
        Given(asked.id, "", skipped=True)
        for asked in talk.template.questions
        if asked.listens is Listens.EVIDENCE and asked.id in talk.session.asked
    )
    return talk.now(goal="", ideas=(), answers=kept, phase=Phase.GOAL)
