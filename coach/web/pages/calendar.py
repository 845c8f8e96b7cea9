"""Steps in the user's own calendar: one file for each step, a private feed, and what its entries may say."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Annotated, Literal

from fastapi import Form as FromForm
from fastapi import Request
from starlette.responses import HTMLResponse, Response
from starlette.types import Scope

from coach.domain.people import Person
from coach.domain.preferences import MINE, Preferences
from coach.errors import NotFound
from coach.noticing.occasions import Block, blocks, occasions
from coach.web import routers
from coach.web.calendars import AllDay, Entry, ics
from coach.web.keeper import Keeper
from coach.web.pages.forms import Form, Posted
from coach.web.pages.today_page import Open, open_steps
from coach.web.parts import In, Parts, User
from coach.web.proxies import own_address
from coach.web.renderer import back_to, page

router = routers.of_pages()

_MEDIA_TYPE = "text/calendar; charset=utf-8"
_NO_FEED = "There is no calendar at this address."


class CalendarForm(Form):
    """What the entries say and when; ``feed`` makes a new address or takes the old one away."""

    names: Literal["yes"] | None = None
    hour: Annotated[int, FromForm(ge=6, le=20)] | None = None
    feed: Literal["new", "off"] | None = None


@router.get("/calendar")
async def settings(request: Request, parts: In, user: User) -> HTMLResponse:
    """The feed, what it may say, and the times that are suggested."""
    preferences = await parts.journal.preferences(user)
    opened = await open_steps(parts, user)
    suggested = {it.step_id: it for it in _blocks(opened, preferences)}
    address = own_address(request.scope, parts.settings)
    return page(
        request, "calendar.html", "today", preferences=preferences, opened=opened, blocks=suggested, address=address
    )


@router.post("/calendar")
async def settle(form: Posted[CalendarForm], parts: In, user: User) -> Response:
    """Settle the feed, or what its entries say."""
    now, feed = parts.clock(), secrets.token_urlsafe(24) if form.feed == "new" else None

    def settled(old: Preferences) -> Preferences:
        if form.feed is not None:
            return replace(old, feed=feed, changed_at=now)
        hour = old.hour if form.hour is None else form.hour
        return replace(old, names=form.names == "yes", hour=hour, changed_at=now)

    await parts.journal.change(user, Preferences, MINE, settled)
    return back_to("/calendar")


@router.api_route("/calendar/{token}.ics", methods=["GET", "HEAD"])
async def feed(token: str, request: Request, parts: In) -> Response:
    """The open steps and what else has a day, for a calendar program that has the address."""
    keeper: Keeper = request.app.state.keeper
    if (kept := await keeper.kept_feed(token)) is not None:
        return Response(kept, media_type=_MEDIA_TYPE)
    user = await keeper.whose_feed(token)
    if user is None:
        raise NotFound(_NO_FEED)
    preferences = await parts.journal.preferences(user)
    if preferences.feed is None or not secrets.compare_digest(token.encode(), preferences.feed.encode()):
        raise NotFound(_NO_FEED)
    return Response(await feed_file(parts, user, preferences, request.scope), media_type=_MEDIA_TYPE)


async def feed_file(parts: Parts, user: str, preferences: Preferences, scope: Scope) -> bytes:
    """Return a user's feed as a file; its entries lead to the address that a request came to."""
    return await _file(scope, parts, user, await open_steps(parts, user), preferences)


@router.get("/steps/{step_id}.ics")
async def one(step_id: str, request: Request, parts: In, user: User) -> Response:
    """One commitment as a calendar file."""
    opened = await open_steps(parts, user)
    if step_id not in {it.step.id for it in opened}:
        raise NotFound("That step is not taken on. Take it on first, then there is a day to put into a calendar.")
    text = await _file(request.scope, parts, user, opened, await parts.journal.preferences(user), step_id)
    as_file = {"Content-Disposition": 'attachment; filename="step.ics"'}
    return Response(text, media_type=_MEDIA_TYPE, headers=as_file)


def _blocks(opened: list[Open], preferences: Preferences) -> tuple[Block, ...]:
    return blocks([(it.step.id, it.commitment.due, it.step.minutes) for it in opened], preferences.hour)


async def _file(
    scope: Scope, parts: Parts, user: str, opened: list[Open], preferences: Preferences, only: str | None = None
) -> bytes:
    """The entries as a file; ``only`` one step's, at the time it has among the others."""
    people = await parts.journal.people(user)
    names = {it.id: it.name for it in people} if preferences.names else {}
    entries = [
        Entry(block, it.step, it.commitment.taken_at, names.get(it.plan.person_id or ""))
        for block, it in zip(_blocks(opened, preferences), opened, strict=True)
        if only in {None, it.step.id}
    ]
    days = [] if only else await _days(parts, user, people, names)
    return ics(entries, preferences.names, f"{own_address(scope, parts.settings)}/today", days)


async def _days(parts: Parts, user: str, people: Sequence[Person], names: Mapping[str, str]) -> list[AllDay]:
    """Return promises, days to celebrate, and talks that are due, as whole days."""
    found = occasions(people, await parts.journal.contacts(user), parts.clock().astimezone().date())
    return [
        AllDay(
            it,
            parts.texts.render("occasion.fixed", sort=it.sort, name=names.get(it.person.id, ""), what=it.what).strip(),
        )
        for it in found
    ]
