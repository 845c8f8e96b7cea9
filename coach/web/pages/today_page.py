"""Today: at most three things, each with its one click. What is shown is chosen in ``noticing.today``."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from fastapi import Request
from starlette.responses import HTMLResponse

from coach.domain.commitments import Commitment
from coach.domain.people import Person, resting
from coach.domain.plans import RepairPlan, Step
from coach.domain.sessions import Session, State
from coach.noticing.follow_ups import Then
from coach.noticing.today import Thing, Why, every_thing, review_due, things
from coach.noticing.weeks import begins, week
from coach.sessions.pause import HELD
from coach.web import routers
from coach.web.lately import moments_lately
from coach.web.pages.plans import told
from coach.web.pages.takeover import watched_of
from coach.web.parts import In, Parts, User
from coach.web.renderer import page
from coach.web.retention import overdue

router = routers.of_pages()

_LOOKED_AT = 30
"""So many of the open commitments that are due are looked into, the oldest first."""

_COMING = 5
_SESSIONS = 5
_OPEN = {Why.HARM, Why.PROMISE, Why.CALLED_OFF, Why.ASK, Why.STEP}
"""What is still open, in a look back; thanks and a long silence are no debts."""

REVIEW = "weekly_review"
"""The kind of session that is due every week."""


@dataclass(frozen=True, slots=True)
class Open:
    """An open commitment with its step and plan."""

    commitment: Commitment
    plan: RepairPlan
    step: Step


@router.get("/today")
async def today(
    request: Request,
    parts: In,
    user: User,
    plan: str | None = None,
    then: Then | None = None,
    on: date | None = None,
    undo: str = "",
    back: bool = False,
) -> HTMLResponse:
    """At most three things, and what is coming."""
    now = parts.clock()
    opened = await open_steps(parts, user)
    people = {each.id: each for each in await parts.journal.people(user)}
    chosen = await chosen_things(parts, user, opened, now, [*people.values()])
    shown, today = {it.commitment.id for it in chosen if it.commitment}, now.astimezone().date()
    further = [it for it in opened if it.commitment.id not in shown]
    awake = [it for it in further if not resting(people.get(it.plan.person_id or ""), today)]
    followed = told(parts, await parts.journal.plan(user, plan), then, on) if plan and then else None
    return page(
        request,
        "today.html",
        "today",
        things=chosen,
        steps={it.commitment.id: it for it in opened},
        also=[it for it in awake if it.commitment.due <= today][:_COMING],
        coming=[it for it in further if it.commitment.due > today][:_COMING],
        names={id_: each.name for id_, each in people.items()},
        followed=followed,
        goes=await parts.journal.goes_on(user),
        past=await overdue(parts.journal, user, now, [*people.values()]),
        undo=undo,
        back=back,
        back_possible=parts.undo.there(user, undo, now),
        review=await _review(parts, user, now, [*people.values()]),
        unfinished=await _unfinished(parts, user),
        empty=not opened and not chosen and not await parts.journal.contacts(user),
        talks=await watched_of(request, parts).news(parts.journal, user),
    )


@router.get("/week")
async def behind(request: Request, parts: In, user: User) -> HTMLResponse:
    """A look back at the last seven days, on one screen."""
    today = parts.clock().astimezone().date()
    people = await parts.journal.people(user)
    moments = await moments_lately(parts, user, today)
    opened = await open_steps(parts, user)
    towards = [(it.commitment, it.plan.person_id) for it in opened]
    still = every_thing(people, await parts.journal.contacts(user), towards, today, moments)
    return page(
        request,
        "week.html",
        "today",
        week=week(people, moments, today),
        first=begins(today),
        names={each.id: each.name for each in people},
        open=sum(it.why in _OPEN for it in still),
        coming=[it for it in opened if it.commitment.due > today],
    )


async def _review(parts: Parts, user: str, now: datetime, people: Sequence[Person]) -> bool:
    """Whether a weekly review of the team is due; one under way counts as had."""
    today = now.astimezone().date()
    if not review_due(people, None, today):
        return False
    had = [it for it in await parts.journal.sessions(user, _SESSIONS) if it.kind == REVIEW]
    return review_due(
        people, max(((it.finished_at or it.started_at).astimezone().date() for it in had), default=None), today
    )


async def _unfinished(parts: Parts, user: str) -> Session | None:
    """Return the newest session if it was begun to be answered and not ended; one that rests at harm is not urged."""
    newest = next(iter(reversed(await parts.journal.sessions(user, _SESSIONS))), None)
    if newest is None or newest.state is State.CLOSED or newest.because in HELD:
        return None
    return newest if any(turn.said for turn in newest.turns) else None


async def chosen_things(
    parts: Parts, user: str, opened: list[Open], now: datetime, everyone: Sequence[Person] | None = None
) -> tuple[Thing, ...]:
    """Return the things for today. ``everyone``: all people, where they were read already."""
    people = await parts.journal.people(user) if everyone is None else everyone
    contacts = await parts.journal.contacts(user)
    commitments = [(it.commitment, it.plan.person_id) for it in opened]
    today = now.astimezone().date()
    return things(people, contacts, commitments, today, await moments_lately(parts, user, today))


async def open_steps(parts: Parts, user: str) -> list[Open]:
    """Return the open commitments with their steps, by day; one whose plan dropped the step is passed over."""
    plans = {plan.id: plan for plan in await parts.journal.plans_taken_on(user)}
    found: list[Open] = []
    for commitment in sorted(await parts.journal.commitments(user), key=lambda it: it.due)[:_LOOKED_AT]:
        plan = plans.get(commitment.plan_id)
        step = next((it for it in plan.steps if it.id == commitment.id), None) if plan else None
        if plan is not None and step is not None:
            found.append(Open(commitment, plan, step))
    return found
