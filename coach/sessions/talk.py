"""One message in a session: what it does to the talk, what it answers, and what the coach says next. Pure.

Knows the order of things: ``asides`` hears what a message holds, ``intake`` takes answers, ``summary`` tells what the
journal shows, and ``questions`` chooses the next question.
"""

from __future__ import annotations

from dataclasses import replace

from coach.domain.readings import Kind, Reading
from coach.domain.sessions import Because, Listens, Phase, Session, State, Template
from coach.errors import BadInput
from coach.ports import Texts
from coach.rows import where
from coach.safety import orders, routes
from coach.sessions import asides, questions, summary
from coach.sessions.asides import Move
from coach.sessions.pause import Resting
from coach.sessions.questions import Next
from coach.sessions.view import Said, View

FEWEST_FAIR = 4
"""How many words next to orders to a machine still make an answer."""

FEWEST_TOLD = 8
"""How many words it takes for someone angry or in tears to have told something as well."""

MOST_STRAYS = 3
"""Messages that answer nothing, after which the session rests."""

_ONLY_ANSWERS = {
    Listens.ANOTHER: {Move.REFUSE, Move.END, Move.UNSURE, Move.TELL_ME},
    Listens.OUTCOME: {Move.REFUSE, Move.UNSURE, Move.END, Move.HURRY, Move.CHANGE},
    Listens.OBSTACLE: {Move.REFUSE, Move.UNSURE, Move.HURRY, Move.PAUSE},
}
"""What would be a move elsewhere and is an answer to these."""


def begin(template: Template, session: Session, view: View, texts: Texts) -> Said:
    """Return the opening of a session: what it is, and the first question."""
    looking = tuple(each.step_id for each in view.earlier if each.outcome is None and each.due <= view.today)
    talk = Talk(template, replace(session, looking=looking), view, texts, None)
    talk.tell("open", title=template.title, minutes=template.minutes)
    talk.go_on()
    return talk.said()


def answer(
    template: Template, session: Session, text: str, read: Reading, view: View, texts: Texts, move: Move | None = None
) -> Said:
    """Return what comes of a message. ``move``: chosen instead of said. Raises BadInput for a closed session."""
    if session.state is State.CLOSED:
        raise BadInput("This session is over. Start another when you like.")
    talk = Talk(template, session, view, texts, read)
    talk.hear(text, move)
    return talk.said()


class Talk(Resting):
    """One message. Its parts are gathered as it goes on."""

    # ---- what a message does to the talk

    def hear(self, text: str, move: Move | None) -> None:
        """Take a message in."""
        if move is None and self.stopped(text):
            return
        if self.session.state is State.PAUSED:
            if move is Move.PAUSE:
                self.tell("paused")
                return
            rest = self.resumed(text, move)
            if rest is None:
                return
            text, move = rest
        if move is None and self.read is not None and self.read.orders and asides.move(text) is not Move.BOT:
            text = orders.without_orders(text).replace(orders.LEFT_OUT, " ").strip()
            self.tell("injection")
            if len(text.split()) < FEWEST_FAIR:
                self._stray()
                return
        waits = questions.waiting(self.template, self.session, self.texts)
        found = move or asides.move(text)
        if move is None and waits and found in _ONLY_ANSWERS.get(waits.asked.listens, set()):
            found = None
        if found is None and self._elsewhere():
            self._stray()
            return
        if found is not None and self._moved(found, text, waits):
            return
        if waits is None:
            self.go_on()
            return
        self.take(waits, text)

    def _elsewhere(self) -> bool:
        """Answer a message that does not belong here: another language, another matter. True when it was answered."""
        if self.read is None or self.read.orders:
            return False
        if self.read.kind is Kind.NOT_ENGLISH:
            self.say("tell", routes.said(self.read, self.texts, self.view.helps))
        elif self.read.kind is Kind.OFF_TOPIC:
            self.tell("off_topic")
        else:
            return False
        return True

    def _moved(self, move: Move, text: str, waits: Next | None) -> bool:
        """Do what a message asks of the talk; False when it is to be taken as an answer as well."""
        match move:
            case Move.PAUSE:
                self.session = replace(self.session, state=State.PAUSED, because=Because.ASKED)
                self.tell("paused")
            case Move.END:
                self.close(Because.NO_TIME if self.session.hurried else Because.ASKED)
            case Move.SKIP:
                self._skip(waits)
            case Move.BACK:
                self._back()
            case Move.CHANGE:
                self._change(text, waits)
            case Move.REFUSE:
                self._refused(waits)
            case Move.HURRY:
                return self._hurried(text, waits)
            case Move.WHY | Move.RANK | Move.BOT:
                self.tell(move.value)
                self.hold()
            case Move.REPEAT:
                self._smaller(waits)
            case Move.UNSURE | Move.TELL_ME:
                return self._unsure(move, waits)
            case Move.TEARS | Move.ANGER:
                return self._moved_by(move, text, waits)
        return True

    def _skip(self, waits: Next | None) -> None:
        if waits is None:
            self.go_on()
            return
        if waits.phase is Phase.WILL and waits.asked.listens is Listens.COMMITMENT:
            self.nothing_taken(Because.NOTHING_FITS)
            return
        self.tell("skip")
        self.record(waits.asked, "", skipped=True)
        self.go_on()

    def _back(self) -> None:
        before = questions.previous(self.template, self.session)
        if before is None:
            self.tell("no_back")
            self.hold()
            return
        given = self.session.answer(before.id)
        words = given.text if given else ""
        self.session = replace(
            self.session, answers=questions.without(self.session.answers, before.id), asking=before.id, tries=1,
            phase=next(phase for phase, asked in self.template.questions if asked.id == before.id),
        )  # fmt: skip
        if words and not (given and given.skipped):
            self.forget(words, before)
            self.point("back", question=self.worded(before), words=words[:160])
        else:
            self.point("back_bare", question=self.worded(before))

    def _change(self, text: str, waits: Next | None) -> None:
        rest = where("words/sessions", "of", "taken_back").sub("", text, count=1).strip()
        before = questions.previous(self.template, self.session)
        if len(rest.split()) < 2 or before is None:
            self._back()
            return
        given = self.session.answer(before.id)
        if given:
            self.forget(given.text, before)
        self.tell("changed", words=rest[:160])
        if before.listens in {Listens.COMMITMENT, Listens.OBSTACLE, Listens.ANOTHER} and self.session.intentions:
            self.correct(rest)
            return
        self.session = replace(self.session, answers=questions.without(self.session.answers, before.id))
        self.record(before, rest)
        if waits:
            self.session = replace(self.session, asking=waits.asked.id)
        self.hold()

    def _refused(self, waits: Next | None) -> None:
        if questions.STAY in self.session.asked:
            self.close(Because.REFUSED)
            return
        if waits and waits.phase is Phase.WILL and waits.asked.listens is Listens.COMMITMENT:
            self.nothing_taken(Because.REFUSED)
            return
        self.tell("refuse")
        self.session = replace(self.session, because=Because.REFUSED)
        self.put(questions.own(questions.STAY, self.session, self.texts))

    def _hurried(self, text: str, waits: Next | None) -> bool:
        if self.session.hurried or (waits and waits.phase is Phase.WILL):
            return False
        self.session = replace(self.session, hurried=True)
        if waits and len(text.split()) >= 2 * FEWEST_TOLD:
            self.early(text, waits.asked)
        left = [fact for fact in summary.shown(self.session, self.template, self.view) if fact.people]
        self.people += [fact.people[0].id for fact in left[:1]]
        name = summary.named(left[0].people[:1]) if left and left[0].name in {"left_out", "nothing_noted"} else ""
        self.tell("hurry", person=name)
        self.go_on()
        return True

    def _unsure(self, move: Move, waits: Next | None) -> bool:
        if waits is None:
            return False
        asked = waits.asked
        if waits.phase is Phase.WILL and asked.listens is Listens.COMMITMENT:
            self.offer()
        elif (move is Move.TELL_ME and waits.phase is Phase.OPTIONS) or asked.listens is Listens.PRINCIPLE:
            for each in questions.open_questions(self.template, self.session, self.view):
                if each.listens is Listens.IDEA:
                    self.record(each, "", skipped=True)
            self.record(asked, "", skipped=True)
            self.go_on(act=True)
        elif asked.smaller and self.session.tries == 0:
            self._smaller(waits)
        else:
            self.tell("unsure")
            self.record(asked, "", skipped=True)
            self.go_on()
        return True

    def _smaller(self, waits: Next | None) -> None:
        """Put the question once more in other words, else quote it."""
        if waits and waits.asked.smaller and self.session.tries == 0:
            self.session = replace(self.session, tries=1)
            self.ask(self.worded(replace(waits.asked, text=waits.asked.smaller)))
        else:
            self.hold()

    def _moved_by(self, move: Move, text: str, waits: Next | None) -> bool:
        """Tears and anger come first; what was told with them is an answer all the same."""
        told = len(text.split()) >= FEWEST_TOLD and waits is not None
        if move is Move.ANGER:
            self.tell("anger")
            if not told:
                self.hold()
            return not told
        if questions.STAY in self.session.asked:
            return False
        self.tell("tears")
        if told and waits:
            self.record(waits.asked, text)
            self.early(text, waits.asked)
        self.put(questions.own(questions.STAY, self.session, self.texts))
        return True

    def _stray(self) -> None:
        """A message that answers nothing: the question stands; after a few the session rests."""
        self.session = replace(self.session, strays=self.session.strays + 1)
        if self.session.strays >= MOST_STRAYS:
            self.session = replace(self.session, state=State.PAUSED, because=Because.ELSEWHERE)
            self.tell("paused")
            return
        self.hold()

    # ---- the end of a turn

    def said(self) -> Said:
        """Return what came of it, each part looked over."""
        return Said(
            self.session,
            tuple(part for part in self.parts if part.text),
            tuple(self.citations),
            tuple(dict.fromkeys(self.people)),
            tuple(dict.fromkeys(self.moments)),
            self.kind or (self.read.kind if self.read else None),
        )
