"""The group's numbers, in fives, for programs; and whether a member may be counted in them."""

from __future__ import annotations

from datetime import date
from typing import Literal

from pydantic import BaseModel, Field
from starlette.responses import Response

from coach.domain.members import Counted, Week
from coach.web import routers
from coach.web.membership.arrival import Group, Me
from coach.web.pages.forms import Form, Posted
from coach.web.renderer import back_to

api = routers.of_api("Group", "/group")
router = routers.of_pages("/member")


class WeekTold(BaseModel):
    """A finished week of the whole group. A figure is a number of members in fives; null is fewer than five."""

    week: date = Field(description="The Monday it began on.")
    members: int | None = Field(description="Members who let themselves be counted.")
    talked: int | None = Field(description="Of these, who talked with the coach.")
    took_on: int | None = Field(description="Who took on a step.")
    sessions: int | None = Field(description="Who held a session.")


class WeeksTold(BaseModel):
    """Finished weeks, newest first."""

    weeks: list[WeekTold]


class Counting(Form):
    """Whether a member may be counted."""

    counted: Literal["yes"] | None = None


@api.get("/numbers")
async def numbers(group: Group, me: Me) -> WeeksTold:
    """The numbers of the whole group; there is no part of it to ask about."""
    del me
    return WeeksTold(weeks=[_told(week) for week in await group.numbers.weeks()])


def _told(week: Week) -> WeekTold:
    figures = {what.value: week.figures.get(what, 0) or None for what in Counted}
    return WeekTold.model_validate({"week": week.monday, **figures})


@router.post("/counted")
async def count(form: Posted[Counting], group: Group, me: Me) -> Response:
    """Let the member be counted, or no more."""
    await group.numbers.let(me.member.id, count=form.counted == "yes")
    return back_to("/member?done=counted")
