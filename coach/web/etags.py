"""What a thing was like when somebody read it: its tag in the API, its values in a form; and changes made from that.

A change names only what it changes, so that two of them at once are both kept. Where a client says what it has read, by
``If-Match`` or a form's ``was``, and the same thing has become another since, Conflict holds both. Keeps nothing.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
from typing import Annotated, Any, TypeVar, cast

from fastapi import Header, Request
from pydantic_core import to_json
from starlette.responses import HTMLResponse, Response

from coach.errors import Conflict
from coach.web.parts import Parts
from coach.web.renderer import fragment

T = TypeVar("T")

Match = Annotated[
    str | None,
    Header(alias="If-Match", max_length=400, description="The ETag it was read with: an older one is refused by 409."),
]

NEWER = "This was changed since you read it, by another window or program. Nothing of yours was written."


def etag(thing: object) -> str:
    """Return the tag of a thing: another one once anything of it has changed."""
    return f'"{hashlib.sha256(to_json(thing)).hexdigest()[:32]}"'


def tagged(thing: T, response: Response) -> T:
    """Return a thing, its tag in the response."""
    response.headers["ETag"] = etag(thing)
    return thing


async def changed(
    parts: Parts, user: str, noun: type[T], id_: str, fields: Mapping[str, Any], match: str | None, response: Response
) -> T:
    """Set fields of one thing and return it, its new tag in the response. Raises NotFound, Conflict."""

    def how(it: T) -> T:
        if match is not None and not _fits(match, it):
            raise Conflict(NEWER, it, fields)
        return cast(T, replace(cast(Any, it), **fields))

    return tagged(await parts.journal.change(user, noun, id_, how), response)


def _fits(match: str, thing: object) -> bool:
    tags = {each.strip().removeprefix("W/") for each in match.split(",")}
    return bool(tags & {"*", etag(thing)})


async def typed(request: Request) -> dict[str, str]:
    """Return what a form was sent with, empty fields too."""
    form = await request.form()
    return {name: it.replace("\r\n", "\n").strip() for name, it in form.items() if isinstance(it, str)}


def was(shown: Mapping[str, str]) -> str:
    """Return a form's values as it shows them, for its hidden field ``was``."""
    return json.dumps(shown, ensure_ascii=False)


def merged(shown: Mapping[str, str], yours: Mapping[str, str]) -> dict[str, str]:
    """Return a form's values: those now shown, with what the user has changed of what ``was``.

    A field that is not in the form stays. Raises Conflict when a field was changed from elsewhere, too, and to
    something else.
    """
    before = _before(yours.get("was", ""))
    result, clash = dict(shown), False
    for name, now in shown.items():
        mine = yours.get(name, "" if name in before else now)
        if mine not in (before.get(name, now), now):
            result[name] = mine
            clash = clash or before.get(name, now) != now
    if clash:
        raise Conflict(NEWER, dict(shown), {**yours, **result})
    return result


def _before(text: str) -> dict[str, str]:
    with suppress(ValueError, RecursionError):
        found = json.loads(text) if text else {}
        if isinstance(found, dict):
            return {str(name): it for name, it in found.items() if isinstance(it, str)}
    return {}


def conflict_page(action: str, now: Mapping[str, str], yours: Mapping[str, str]) -> HTMLResponse:
    """Return the page on which the user chooses between what a form would write and what has come there since.

    ``yours`` holds ``was``, what the form had shown: where that still stands there is nothing to choose.
    """
    before = json.loads(yours["was"])
    differ = [(name, it, yours[name]) for name, it in now.items() if it not in (yours[name], before.get(name))]
    same = {name: it for name, it in yours.items() if name not in {"was", *(each[0] for each in differ)}}
    values = {"here": "", "note": None, "action": action, "differ": differ, "same": same, "was": was(now)}
    return HTMLResponse(fragment("conflict.html", **values), 409)
