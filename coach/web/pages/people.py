"""People: the list, one person with moments and plans, and the forms that change them."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated, Literal

from fastapi import Query, Request
from starlette.responses import HTMLResponse, Response

from coach.domain.people import Person, Relation
from coach.noticing.successes import worked
from coach.web import routers
from coach.web.api import people as api
from coach.web.api.fields import Name, Note
from coach.web.etags import merged, typed, was
from coach.web.lately import tie_with
from coach.web.pages.forms import Changing, Posted
from coach.web.pages.person_view import fresh, open_and_past, promises
from coach.web.pages.timeline import timeline
from coach.web.pages.today_page import open_steps
from coach.web.parts import Gone, In, User
from coach.web.renderer import back_to, page

router = routers.of_pages()

_SHOWN_MOMENTS = 8
_LOOKED_AT = 120
"""So many of the newest moments and plans go into findings and the picture: a page stays quick in a long journal."""


class PersonForm(Changing):
    """A colleague as the form has them."""

    name: Name
    role: Name | None = None
    relation: Relation | None = None
    remote: Literal["yes", "no"] | None = None
    matters: Note | None = None
    plate: Note | None = None
    beyond: Note | None = None

    def given(self) -> dict[str, object]:
        """Return the fields as the API takes them."""
        return {**self.model_dump(exclude={"was"}), "remote": None if self.remote is None else self.remote == "yes"}


@router.get("/people")
async def listed(
    request: Request, parts: In, user: User, gone: Gone, q: Annotated[str, Query(max_length=200)] = ""
) -> HTMLResponse:
    """Everyone, by name; with words, those whose name or role holds them."""
    people = sorted(await parts.journal.people(user), key=lambda each: each.name.casefold())
    wanted = q.strip().casefold()
    found = [each for each in people if wanted in f"{each.name} {each.role or ''}".casefold()]
    contacts = await parts.journal.contacts(user)
    leads = (await parts.journal.preferences(user)).leads
    told = {"everybody": len(people), "contacts": contacts, "leads": leads, "q": q}
    return page(request, "people.html", "people", 200, people=found, **told, **gone)


@router.post("/people")
async def add(form: Posted[PersonForm], parts: In, user: User) -> Response:
    """Add a colleague."""
    person = await api.add(api.PersonGiven.model_validate(form.given()), parts, user)
    return back_to(f"/people/{person.id}")


@router.get("/people/{person_id}")
async def one(person_id: str, request: Request, parts: In, user: User, all: bool = False) -> HTMLResponse:
    """One colleague: what is known, what the moments show, what has worked, plans, promises, moments."""
    person: Person = await parts.journal.person(user, person_id)
    now = parts.clock()
    contact = (await parts.journal.contacts(user, person_id)).get(person_id)
    count = contact.moments if contact else 0
    moments = await parts.journal.moments(user, person_id, None if all else _LOOKED_AT)
    plans = await parts.journal.plans(user, person_id, _LOOKED_AT)
    outcomes = await parts.journal.outcomes_about(user, person_id)
    newest = list(reversed(moments))
    findings = await api.found(parts, user, person, moments[-_LOOKED_AT:])
    return page(
        request,
        "person.html",
        "people",
        person=person,
        was=was(shown(person)),
        fresh=fresh(person, now),
        contact=contact,
        count=count,
        by_id={each.id: each for each in moments},
        moments=newest if all else newest[:_SHOWN_MOMENTS],
        timeline=timeline(moments, count, now),
        findings=findings,
        open=None
        if any(it.pattern for it in findings)
        else await tie_with(parts, user, person, now.astimezone().date()),
        step=next((it for it in await open_steps(parts, user) if it.plan.person_id == person_id), None),
        worked=worked(moments, plans, outcomes),
        plans=open_and_past(plans, outcomes, now),
        promises=promises(person),
    )


@router.post("/people/{person_id}")
async def change(person_id: str, form: Posted[PersonForm], request: Request, parts: In, user: User) -> Response:
    """Change what is known of a colleague. A plate that stays as it was keeps its day."""
    del form  # it fits; what is empty in it stands in what was typed
    yours, now = await typed(request), parts.clock()

    def how(person: Person) -> Person:
        given = PersonForm.model_validate(merged(shown(person), yours)).given()
        if given["plate"] == person.plate:
            del given["plate"]
        return replace(person, **api.PersonChanged.model_validate(given).known(now))

    await parts.journal.change(user, Person, person_id, how)
    return back_to(f"/people/{person_id}")


def shown(person: Person) -> dict[str, str]:
    """Return a colleague as the form shows them."""
    values = {name: getattr(person, name) or "" for name in PersonForm.model_fields if name != "was"}
    return {**values, "remote": "" if person.remote is None else "yes" if person.remote else "no"}


@router.post("/people/{person_id}/forget")
async def forget(person_id: str, parts: In, user: User) -> Response:
    """Erase a colleague and all that is about them."""
    about = await parts.journal.about(user, person_id)
    await parts.journal.forget_person(user, person_id)
    parts.undo.forget(user)  # what was erased before may name them
    token = parts.undo.hold(user, parts.clock(), lambda: parts.journal.give_back(user, about))
    return back_to(f"/people?erased={token}")


@router.post("/people/{person_id}/plan")
async def plan(person_id: str, parts: In, user: User) -> Response:
    """Make a plan from the journal alone."""
    made = await parts.conversation.plan(user, person_id, parts.clock())
    return back_to(f"/plans/{made.id}")
