"""What is stored about one person, as a page to show them and as a file."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, cast

from fastapi import Request
from starlette.responses import HTMLResponse, Response

from coach.domain.people import Person
from coach.web import routers
from coach.web.labels import RELATIONS
from coach.web.parts import In, User
from coach.web.renderer import as_markdown, long_day, page

router = routers.of_pages("/people/{person_id}")


@router.get("/report")
async def report(person_id: str, request: Request, parts: In, user: User) -> HTMLResponse:
    """Everything stored about a person, to read."""
    about = cast(dict[str, Any], await parts.journal.about(user, person_id))
    person = await parts.journal.person(user, person_id)
    moments = await parts.journal.moments(user, person_id)
    return page(
        request,
        "report.html",
        "people",
        person=person,
        about=about,
        moments=moments,
        facts=list(_facts(person)),
        sessions=[_session(it, person_id) for it in about["sessions"]],
    )


@router.get("/report.json")
async def as_file(person_id: str, parts: In, user: User) -> Response:
    """Everything stored about a person, as JSON."""
    about = await parts.journal.about(user, person_id)
    headers = {"Content-Disposition": 'attachment; filename="report.json"'}
    return Response(json.dumps(about, ensure_ascii=False, indent=2), media_type="application/json", headers=headers)


@router.get("/person.md")
async def as_words(person_id: str, parts: In, user: User) -> Response:
    """A person with moments and plans, as Markdown."""
    person = await parts.journal.person(user, person_id)
    moments, plans = await parts.journal.moments(user, person_id), await parts.journal.plans(user, person_id)
    return as_markdown("person.md", person=person, moments=moments, plans=plans, facts=list(_facts(person)))


def _session(session: Mapping[str, Any], person_id: str) -> tuple[str, str, list[Mapping[str, Any]]]:
    """Return a session's title, day and turns: all of one about them, of another those that name them."""
    bound = session["person_id"] == person_id
    turns = [turn for turn in session["turns"] if bound or person_id in turn["people"]]
    return session["title"], session["started_at"][:10], turns


def _facts(person: Person) -> list[tuple[str, str]]:
    """Return what is noted of a person, a label and one value each; what is not noted is left out."""
    days = ", ".join(f"{it.label} ({it.day}.{it.month}.)" for it in person.celebrations)
    where = None if person.remote is None else "elsewhere" if person.remote else "near you"
    told = {
        "Name": person.name,
        "Added": long_day(person.created_at),
        "Role": person.role,
        "To you": RELATIONS[person.relation] if person.relation else None,
        "Works": where,
        "What matters to them": person.matters,
        "Beyond work": person.beyond,
        "On their plate": person.plate,
        "Between you": person.standing,
        "Days": days,
        "Mailboxes": ", ".join(person.addresses),
        "In touch every": f"{person.ideal_days} days" if person.ideal_days else None,
        "At the longest": f"{person.longest_days} days" if person.longest_days else None,
        "Kept for": f"{person.keep_months} months" if person.keep_months else None,
        "One to start with since": long_day(person.focus_since) if person.focus_since else None,
        "Left in peace until": long_day(person.rest_until) if person.rest_until else None,
    }
    return [(label, value) for label, value in told.items() if value]
