"""Everything of a user together: take it out, put it in, erase it."""

from __future__ import annotations

import json
from typing import Annotated, Any

from fastapi import Body
from pydantic import BaseModel, Field
from starlette.responses import Response

from coach.web import routers
from coach.web.api.documents import EXPORT, READ, WRITE, documented
from coach.web.once import Dated, Since
from coach.web.parts import In, Parts, User

router = routers.of_api("Everything", route_class=Dated)


class Imported(BaseModel):
    """How many of each were new."""

    imported: dict[str, int] = Field(examples=[{"people": 2, "moments": 7}])


@router.get(
    "/export", summary="Export everything", response_model=dict[str, Any], responses=documented(200, EXPORT, *READ)
)
async def export(parts: In, user: User) -> Response:
    """Everything that is kept of you, as readable JSON that `POST /api/import` takes back."""
    return await export_file(parts, user)


@router.post(
    "/import", summary="Import an export", responses=documented(200, {"imported": {"people": 2, "moments": 7}}, *WRITE)
)
async def import_(
    data: Annotated[dict[str, Any], Body(openapi_examples={"empty": {"summary": "An empty export", "value": EXPORT}})],
    parts: In,
    user: User,
    since: Since,
) -> Imported:
    """Take an export back, whole or not at all. What is there already stays as it is."""
    return Imported(imported=dict(await parts.journal.import_(user, data, since)))


@router.delete("/me", status_code=204, summary="Erase everything", responses=documented(204, None, *WRITE))
async def forget(parts: In, user: User) -> None:
    """Erase everything that is kept of you, the key included. There is no way back."""
    await parts.journal.forget(user)
    await parts.departed(user)


async def export_file(parts: Parts, user: str) -> Response:
    """Return the export as a file to save."""
    body = json.dumps(await parts.journal.export(user), ensure_ascii=False, indent=1)
    name = f"coach-{parts.clock():%Y-%m-%d}.json"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(body, media_type="application/json", headers=headers)
