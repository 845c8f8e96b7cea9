"""A language model that says what it was told to: enqueue replies by errand, read what was asked.

::

    models = ScriptedLanguageModels()
    models.enqueue("wording", "1. You wrote twice.\\n2. …")      # in order; a string, a list of pieces, an error
    models.enqueue("plan", {"headline": "…"})                  # a mapping for what is filled
    models.always["wording"] = lambda asked: …                  # when nothing is enqueued; by default it is obliging
    models.asked[0].why, .system, .user, .text, .schema

An obliging language model says each line as it was given it, and fills every text with the one it was given.
"""

from __future__ import annotations

import asyncio
import json
import re
from collections import defaultdict, deque
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from coach.domain.errands import Errand
from coach.domain.people import Person
from coach.domain.readings import Mention
from coach.errors import LanguageModelTrouble
from coach.ports import LanguageModel

NAME = "scripted"
Reply = str | Sequence[str] | Mapping[str, object] | Exception
Script = Callable[["Asked"], Reply]


@dataclass(frozen=True)
class Asked:
    """One call."""

    errand: Errand
    prompt: tuple[tuple[str, str], ...]
    deadline: datetime
    schema: Mapping[str, Any] | None = None

    @property
    def why(self) -> str:
        return self.errand.why

    @property
    def system(self) -> str:
        return self.prompt[0][1]

    @property
    def user(self) -> str:
        return "\n".join(text for role, text in self.prompt if role != "system")

    @property
    def text(self) -> str:
        return "\n".join(text for _, text in self.prompt)

    @property
    def lines(self) -> dict[int, str]:
        """The numbered lines that are to be worded."""
        return {int(n): text for n, text in re.findall(r"^(\d+)\. (.+)$", self.user, re.MULTILINE)}

    @property
    def texts(self) -> dict[str, str]:
        """The named texts that are to be worded."""
        wanted = set((self.schema or {}).get("properties", {}))
        return {n: text for n, text in re.findall(r"^(\w+): (.+)$", self.user, re.MULTILINE) if n in wanted}


class ScriptedLanguageModels:
    """Language models of one script, whoever they are bound to."""

    def __init__(self) -> None:
        self.name = NAME
        self.asked: list[Asked] = []
        self.always: dict[str, Script] = {}
        self.pause = 0.0
        self.pauses: dict[str, float] = {}
        self._queues: dict[str, deque[Reply]] = defaultdict(deque)

    def enqueue(self, why: str, *replies: Reply) -> None:
        self._queues[why].extend(replies)

    def of(self, why: str) -> list[Asked]:
        return [asked for asked in self.asked if asked.why == why]

    def bound(self, errand: Errand, people: Sequence[Person], mentions: Sequence[Mention]) -> LanguageModel:
        return _Bound(self, errand)

    def reply(self, asked: Asked) -> Reply:
        self.asked.append(asked)
        queue = self._queues[asked.why]
        if queue:
            return queue.popleft()
        return self.always.get(asked.why, obliging)(asked)


def obliging(asked: Asked) -> Reply:
    """Say what was given."""
    if asked.schema is not None:
        given = asked.texts
        return {name: given.get(name, _empty(kind)) for name, kind in asked.schema["properties"].items()}
    return "\n".join(f"{n}. {text}" for n, text in asked.lines.items())


def _empty(kind: Mapping[str, Any]) -> object:
    if "enum" in kind:
        return kind["enum"][0]
    return [] if kind.get("type") == "array" else ""


class _Bound:
    def __init__(self, script: ScriptedLanguageModels, errand: Errand) -> None:
        self.name, self._script, self._errand = script.name, script, errand

    async def fill(
        self, prompt: Sequence[tuple[str, str]], schema: Mapping[str, object], deadline: datetime
    ) -> Mapping[str, object]:
        reply = self._script.reply(Asked(self._errand, tuple(prompt), deadline, schema))
        await asyncio.sleep(self._script.pauses.get(self._errand.why, self._script.pause))
        if isinstance(reply, Exception):
            raise reply
        if isinstance(reply, Mapping):
            return reply
        try:
            found: Mapping[str, object] = json.loads(reply if isinstance(reply, str) else "".join(reply))
        except ValueError:
            raise LanguageModelTrouble("No JSON.") from None
        return found

    async def stream(self, prompt: Sequence[tuple[str, str]], deadline: datetime) -> AsyncIterator[str]:
        reply = self._script.reply(Asked(self._errand, tuple(prompt), deadline))
        if isinstance(reply, str):
            reply = [reply[at : at + 7] for at in range(0, len(reply), 7)]
        for piece in [] if isinstance(reply, Exception | Mapping) else reply:
            await asyncio.sleep(self._script.pause)
            if isinstance(piece, Exception):
                raise piece
            yield piece
        if isinstance(reply, Exception):
            raise reply
