"""The list of conversations: search, open, rename, erase."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Annotated

from fastapi import Query, Request
from starlette.responses import HTMLResponse, Response

from coach.domain.turns import Conversation, Turn
from coach.web import routers
from coach.web.api.fields import Name
from coach.web.etags import merged
from coach.web.pages.forms import Changing, Posted
from coach.web.parts import Gone, In, Parts, User
from coach.web.renderer import back_to, page

router = routers.of_pages()

_LISTED = 100
_AROUND = 60


@dataclass(frozen=True, slots=True)
class Found:
    """A conversation in the list, with the words around what was searched, or none."""

    conversation: Conversation
    words: str = ""


class Title(Changing):
    """A new title."""

    title: Name


@router.get("/conversations")
async def listed(
    request: Request,
    parts: In,
    user: User,
    gone: Gone,
    q: Annotated[str, Query(max_length=200)] = "",
    all: bool = False,
) -> HTMLResponse:
    """Every conversation, newest first; with words, those in which all of them were said."""
    every = list(reversed(await parts.journal.conversations(user)))
    wanted = q.casefold().split()
    found = await _search(parts, user, every, wanted) if wanted else [Found(each) for each in every]
    shown = found if all else found[:_LISTED]
    return page(request, "conversations.html", "chat", 200, found=shown, count=len(found), q=q, **gone)


@router.post("/conversations/{conversation_id}/title")
async def rename(conversation_id: str, given: Posted[Title], parts: In, user: User) -> Response:
    """Rename a conversation."""
    yours = {"title": given.title, "was": given.was or ""}

    def how(it: Conversation) -> Conversation:
        return replace(it, title=merged({"title": it.title}, yours)["title"])

    await parts.journal.change(user, Conversation, conversation_id, how)
    return back_to("/conversations")


@router.post("/conversations/{conversation_id}/forget")
async def forget(conversation_id: str, parts: In, user: User) -> Response:
    """Erase a conversation."""
    thread = await parts.journal.conversation(user, conversation_id)
    turns = await parts.journal.turns(user, conversation_id)
    await parts.journal.forget_conversation(user, conversation_id)
    token = parts.undo.hold(user, parts.clock(), lambda: _again(parts, user, thread, turns))
    return back_to(f"/conversations?erased={token}")


async def _again(parts: Parts, user: str, thread: Conversation, turns: Sequence[Turn]) -> None:
    await parts.journal.add_conversation(user, thread)
    for turn in turns:
        await parts.journal.keep_turn(user, turn)


async def _search(parts: Parts, user: str, every: list[Conversation], wanted: list[str]) -> list[Found]:
    found = []
    for conversation in every:
        turns = await parts.journal.turns(user, conversation.id)
        text = " ".join((conversation.title, *(f"{turn.said} {turn.reply}" for turn in turns))).casefold()
        if all(word in text for word in wanted):
            found.append(Found(conversation, _around(turns, wanted[0])))
    return found


def _around(turns: Sequence[Turn], word: str) -> str:
    """Return the words around the first place where something was said, cut at spaces; none when it is in the title."""
    for text in (text for turn in turns for text in (turn.said, turn.reply)):
        at = text.casefold().find(word)
        if at >= 0:
            start, end = max(0, at - _AROUND), at + len(word) + _AROUND
            before = text[start:at].partition(" ")[2] if start else text[:at]
            after = text[at + len(word) : end]
            after = after if end >= len(text) else after.rpartition(" ")[0]
            words = f"{before}{text[at : at + len(word)]}{after}"
            return " ".join(f"{'… ' if start else ''}{words}{'' if end >= len(text) else ' …'}".split())
    return ""
