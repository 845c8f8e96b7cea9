"""Everything that can be set, a sentence each; and the three questions at the beginning, which are asked once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Annotated, Literal

from fastapi import Form as FromForm
from fastapi import Request
from pydantic import StringConstraints
from starlette.responses import HTMLResponse, Response

from coach.domain.people import Person
from coach.domain.preferences import MINE, FirstDay, Preferences, Tone
from coach.errors import BadInput
from coach.web import routers, zones
from coach.web.namesakes import found
from coach.web.pages.forms import Form, Posted
from coach.web.parts import In, Parts, User
from coach.web.renderer import TONE, back_to, page

router = routers.of_pages()

Name = Annotated[str, StringConstraints(strip_whitespace=True, max_length=80)]

FEW = 5
"""So many people are asked for at the beginning."""

_YEAR = 365 * 24 * 3600


class SettingsForm(Form):
    """What is set; what is empty goes back to how it was at first."""

    call: Name = ""
    leads: Literal["yes", "no"] | None = None
    zone: Name = ""
    week: FirstDay = FirstDay.MONDAY
    hour: Annotated[int, FromForm(ge=6, le=20)] = 9
    tone: Tone = Tone.FULL


class ZoneForm(Form):
    """The zone of the browser that asks."""

    zone: Name


class WelcomeForm(Form):
    """Answers to the three questions; each may be left out, and ``skip`` leaves out all."""

    call: Name = ""
    leads: Literal["yes", "no"] | None = None
    who: Annotated[str, StringConstraints(strip_whitespace=True, max_length=1000)] = ""
    skip: Literal["yes"] | None = None


@router.get("/settings")
async def settings(request: Request, parts: In, user: User, saved: bool = False) -> HTMLResponse:
    """What is set, and where the rest is set."""
    mine = await parts.journal.preferences(user)
    people = await parts.journal.people(user)
    limits = sum(person.keep_months is not None for person in people)
    told = {"limits": limits, "alone": parts.members is None, "zones": sorted(zones.zones()), "saved": saved}
    return page(request, "settings.html", "settings", 200, mine=mine, packs=parts.settings.data / "packs", **told)


@router.post("/settings")
async def save(form: Posted[SettingsForm], parts: In, user: User) -> Response:
    """Keep what is set."""
    if form.zone and form.zone not in zones.zones():
        raise BadInput("That is no time zone this machine knows. Choose one of the list, such as Europe/Berlin.")
    now = parts.clock()

    def how(old: Preferences) -> Preferences:
        named = replace(old, call=form.call, leads=_yes(form.leads), zone=form.zone, changed_at=now)
        return replace(named, week=form.week, hour=form.hour, tone=form.tone)

    await _kept(parts, user, how)
    answer = back_to("/settings?saved=1")
    answer.set_cookie(TONE, form.tone, max_age=_YEAR, httponly=True, samesite="lax")
    return answer


@router.post("/settings/zone")
async def in_zone(form: Posted[ZoneForm], parts: In, user: User) -> Response:
    """Tell days by the browser's zone, unless another one was chosen. Asked by the page itself."""
    if form.zone in zones.zones() and not (await parts.journal.preferences(user)).zone:
        await _kept(parts, user, lambda old: old if old.zone else replace(old, zone=form.zone))
    return Response(status_code=204)


@router.post("/welcome")
async def welcome(form: Posted[WelcomeForm], parts: In, user: User) -> Response:
    """Keep what was answered; the questions are not asked again."""
    now = parts.clock()

    def how(old: Preferences) -> Preferences:
        if form.skip:
            return replace(old, welcomed=True, changed_at=now)
        call, leads = form.call or old.call, old.leads if form.leads is None else _yes(form.leads)
        return replace(old, welcomed=True, call=call, leads=leads, changed_at=now)

    await _kept(parts, user, how)
    if not form.skip:
        await _add(parts, user, form.who.replace("\n", ",").split(","), now)
    return back_to("/")


async def _add(parts: Parts, user: str, names: Sequence[str], now: datetime) -> None:
    """Add the few people that matter most, those that are not here yet."""
    for name in [it.strip()[:200] for it in names if it.strip()][:FEW]:
        if found(await parts.journal.people(user), name) is None:
            await parts.journal.add_person(user, Person(parts.new_id(), name, now, focus_since=now))


async def _kept(parts: Parts, user: str, how: Callable[[Preferences], Preferences]) -> None:
    mine = await parts.journal.change(user, Preferences, MINE, how)
    if parts.members is None:
        zones.settle(mine.zone)


def _yes(word: str | None) -> bool | None:
    return None if word is None else word == "yes"
