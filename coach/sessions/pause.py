"""Stops a session at harm to someone or by the user, or at a doubt of it, and lets it go on afterwards. Pure.

After a disclosure of harm a session goes on about another matter only, unless it was a way of speaking; what is said
about it meanwhile is answered as in the chat. A doubt is asked about, and the session goes on where it was.
"""

from __future__ import annotations

from dataclasses import replace

from coach.domain.letters import plain
from coach.domain.readings import ROUTES, Kind, Reading, Route, Toward
from coach.domain.sessions import Because, Given, Listens, Phase, State
from coach.reading import choices
from coach.rows import where
from coach.safety import hold, language, own_harm, routes
from coach.safety.hold import Says
from coach.sessions import alarms, asides, questions
from coach.sessions.asides import Move
from coach.sessions.intake import Taking

_HELD = {Because.HARM, Because.SOURCE_OF_HARM, Because.DOUBT}
"""Why a session rests that does not go on with the next message."""

_LONGEST_QUOTE = 160
"""Characters of an earlier message that are quoted."""

_UNSAFE = {kind for kind, route in ROUTES.items() if route in {Route.GET_HELP, Route.DECLINE}}

_OWN = {Kind.SELF_HARM}
"""The kinds that are about the user where nobody else is named."""

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
        if own is not None and self.read.kind is not Kind.SELF_HARM and route is not Route.DOUBT:
            read = replace(self.read, kind=own, toward=Toward.BY_USER, unclear=False)
            self.say("tell", routes.said(read, self.texts, self.view.helps, leads=True))
            self.say("tell", self.texts.render("session/stopped.fixed", other=False))
            self._rest(Because.SOURCE_OF_HARM, own)
        elif self.read.kind is Kind.NOT_ENGLISH and (foreign := language.harm(text, self.read.language)):
            self.say("tell", routes.said(self.read, self.texts, self.view.helps))
            self.say("tell", self.texts.render("session/stopped.fixed", other=False))
            self._rest(Because.HARM, foreign)
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
        elif route is Route.DOUBT:
            self._ask_meaning(self.read.doubt or "", self.read.kind)
        elif self.session.state is State.PAUSED and self.session.because in _HELD:
            return self._answer_resting(text)
        elif self.session.aside and self._names_aside(text):
            self.tell("still")
            self.session = replace(self.session, state=State.PAUSED)
        else:
            return False
        return True

    def _ask_meaning(self, words: str, kind: Kind) -> None:
        """Ask what the words mean; until that is said the session rests at its question."""
        values = {"about": "doubt", "words": words, "again": self.session.because is Because.DOUBT}
        helped = self.texts.render("doubt.fixed", kind=kind.value, helps=list(self.view.helps), **values)
        self.say("tell", self.texts.render("doubt_question.fixed", about="doubt", words=words))
        self.tell("doubt")
        self.say("tell", helped.partition("\n\n")[2])
        self.kind = kind
        self.session = replace(self.session, state=State.PAUSED, because=Because.DOUBT)

    def _answer_resting(self, text: str) -> bool:
        """Answer a message in a session that rests because of harm; False when the session may go on with it."""
        says = hold.says(text)
        if where("words/sessions", "of", "resumes").match(plain(text)) and says is Says.MORE:
            return False
        if self.session.because is Because.DOUBT:
            return self._take_meaning(text, says)
        told = self._disclosed()
        if says is Says.ONLY_TALK and self.session.because is Because.HARM:
            self.say("tell", routes.later(told, text, says, self.texts, self.view.helps))
            self.session = replace(self.session, state=State.OPEN, because=None, aside=())
            self.go_on()
            return True
        if self._elsewhere_now(text, says):
            return False
        self.say("tell", routes.later(told, text, says, self.texts, self.view.helps))
        self.kind = told.kind
        return True

    def _take_meaning(self, text: str, says: Says) -> bool:
        """Take the answer to a doubt: a way of speaking lets the session go on, harm stops it for good."""
        told = self._disclosed()
        if says in {Says.ONLY_TALK, Says.DENIED, Says.NO}:
            self.resumed("", Move.RESUME)
            return True
        if says is Says.FORM or where("words/sessions", "of", "harmed").search(plain(text)):
            toward = Toward.USER if alarms.done_to_us(told.text) or told.kind in _OWN else Toward.THIRD_PERSON
            read = replace(told, toward=toward, unclear=told.kind is not Kind.SELF_HARM)
            self.say("tell", routes.said(read, self.texts, self.view.helps))
            self.say("tell", self.texts.render("session/stopped.fixed", other=False))
            self._rest(Because.HARM, told.kind)
            return True
        self._ask_meaning(told.text[:_LONGEST_QUOTE], told.kind)
        return True

    def _disclosed(self) -> Reading:
        """Return the reading of what the session rests because of, as its turns keep it."""
        of_harm = (turn for turn in reversed(self.session.turns) if turn.said and turn.kind in _UNSAFE)
        turn = next(of_harm, None)
        kind = turn.kind if turn is not None and turn.kind is not None else Kind.ABUSE
        toward = Toward.BY_USER if self.session.because is Because.SOURCE_OF_HARM else None
        return Reading(turn.said if turn is not None else "", kind, toward)

    def _elsewhere_now(self, text: str, says: Says) -> bool:
        """Whether a message names someone else, and another matter with them."""
        names = [name for name in self.named if name not in self.session.aside]
        if self._names_aside(text) or len(text.split()) < hold.FEWEST_WORDS:
            return False
        first = min((text.find(name.split()[0]) for name in names), default=len(text)) < hold.first_reference(text)
        return first and (hold.switches(text) or says not in hold.ANSWERS)

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
