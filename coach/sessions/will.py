"""Will: an if–then taken from the user's own words, and the one missing part asked for. Pure.

Knows intentions; ``intentions`` finds them in words, ``stage`` puts the questions.
"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, timedelta

from coach.domain.drafts import Purpose
from coach.domain.letters import plain
from coach.domain.sessions import Because, Intention, Listens, Phase
from coach.domain.violations import Context
from coach.domain.workdays import workday
from coach.messages import linter
from coach.planning import checks
from coach.reading.days import Lean, day
from coach.rows import where
from coach.sessions import asides, intentions, questions, summary
from coach.sessions.intentions import Heard
from coach.sessions.questions import TAKEN
from coach.sessions.reflection import quote
from coach.sessions.stage import Putting

_LEFT_TO = 120


class Committing(Putting):
    """Intentions, as they become whole."""

    def day(self, text: str) -> date | None:
        """Return the day a text names."""
        return day(text, self.view.today, Lean.PLANNED)

    def commit(self, text: str, *, new: bool = False) -> None:
        """Take an intention from what was said, and ask for what it lacks."""
        if new or not self.session.intentions or self.session.intentions[-1].whole:
            self.new_intention()
        heard = intentions.hear(text, self.view.today, self.view.people)
        if self.troubled(text):
            self._keep(replace(self._last, words=text))
            self.ask_own("amends")
            return
        self._merge(heard, text)
        self._from_before(heard)
        named = next((asked.cue for _, asked in self.template.questions if asked.listens is Listens.COMMITMENT), "")
        if named and not self._last.cue and not new:
            self._keep(replace(self._last, cue=named))
        self.ask_missing()

    def _from_before(self, heard: Heard) -> None:
        """Where only the when is said, the act is what they spoke of before: their sentence, or their last idea."""
        if self._last.action or heard.vague:
            return
        act = self._sentence()
        if not act and (heard.cue or heard.due):
            ideas = (intentions.hear(idea, self.view.today, self.view.people) for idea in reversed(self.session.ideas))
            first = next((idea for idea in ideas if idea.action and not idea.vague), None)
            if first:
                act = first.action
                self._keep(replace(self._last, person_id=self._last.person_id or first.person_id))
        self._keep(replace(self._last, action=act))

    def _sentence(self) -> str:
        """The act of someone who has found their sentence and now says when: saying it."""
        owned = [asked for _, asked in self.template.questions if asked.purpose in {Purpose.APOLOGY, Purpose.FEEDBACK}]
        said = any((given := self.session.answer(asked.id)) and not given.skipped for asked in owned)
        name = self.session.about
        return self.texts.render("session/act.fixed", name=name) if said else ""

    def note_intention(self, words: str) -> None:
        """Keep an intention that was said before it was asked for."""
        heard = intentions.hear(words, self.view.today, self.view.people)
        if heard.action and not heard.vague and len(words.split()) >= 3 and not self.session.intentions:
            self.new_intention()
            self._merge(heard, words)

    def correct(self, text: str) -> None:
        """Put new parts in place of old ones in the last intention."""
        heard, last = intentions.hear(text, self.view.today, self.view.people), self._last
        self._keep(
            replace(
                last,
                words=text,
                cue=self._cue(heard.cue) or last.cue,
                action=heard.action or last.action,
                due=heard.due or last.due,
                person_id=heard.person_id or last.person_id,
            )
        )
        self.ask_missing()

    def missing_part(self, which: str, text: str) -> None:
        """Take the answer to what was asked of an intention."""
        last, heard = self._last, intentions.hear(text, self.view.today, self.view.people)
        self.session = replace(self.session, asking=None)
        if which in {"offer", "smaller"}:
            self._offered(which, text, heard)
            return
        if which == "begin":
            if heard.action and not heard.vague:
                last = replace(last, action=heard.action, minutes=10)
                self._keep(last)
            self._merge(replace(heard, action=""), text)
        elif which in {"action", "amends"}:
            self._merge(heard, text)
            self._from_before(heard)
            if not self._last.action and not heard.due and not heard.cue:
                self._keep(replace(self._last, action=_as_act(text)))
        else:
            self._merge(replace(heard, action="" if last.action else heard.action), text)
            if which in {"when", "cue"} and not self._last.cue and not heard.due:
                bare = text.strip(" .,!?")
                if intentions.is_occasion(bare) and asides.move(text) is None:
                    self._keep(replace(self._last, cue=bare[:1].lower() + bare[1:]))
        self.ask_missing()

    def ask_missing(self) -> None:
        """Ask for the missing part, once for each; a day that stays open is set in the near future."""
        last = self._last
        if not last.action:
            if self._asked("action"):
                self.nothing_taken(Because.NOTHING_FITS)
                return
            if last.words and intentions.hear(last.words, self.view.today).vague:
                self.tell("vague", words=quote(last.words))
            self.ask_own("action")
        elif last.minutes > intentions.MOST_MINUTES and not self._asked("begin"):
            self.tell("long", minutes=last.minutes)
            self.ask_own("begin")
        elif not last.due and not last.cue and not self._asked("when"):
            self.ask_own("when")
        elif not last.due and not self._asked("day") and not self._asked("when"):
            self.ask_own("day")
        elif not last.cue and not self._asked("cue") and not self._asked("when"):
            self.ask_own("cue")
        else:
            self._settle()

    def _settle(self) -> None:
        """An intention with an act is made whole, said back, and kept."""
        last = self._last
        due = last.due or workday(self.view.today + timedelta(days=2))
        if not last.due:
            self.tell("default_day", day=summary.day(due))
        cue = last.cue or self.texts.render("session/cue.fixed", day=f"{due:%A}")
        person = last.person_id or self.session.person_id
        self._keep(replace(last, due=due, cue=self._cue(cue), person_id=person))
        if person:
            self.people.append(person)
        for phase, asked in self.template.questions:
            if phase is Phase.WILL and asked.listens is Listens.COMMITMENT and self.session.answer(asked.id) is None:
                self.record(asked, self._last.words)
        self.session = replace(self.session, asking=None)
        if (
            questions.following(self.template, self.session, self.view, self.texts) is not None
        ):  # the end says it as well
            self.tell("taken", day=summary.day(due), words=summary.spoken(self._last))
        self.go_on()

    def offer(self) -> None:
        """Offer a small act from the cards to someone who does not know what to do."""
        if self._asked("offer"):
            self.nothing_taken(Because.NOTHING_FITS)
            return
        card = summary.chosen(self.template, self.session, self.view)
        person = summary.left_out(self.session, self.template, self.view)
        act = summary.offer(card, self.session, person) if card else None
        told = self._principled(card, act=False) if card else None
        if act is None or told is None:
            self.nothing_taken(Because.NOTHING_FITS)
            return
        self.citations += told[1]
        self.say("tell", told[0])
        self.new_intention()
        self._keep(replace(self._last, cue=act[0], action=act[1], person_id=person.id if person else None))
        self.tell("offer", cue=act[0], action=act[1])
        self.ask_own("offer")

    def _offered(self, which: str, text: str, heard: Heard) -> None:
        words = plain(text)
        no = re.match(r"(?:no|nope|nah|not really|i won't|never|nothing|none)\b", words)
        if heard.action and not heard.vague and not (no and not heard.due):
            self._keep(replace(self._last, cue="", action=""))
            self._merge(heard, text)
            self.ask_missing()
        elif no or (which == "smaller" and not heard.due):
            self.session = replace(self.session, intentions=self.session.taken_on)
            self.nothing_taken(Because.NOTHING_FITS)
        else:
            self._merge(replace(heard, action=""), text)
            if not self._last.due:
                self._keep(replace(self._last, due=workday(self.view.today + timedelta(days=2))))
            self.ask_missing()

    def nothing_taken(self, because: Because) -> None:
        """Ask once for something smaller, then close with the reason."""
        if self.session.taken_on:
            self.session = replace(self.session, intentions=self.session.taken_on)
            self.close(because)
        elif self._asked("smaller"):
            self.session = replace(self.session, because=because)
            self.close(because)
        else:
            self.session = replace(self.session, intentions=())
            self.new_intention()
            self.ask_own("smaller")

    def troubled(self, text: str) -> bool:
        """Remark on a favour or on forgiveness asked for, where something is to be owned. True when there is one."""
        owning = any(asked.purpose == Purpose.APOLOGY for _, asked in self.template.questions)
        if not owning or self._asked("amends"):
            return False
        if where("words/sessions", "of", "favour").search(plain(text)):
            self.tell("favour")
            return True
        if "asks_forgiveness" in linter.names(text, Purpose.APOLOGY) or re.search(
            r"\b(?:ask\w*|beg\w*|hope\w*|want\w*) (?:for |(?:him|her|them) (?:for|to) )?forgiv\w+|\bforgive me\b",
            plain(text),
        ):
            self.tell("forgiveness")
            return True
        return False

    def new_intention(self) -> None:
        """Begin another intention; the questions about the one before may be asked again."""
        asked = tuple(id_ for id_ in self.session.asked if not id_.startswith(TAKEN) or id_ == f"{TAKEN}offer")
        made = Intention(self.view.new_id(), self.view.new_id(), "")
        whole = tuple(each for each in self.session.intentions if each.whole)
        self.session = replace(self.session, intentions=(*whole, made), asked=asked if whole else self.session.asked)

    def ask_own(self, which: str, *, remember: bool = True) -> None:
        """Ask something no template holds."""
        second = bool(self.session.taken_on)
        text = self.texts.render("session/ask.fixed", which=which, second=second)
        if remember:
            id_ = f"{TAKEN}{which}"
            self.session = replace(self.session, asking=id_, asked=(*self.session.asked, id_), phase=Phase.WILL)
        self.ask(text)

    def _asked(self, which: str) -> bool:
        return f"{TAKEN}{which}" in self.session.asked

    @property
    def _last(self) -> Intention:
        if not self.session.intentions:
            self.new_intention()
        return self.session.intentions[-1]

    def _keep(self, intention: Intention) -> None:
        self.session = replace(self.session, intentions=(*self.session.intentions[:-1], intention))

    def _merge(self, heard: Heard, words: str) -> None:
        merged = intentions.merged(self._last, replace(heard, cue=self._cue(heard.cue)), words)
        if heard.action:
            merged = replace(merged, minutes=heard.minutes)
        context = Context(people=(self.session.about,), quotes=(words,), part="draft")
        if merged.action and any(each.name == "deceit" for each in checks.violations(merged.action, context)):
            merged = replace(merged, action="")
        self._keep(merged)

    def _cue(self, cue: str) -> str:
        """A cue begins small, for it stands after a day."""
        return cue[:1].lower() + cue[1:] if cue and not cue.startswith("I ") else cue


def _as_act(text: str) -> str:
    """Return words that no verb was found in as an act all the same."""
    bare = re.sub(
        r"^\W*(?:i(?:'ll| will| would|'d| could| can)? (?:just |then )?)", "", text.strip(" .,!?"), flags=re.IGNORECASE
    )
    words = " ".join(bare.split()[:30])[:_LEFT_TO]
    return words[:1].lower() + words[1:] if len(words.split()) >= 2 else ""
