"""One message in a session: what it does to the talk, and what the coach says next. Pure.

Knows the order of things: ``pause`` stops at harm, ``asides`` hears what is asked of the talk, ``intake`` takes the
rest.
"""

from __future__ import annotations

from dataclasses import replace

from coach.domain.letters import pieces, plain
from coach.domain.readings import Kind, Reading
from coach.domain.sessions import Asked, Because, Listens, State, Template
from coach.errors import BadInput
from coach.hearing.heard import Heard
from coach.noticing import wording
from coach.reading import offers
from coach.rows import where
from coach.safety import orders, routes
from coach.sessions import (
    advice,
    asides,
    intake,
    offer,
    pause,
    questions,
    retrospect,
    sequence,
    summary,
    will,
    worksheet,
)
from coach.sessions.asides import ADVICE, TOLD, Move
from coach.sessions.questions import HAPPENED, LOOK
from coach.sessions.talk import Filled, Talk

FEWEST_FAIR = 4
"""How many words next to orders to a machine still make an answer."""

MOST_LOOKED_AT = 3
"""So many things taken on before are asked about."""


def begin(talk: Talk) -> Talk:
    """Return the opening of a session: what it is, and the first question."""
    view = talk.view
    due = [it.step_id for it in view.earlier if it.outcome is None and it.due <= view.today and not it.follows]
    talk = talk.now(looking=tuple(due[:MOST_LOOKED_AT]), event=_only_event(talk.template))
    return sequence.go_on(talk.tell("open", title=talk.template.title, minutes=talk.template.minutes))


def _only_event(template: Template) -> str:
    """What happened, where a kind is about one thing only."""
    return template.events[0] if len(template.events) == 1 else ""


def answer(
    talk: Talk, text: str, move: Move | None = None, filled: Filled | None = None, heard: Heard | None = None
) -> Talk:
    """Return what comes of a message. Raises BadInput.

    ``move``: chosen instead of said, ``filled`` with it; ``heard``: what a language model heard in it.
    """
    if filled is not None and filled.offer not in {it.id for it in talk.session.offers[:1]}:
        raise BadInput("That was answered already. Look at the page again.")
    if move is None and (stopped := pause.stopped(talk, text)) is not None:
        return stopped
    if talk.session.kind != talk.template.id:  # the leader has tapped that another kind fits better
        kind, title = talk.template.id, talk.template.title
        now = talk.tell("switched", title=title).now(kind=kind, title=title, event=_only_event(talk.template))
        return sequence.go_on(now.now(asking=None, asked=(), tries=0))
    if talk.session.state is State.PAUSED:
        if move is Move.PAUSE:
            return talk.tell("paused")
        talk, left, move = pause.resumed(talk, text, move)
        if left is None:
            return talk
        text = left
    waits = questions.waiting(talk)
    asks = move is None and (text.rstrip().endswith("?") or asides.move(text) is not None)
    if asks and waits is not None and worksheet.tapped(talk, text):  # an answer, also where it is a question
        return intake.take(talk, waits, text)
    if move is None:
        return _said(talk, text, waits, heard)
    return _moved(talk, move, text, waits, filled) or _take(talk, waits, text)


def _take(talk: Talk, waits: Asked | None, text: str) -> Talk:
    """Take a message as the answer to the question that waits, or go on where none does."""
    return intake.take(talk, waits, text) if waits else sequence.go_on(talk)


def _said(talk: Talk, text: str, waits: Asked | None, heard: Heard | None) -> Talk:
    """Return what comes of what was said, and not chosen."""
    if talk.read is not None and _ordered(talk.read) and asides.move(text) is not Move.BOT:
        text = orders.without_orders(text).replace(orders.LEFT_OUT, " ").strip()
        talk = talk.tell("injection")
        if len(text.split()) < FEWEST_FAIR:
            return sequence.hold(talk)
    if asides.says("number", text):  # of a button; an answer it is not
        return sequence.hold(talk)
    if heard is not None and heard.anything and waits is not None:
        return _listened(talk, waits, text, heard)
    if asides.says("take", text) and talk.session.turns:
        text, found = talk.session.turns[-1].said or text, None
    else:
        if waits and will.listens_to_will(waits.listens):
            text, doubt = offers.with_doubt(text, talk.view.today)
            talk = talk.tell("asks_of_plan") if doubt.strip("? ") else talk
        talk, rest = _beside(talk, text, waits)
        found = _found(rest, waits)
    if found is None:
        return sequence.hold(elsewhere) if (elsewhere := _elsewhere(talk)) else _take(talk, waits, text)
    return _moved(talk, found, text, waits, None) or _take(talk, waits, text)


def _ordered(read: Reading) -> bool:
    """Whether a message gives orders to a machine; what the leader says they do themselves is none."""
    own = where("words/sessions", "of", "own_intent")
    return any(not own.match(plain(each)) for each in read.orders)


def _beside(talk: Talk, text: str, waits: Asked | None) -> tuple[Talk, str]:
    """Answer a question to the coach at the end of an answer, and return what stands before it."""
    every = [text[a:b] for a, b in pieces(text)]
    if waits is None or waits.listens is Listens.SENTENCE or questions.offered(waits.id) or len(every) < 2:
        return talk, text
    asked, rest = asides.move(every[-1]), " ".join(every[:-1])
    of_the_plan = advice.fits(advice.frame(talk), text)
    if of_the_plan or asked not in TOLD or asides.move(rest) not in {None, Move.UNSURE, Move.END}:
        return talk, text
    if asked in ADVICE and questions.has_lines(talk):
        return replace(talk.tell("lines"), advised=True), text
    return _told(talk, asked, waits, "asks_beside" if asked is Move.ASKS else ""), rest


def _listened(talk: Talk, waits: Asked, text: str, heard: Heard) -> Talk:
    """Go on with what a language model heard; the sentences are the leader's own, whole."""
    talk = replace(talk, wording=heard.wording)
    if heard.move and (moved := _moved(talk, Move(heard.move), text, waits, None)):
        return moved
    talk = talk.say(heard.reply).say(heard.reflection)
    if heard.corrects and (talk.session.offers or (talk.session.intentions and not heard.acts)):
        return offer.correct(talk, heard.corrects)
    if talk.session.offers:  # it waits until it is kept or not, whatever was answered beside it
        return sequence.hold(talk)
    answers = dict(heard.answers)
    known = {asked.id: asked for asked in talk.template.questions}
    for id_, words in answers.items():
        if id_ != waits.id and id_ in known and not will.listens_to_will(known[id_].listens):
            talk = intake.kept(talk, known[id_], words)
    words = answers.get(waits.id, "")
    if heard.acts and len(talk.session.intentions) < questions.MOST_INTENTIONS:
        if words and waits.listens is Listens.OBSTACLE:
            talk = will.in_the_way(talk, waits, words)
        elif words and not will.listens_to_will(waits.listens):
            talk = intake.kept(talk, waits, words)
        return offer.offered(talk, heard.acts, text)
    if words:
        return intake.take(talk, waits, words)
    return sequence.go_on(talk) if talk.session.answer(waits.id) is not None else sequence.hold(talk)


def _found(text: str, waits: Asked | None) -> Move | None:
    """Return what a message asks of the talk; a question is an answer where one is asked for."""
    found = asides.move(text)
    asked = waits.listens if waits else None
    if asked is Listens.SENTENCE and asides.says("to_coach", text):
        return Move.ASKS
    if asked is Listens.SENTENCE and found in {Move.ASKS, Move.TELL_ME, Move.LONG, Move.RANK}:
        return None
    if found is Move.UNSURE and asked in {Listens.OBSTACLE, Listens.ANOTHER, Listens.OUTCOME}:
        return None
    if found is Move.SAID and asked is Listens.OUTCOME:
        return None
    if found is Move.ASKS:  # "Why do you ask that? What is the evidence?" asks for the one that can be answered
        told = [asides.move(text[a:b]) for a, b in pieces(text)]
        return next((each for each in reversed(told) if each in TOLD - {Move.ASKS}), found)
    if found is Move.REPEAT and waits and questions.offered(waits.id):
        return None
    return found


def _elsewhere(talk: Talk) -> Talk | None:
    """Answer a message that does not belong here: another language, another matter. None: it belongs here."""
    if talk.read is None or talk.read.orders:
        return None
    if talk.read.kind is Kind.NOT_ENGLISH:
        return talk.say(routes.said(talk.read, talk.texts, talk.view.helps))
    return talk.tell("off_topic") if talk.read.kind is Kind.OFF_TOPIC else None


def _moved(talk: Talk, move: Move, text: str, waits: Asked | None, filled: Filled | None) -> Talk | None:
    """Do what a message asks of the talk; None when it is to be taken as an answer."""
    match move:
        case Move.PAUSE:
            return talk.tell("paused").now(state=State.PAUSED, because=Because.ASKED)
        case Move.END:
            return sequence.close(talk, Because.ASKED)
        case Move.SKIP:
            return _skipped(talk, waits)
        case Move.BACK:
            return intake.back(talk)
        case Move.CHANGE:
            return intake.changed(talk, text)
        case Move.HURRY if not talk.session.hurried and not (waits and will.listens_to_will(waits.listens)):
            left = summary.left_out(talk)
            talk = talk.tell("hurry", person=wording.named([left]) if left and not talk.session.about else "")
            return sequence.go_on(talk.about([left.id if left else None]).now(hurried=True))
        case Move.REPEAT:
            return _smaller(talk, waits)
        case Move.SAID if waits and not will.listens_to_will(waits.listens):
            return sequence.go_on(talk.tell("said").record(waits, "", skipped=True))
        case Move.UNSURE | Move.SAID if waits:
            return _unsure(talk, waits)
        case Move.KEEP:
            return offer.keep(talk, filled)
        case Move.DROP:
            return offer.drop(talk)
        case _ if move in ADVICE and questions.has_lines(talk):
            kept = talk.record(waits, text) if waits and waits.listens in {Listens.MOOD, Listens.SITUATION} else talk
            return sequence.go_on(replace(kept.tell("lines"), advised=True))
        case _ if move in TOLD:
            return sequence.hold(_told(talk, move, waits))
    return None


def _told(talk: Talk, move: Move, waits: Asked | None, which: str = "") -> Talk:
    """Answer a question to the coach from fixed facts: why something is asked, what is left, the card quoted last."""
    cited = [each.principle for turn in talk.session.turns for each in turn.citations]
    near = summary.chosen(talk)
    card = talk.view.principle(cited[-1]) if cited else near or talk.view.principle(talk.template.principles[0])
    return talk.tell(
        which or move.value,
        card=card,
        quoted=bool(cited),
        studies=[it for it in card.sources if len(it) > 1] if card else [],
        left=sum(1 for it in questions.ahead(talk) if waits is None or it.id != waits.id),
        day=waits is not None and waits.listens is Listens.COMMITMENT,
        why=worksheet.reason(waits, talk.texts) if waits else "",
        offered=bool(talk.session.offers),
    )


def _skipped(talk: Talk, waits: Asked | None) -> Talk:
    if waits is None:
        return sequence.go_on(talk)
    if questions.offered(waits.id):
        return offer.drop(talk)
    if waits.id.startswith(LOOK):
        return retrospect.passed(talk, waits.id)
    if waits.listens is Listens.COMMITMENT:
        return offer.nothing_taken(talk)
    return sequence.go_on(talk.tell("skip").record(waits, "", skipped=True))


def _unsure(talk: Talk, waits: Asked) -> Talk:
    asked = waits
    if questions.offered(asked.id):
        return talk.point("keep_or_not" if talk.session.offers[0].due else "no_day")
    if asked.listens is Listens.COMMITMENT:
        if talk.session.tries:
            return offer.nothing_taken(talk)
        return sequence.hold(talk.now(tries=1).tell("unsure_will"))
    events = len(talk.template.events) > 1 and not talk.session.event
    if events and asked.listens is Listens.SENTENCE and talk.session.asked.count(HAPPENED) == 1:
        left = tuple(given for given in talk.session.answers if given.question != HAPPENED)
        talk = talk.now(answers=left).tell("tap_nearest")
        return sequence.put(talk, questions.own(HAPPENED, talk))
    if asked.smaller and talk.session.tries == 0:
        return _smaller(talk, waits)
    return sequence.go_on(talk.tell("unsure").record(asked, "", skipped=True))


def _smaller(talk: Talk, waits: Asked | None) -> Talk:
    """Put the question once more in other words, else quote it."""
    if waits and waits.smaller and talk.session.tries == 0:
        return talk.now(tries=1).ask(questions.worded(talk, replace(waits, text=waits.smaller)))
    return sequence.hold(talk)
