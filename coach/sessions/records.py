"""Reads from the journal what a session is answered from. Knows the ports and the nouns; says nothing."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Protocol

from coach.counsel import Counsel
from coach.domain.accounts import Account
from coach.domain.moments import Moment
from coach.domain.plans import Finding, Outcome, RepairPlan
from coach.domain.readings import Kind
from coach.domain.sessions import Session
from coach.noticing import patterns
from coach.noticing.evidence import QUARTER
from coach.noticing.wording import finding_sentence
from coach.planning.address import addressed
from coach.planning.composition import Ground
from coach.ports import Changes, Commitments, Generations, Knowledge, Moments, Outcomes, People, Plans, Texts
from coach.ports import Sessions as KeptSessions
from coach.sessions import summary
from coach.sessions.talk import Earlier, View

BACK = 3
"""How far back sessions are searched for commitments that are still open."""


class Kept(Changes, Generations, People, Moments, Plans, Outcomes, Commitments, KeptSessions, Protocol):
    """The parts of a journal that a session reads and writes."""


@dataclass(frozen=True, slots=True)
class Records:
    """What the journal and the cards hold for one session. ``helps``: names of help lines."""

    journal: Kept
    knowledge: Knowledge
    texts: Texts
    new_id: Callable[[], str]
    helps: Sequence[str]
    counsel: Counsel

    async def view(self, user: str, session: Session, now: datetime) -> View:
        """Return what a session is answered from at ``now``."""
        people = await self.journal.people(user)
        since = now - timedelta(days=QUARTER)
        moments = await self.journal.moments_since(user, since)
        known, of = {person.id: person for person in people}, dict[str, list[Moment]]()
        for moment in moments:
            of.setdefault(moment.person_id, []).append(moment)

        @cache  # most pages of a session ask about nobody
        def findings(person_id: str) -> Sequence[Finding]:
            person, theirs = known.get(person_id), of.get(person_id, [])
            if person is None or len(theirs) < patterns.FEWEST:
                return ()
            return patterns.findings(person, theirs, now, finding_sentence(self.texts, theirs))

        @cache
        def advice(account: Account, person_id: str | None) -> RepairPlan | None:
            return self.counsel.advice(Ground(account, now, {}, None, person_id, findings(person_id or "")))

        return View(
            now=now,
            people=people,
            moments=moments,
            findings=findings,
            earlier=await self._earlier(user, session),
            retrieve=lambda words: self.knowledge.retrieve(words, summary.RETRIEVED),
            principle=lambda id_: next((it for it in self.knowledge.principles() if it.id == id_), None),
            new_id=self.new_id,
            helps=self.helps,
            catalogue=self.knowledge.catalogue,
            ranked=self.knowledge.ranked,
            advice=advice,
        )

    async def _earlier(self, user: str, session: Session) -> tuple[Earlier, ...]:
        """Return what was taken on and is not told of yet, and what the session before came to; by day.

        What stands outside of sessions is looked at where it is about whom the session is about, or that is the team.
        """
        every = [each for each in await self.journal.sessions(user, last=BACK + 1) if each.id != session.id]
        before = [each for each in every if each.started_at <= session.started_at][-BACK:]
        open_ = {each.id: each for each in await self.journal.commitments(user)}
        plans = await self.journal.plans_taken_on(user) if open_ else ()
        found = []
        for each in before:
            for intention in each.intentions:
                kept = open_.pop(intention.id, None)
                outcome = None if kept else await self._outcome(user, intention.plan_id, intention.id)
                due = kept.due if kept else intention.due
                if due is None or (kept is None and (outcome is None or each is not before[-1])):
                    continue
                words = f"“{intention.words.strip().rstrip('.')}”"
                found.append(Earlier(intention.id, words, due, intention.person_id, outcome))
        for plan in plans:
            theirs = plan.kind is not Kind.LEADER_SESSION and session.person_id in {None, plan.person_id}
            for at, step in enumerate(plan.steps):
                if theirs and step.id in open_ and open_[step.id].due:
                    words = plan.headline if at == 0 else addressed(step.action.removeprefix("then "))
                    follows = at > 0 and plan.steps[0].id not in open_
                    due = open_[step.id].due
                    found.append(Earlier(step.id, words, due, plan.person_id, None, plan, follows))
        return tuple(sorted(found, key=lambda it: it.due))

    async def _outcome(self, user: str, plan_id: str, step_id: str) -> Outcome | None:
        noted = await self.journal.outcomes(user, plan_id)
        return next((outcome for outcome in reversed(noted) if outcome.step_id == step_id), None)
