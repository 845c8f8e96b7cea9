"""The team: contact with each report over the last weeks as a picture, what it shows, and what is coming up."""

from __future__ import annotations

from collections.abc import Sequence

from fastapi import Request
from starlette.responses import HTMLResponse

from coach.domain.preferences import FirstDay
from coach.noticing.teams import GOOD_WITHIN, Kind, Row, Shown, Team, reports, team
from coach.web import routers
from coach.web.labels import LANDED
from coach.web.lately import moments_lately
from coach.web.parts import In, Parts, User
from coach.web.renderer import page

router = routers.of_pages()

MARKS = {**{Kind(landed): word for landed, word in LANDED.items()}, Kind.CANCELLED: ("✕", "did not take place")}
"""Each kind's mark and word."""

_APART = 6.5
"""Half the distance between two marks of a week, in px."""


@router.get("/team")
async def shown(request: Request, parts: In, user: User) -> HTMLResponse:
    """The weeks, by person."""
    found = await looked_at(parts, user)
    drawn = [(row, [_code(row, n) for n in range(len(found.mondays))]) for row in found.rows]
    codes = sorted({code for _, codes in drawn for code in codes if code})
    return page(
        request,
        "team.html",
        "people",
        team=found,
        told=[(parts.texts.render("team.fixed", **_values(it)), it) for it in found.shown],
        marks=MARKS,
        drawn=drawn,
        drawings=[(code, _placed(code)) for code in codes],
    )


async def looked_at(parts: Parts, user: str) -> Team:
    """Return the picture of the user's team as it is today."""
    today = parts.clock().astimezone().date()
    people = reports(await parts.journal.people(user))
    moments = await moments_lately(parts, user, today)
    mine = await parts.journal.preferences(user)
    first = 6 if mine.week is FirstDay.SUNDAY else 0
    return team(people, moments, await parts.journal.contacts(user), today, first)


def _values(it: Shown) -> dict[str, object]:
    return {"sign": it.sign, "n": len(it.moments), "weeks": GOOD_WITHIN}


# ---- the picture: a week is one drawing of up to four marks, told apart by which kinds it holds


def _code(row: Row, week: int) -> int:
    kinds = row.weeks[week].kinds
    return sum(1 << n for n, kind in enumerate(Kind) if kind in kinds)


def _placed(code: int) -> Sequence[tuple[Kind, float, float]]:
    """Return the kinds of a drawing with the place of each mark: one in the middle, more side by side, in a square."""
    kinds = [kind for n, kind in enumerate(Kind) if code >> n & 1]
    across = 1 if len(kinds) == 1 else 2
    down = (len(kinds) + 1) // 2
    return [
        (kind, _APART * (2 * (n % across) - across + 1), _APART * (2 * (n // across) - down + 1))
        for n, kind in enumerate(kinds)
    ]
