"""Sessions with the real coach: real cards, templates and texts, a journal in a folder; and what each session owes.

Holds a session with a scripted leader, and names what is wrong with it. Judges form, never content.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from time import perf_counter

from coach.domain.moments import By, Channel, Landed, Moment
from coach.domain.people import Person, Relation
from coach.domain.sessions import Phase, Session, SessionTurn, State
from coach.domain.turns import Event, Failed, Piece
from coach.domain.violations import Context
from coach.planning.checks import violations
from coach.ports import Journal, KnowledgeBase
from coach.sessions.asides import Move
from coach.sessions.exchange import Sessions
from coach.sessions.worksheet import Form
from evals.leaders import Leader

NOW = datetime(2024, 5, 6, 9, 30, tzinfo=UTC)  # a Monday
USER = "me"
TEAM = ("Yusuf", "Lena", "Dana", "Kim", "Omar", "Ines", "Tariq", "Bea")


class Sitting:
    """One leader and their sessions. ``days`` of a call moves the clock on before it."""

    def __init__(self, journal: Journal, library: KnowledgeBase, coach: Sessions, user: str = USER) -> None:
        self.journal, self.library, self.coach, self.user, self.now = journal, library, coach, user, NOW
        self.session: Session | None = None
        self.events: list[Event] = []
        self.ms: list[float] = []

    @property
    def it(self) -> Session:
        assert self.session is not None
        return self.session

    @property
    def text(self) -> str:
        """What the coach said last."""
        return self.it.turns[-1].text

    async def begin(self, kind: str, person_id: str | None = None, days: int = 0) -> str:
        self.now += timedelta(days=days)
        self.session = await self.coach.begin(self.user, kind, person_id, self.now)
        return self.text

    async def form(self) -> Form:
        """Return what stands under the question that waits."""
        found = await self.coach.form(self.user, self.it, self.now)
        assert found is not None, "nothing stands there"
        return found

    async def say(self, text: str, *, days: int = 0) -> str:
        self.now += timedelta(days=days, minutes=1)
        started = perf_counter()
        self.events = [event async for event in self.coach.reply(self.user, self.it.id, text, self.now)]
        self.ms.append((perf_counter() - started) * 1000)
        assert not [event for event in self.events if isinstance(event, Failed)]
        self.session = await self.coach.session(self.user, self.it.id)
        assert "".join(event.text for event in self.events if isinstance(event, Piece)) == self.text
        return self.text

    async def act(self, move: Move, *, days: int = 0) -> str:
        self.now += timedelta(days=days, minutes=1)
        self.session = await self.coach.act(self.user, self.it.id, move, self.now)
        return self.text

    async def go(self, kind: str, lines: Sequence[str], person_id: str | None = None, days: int = 0) -> Session:
        """Hold a session with these answers, in order; what is left over when it closes is not said."""
        await self.begin(kind, person_id, days)
        for line in lines:
            if self.it.state is State.CLOSED:
                break
            await self.say(line)
        return self.it

    async def until(self, asking: str) -> None:
        """Skip questions until this one is put."""
        for _ in self.coach.templates.template(self.it.kind).questions:
            if self.it.asking == asking:
                return
            await self.say("skip")
        assert self.it.asking == asking, self.text

    async def lead(self, leader: Leader, most: int = 40) -> Session:
        """Hold a session with a scripted leader until it closes, or for so many turns."""
        await self.begin(leader.kind, leader.person)
        rest = itertools.cycle(leader.other)
        used: set[str] = set()
        for n in range(1, most + 1):
            rested = self.it.state is State.PAUSED and ("other" not in leader.answers or "other" in used)
            if self.it.state is State.CLOSED or rested:
                break
            if self.it.state is State.PAUSED:  # "Go on about another matter" is the one button there
                await self.act(Move.RESUME)
            await self.say(leader.says.get(n) or self._answer(leader, used) or self._kept() or next(rest))
        return self.it

    def _kept(self) -> str:
        """Keep what is offered; without a day, on the day after tomorrow."""
        if not (self.it.asking or "").startswith("offer:"):
            return ""
        return "keep" if self.it.offers[0].due else "On Wednesday"

    def _answer(self, leader: Leader, used: set[str]) -> str | None:
        """Answer by the question's id, else by what it listens for; each answer once."""
        asking = (self.it.asking or "other").partition(":")[0]
        if asking == "happened":
            return "None of these"
        template = self.coach.templates.template(self.it.kind)
        listens = next((str(asked.listens) for asked in template.questions if asked.id == asking), "")
        names = ["again"] if self.it.tries > 1 else []
        if asking == "offer" and self.it.offers[0].due:
            return None
        for name in (*names, asking, listens):
            if name in leader.answers and name not in used:
                used.add(name)
                return leader.answers[name]
        return None

    async def knows(self, *names: str, relation: Relation = Relation.REPORT, remote: bool | None = None) -> None:
        for name in names:
            await self.journal.add_person(
                self.user, Person(name.casefold(), name, NOW - timedelta(days=200), relation=relation, remote=remote)
            )

    async def noted(
        self, who: str, days_ago: int, what: str, landed: Landed = Landed.HELPED, channel: Channel = Channel.IN_PERSON
    ) -> str:
        at = self.now - timedelta(days=days_ago)
        id_ = f"m-{who}-{at:%Y%m%d}-{abs(hash(what)) % 1000}"
        await self.journal.add_moment(self.user, Moment(id_, who.casefold(), at, channel, By.ME, what, landed, at))
        return id_


async def fill(sitting: Sitting) -> None:
    """Keep a quarter of a team of eight: seven with good moments, Yusuf with none for two months and two lost talks."""
    await sitting.knows(*TEAM[:4])
    await sitting.knows(*TEAM[4:], remote=True)
    for n, name in enumerate(TEAM):
        if name != "Yusuf":
            await sitting.noted(name, 5 + n, "I asked how the week was and listened")
            await sitting.noted(name, 40 + n, "I thanked them for the report")
    cool, meeting = Landed.INDIFFERENT, Channel.MEETING
    await sitting.noted("Yusuf", 60, "I thanked Yusuf for the handover")
    await sitting.noted("Yusuf", 20, "I cancelled our one-to-one ten minutes before, the budget was due", cool, meeting)
    await sitting.noted("Yusuf", 8, "I moved our one-to-one to next week", cool, meeting)


# ---- what holds for every session


def asked(text: str) -> list[str]:
    """The questions put in a message: those outside quotation marks."""
    bare = re.sub(r"“[^”]*”", " ", text)
    return [each.strip() for each in re.findall(r"[^.?!\n]*\?", bare)]


def transcript(session: Session) -> str:
    lines = [f"# {session.title} · {session.state.value} · {session.because or ''}"]
    for turn in session.turns:
        if turn.said:
            lines.append(f"\nLEADER: {turn.said}")
        lines.append(f"\nCOACH [{turn.phase.value}]: {turn.text}")
    return "\n".join(lines)


def problems(session: Session, library: KnowledgeBase, people: Sequence[str] = TEAM) -> list[str]:
    """What a session owes and does not give."""
    found: list[str] = []
    put: list[str] = []
    words: list[str] = []
    for turn in session.turns:
        words.append(turn.said)
        questions = asked(turn.text)
        if len(questions) > 2:
            found.append(f"{len(questions)} questions in one message")
        found += [f"asked twice: {each}" for each in questions if each in put]
        put += questions
        found += [f"violation {name}: {turn.text}" for name in broken(turn, words, library, people)]
        if "None" in turn.text or "{" in turn.text or "  " in turn.text:
            found.append(f"raw: {turn.text}")
        for citation in turn.citations:
            if citation.quote not in library.principle(citation.principle).text or citation.quote not in turn.text:
                found.append("a quote is not the card's")
    early = [turn for turn in session.turns if turn.phase not in {Phase.WILL, Phase.CLOSE} and turn.asking]
    asking = [turn for turn in early if turn.asks]
    if early and len(asking) * 3 < len(early) * 2:
        found.append(f"{len(asking)} of {len(early)} messages ask or reflect")
    if session.state is State.CLOSED and not session.intentions and session.because is None:
        found.append("closed with nothing and no reason")
    if session.state is State.OPEN:
        found.append("not closed")
    found += ["a commitment lies in the past" for each in session.intentions if each.due and each.due < NOW.date()]
    return found


def broken(turn: SessionTurn, said: Sequence[str], library: KnowledgeBase, people: Sequence[str]) -> list[str]:
    """The names of what must not be said in a message; what was said and the cards may be quoted."""
    if turn.kind is not None and turn.phase is Phase.ARRIVE and not turn.asking:
        return []
    cards = [library.principle(citation.principle).text for citation in turn.citations]
    context = Context(people=tuple(people), quotes=(*said, *cards), known=tuple(said))
    return [violation.name for violation in violations(turn.text, context)]
