"""Servers of language models on this machine: the usual ports are asked for their lists, directly and briefly.

Knows which programs listen where, and the list of an OpenAI-compatible API. Nothing that people wrote is sent.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Sequence

from coach.llm import wire

PLACES = (("Ollama", 11434), ("LM Studio", 1234), ("llama.cpp", 8080), ("Jan", 1337), ("vLLM", 8000))
"""Programs, and the ports they listen on unless told otherwise."""
WAIT_S = 0.3
"""For a connection, and for each sign of an answer."""
MOST_S = 1.0
MOST_MODELS = 50
MOST_LETTERS = 200

Found = tuple[str, str, tuple[str, ...]]
"""A program, its server's address, and the names of its language models."""


async def nearby(but: int) -> list[Found]:
    """Return the servers that answer, in the order of PLACES. ``but``: the port that is the coach's own."""
    places = [(program, f"http://127.0.0.1:{port}/v1") for program, port in PLACES if port != but]
    lists = await asyncio.gather(*(_models(address) for _, address in places))
    return [(program, address, names) for (program, address), names in zip(places, lists, strict=True) if names]


async def _models(address: str) -> tuple[str, ...]:
    """Return the names of a server's language models, none where nobody answers in that form in time."""
    try:
        async with wire.client(address) as client, asyncio.timeout(MOST_S):
            told = (await client.get(f"{address}/models", timeout=WAIT_S)).json()
        return tuple(_names(told["data"]))
    except Exception:  # whatever listens there may answer anything
        return ()


def _names(listed: Iterable[object]) -> Sequence[str]:
    names = [str(each["id"]) for each in listed if isinstance(each, dict) and each.get("id")]
    return [name for name in names if len(name) <= MOST_LETTERS and name.isprintable()][:MOST_MODELS]
