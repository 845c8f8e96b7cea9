"""Time to the first token: a wording request through the coach, over the same request sent straight to the same server.

Through the coach: from asking for the reply's wording until its first piece is there, so with disguising, keeping what
is sent, LangChain and restoring. Straight: the very same body by plain httpx, until its first piece of text. Both go by
a connection that is open already, in turn, and with other messages between the two of one message, so that a server
that remembers the beginnings of prompts remembers no more of the one than of the other.
"""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import aclosing, asynccontextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from statistics import median
from time import perf_counter
from typing import TYPE_CHECKING, Any, cast
from uuid import uuid4

import httpx

from coach import settings
from coach.domain.errands import Errand
from coach.domain.people import Person
from coach.domain.readings import Mention
from coach.errors import LanguageModelTrouble
from coach.ports import LanguageModel
from coach.prompts import Prompts
from coach.settings import Settings
from coach.shipped import shipped
from evals import llama, wire
from evals.coached import NOW, Coached
from evals.straight import Prompt, until

if TYPE_CHECKING:
    from coach.llm import Vault

PROMPTS = 12
ROUNDS = 2
SCRIPTED_ROUNDS = 6
SCRIPTED_WAIT_S = 0.3
_PATIENCE = 120.0


@dataclass(frozen=True, slots=True)
class Wording:
    """One request for a reply's wording, as the speaking part of the coach makes it."""

    errand: Errand
    people: Sequence[Person]
    mentions: Sequence[Mention]
    prompt: Prompt


async def measure(coached: Coached, messages: Sequence[str]) -> dict[str, float]:
    """Return the ratio against the configured or a llama.cpp server, and against a scripted one; nothing: no server."""
    asked = await wordings(coached, messages)
    found = {}
    async with wire.listening(SCRIPTED_WAIT_S) as scripted:
        times = await compare(coached, _settings(scripted.url, "wire"), asked, SCRIPTED_ROUNDS)
        found["ttft_over_direct_scripted"] = median(times[0]) / median(times[1])
    configured = coached.parts.settings
    path = llama.weights()
    if configured.llm_base_url:
        real = await compare(coached, configured, asked, ROUNDS)
    elif path is not None:
        with llama.serving(path) as url:
            real = await compare(coached, _settings(url, "smollm2-135m"), asked, ROUNDS)
    else:
        return found
    through, straight = median(real[0]), median(real[1])
    return found | {
        "ttft_over_direct": through / straight,
        "ttft_direct_ms": straight,
        "ttft_added_ms": through - straight,
    }


async def wordings(coached: Coached, messages: Sequence[str]) -> list[Wording]:
    """Return what a turn about each message asks a language model to word first; some ask nothing."""
    from coach.app import build

    parts = coached.parts
    recorder = _Recorder()
    recording = await build(
        replace(parts.settings, llm_timeout_s=int(_PATIENCE), role_swap="off"),
        clock=parts.clock,
        new_id=parts.new_id,
        language_models=recorder,
        knowledge=parts.knowledge,
    )
    for place, text in enumerate(messages):
        if len(recorder.asked) < PROMPTS:
            async for _ in recording.conversation.reply(f"ttft-{place}", text, NOW):
                pass
    await recording.close()
    return recorder.asked


async def compare(
    coached: Coached, where: Settings, asked: Sequence[Wording], rounds: int
) -> tuple[list[float], list[float]]:
    """Return the milliseconds to the first piece through the coach and straight, round by round, in turn."""
    bodies = await _bodies(coached, where, asked)
    through: list[float] = []
    straight: list[float] = []
    url = f"{where.llm_base_url.rstrip('/')}/chat/completions"
    async with _vault(coached, where) as vault, httpx.AsyncClient(timeout=_PATIENCE) as client:
        await _through(vault, asked[-1])
        await _straight(client, url, where, bodies[-1])
        for round_ in range(rounds * 2):
            for place, wording in enumerate(asked):
                if (place + round_) % 2:
                    through.append(await _through(vault, wording))
                else:
                    straight.append(await _straight(client, url, where, bodies[place]))
    return through, straight


async def _bodies(coached: Coached, where: Settings, asked: Sequence[Wording]) -> list[bytes]:
    """Return the bodies that the coach sends: sent once to a server that keeps them."""
    async with wire.listening() as kept, _vault(coached, _settings(kept.url, where.llm_model or "default")) as vault:
        for wording in asked:
            await _through(vault, wording)
        return kept.bodies


async def _through(vault: Vault, wording: Wording) -> float:
    bound = vault.bound(wording.errand, wording.people, wording.mentions)
    began = perf_counter()
    async with aclosing(bound.stream(wording.prompt, until(_PATIENCE))) as pieces:
        async for _ in pieces:
            return (perf_counter() - began) * 1000
    raise LanguageModelTrouble("The language model said nothing.")


async def _straight(client: httpx.AsyncClient, url: str, where: Settings, body: bytes) -> float:
    headers = {"Content-Type": "application/json", "Authorization": f"Bearer {where.llm_api_key or 'none'}"}
    began = perf_counter()
    async with client.stream("POST", url, content=body, headers=headers) as reply:
        reply.raise_for_status()
        async for line in reply.aiter_lines():
            if line.startswith("data: {") and _text(line):
                return (perf_counter() - began) * 1000
    raise LanguageModelTrouble("The language model said nothing.")


def _text(line: str) -> str:
    choices = json.loads(line.removeprefix("data: ")).get("choices") or [{}]
    return str(choices[0].get("delta", {}).get("content") or "")


@asynccontextmanager
async def _vault(coached: Coached, where: Settings) -> AsyncIterator[Vault]:
    from coach.llm import language_models
    from coach.llm.vault import Outside

    clock: Callable[[], datetime] = coached.parts.clock
    outside = Outside(cast(Any, coached.parts.journal), Prompts(shipped("prompts")), clock, lambda: uuid4().hex)
    vault = language_models(where, outside)
    await vault.warm()
    try:
        yield vault
    finally:
        await vault.close()


def _settings(url: str, name: str) -> Settings:
    return settings.read(
        {
            "COACH_LLM_BASE_URL": url,
            "COACH_LLM_MODEL": name,
            "COACH_LLM_TIMEOUT_S": str(int(_PATIENCE)),
            "COACH_DATA": ".",
        }
    )


class _Recorder:
    """Language models that note what the wording of a reply asks and then fail, so that a turn is over at once."""

    def __init__(self) -> None:
        self.name = "recorder"
        self.asked: list[Wording] = []

    def bound(self, errand: Errand, people: Sequence[Person], mentions: Sequence[Mention]) -> LanguageModel:
        return cast(LanguageModel, _Recording(self, errand, people, mentions))


class _Recording:
    def __init__(
        self, recorder: _Recorder, errand: Errand, people: Sequence[Person], mentions: Sequence[Mention]
    ) -> None:
        self.name = recorder.name
        self._recorder, self._errand, self._people, self._mentions = recorder, errand, people, mentions

    async def fill(self, *_: object) -> dict[str, object]:
        raise LanguageModelTrouble("Not now.")

    async def stream(self, prompt: Prompt, deadline: datetime) -> AsyncIterator[str]:  # noqa: ARG002
        if self._errand.why == "wording":
            self._recorder.asked.append(Wording(self._errand, self._people, self._mentions, tuple(prompt)))
        nothing: tuple[str, ...] = ()
        for bit in nothing:
            yield bit
        raise LanguageModelTrouble("Not now.")
