"""One turn, in the order that ``coach/__init__.py`` tells, and what makes a chain of turns a conversation.

Knows the ports and the coaching core; names no vendor. Whatever happens after the first event, the user's words and the
part of the reply that was said are kept.
"""

from __future__ import annotations

import logging
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Sequence
from contextlib import aclosing
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from typing import Protocol

import anyio
from anyio import to_thread

from coach.coaching import merging, replies, swapping, wording
from coach.coaching.remembering import Memory
from coach.counsel import RETRIEVED as RETRIEVED
from coach.counsel import Counsel
from coach.counsel import Kept as KeptForPlans
from coach.cues.followups import Ask
from coach.domain.people import Person
from coach.domain.plans import RepairPlan, Swap
from coach.domain.principles import Citation
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
    titled,
)
from coach.errors import BadInput, CoachError, places
from coach.ports import Conversations, KnowledgeBase, Likeness, Moments, Texts, Turns
from coach.reading import reader
from coach.safety import orders
from coach.speaking import Brief, Occasion, Question, SecondReading, Spoken, Voice

log = logging.getLogger(__name__)

LONGEST_TEXT = 20_000
"""Characters of one message; a long pasted thread fits, a book does not."""

NEWEST = 150
"""So many moments with a person are looked at in a turn, the newest, however long the journal is."""

FEWEST_FAIR = 12
"""Words that a message needs beside orders for there to be something fair to serve."""


class Kept(KeptForPlans, Moments, Conversations, Turns, Protocol):
    """What of a journal a turn reads and keeps."""


@dataclass(frozen=True, slots=True)
class _Case:
    """One turn once it is read: what is asked, about whom, and what came before it."""

    user: str
    turn: Turn
    memory: Memory
    now: datetime
    read: Reading
    asks: Ask | None
    person: Person | None
    occasion: Occasion | None


class Conversation:
    """Answers turns. One instance serves all users; it holds no state of its own."""

    def __init__(
        self,
        journal: Kept,
        knowledge: KnowledgeBase,
        likeness: Likeness,
        prompts: Texts,
        new_id: Callable[[], str],
        helps: Sequence[str],
        clock: Callable[[], datetime],
        voice: Voice | None = None,
    ) -> None:
        self._journal, self._likeness = journal, likeness
        self._prompts, self._new_id, self._helps, self._clock = prompts, new_id, tuple(helps), clock
        self._voice = voice
        self._counsel = Counsel(journal, knowledge, prompts, new_id)

    async def reply(
        self, user: str, text: str, now: datetime, *, conversation_id: str | None = None, person_id: str | None = None
    ) -> AsyncIterator[Event]:
        """Yield the events of one turn. Raises BadInput or NotFound before the first; later failures are events."""
        self._likeness.foresee(text[:LONGEST_TEXT])
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
            log.warning("a turn failed: %s", places(error))
            yield Failed(str(error))
        except Exception as error:
            log.error("a turn failed, unexpectedly: %s", places(error))
            yield Failed(self._prompts.render("failed.fixed"))
        finally:
            if not turn.complete:
                with anyio.CancelScope(shield=True):
                    await self._journal.keep_turn(user, replace(turn, reply="".join(said), ms=self._since(now)))

    async def plan(self, user: str, person_id: str, text: str | None, now: datetime) -> RepairPlan:
        """Return a plan for a person, from a text or their last moments, and keep it. Raises NotFound, BadInput."""
        person = await self._journal.person(user, person_id)
        moments = await self._journal.moments(user, person_id, last=NEWEST)
        words = (text or "").strip() or "\n".join(moment.what for moment in moments[-3:])
        if not words:
            raise BadInput("There are no moments with this person yet. Log one, or say what happened.")
        seen = await to_thread.run_sync(lambda: reader.read(words, self._likeness, [person]))
        if seen.route is not Route.IN_SCOPE:
            raise BadInput(self._prompts.render("no_plan.fixed", route=seen.route.value))
        made = await self._counsel.plan(
            user, replace(seen, moments=seen.moments if text else ()), person, moments, now, None
        )
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
            thread = Thread(self._new_id(), titled(text), now, person_id)
            turn = Turn(self._new_id(), thread.id, now, text, prompts=self._prompts.fingerprint)
            await self._journal.add_conversation(user, thread, turn)
            return Memory((), person_id), turn
        thread = await self._journal.conversation(user, conversation_id)
        memory = Memory(tuple(await self._journal.turns(user, conversation_id)), person_id or thread.person_id)
        turn = Turn(self._new_id(), thread.id, now, text, prompts=self._prompts.fingerprint)
        await self._journal.keep_turn(user, turn)
        return memory, turn

    async def _answer(self, user: str, turn: Turn, memory: Memory, now: datetime) -> AsyncGenerator[Event | Spoken]:
        people = await self._journal.people(user)
        read, asks = await self._read(turn, memory, people)
        occasion = self._voice.occasion(user, turn.id, people) if self._voice else None
        second = await self._second(occasion, read)
        try:
            if second is not None and second.doubted is not None:
                read, second = await second.heard()
            asks = asks if read.route in {Route.IN_SCOPE, Route.OFF_TOPIC} else None
            person = _person(read, people, memory.person_id)
            yield Read(read, person.id if person else None)
            case = _Case(user, turn, memory, now, read, asks, person, occasion)
            if read.route is not Route.IN_SCOPE and not (asks and read.route is Route.OFF_TOPIC):
                events = self._elsewhere(case)
            elif asks is not None and asks is not Ask.CORRECTION:
                events = self._follow_up(case)
            else:
                events = self._planned(case, second)
            async with aclosing(events):
                async for event in events:
                    yield event
        finally:
            if second is not None:
                await second.end()

    async def _read(self, turn: Turn, memory: Memory, people: Sequence[Person]) -> tuple[Reading, Ask | None]:
        """Return the coach's own reading of a message in its talk, and what it asks for beside telling something."""
        read = await to_thread.run_sync(lambda: reader.read(turn.said, self._likeness, people))
        asks = replies.asked(turn.said, read, memory.last_read)
        before = memory.last_in_scope
        read = await to_thread.run_sync(lambda: replies.in_context(read, before, asks, self._likeness))
        if read.route not in {Route.IN_SCOPE, Route.OFF_TOPIC}:
            asks = None
        read = replies.carried(read, memory.last_read, asks, turn.said)
        return replies.still(read, memory.last.reading if memory.last else None, asks), asks

    async def _second(self, occasion: Occasion | None, read: Reading) -> SecondReading | None:
        if self._voice is None or occasion is None or read.route in {Route.GET_HELP, Route.INJECTION}:
            return None
        doubted = await to_thread.run_sync(lambda: merging.doubt(read, self._likeness))
        return self._voice.second(occasion, read, doubted, merging.proves(self._likeness))

    async def _planned(self, case: _Case, second: SecondReading | None) -> AsyncGenerator[Event | Spoken]:
        """A plan for what was told, and the words beside it. Asked for again, an open plan goes on."""
        moments = await self._journal.moments(case.user, case.person.id, last=NEWEST) if case.person else ()
        made = await self._counsel.plan(
            case.user, case.read, case.person, moments, case.now, case.turn, case.memory.rejected
        )
        corrected = case.asks is Ask.CORRECTION
        earlier = await self._counsel.open_plan(case.user, made, case.memory, case.now) if not corrected else None
        plan = earlier or made
        times = 1 + sum(1 for old in case.memory.turns if old.plan and old.plan.id == plan.id) if earlier else 0
        if earlier is None:
            await self._journal.keep_plan(case.user, plan)
        yield Planned(plan, continued=earlier is not None)
        text = replies.to_plan(case.read, plan, self._prompts, times, corrected=corrected)
        if self._voice is None or case.occasion is None:
            events = self._kept(text, plan.citations)
        elif earlier is not None and wording.asks_back(case.read, case.turn.said):
            cards, notes = wording.quoted(plan.citations), wording.noted(moments, plan.findings)
            question = Question(case.occasion, case.turn.said, case.read, case.read, plan, text, cards, notes)
            events = self._answered(self._voice, question, plan.citations)
        else:
            brief = Brief(case.occasion, case.read, plan, text, earlier is None, second)
            events = self._worded(case, self._voice, brief)
        async with aclosing(events):
            async for event in events:
                yield event

    async def _kept(self, text: str, citations: tuple[Citation, ...]) -> AsyncGenerator[Event | Spoken]:
        """The coach's own words."""
        for piece in replies.pieces(text):
            yield Piece(piece)
        yield Sources(citations)

    async def _worded(self, case: _Case, voice: Voice, brief: Brief) -> AsyncGenerator[Event | Spoken]:
        """The reply beside a plan, worded by the language model line by line. The plan is kept as it was worded."""
        if voice.swaps and brief.fresh and swapping.worth_telling(brief.read, brief.plan):
            brief = replace(brief, swap=partial(self._swapped, case, voice, brief))
        async with voice.speech(brief) as speech:
            async with aclosing(speech.pieces()) as pieces:
                async for piece in pieces:
                    yield Piece(piece)
            yield Sources(brief.plan.citations)
            spoken = await speech.finish()
        if spoken.plan is not None:
            await self._journal.keep_plan(case.user, spoken.plan)
        yield spoken

    async def _answered(
        self, voice: Voice, question: Question, citations: tuple[Citation, ...]
    ) -> AsyncGenerator[Event | Spoken]:
        """The answer of the language model to a follow-up, or the coach's own."""
        answer = voice.answer(question)
        async with aclosing(answer.pieces()) as pieces:
            async for piece in pieces:
                yield Piece(piece)
        yield Sources(citations)
        yield answer.spoken

    async def _swapped(self, case: _Case, voice: Voice, brief: Brief) -> Swap | None:
        """Have the event told from the other side, plan for that telling, and compare."""
        told = await voice.retold(brief)
        if told is None:
            return None
        other = await to_thread.run_sync(lambda: reader.read(told, self._likeness))
        swapped = (
            await self._counsel.plan(case.user, other, None, (), case.now, None)
            if other.route is Route.IN_SCOPE
            else None
        )
        name = brief.read.about.label if brief.read.about else ""
        return swapping.compared(brief.plan, other, swapped, name, self._prompts)

    async def _elsewhere(self, case: _Case) -> AsyncGenerator[Event | Spoken]:
        """Harm, what is declined, off topic, orders: no plan for it; the fair part of a mixed message is served."""
        before = case.memory.last.reading if case.memory.last else None
        ordered = case.read.route is Route.INJECTION  # harm is answered before anything else is looked for
        fair = await to_thread.run_sync(lambda: self._fair(case.read)) if ordered else None
        for piece in replies.pieces(replies.elsewhere(case.read, self._prompts, self._helps, before, fair is not None)):
            yield Piece(piece)
        if not ordered:
            fair = await to_thread.run_sync(lambda: self._fair(case.read))
        if fair is None:
            yield Sources(())
            return
        made = await self._counsel.plan(case.user, fair, None, (), case.now, case.turn)
        await self._journal.keep_plan(case.user, made)
        yield Planned(made)
        for piece in replies.pieces("\n\n" + replies.beside(case.read, fair, made, self._prompts)):
            yield Piece(piece)
        yield Sources(made.citations)

    def _fair(self, read: Reading) -> Reading | None:
        """The reading of what is fair in a message: beside a harm, or once orders to a machine are left out."""
        fair = replies.fair_part(read, self._likeness)
        if fair is not None or read.route is not Route.INJECTION:
            return fair
        rest = orders.without_orders(read.text)
        if len(rest.split()) < FEWEST_FAIR or rest == " ".join(read.text.split()):
            return None
        fair = reader.read(rest, self._likeness)
        return fair if fair.route is Route.IN_SCOPE and fair.people and (fair.moments or fair.asked) else None

    async def _follow_up(self, case: _Case) -> AsyncGenerator[Event | Spoken]:
        """The answer to what is asked beside a talk, from its plan, its citations and the journal."""
        asks, memory = case.asks or Ask.UNCLEAR, case.memory
        subject, plan = memory.subject(case.read)
        moments = await self._journal.moments(case.user, case.person.id, last=NEWEST) if case.person else ()
        findings = self._counsel.findings(case.person, moments, (), case.now)
        next_plan = None
        if plan is not None and asks in replies.REPLANNED and subject is not None:
            rejected = [step.action for step in plan.steps[:1]]
            tried = [*memory.rejected, *rejected, *replies.ruled_out(case.turn.said, plan)]
            next_plan = await self._counsel.plan(case.user, subject, case.person, moments, case.now, case.turn, tried)
            await self._journal.keep_plan(case.user, next_plan)
            yield Planned(next_plan)
        text = replies.follow_up(asks, case.read, plan, next_plan, moments, findings, self._prompts, subject)
        now_plan = next_plan or plan
        sources = now_plan.citations if now_plan and asks in replies.SOURCED else ()
        if self._voice and case.occasion and now_plan and subject and asks in wording.FREE:
            cards, notes = wording.quoted(now_plan.citations), wording.noted(moments, findings)
            question = Question(case.occasion, case.turn.said, case.read, subject, now_plan, text, cards, notes)
            events = self._answered(self._voice, question, sources)
        else:
            events = self._kept(text, sources)
        async with aclosing(events):
            async for event in events:
                yield event

    def _since(self, start: datetime) -> int:
        return max(0, int((self._clock() - start).total_seconds() * 1000))


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


def _person(read: Reading, people: Sequence[Person], person_id: str | None) -> Person | None:
    """The person of the journal a reading is about: by name, else the one this conversation is bound to."""
    for mention in read.people:
        for person in people:
            if mention.name and mention.name.casefold() in {person.name.casefold(), person.name.split()[0].casefold()}:
                return person
    if any(mention.name for mention in read.people):
        return None
    return next((person for person in people if person.id == person_id), None)
