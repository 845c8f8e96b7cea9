"""Looking back: what became of last time's commitments. Pure."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta

from coach.domain.letters import plain
from coach.domain.sessions import Told
from coach.domain.workdays import workday
from coach.noticing.follow_ups import Came
from coach.rows import rows, where
from coach.sessions import asides, questions, summary
from coach.sessions.questions import LOOK
from coach.sessions.reflection import reflect
from coach.sessions.will import Committing

LONGEST_NOTE = 600
"""Characters of what they did."""

SHORT = 22
"""More words than this tell of something; how it came out is not looked for in them."""

_PARTLY = re.compile(r"\b(?:partly|half|sort of|kind of|more or less|in a way|a bit|almost|tried)\b")


class Looking(Committing):
    """Commitments of earlier sessions, one after the other."""

    def looked_back(self, id_: str, text: str) -> None:
        step_id, _, which = id_.removeprefix(LOOK).partition(":")
        earlier = next((each for each in self.view.earlier if each.step_id == step_id), None)
        told = next((each for each in self.session.told if each.step_id == step_id), None)
        told = told or Told(step_id, earlier.words if earlier else "")
        if which == "what":
            self._told(replace(told, note=text[:LONGEST_NOTE]))
            self.say("reflect", reflect(text, self.texts, self.named, len(self.session.turns)))
        elif which == "keep":
            self._keep_or_drop(told, text)
        elif asides.lets_go(text):
            self.tell("let_go")
            self._told(replace(told, happened=False, let_go=True))
        elif _undone(text):
            self.session = replace(self.session, told=(*self._others(step_id), replace(told, happened=False)))
            self.put(questions.own(f"{LOOK}{step_id}:keep", self.session, self.texts))
            return
        else:
            note = _note(text)
            told = replace(told, happened=True, note=note[:LONGEST_NOTE])
            if not note:
                self.session = replace(self.session, told=(*self._others(step_id), told))
                self.put(questions.own(f"{LOOK}{step_id}:what", self.session, self.texts))
                return
            self._told(told)
            self.say("reflect", reflect(text, self.texts, self.named, len(self.session.turns)))
        self.go_on()

    def _keep_or_drop(self, told: Told, text: str) -> None:
        due = self.day(text)
        if due is None and (asides.lets_go(text) or asides.says_no(text)):
            self.tell("let_go")
            self._told(replace(told, let_go=True))
            return
        due = due or workday(self.view.today + timedelta(days=2))
        self.tell("moved", day=summary.day(due))
        self._told(replace(told, new_due=due))

    def _told(self, told: Told) -> None:
        looking = tuple(id_ for id_ in self.session.looking if id_ != told.step_id)
        self.session = replace(self.session, told=(*self._others(told.step_id), told), looking=looking)

    def _others(self, step_id: str) -> tuple[Told, ...]:
        return tuple(each for each in self.session.told if each.step_id != step_id)


def came_out(text: str) -> Came | None:
    """Return how something came out, where a short answer says so in one of the listed ways, else None."""
    words = plain(text)
    if len(words.split()) > SHORT:
        return None
    return next((Came(row.more["came"]) for row in rows("words/outcomes") if row.pattern.search(words)), None)


def _undone(text: str) -> bool:
    came = came_out(text)
    if came in {Came.WELL, Came.BADLY, Came.NO_REPLY} or _PARTLY.search(plain(text)):
        return False
    return asides.says_no(text) or came is Came.NOT_YET


def _note(text: str) -> str:
    """Return what they did, if a yes says so: more than the yes itself."""
    rest = re.sub(
        r"^\W*(?:yes|yeah|yep|yup|it did|i did(?: it)?|done|sure|it happened)\b[\s,.:;–-]*",
        "",
        text,
        flags=re.IGNORECASE,
    )
    told = len(rest.split()) >= 4 and (
        re.search(r"\b(?:he|she|they|it|him|her|them|[A-Z][a-z]+)\b", rest)
        or where("words/sessions", "of", "did").search(plain(rest))
    )
    return rest.strip() if told else ""
