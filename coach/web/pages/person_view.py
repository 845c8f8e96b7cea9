"""What a person's page adds to the bare nouns: how old a note is, which plans and promises are open. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from coach.domain.moments import By
from coach.domain.people import Person, Promise
from coach.domain.plans import Outcome, RepairPlan

STALE_AFTER = timedelta(days=21)
"""After this someone's workload, and how things stand, are asked about again."""

_OPEN_FOR = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Fresh:
    """Whether what was noted of a person is recent enough to build on."""

    plate: bool
    standing: bool


@dataclass(frozen=True, slots=True)
class Plans:
    """A person's plans, newest first: those with a step to do or to tell of, and the others."""

    open: tuple[RepairPlan, ...]
    past: tuple[RepairPlan, ...]

    def __len__(self) -> int:
        """How many there are."""
        return len(self.open) + len(self.past)


@dataclass(frozen=True, slots=True)
class Promises:
    """Open promises each way, and those that were kept, newest first."""

    mine: tuple[Promise, ...]
    theirs: tuple[Promise, ...]
    kept: tuple[Promise, ...]


def fresh(person: Person, now: datetime) -> Fresh:
    """Return which of a person's passing notes are recent."""
    return Fresh(_recent(person.plate_noted_at, now), _recent(person.standing_noted_at, now))


def _recent(at: datetime | None, now: datetime) -> bool:
    return at is not None and now - at <= STALE_AFTER


def open_and_past(plans: Sequence[RepairPlan], outcomes: Sequence[Outcome], now: datetime) -> Plans:
    """Return the plans by whether something of them is still to come; a plan nobody touched is past in a month."""
    told = {outcome.step_id for outcome in outcomes if outcome.happened}

    def is_open(plan: RepairPlan) -> bool:
        recent = now.date() <= plan.check_on + _OPEN_FOR
        return recent and any(step.id not in told for step in plan.steps)

    newest = sorted(plans, key=lambda plan: plan.created_at, reverse=True)
    return Plans(tuple(filter(is_open, newest)), tuple(plan for plan in newest if not is_open(plan)))


def promises(person: Person) -> Promises:
    """Return a person's promises, the open ones by day, those without a day last."""
    still = sorted((it for it in person.promises if it.kept_at is None), key=lambda it: it.due or date.max)
    kept = sorted((it for it in person.promises if it.kept_at), key=lambda it: it.kept_at or it.made_at, reverse=True)
    return Promises(
        tuple(it for it in still if it.by is By.ME), tuple(it for it in still if it.by is By.THEM), tuple(kept)
    )
