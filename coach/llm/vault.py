"""ports.LanguageModels: disguise what goes out, send it, restore what comes back, and record what was sent.

The one way out of this machine for what people wrote. Knows the parts of this package and in which order they work;
nothing of LangChain, and nothing of what a prompt is about.
"""

from __future__ import annotations

import asyncio
import json
import os
from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import aclosing, suppress
from dataclasses import replace
from datetime import datetime
from functools import cache
from typing import Any

import anyio
from anyio import to_thread

from coach.domain.people import Person
from coach.domain.sent import Errand
from coach.errors import BadInput, Busy, CoachError, LanguageModelTrouble, NotFound
from coach.llm import answers
from coach.llm.calls import Call, Outside
from coach.llm.chat import Chat, Refused
from coach.llm.detector import ordinary
from coach.llm.faults import Patience, Server, trouble
from coach.llm.pieces import Bit, Prompt, Schema
from coach.llm.pseudonyms import Disguise, disguise
from coach.llm.repetition import unlooped
from coach.llm.replies import Reply, names_of
from coach.llm.restoration import JsonRestoring, mended
from coach.queue import Queue
from coach.settings import Settings
from coach.shipped import shipped

_WAITING_EACH = 3
"""So many calls of one user may wait; more would only come too late."""

_STAY = 5.0
"""Seconds a call is expected to take, before there was one."""

_TAIL = 0.5
"""Seconds to wait for the end of a reply after its object has closed: its counts of tokens come last."""


def language_models(settings: Settings, outside: Outside, patience: Patience | None = None) -> Vault:
    """Return the configured language model. Raises BadInput when the settings cannot serve."""
    chat = Chat(settings)
    server = Server(chat.destination, patience or Patience.within(settings.llm_timeout_s), outside.clock)
    queue = Queue(settings.llm_at_once, each=_WAITING_EACH, stay=_STAY)
    return Vault(chat, server, outside, queue, open_=chat.here and settings.llm_trust == "local")


class Vault:
    """A ``ports.LanguageModels``. ``open_``: the server is on this machine and may see names as they are."""

    def __init__(self, chat: Chat, server: Server, outside: Outside, queue: Queue, open_: bool = False) -> None:
        self.name = chat.name
        self.chat, self.server, self.outside, self.queue, self.open = chat, server, outside, queue, open_

    @property
    def destination(self) -> str:
        """Where requests go, as host and port."""
        return self.chat.destination

    def bound(self, errand: Errand, people: Sequence[Person], names: Sequence[str]) -> Bound:
        return Bound(self, errand, tuple(people), tuple(names))

    async def warm(self) -> None:
        """Import, open and read what the first call needs, so that it need not wait."""
        await to_thread.run_sync(lambda: (ordinary_words(), known_words()))
        await self.chat.warm()

    async def warm_chat(self) -> None:
        """Open what a call needs. Raises LanguageModelTrouble when that cannot be."""
        try:
            await self.chat.warm()
        except BadInput as error:
            raise LanguageModelTrouble(str(error), "unknown") from error

    async def close(self) -> None:
        """Close the connections."""
        await self.chat.close()


class Bound:
    """A ``ports.LanguageModel`` for one errand."""

    def __init__(self, vault: Vault, errand: Errand, people: Sequence[Person], names: Sequence[str]) -> None:
        self.name = vault.name
        self._vault, self._errand, self._people, self._names = vault, errand, people, names

    @property
    def destination(self) -> str:
        """Where a request goes: host and port."""
        return self._vault.chat.destination

    async def fill(self, prompt: Prompt, schema: Schema, deadline: datetime) -> Mapping[str, object]:
        """Return JSON that fits the schema; what does not is asked for once more, naming the fault."""
        worn = await self._disguise(prompt, schema)
        asked = worn.prompt(prompt)
        said, value, fault = await self._judged(asked, schema, deadline)
        if fault is not None:
            again = self._vault.outside.texts.render("json_again.user", fault=fault)
            said, value, fault = await self._judged([*asked, ("assistant", said), ("user", again)], schema, deadline)
        if value is None or fault is not None:
            raise trouble("garbled")
        restored: Mapping[str, object] = worn.restored_data(value)
        return restored

    async def told(self, prompt: Prompt, schema: Schema, deadline: datetime) -> AsyncGenerator[str]:
        """Yield one JSON object in pieces, every name restored however it was split."""
        worn = await self._disguise(prompt, schema)
        names = JsonRestoring(worn)
        exchange = Exchange(self._vault, self._errand, worn.prompt(prompt), schema)
        async with aclosing(exchange.pieces(deadline)) as pieces:
            async for piece in pieces:
                came = names.restored(piece)
                if came or not piece:
                    yield came
        if came := names.end():
            yield came

    async def _judged(
        self, prompt: Prompt, schema: Schema, deadline: datetime
    ) -> tuple[str, Mapping[str, Any] | None, str | None]:
        """Return what was said, its JSON, and what is wrong with that, None when nothing is."""
        exchange = Exchange(self._vault, self._errand, prompt, schema)
        try:
            async with aclosing(exchange.pieces(deadline)) as pieces:
                said = "".join([piece async for piece in pieces])
        except LanguageModelTrouble as error:
            if error.fault not in {"garbled", "unfinished"}:
                raise
            return exchange.reply.text, None, "none"
        value = answers.found(mended(said))
        return said, value, "none" if value is None else answers.misfit(value, schema)

    async def _disguise(self, prompt: Prompt, schema: Schema) -> Disguise:
        if self._vault.open:
            return Disguise()
        secret = await self._secret()
        people, names, whole = self._people, self._names, self._errand.whole

        def made() -> Disguise:
            kept = answers.words_of(schema)
            return disguise(prompt, people, names, secret, ordinary_words(), whole, known_words(), kept)

        return await to_thread.run_sync(made)

    async def _secret(self) -> bytes:
        try:
            return await self._vault.outside.keeper.secret(self._errand.user, "pseudonyms")
        except CoachError as error:
            if self._errand.ours and isinstance(error, NotFound):
                return os.urandom(32)
            raise LanguageModelTrouble(str(error), "journal") from error


class Exchange:
    """A prompt and its reply, with every request that it takes. ``reply``: what came of the last one."""

    def __init__(self, vault: Vault, errand: Errand, prompt: Prompt, schema: Schema) -> None:
        self._vault, self._errand, self._prompt, self._schema = vault, errand, prompt, schema
        self._calls: list[Call] = []
        self.reply = Reply()

    async def pieces(self, deadline: datetime) -> AsyncGenerator[str]:
        """Yield the object as it comes, "" for a sign of life. Raises LanguageModelTrouble."""
        outcome = "left"
        try:
            await self._vault.warm_chat()
            left = (deadline - self._vault.outside.clock()).total_seconds()
            async with (
                self._vault.queue.place(self._errand.user, max(0.0, left)),
                aclosing(self._vault.server.pieces(self._attempt, deadline)) as bits,
            ):
                async for bit in bits:
                    yield bit.text
            outcome = self._verdict()
            if outcome != "answered":
                raise trouble(outcome)
        except Busy as error:
            raise trouble("crowded") from error
        except LanguageModelTrouble as error:
            outcome = error.fault
            raise
        finally:
            with anyio.CancelScope(shield=True):
                for call in self._calls:
                    await call.end(outcome)

    async def _attempt(self) -> AsyncGenerator[Bit]:
        """Ask, and ask again without what the server does not take."""
        chat = self._vault.chat
        while True:
            self.reply = Reply(names_of(self._schema), chat.habits.thinks)
            self._calls.append(Call(chat, self._vault.outside, self._errand, self._prompt, self._schema))
            try:
                async with aclosing(unlooped(self._calls[-1].bits())) as bits:
                    async for bit in bits:
                        yield replace(bit, text=self.reply.said(bit.text))
                        if self.reply.closed:
                            await self._rest(bits)
                            return
                yield Bit(self.reply.end())
                return
            except Refused:
                yield Bit()  # it answers, if only to say no

    async def _rest(self, bits: AsyncGenerator[Bit]) -> None:
        """Hear the end of a reply whose object has closed; nothing that goes wrong there matters any more."""
        with suppress(Exception):
            async with asyncio.timeout(_TAIL):
                async for bit in bits:
                    self.reply.said(bit.text)

    def _verdict(self) -> str:
        """Return what the reply is worth: "answered" or a fault."""
        if self.reply.thought_after:
            self._vault.chat.habits.thinks = True
            return "garbled"
        if self.reply.closed:
            return "answered" if answers.whole(mended(self.reply.object)) else "garbled"
        if self.reply.empty:
            return "empty"
        return "unfinished" if self.reply.begun and not self.reply.torn else "garbled"


@cache
def ordinary_words() -> frozenset[str]:
    """The words that our own cards, situations and texts use; read once."""
    folders = ((shipped("knowledge"), ("*.md", "*.yaml")), (shipped("prompts"), ("*.j2", "*.yaml")))
    files = [path for folder, kinds in folders for kind in kinds for path in sorted(folder.rglob(kind))]
    return ordinary(path.read_text(encoding="utf-8") for path in files)


@cache
def known_words() -> frozenset[str]:
    """The words that the embedder's vocabulary holds: many more, with common names among them."""
    vocabulary = json.loads((shipped("knowledge") / "minilm" / "tokenizer.json").read_text(encoding="utf-8"))
    return frozenset(word for word in vocabulary["model"]["vocab"] if word.isalpha())
