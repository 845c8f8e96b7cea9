"""The map: the circle as a picture, what it shows as a whole, and taking stock with three questions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Annotated, Literal

from fastapi import Query, Request
from starlette.responses import HTMLResponse, Response

from coach.domain.people import Contact, Person, Relation, Standing
from coach.errors import BadInput
from coach.noticing.coverage import coverage
from coach.web import routers
from coach.web.api.fields import Note
from coach.web.etags import merged, was
from coach.web.labels import RELATIONS
from coach.web.lately import all_ties
from coach.web.pages.circle import LABELLED, SECTORS, circle, ring_of
from coach.web.pages.forms import Changing, Posted
from coach.web.parts import In, User
from coach.web.renderer import back_to, page

router = routers.of_pages()

_LOOKED_AT = 200
"""So many of the newest moments tell what the user does lately."""

_RINGS = ("within 14 days", "within 30 days", "within 90 days", "longer ago, or never")
"""What each ring says, the nearest first."""

_STOCK_LASTS = timedelta(days=90)
MOST_FOCUS = 2
"""To start with more than two is to start with none."""


class Stock(Changing):
    """The three questions about one person, and whether to start with them."""

    matters: Note | None = None
    beyond: Note | None = None
    standing: Standing | None = None
    focus: Literal["yes"] | None = None
    after: str | None = None


@router.get("/map")
async def shown(request: Request, parts: In, user: User, q: Annotated[str, Query(max_length=200)] = "") -> HTMLResponse:
    """The circle, or those of it whose name or role holds some words; the checks, and whom to start with."""
    now = parts.clock()
    people = sorted(await parts.journal.people(user), key=lambda each: each.name.casefold())
    contacts = await parts.journal.contacts(user)
    recent = await parts.journal.recent_moments(user, _LOOKED_AT)
    today = now.astimezone().date()
    checks = coverage(people, recent, today, await all_ties(parts, user, people, today))
    known = {each.id: each for each in people}
    told = [
        (parts.texts.render("coverage.fixed", name=it.name, n=len(it.people)), [known[id_] for id_ in it.people[:5]])
        for it in checks
    ]
    wanted = q.strip().casefold()
    seen = [each for each in people if wanted in f"{each.name} {each.role or ''}".casefold()]
    return page(
        request,
        "map.html",
        "people",
        everybody=len(people),
        most=LABELLED,
        q=q,
        people=seen,
        groups=_groups(seen, contacts, now),
        rings=_RINGS,
        contacts=contacts,
        circle=circle(seen, contacts, now),
        checks=told,
        order=[RELATIONS[it] if it else "not said" for it in SECTORS if any(each.relation is it for each in seen)],
        focus=[each for each in people if each.focus_since],
        waiting=sum(_waits(each, now) for each in people),
    )


def _groups(
    people: Sequence[Person], contacts: Mapping[str, Contact], now: datetime
) -> list[tuple[Relation | None, str, list[Person]]]:
    """Return each relation that there is, its words, and its people, those in touch lately first."""
    nearest = sorted(people, key=lambda each: (ring_of(contacts.get(each.id), now), each.name.casefold()))
    named = [
        (it, RELATIONS[it] if it else "not said", [each for each in nearest if each.relation is it]) for it in SECTORS
    ]
    return [group for group in named if group[2]]


@router.get("/map/stock")
async def stock(
    request: Request, parts: In, user: User, person: str | None = None, after: str | None = None
) -> HTMLResponse:
    """The three questions about one person: the one named, else the next nobody has thought about lately."""
    now = parts.clock()
    people = sorted(await parts.journal.people(user), key=lambda each: (each.name.casefold(), each.id))
    if person is not None:
        asked: Person | None = await parts.journal.person(user, person)
    else:
        place = next((n for n, each in enumerate(people) if each.id == after), -1)
        asked = next((each for each in people[place + 1 :] if _waits(each, now)), None)
    waiting = sum(_waits(each, now) for each in people)
    focus = [each for each in people if each.focus_since]
    return page(
        request,
        "stock.html",
        "people",
        asked=asked,
        waiting=waiting,
        focus=focus,
        most=MOST_FOCUS,
        was=was(_form(asked)) if asked else "",
    )


@router.post("/people/{person_id}/stock")
async def take_stock(person_id: str, form: Posted[Stock], parts: In, user: User) -> Response:
    """Keep the answers, and go on to the next person."""
    person, now = await parts.journal.person(user, person_id), parts.clock()
    if form.focus and person.focus_since is None:
        focus = [it for it in await parts.journal.people(user) if it.focus_since]
        if len(focus) >= MOST_FOCUS:
            raise BadInput(f"Start with {MOST_FOCUS} at most. Take one off the map first.")
    typed = {name: str(value or "") for name, value in form.model_dump(exclude={"after"}).items()}

    def taken(it: Person) -> Person:
        kept = Stock.model_validate(merged(_form(it), typed))
        return replace(
            it,
            matters=kept.matters,
            beyond=kept.beyond,
            standing=kept.standing,
            standing_noted_at=now if form.standing else it.standing_noted_at,
            focus_since=(it.focus_since or now) if kept.focus else None,
        )

    await parts.journal.change(user, Person, person_id, taken)
    return back_to(f"/map/stock?after={person_id}")


@router.post("/people/{person_id}/unfocus")
async def unfocus(person_id: str, parts: In, user: User) -> Response:
    """No longer one of those to start with."""
    await parts.journal.change(user, Person, person_id, lambda it: replace(it, focus_since=None))
    return back_to("/map")


def _form(person: Person) -> dict[str, str]:
    """Return what the form about one person shows."""
    values = {name: str(getattr(person, name) or "") for name in ("matters", "beyond", "standing")}
    return {**values, "focus": "yes" if person.focus_since else ""}


def _waits(person: Person, now: datetime) -> bool:
    """Whether nobody has taken stock of it, or not for a good while."""
    return person.standing_noted_at is None or now - person.standing_noted_at > _STOCK_LASTS
