"""Reads from the journal what a session is answered from. Knows the ports and the nouns; says nothing."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from functools import cache
from typing import Protocol

from coach.counsel import Counsel
from coach.domain.accounts import Account
from coach.domain.moments import Moment
from coach.domain.people import Person
from coach.domain.plans import Finding, Outcome, RepairPlan
from coach.domain.principles import Principle
from coach.domain.readings import Kind
from coach.domain.sessions import Session
from coach.errors import NotFound
from coach.noticing import patterns
from coach.noticing.evidence import QUARTER
from coach.noticing.wording import finding_sentence
from coach.planning.address import addressed
from coach.planning.composition import Ground
from coach.ports import Changes, Commitments, Generations, Knowledge, Moments, Outcomes, People, Plans, Texts
from coach.ports import Sessions as KeptSessions
from coach.sessions import summary
from coach.sessions.view import Earlier, View

BACK = 3
"""How far back sessions are searched for commitments that are still open."""


class Kept(Changes, Generations, People, Moments, Plans, Outcomes, Commitments, KeptSessions, Protocol):
    """The parts of a journal that a session reads and writes."""


class Records:
    """What the journal and the cards hold for one session."""

    def __init__(
        self,
        journal: Kept,
        knowledge: Knowledge,
        prompts: Texts,
        new_id: Callable[[], str],
        helps: Sequence[str],
        counsel: Counsel,
    ) -> None:
        self._journal, self._knowledge, self._prompts = journal, knowledge, prompts
        self._new_id, self._helps, self._counsel = new_id, helps, counsel

    async def view(self, user: str, session: Session, now: datetime) -> View:
        """Return what a session is answered from at ``now``."""
        people = await self._journal.people(user)
        since = now - timedelta(days=QUARTER)
        moments = await self._journal.moments_since(user, since)
        findings = self._findings(people, moments, now)

        @cache
        def advice(account: Account, person_id: str | None) -> RepairPlan | None:
            return self._counsel.advice(Ground(account, now, {}, None, person_id, findings(person_id or "")))

        return View(
            now=now,
            people=people,
            moments=moments,
            findings=findings,
            earlier=await self._earlier(user, session),
            retrieve=lambda words: self._knowledge.retrieve(words, summary.RETRIEVED),
            principle=self._principle,
            new_id=self._new_id,
            helps=self._helps,
            catalogue=self._knowledge.catalogue,
            ranked=self._knowledge.ranked,
            advice=advice,
        )

    def _findings(
        self, people: Sequence[Person], moments: Sequence[Moment], now: datetime
    ) -> Callable[[str], Sequence[Finding]]:
        """Return what gives the findings of a person, each found once: most pages of a session ask about nobody."""
        of: dict[str, list[Moment]] = {}
        for moment in moments:
            of.setdefault(moment.person_id, []).append(moment)

        @cache
        def find(person_id: str) -> Sequence[Finding]:
            theirs, person = of.get(person_id, []), next((it for it in people if it.id == person_id), None)
            if person is None or len(theirs) < patterns.FEWEST:
                return ()
            return patterns.findings(person, theirs, now, finding_sentence(self._prompts, theirs))

        return find

    async def _earlier(self, user: str, session: Session) -> tuple[Earlier, ...]:
        """Return what was taken on and is not told of yet, and what the session before came to; by day.

        What stands outside of sessions is looked at where it is about whom the session is about, or that is the team.
        """
        every = [each for each in await self._journal.sessions(user, last=BACK + 1) if each.id != session.id]
        before = [each for each in every if each.started_at <= session.started_at][-BACK:]
        open_ = {each.id: each for each in await self._journal.commitments(user)}
        plans = await self._journal.plans_taken_on(user) if open_ else ()
        acts = {step.id: step.act for plan in plans for step in plan.steps}
        found = []
        for each in before:
            for intention in each.taken_on:
                kept = open_.pop(intention.id, None)
                outcome = None if kept else await self._outcome(user, intention.plan_id, intention.id)
                due = kept.due if kept else intention.due
                if due is None or (kept is None and (outcome is None or each is not before[-1])):
                    continue
                words, act = f"“{intention.action.strip().rstrip('.')}”", acts.get(intention.id)
                found.append(Earlier(intention.id, words, due, intention.person_id, outcome, act=act))
        for plan in plans:
            theirs = plan.kind is not Kind.LEADER_SESSION and session.person_id in {None, plan.person_id}
            for at, step in enumerate(plan.steps):
                if theirs and step.id in open_ and open_[step.id].due:
                    words = plan.headline if at == 0 else addressed(step.action.removeprefix("then "))
                    follows = at > 0 and plan.steps[0].id not in open_
                    due = open_[step.id].due
                    found.append(Earlier(step.id, words, due, plan.person_id, None, plan, follows, step.act))
        return tuple(sorted(found, key=lambda it: it.due))

    async def _outcome(self, user: str, plan_id: str, step_id: str) -> Outcome | None:
        noted = await self._journal.outcomes(user, plan_id)
        return next((outcome for outcome in reversed(noted) if outcome.step_id == step_id), None)

    def _principle(self, principle_id: str) -> Principle | None:
        try:
            return self._knowledge.principle(principle_id)
        except NotFound:
            return None
