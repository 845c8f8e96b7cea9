"""Stops a session after harm to someone or by the user, and lets it go on afterwards. Pure.

After a disclosure of harm a session goes on about another matter only. The words of help are those of the chat.
"""

from __future__ import annotations

from dataclasses import replace

from coach.domain.letters import plain
from coach.domain.readings import Kind, Route
from coach.domain.sessions import Because, Given, Listens, Phase, State
from coach.reading import choices
from coach.rows import where
from coach.safety import own_harm, routes
from coach.sessions import asides, questions
from coach.sessions.asides import Move
from coach.sessions.intake import Taking

_NOT_MEANT = {Kind.LEGAL_MEDICAL, Kind.OFF_TOPIC}
"""The kinds that the tables may give a question about the coach, or about what someone is."""


class Resting(Taking):
    """A message before it is an answer: does it stop the session, or wake it."""

    def stopped(self, text: str) -> bool:
        """Stop the session when harm is disclosed, done to someone or by the user. True when it stopped."""
        assert self.read is not None
        own, route = own_harm.told(text), self.read.route
        if own is None and asides.move(text) in {Move.RANK, Move.BOT} and self.read.kind in _NOT_MEANT:
            return False
        if own is None and self.read.kind is Kind.LEGAL_MEDICAL and self.session.state is State.OPEN:
            self.kind = self.read.kind
            self.say("tell", routes.said(self.read, self.texts, self.view.helps))
            self.hold()
            return True
        if own is not None and self.read.kind is not Kind.SELF_HARM:
            self.say("tell", self.texts.render("session/harm.fixed", kind=own.value, helps=list(self.view.helps)))
            self._rest(Because.SOURCE_OF_HARM, own)
        elif route is Route.DECLINE:
            self.say("tell", routes.said(self.read, self.texts, self.view.helps))
            self.say("tell", self.texts.render("session/stopped.fixed", other=False))
            self._rest(Because.SOURCE_OF_HARM, self.read.kind)
        elif route is Route.GET_HELP:
            self.say("tell", routes.said(self.read, self.texts, self.view.helps))
            told_to = where("words/sessions", "of", "told_to")
            told = self.read.kind is not Kind.SELF_HARM and bool(told_to.search(plain(text)))
            self.say("tell", self.texts.render("session/stopped.fixed", other=told))
            self._rest(Because.HARM, self.read.kind)
        elif self.session.aside and self._names_aside(text):
            self.tell("still")
            self.session = replace(self.session, state=State.PAUSED)
        else:
            return False
        return True

    def _rest(self, because: Because, kind: Kind) -> None:
        self.kind = kind
        aside = tuple(dict.fromkeys((*self.session.aside, *self.named)))
        whole = tuple(each for each in self.session.intentions if each.whole)
        self.session = replace(
            self.session, state=State.PAUSED, because=because, aside=aside, asking=None, intentions=whole
        )

    def _names_aside(self, text: str) -> bool:
        return any(choices.named(text, name) is not None for name in self.session.aside)

    def resumed(self, text: str, move: Move | None) -> tuple[str, Move | None] | None:
        """Go on where the session rested. None when that was all; else what is left to be heard."""
        harm = self.session.because in {Because.HARM, Because.SOURCE_OF_HARM}
        self.session = replace(self.session, state=State.OPEN, because=None)
        bare = move is Move.RESUME or bool(where("words/sessions", "of", "resumes").match(plain(text)))
        if harm:
            kept = tuple(given for given in self.session.answers if given.question not in self._questions_of_matter())
            kept += tuple(
                Given(asked.id, "", skipped=True)
                for _, asked in self.template.questions
                if asked.listens is Listens.EVIDENCE and asked.id in self.session.asked
            )
            self.session = replace(self.session, goal="", ideas=(), answers=kept, phase=Phase.GOAL)
            self.tell("aside")
            if bare:
                self.put(questions.own(questions.OTHER, self.session, self.texts))
                return None
            self.session = replace(self.session, asking=questions.OTHER)
            return text, None if move is Move.RESUME else move
        if not bare:
            return text, move
        waits = questions.waiting(self.template, self.session, self.texts)
        self.point("resume", question=self.worded(waits.asked) if waits else "")
        if waits is None:
            self.go_on()
        return None

    def _questions_of_matter(self) -> set[str]:
        first = (Phase.ARRIVE, Phase.LOOK_BACK)
        return {asked.id for phase, asked in self.template.questions if phase not in first} | {questions.OTHER}
