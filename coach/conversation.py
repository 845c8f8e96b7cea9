"""One turn, in the order that ``coach/__init__.py`` tells, and what makes a chain of turns a conversation.

Knows the ports and the coaching core; names no vendor. Whatever happens after the first event, the user's words and the
part of the reply that was said are kept.
"""

from __future__ import annotations

import logging
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Sequence
from contextlib import aclosing
from dataclasses import replace
from datetime import datetime, timedelta

import anyio
from anyio import to_thread

from coach.coaching import patterns, planner, reading, replies
from coach.coaching.followups import Ask
from coach.coaching.remembering import Memory
from coach.domain.moments import Moment
from coach.domain.people import Person
from coach.domain.plans import Finding, RepairPlan
from coach.domain.principles import Match, Principle
from coach.domain.readings import Reading, Route
from coach.domain.turns import (
    Conversation as Thread,
)
from coach.domain.turns import (
    Event,
    Failed,
    Finished,
    Piece,
    Planned,
    Read,
    Sources,
    Started,
    Turn,
)
from coach.errors import BadInput, CoachError, NotFound
from coach.ports import Journal, KnowledgeBase, Likeness
from coach.prompts import Prompts
from coach.speaking import Brief, Spoken, Voice

log = logging.getLogger(__name__)

LONGEST_TEXT = 20_000
"""Characters of one message; a long pasted thread fits, a book does not."""

RETRIEVED = 10
SUPPORT = ("apology-parts", "ask-dont-imagine", "sbi", "if-then-plans")
_OPEN_FOR = timedelta(days=30)


class Conversation:
    """Answers turns. One instance serves all users; it holds no state of its own."""

    def __init__(
        self,
        journal: Journal,
        knowledge: KnowledgeBase,
        likeness: Likeness,
        prompts: Prompts,
        new_id: Callable[[], str],
        helps: Sequence[str] = (),
        clock: Callable[[], datetime] | None = None,
        voice: Voice | None = None,
    ) -> None:
        self._journal, self._knowledge, self._likeness = journal, knowledge, likeness
        self._prompts, self._new_id, self._helps, self._clock = prompts, new_id, tuple(helps), clock
        self._voice = voice

    async def reply(
        self, user: str, text: str, now: datetime, *, conversation_id: str | None = None, person_id: str | None = None
    ) -> AsyncIterator[Event]:
        """Yield the events of one turn. Raises BadInput or NotFound before the first; later failures are events."""
        memory, turn = await self._begin(user, text, now, conversation_id, person_id)
        said: list[str] = []
        spoken = Spoken()
        try:
            yield Started(turn.id, turn.conversation_id)
            async with aclosing(self._answer(user, turn, memory, now)) as events:
                async for event in events:
                    turn = _with(turn, event, said)
                    if isinstance(event, Spoken):
                        spoken = event
                    else:
                        yield event
            turn = replace(turn, reply="".join(said), complete=True, ms=self._since(now))
            await self._journal.keep_turn(user, turn)
            yield _finished(turn, spoken)
        except CoachError as error:
            yield Failed(str(error))
        except Exception as error:
            log.exception("turn %s failed: %s", turn.id, type(error).__name__, exc_info=False)
            yield Failed(self._prompts.render("failed.fixed"))
        finally:
            if not turn.complete:
                with anyio.CancelScope(shield=True):
                    await self._journal.keep_turn(user, replace(turn, reply="".join(said), ms=self._since(now)))

    async def plan(self, user: str, person_id: str, text: str | None, now: datetime) -> RepairPlan:
        """Return a plan for a person, from a text or their last moments, and keep it. Raises NotFound, BadInput."""
        person = await self._journal.person(user, person_id)
        moments = await self._journal.moments(user, person_id)
        words = (text or "").strip() or "\n".join(moment.what for moment in moments[-3:])
        if not words:
            raise BadInput("There are no moments with this person yet. Log one, or say what happened.")
        seen = await to_thread.run_sync(lambda: reading.read(words, self._likeness, [person]))
        if seen.route is not Route.IN_SCOPE:
            raise BadInput(self._prompts.render("no_plan.fixed", route=seen.route.value))
        made = await self._plan(user, replace(seen, moments=seen.moments if text else ()), person, moments, now, None)
        await self._journal.keep_plan(user, made)
        return made

    # ---- the steps of a turn

    async def _begin(
        self, user: str, text: str, now: datetime, conversation_id: str | None, person_id: str | None
    ) -> tuple[Memory, Turn]:
        if not text.strip():
            raise BadInput("Say what happened, in a sentence or two.")
        if len(text) > LONGEST_TEXT:
            raise BadInput(f"That is longer than {LONGEST_TEXT} characters. Paste the part that matters most.")
        if person_id is not None:
            await self._journal.person(user, person_id)
        if conversation_id is None:
            thread = Thread(self._new_id(), _title(text), now, person_id)
            await self._journal.add_conversation(user, thread)
            memory = Memory((), person_id)
        else:
            thread = await self._journal.conversation(user, conversation_id)
            memory = Memory(tuple(await self._journal.turns(user, conversation_id)), person_id or thread.person_id)
        turn = Turn(self._new_id(), thread.id, now, text, prompts=self._prompts.fingerprint)
        await self._journal.keep_turn(user, turn)
        return memory, turn

    async def _answer(self, user: str, turn: Turn, memory: Memory, now: datetime) -> AsyncGenerator[Event | Spoken]:
        people = await self._journal.people(user)
        read = await to_thread.run_sync(lambda: reading.read(turn.said, self._likeness, people))
        asks = replies.asked(turn.said, read, memory.last_read)
        before = memory.last_in_scope
        read = await to_thread.run_sync(lambda: replies.in_context(read, before, asks, self._likeness))
        if read.route not in {Route.IN_SCOPE, Route.OFF_TOPIC}:
            asks = None
        read = replies.carried(read, memory.last_read, asks, turn.said)
        read = replies.still(read, memory.last.reading if memory.last else None, asks)
        person = _person(read, people, memory.person_id)
        yield Read(read, person.id if person else None)
        if read.route is not Route.IN_SCOPE and not (asks and read.route is Route.OFF_TOPIC):
            async for event in self._elsewhere(user, turn, read, memory, now):
                yield event
            return
        if asks is not None and asks is not Ask.CORRECTION:
            async for event in self._follow_up(user, turn, asks, read, person, memory, now):
                yield event
            return
        moments = await self._journal.moments(user, person.id) if person else ()
        made = await self._plan(user, read, person, moments, now, turn, memory.rejected)
        earlier = await self._open_plan(user, made, memory, now) if asks is not Ask.CORRECTION else None
        times = 1 + sum(1 for old in memory.turns if old.plan and earlier and old.plan.id == earlier.id)
        plan = earlier or made
        if earlier is None:
            await self._journal.keep_plan(user, plan)
        yield Planned(plan, continued=earlier is not None)
        text = replies.to_plan(read, plan, self._prompts, times if earlier else 0, corrected=asks is Ask.CORRECTION)
        async for said in self._worded(user, turn, read, plan, text, people, fresh=earlier is None):
            yield said

    async def _worded(
        self,
        user: str,
        turn: Turn,
        read: Reading,
        plan: RepairPlan,
        text: str,
        people: Sequence[Person],
        *,
        fresh: bool,
    ) -> AsyncGenerator[Event | Spoken]:
        """The reply beside a plan: as it is, or worded by the language model line by line. What it worded is kept."""
        if self._voice is None:
            for piece in replies.pieces(text):
                yield Piece(piece)
            yield Sources(plan.citations)
            return
        brief = Brief(user, turn.id, read, plan, text, self._voice.deadline(), people, fresh)
        async with self._voice.speech(brief) as speech:
            async with aclosing(speech.pieces()) as pieces:
                async for piece in pieces:
                    yield Piece(piece)
            yield Sources(plan.citations)
            spoken = await speech.finish()
        if spoken.plan is not None:
            await self._journal.keep_plan(user, spoken.plan)
        yield spoken

    async def _elsewhere(
        self, user: str, turn: Turn, read: Reading, memory: Memory, now: datetime
    ) -> AsyncGenerator[Event]:
        """Harm, what is declined, off topic, orders: no plan for it; the fair part of a mixed message is served."""
        before = memory.last.reading if memory.last else None
        for piece in replies.pieces(replies.elsewhere(read, self._prompts, self._helps, before)):
            yield Piece(piece)
        fair = await to_thread.run_sync(lambda: replies.fair_part(read, self._likeness))
        if fair is None:
            yield Sources(())
            return
        made = await self._plan(user, fair, None, (), now, turn)
        await self._journal.keep_plan(user, made)
        yield Planned(made)
        for piece in replies.pieces("\n\n" + replies.beside(read, fair, made, self._prompts)):
            yield Piece(piece)
        yield Sources(made.citations)

    async def _follow_up(
        self, user: str, turn: Turn, asks: Ask, read: Reading, person: Person | None, memory: Memory, now: datetime
    ) -> AsyncGenerator[Event]:
        subject, plan = memory.subject(read)
        moments = await self._journal.moments(user, person.id) if person else ()
        findings = self._findings(person, moments, (), now)
        next_plan = None
        if plan is not None and asks in replies.REPLANNED and subject is not None:
            rejected = [step.action for step in plan.steps[:1]]
            tried = [*memory.rejected, *rejected, *replies.ruled_out(turn.said, plan)]
            next_plan = await self._plan(user, subject, person, moments, now, turn, tried)
            await self._journal.keep_plan(user, next_plan)
            yield Planned(next_plan)
        text = replies.follow_up(asks, read, plan, next_plan, moments, findings, self._prompts, subject)
        for piece in replies.pieces(text):
            yield Piece(piece)
        yield Sources((next_plan or plan).citations if (next_plan or plan) and asks in replies.SOURCED else ())  # type: ignore[union-attr]

    async def _plan(
        self,
        user: str,
        read: Reading,
        person: Person | None,
        moments: Sequence[Moment],
        now: datetime,
        turn: Turn | None,
        tried: Sequence[str] = (),
    ) -> RepairPlan:
        found = self._findings(person, moments, await self._journal.people(user) if person else (), now)
        failed = [*tried, *(await self._tried(user, person))]

        def work() -> RepairPlan:
            matches = self._knowledge.retrieve(read.text, read, RETRIEVED)
            support = self._support()
            situation = planner.Situation(
                read, matches, now, turn.id if turn else None, person, moments, found, support, failed
            )
            return replies.checked(
                planner.plan(situation, self._prompts, self._new_id), _retrieved(matches, support), read, self._prompts
            )

        return await to_thread.run_sync(work)

    def _support(self) -> dict[str, Principle]:
        found = {}
        for name in SUPPORT:
            try:
                found[name] = self._knowledge.principle(name)
            except NotFound:
                continue
        return found

    def _findings(
        self, person: Person | None, moments: Sequence[Moment], people: Sequence[Person], now: datetime
    ) -> tuple[Finding, ...]:
        if person is None:
            return ()
        return patterns.findings(person, moments, people, now, replies.finding_sentence(self._prompts, moments))

    async def _tried(self, user: str, person: Person | None) -> list[str]:
        """Actions of earlier steps with this person that were done and did not help."""
        if person is None:
            return []
        failed: list[str] = []
        for plan in (await self._journal.plans(user, person.id))[-5:]:
            poor = {
                outcome.step_id
                for outcome in await self._journal.outcomes(user, plan.id)
                if outcome.happened and outcome.landed is not None and outcome.landed.value != "helped"
            }
            failed.extend(step.action for step in plan.steps if step.id in poor)
        return failed

    async def _open_plan(self, user: str, made: RepairPlan, memory: Memory, now: datetime) -> RepairPlan | None:
        """The open plan for the same event, if there is one: asked for again, it is continued and not repeated."""
        candidates = [turn.plan for turn in memory.turns if turn.plan]
        if made.person_id is not None:
            candidates.extend(await self._journal.plans(user, made.person_id))
        for plan in reversed(candidates):
            same = plan.missing == made.missing and plan.stance is made.stance and plan.person_id == made.person_id
            if same and now - plan.created_at <= _OPEN_FOR and not await self._journal.outcomes(user, plan.id):
                return plan
        return None

    def _since(self, start: datetime) -> int:
        return max(0, int((self._clock() - start).total_seconds() * 1000)) if self._clock else 0


def _with(turn: Turn, event: Event | Spoken, said: list[str]) -> Turn:
    """Return the turn with what an event adds to it."""
    if isinstance(event, Spoken):
        return replace(
            turn,
            plan=event.plan or turn.plan,
            reading=event.reading or turn.reading,
            language_model=event.name,
            replaced=tuple(event.replaced),
            notice=event.notice,
        )
    if isinstance(event, Read):
        return replace(turn, reading=event.reading)
    if isinstance(event, Planned):
        return replace(turn, plan=event.plan)
    if isinstance(event, Sources):
        return replace(turn, citations=event.citations)
    if isinstance(event, Piece):
        said.append(event.text)
    return turn


def _finished(turn: Turn, spoken: Spoken) -> Finished:
    return Finished(
        turn.id, turn.language_model, turn.ms, spoken.plan, spoken.reading, tuple(spoken.replaced), spoken.notice
    )


def _retrieved(matches: Sequence[Match], support: dict[str, Principle]) -> dict[str, Principle]:
    return {**{match.principle.id: match.principle for match in matches}, **support}


def _title(text: str) -> str:
    words = text.split()
    return " ".join(words[:8]) + (" …" if len(words) > 8 else "")


def _person(read: Reading, people: Sequence[Person], person_id: str | None) -> Person | None:
    """The person of the journal a reading is about: by name, else the one this conversation is bound to."""
    for mention in read.people:
        for person in people:
            if mention.name and mention.name.casefold() in {person.name.casefold(), person.name.split()[0].casefold()}:
                return person
    if any(mention.name for mention in read.people):
        return None
    return next((person for person in people if person.id == person_id), None)
