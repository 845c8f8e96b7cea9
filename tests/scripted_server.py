"""The scripted language model's server of the evals, new for each test that asks for it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from evals.behaviours import Asked, Good
from evals.scripted import ScriptedServer, scripted_server


def echoed(asked: Asked) -> Good:
    """Say the last message back: for what is restored on the way home."""
    return Good(said=asked.messages[-1][1])


@pytest.fixture
def scripted() -> Iterator[ScriptedServer]:
    """A scripted server, new for each test."""
    with scripted_server() as server:
        yield server
