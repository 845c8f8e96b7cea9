"""The form under a question: why it is asked, what can be tapped instead of typed, and the offer that waits. Pure.

Choices come from the journal, the cards and the leader's own answers; a tap says what its chip says, as a typed answer.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from coach.domain.drafts import Purpose
from coach.domain.moments import By, Landed
from coach.domain.sessions import Asked, Listens, Offer, Phase, Session, State, Template
from coach.errors import BadInput
from coach.noticing import evidence, wording
from coach.ports import Texts
from coach.reading import offers
from coach.sessions import advice, asides, questions, retrospect, summary
from coach.sessions.asides import Move
from coach.sessions.view import Filled, View, standing

Chip = Callable[..., str]
"""Words a choice by its name and values."""

LONGEST = 220
"""Characters of an answer that can be tapped again."""

MOST = 5
"""So many choices stand under a question."""

MOST_PEOPLE = 12


@dataclass(frozen=True, slots=True)
class Form:
    """What stands under the question that waits: ``choices`` to tap, and ``days`` to keep an offer for.

    ``frame``: a sentence of the scenes to say, with blanks in brackets to be filled in. ``groups``: more choices, each
    group under its heading.
    """

    reason: str
    choices: tuple[str, ...] = ()
    offer: Offer | None = None
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


def button(number: str, shown: Form | None) -> dict[str, Any]:
    """Return what the button of that number says or does: ``text``, or ``move`` and ``filled``; {}: none stands there.

    Buttons count from one as they stand: the days to keep an offer for, "Keep", "No", then what can be said.
    """
    at = int("".join(each for each in number if each.isdecimal())) - 1
    made = shown.offer if shown is not None else None
    taps: list[dict[str, Any]] = []
    if shown is not None and made is not None:
        due = [made.due] if made.due else [day for day, _ in shown.days]
        taps += [{"move": Move.KEEP, "filled": Filled(made.id, due=day, cue=made.cue)} for day in due]
        taps.append({"move": Move.DROP, "filled": Filled(made.id)})
    taps += [{"text": words} for words in shown.choices] if shown is not None else []
    return taps[at] if 0 <= at < len(taps) else {}


def reason(asked: Asked, texts: Texts) -> str:
    """Return why a question is asked."""
    return texts.render("session/why.fixed", listens=asked.listens.value, why=asked.why)


def form(template: Template, session: Session, view: View, texts: Texts) -> Form | None:
    """Return the form of a session as it stands; None when nothing waits for an answer."""
    waits = questions.waiting(template, session, texts)
    if session.state is not State.OPEN or waits is None:
        return None
    asked = waits.asked
    why = reason(asked, texts)
    if asked.id == questions.ALL:
        n = len(session.offers)
        every = (texts.render("session/choice.fixed", which=which, n=n) for which in ("keep_all", "one_by_one", "none"))
        return Form(why, tuple(every))
    if questions.offered(asked.id):
        made = session.offers[0]
        days = tuple((day, wording.day(day)) for day in offers.days_to_tap(view.today)) if not made.due else ()
        same = view.same_talk(made, session)
        joined = (texts.render("session/choice.fixed", which="same_talk", words=same.words),) if same else ()
        return Form(why, joined, made, days)
    said = session.turns[-1].said if session.turns else ""
    most = MOST_PEOPLE if asked.id in {questions.WHO, questions.FIRST} else MOST
    shown = list(dict.fromkeys(_choices(asked, template, session, view, texts)))[:most]
    held = len(session.turns) > 1 and session.turns[-2].asking == session.asking
    if held and (asides.move(said) is Move.ASKS or asides.says("to_coach", said)):
        shown.append(texts.render("session/choice.fixed", which="my_answer"))
    if template.instead and waits.phase is Phase.ARRIVE and asked.id != questions.WHO:
        shown.append(template.tap)
    lines = advice.every_event(session, view) if asked.id == questions.HAPPENED else {}
    groups = tuple((heading, tuple(each)) for heading, each in lines.items())
    return Form(why, tuple(shown), frame=advice.frame(template, session, view), groups=groups)


def _choices(asked: Asked, template: Template, session: Session, view: View, texts: Texts) -> Iterator[str]:
    def chip(which: str, **values: object) -> str:
        return texts.render("session/choice.fixed", which=which, **values)

    if asked.id == questions.WHO:
        yield from (person.name for person in evidence.team(view.people, view.today))
    elif asked.id == questions.FIRST:
        yield from (person.name for person in advice.between(session, view))
    elif asked.id == questions.HAPPENED:
        yield from [*advice.events(template, session, view)][: MOST - 1]
        yield chip("none_of_these")
    elif asked.id.startswith(questions.LOOK):
        yield from _of_looking_back(asked.id, session, view, chip)
    elif session.tries > 1 and asked.listens is Listens.SENTENCE:
        yield chip("as_it_is")
    elif asked.listens is Listens.PRINCIPLE:
        yield from (chip("fits"), chip("own_way"))
    elif asked.listens is Listens.ANOTHER:
        yield from (*(each.name for each in advice.others(session, view)), chip("one_more"), chip("enough"))
    elif asked.listens is Listens.OBSTACLE:
        yield chip("nothing")
    elif asked.listens is Listens.COMMITMENT and questions.ready(session):
        yield from (chip("on", day=wording.day(day)) for day in offers.days_to_tap(view.today))
        yield chip("nothing_week")
    elif asked.listens is Listens.EVIDENCE and not session.about:
        shown = (person for fact in summary.shown(session, template, view) for person in fact.people)
        yield from dict.fromkeys(person.name for person in (*advice.between(session, view), *shown))
    elif asked.purpose == Purpose.ASK:
        yield from _to_ask(template, session, view)
    elif asked.listens is Listens.COMMITMENT:
        taken = " ".join(each.action for each in session.taken_on)
        yield from [each for each in _said_to_do(session, view) if len(each) <= LONGEST and each not in taken][:3]
        yield chip("nothing_week")
    elif asked.listens is Listens.IDEA:
        yield from _moments(session, view, chip, Landed.HELPED, (By.THEM,))
    elif asked.listens in {Listens.EVENT, Listens.SITUATION, Listens.OWN_PART}:
        owns = any(each.purpose == Purpose.APOLOGY for _, each in template.questions)
        mine = asked.listens is Listens.OWN_PART
        if owns or not mine:
            yield from _moments(session, view, chip, Landed.HARMED, (By.ME,) if mine else tuple(By))


def _to_ask(template: Template, session: Session, view: View) -> Iterator[str]:
    """Questions to put to them: the plan's, else the open ones of the kind's cards that can be asked as they stand."""
    made = advice.plan(session, view)
    if made is not None and made.missing.question:
        yield made.missing.question
        return
    cards = [card for name in template.principles if (card := view.principle(name))]
    yield from (it.say for card in cards for it in card.moves if asides.says("open", it.say) and "{" not in it.say)


def _of_looking_back(id_: str, session: Session, view: View, chip: Chip) -> Iterator[str]:
    """What may have become of a commitment, the likeliest first."""
    step_id, _, which = id_.removeprefix(questions.LOOK).partition(":")
    if which == "keep":
        yield from (chip("keep_for", day=wording.day(day)) for day in offers.days_to_tap(view.today))
        yield chip("let_go")
    elif which == "all":
        yield from (chip("put_so"), chip("one_by_one"))
    else:
        note = next((told.note for told in session.told if told.step_id == step_id), "")
        due = retrospect.another_day(note, view.today) if note else None
        first = retrospect.likely(session, step_id) if note else ""
        ways = sorted(("did", "well", "badly", "not_yet"), key=lambda it: it != first)
        yield from (chip(way, day=wording.day(due) if due else "") for way in ways)
        yield chip("let_go")


def _said_to_do(session: Session, view: View) -> Iterator[str]:
    """What the leader said they would do on a day, in any answer, and then their ideas as far as they are meant."""
    for given in standing(session):
        yield from offers.sure(given.text, view.today)
    for idea in session.ideas:
        yield from offers.sentences(idea, view.today)


def _moments(session: Session, view: View, chip: Chip, landed: Landed, by: Sequence[By]) -> Iterator[str]:
    """What was done lately between them and landed so, by either of ``by``; the newest first."""
    for each in reversed(view.moments):
        if each.person_id == session.person_id and each.landed is landed and each.by in by:
            day = wording.day(each.happened_at.astimezone().date())
            yield chip("moment", day=day, words=each.what.strip(" .")[:LONGEST])
