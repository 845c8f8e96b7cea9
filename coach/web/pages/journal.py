"""The journal: what was noted, day by day, and a search over all of it. What fits is found in ``journal``, not here."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from datetime import date, datetime
from typing import Annotated
from urllib.parse import urlencode

from fastapi import Query, Request
from pydantic import BaseModel, model_validator
from starlette.responses import HTMLResponse, Response

from coach.domain.moments import Channel, Landed, Moment
from coach.domain.people import Person
from coach.domain.searches import Search, words_of
from coach.domain.workdays import midnight
from coach.noticing.weeks import days_before
from coach.web import routers
from coach.web.pages.forms import Form, Posted
from coach.web.parts import In, Parts, User
from coach.web.renderer import as_markdown, back_to, page

router = routers.of_pages()

_IN_A_FILE = 50_000
"""So many moments go into one file."""

_SHOWN = 60
"""So many moments stand on one page."""


class Wanted(BaseModel, extra="ignore"):
    """What the form of the search asks for. An empty field asks for nothing."""

    q: Annotated[str, Query(max_length=200)] = ""
    person: str | None = None
    channel: Channel | None = None
    landed: Landed | None = None
    since: date | None = None
    until: date | None = None
    after: Annotated[int, Query(ge=0, le=100_000)] = 0
    erased: str | None = None
    back: bool = False

    @model_validator(mode="before")
    @classmethod
    def _given(cls, data: dict[str, object]) -> dict[str, object]:
        return {name: value for name, value in data.items() if value not in ("", None)}

    @property
    def narrowed(self) -> bool:
        """Whether anything but words is asked for."""
        return any((self.person, self.channel, self.landed, self.since, self.until))

    def search(self, people: Sequence[Person]) -> Search:
        """Return the search; a day counts from midnight to midnight where this machine is."""
        words = words_of(self.q, people)
        return Search(words, self.person, self.channel, self.landed, midnight(self.since), midnight(self.until, 1))

    def address(self, **changes: object) -> str:
        """Return the address of the same search, with something else in it."""
        given = {**self.model_dump(mode="json", exclude={"erased", "back"}), **changes}
        query = urlencode({name: value for name, value in given.items() if value})
        return f"/journal?{query}" if query else "/journal"


class BringBack(Form):
    """What was erased a moment ago, and where to go on."""

    token: str
    back: str = "/journal"


@router.get("/journal")
async def journal(wanted: Annotated[Wanted, Query()], request: Request, parts: In, user: User) -> HTMLResponse:
    """The newest moments by day, or those that fit."""
    people = sorted(await parts.journal.people(user), key=lambda each: each.name.casefold())
    shown = wanted.after + _SHOWN
    found = await parts.journal.search_moments(user, wanted.search(people), shown)
    moments = list(found.moments)[wanted.after :]
    more = wanted.address(after=shown) if found.n > shown else ""
    now = parts.clock()
    looking = bool(wanted.q) or wanted.narrowed or wanted.after > 0
    return page(
        request,
        "journal.html",
        "journal",
        wanted=wanted,
        looking=looking,
        people=people,
        by_id={each.id: each.name for each in people},
        days=[(day, list(some)) for day, some in itertools.groupby(moments, _day)],
        n=found.n,
        more=more,
        earlier=[] if looking else await _on_this_day(parts, user, now),
        back_possible=bool(wanted.erased) and parts.undo.there(user, wanted.erased or "", now),
        names=[each.name for each in people],
    )


@router.get("/journal.md")
async def as_file(wanted: Annotated[Wanted, Query()], parts: In, user: User) -> Response:
    """The moments that fit, all of them, as Markdown."""
    people = await parts.journal.people(user)
    found = await parts.journal.search_moments(user, wanted.search(people), _IN_A_FILE)
    days = [(day, list(some)) for day, some in itertools.groupby(found.moments, _day)]
    values = {"by_id": {each.id: each.name for each in people}, "n": found.n, "shown": len(found.moments)}
    return as_markdown("journal.md", days=days, **values)


@router.post("/undo")
async def undo(form: Posted[BringBack], parts: In, user: User) -> Response:
    """Bring back what was erased a moment ago."""
    await parts.undo.bring_back(user, form.token, parts.clock())
    there = form.back if form.back in {"/journal", "/people", "/conversations", "/sessions", "/today"} else "/journal"
    return back_to(f"{there}?back=1")


async def _on_this_day(parts: Parts, user: str, now: datetime) -> list[tuple[str, Moment]]:
    """Return moments of the same day a month, a quarter, years ago, with the words for when; one a day."""
    found = []
    for words, day in days_before(now.astimezone().date()):
        search = Search(since=midnight(day), until=midnight(day, 1))
        found += [(words, moment) for moment in (await parts.journal.search_moments(user, search, 1)).moments]
    return found


def _day(moment: Moment) -> date:
    return moment.happened_at.astimezone().date()
