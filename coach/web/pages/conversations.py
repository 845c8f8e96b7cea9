"""The list of conversations: open, rename, erase."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated

from fastapi import APIRouter, Request
from fastapi import Form as FromForm
from starlette.responses import HTMLResponse, Response

from coach.web.api.fields import Name
from coach.web.pages.forms import Form
from coach.web.pages.rendering import back_to, page
from coach.web.parts import In, User

router = APIRouter()


class Title(Form):
    """A new title."""

    title: Name


@router.get("/conversations")
async def listed(request: Request, parts: In, user: User) -> HTMLResponse:
    """Every conversation, newest first."""
    found = list(reversed(await parts.journal.conversations(user)))
    return page(request, "conversations.html", "chat", conversations=found)


@router.post("/conversations/{conversation_id}/title")
async def rename(conversation_id: str, given: Annotated[Title, FromForm()], parts: In, user: User) -> Response:
    """Rename a conversation."""
    found = await parts.journal.conversation(user, conversation_id)
    await parts.journal.change_conversation(user, replace(found, title=given.title))
    return back_to("/conversations")


@router.post("/conversations/{conversation_id}/forget")
async def forget(conversation_id: str, parts: In, user: User) -> Response:
    """Erase a conversation."""
    await parts.journal.forget_conversation(user, conversation_id)
    return back_to("/conversations")
