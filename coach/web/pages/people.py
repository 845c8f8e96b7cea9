"""People: the list, one person with moments and plans, and the forms that change them."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter, Request
from fastapi import Form as FromForm
from starlette.responses import HTMLResponse, Response

from coach.domain.people import Person, Relation
from coach.web.api import people as api
from coach.web.api.fields import Name, Note
from coach.web.pages.forms import Form
from coach.web.pages.rendering import back_to, page
from coach.web.parts import In, User

router = APIRouter()

_SHOWN_MOMENTS = 50


class PersonForm(Form):
    """A colleague as the form has them."""

    name: Name
    role: Name | None = None
    relation: Relation | None = None
    remote: Literal["yes", "no"] | None = None
    matters: Note | None = None
    plate: Note | None = None

    def given(self) -> dict[str, object]:
        """Return the fields as the API takes them."""
        return {**self.model_dump(), "remote": None if self.remote is None else self.remote == "yes"}


@router.get("/people")
async def listed(request: Request, parts: In, user: User) -> HTMLResponse:
    """Everybody, by name."""
    people = sorted(await parts.journal.people(user), key=lambda each: each.name.casefold())
    return page(request, "people.html", "people", people=people)


@router.post("/people")
async def add(form: Annotated[PersonForm, FromForm()], parts: In, user: User) -> Response:
    """Add a colleague."""
    person = await api.add(api.PersonGiven.model_validate(form.given()), parts, user)
    return back_to(f"/people/{person.id}")


@router.get("/people/{person_id}")
async def one(person_id: str, request: Request, parts: In, user: User, all: bool = False) -> HTMLResponse:
    """One colleague: what is known, what the moments show, moments, plans."""
    person: Person = await parts.journal.person(user, person_id)
    moments = list(reversed(await parts.journal.moments(user, person_id)))
    return page(
        request,
        "person.html",
        "people",
        person=person,
        moments=moments if all else moments[:_SHOWN_MOMENTS],
        count=len(moments),
        findings=await api.found(parts, user, person),
        plans=list(reversed(await parts.journal.plans(user, person_id))),
    )


@router.post("/people/{person_id}")
async def change(person_id: str, form: Annotated[PersonForm, FromForm()], parts: In, user: User) -> Response:
    """Change what is known of a colleague."""
    await api.change(person_id, api.PersonChanged.model_validate(form.given()), parts, user)
    return back_to(f"/people/{person_id}")


@router.post("/people/{person_id}/forget")
async def forget(person_id: str, parts: In, user: User) -> Response:
    """Erase a colleague and all that is about them."""
    await parts.journal.forget_person(user, person_id)
    return back_to("/people")


@router.post("/people/{person_id}/plan")
async def plan(person_id: str, parts: In, user: User) -> Response:
    """Make a plan from the journal alone."""
    made = await parts.conversation.plan(user, person_id, None, parts.clock())
    return back_to(f"/plans/{made.id}")
