"""Each fault of a server, played by the scripted one: what the caller gets, and within which time."""

from __future__ import annotations

import asyncio
import itertools
import json
import time
from collections.abc import AsyncGenerator, AsyncIterator, Mapping, Sequence
from contextlib import aclosing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from coach.domain.sent import Errand, Sent
from coach.errors import BadInput, LanguageModelTrouble
from coach.llm.faults import FAULTS, Patience, fault_of, retry_after
from coach.llm.vault import Outside, Vault, language_models
from coach.settings import read
from evals.behaviours import (
    STORY,
    Cut,
    Endless,
    Garbage,
    Good,
    Raw,
    Silent,
    Slow,
    Stalled,
    Status,
)
from evals.scripted import ScriptedServer, refused_url, scripted_server
from texts import PROMPTS

Empty = Good(said="")
Untidy = Good(said="Sure! Here is what you asked for: {not json")

PATIENCE = Patience(first=0.9, between=0.6, strikes=3, rest=0.5, pause=0.1)
PROMPT = [("system", "Say it kindly."), ("user", "He went quiet.")]
LOADED = 3.0
"""Seconds more on a machine that is busy with other tests."""

SCHEMA: dict[str, Any] = {
    "type": "object",
    "properties": {"headline": {"type": "string"}, "kind": {"enum": ["repair", "connect"]}},
    "required": ["headline", "kind"],
    "additionalProperties": False,
}


class Shelf:
    """Keeps calls in memory."""

    def __init__(self) -> None:
        self.kept: dict[str, list[Sent]] = {}

    async def generation(self, user: str) -> str:
        """Nothing is ever erased here."""
        return user

    async def keep_sent(self, user: str, sent: Sent, since: str | None = None) -> None:
        self.kept.setdefault(sent.id, []).append(sent)

    async def secret(self, user: str, purpose: str) -> bytes:
        return b"a secret of the user, 32 bytes.."

    @property
    def last(self) -> Sequence[Sent]:
        return [each[-1] for each in self.kept.values()]


_OPENED: list[Vault] = []


def vault(url: str, shelf: Shelf | None = None, patience: Patience = PATIENCE, **changes: str) -> Vault:
    """A vault for a server, closed when the test is over; tests set COACH_LLM_* by ``changes``."""
    given = {"COACH_LLM_BASE_URL": url, "COACH_LLM_MODEL": "scripted", "COACH_LLM_API_KEY": "k", **changes}
    ids = itertools.count(1)
    outside = Outside(shelf or Shelf(), PROMPTS, lambda: datetime.now(UTC), lambda: f"call{next(ids)}")
    _OPENED.append(language_models(read(given), outside, patience))
    return _OPENED[-1]


async def said(it: Vault, seconds: float = 5.0) -> str:
    """The headline of the object that is told."""
    return str(json.loads("".join([piece async for piece in pieces(it, seconds)]))["headline"])


async def pieces(it: Vault, seconds: float = 5.0) -> AsyncGenerator[str]:
    """The pieces of the object, without signs of life."""
    model = it.bound(Errand("me", "t1", "plan"), (), ())
    async with aclosing(model.told(PROMPT, SCHEMA, datetime.now(UTC) + timedelta(seconds=seconds))) as stream:
        async for piece in stream:
            if piece:
                yield piece


def answer(headline: str) -> str:
    """An object that fits SCHEMA."""
    return json.dumps({"headline": headline, "kind": "repair"})


async def filled(it: Vault, seconds: float = 5.0) -> Mapping[str, object]:
    model = it.bound(Errand("me", "t1", "plan"), (), ())
    return await model.fill(PROMPT, SCHEMA, datetime.now(UTC) + timedelta(seconds=seconds))


@pytest.fixture(autouse=True)
async def warmed() -> AsyncIterator[None]:
    """LangChain's import is not part of any time measured here; what a test opened is closed."""
    await vault("http://127.0.0.1:1/v1").warm()
    yield
    while _OPENED:
        await _OPENED.pop().close()


async def test_a_good_reply_streams_and_its_call_is_kept(scripted: ScriptedServer) -> None:
    shelf = Shelf()
    it = vault(scripted.url, shelf)
    assert await said(it) == STORY
    (call,) = shelf.kept.values()
    assert [each.outcome for each in call][-1:] == ["answered"]
    assert call[-1].messages[:2] == tuple(PROMPT) == tuple(scripted.asked[0].messages)
    assert call[-1].messages[2:] == (("schema", json.dumps(SCHEMA)),)
    assert (call[-1].why, call[-1].turn_id, call[-1].here) == ("plan", "t1", True)
    assert call[-1].destination == scripted.url.split("/")[2]
    assert call[-1].tokens_in == 6
    assert call[-1].tokens_out > 5


async def test_a_call_is_kept_while_it_is_under_way(scripted: ScriptedServer) -> None:
    scripted.always = Slow(first_token=0.5)
    shelf = Shelf()
    assert await said(vault(scripted.url, shelf)) == STORY
    (call,) = shelf.kept.values()
    assert [each.outcome for each in call] == ["sent", "answered"]


TROUBLES = [
    ("slow", Slow(first_token=9), 0.9, 2.9),
    ("slow", Silent(), 0.9, 2.9),
    ("stalled", Stalled(), 0.6, 2.6),
    ("broken", Status(500), 0.3, 2.4),
    ("broken", Status(503), 0.3, 2.4),
    ("busy", Status(429), 0.3, 2.4),
    ("cut", Cut(""), 0.3, 2.4),
    ("cut", Cut(), 0, 2.0),
    ("cut", Raw(b"SSH-2.0-OpenSSH_9.6\r\n"), 0.3, 2.4),
    ("key", Status(401), 0, 2.0),
    ("key", Status(403), 0, 2.0),
    ("unknown", Status(404), 0, 2.0),
    ("refused", Status(400), 0, 2.0),
    ("too_long", Status(413), 0, 2.0),
    ("empty", Empty, 0, 2.0),
    ("garbled", Garbage(), 0, 2.0),
    ("repeating", Endless(), 0, 2.5),
    ("repeating", Endless("  \n"), 0, 2.5),
]


async def test_every_fault_becomes_trouble_in_time() -> None:
    """All at once, each with a server of its own: most of it is waiting."""

    async def one(fault: str, behaviour: Any, least: float, most: float) -> None:
        with scripted_server() as scripted:
            scripted.always = behaviour
            shelf = Shelf()
            began = time.monotonic()
            with pytest.raises(LanguageModelTrouble) as caught:
                await said(vault(scripted.url, shelf))
            took = time.monotonic() - began
            assert caught.value.fault == fault
            assert str(caught.value) == FAULTS[fault]
            assert least <= took < most + LOADED, f"{fault}: {behaviour} took {took:.2f} s"
            assert {call.outcome for call in shelf.last} == {fault}
            assert len(shelf.last) == len(scripted.asked)

    results = await asyncio.gather(*(one(*trouble) for trouble in TROUBLES), return_exceptions=True)
    assert [f"{trouble}: {wrong}" for trouble, wrong in zip(TROUBLES, results, strict=True) if wrong] == []


async def test_a_server_that_is_not_there(scripted: ScriptedServer) -> None:
    with pytest.raises(LanguageModelTrouble) as caught:
        await said(vault(refused_url()))
    assert caught.value.fault == "unreachable"


async def test_the_deadline_holds_whatever_comes(scripted: ScriptedServer) -> None:
    scripted.always = Good(answer(" ".join(map(str, range(900)))), pause=0.02)
    began = time.monotonic()
    with pytest.raises(LanguageModelTrouble) as caught:
        await said(vault(scripted.url), 0.7)
    assert caught.value.fault == "late"
    assert time.monotonic() - began < 2.5
    with pytest.raises(LanguageModelTrouble) as caught:
        await said(vault(scripted.url), -1)
    assert caught.value.fault == "late"


@pytest.mark.parametrize("first", [Status(500), Status(429), Status(429, "0.1"), Cut(""), Status(503, "0")])
async def test_what_passes_is_asked_again_before_the_first_word(scripted: ScriptedServer, first: Any) -> None:
    scripted.enqueue(first)
    shelf = Shelf()
    assert await said(vault(scripted.url, shelf)) == STORY
    assert [call.outcome for call in shelf.last][1:] == ["answered"]
    assert len(scripted.asked) == 2


async def test_what_was_begun_is_not_asked_again(scripted: ScriptedServer) -> None:
    scripted.enqueue(Cut())
    stream = pieces(vault(scripted.url))
    assert Cut().said.startswith(await anext(stream))
    with pytest.raises(LanguageModelTrouble):
        await anext(stream)
    assert len(scripted.asked) == 1


async def test_retry_after_is_honoured_within_the_deadline_alone(scripted: ScriptedServer) -> None:
    scripted.enqueue(Status(429, "0.7"))
    began = time.monotonic()
    assert await said(vault(scripted.url)) == STORY
    assert time.monotonic() - began >= 0.7
    scripted.enqueue(Status(429, "30"))
    began = time.monotonic()
    with pytest.raises(LanguageModelTrouble) as caught:
        await said(vault(scripted.url), 3)
    assert caught.value.fault == "busy"
    assert time.monotonic() - began < 2


async def test_after_three_failures_the_server_is_left_alone_for_a_while(scripted: ScriptedServer) -> None:
    it = vault(scripted.url)
    scripted.enqueue(*[Status(401)] * 3)
    for _ in range(3):
        with pytest.raises(LanguageModelTrouble, match="key"):
            await said(it)
    began = time.monotonic()
    with pytest.raises(LanguageModelTrouble) as caught:
        await said(it)
    assert caught.value.fault == "resting"
    assert time.monotonic() - began < 0.5
    assert len(scripted.asked) == 3
    await asyncio.sleep(0.6)
    assert await said(it) == STORY


async def test_after_its_rest_one_more_failure_is_enough_and_a_reply_counts_from_nought_again(
    scripted: ScriptedServer,
) -> None:
    it = vault(scripted.url)

    async def fault() -> str:
        with pytest.raises(LanguageModelTrouble) as caught:
            await said(it)
        return caught.value.fault

    scripted.enqueue(*[Status(401)] * 4)
    assert [await fault() for _ in range(4)] == ["key", "key", "key", "resting"]
    await asyncio.sleep(0.6)
    assert [await fault(), await fault()] == ["key", "resting"]
    await asyncio.sleep(0.6)
    assert await said(it) == STORY
    scripted.enqueue(Status(401), Status(401), Empty, Status(401))
    assert [await fault() for _ in range(4)] == ["key", "key", "empty", "key"]
    assert await said(it) == STORY


async def test_poor_answers_do_not_close_the_door(scripted: ScriptedServer) -> None:
    it = vault(scripted.url)
    scripted.enqueue(Empty, Empty, Empty, Empty)
    for _ in range(4):
        with pytest.raises(LanguageModelTrouble, match="nothing"):
            await said(it)
    assert await said(it) == STORY


async def test_someone_who_leaves_lets_go_of_the_server(scripted: ScriptedServer) -> None:
    scripted.always = Good(answer(" ".join(map(str, range(900)))), pause=0.02)
    shelf = Shelf()
    stream = pieces(vault(scripted.url, shelf))
    await anext(stream)
    await stream.aclose()
    assert [call.outcome for call in shelf.last] == ["left"]
    await asyncio.sleep(0.2)
    assert scripted.hung_up == 1


async def test_calls_wait_for_a_place_and_too_many_of_one_user_are_refused_without_being_sent(
    scripted: ScriptedServer,
) -> None:
    scripted.always = Good(answer(STORY))
    it = vault(scripted.url, COACH_LLM_AT_ONCE="1")
    done = await asyncio.gather(*(said(it) for _ in range(6)), return_exceptions=True)
    assert done.count(STORY) == 4
    refused = [each.fault for each in done if isinstance(each, LanguageModelTrouble)]
    assert refused == ["crowded", "crowded"]
    assert len(scripted.asked) == 4


async def test_a_fill_is_json_by_the_schema(scripted: ScriptedServer) -> None:
    assert await filled(vault(scripted.url)) == {"headline": STORY, "kind": "repair"}
    assert scripted.asked[0].schema == SCHEMA
    assert scripted.asked[0].body["response_format"]["json_schema"]["strict"] is True


async def test_an_object_is_told_in_pieces(scripted: ScriptedServer) -> None:
    got = [piece async for piece in pieces(vault(scripted.url))]
    assert "".join(got) == answer(STORY)
    assert len(got) > 20
    assert scripted.asked[0].schema == SCHEMA


@pytest.mark.parametrize(
    "first", [Untidy, Good("no JSON"), Good('{"headline": 3, "kind": "repair"}'), Good('{"headline": "x"}')]
)
async def test_what_does_not_fit_is_asked_for_once_more(scripted: ScriptedServer, first: Good) -> None:
    scripted.enqueue(first)
    assert await filled(vault(scripted.url)) == {"headline": STORY, "kind": "repair"}
    again = scripted.asked[1].messages
    assert again[: len(PROMPT)] == PROMPT
    assert again[-2] == ("assistant", first.said)
    assert "Answer again" in again[-1][1]
    scripted.enqueue(first, first)
    with pytest.raises(LanguageModelTrouble) as caught:
        await filled(vault(scripted.url))
    assert caught.value.fault == "garbled"
    assert len(scripted.asked) == 4


@pytest.mark.parametrize(
    "said_",
    [
        'Sure, here it is:\n```json\n{"headline": "Ask him", "kind": "repair"}\n```\nAnything else?',
        '<think>{"headline": 1}</think>\n{"headline": "Ask him", "kind": "repair"}',
        '{} {"headline": "Ask him", "kind": "repair"}',
    ],
)
async def test_json_is_found_among_words(scripted: ScriptedServer, said_: str) -> None:
    scripted.enqueue(Good(said_))
    answer = await filled(vault(scripted.url))
    assert answer["headline"] == "Ask him"


async def test_a_server_without_schemas_is_told_the_schema_in_words(scripted: ScriptedServer) -> None:
    right = Good('{"headline": "Ask him", "kind": "repair"}')
    refused = Status(400, message="response_format is not supported")
    scripted.enqueue(refused, right, refused, right, right)
    shelf = Shelf()
    it = vault(scripted.url, shelf)
    for _ in range(3):
        assert (await filled(it))["headline"] == "Ask him"
    forms = [asked.body.get("response_format", {}).get("type") for asked in scripted.asked]
    assert forms == ["json_schema", "json_object", "json_object", None, None]
    told = [asked.messages[0][1] for asked in scripted.asked]
    assert told[0] == "Say it kindly."
    assert all(text.startswith("Say it kindly.\n\nAnswer with one JSON object") for text in told[1:])
    assert ["```json" in text for text in told[1:]] == [False, False, True, True]
    assert all('"headline"' in text for text in told[1:])
    assert [call.outcome for call in shelf.last] == ["refused", "answered", "refused", "answered", "answered"]
    assert [call.messages[-1][0] for call in shelf.last] == ["schema", "user", "user", "user", "user"]


async def test_an_option_a_server_does_not_know_is_left_away(scripted: ScriptedServer) -> None:
    it = vault(scripted.url)
    scripted.enqueue(Status(400, message="Unsupported value: 'temperature'"), Status(422, message="stream_options?"))
    assert await said(it) == STORY
    assert {"temperature", "stream_options"}.isdisjoint(scripted.asked[2].body)
    assert await said(it) == STORY
    assert len(scripted.asked) == 4


async def test_what_it_thinks_aloud_is_left_out(scripted: ScriptedServer) -> None:
    scripted.enqueue(Good(f"<think>\n{answer('Hm')}\n</think>\n\n{answer('Ask him.')}"))
    it = vault(scripted.url)
    assert await said(it) == "Ask him."
    scripted.enqueue(Good("<think>He may be busy.</think>"))
    with pytest.raises(LanguageModelTrouble, match="could not be read"):
        await said(it)


async def test_lists_of_parts_are_read_without_a_warning(scripted: ScriptedServer) -> None:
    """Pydantic's would hold the words; here any warning is an error."""
    scripted.always = Good(answer("Ask him."), listed=True)
    assert await said(vault(scripted.url)) == "Ask him."


async def test_no_key_of_another_program_is_sent(scripted: ScriptedServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-of-another-program")
    monkeypatch.setenv("LANGSMITH_TRACING", "true")
    await said(vault(scripted.url, COACH_LLM_API_KEY=""))
    assert "sk-of-another" not in scripted.asked[0].text


async def test_a_provider_is_opened_by_its_name_and_streams_the_schema_as_a_tool(
    scripted: ScriptedServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENAI_BASE_URL", scripted.url)
    shelf = Shelf()
    it = vault("", shelf, COACH_LLM_MODEL="openai:gpt-x", COACH_LLM_TRUST="local")
    got = [piece async for piece in pieces(it)]
    assert "".join(got) == answer(STORY)
    assert len(got) > 20
    assert await filled(it) == {"headline": STORY, "kind": "repair"}
    assert [asked.body["model"] for asked in scripted.asked] == ["gpt-x"] * 2
    assert scripted.asked[0].body["tools"][0]["function"]["parameters"] == SCHEMA
    assert (shelf.last[0].destination, shelf.last[0].here) == (scripted.url.split("/")[2], True)
    assert not it.open


async def test_a_provider_without_tools_is_told_the_schema_in_words(
    scripted: ScriptedServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENAI_BASE_URL", scripted.url)
    it = vault("", COACH_LLM_MODEL="openai:gpt-x")
    scripted.enqueue(
        Status(400, message="tools are not supported by this model"), Good(f"```json\n{answer('Ask')}\n```")
    )
    assert await said(it) == "Ask"
    assert "tools" not in scripted.asked[1].body
    assert "```json" in scripted.asked[1].messages[0][1]


async def test_settings_that_cannot_serve_say_so() -> None:
    with pytest.raises(BadInput, match="names no provider"):
        vault("", COACH_LLM_MODEL="llama3")
    for url in ("ftp://x", "127.0.0.1:11434", "http://", "http://x:port/v1"):
        with pytest.raises(BadInput, match="COACH_LLM_BASE_URL must look like"):
            vault(url)
    with pytest.raises(BadInput, match="pip install langchain-anthropic"):
        await vault("", COACH_LLM_MODEL="anthropic:claude").warm()
    with pytest.raises(BadInput, match="cannot be opened"):
        await vault("", COACH_LLM_MODEL="nobody:nothing").warm()


def test_every_fault_has_a_sentence_and_strangers_are_broken() -> None:
    assert all(sentence.endswith(".") for sentence in FAULTS.values())
    assert fault_of(RuntimeError("x")) == "broken"
    assert fault_of(ConnectionRefusedError()) == "unreachable"
    assert fault_of(TimeoutError()) == "slow"


def test_retry_after_may_be_a_date() -> None:
    error = Exception()
    error.response = SimpleNamespace(headers={"retry-after": "Wed, 21 Oct 2015 07:28:00 GMT"})
    assert retry_after(error) == 0.0
    error.response.headers = {"retry-after": "soon"}
    assert retry_after(error) is None
    assert retry_after(None) is None


def test_patience_grows_with_the_time_limit() -> None:
    assert Patience.within(60) == replace(Patience(), first=30, between=15)
