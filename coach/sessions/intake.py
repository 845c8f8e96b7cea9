"""Takes from an answer what its question listens for, and moves on to the next question. Pure.

Knows questions, answers and intentions. How a message changes the talk itself is decided in ``talk``.
"""

from __future__ import annotations

import re
from dataclasses import replace

from coach.domain.drafts import Purpose, Warning
from coach.domain.letters import pieces, plain, straight
from coach.domain.sessions import Asked, Because, Bound, Listens, Phase, State
from coach.domain.violations import Context
from coach.messages import linter
from coach.planning import checks
from coach.reading import choices
from coach.rows import where
from coach.sessions import asides, questions
from coach.sessions.asides import EARLY, Move
from coach.sessions.questions import LOOK, TAKEN, Next
from coach.sessions.reflection import quote, reflect
from coach.sessions.retrospect import Looking

LONGEST_ANSWER = 600
"""Characters of an answer that are kept as such; the whole stays in the turn."""

LONGEST_GOAL = 30
"""Words of a goal."""

_LINTED = {"label", "always_never", "mind_reading"}
_QUOTED = re.compile(r"[“\"]([^“”\"]{8,})[”\"]")
_SPOKEN = re.compile(r"\b(?:i|i'm|i've|i'd|i'll|my|you|your)\b|\?")
_COULD = r"(?:could|should|can|needs? to|has to|have to|must|might|ought to|would have to)"


class Taking(Looking):
    """Answers, by what is listened for."""

    def take(self, waits: Next, text: str) -> None:
        """Take a message as the answer to a question."""
        asked, before = waits.asked, len(self.parts)
        self._bind()
        if asked.id.startswith(LOOK):
            self.looked_back(asked.id, text)
        elif asked.id in {questions.WHO, questions.STAY, questions.OTHER}:
            self._of_talk(asked, text)
        elif asked.id.startswith(TAKEN):
            self.missing_part(asked.id.removeprefix(TAKEN), text)
        elif asked.listens is Listens.COMMITMENT:
            self.commit(text)
        elif asked.listens is Listens.OBSTACLE:
            self._obstacle(asked, text)
        elif asked.listens is Listens.ANOTHER:
            self._another(asked, text)
        elif asked.listens is Listens.PRINCIPLE:
            self._principle(asked, text)
        elif self._thin(asked, text) and self.session.tries == 0 and asked.smaller:
            self.session = replace(self.session, tries=1)
            self.ask(self.worded(replace(asked, text=asked.smaller)))
        elif not self._asked_anew(asked, text):
            self._taken(asked, text, before)

    def _bind(self) -> None:
        """Where a session may be about someone, the first of the journal who is named is that person."""
        if self.template.bound is not Bound.MAYBE or self.session.about or self.read is None:
            return
        for person in self.view.people:
            if choices.named(self.read.text, person.name) is not None:
                self.session = replace(self.session, about=person.name.split()[0], person_id=person.id)
                self.people.append(person.id)
                return

    def _taken(self, asked: Asked, text: str, before: int) -> None:
        """Keep an answer, with what else it holds, give it back, and go on."""
        if asked.listens is Listens.EVIDENCE and asides.contradicts(text):
            self.tell("contradicts")
        if asked.listens is Listens.IDEA and asked.smaller and not self.session.tries and self._theirs(text):
            self.tell("theirs")
            self.session = replace(self.session, tries=1)
            self.ask(self.worded(replace(asked, text=asked.smaller)))
            return
        if asked.listens is Listens.IDEA and self.troubled(text) and asked.id not in self.session.asked[:-1]:
            self.record(asked, text)
            self.ask_own("amends")
            return
        self.record(asked, text)
        self.early(text, asked)
        if len(self.parts) == before:
            self._reflect(text)
        self.go_on()

    def _theirs(self, text: str) -> bool:
        """Whether an idea is for someone else to carry out."""
        words = plain(text)
        names = "|".join(re.escape(person.name.split()[0].casefold()) for person in self.view.people) or "he"
        theirs = re.match(rf"(?:maybe |perhaps |well,? )?(?:he|she|they|people|everyone|{names}) {_COULD}\b", words)
        return bool(theirs) and not re.search(r"\bi(?:'ll|'d| will| could| can| might)\b", words)

    def _reflect(self, text: str) -> None:
        turns = self.session.turns
        if judged := self._judged(text):
            self.tell("judged", words=judged)
            return
        said = reflect(text, self.texts, self.named, len(turns))
        if said and (len(text.split()) >= 6 or len(turns) % 2):
            self.say("reflect", said)

    def _thin(self, asked: Asked, text: str) -> bool:
        return len(text.split()) < asked.words

    # ---- keeping

    def record(self, asked: Asked, text: str, *, skipped: bool = False, early: bool = False) -> None:
        """Keep an answer, and what it is for."""
        super().record(asked, text[:LONGEST_ANSWER], skipped=skipped, early=early)
        if skipped or not text:
            return
        if asked.listens is Listens.GOAL and not self.session.goal:
            self.session = replace(self.session, goal=_goal(text))
        if asked.listens is Listens.IDEA and self._phase_of(asked) is Phase.OPTIONS:
            even = re.sub(r",? or (?=(?:i|maybe|perhaps|just|we)\b)", ". ", straight(text), flags=re.IGNORECASE)
            ideas = [even[a:b].strip() for a, b in pieces(even) if len(even[a:b].split()) >= 3] or [text]
            self.session = replace(self.session, ideas=(*self.session.ideas, *ideas)[:5])

    def _phase_of(self, asked: Asked) -> Phase:
        return next((phase for phase, each in self.template.questions if each.id == asked.id), self.session.phase)

    def forget(self, text: str, asked: Asked) -> None:
        """Drop what was kept of an answer that is now given again."""
        ideas = tuple(idea for idea in self.session.ideas if idea not in text)
        goal = "" if asked.listens is Listens.GOAL else self.session.goal
        self.session = replace(self.session, ideas=ideas, goal=goal)

    def early(self, text: str, asked: Asked) -> None:
        """Keep what a message holds for questions still to come, so that they are not asked."""
        found = dict(asides.held(text))
        if wanted := asides.wanted(text):
            found.setdefault(Listens.GOAL, wanted)
        for each in questions.open_questions(self.template, self.session, self.view):
            if each.id == asked.id or each.listens not in found or each.listens not in EARLY:
                continue
            if each.listens is asked.listens and each.listens is not Listens.IDEA:
                continue
            words = found[each.listens]
            if each.listens is Listens.COMMITMENT:
                if self._phase_of(asked) in {Phase.OPTIONS, Phase.REALITY, Phase.GOAL}:
                    self.note_intention(words)
                continue
            if each.listens is Listens.IDEA and (asked.listens is Listens.IDEA or self.session.answer(each.id)):
                continue
            if len(words.split()) >= max(each.words, 4) and (
                words != text or asked.listens in {Listens.MOOD, Listens.EVENT}
            ):
                self.record(each, words, early=True)
                del found[each.listens]

    # ---- questions of the talk itself

    def _of_talk(self, asked: Asked, text: str) -> None:
        super().record(asked, text[:LONGEST_ANSWER])
        if asked.id == questions.WHO:
            self.session = replace(self.session, about=_called(self.named, text))
            person = next((each for each in self.view.people if self._is(each.name)), None)
            if person is not None:
                self.session = replace(self.session, person_id=person.id)
                self.people.append(person.id)
        elif asked.id == questions.STAY:
            if where("words/session_answers", "says", "stop").search(plain(text)) and not re.search(
                r"\b(?:don't|not) (?:want to )?stop\b", plain(text)
            ):
                if self.session.because is Because.REFUSED:
                    self.close(Because.REFUSED)
                else:
                    self.tell("paused")
                    self.session = replace(self.session, state=State.PAUSED, because=Because.ASKED)
                return
            self.session = replace(self.session, because=None)
        else:
            goal = next((each for _, each in self.template.questions if each.listens is Listens.GOAL), asked)
            self.record(goal, text)
            self._reflect(text)
        self.go_on()

    def _is(self, name: str) -> bool:
        about = self.session.about.casefold()
        return about in {name.casefold(), name.split()[0].casefold()}

    # ---- sentences that are looked over

    def _asked_anew(self, asked: Asked, text: str) -> bool:
        """Look over what has a purpose. True when it is to be said once more."""
        if not asked.purpose:
            return False
        if asked.listens is Listens.SENTENCE:
            return self._looked_over(asked, text)
        return asked.listens is Listens.BEHAVIOUR and self._concluded(asked, text)

    def _looked_over(self, asked: Asked, text: str) -> bool:
        """Look a proposed sentence over. True when the user should put it another way."""
        quoted = _QUOTED.search(straight(text))
        words = quoted[1] if quoted else text
        if not quoted and not _SPOKEN.search(plain(text)) and not self.session.tries and asked.smaller:
            self.session = replace(self.session, tries=1)
            self.ask(self.worded(replace(asked, text=asked.smaller)))
            return True
        found = sorted(
            linter.lint(words, Purpose(asked.purpose), self.texts), key=lambda each: each.warning.startswith("missing")
        )
        if self.session.tries > 1 or (self.session.tries and not found):
            left = next((each for each in found if not each.warning.startswith("missing")), None)
            if left:
                self.tell("lint_left", words=words[left.start : left.end].strip(" .,;")[:120])
            return False
        if not found:
            return False
        self.tell("lint", notes=list(dict.fromkeys(self._note(words, each) for each in found[:2])))
        self.session = replace(self.session, tries=2)
        self.ask_own("again", remember=False)
        return True

    def _note(self, words: str, warning: Warning) -> str:
        span = words[warning.start : warning.end].strip(" .,;")
        lacking = warning.warning.startswith("missing")
        rewrite = "" if lacking else warning.rewrite.strip(" .,;")
        left = [name for name in linter.names(rewrite, Purpose.APOLOGY) if not name.startswith("missing")]
        if left or checks.violations(rewrite, Context(part="draft")):  # it mends one thing and leaves another
            rewrite = ""
        return self.texts.render(
            "session/note.fixed", span="" if lacking else span[:140], why=warning.why, rewrite=rewrite
        )

    def _judged(self, text: str) -> str:
        """Return the sentence that judges someone instead of saying what was seen, "" when there is none.

        The linter knows what is said to someone's face, so "she is" is looked at as "you are".
        """
        even = straight(text)
        about = "|".join(re.escape(person.name.split()[0].casefold()) for person in self.view.people) or "he"
        for start, end in pieces(even):
            words = re.sub(rf"\b(?:he|she|they|{about})(?:'s| is| are|'re)\b", "you are", even[start:end].casefold())
            words = re.sub(rf"\b(?:he|she|they|{about}) (?:doesn't|don't)\b|\bdoesn't\b", "you don't", words)
            if _LINTED & set(linter.names(words, Purpose.FEEDBACK)):
                said = even[start:end].strip(" .,;!")
                return said if len(said.split()) <= 14 else quote(said)
        return ""

    def _concluded(self, asked: Asked, text: str) -> bool:
        """Ask once more for what was seen, where a conclusion was given. True when it was."""
        judged = "" if self.session.tries or not asked.smaller else self._judged(text)
        if not judged:
            return False
        self.tell("conclusion", words=judged)
        self.session = replace(self.session, tries=1)
        self.ask(self.worded(replace(asked, text=asked.smaller)))
        return True

    # ---- options and will

    def _principle(self, asked: Asked, text: str) -> None:
        self.record(asked, text)
        self.note_intention(text)
        if not self.session.intentions and len(text.split()) >= 6:
            self._reflect(text)
        self.go_on()

    def _obstacle(self, asked: Asked, text: str) -> None:
        nothing = asides.says_no(text) and len(text.split()) <= 6
        nothing = nothing or asides.move(text) in {Move.UNSURE, Move.REFUSE}
        super().record(asked, "" if nothing else text[:LONGEST_ANSWER], skipped=nothing)
        if not nothing and self.session.intentions:
            last = replace(self.session.intentions[-1], obstacle=text[:LONGEST_ANSWER])
            self.session = replace(self.session, intentions=(*self.session.intentions[:-1], last))
        self.go_on()

    def _another(self, asked: Asked, text: str) -> None:
        rest = re.sub(r"^\W*(?:yes|yeah|yep|sure|ok(?:ay)?|also|and)\b[\s,.:;–-]*", "", text, flags=re.IGNORECASE)
        no = asides.says_no(text) or asides.move(text) in {Move.END, Move.REFUSE, Move.UNSURE}
        if no and not asides.held(text).get(Listens.COMMITMENT):
            super().record(asked, "", skipped=True)
            self.go_on()
        elif len(rest.split()) >= 3:
            self.commit(rest, new=True)
        elif asides.says_yes(text):
            self.new_intention()
            self.ask_own("action")
        else:
            super().record(asked, text[:LONGEST_ANSWER])
            self.go_on()


def _goal(text: str) -> str:
    """Return the sentence that says what is wanted, else the first one."""
    even = straight(text)
    first = next((text[a:b] for a, b in pieces(even)), text)
    words = asides.held(text).get(Listens.GOAL, first).split()
    return " ".join(words[:LONGEST_GOAL]) + (" …" if len(words) > LONGEST_GOAL else "")


def _called(named: tuple[str, ...], text: str) -> str:
    """Return how someone is called: by a name in the answer, else by its words."""
    if named:
        return named[0]
    words = re.sub(r"^(?:it'?s |that'?s |about |with |my |it is |for )+", "", text.strip(" .!?"), flags=re.IGNORECASE)
    return " ".join(words.split()[:4]) or "them"
