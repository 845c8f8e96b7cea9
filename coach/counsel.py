"""What the journal and the cards make of a reading: findings, and a plan.

Knows the ports and the planner; words no reply.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Protocol

from anyio import to_thread

from coach.coaching import replies
from coach.coaching.remembering import Memory
from coach.domain.moments import Moment
from coach.domain.people import Person
from coach.domain.plans import Finding, RepairPlan
from coach.domain.principles import Match, Principle
from coach.domain.readings import Reading
from coach.domain.turns import Turn
from coach.errors import NotFound
from coach.noticing import patterns
from coach.planning import planner
from coach.ports import KnowledgeBase, Outcomes, People, Plans, Texts

RETRIEVED = 10
SUPPORT = ("apology-parts", "ask-dont-imagine", "sbi", "if-then-plans")
_OPEN_FOR = timedelta(days=30)


class Kept(People, Plans, Outcomes, Protocol):
    """What of a journal a plan is made from."""


class Counsel:
    """Makes plans for readings, and finds the open one. Holds no state of its own."""

    def __init__(self, journal: Kept, knowledge: KnowledgeBase, prompts: Texts, new_id: Callable[[], str]) -> None:
        self._journal, self._knowledge, self._prompts, self._new_id = journal, knowledge, prompts, new_id

    async def plan(
        self,
        user: str,
        read: Reading,
        person: Person | None,
        moments: Sequence[Moment],
        now: datetime,
        turn: Turn | None,
        tried: Sequence[str] = (),
    ) -> RepairPlan:
        found = self.findings(person, moments, await self._journal.people(user) if person else (), now)
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

    def findings(
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

    async def open_plan(self, user: str, made: RepairPlan, memory: Memory, now: datetime) -> RepairPlan | None:
        """The open plan for the same event, if there is one: asked for again, it is continued and not repeated."""
        candidates = [turn.plan for turn in memory.turns if turn.plan]
        if made.person_id is not None:
            candidates.extend(await self._journal.plans(user, made.person_id))
        for plan in reversed(candidates):
            same = plan.missing == made.missing and plan.stance is made.stance and plan.person_id == made.person_id
            if same and now - plan.created_at <= _OPEN_FOR and not await self._journal.outcomes(user, plan.id):
                return plan
        return None


def _retrieved(matches: Sequence[Match], support: dict[str, Principle]) -> dict[str, Principle]:
    return {**{match.principle.id: match.principle for match in matches}, **support}
