"""ports.LanguageModels: disguise what goes out, send it, restore what comes back, and record what was sent.

The one way out of this machine for what people wrote. Knows the parts of this package and in which order they work;
nothing of LangChain, and nothing of what a prompt is about.
"""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import AsyncGenerator, Callable, Mapping, Sequence
from contextlib import aclosing
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache
from typing import Any, Protocol

import anyio
from anyio import to_thread

from coach.domain.errands import Errand
from coach.domain.people import Person
from coach.domain.sent import Sent
from coach.errors import BadInput, CoachError, LanguageModelTrouble
from coach.llm import answers
from coach.llm.chat import Bit, Chat, Prompt
from coach.llm.detector import ordinary
from coach.llm.faults import Patience, Server, fault_of, trouble
from coach.llm.pseudonyms import Disguise, disguise
from coach.llm.replies import Reply, names_of
from coach.llm.restoration import JsonRestoring
from coach.ports import Texts
from coach.settings import Settings
from coach.shipped import shipped

log = logging.getLogger(__name__)

_SOON = 0.05
"""Seconds after which a call that is under way is kept, so that keeping it does not hold it up."""

Schema = Mapping[str, object]


class Keeper(Protocol):
    """The parts of a journal that the vault needs."""

    async def keep_sent(self, user: str, sent: Sent) -> None:
        """Insert the call, or replace the one with the same id."""
        ...

    async def secret(self, user: str, purpose: str) -> bytes:
        """Return bytes that are this user's alone, the same every time."""
        ...


@dataclass(frozen=True, slots=True)
class Outside:
    """What the vault needs from outside: a place to keep calls, texts, time, ids, and a counter of calls."""

    keeper: Keeper
    texts: Texts
    clock: Callable[[], datetime]
    new_id: Callable[[], str]
    count: Callable[[Sent], None] = lambda _: None


def language_models(settings: Settings, outside: Outside, patience: Patience | None = None) -> Vault:
    """Return the configured language model. Raises BadInput when the settings cannot serve."""
    chat = Chat(settings)
    server = Server(chat.destination, patience or Patience.within(settings.llm_timeout_s), outside.clock)
    return Vault(chat, server, outside, open_=chat.here and settings.llm_trust == "local")


class Vault:
    """A ``ports.LanguageModels``. ``open_``: the server is on this machine and may see names as they are."""

    def __init__(self, chat: Chat, server: Server, outside: Outside, open_: bool = False) -> None:
        self.name = chat.name
        self.chat, self.server, self.outside, self.open = chat, server, outside, open_
        self.secrets: dict[str, bytes] = {}

    def bound(self, errand: Errand, people: Sequence[Person], names: Sequence[str]) -> Bound:
        """Return the language model for one errand. The names of ``people`` and ``names`` stay on this machine."""
        return Bound(self, errand, tuple(people), tuple(names))

    async def warm(self) -> None:
        """Import, open and read what the first call needs, so that it need not wait."""
        await to_thread.run_sync(lambda: (_ordinary(), _known()))
        await self.chat.warm()

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
        worn = await self._disguise(prompt)
        asked = worn.prompt(prompt)
        text = await self._whole(asked, schema, deadline)
        value, fault = _judged(text, schema)
        if fault is not None:
            again = self._vault.outside.texts.render("json_again.user", fault=fault)
            text = await self._whole([*asked, ("assistant", text), ("user", again)], schema, deadline)
            value, fault = _judged(text, schema)
        if value is None or fault is not None:
            raise trouble("garbled")
        restored: Mapping[str, object] = worn.restored_data(value)
        return restored

    async def told(self, prompt: Prompt, schema: Schema, deadline: datetime) -> AsyncGenerator[str]:
        """Yield one JSON object in pieces, every name restored however it was split."""
        worn = await self._disguise(prompt)
        names, reply = JsonRestoring(worn), Reply(names_of(schema))
        async with aclosing(self._bits(self._shaped(worn.prompt(prompt), schema), schema, deadline)) as bits:
            async for bit in bits:
                piece = names.restored(reply.said(bit.text))
                if piece or not reply.begun:
                    yield piece
        if piece := names.restored(reply.end()) + names.end():
            yield piece
        if reply.empty or not reply.begun or reply.torn or not reply.closed:
            raise trouble("empty" if reply.empty else "cut" if reply.begun and not reply.torn else "garbled")

    async def _disguise(self, prompt: Prompt) -> Disguise:
        if self._vault.open:
            return Disguise()
        secret = await self._secret()
        people, names, whole = self._people, self._names, self._errand.whole
        return await to_thread.run_sync(lambda: disguise(prompt, people, names, secret, _ordinary(), whole, _known()))

    async def _secret(self) -> bytes:
        known, user = self._vault.secrets, self._errand.user
        if user not in known:
            try:
                known[user] = await self._vault.outside.keeper.secret(user, "pseudonyms")
            except CoachError as error:
                raise LanguageModelTrouble(str(error), "journal") from error
        return known[user]

    async def _whole(self, prompt: Prompt, schema: Schema, deadline: datetime) -> str:
        """Return a whole reply for a schema."""
        thoughts, said = answers.Thoughts(), ""
        async with aclosing(self._bits(self._shaped(prompt, schema), schema, deadline)) as bits:
            async for bit in bits:
                said += thoughts.said(bit.text)
        return said + thoughts.end()

    def _shaped(self, prompt: Prompt, schema: Schema) -> Prompt:
        """Return the prompt; a server that has no schemas is told the schema in words."""
        if self._vault.chat.takes_schemas():
            return prompt
        told = self._vault.outside.texts.render("json.system", schema=json.dumps(schema, ensure_ascii=False))
        return [("system", told), *prompt] if prompt[0][0] != "system" else _told(prompt, told)

    async def _bits(self, prompt: Prompt, schema: Schema | None, deadline: datetime) -> AsyncGenerator[Bit]:
        """Yield what comes, keeping every attempt with its outcome."""
        calls: list[Call] = []

        def ask() -> AsyncGenerator[Bit]:
            calls.append(Call(self._vault, self._errand, prompt, schema))
            return calls[-1].bits()

        outcome = "left"
        try:
            async with aclosing(self._vault.server.pieces(ask, deadline)) as bits:
                async for bit in bits:
                    yield bit
        except LanguageModelTrouble as error:
            outcome = error.fault
            raise
        finally:
            with anyio.CancelScope(shield=True):
                for call in calls:
                    await call.end(outcome)


class Call:
    """One request and what became of it: kept when it goes out, and again when it is over."""

    def __init__(self, vault: Vault, errand: Errand, prompt: Prompt, schema: Schema | None) -> None:
        self._vault, self._errand, self._prompt, self._schema = vault, errand, prompt, schema
        chat, outside = vault.chat, vault.outside
        messages = [*prompt, *([("schema", json.dumps(schema, ensure_ascii=False))] if schema is not None else [])]
        self._sent = Sent(
            outside.new_id(),
            outside.clock(),
            errand.turn_id or None,
            chat.destination,
            chat.here,
            chat.name,
            errand.why,
            tuple((role, text) for role, text in messages),
        )
        self._kept: asyncio.Task[None] | None = None
        self._begun = self._over = False

    async def bits(self) -> AsyncGenerator[Bit]:
        """Yield what comes."""
        self._kept = asyncio.create_task(self._keep_soon())
        try:
            async with aclosing(self._vault.chat.ask(self._prompt, self._schema)) as bits:
                async for bit in bits:
                    self._sent = replace(
                        self._sent,
                        tokens_in=bit.tokens_in if bit.tokens_in is not None else self._sent.tokens_in,
                        tokens_out=bit.tokens_out if bit.tokens_out is not None else self._sent.tokens_out,
                    )
                    yield bit
            self._sent = replace(self._sent, outcome="answered")
        except BadInput as error:
            raise LanguageModelTrouble(str(error), "unknown") from error
        except Exception as error:
            self._sent = replace(self._sent, outcome=fault_of(error))
            raise

    async def end(self, outcome: str) -> None:
        """Keep what became of the call: its own outcome, else the one given. Once."""
        if self._over:
            return
        self._over = True
        since = int((self._vault.outside.clock() - self._sent.at).total_seconds() * 1000)
        known = self._sent.outcome if self._sent.outcome != "sent" else outcome
        known = outcome if outcome in {"empty", "repeating"} else known
        self._sent = replace(self._sent, outcome=known, ms=max(0, since))
        if self._kept is not None:
            if not self._begun:
                self._kept.cancel()
            await asyncio.wait([self._kept])
        await self._keep()
        self._vault.outside.count(self._sent)

    async def _keep_soon(self) -> None:
        await asyncio.sleep(_SOON)
        self._begun = True
        await self._keep()

    async def _keep(self) -> None:
        try:
            await self._vault.outside.keeper.keep_sent(self._errand.user, self._sent)
        except CoachError as error:  # the turn may be gone meanwhile; the reply goes on
            log.warning("a call to the language model could not be kept: %s", type(error).__name__)


@cache
def _ordinary() -> frozenset[str]:
    """The words that our own cards, situations and texts use; read once."""
    folders = ((shipped("knowledge"), ("*.md", "*.yaml")), (shipped("prompts"), ("*.j2", "*.yaml")))
    files = [path for folder, kinds in folders for kind in kinds for path in sorted(folder.rglob(kind))]
    return ordinary(path.read_text(encoding="utf-8") for path in files)


@cache
def _known() -> frozenset[str]:
    """The words that the embedder's vocabulary holds: many more, with common names among them."""
    vocabulary = json.loads((shipped("knowledge") / "minilm" / "tokenizer.json").read_text(encoding="utf-8"))
    return frozenset(word for word in vocabulary["model"]["vocab"] if word.isalpha())


def _told(prompt: Prompt, told: str) -> list[tuple[str, str]]:
    (role, text), *rest = prompt
    return [(role, f"{text}\n\n{told}"), *rest]


def _judged(text: str, schema: Schema) -> tuple[Mapping[str, Any] | None, str | None]:
    """Return the JSON of a reply and what is wrong with it, None when nothing is."""
    value = answers.found(text)
    return (None, "none") if value is None else (value, answers.misfit(value, schema))
