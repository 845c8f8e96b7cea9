"""Time to the first piece of an answer: a turn's request through the coach, over the same request sent straight.

Through the coach: from asking to the first piece of the object, so with disguising, keeping what is sent, LangChain and
restoring. Straight: the very same body by plain httpx to the same server, until its first piece of text. Both go by a
connection that is open already, in turn. The server is a scripted one that waits as a language model would.
"""

from __future__ import annotations

import itertools
import json
from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import aclosing
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from statistics import median
from time import perf_counter
from typing import TYPE_CHECKING, Any, cast

import httpx

from coach import settings
from coach.domain.people import Person
from coach.domain.sent import Errand
from coach.errors import LanguageModelTrouble
from coach.ports import LanguageModel
from evals.behaviours import Good
from evals.coached import NOW, Coached
from evals.scripted import ScriptedServer, scripted_server

if TYPE_CHECKING:
    from coach.llm import Vault

REQUESTS = 12
ROUNDS = 4
WAIT_S = 0.3
"""Seconds before the server says its first piece. For prompts of this size most language models take longer."""

_PATIENCE = 60


@dataclass(frozen=True, slots=True)
class Request:
    """What a turn asks of a language model first."""

    errand: Errand
    people: Sequence[Person]
    names: Sequence[str]
    prompt: Sequence[tuple[str, str]]
    schema: Mapping[str, object]


async def measure(coached: Coached, messages: Sequence[str]) -> dict[str, float]:
    """Return {"first_piece_over_direct", "first_piece_added_ms"}: medians over the requests of turns about messages."""
    asked = await requests(coached, messages)
    with scripted_server() as server:
        through, straight = await compare(coached, server, asked)
    return {
        "first_piece_over_direct": median(through) / median(straight),
        "first_piece_added_ms": median(through) - median(straight),
    }


async def requests(coached: Coached, messages: Sequence[str]) -> list[Request]:
    """Return what turns about the messages ask first; some ask nothing."""
    from coach.app import build

    parts, recorder = coached.parts, _Recorder()
    recording = await build(
        replace(parts.settings, llm_level="plans"),
        clock=parts.clock,
        new_id=parts.new_id,
        language_models=recorder,
        knowledge=parts.knowledge,
    )
    for place, text in enumerate(messages):
        if len(recorder.asked) < REQUESTS:
            async for _ in recording.conversation.reply(f"first-piece-{place}", text, NOW):
                pass
    await recording.close()
    return recorder.asked


async def compare(
    coached: Coached, server: ScriptedServer, asked: Sequence[Request]
) -> tuple[list[float], list[float]]:
    """Return the milliseconds to the first piece through the coach and straight, round by round, in turn."""
    vault = await _vault(coached, server)
    through: list[float] = []
    straight: list[float] = []
    try:
        server.always = Good('{"fits": "coach"}', piece=400)
        for each in asked:
            await _through(vault, each)
        bodies = [each.raw for each in server.asked[-len(asked) :]]
        server.always = Good('{"fits": "coach"}', piece=400, first_token=WAIT_S)
        async with httpx.AsyncClient(timeout=_PATIENCE, trust_env=False) as client:
            await _straight(client, server, bodies[0])
            for round_, (place, each) in itertools.product(range(ROUNDS), enumerate(asked)):
                if (place + round_) % 2:
                    through.append(await _through(vault, each))
                else:
                    straight.append(await _straight(client, server, bodies[place]))
    finally:
        await vault.close()
    return through, straight


async def _through(vault: Vault, request: Request) -> float:
    bound = vault.bound(request.errand, request.people, request.names)
    until = datetime.now(UTC) + timedelta(seconds=_PATIENCE)
    began, took = perf_counter(), 0.0
    async with aclosing(bound.told(request.prompt, request.schema, until)) as pieces:
        async for piece in pieces:
            took = took or (perf_counter() - began) * 1000 * bool(piece)
    return took


async def _straight(client: httpx.AsyncClient, server: ScriptedServer, body: str) -> float:
    headers = {"Content-Type": "application/json", "Authorization": "Bearer none"}
    began, took = perf_counter(), 0.0
    url = f"{server.url}/chat/completions"
    async with client.stream("POST", url, content=body.encode(), headers=headers) as reply:
        async for line in reply.aiter_lines():
            if line.startswith("data: {") and _text(line):
                took = took or (perf_counter() - began) * 1000
    return took


def _text(line: str) -> str:
    choices = json.loads(line.removeprefix("data: ")).get("choices") or [{}]
    return str(choices[0].get("delta", {}).get("content") or "")


async def _vault(coached: Coached, server: ScriptedServer) -> Vault:
    from coach.app import texts
    from coach.llm import Outside, language_models

    parts = coached.parts
    where = settings.read({"COACH_LLM_BASE_URL": server.url, "COACH_LLM_MODEL": "scripted", "COACH_DATA": "."})
    vault = language_models(where, Outside(cast(Any, parts.journal), texts(), parts.clock, parts.new_id))
    await vault.warm()
    return vault


class _Recorder:
    """Language models that note the first request of each turn and then fail, so that the turn is over at once."""

    name = destination = "recorder"

    def __init__(self) -> None:
        self.asked: list[Request] = []

    def bound(self, errand: Errand, people: Sequence[Person], names: Sequence[str]) -> LanguageModel:
        return cast(LanguageModel, _Recording(self, errand, people, names))


class _Recording:
    name = destination = "recorder"

    def __init__(self, recorder: _Recorder, errand: Errand, people: Sequence[Person], names: Sequence[str]) -> None:
        self._recorder, self._errand, self._people, self._names = recorder, errand, people, names

    async def fill(self, *_: object) -> Mapping[str, object]:
        raise LanguageModelTrouble("Not now.")

    async def told(
        self,
        prompt: Sequence[tuple[str, str]],
        schema: Mapping[str, object],
        deadline: datetime,  # noqa: ARG002
    ) -> AsyncGenerator[str]:
        self._recorder.asked.append(Request(self._errand, self._people, self._names, tuple(prompt), schema))
        nothing: tuple[str, ...] = ()
        for piece in nothing:
            yield piece
        raise LanguageModelTrouble("Not now.")
