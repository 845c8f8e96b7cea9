"""The form under a question: why it is asked, what can be tapped instead of typed, and the offer that waits. Pure.

Choices come from the journal, the cards and the leader's own answers; a tap says what its chip says, as a typed answer.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from coach.domain.drafts import Purpose
from coach.domain.letters import pieces
from coach.domain.moments import By, Landed
from coach.domain.sessions import Asked, Intention, Listens, Phase, State
from coach.errors import BadInput
from coach.noticing import evidence, wording
from coach.ports import Texts
from coach.reading import offers
from coach.reading.days import Lean, days
from coach.sessions import advice, asides, offer, questions, retrospect, summary
from coach.sessions.asides import Move
from coach.sessions.talk import Talk, standing

LONGEST = 220
"""Characters of an answer that can be tapped again."""

MOST = 5
"""So many choices stand under a question."""

MOST_PEOPLE = 12
MOST_LINES = 6


@dataclass(frozen=True, slots=True)
class Form:
    """What stands under the question that waits: ``choices`` to tap, and ``days`` to keep an offer for.

    ``frame``: a sentence of the scenes to say, with blanks in brackets to be filled in. ``groups``: more choices, each
    group under its heading.
    """

    reason: str
    choices: tuple[str, ...] = ()
    offer: Intention | None = None
    days: tuple[tuple[date, str], ...] = ()
    frame: str = ""
    groups: tuple[tuple[str, tuple[str, ...]], ...] = ()

    def filled(self, words: Sequence[str]) -> str:
        """Return the frame with its blanks filled in. Raises BadInput where one is left open, or there is none."""
        if not self.frame:
            raise BadInput("That was answered already. Look at the page again.")
        if len([each for each in words if each.strip()]) < self.frame.count("["):
            raise BadInput("Fill in each blank of the sentence, or say it in your own words below.")
        return advice.filled(self.frame, iter(words))


def reason(asked: Asked, texts: Texts) -> str:
    """Return why a question is asked."""
    return texts.render("session/why.fixed", listens=asked.listens.value, why=asked.why)


def form(talk: Talk) -> Form | None:
    """Return the form of a session as it stands; None when nothing waits for an answer."""
    session, texts, asked = talk.session, talk.texts, questions.waiting(talk)
    if session.state is not State.OPEN or asked is None:
        return None
    why = reason(asked, texts)
    if questions.offered(asked.id):
        return _of_offer(talk, session.offers[0], why)
    said = session.turns[-1].said if session.turns else ""
    listed = asked.id in {questions.WHO, questions.FIRST, questions.HAPPENED} or asked.listens is Listens.COMMITMENT
    most = MOST_PEOPLE if listed else MOST
    shown = list(dict.fromkeys(_choices(asked, talk)))[:most]
    held = len(session.turns) > 1 and session.turns[-2].asking == session.asking
    if held and (asides.move(said) is Move.ASKS or asides.says("to_coach", said)):
        shown.append(talk.chip("my_answer"))
    if talk.template.instead and asked.phase is Phase.ARRIVE and asked.id != questions.WHO:
        shown.append(talk.template.tap)
    lines = advice.every_event(talk) if asked.id == questions.HAPPENED else {}
    groups = tuple((heading, tuple(each)) for heading, each in lines.items())
    return Form(why, tuple(shown), frame=advice.frame(talk), groups=groups)


def tapped(talk: Talk, text: str) -> bool:
    """Whether a message is what a tap under the question that waits says."""
    shown = form(talk)
    if shown is None or text == talk.chip("my_answer"):
        return False
    lines = (*shown.choices, *(line for _, group in shown.groups for line in group))
    return text in lines or advice.fits(shown.frame, text)


def _of_offer(talk: Talk, made: Intention, why: str) -> Form:
    """The form of an offer: its days to tap, all of several at once, or that it is a talk that stands already."""
    days = tuple((day, wording.day(day)) for day in offers.days_to_tap(talk.view.today)) if not made.due else ()
    same, n = offer.same_talk(talk), len(talk.session.offers)
    taps = [talk.chip("same_talk", words=same.words)] if same else []
    if n > 1:
        taps += [talk.chip(which, n=n) for which in ("keep_all", "none")]
    return Form(why, tuple(taps), made, days)


def _choices(asked: Asked, talk: Talk) -> Iterator[str]:
    session, view, chip = talk.session, talk.view, talk.chip
    if asked.id == questions.WHO:
        yield from (person.name for person in evidence.team(view.people, view.today))
    elif asked.id == questions.FIRST:
        yield from (person.name for person in advice.between(talk))
    elif asked.id == questions.HAPPENED:
        yield from [*advice.events(talk)][:MOST_LINES]
        yield chip("none_of_these")
    elif asked.id.startswith(questions.LOOK):
        yield from _of_looking_back(asked.id, talk)
    elif session.tries > 1 and asked.listens is Listens.SENTENCE:
        yield chip("as_it_is")
    elif asked.listens is Listens.PRINCIPLE:
        yield from (chip("fits"), chip("own_way"))
    elif asked.listens is Listens.ANOTHER:
        yield from (*(each.name for each in advice.others(talk)), chip("one_more"), chip("enough"))
    elif asked.listens is Listens.OBSTACLE:
        yield chip("nothing")
    elif asked.listens is Listens.COMMITMENT and questions.ready(session):
        yield from (*_on_a_day(talk), chip("nothing_week"))
    elif asked.listens is Listens.EVIDENCE and not session.about:
        shown = (person for fact in summary.shown(talk) for person in fact.people)
        yield from dict.fromkeys(person.name for person in (*advice.between(talk), *shown))
    elif asked.purpose == Purpose.ASK:
        yield from _to_ask(talk)
    elif asked.listens is Listens.COMMITMENT:
        taken = " ".join(each.words for each in session.intentions)
        yield from [each for each in _said_to_do(talk) if len(each) <= LONGEST and each not in taken][:3]
        yield chip("nothing_week")
    elif asked.listens is Listens.IDEA:
        yield from _moments(talk, Landed.HELPED, (By.THEM,))
    elif asked.listens in {Listens.EVENT, Listens.SITUATION, Listens.OWN_PART}:
        owns = any(each.purpose == Purpose.APOLOGY for each in talk.template.questions)
        mine = asked.listens is Listens.OWN_PART
        if owns or not mine:
            yield from _moments(talk, Landed.HARMED, (By.ME,) if mine else tuple(By))


def _on_a_day(talk: Talk) -> Iterator[str]:
    """Days for what is ready to be said: the nearest, and those the leader has named, in any answer."""
    today = talk.view.today
    named = (it.on for given in standing(talk.session) for it in days(given.text, today, Lean.PLANNED) if not it.topic)
    for on in sorted({*offers.days_to_tap(today), *(it for it in named if it > today)})[:MOST_LINES]:
        yield talk.chip("on", day=wording.day(on))


def _to_ask(talk: Talk) -> Iterator[str]:
    """Questions to put to them: the plan's, else the open ones of the kind's cards that can be asked as they stand."""
    made = advice.plan(talk)
    if made is not None and made.missing.question:
        yield made.missing.question
        return
    cards = [card for name in talk.template.principles if (card := talk.view.principle(name))]
    yield from (it.say for card in cards for it in card.moves if asides.says("open", it.say) and "{" not in it.say)


def _of_looking_back(id_: str, talk: Talk) -> Iterator[str]:
    """What may have become of a commitment, the likeliest first."""
    session, view, chip = talk.session, talk.view, talk.chip
    step_id, _, which = id_.removeprefix(questions.LOOK).partition(":")
    if which == "keep":
        yield from (chip("keep_for", day=wording.day(day)) for day in offers.days_to_tap(view.today))
        yield chip("let_go")
    else:
        note = next((told.note for told in session.told if told.step_id == step_id), "")
        due = retrospect.another_day(note, view.today) if note else None
        first = retrospect.likely(note) if note else ""
        ways = sorted(("did", "well", "badly", "not_yet"), key=lambda it: it != first)
        of = retrospect.earlier(talk.view, step_id)
        who = bool(of and of.person_id)
        yield from (chip(way, day=wording.day(due) if due else "", who=who) for way in ways)
        yield chip("let_go")


def _said_to_do(talk: Talk) -> Iterator[str]:
    """What the leader said they would do on a day, in any answer, and then their ideas as far as they are meant."""
    for given in standing(talk.session):
        yield from offers.sure(given.text, talk.view.today)
    for idea in talk.session.ideas:
        aside = any(asides.move(idea[a:b]) for a, b in pieces(idea))
        if not (aside or any(offers.shows(what, idea) for what in ("statement", "refusal", "either"))):
            yield from offers.sentences(idea, talk.view.today)


def _moments(talk: Talk, landed: Landed, by: Sequence[By]) -> Iterator[str]:
    """What was done lately between them and landed so, by either of ``by``; the newest first."""
    for each in reversed(talk.view.moments):
        if each.person_id == talk.session.person_id and each.landed is landed and each.by in by:
            day = wording.day(each.happened_at.astimezone().date())
            yield talk.chip("moment", day=day, words=each.what.strip(" .")[:LONGEST])
