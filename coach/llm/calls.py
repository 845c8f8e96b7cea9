"""One request to a language model's server, and the record of it: kept when it goes out, and when it is over.

Knows what the record holds and where it is kept; nothing of names or of what a reply means.
"""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing, suppress
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Protocol

from coach.domain.sent import Errand, Sent
from coach.errors import CoachError
from coach.llm.chat import Chat
from coach.llm.faults import fault_of
from coach.llm.pieces import Bit, Prompt, Schema
from coach.ports import Generations, Texts

log = logging.getLogger(__name__)

_SOON = 0.05
"""Seconds after which a call that is under way is kept, so that keeping it does not hold it up."""


class Keeper(Generations, Protocol):
    """The parts of a journal that the vault needs; ``keep_sent`` as in ``ports.SentCalls``."""

    async def keep_sent(self, user: str, sent: Sent, since: str | None = None) -> None: ...

    async def secret(self, user: str, purpose: str) -> bytes:
        """Return bytes that are this user's alone, the same every time."""


@dataclass(frozen=True, slots=True)
class Outside:
    """What the vault needs from outside: a place to keep calls, texts, time, ids, and a counter of calls."""

    keeper: Keeper
    texts: Texts
    clock: Callable[[], datetime]
    new_id: Callable[[], str]
    count: Callable[[Sent], None] = lambda _: None


class Call:
    """One request and what becomes of it. The chat is open: where it goes is known."""

    def __init__(self, chat: Chat, outside: Outside, errand: Errand, prompt: Prompt, schema: Schema) -> None:
        self._chat, self._outside, self._errand = chat, outside, errand
        self._prompt, self._schema = chat.habits.shaped(prompt, schema, self._told), schema
        beside = chat.habits.form(schema) in {"json_schema", "tools"}
        self._sent = Sent(
            outside.new_id(),
            outside.clock(),
            errand.turn_id or None,
            chat.destination,
            chat.here,
            chat.name,
            errand.why,
            (*self._prompt, *([("schema", json.dumps(schema, ensure_ascii=False))] if beside else [])),
        )
        self._kept: asyncio.Task[None] | None = None
        self._begun = self._over = False
        self._since: str | None = None

    def _told(self, schema: Schema, fenced: bool) -> str:
        wanted = json.dumps(schema, ensure_ascii=False, separators=(",", ":"))
        return self._outside.texts.render("json.system", schema=wanted, fenced=fenced)

    async def bits(self) -> AsyncGenerator[Bit]:
        """Yield what comes. Raises vendors' errors, and Refused when the server wants less."""
        if self._sent.turn_id is None:
            with suppress(CoachError):
                self._since = await self._outside.keeper.generation(self._errand.user)
        self._kept = asyncio.create_task(self._keep_soon())
        try:
            async with aclosing(self._chat.ask(self._prompt, self._schema)) as bits:
                async for bit in bits:
                    self._sent = replace(
                        self._sent,
                        tokens_in=bit.tokens_in if bit.tokens_in is not None else self._sent.tokens_in,
                        tokens_out=bit.tokens_out if bit.tokens_out is not None else self._sent.tokens_out,
                    )
                    yield bit
        except Exception as error:
            self._sent = replace(self._sent, outcome=fault_of(error))
            raise

    async def end(self, outcome: str) -> None:
        """Keep what became of the call: its own fault, else the outcome given. Once."""
        if self._over:
            return
        self._over = True
        since = int((self._outside.clock() - self._sent.at).total_seconds() * 1000)
        known = self._sent.outcome if self._sent.outcome != "sent" else outcome
        self._sent = replace(self._sent, outcome=known, ms=max(0, since))
        if self._kept is not None:
            if not self._begun:
                self._kept.cancel()
            await asyncio.wait([self._kept])
        await self._keep()
        self._outside.count(self._sent)

    async def _keep_soon(self) -> None:
        await asyncio.sleep(_SOON)
        self._begun = True
        await self._keep()

    async def _keep(self) -> None:
        try:
            await self._outside.keeper.keep_sent(self._errand.user, self._sent, self._since)
        except CoachError as error:  # the turn may be gone meanwhile; the reply goes on
            log.warning("a call to the language model could not be kept: %s", type(error).__name__)
