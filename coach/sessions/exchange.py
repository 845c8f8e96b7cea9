"""A turn of a leader coaching session: read it as a chat turn is read, let the session answer, keep it, say it.

Knows the ports and the coaching core; names no vendor. The first event comes once the message and its effect are in the
journal. A commitment is kept as the step of a plan, so that Today, the calendar and the digest show it like any other.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Protocol
from weakref import WeakValueDictionary

import anyio
from anyio import to_thread

from coach.domain.commitments import Commitment
from coach.domain.letters import pieces
from coach.domain.moments import Landed, Moment
from coach.domain.people import Person
from coach.domain.plans import Finding, Outcome, RepairPlan
from coach.domain.principles import Principle
from coach.domain.readings import Kind, Reading
from coach.domain.sessions import Bound, Session, SessionTurn, State, Template, Told
from coach.domain.turns import Event, Failed, Finished, Piece, Read, Sources, Started
from coach.errors import BadInput, CoachError, NotFound, places
from coach.noticing import patterns
from coach.noticing.follow_ups import Came
from coach.noticing.wording import finding_sentence
from coach.ports import Commitments, Knowledge, Moments, Outcomes, People, Plans, Templates, Texts
from coach.ports import Sessions as KeptSessions
from coach.safety import floor
from coach.sessions import summary as telling
from coach.sessions.alarms import routed
from coach.sessions.asides import Move
from coach.sessions.evidence import QUARTER
from coach.sessions.resolution import commitment_of, plan_of
from coach.sessions.retrospect import came_out
from coach.sessions.talk import answer, begin
from coach.sessions.view import Earlier, Said, View

log = logging.getLogger(__name__)

LONGEST_TEXT = 6_000
"""Characters of one answer."""

BACK = 3
"""How far back sessions are searched for commitments that are still open."""

_LANDED = {Came.WELL: Landed.HELPED, Came.NO_REPLY: Landed.INDIFFERENT, Came.BADLY: Landed.HARMED}


class Kept(People, Moments, Plans, Outcomes, Commitments, KeptSessions, Protocol):
    """The parts of a journal that a session reads and writes."""


Note = Callable[[Kept, str, Outcome, Came | None], Awaitable[object]]
"""Keeps an outcome and does what follows from it."""


@dataclass(frozen=True, slots=True)
class _Done:
    """One turn, kept: the session after it, what is said, and how it was read."""

    session: Session
    said: Said
    read: Reading | None


class Sessions:
    """Holds sessions. One instance serves all users; what it keeps between turns is in the journal."""

    def __init__(
        self,
        journal: Kept,
        knowledge: Knowledge,
        templates: Templates,
        prompts: Texts,
        new_id: Callable[[], str],
        note: Note,
        helps: Sequence[str],
        clock: Callable[[], datetime],
    ) -> None:
        self._journal, self._knowledge, self.templates = journal, knowledge, templates
        self._prompts, self._new_id, self._note, self._helps, self._clock = prompts, new_id, note, tuple(helps), clock
        self._locks: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    async def begin(self, user: str, kind: str, person_id: str | None, now: datetime) -> Session:
        """Start a session; its first turn holds the first question. Raises NotFound, BadInput."""
        template = self.templates.template(kind)
        person = await self._journal.person(user, person_id) if person_id is not None else None
        if person is not None and template.bound is Bound.NONE:
            raise BadInput("This kind of session is about the whole team. Leave the person out.")
        about = person.name.split()[0] if person else ""
        session = Session(self._new_id(), kind, template.title, now, person_id, about)
        view = await self._view(user, session, now)
        said = await to_thread.run_sync(lambda: begin(template, session, view, self._prompts))
        kept = _with_turn(said, SessionTurn(self._new_id(), now, "", said.text, said.session.phase), ())
        await self._journal.keep_session(user, kept)
        return kept

    async def reply(
        self, user: str, session_id: str, text: str, now: datetime, move: Move | None = None
    ) -> AsyncIterator[Event]:
        """Yield the events of one turn. Raises BadInput or NotFound before the first; later failures are events."""
        if move is None and not text.strip():
            raise BadInput("Say something, or choose skip, back or pause.")
        if len(text) > LONGEST_TEXT:
            raise BadInput(f"That is longer than {LONGEST_TEXT} characters. Say the part that matters most.")
        turn_id = self._new_id()
        lock = self._locks.setdefault(f"{user}\n{session_id}", asyncio.Lock())
        async with lock:
            done = await self._answered(user, session_id, text, now, move, turn_id)
            yield Started(turn_id, session_id)
            try:
                if done.read is not None:
                    yield Read(done.read, done.session.person_id)
                for event in _spoken(done):
                    yield event
            except CoachError as error:
                log.warning("a turn of a session failed: %s", places(error))
                yield Failed(str(error))
            except Exception as error:
                log.error("a turn of a session failed, unexpectedly: %s", places(error))
                yield Failed(self._prompts.render("failed.fixed"))

    async def act(self, user: str, session_id: str, move: Move, now: datetime) -> Session:
        """Do what was chosen instead of said: pause, resume, skip, back or end. Raises NotFound, BadInput."""
        async with self._locks.setdefault(f"{user}\n{session_id}", asyncio.Lock()):
            return (await self._answered(user, session_id, "", now, move, self._new_id())).session

    async def session(self, user: str, session_id: str) -> Session:
        """Return one session."""
        return await self._journal.session(user, session_id)

    async def summary(self, user: str, session_id: str) -> str:
        """Return a session as Markdown."""
        session = await self._journal.session(user, session_id)
        name = (await self._journal.person(user, session.person_id)).name if session.person_id else ""
        return telling.summary(session, self._template_of(session), self._prompts, name)

    def answered(self, session: Session, name: str) -> Sequence[tuple[str, str]]:
        """Return the questions that were answered with the answers; ``name`` where the session is about nobody."""
        return telling.answered(session, self._template_of(session), name)

    def _template_of(self, session: Session) -> Template | None:
        try:
            return self.templates.template(session.kind)
        except NotFound:  # an organisation's own, taken out since
            return None

    # ---- one turn

    async def _answered(
        self, user: str, session_id: str, text: str, now: datetime, move: Move | None, turn_id: str
    ) -> _Done:
        """Let the session answer, and keep all of it: the turn, its commitments, what became of the last ones."""
        if move is None:
            self._knowledge.foresee(text)
        before = await self._journal.session(user, session_id)
        if before.state is State.CLOSED:
            raise BadInput("This session is over. Start another when you like.")
        template = self.templates.template(before.kind)
        view = await self._view(user, before, now)
        read = await self._read(text, view) if move is None else None
        given = read or _NOTHING_SAID
        said = await to_thread.run_sync(lambda: answer(template, before, text, given, view, self._prompts, move))
        turn = SessionTurn(turn_id, now, text, said.text, said.session.phase, ms=self._since(now))
        turn = replace(turn, kind=said.kind if read else None)
        session = _with_turn(said, turn, before.turns)
        with anyio.CancelScope(shield=True):
            await self._look_back(user, before, session, now)
            plans, commitments = self._taken(before, session, now)
            await self._journal.keep_session(user, session, plans, commitments)
        return _Done(session, said, read)

    async def _read(self, text: str, view: View) -> Reading:
        """Return the reading of an answer, on the route it takes in a session."""
        known, named = self._knowledge, bool(view.named(text))
        return await to_thread.run_sync(lambda: routed(floor.read(text, known), known, named=named))

    async def _look_back(self, user: str, before: Session, after: Session, now: datetime) -> None:
        """Keep what became of earlier commitments, as the user told it."""
        known = {each.step_id: each for each in before.told}
        for told in after.told:
            if told == known.get(told.step_id) or told.step_id in after.looking:
                continue
            try:
                await self._keep_told(user, told, now)
            except NotFound:
                log.warning("a commitment that was looked back at is gone")

    async def _keep_told(self, user: str, told: Told, now: datetime) -> None:
        landed = _landed(told.note) if told.happened else None
        outcome = Outcome(told.step_id, bool(told.happened), now, told.note or None, landed)
        how = Came.LET_GO if told.let_go else None if told.happened else Came.NOT_YET
        await self._note(self._journal, user, outcome, how)
        if told.new_due is not None:
            plan = await self._journal.plan_with(user, told.step_id)
            commitments = {each.id: each for each in await self._journal.commitments(user, plan.id)}
            old = commitments.get(told.step_id)
            moved = old.moved if old else 0
            await self._journal.keep_commitment(user, Commitment(told.step_id, plan.id, now, told.new_due, moved))

    def _taken(self, before: Session, after: Session, now: datetime) -> tuple[list[RepairPlan], list[Commitment]]:
        """Return the plans and commitments of the intentions that have become whole, or changed."""
        known = set(before.taken_on)
        new = [each for each in after.taken_on if each not in known]
        return [plan_of(each, after, now, self._prompts) for each in new], [commitment_of(each, now) for each in new]

    # ---- what the journal shows

    async def _view(self, user: str, session: Session, now: datetime) -> View:
        people = await self._journal.people(user)
        since = now - timedelta(days=QUARTER)
        moments = await self._journal.moments_since(user, since, [person.id for person in people])
        return View(
            now=now,
            people=people,
            moments=moments,
            findings=self._findings(people, moments, now),
            earlier=await self._earlier(user, session),
            retrieve=lambda words: self._knowledge.retrieve(words, telling.RETRIEVED),
            principle=self._principle,
            new_id=self._new_id,
            helps=self._helps,
        )

    def _findings(
        self, people: Sequence[Person], moments: Sequence[Moment], now: datetime
    ) -> dict[str, Sequence[Finding]]:
        found: dict[str, Sequence[Finding]] = {}
        for person in people:
            theirs = [moment for moment in moments if moment.person_id == person.id]
            if len(theirs) >= patterns.FEWEST:
                sentence = finding_sentence(self._prompts, theirs)
                found[person.id] = patterns.findings(person, theirs, people, now, sentence)
        return found

    async def _earlier(self, user: str, session: Session) -> tuple[Earlier, ...]:
        """Return the commitments of earlier sessions that were not looked back at yet, oldest first."""
        every = [each for each in await self._journal.sessions(user, last=BACK + 1) if each.id != session.id]
        before = [each for each in every if each.started_at <= session.started_at][-BACK:]
        told = {it.step_id for each in before for it in each.told if not it.new_due}
        open_ = {each.id: each for each in await self._journal.commitments(user)}
        found = []
        for each in before:
            for intention in each.taken_on:
                outcome = await self._outcome(user, intention.plan_id, intention.id)
                closed = intention.id not in open_
                if (
                    intention.id in told
                    or (closed and outcome is None)
                    or (outcome and closed and each is not before[-1])
                ):
                    continue
                due = open_[intention.id].due if not closed else intention.due
                if due is None:
                    continue
                done = outcome if outcome and (outcome.happened or closed) else None
                words = telling.spoken(intention)
                found.append(Earlier(intention.id, words[:1].upper() + words[1:], due, intention.person_id, done))
        return tuple(found[-3:])

    async def _outcome(self, user: str, plan_id: str, step_id: str) -> Outcome | None:
        noted = await self._journal.outcomes(user, plan_id)
        return next((outcome for outcome in reversed(noted) if outcome.step_id == step_id), None)

    def _principle(self, principle_id: str) -> Principle | None:
        try:
            return self._knowledge.principle(principle_id)
        except NotFound:
            return None

    def _since(self, start: datetime) -> int:
        return max(0, int((self._clock() - start).total_seconds() * 1000))


def _with_turn(said: Said, turn: SessionTurn, before: tuple[SessionTurn, ...]) -> Session:
    whole = replace(
        turn,
        asking=said.session.asking,
        people=said.people,
        moments=said.moments,
        citations=said.citations,
        asks=said.asks,
    )
    return replace(said.session, turns=(*before, whole))


def _spoken(done: _Done) -> Iterator[Event]:
    """Say the message of a turn, in pieces that together are its text."""
    turn = done.session.turns[-1]
    starts = [0, *(start for start, _ in pieces(turn.text)[1:])]
    for start, end in zip(starts, [*starts[1:], len(turn.text)], strict=True):
        yield Piece(turn.text[start:end])
    yield Sources(done.said.citations)
    yield Finished(turn.id, turn.language_model, turn.ms, phase=done.session.phase.value)


def _landed(note: str) -> Landed | None:
    """Return how a step landed, where what they did says so."""
    came = came_out(note) or came_out(f"it {note}")
    return _LANDED.get(came) if came else None


_NOTHING_SAID = Reading("", Kind.LEADER_SESSION)
"""The reading of a move that was chosen."""
