"""Turns what happens in a turn into its events, and holds what may not be said yet. Knows the journal's port."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable
from dataclasses import replace
from typing import Protocol

from coach.answering.stages import Established, Made, Routed, Step
from coach.domain.accounts import ME, Account
from coach.domain.changes import rebased
from coach.domain.events import Catalogue
from coach.domain.plans import RepairPlan
from coach.domain.readings import Level, Reading, Route
from coach.domain.turns import Event, Part, Piece, Planned, Read, Sources, Struck
from coach.ports import Changes, Plans
from coach.reading.case import Case
from coach.reading.proposals import proposed

Close = Callable[[Case, Reading, bool], AsyncGenerator[Event]]
"""Gives the words of a route that is not in scope, told whether the language model has said something."""


class KeptPlans(Changes, Plans, Protocol):
    """Where plans are kept and changed."""


class Teller:
    """Turns what happens in a turn into its events, and holds what may not be said yet."""

    def __init__(self, case: Case, catalogue: Catalogue, plans: KeptPlans, close: Close) -> None:
        self._case, self._catalogue, self._plans, self._close = case, catalogue, plans, close
        self.read: Reading | None = None
        self._kept: list[str] = []

    async def told(self, step: Step) -> AsyncGenerator[Event]:
        """Yield the events of one step."""
        match step:
            case Routed(ruling):
                self.read = replace(ruling.reading, level=Level.PLANS)
            case Established(account):
                for event in self._established(account):
                    yield event
            case Piece(text) if self._holds:
                self._kept.append(text)
            case Piece() | Part() | Struck():
                yield step
            case Made():
                async for event in self._made(step):
                    yield event

    @property
    def _holds(self) -> bool:
        """Whether the answer waits until it was looked at as a whole: where someone may be harmed."""
        return self.read is not None and self.read.route not in {Route.IN_SCOPE, Route.ELSEWHERE}

    def _established(self, account: Account) -> list[Event]:
        assert self.read is not None
        own = replace(account, events=tuple(told for told in account.events if told.told_by == ME))
        moments = proposed(own, self._catalogue, ())
        coached = self.read.route is Route.IN_SCOPE
        self.read = replace(self.read, account=account, moments=moments if coached else ())
        return [Read(self.read, self._case.person(account) if coached else None)]

    async def _made(self, made: Made) -> AsyncGenerator[Event]:
        assert self.read is not None
        if self.read.route is not Route.IN_SCOPE:
            if made.replaced:
                yield Part("replaced", made.replaced)
            for text in self._kept if made.stands else ():
                yield Piece(text)
            async for event in self._close(self._case, self.read, made.stands):
                yield event
            return
        for name, value in made.later.items():
            yield Part(name, value)
        if made.plan is not None:
            plan = await self._keep(made.plan)
            for name, value in _parts(plan):
                yield Part(name, value)
            yield Planned(plan, continued=made.continued)
        if made.replaced:
            yield Part("replaced", made.replaced)
        yield Sources(made.plan.citations if made.plan else ())

    async def _keep(self, plan: RepairPlan) -> RepairPlan:
        """Keep a plan; one that goes on from the open one takes up what has come of that meanwhile."""
        opened = self._case.matter.plan
        if opened is None or opened.id != plan.id:
            await self._plans.keep_plan(self._case.user, plan, self._case.turn.id)
            return plan
        return await self._plans.change(self._case.user, RepairPlan, plan.id, lambda it: rebased(opened, plan, it))


def _parts(plan: RepairPlan) -> list[tuple[str, object]]:
    """Return the checked parts of a plan in the order in which they are read."""
    names = ("headline", "missing", "steps", "own_part", "readings", "if_it_goes_badly", "stop_rule", "sign_of_success")
    return [(name, value) for name in names if (value := getattr(plan, name))]
