"""A turn of a leader coaching session: read it as a chat turn is read, let the session answer, keep it, say it.

Knows the ports and the coaching core; names no vendor. The first event comes once the message and its effect are in the
journal. A commitment is kept as the step of a plan, so that Today, the calendar and the digest show it like any other.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from weakref import WeakValueDictionary

import anyio
from anyio import to_thread

from coach.domain.commitments import Commitment
from coach.domain.letters import pieces, plain
from coach.domain.moments import Landed
from coach.domain.plans import Outcome, RepairPlan
from coach.domain.readings import Reading
from coach.domain.sessions import Bound, Session, SessionTurn, State, Template, Told
from coach.domain.turns import Event, Finished, Piece, Read, Sources, Started
from coach.errors import BadInput, Conflict, NotFound
from coach.hearing.heard import Heard
from coach.hearing.listener import Listener
from coach.noticing import wording
from coach.noticing.follow_ups import Came
from coach.planning.resolution import advised, commitment_of, moved, plan_of
from coach.ports import Templates
from coach.safety import floor
from coach.safety.alarms import routed
from coach.sessions import advice, asides
from coach.sessions import summary as telling
from coach.sessions.asides import PLAIN, Move
from coach.sessions.message import answer, begin
from coach.sessions.recital import recited
from coach.sessions.records import Kept, Records
from coach.sessions.talk import Filled, Talk, View
from coach.sessions.worksheet import Form, form

log = logging.getLogger(__name__)

LONGEST_TEXT = 6_000
"""Characters of one answer."""

_TRIES = 8
"""So often an answer is given anew when one from another window, or another program, came first."""

Note = Callable[[Kept, str, Outcome, Came | None], Awaitable[object]]
"""Keeps an outcome and does what follows from it."""


class Sessions:
    """Holds sessions. One instance serves all users; what it keeps between turns is in the journal."""

    def __init__(
        self,
        records: Records,
        templates: Templates,
        note: Note,
        clock: Callable[[], datetime],
        listener: Listener | None = None,
    ) -> None:
        self._records, self.templates, self._note, self._clock, self._listener = (
            records,
            templates,
            note,
            clock,
            listener,
        )
        self._journal, self._knowledge, self._prompts = records.journal, records.knowledge, records.texts
        self._new_id = records.new_id
        self._locks: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    async def begin(self, user: str, kind: str, person_id: str | None, now: datetime) -> Session:
        """Start a session; its first turn holds the first question. Raises NotFound, BadInput."""
        template, since = self.templates.template(kind), await self._journal.generation(user)
        person = await self._journal.person(user, person_id) if person_id is not None else None
        if person is not None and template.bound is Bound.NONE:
            raise BadInput("This kind of session is about the whole team. Leave the person out.")
        about = wording.called(person.name) if person else ""
        session = Session(self._new_id(), kind, template.title, now, person_id, about)
        view = await self._records.view(user, session, now)
        said = await to_thread.run_sync(begin, Talk(template, session, view, self._prompts))
        kept = _with_turn(said, SessionTurn(self._new_id(), now, "", said.text, said.session.phase), ())
        await self._journal.keep_session(user, kept, since=since)
        return kept

    async def reply(
        self,
        user: str,
        session_id: str,
        text: str,
        now: datetime,
        move: Move | None = None,
        filled: Filled | None = None,
    ) -> AsyncIterator[Event]:
        """Yield the events of one turn, kept before the first. Raises BadInput or NotFound before it."""
        if move is None and not text.strip():
            raise BadInput("Say something, or choose skip, back, later or stop.")
        if len(text) > LONGEST_TEXT:
            raise BadInput(f"That is longer than {LONGEST_TEXT} characters. Say the part that matters most.")
        session, read = await self._answered(user, session_id, now, text, move, filled)
        yield Started(session.turns[-1].id, session_id)
        if read is not None:
            yield Read(read, session.person_id)
        for event in _spoken(session):
            yield event

    async def act(self, user: str, session_id: str, move: Move, now: datetime, filled: Filled | None = None) -> Session:
        """Do what was chosen instead of said, with what was filled in. Raises NotFound, BadInput."""
        return (await self._answered(user, session_id, now, "", move, filled))[0]

    async def form(self, user: str, session: Session, now: datetime) -> Form | None:
        """Return what stands under the question that waits: why it is asked, and what can be tapped."""
        template = self.template_of(session)
        if session.state is not State.OPEN or template is None:
            return None
        view = await self._records.view(user, session, now)
        return await to_thread.run_sync(form, Talk(template, session, view, self._prompts))

    async def session(self, user: str, session_id: str) -> Session:
        """Return one session."""
        return await self._journal.session(user, session_id)

    async def summary(self, user: str, session_id: str) -> str:
        """Return a session as Markdown."""
        session = await self._journal.session(user, session_id)
        plans = {}
        for each in session.intentions:
            with suppress(NotFound):
                plans[each.id] = await self._journal.plan(user, each.plan_id)
        return telling.summary(
            session, self.template_of(session), self._prompts, await self._journal.people(user), plans
        )

    def template_of(self, session: Session) -> Template | None:
        """Return the template a session goes by; None where an organisation has taken its own out since."""
        try:
            return self.templates.template(session.kind)
        except NotFound:
            return None

    # ---- one turn

    async def _answered(
        self, user: str, session_id: str, now: datetime, text: str, move: Move | None, filled: Filled | None
    ) -> tuple[Session, Reading | None]:
        """Let the session answer and keep it; where another answer came first, from where that one has led."""
        turn_id = self._new_id()
        async with self._locks.setdefault(f"{user}\n{session_id}", asyncio.Lock()):
            for _ in range(_TRIES):
                with suppress(Conflict):
                    return await self._once(user, session_id, turn_id, now, text, move, filled)
            return await self._once(user, session_id, turn_id, now, text, move, filled)

    async def _once(
        self, user: str, session_id: str, turn_id: str, now: datetime, text: str, move: Move | None,
        filled: Filled | None,
    ) -> tuple[Session, Reading | None]:  # fmt: skip
        """Let the session answer, and keep all of it: the turn, its commitments, what became of the last ones."""
        if move is None:
            self._knowledge.foresee(text)
        since = await self._journal.generation(user)
        before = await self._journal.session(user, session_id)
        if before.state is State.CLOSED:
            raise BadInput("This session is over. Start another when you like.")
        template = self.templates.template(before.kind)
        if move is None and template.instead and plain(text) == plain(template.tap):
            template = self.templates.template(template.instead)
        reader = self._listener.destination if self._listener else ""
        view = replace(await self._records.view(user, before, now), reader=reader)
        read = await self._read(text, view) if move is None else None
        talk = Talk(template, before, view, self._prompts, read)
        heard = await self._hear(user, turn_id, talk, text, read) if read else None
        read = heard.reading if heard else read
        said = await to_thread.run_sync(answer, replace(talk, read=read), text, move, filled, heard)
        kind, ms = (said.kind or read.kind) if read else None, max(0, int((self._clock() - now).total_seconds() * 1000))
        turn = SessionTurn(turn_id, now, text, said.text, said.session.phase, ms=ms, kind=kind)
        if heard is not None:
            turn = replace(turn, language_model=heard.by, replaced=heard.replaced)
        session = _with_turn(said, turn, before.turns)
        with anyio.CancelScope(shield=True):
            await self._look_back(user, before, session, now)
            plans, commitments = await to_thread.run_sync(self._taken, before, replace(said, session=session))
            await self._journal.keep_session(user, session, plans, commitments, before, since)
        return session, read

    async def _read(self, text: str, view: View) -> Reading:
        """Return the reading of an answer, on the route it takes in a session."""
        known, named = self._knowledge, bool(view.named(text))
        return await to_thread.run_sync(lambda: routed(floor.read(text, known), known, named=named))

    async def _hear(self, user: str, turn_id: str, talk: Talk, text: str, read: Reading) -> Heard | None:
        """Return what a language model hears; None where the form takes the message as it is."""
        if self._listener is None or not self._listener.destination or asides.move(text) in PLAIN:
            return None
        talked = recited(talk, text)
        return await self._listener.hear(user, turn_id, talked, read, talk.view.now) if talked else None

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
        badly = told.landed is Landed.HARMED  # how they took it: what was taken on for them is no harm done to them
        landed = Landed.INDIFFERENT if badly else told.landed
        outcome = Outcome(told.step_id, bool(told.happened), now, told.note or None, landed, told.on)
        done = Came.BADLY if badly else Came.WELL  # and nothing is waited for
        how = Came.LET_GO if told.let_go else done if told.happened else Came.NOT_YET
        await self._note(self._journal, user, outcome, how)
        if told.new_due is not None:
            plan = await self._journal.plan_with(user, told.step_id)
            commitments = {each.id for each in await self._journal.commitments(user, plan.id)}
            made = Commitment(told.step_id, plan.id, now, told.new_due)
            if told.step_id in commitments:
                await self._journal.change(user, Commitment, made.id, lambda it: replace(made, moved=it.moved))
            else:
                await self._journal.keep_commitment(user, made)

    def _taken(self, before: Session, said: Talk) -> tuple[list[RepairPlan], list[Commitment]]:
        """Return the plans and commitments of what was taken on just now, or changed."""
        after, view = said.session, said.view
        new = [each for each in after.intentions if each not in set(before.intentions)]
        made = advice.plan(said) if new else None
        plans = [advised(plan_of(it, after, view.now, self._prompts), it, after, made) for it in new]
        stands = {step.id: it.plan for it in view.earlier if it.plan for step in it.plan.steps}
        plans = [moved(stands[it.id], it) if it.id in stands else plan for it, plan in zip(new, plans, strict=True)]
        return plans, [commitment_of(each, view.now) for each in new]


def _with_turn(said: Talk, turn: SessionTurn, before: tuple[SessionTurn, ...]) -> Session:
    whole = replace(
        turn,
        asking=said.session.asking,
        people=tuple(dict.fromkeys(said.people)),
        moments=tuple(dict.fromkeys(said.moments)),
        citations=said.citations,
        asks=said.asks,
    )
    return replace(said.session, turns=(*before, whole))


def _spoken(session: Session) -> Iterator[Event]:
    """Say the message of the last turn, in pieces that together are its text."""
    turn = session.turns[-1]
    starts = [0, *(start for start, _ in pieces(turn.text)[1:])]
    for start, end in zip(starts, [*starts[1:], len(turn.text)], strict=True):
        yield Piece(turn.text[start:end])
    yield Sources(turn.citations)
    yield Finished(turn.id, turn.language_model, turn.ms, phase=session.phase.value)
