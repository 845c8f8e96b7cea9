"""Forms that keep, change and erase a moment."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time
from typing import Annotated

from fastapi import Form as FromForm
from fastapi import Request
from starlette.responses import HTMLResponse, Response

from coach.domain.moments import By, Channel, Landed, Moment
from coach.domain.plans import MadeBy, RepairPlan
from coach.domain.turns import Turn
from coach.errors import NotFound
from coach.reading.notes import Note as Noted
from coach.web import routers
from coach.web.api.fields import Id, Name, Note
from coach.web.etags import merged, typed, was
from coach.web.namesakes import adopt, called
from coach.web.outcomes import DONE
from coach.web.pages.forms import Changing, Form, Posted
from coach.web.pages.turns import moment_id, proposals
from coach.web.parts import In, Parts, User, if_there
from coach.web.renderer import back_to, page, part_or_back

router = routers.of_pages()


class MomentForm(Changing):
    """A moment as a form has it."""

    what: Note
    by: By
    channel: Channel
    landed: Landed
    day: date | None = None


class Proposed(Form, extra="ignore"):
    """A proposal to put aside, or to offer again: the nth of a turn. What else its form holds is not read."""

    turn_id: Id
    n: Annotated[int, FromForm(ge=0, le=50)]


class ProposalForm(MomentForm):
    """A proposal to keep: the nth of a turn, with the name of who it was."""

    who: Name
    turn_id: Id
    n: Annotated[int, FromForm(ge=0, le=50)]


@router.post("/moments")
async def keep(form: Posted[ProposalForm], request: Request, parts: In, user: User) -> Response:
    """Keep a proposed moment, and the person when they are new. A second click changes nothing."""
    turn = await parts.journal.turn(user, form.turn_id)
    now = parts.clock()
    person = await called(parts, user, form.who, now, turn.reading.account if turn.reading else None)
    moment = await if_there(parts.journal.moment(user, moment_id(turn.id, form.n)))
    if moment is None:
        moment = made(form, moment_id(turn.id, form.n), person.id, now, turn.id)
        await parts.journal.add_moment(user, moment)
        await adopt(parts.journal, user, turn, person)
    there = f"/conversations/{turn.conversation_id}#moment-{moment.id}"
    return part_or_back(request, "_kept.html", there, moment=moment, name=person.name, fresh=True)


@router.post("/moments/leave-out")
async def leave_out(form: Posted[Proposed], request: Request, parts: In, user: User) -> Response:
    """Put a proposed moment aside: it is not offered again."""
    turn = await parts.journal.change(
        user, Turn, form.turn_id, lambda it: replace(it, left_out=tuple(sorted({*it.left_out, form.n})))
    )
    there = f"/conversations/{turn.conversation_id}#turn-{turn.id}"
    return part_or_back(request, "_left_out.html", there, turn_id=turn.id, n=form.n)


@router.post("/moments/offer")
async def offer(form: Posted[Proposed], request: Request, parts: In, user: User) -> Response:
    """Offer a proposed moment again after all."""
    turn = await parts.journal.change(
        user, Turn, form.turn_id, lambda it: replace(it, left_out=tuple(n for n in it.left_out if n != form.n))
    )
    return _offered(turn, moment_id(turn.id, form.n), request)


@router.post("/people/{person_id}/moments")
async def add(person_id: str, form: Posted[MomentForm], parts: In, user: User) -> Response:
    """Note a moment with a colleague."""
    await parts.journal.add_moment(user, made(form, parts.new_id(), person_id, parts.clock(), None))
    return back_to(f"/people/{person_id}")


@router.get("/moments/{moment_id}")
async def one(moment_id: str, request: Request, parts: In, user: User) -> HTMLResponse:
    """One moment, to mend or erase."""
    moment = await parts.journal.moment(user, moment_id)
    person = await parts.journal.person(user, moment.person_id)
    plan = await _plan_of(parts, user, moment)
    return page(request, "moment.html", "journal", moment=moment, person=person, plan=plan, was=was(shown(moment)))


async def _plan_of(parts: Parts, user: str, moment: Moment) -> RepairPlan | None:
    """Return the plan a moment belongs to: the one its step came from, or of the turn it was kept from."""
    try:
        if moment.id.endswith(DONE):
            return await parts.journal.plan_with(user, moment.id.removesuffix(DONE))
        turn = await parts.journal.turn(user, moment.turn_id) if moment.turn_id else None
        own = turn is not None and turn.plan is not None and turn.plan.made_by is not MadeBy.SKELETON
        return await parts.journal.plan(user, turn.plan.id) if turn and turn.plan and own else None
    except NotFound:
        return None


@router.post("/moments/{moment_id}")
async def change(moment_id: str, form: Posted[MomentForm], request: Request, parts: In, user: User) -> Response:
    """Mend a moment."""
    del form  # it fits; what is empty in it stands in what was typed
    yours = await typed(request)

    def how(old: Moment) -> Moment:
        form = MomentForm.model_validate(merged(shown(old), yours))
        new = made(form, old.id, old.person_id, old.noted_at, old.turn_id)
        same = form.day is None or form.day == old.happened_at.astimezone().date()
        return replace(new, happened_at=old.happened_at) if same else new

    moment = await parts.journal.change(user, Moment, moment_id, how)
    return back_to(f"/people/{moment.person_id}")


def shown(moment: Moment) -> dict[str, str]:
    """Return a moment as the form shows it."""
    values = {name: str(getattr(moment, name)) for name in ("what", "by", "channel", "landed")}
    return {**values, "day": moment.happened_at.astimezone().date().isoformat()}


@router.post("/moments/{moment_id}/undo")
async def undo(moment_id: str, request: Request, parts: In, user: User) -> Response:
    """Take back a moment that was just kept, with the person who was added for it; it can be kept again."""
    moment = await parts.journal.moment(user, moment_id)
    person = await parts.journal.person(user, moment.person_id)
    await parts.journal.forget_moment(user, moment_id)
    if moment.turn_id is not None:
        return _offered(await parts.journal.turn(user, moment.turn_id), moment.id, request)
    left = await parts.journal.moments(user, person.id)
    if person.created_at == moment.noted_at and not left and not await parts.journal.plans(user, person.id):
        await parts.journal.forget_person(user, person.id)
    note = Noted(
        moment.what, person.name, moment.by, moment.landed, moment.channel, moment.happened_at.astimezone().date()
    )
    return part_or_back(request, "_record.html", "/log?undone=1", note=note, id=parts.new_id())


def _offered(turn: Turn, id_: str, request: Request) -> Response:
    again = proposals(turn.id, turn.reading, turn.at) if turn.reading else ()
    proposal = next((each for each in again if each.id == id_), None)
    there = f"/conversations/{turn.conversation_id}#turn-{turn.id}"
    return part_or_back(request, "_proposal.html", there, proposal=proposal) if proposal else back_to(there)


@router.post("/moments/{moment_id}/forget")
async def forget(moment_id: str, parts: In, user: User) -> Response:
    """Erase a moment."""
    moment = await parts.journal.moment(user, moment_id)
    await parts.journal.forget_moment(user, moment_id)
    token = parts.undo.hold(user, parts.clock(), lambda: parts.journal.add_moment(user, moment))
    return back_to(f"/journal?erased={token}")


def made(form: MomentForm, id_: str, person_id: str, now: datetime, turn_id: str | None = None) -> Moment:
    """Return the moment of a form."""
    return Moment(id_, person_id, _when(form.day, now), form.channel, form.by, form.what, form.landed, now, turn_id)


def _when(day: date | None, now: datetime) -> datetime:
    """Return a time on a day: now for today, else noon where this machine is. A form asks for no hour."""
    if day is None or day == now.astimezone().date():
        return now
    try:
        return datetime.combine(day, time(12)).astimezone().astimezone(UTC)
    except (OverflowError, ValueError):
        return datetime.combine(day, time(12), UTC)
