"""A talk while a message is answered: the session so far, what it is answered from, and what is said. Frozen, pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from coach.domain.accounts import Account
from coach.domain.events import Catalogue
from coach.domain.moments import Moment
from coach.domain.people import Person
from coach.domain.plans import Finding, Outcome, RepairPlan
from coach.domain.principles import Citation, Match, Principle
from coach.domain.readings import Kind, Reading
from coach.domain.sessions import Asked, Given, Session, Template
from coach.ports import Texts
from coach.reading import choices, names

BEFORE = ":before"
"""Ends the id of an answer that was given before the session went on about another matter."""


def standing(session: Session) -> tuple[Given, ...]:
    """Return the answers of the matter the session is about now."""
    return tuple(given for given in session.answers if not given.question.endswith(BEFORE))


@dataclass(frozen=True, slots=True)
class Earlier:
    """Something that was taken on. ``outcome`` None: the user has not said yet what became of it.

    ``plan``: what it is a step of, where the user took it on outside of a session; ``follows``: a later step of it,
    which stands since the first was told of and nobody took on.
    """

    step_id: str
    words: str
    due: date
    person_id: str | None = None
    outcome: Outcome | None = None
    plan: RepairPlan | None = None
    follows: bool = False


@dataclass(frozen=True, slots=True)
class Filled:
    """What was filled in beside "keep": the offer's id, its words, its day, a time of day, what reminds them."""

    offer: str
    words: str = ""
    due: date | None = None
    at: str = ""
    cue: str = ""


@dataclass(frozen=True, slots=True)
class View:
    """What the journal and the cards hold at ``now``.

    ``moments``: everyone's of the last quarter, oldest first. ``findings`` gives what someone's moments show, by id.
    ``retrieve`` finds principles for some words, best first; ``principle`` gives a card by id, None when there is none.
    ``advice`` gives the plan that the scenes make of an account and the person it is about,
    ``ranked`` the events some words may tell of.
    ``helps``: names of help lines. ``reader``: the language model's server that reads messages too, "" for none.
    """

    now: datetime
    people: Sequence[Person] = ()
    moments: Sequence[Moment] = ()
    findings: Callable[[str], Sequence[Finding]] = lambda _: ()
    earlier: Sequence[Earlier] = ()
    retrieve: Callable[[str], Sequence[Match]] = lambda _: ()
    principle: Callable[[str], Principle | None] = lambda _: None
    new_id: Callable[[], str] = lambda: ""
    helps: Sequence[str] = ()
    reader: str = ""
    catalogue: Catalogue = Catalogue((), (), {})  # noqa: RUF009
    ranked: Callable[[str], Sequence[tuple[str, float]]] = lambda _: ()
    advice: Callable[[Account, str | None], RepairPlan | None] = lambda *_: None

    @property
    def today(self) -> date:
        """The user's day."""
        return self.now.astimezone().date()

    def person(self, person_id: str | None) -> Person | None:
        """Return someone of the journal by id."""
        return next((person for person in self.people if person.id == person_id), None)

    def step(self, id_: str) -> Earlier | None:
        """Return what the user took on outside of a session, by its id."""
        return next((each for each in self.earlier if each.plan and each.step_id == id_), None)

    def step_with(self, person_id: str | None) -> Earlier | None:
        """Return what the user took on with somebody outside of a session, and is still to be done."""
        theirs = (each for each in self.earlier if each.plan and each.outcome is None and each.person_id == person_id)
        return next(theirs, None) if person_id else None

    def people_in(self, text: str) -> list[Person]:
        """Return those of the journal whom a text names, in its order."""
        places = ((choices.named(text, each.name), at) for at, each in enumerate(self.people))
        return [self.people[at] for _, at in sorted((place, at) for place, at in places if place is not None)]

    def named(self, text: str) -> tuple[str, ...]:
        """Return the names in a text, in its order: those of the journal's people, whole, and of others."""
        places = [(place, each.name) for each in self.people if (place := choices.named(text, each.name)) is not None]
        known = {word.casefold() for _, name in places for word in name.split()}
        others = [name for name in names.found(text) if not known & {word.casefold() for word in name.split()}]
        return tuple(name for _, name in sorted([*places, *((text.find(name), name) for name in others)]))


@dataclass(frozen=True, slots=True)
class Talk:
    """``read``: the reading of the message, None when something was chosen instead. ``kind``: how it was taken.

    ``asks``: something of it asks for an answer. ``wording``: a question's id and how it is put this time, in the
    leader's own matter. ``advised``: something was asked of the coach, so the lines of what may have happened are next.
    """

    template: Template
    session: Session
    view: View
    texts: Texts
    read: Reading | None = None
    parts: tuple[str, ...] = ()
    asks: bool = False
    citations: tuple[Citation, ...] = ()
    people: tuple[str, ...] = ()
    moments: tuple[str, ...] = ()
    kind: Kind | None = None
    wording: tuple[str, str] | None = None
    advised: bool = False

    @property
    def named(self) -> tuple[str, ...]:
        """The names in the message."""
        return self.view.named(self.read.text) if self.read else ()

    def now(self, **changes: Any) -> Talk:
        """Return the talk with its session changed."""
        return replace(self, session=replace(self.session, **changes))

    def say(self, text: str, *, asks: bool = False) -> Talk:
        """Say something. ``asks``: it asks for an answer."""
        return replace(self, parts=(*self.parts, text), asks=self.asks or asks) if text else self

    def tell(self, which: str, **values: object) -> Talk:
        """Say one of the short remarks."""
        known = {"reader": self.view.reader, **values}
        return self.say(self.texts.render("session/remark.fixed", which=which, **known))

    def chip(self, which: str, **values: object) -> str:
        """Word something that can be tapped instead of typed."""
        return self.texts.render("session/choice.fixed", which=which, **values)

    def point(self, which: str, **values: object) -> Talk:
        """Point to a question that was put before."""
        return self.say(self.texts.render("session/remark.fixed", which=which, **values), asks=True)

    def ask(self, text: str) -> Talk:
        """Ask a question; one that this session has asked before is only pointed to."""
        if any(text in turn.text for turn in self.session.turns):
            return self.point("again", question=text)
        return self.say(text, asks=True)

    def about(self, people: Iterable[str | None], moments: Iterable[str] = ()) -> Talk:
        """Return the talk with ids of people it names and of moments it quotes."""
        return replace(
            self,
            people=(*self.people, *(id_ for id_ in people if id_)),
            moments=(*self.moments, *moments),
        )

    def cited(self, citations: Iterable[Citation]) -> Talk:
        """Return the talk with principles that it quotes."""
        return replace(self, citations=(*self.citations, *citations))

    def record(self, asked: Asked, text: str, *, skipped: bool = False) -> Talk:
        """Keep an answer, whole."""
        kept = tuple(given for given in self.session.answers if given.question != asked.id)
        return self.now(answers=(*kept, Given(asked.id, text, skipped)), asking=None, tries=0)

    @property
    def text(self) -> str:
        """The whole of what is said."""
        return "\n\n".join(self.parts)
