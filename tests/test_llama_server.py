"""A real llama.cpp server: the seam (wire format, schemas, tokens, names), then a whole turn. Its words are nonsense.

All dev cases: ``python -m evals plans --language-model configured``.
"""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from contextlib import aclosing, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from coach.domain.people import Person
from coach.domain.sent import Errand
from coach.domain.turns import Finished
from coach.errors import LanguageModelTrouble
from coach.knowledge.library import Library
from coach.llm import Vault
from coach.llm.faults import Patience
from talks import USER, Talk, talking
from test_llm_faults import Shelf
from test_llm_faults import vault as made

pytestmark = pytest.mark.slow
SLOW = Patience(first=120, between=60)
SCHEMA: dict[str, Any] = {
    "type": "object",
    "properties": {
        "kind": {"enum": ["repair", "connect"]},
        "people": {"type": "array", "items": {"type": "string", "maxLength": 12}, "maxItems": 2},
        "moment": {"type": "object", "properties": {"by": {"enum": ["me", "them"]}}, "required": ["by"]},
        "sure": {"type": "boolean"},
    },
    "required": ["kind", "people", "moment", "sure"],
    "additionalProperties": False,
}
PROMPT = [("system", "You are a coach. Answer in one short sentence."), ("user", "Tom went quiet. What now?")]
TOM = [Person("tom", "Tom", datetime(2024, 5, 6, tzinfo=UTC))]


@pytest.fixture
async def real(llama: str) -> AsyncIterator[tuple[Vault, Shelf]]:
    shelf = Shelf()
    it = made(llama, shelf, SLOW)
    yield it, shelf
    await it.close()


def soon() -> datetime:
    return datetime.now(UTC) + timedelta(seconds=240)


async def test_a_reply_streams_and_its_tokens_are_counted(real: tuple[Vault, Shelf]) -> None:
    it, shelf = real
    got: list[str] = []
    model = it.bound(Errand("me", "t1", "plan"), TOM, ())
    # So small a language model may well say the same again and again.
    with suppress(LanguageModelTrouble):
        async with aclosing(model.told(PROMPT, SCHEMA, soon())) as stream:
            async for piece in stream:
                got.append(piece)
                if len(got) > 25:
                    break
    assert "".join(got).startswith("{")
    (call,) = shelf.last
    assert call.outcome in {"answered", "left", "repeating"}
    assert call.outcome != "answered" or (call.tokens_in or 0) > 10
    assert "Tom" not in str(call.messages)


async def test_a_fill_keeps_to_the_schema_by_the_servers_grammar(real: tuple[Vault, Shelf]) -> None:
    it, shelf = real
    answer = await it.bound(Errand("me", "t1", "reading"), TOM, ()).fill(PROMPT, SCHEMA, soon())
    assert set(answer) == {"kind", "people", "moment", "sure"}
    assert answer["kind"] in {"repair", "connect"}
    assert it.chat.habits.form(SCHEMA) == "json_schema"
    assert len(shelf.last) == 1
    told = shelf.last[0].tokens_out  # None where the object had closed before the server counted
    assert told is None or told > 5


async def test_a_text_that_is_too_long_says_so(real: tuple[Vault, Shelf]) -> None:
    it, _ = real
    model = it.bound(Errand("me", "t1", "reading"), TOM, ())
    with pytest.raises(LanguageModelTrouble) as caught:
        await anext(model.told([("user", "so it went on " * 9000)], SCHEMA, soon()))
    assert caught.value.fault == "too_long"


CASES = Path(__file__).parent.parent / "evals" / "cases" / "dev_cases.jsonl"


@pytest_asyncio.fixture
async def talk(llama: str, library: Library, tmp_path: Path) -> AsyncIterator[Talk]:
    async with talking(tmp_path, library, llm_base_url=llama, llm_model="scripted", llm_timeout_s=2) as found:
        yield found


async def test_a_turn_is_whole_and_sound(talk: Talk) -> None:
    """``say`` asserts what every reply owes: its end, its length, its questions, its sources, no violation."""
    message = next(
        found["message"]
        for found in map(json.loads, CASES.read_text(encoding="utf-8").splitlines())
        if found["id"] == "d009"
    )
    answer = await talk.say(message)
    assert answer.plan is not None
    finished = answer.every(Finished)[0]
    assert finished.ms >= 0
    if finished.plan is not None:
        assert len(finished.plan.steps) == len(answer.plan.steps)
    turns = await talk.journal.turns(USER, answer.started.conversation_id)
    assert [turn.complete for turn in turns] == [True]
