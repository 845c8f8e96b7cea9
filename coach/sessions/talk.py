"""A talk while a message is answered: the session so far and what is said. Frozen; each step gives a new one. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from coach.domain.principles import Citation
from coach.domain.readings import Kind, Reading
from coach.domain.sessions import Asked, Given, Listens, Session, Template
from coach.ports import Texts
from coach.sessions.questions import TAKEN, as_put, ready
from coach.sessions.view import View


@dataclass(frozen=True, slots=True)
class Talk:
    """``read``: the reading of the message, None when something was chosen instead. ``kind``: how it was taken.

    ``asks``: something of it asks for an answer. ``wording``: a question's id and how it is put this time, in the
    leader's own matter.
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

    def worded(self, asked: Asked) -> str:
        """Return a question as it is put to this user."""
        if self.wording is not None and self.wording[0] == asked.id:
            return self.wording[1]
        of_the_kind = asked.listens is Listens.COMMITMENT and not asked.id.startswith(TAKEN)
        if of_the_kind and ready(self.session) in self.session.ideas:  # only the day is left to say
            return self.texts.render("session/ask.fixed", which="when")
        return as_put(asked, self.session)

    def record(self, asked: Asked, text: str, *, skipped: bool = False) -> Talk:
        """Keep an answer, whole."""
        kept = tuple(given for given in self.session.answers if given.question != asked.id)
        return self.now(answers=(*kept, Given(asked.id, text, skipped)), asking=None, tries=0)

    @property
    def text(self) -> str:
        """The whole of what is said."""
        return "\n\n".join(self.parts)
