"""Where a session stops and rests: harm done to somebody, harm by the user, and how it goes on afterwards. Pure.

After a harm a session goes on about another matter only. The words of help are the chat's.
"""

from __future__ import annotations

import re
from dataclasses import replace

from coach.coaching import replies
from coach.domain.letters import plain
from coach.domain.readings import Kind, Route
from coach.domain.sessions import Because, Given, Listens, Phase, State
from coach.rows import where
from coach.safety import own_harm
from coach.sessions import asides, questions
from coach.sessions.asides import Move
from coach.sessions.intake import Taking

_NOT_MEANT = {Kind.LEGAL_MEDICAL, Kind.INJECTION, Kind.OFF_TOPIC}
"""How the tables may take a question about the coach, or about what somebody is."""


class Resting(Taking):
    """A message before it is an answer: does it stop the session, or wake it."""

    def stopped(self, text: str) -> bool:
        """Stop the session where harm is told of: done to somebody, or by the user. True when it stopped."""
        assert self.read is not None
        own, route = own_harm.told(text), self.read.route
        if own is None and asides.move(text) in {Move.RANK, Move.BOT} and self.read.kind in _NOT_MEANT:
            return False
        if own is None and self.read.kind is Kind.LEGAL_MEDICAL and self.session.state is State.OPEN:
            self.kind = self.read.kind
            self.say("tell", replies.elsewhere(self.read, self.texts, self.view.helps))
            self.hold()
            return True
        if own is not None and self.read.kind is not Kind.SELF_HARM:
            self.say("tell", self.texts.render("session/harm.fixed", kind=own.value, helps=list(self.view.helps)))
            self._rest(Because.SOURCE_OF_HARM, own)
        elif route is Route.DECLINE:
            self.say("tell", replies.elsewhere(self.read, self.texts, self.view.helps))
            self.say("tell", self.texts.render("session/stopped.fixed", other=False))
            self._rest(Because.SOURCE_OF_HARM, self.read.kind)
        elif route is Route.GET_HELP:
            self.say("tell", replies.elsewhere(self.read, self.texts, self.view.helps))
            told = self.read.kind is not Kind.SELF_HARM and bool(
                where("words/sessions", "of", "told_to").search(plain(text))
            )
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
        names = [each.name for each in self.read.people if each.name] if self.read else []
        aside = tuple(dict.fromkeys((*self.session.aside, *names)))
        whole = tuple(each for each in self.session.intentions if each.whole)
        self.session = replace(
            self.session, state=State.PAUSED, because=because, aside=aside, asking=None, intentions=whole
        )

    def _names_aside(self, text: str) -> bool:
        words = plain(text)
        return any(re.search(rf"\b{re.escape(name.casefold())}\b", words) for name in self.session.aside)

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
