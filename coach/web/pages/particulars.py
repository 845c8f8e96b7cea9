"""Notes about a person, bit by bit: their plate, days to celebrate, promises, how often, how long things are kept."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from functools import partial
from typing import Annotated, Literal

from fastapi import Form as FromForm
from fastapi import Request
from starlette.responses import Response

from coach.domain.moments import By
from coach.domain.people import Celebration, Person, Promise, there_is
from coach.errors import BadInput, NotFound
from coach.foreign.found import addresses
from coach.web import routers
from coach.web.api.fields import Days, Months, Name, Note
from coach.web.pages.forms import Form, Posted
from coach.web.parts import In, Parts, User
from coach.web.renderer import back_to, part_or_back
from coach.web.retention import expire, overdue

router = routers.of_pages("/people/{person_id}")

_MOST = 50


class Still(Form):
    """Whether what is on their plate is still so."""

    still: Literal["yes", "no"]


class Day(Form):
    """A day to celebrate."""

    label: Name
    month: Annotated[int, FromForm(ge=1, le=12)]
    day: Annotated[int, FromForm(ge=1, le=31)]


class PromiseForm(Form):
    """A promise, one way or the other."""

    by: By
    what: Note
    due: date | None = None


class OfPromise(Form):
    """What became of a promise."""

    came: Literal["kept", "gone"]
    back: Literal["today"] | None = None


class Mailboxes(Form):
    """The mailboxes somebody is known by, with blanks or commas between."""

    addresses: Annotated[str, FromForm(max_length=1500)] = ""


class Rest(Form):
    """For how long somebody is left in peace."""

    days: Days


class Often(Form):
    """How often to be in touch."""

    ideal: Days | None = None
    longest: Days | None = None


class Keeping(Form):
    """How long things are kept."""

    months: Months | None = None


@router.post("/plate")
async def plate(person_id: str, form: Posted[Still], parts: In, user: User) -> Response:
    """Change the note on their workload, or remove it."""
    now = parts.clock()

    def told(person: Person) -> Person:
        still = form.still == "yes" and person.plate is not None
        return replace(person, plate=person.plate if still else None, plate_noted_at=now if still else None)

    return await _changed(parts, user, person_id, told, "now")


@router.post("/days")
async def add_day(person_id: str, form: Posted[Day], parts: In, user: User) -> Response:
    """Note a day to celebrate."""
    if not there_is(form.month, form.day):
        raise BadInput("There is no such day in that month.")

    def noted(person: Person) -> Person:
        days = {*person.celebrations, Celebration(form.label, form.month, form.day)}
        if len(days) > _MOST:
            raise BadInput(f"There are {_MOST} days already. Take one out first.")
        return replace(person, celebrations=tuple(sorted(days, key=lambda it: (it.month, it.day, it.label))))

    return await _changed(parts, user, person_id, noted, "days")


@router.post("/days/{n}/forget")
async def forget_day(
    person_id: str, n: int, parts: In, user: User, label: Annotated[Name | None, FromForm()] = None
) -> Response:
    """Take a day out: the nth on the page, which is another one by now where it is not called ``label``."""

    def without(person: Person) -> Person:
        days = person.celebrations
        named = [at for at, it in enumerate(days) if it.label == label]
        gone = n if label is None or n in named else next(iter(named), None)
        return replace(person, celebrations=tuple(it for at, it in enumerate(days) if at != gone))

    return await _changed(parts, user, person_id, without, "days")


@router.post("/promises")
async def promise(person_id: str, form: Posted[PromiseForm], request: Request, parts: In, user: User) -> Response:
    """Note a promise."""
    made = Promise(parts.new_id(), form.by, form.what, parts.clock(), form.due)

    def promised(person: Person) -> Person:
        if sum(it.kept_at is None for it in person.promises) >= _MOST:
            raise BadInput(f"There are {_MOST} open promises already. Say of some what became of them first.")
        return replace(person, promises=(*person.promises, made))

    person = await parts.journal.change(user, Person, person_id, promised)
    return part_or_back(request, "_promised.html", f"/people/{person_id}#promises", promise=made, person=person)


@router.post("/promises/{promise_id}")
async def came(person_id: str, promise_id: str, form: Posted[OfPromise], parts: In, user: User) -> Response:
    """Say that a promise was kept, or take it out. From Today it can be taken back for a while."""
    now = parts.clock()
    before = next((it for it in (await parts.journal.person(user, person_id)).promises if it.id == promise_id), None)

    def became(person: Person) -> Person:
        if promise_id not in {it.id for it in person.promises}:
            raise NotFound("There is no such promise in this journal.")
        others = [it for it in person.promises if it.id != promise_id or form.came == "kept"]
        kept = tuple(replace(it, kept_at=now) if it.id == promise_id else it for it in others)
        return replace(person, promises=kept)

    gone = await _changed(parts, user, person_id, became, "promises")
    if form.back is None or before is None:
        return gone

    def again(person: Person) -> Person:
        return replace(person, promises=(*(it for it in person.promises if it.id != promise_id), before))

    token = parts.undo.hold(user, now, lambda: parts.journal.change(user, Person, person_id, again))
    return back_to(f"/today?undo={token}")


@router.post("/rest")
async def rest(person_id: str, form: Posted[Rest], parts: In, user: User) -> Response:
    """Leave somebody in peace for so many days: nothing about them is shown meanwhile but what was promised."""
    now = parts.clock()
    before = await parts.journal.person(user, person_id)
    until = (now + timedelta(days=form.days)).astimezone().date()
    await parts.journal.change(user, Person, person_id, partial(replace, rest_until=until))
    back = partial(replace, rest_until=before.rest_until)
    token = parts.undo.hold(user, now, lambda: parts.journal.change(user, Person, person_id, back))
    return back_to(f"/today?undo={token}")


@router.post("/often")
async def often(person_id: str, form: Posted[Often], parts: In, user: User) -> Response:
    """Say how often to be in touch, and the longest to leave it."""
    if form.ideal and form.longest and form.longest < form.ideal:
        raise BadInput("The longest you would leave it should be no shorter than how often you would like it.")
    often = partial(replace, ideal_days=form.ideal, longest_days=form.longest)
    return await _changed(parts, user, person_id, often, "about")


@router.post("/mailboxes")
async def mailboxes(person_id: str, form: Posted[Mailboxes], parts: In, user: User) -> Response:
    """Say by which mailboxes a calendar and an address book mean somebody."""
    words = form.addresses.replace(",", " ").replace(";", " ").split()
    boxes = addresses(words)
    if len(boxes) < len({word.casefold() for word in words}):
        raise BadInput("A mailbox looks like rosa@example.com, and somebody can have five of them.")
    return await _changed(parts, user, person_id, partial(replace, addresses=boxes), "about")


@router.post("/keeping")
async def keeping(person_id: str, form: Posted[Keeping], parts: In, user: User) -> Response:
    """Say how long things about them are kept; what is older goes at once."""
    person = await parts.journal.change(user, Person, person_id, lambda it: replace(it, keep_months=form.months))
    if not (await overdue(parts.journal, user, parts.clock())).jumped:  # else the Privacy page asks first
        await expire(parts.journal, user, person, parts.clock())
    return back_to(f"/people/{person_id}#about")


async def _changed(parts: Parts, user: str, person_id: str, how: Callable[[Person], Person], place: str) -> Response:
    await parts.journal.change(user, Person, person_id, how)
    return back_to(f"/people/{person_id}#{place}")
