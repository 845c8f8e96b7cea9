"""The base of every turn of a session: the session so far, what is said, and the question that is put. Pure."""

from __future__ import annotations

from dataclasses import replace

from coach.domain.principles import Citation, Principle
from coach.domain.readings import Kind, Reading
from coach.domain.sessions import Asked, Because, Given, Listens, Part, Phase, Session, State, Template
from coach.ports import Texts
from coach.sessions import questions, summary
from coach.sessions.questions import Next
from coach.sessions.view import View


class Putting:
    """The session as it goes on, and what is said."""

    def __init__(self, template: Template, session: Session, view: View, texts: Texts, read: Reading | None) -> None:
        self.template, self.session, self.view, self.texts, self.read = template, session, view, texts, read
        self.parts: list[Part] = []
        self.citations: list[Citation] = []
        self.people: list[str] = []
        self.moments: list[str] = []
        self.kind: Kind | None = None

    @property
    def named(self) -> tuple[str, ...]:
        """The names in the message."""
        return self.view.named(self.read.text) if self.read else ()

    def say(self, role: str, text: str) -> None:
        """Say something. ``role``: reflect, tell or ask."""
        if text:
            self.parts.append(Part(role, text))

    def tell(self, which: str, **values: object) -> None:
        """Say one of the short remarks."""
        self.say("tell", self.texts.render("session/remark.fixed", which=which, **values))

    def point(self, which: str, **values: object) -> None:
        """Point to a question that was put before."""
        self.say("ask", self.texts.render("session/remark.fixed", which=which, **values))

    def ask(self, text: str) -> None:
        """Ask a question; one that this session has asked before is only pointed to."""
        if any(text in turn.text for turn in self.session.turns):
            self.point("again", question=text)
        else:
            self.say("ask", text)

    def worded(self, asked: Asked) -> str:
        """Return a question as it is put to this user."""
        return asked.text.replace("{name}", self.session.about or "them")

    def put(self, nxt: Next) -> None:
        """Put a question; one that was put before is only pointed to."""
        asked = nxt.asked
        again = asked.id in self.session.asked
        self.session = replace(
            self.session, phase=nxt.phase, asking=asked.id, asked=(*self.session.asked, asked.id), tries=int(again)
        )
        if again and asked.listens is Listens.ANOTHER:
            self.ask(self.texts.render("session/ask.fixed", which="more", second=True))
        elif again:
            self.point("again", question=self.worded(asked))
        else:
            self.ask(self.worded(asked))

    def hold(self) -> None:
        """Point to the question that waits, without asking it again."""
        waits = questions.waiting(self.template, self.session, self.texts)
        if waits is None:
            self.go_on()
            return
        question = waits.asked.bare if self._put_bare(waits.asked) else waits.asked.text
        text = self.worded(replace(waits.asked, text=question))
        self.point("hold", question=text, variant=min(max(0, self.session.strays - 1), 2))

    def _put_bare(self, asked: Asked) -> bool:
        return bool(asked.bare) and any(asked.bare in turn.text for turn in self.session.turns)

    def record(self, asked: Asked, text: str, *, skipped: bool = False, early: bool = False) -> None:
        """Keep an answer."""
        kept = questions.without(self.session.answers, asked.id)
        self.session = replace(
            self.session, answers=(*kept, Given(asked.id, text, skipped, early)), asking=None, tries=0, strays=0
        )

    def go_on(self, *, act: bool = False) -> None:
        """Put the next question with what belongs before it, or close. ``act``: a principle comes with a small act."""
        nxt = questions.following(self.template, self.session, self.view, self.texts)
        if nxt is None:
            self.close(Because.NO_TIME if self.session.hurried else Because.NOTHING_FITS)
            return
        match nxt.asked.listens:
            case Listens.OUTCOME:
                self._before_look(nxt)
            case Listens.EVIDENCE:
                nxt = self._before_evidence(nxt)
            case Listens.PRINCIPLE:
                if not self._before_principle(act=act):
                    self.record(nxt.asked, "", skipped=True)
                    self.go_on()
                    return
            case Listens.COMMITMENT if self.session.intentions and nxt.asked.id not in self.session.asked:
                self.session = replace(self.session, phase=Phase.WILL, asked=(*self.session.asked, nxt.asked.id))
                self.ask_missing()
                return
            case _:
                pass
        self.put(nxt)

    def ask_missing(self) -> None:
        """Ask for what an intention lacks."""
        raise AssertionError("an intention is asked about by Committing")

    def _before_look(self, nxt: Next) -> None:
        step_id = nxt.asked.id.split(":")[1]
        earlier = next((each for each in self.view.earlier if each.step_id == step_id), None)
        if earlier is None or nxt.asked.id in self.session.asked:
            return
        first = not any(id_.startswith(questions.LOOK) for id_ in self.session.asked)
        if first:
            self._known_outcomes()
        self.tell("look" if first else "look_next", day=summary.day(earlier.due), words=earlier.words.rstrip("."))
        if earlier.person_id:
            self.people.append(earlier.person_id)

    def _known_outcomes(self) -> None:
        for each in self.view.earlier:
            if each.outcome is not None and each.outcome.happened:
                self.tell("known_done", words=each.words.rstrip("."), note=each.outcome.note or "")

    def _before_evidence(self, nxt: Next) -> Next:
        if nxt.asked.id in self.session.asked:
            return nxt
        told, shows = summary.facts(self.session, self.template, self.view, self.texts)
        self.say("tell", told.text)
        self.people += told.people
        self.moments += told.moments
        return nxt if shows or not nxt.asked.bare else replace(nxt, asked=replace(nxt.asked, text=nxt.asked.bare))

    def _before_principle(self, *, act: bool) -> bool:
        card = summary.chosen(self.template, self.session, self.view)
        worded = self._principled(card, act=act) if card else None
        if worded is None:
            return False
        self.say("tell", worded[0])
        self.citations += worded[1]
        return True

    def _principled(self, card: Principle, *, act: bool) -> tuple[str, tuple[Citation, ...]] | None:
        return summary.principle(card, self.template, self.session, self.view, self.texts, act=act)

    def close(self, because: Because) -> None:
        """End the session, with its commitments or the reason why there are none."""
        taken = self.session.taken_on
        self.session = replace(
            self.session, intentions=taken, state=State.CLOSED, phase=Phase.CLOSE, asking=None,
            finished_at=self.view.now, because=None if taken else self.session.because or because,
        )  # fmt: skip
        self.people += [each.person_id for each in taken if each.person_id]
        self.say("tell", summary.closing(self.session, self.texts))
