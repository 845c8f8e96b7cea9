"""/v1/models and /v1/chat/completions, as chat clients that speak OpenAI's API ask for them, streamed or whole.

Only the last message of the user is a turn. What the client says for the assistant or the system is no fact, and is
read to find the conversation alone. What a client asks of its own accord (titles, tags, next questions) is answered
without the journal and kept nowhere.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from pydantic import BaseModel, Field
from starlette.responses import JSONResponse, Response, StreamingResponse

from coach.domain.turns import Event, Failed, Piece, Planned, Started, Turn
from coach.ports import Mask
from coach.rows import pattern, rows
from coach.web.parts import In, Parts, User
from coach.web.problems import openai_error
from coach.web.programs.chat_text import choices_text, plan_text, taps_of
from coach.web.programs.history import Line, Place, keep, place
from coach.web.programs.made_up import mask_of
from coach.web.streams import opened

router = APIRouter(prefix="/v1", include_in_schema=False)

NAME = "coach"
_LONGEST = 50_000
_TASKS = "words/client_tasks"


class Message(BaseModel, extra="ignore"):
    """One message; ``content`` is a text, or parts of which only texts are read."""

    role: str
    content: str | list[dict[str, Any]] | None = None

    @property
    def text(self) -> str:
        """The words of it, without the documents that a client puts before what somebody said."""
        said = self.content or ""
        if isinstance(said, list):
            said = "\n".join(str(part.get("text") or "") for part in said if part.get("type") == "text")
        return pattern(_TASKS, "documents").sub("", said)


class Completion(BaseModel, extra="ignore"):
    """What a client asks for; whatever else it sends is about language models and not about the coach."""

    messages: Annotated[list[Message], Field(min_length=1, max_length=2000)]
    model: str = NAME
    stream: bool = False
    stream_options: dict[str, Any] | None = None
    metadata: dict[str, Any] | None = None


@router.get("/models")
async def models() -> dict[str, Any]:
    """The one thing there is to talk with."""
    return {"object": "list", "data": [_model()]}


@router.get("/models/{name}")
async def model(name: str) -> Response:
    """The same by its name."""
    if name != NAME:
        return JSONResponse({"error": openai_error(404, "There is only the coach here.")}, 404)
    return JSONResponse(_model())


def _model() -> dict[str, Any]:
    return {"id": NAME, "object": "model", "created": 0, "owned_by": NAME}


class Reply:
    """One turn under way: its text in pieces, and what it took to say it."""

    def __init__(self, parts: Parts, user: str, asked: Completion) -> None:
        self._parts, self._user = parts, user
        spoken = [Line(it.role, it.text) for it in asked.messages if it.role in {"user", "assistant"}]
        self.before, self.said = spoken[:-1], spoken[-1].text if spoken else ""
        self._mask: Mask | None = None
        self._events: AsyncIterator[Event] | None = None
        self._stack = AsyncExitStack()
        self._turn_id = ""
        self.text = ""

    async def open(self) -> None:
        """Find the conversation, make room, and begin the turn. Raises the CoachErrors of a turn."""
        journal, user = self._parts.journal, self._user
        self._mask = await mask_of(self._parts, user)
        said = self.said if self._mask is None else str(self._mask.restored(self.said))
        where = await place(journal, user, self.before, said)
        for turn in where.replaced:
            await journal.forget_turn(user, turn.id)
        taps = taps_of(said, where.after) if where.after is not None else None
        text = "" if taps is not None else said[:_LONGEST]
        events = opened(self._parts, user, text, await self._conversation(where), None, taps)
        self._events = await self._stack.enter_async_context(events)

    async def _conversation(self, where: Place) -> str | None:
        if where.after is not None:
            return where.after.conversation_id
        left = {each.id for each in await self._parts.journal.conversations(self._user)} if where.replaced else set()
        return next((it.conversation_id for it in where.replaced if it.conversation_id in left), None)

    async def pieces(self) -> AsyncIterator[str]:
        """Yield the text as it comes, then the plan and what can be chosen; keep what the client will send back.

        With made-up names it comes whole: which words are names is only seen in all of it.
        """
        if self._mask is not None:
            self.text = await self._mask.text("".join([piece async for piece in self._said()]))
            yield self.text
        else:
            async for piece in self._said():
                self.text += piece
                yield piece
        lines = [*self.before, Line("user", self.said), Line("assistant", self.text)]
        await keep(self._parts.journal, self._user, self._turn_id, lines)

    async def _said(self) -> AsyncIterator[str]:
        assert self._events is not None
        plan = ""
        async with self._stack:
            async for event in self._events:
                match event:
                    case Started():
                        self._turn_id = event.turn_id
                    case Planned():
                        plan = plan_text(event.plan)
                    case Piece():
                        yield event.text
                    case Failed():
                        yield f"\n\n{event.message}"
        turn: Turn = await self._parts.journal.turn(self._user, self._turn_id)
        if plan and turn.plan is not None:
            plan = plan_text(turn.plan)
        for text in (plan, choices_text(turn)):
            if text:
                yield text

    async def close(self) -> None:
        """End the turn, however far it came."""
        await self._stack.aclose()


async def _reply(asked: Completion, parts: In, user: User) -> AsyncIterator[Reply | str]:
    """Give the reply, begun; or, for a client's own task, its whole answer."""
    task = own_task(asked)
    if task is not None:
        yield task
        return
    reply = Reply(parts, user, asked)
    await reply.open()
    try:
        yield reply
    finally:
        await reply.close()


@router.post("/chat/completions")
async def complete(
    asked: Completion, request: Request, reply: Annotated[Reply | str, Depends(_reply)], parts: In
) -> Response:
    """Say the last message to the coach."""
    del request
    about = {"id": f"chatcmpl-{uuid.uuid4().hex}", "created": int(parts.clock().timestamp()), "model": NAME}
    if asked.stream:
        told = _streamed(reply, about, usage=bool((asked.stream_options or {}).get("include_usage")), asked=asked)
        return StreamingResponse(told, media_type="text/event-stream", headers={"X-Accel-Buffering": "no"})
    text = reply if isinstance(reply, str) else "".join([piece async for piece in reply.pieces()])
    choice = {"index": 0, "message": {"role": "assistant", "content": text}, "finish_reason": "stop"}
    whole = {**about, "object": "chat.completion", "choices": [choice], "usage": _usage(asked, text)}
    return JSONResponse(whole)


async def _streamed(reply: Reply | str, about: dict[str, Any], *, usage: bool, asked: Completion) -> AsyncIterator[str]:
    def chunk(delta: dict[str, str], end: str | None = None, **more: Any) -> str:
        choice = {"index": 0, "delta": delta, "finish_reason": end}
        return f"data: {json.dumps({**about, 'object': 'chat.completion.chunk', 'choices': [choice], **more})}\n\n"

    yield chunk({"role": "assistant", "content": ""})
    text = ""
    async for piece in _all_of(reply):
        text += piece
        yield chunk({"content": piece})
    yield chunk({}, "stop")
    if usage:
        last = {**about, "object": "chat.completion.chunk", "choices": [], "usage": _usage(asked, text)}
        yield f"data: {json.dumps(last)}\n\n"
    yield "data: [DONE]\n\n"


async def _all_of(reply: Reply | str) -> AsyncIterator[str]:
    if isinstance(reply, str):
        yield reply
        return
    async for piece in reply.pieces():
        yield piece


def _usage(asked: Completion, text: str) -> dict[str, int]:
    """Count words, for clients that show a number."""
    prompt, said = sum(len(it.text.split()) for it in asked.messages), len(text.split())
    return {"prompt_tokens": prompt, "completion_tokens": said, "total_tokens": prompt + said}


def own_task(asked: Completion) -> str | None:
    """Return the answer to what a client asks of its own accord, None for what somebody said."""
    last, system = asked.messages[-1].text, "\n".join(it.text for it in asked.messages if it.role == "system")
    for row in rows(_TASKS):
        if "answer" in row.more and row.pattern.search(system if row.more.get("of") == "system" else last):
            return str(row.more["answer"])
    return "" if (asked.metadata or {}).get("task") else None
