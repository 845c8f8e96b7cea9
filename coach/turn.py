"""One turn, read top to bottom in the order that ``coach/__init__.py`` tells.

Who can understand plans; who cannot, asks. Without a language model nothing is read out of words: a letter gets the ask
card and one small thing that is right whatever happened, and only taps make a plan. Knows the ports and the pure core;
names no vendor. Whatever happens after the first event, the user's words and the part that was said are kept.
"""

from __future__ import annotations

import logging
from collections.abc import AsyncGenerator, AsyncIterator, Callable
from contextlib import aclosing, suppress
from dataclasses import replace
from datetime import datetime

import anyio
from anyio import to_thread

from coach.answering.author import Author, Unanswered, Ways
from coach.care import Answered, Care
from coach.counsel import Counsel
from coach.domain.accounts import Account
from coach.domain.asks import GOES_ON, Action, Ask, Meant, Taps
from coach.domain.events import Want
from coach.domain.matters import Matter
from coach.domain.plans import RepairPlan
from coach.domain.readings import After, Kind, Level, Reading, Route
from coach.domain.turns import (
    Asked,
    Doubted,
    Event,
    Failed,
    Finished,
    Part,
    Planned,
    Read,
    Started,
    Words,
    grown,
    heard,
    said,
    spoken,
    worth_keeping,
)
from coach.errors import BadInput, CoachError, Erased, places
from coach.opening import Opening
from coach.planning import afterwards
from coach.ports import Journal, Knowledge, Texts
from coach.reading import scraps
from coach.reading.case import Case
from coach.reading.proposals import proposed
from coach.safety import orders

log = logging.getLogger(__name__)


class Conversation:
    """Answers turns. One instance serves all users; it holds no state of its own."""

    def __init__(
        self,
        journal: Journal,
        knowledge: Knowledge,
        texts: Texts,
        new_id: Callable[[], str],
        clock: Callable[[], datetime],
        counsel: Counsel,
        care: Care,
        author: Author | None = None,
    ) -> None:
        self._journal, self._knowledge, self._texts, self._author = journal, knowledge, texts, author
        self._opening = Opening(journal, knowledge, texts, new_id)
        self._new_id, self._counsel, self._care, self._clock = new_id, counsel, care, clock

    async def reply(
        self,
        user: str,
        text: str,
        now: datetime,
        *,
        taps: Taps | None = None,
        conversation_id: str | None = None,
        person_id: str | None = None,
    ) -> AsyncIterator[Event]:
        """Yield the events of one turn. Raises BadInput or NotFound before the first; later failures are events."""
        case = await self._opening.begin(user, text, taps, now, conversation_id, person_id)
        turn = case.turn
        words: Words = ()
        try:
            yield Started(turn.id, turn.conversation_id)
            async with aclosing(await self._answer(case)) as events:
                async for event in events:
                    turn, words = grown(turn, event), heard(words, event)
                    if self._author is not None and self._author.level() is not Level.ASKS and worth_keeping(event):
                        await self._journal.continue_turn(user, spoken(turn, words))
                    yield event
            by = self._author.name if self._author and turn.reading and turn.reading.level is Level.PLANS else "none"
            turn = replace(spoken(turn, words), complete=True, ms=self._since(now), language_model=by)
            await self._journal.continue_turn(user, turn)
            yield Finished(turn.id, by, turn.ms, replaced=turn.replaced, notice=turn.notice)
        except CoachError as error:
            yield Failed(str(error))
        except Exception as error:
            log.error("turn %s failed: %s", turn.id, places(error))
            yield Failed(self._texts.render("failed.fixed"))
        finally:
            if not turn.complete:
                with anyio.CancelScope(shield=True), suppress(Erased):
                    await self._journal.continue_turn(user, replace(spoken(turn, words), ms=self._since(now)))

    # ---- the answer

    async def _answer(self, case: Case) -> AsyncGenerator[Event]:
        """Return the events of words, or of taps: harm, how a step went, an action, what a plan is made from."""
        tapped = case.turn.taps
        if tapped is None:
            return self._told(case, await to_thread.run_sync(lambda: self._care.read(case)))
        if tapped.doubt in GOES_ON:
            read = await to_thread.run_sync(lambda: self._care.spoken(case))
            return self._told(case, read, self._texts.render("answering/tapped.fixed", about=tapped.doubt.value))
        if tapped.harm is not None or tapped.about is not None or tapped.doubt is not None:
            return self._cared(case, await to_thread.run_sync(lambda: self._care.tapped(case, tapped)))
        if tapped.action is Action.NEW and tapped.happened is None:
            return self._new_card(case)
        if tapped.happened is None and tapped.action in {None, Action.ANOTHER_PLAN}:
            known = case.matter.account if tapped.action is not None else None
            account = known or case.tapped(tapped, self._knowledge.catalogue)
            barred = self._care.barred(case, account)
            if barred is not None:
                return self._cared(case, barred)
            planned = self._plan(case, tapped, account)
            return self._chosen(case, tapped, account, planned) if self._plans else planned
        return self._pressed(case, tapped)

    def _chosen(
        self, case: Case, tapped: Taps, account: Account, planned: AsyncGenerator[Event]
    ) -> AsyncGenerator[Event]:
        """Let the language model plan from what was tapped; ``planned`` is what a scene makes of it."""
        if account.want is Want.JUST_KEEP:
            return planned
        again = tapped.action is Action.ANOTHER_PLAN
        known = replace(case.matter, account=account, plan=case.matter.plan if again else None)
        line = self._texts.render("answering/tapped.fixed", about="another_plan" if again else "card")
        read = Reading(case.text, self._counsel.kind(account), account=account, orders=orders.found(case.text))
        return self._written(replace(case, matter=known), read, line, planned)

    @property
    def _plans(self) -> bool:
        """Whether there is a language model that may plan."""
        return self._author is not None and self._author.level() is Level.PLANS

    def _told(self, case: Case, read: Reading, tapped: str = "") -> AsyncGenerator[Event]:
        """Return the events of words: by the language model where there is one that plans, else by taps."""
        if not self._plans:
            return self._routed(case, read)
        afresh = replace(case, matter=Matter()) if read.after is After.ANOTHER else case
        return self._written(afresh, read, tapped)

    def _written(
        self, case: Case, read: Reading, tapped: str = "", otherwise: AsyncGenerator[Event] | None = None
    ) -> AsyncGenerator[Event]:
        """Answer with the language model; where that leads nowhere, as ``otherwise`` does, or by taps."""
        assert self._author is not None

        def instead(gone: Unanswered) -> AsyncGenerator[Event]:
            raised = gone.read if gone.read is not None and gone.read.route is not Route.IN_SCOPE else read
            return self._routed(case, raised, offered=gone.offered)

        ways = Ways(self._offered, self._closed, instead, otherwise)
        return self._author.turn(case, read, ways, tapped)

    async def _pressed(self, case: Case, tapped: Taps) -> AsyncGenerator[Event]:
        """What is tapped under a plan; how a step went is kept first, whoever answers."""
        plan = case.matter.plan
        if plan is None:
            raise BadInput("There is no plan here yet. Tap what happened, and make one.")
        if tapped.happened is not None:
            await self._counsel.noted(case.user, plan, tapped, case.now)
        events = self._later(case, tapped)
        if self._plans and (tapped.happened is not None or tapped.action in {Action.SMALLER, Action.MESSAGE}):
            events = self._written(
                case, self._standing_read(case), afterwards.pressed(plan, tapped, self._texts), events
            )
        async for event in events:
            yield event

    def _routed(self, case: Case, read: Reading, *, offered: bool = False) -> AsyncGenerator[Event]:
        """Return the events of the route that words take: help, a few short words, or what a plan needs."""
        if read.route is not Route.IN_SCOPE or read.after is After.TAKEN_BACK:
            return self._cared(case, self._care.answer(read, case.matter))
        if case.matter.letters and (scrap := scraps.detect(case.turn.said)) is not None:
            return self._scrap(case, read, scrap)
        return self._ask(case if read.after is None else replace(case, matter=Matter()), read, offered)

    async def _scrap(self, case: Case, read: Reading, scrap: scraps.Scrap) -> AsyncGenerator[Event]:
        yield Read(replace(read, account=case.matter.account), case.person(None))
        for event in said(self._texts.render("scrap.fixed", scrap=scrap.value)):
            yield event

    async def _ask(self, case: Case, read: Reading, offered: bool) -> AsyncGenerator[Event]:
        """Ask what a plan needs, and give the one small thing that is right whatever happened."""
        suggests = self._author is not None and self._author.level() is Level.SUGGESTS
        level = Level.SUGGESTS if suggests else read.level
        yield Read(replace(read, account=case.matter.account, level=level), case.person(None))
        later = case.matter.plan is not None
        ask: Ask | None = None
        if not offered:
            async for event in self._offered(case):
                ask = event.ask if isinstance(event, Asked) else ask
                yield event
        question = case.turn.said.rstrip().endswith("?")
        cards = await self._counsel.cards_for(case.turn.said) if later and question else ()
        aside = case.turn.taps is not None and case.turn.taps.doubt is Meant.NOT_ASKED
        text = self._texts.render(
            "asked.fixed", later=later, question=question, cards=bool(cards), orders=bool(read.orders), aside=aside
        )
        for event in said(text, cards):
            yield event
        if self._author is not None and ask is not None and (likely := await self._author.likely(case, ask)):
            yield Part("likely", likely)

    async def _offered(self, case: Case) -> AsyncGenerator[Event]:
        yield Asked(await to_thread.run_sync(lambda: case.card(self._new_id(), self._knowledge)))
        if case.matter.plan is None:
            plan = await self._counsel.small_thing(case.matter.account or Account(), case.now, case.turn.id)
            await self._journal.keep_plan(case.user, plan, case.turn.id)
            yield Planned(plan)

    async def _closed(self, case: Case, read: Reading, spoke: bool) -> AsyncGenerator[Event]:
        """Say what belongs to a route out of scope; short where the language model has spoken (``spoke``)."""
        answered = self._care.beside(read) if spoke else self._care.answer(read, case.matter)
        async for event in self._cared(case, answered, told=True):
            yield event

    async def _cared(self, case: Case, answered: Answered, *, told: bool = False) -> AsyncGenerator[Event]:
        """Say what helps where somebody is harmed, or may be; no plan stays open towards who does it.

        ``told``: how the message was read was said before.
        """
        if not told:
            yield Read(answered.reading)
        if answered.doubt is not None:
            yield Doubted(answered.doubt)
        withdrawn = await self._counsel.withdraw(case.user, case.matter, answered.reading, case.now)
        more = f"\n\n{self._texts.render('withdrawn.fixed')}" if withdrawn else ""
        for event in said(answered.text + more):
            yield event

    async def _plan(self, case: Case, tapped: Taps, account: Account) -> AsyncGenerator[Event]:
        kept = proposed(account, self._knowledge.catalogue, case.matter.letters)
        person_id = case.person(account)
        kind = self._counsel.kind(account)
        yield Read(Reading(case.text, kind, account=account, moments=kept, orders=orders.found(case.text)), person_id)
        await self._counsel.keep_standing(case.user, case.people, account, person_id)
        made = await self._counsel.plan(case.user, account, case.now, case.turn.id, person_id, case.ruled_out(tapped))
        if made is None:
            for event in said(self._texts.render("tapped.fixed", made="kept")):
                yield event
            return
        await self._journal.keep_plan(case.user, made, case.turn.id)
        yield Planned(made)
        for event in said(self._counsel.beside(made), made.citations):
            yield event

    async def _later(self, case: Case, tapped: Taps) -> AsyncGenerator[Event]:
        """Answer a tap under a plan from the plan itself."""
        assert case.matter.plan is not None
        yield Read(self._standing_read(case), case.matter.plan.person_id)
        done = await self._counsel.later(case.user, case.matter, tapped, case.now)
        if done.plan is not None:
            yield Planned(done.plan, continued=True)
        for event in said(done.text, done.citations):
            yield event

    async def _new_card(self, case: Case) -> AsyncGenerator[Event]:
        yield Read(self._standing_read(case), case.person_id)
        afresh = replace(case, matter=Matter())
        yield Asked(await to_thread.run_sync(lambda: afresh.card(self._new_id(), self._knowledge)))
        for event in said(self._texts.render("later.fixed", about="new")):
            yield event

    def _standing_read(self, case: Case) -> Reading:
        """Return the reading of a turn in which nothing new was told."""
        account = case.matter.account
        kind = self._counsel.kind(account) if account else Kind.JOURNAL
        return Reading(case.turn.said, kind, account=account)

    def _since(self, start: datetime) -> int:
        return max(0, int((self._clock() - start).total_seconds() * 1000))

    # ---- a plan from the journal

    async def plan(
        self, user: str, person_id: str, now: datetime, text: str | None = None, tapped: Taps | None = None
    ) -> RepairPlan:
        """Return a plan for a person from taps, else from their moments, and keep it. Raises NotFound, BadInput."""
        return await self._counsel.requested(user, person_id, now, text, tapped)
