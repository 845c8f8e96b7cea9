"""Conversations: threads of turns."""

from __future__ import annotations

from fastapi import Response
from pydantic import BaseModel

from coach.domain.turns import Conversation, Turn
from coach.web import routers
from coach.web.api.documents import CONVERSATION, READ, WRITE, documented
from coach.web.api.fields import Body, Name, example
from coach.web.etags import Match, changed, tagged
from coach.web.parts import In, User

router = routers.of_api("Conversations", "/conversations")


class Conversations(BaseModel):
    """A list of conversations."""

    conversations: list[Conversation]


class Thread(BaseModel):
    """A conversation with what was said in it, oldest first."""

    conversation: Conversation
    turns: list[Turn]


class Retitled(Body, json_schema_extra=example({"title": "Tom and the approval"})):
    """A new title."""

    title: Name


@router.get("", summary="List conversations", responses=documented(200, {"conversations": [CONVERSATION]}, *READ))
async def listed(parts: In, user: User) -> Conversations:
    """Every conversation, newest first."""
    return Conversations(conversations=list(reversed(await parts.journal.conversations(user))))


@router.get(
    "/{conversation_id}",
    summary="Read a conversation",
    responses=documented(200, {"conversation": CONVERSATION, "turns": []}, 404, *READ),
)
async def one(conversation_id: str, parts: In, user: User, response: Response) -> Thread:
    """One conversation with its turns, oldest first. A turn with `complete` false was cut off."""
    conversation = tagged(await parts.journal.conversation(user, conversation_id), response)
    return Thread(conversation=conversation, turns=list(await parts.journal.turns(user, conversation_id)))


@router.patch(
    "/{conversation_id}", summary="Rename a conversation", responses=documented(200, CONVERSATION, 404, *WRITE)
)
async def rename(
    conversation_id: str, given: Retitled, parts: In, user: User, response: Response, match: Match = None
) -> Conversation:
    """Give a conversation another title."""
    return await changed(parts, user, Conversation, conversation_id, {"title": given.title}, match, response)


@router.delete(
    "/{conversation_id}", status_code=204, summary="Erase a conversation", responses=documented(204, None, 404, *WRITE)
)
async def forget(conversation_id: str, parts: In, user: User) -> None:
    """Erase a conversation with its turns. Moments and plans that came of it stay."""
    await parts.journal.forget_conversation(user, conversation_id)
