"""The seam against a real llama.cpp server: wire format, schemas, tokens, names. Its words are nonsense."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import aclosing, suppress
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from coach.domain.errands import Errand
from coach.domain.people import Person
from coach.errors import LanguageModelTrouble
from coach.llm import Vault
from coach.llm.faults import Patience
from test_llm_faults import Shelf
from test_llm_faults import vault as made

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
    model = it.bound(Errand("me", "t1", "wording"), TOM, ())
    # So small a language model may well say the same again and again.
    with suppress(LanguageModelTrouble):
        async with aclosing(model.stream(PROMPT, soon())) as stream:
            async for piece in stream:
                got.append(piece)
                if len(got) > 25:
                    break
    assert "".join(got).strip()
    (call,) = shelf.last
    assert call.outcome in {"answered", "left", "repeating"}
    assert call.outcome != "answered" or (call.tokens_in or 0) > 10
    assert "Tom" not in str(call.messages)


async def test_a_fill_keeps_to_the_schema_by_the_servers_grammar(real: tuple[Vault, Shelf]) -> None:
    it, shelf = real
    answer = await it.bound(Errand("me", "t1", "reading"), TOM, ()).fill(PROMPT, SCHEMA, soon())
    assert set(answer) == {"kind", "people", "moment", "sure"}
    assert answer["kind"] in {"repair", "connect"}
    assert it.chat.takes_schemas()
    assert len(shelf.last) == 1
    assert (shelf.last[0].tokens_out or 0) > 5


async def test_a_text_that_is_too_long_says_so(real: tuple[Vault, Shelf]) -> None:
    it, _ = real
    model = it.bound(Errand("me", "t1", "reading"), TOM, ())
    with pytest.raises(LanguageModelTrouble) as caught:
        await anext(model.stream([("user", "so it went on " * 9000)], soon()))
    assert caught.value.fault == "too_long"
