"""Servers that answer in ways of their own serve all the same; and a request goes to its address by no other way."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

import pytest

from coach.addresses import proxy_to
from coach.domain.people import Person
from coach.domain.sent import Errand
from coach.errors import LanguageModelTrouble
from evals.behaviours import Asked, Behaviour, ErrorInside, Good, Status
from evals.scripted import ScriptedServer, scripted_server
from test_llm_faults import PROMPT, SCHEMA, Shelf, answer, filled, said, vault, warmed

__all__ = ["warmed"]

TOLD = answer("Ask him.")
ODD = {
    "it knows no events": Good(TOLD, whole=True),
    "whole, as a list of parts": Good(TOLD, whole=True, listed=True),
    "a list of parts": Good(TOLD, listed=True),
    "no mark at the end": Good(TOLD, done=False),
    "reasoning of its own": Good(TOLD, thought="He may be busy."),
    "thoughts that nobody opened": Good(f"He may be busy.</think>\n{TOLD}"),
    "channel marks": Good(
        f"<|channel|>analysis<|message|>Busy?<|end|><|start|>assistant<|channel|>final<|message|>{TOLD}<|return|>"
    ),
    "a fence": Good(f"Here it is:\n```json\n{TOLD}\n```\nAnything else?"),
    "a wrapper": Good(f'{{"Answer": {TOLD}}}'),
    "bare line ends": Good('{"headline": "Ask him.", "kind": "repair", "more": "one\ntwo"}'),
}


@pytest.mark.parametrize("odd", ODD)
async def test_an_odd_answer_serves(scripted: ScriptedServer, odd: str) -> None:
    scripted.always = ODD[odd]
    shelf = Shelf()
    it = vault(scripted.url, shelf)
    assert await said(it) == "Ask him."
    assert len(scripted.asked) == 1
    assert [call.outcome for call in shelf.last] == ["answered"]
    assert (shelf.last[0].tokens_in or 0) > 0


async def test_a_thought_that_looks_like_the_answer_is_not_taken_for_it_twice(scripted: ScriptedServer) -> None:
    scripted.always = Good(f"{answer('Hm.')} or not?</think>{TOLD}")
    it = vault(scripted.url)
    with pytest.raises(LanguageModelTrouble, match="could not be read"):
        await said(it)
    assert await said(it) == "Ask him."


def without(words: str, *unwanted: str) -> Any:
    """A server that takes no messages of these roles, and says so."""

    def script(asked: Asked) -> Behaviour:
        return Status(400, message=words) if {role for role, _ in asked.messages} & set(unwanted) else Good(TOLD)

    return script


@pytest.mark.parametrize(
    "words",
    [
        "System role not supported",
        "Only user and assistant roles are supported!",
        "Conversation roles must alternate user/assistant/user/assistant/...",
        "Developer instruction is not enabled for models/gemma-3-1b-it",
    ],
)
async def test_without_a_role_of_the_system_its_words_go_to_the_user(scripted: ScriptedServer, words: str) -> None:
    scripted.always = without(words, "system")
    shelf = Shelf()
    it = vault(scripted.url, shelf)
    assert await said(it) == await said(it) == "Ask him."
    folded = [("user", "Say it kindly.\n\nHe went quiet.")]
    assert [asked.messages for asked in scripted.asked] == [PROMPT, folded, folded]
    assert [call.messages[0][0] for call in shelf.last] == ["system", "user", "user"]


async def test_all_that_can_be_refused_may_be_refused(scripted: ScriptedServer) -> None:
    def script(asked: Asked) -> Behaviour:
        for name in ("response_format", "stream_options", "temperature", "max_tokens"):
            if name in asked.body:
                return Status(422, message=f"Extra inputs are not permitted: {name}")
        if asked.stream:
            return Status(400, message="Streaming is not supported")
        return without("System role not supported", "system")(asked)

    scripted.always = script
    it = vault(scripted.url)
    assert await said(it) == "Ask him."
    many = len(scripted.asked)
    assert await said(it) == "Ask him."
    assert len(scripted.asked) == many + 1


CAUSES = [
    ("key", {"message": "Incorrect API key provided", "code": "invalid_api_key"}),
    ("busy", {"message": "slow down", "type": "rate_limit_error", "code": None}),
    ("busy", {"message": "later", "code": 429}),
    ("unknown", {"message": "model 'x' not found", "type": "not_found_error"}),
    ("unknown", "model not found"),
    ("too_long", {"message": "This model's maximum context length is 4096 tokens", "type": "invalid_request_error"}),
    ("refused", {"message": "no", "type": "invalid_request_error", "code": "400"}),
    ("broken", {"message": "something"}),
    ("broken", "something"),
]


@pytest.mark.parametrize("event", [False, True], ids=["json", "event"])
@pytest.mark.parametrize(("fault", "error"), CAUSES)
async def test_an_error_inside_a_200_is_named_by_its_cause(
    scripted: ScriptedServer, fault: str, error: Any, event: bool
) -> None:
    scripted.always = ErrorInside(error, event)
    with pytest.raises(LanguageModelTrouble) as caught:
        await said(vault(scripted.url))
    assert caught.value.fault == fault


async def test_a_role_refused_inside_a_200_is_learnt_from(scripted: ScriptedServer) -> None:
    scripted.enqueue(ErrorInside("Error rendering prompt with jinja template: System role not supported"), Good(TOLD))
    assert await said(vault(scripted.url)) == "Ask him."
    assert [role for role, _ in scripted.asked[1].messages] == ["user"]


async def test_a_language_model_that_goes_on_after_its_answer_is_not_waited_for(scripted: ScriptedServer) -> None:
    scripted.always = Good(TOLD + " and so on" * 900, pause=0.02)
    shelf = Shelf()
    assert await said(vault(scripted.url, shelf), 2) == "Ask him."
    assert [call.outcome for call in shelf.last] == ["answered"]


async def test_an_object_that_does_not_close_is_unfinished(scripted: ScriptedServer) -> None:
    scripted.always = Good(TOLD[:-9], finish="length")
    shelf = Shelf()
    with pytest.raises(LanguageModelTrouble) as caught:
        await said(vault(scripted.url, shelf))
    assert caught.value.fault == "unfinished"
    assert [call.outcome for call in shelf.last] == ["unfinished"]


# ---- which way a request goes


async def test_an_address_on_this_machine_is_asked_through_no_proxy(
    scripted: ScriptedServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    with scripted_server() as proxy:
        for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
            monkeypatch.setenv(name, proxy.url.removesuffix("/v1"))
        monkeypatch.setenv("NO_PROXY", "")
        monkeypatch.setenv("no_proxy", "")
        shelf = Shelf()
        it = vault(scripted.url, shelf)
        assert await said(it)
        assert await filled(it)
        monkeypatch.setenv("OPENAI_BASE_URL", scripted.url)
        assert await said(vault("", COACH_LLM_MODEL="openai:gpt-x"))
    assert proxy.asked == []
    assert len(scripted.asked) == 3
    assert {call.destination for call in shelf.last} == {urlsplit(scripted.url).netloc}


async def test_another_machine_is_asked_through_the_proxy_and_that_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    with scripted_server() as proxy:
        monkeypatch.setenv("http_proxy", proxy.url.removesuffix("/v1"))
        monkeypatch.setenv("no_proxy", "")
        shelf = Shelf()
        it = vault("http://llm.example:8000/v1", shelf, COACH_LLM_TRUST="local")
        assert await said(it)
    assert [asked.path for asked in proxy.asked] == ["http://llm.example:8000/v1/chat/completions"]
    through = f"llm.example:8000 via {urlsplit(proxy.url).netloc}"
    assert [(call.destination, call.here) for call in shelf.last] == [(through, False)]
    assert not it.open


def test_a_host_that_needs_no_proxy_is_asked_directly(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("http_proxy", "proxy.example:3128")
    monkeypatch.setenv("no_proxy", "inside.example")
    assert proxy_to("http://llm.example/v1") == "http://proxy.example:3128"
    assert proxy_to("http://inside.example/v1") is None
    assert proxy_to("http://[::1]:8080/v1") is None


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
@pytest.mark.parametrize("provider", [False, True], ids=["server", "provider"])
async def test_no_redirect_is_followed(
    scripted: ScriptedServer, monkeypatch: pytest.MonkeyPatch, status: int, provider: bool
) -> None:
    with scripted_server() as elsewhere:
        scripted.always = Status(status, location=f"{elsewhere.url}/chat/completions")
        monkeypatch.setenv("OPENAI_BASE_URL", scripted.url)
        it = vault("", COACH_LLM_MODEL="openai:gpt-x") if provider else vault(scripted.url)
        with pytest.raises(LanguageModelTrouble) as caught:
            await said(it)
    assert caught.value.fault == "moved"
    assert elsewhere.asked == []


async def test_the_schema_goes_as_it_stands_and_names_do_not(scripted: ScriptedServer) -> None:
    """Somebody may be called as a value of the schema is."""
    schema = {**SCHEMA, "properties": {**SCHEMA["properties"], "kind": {"enum": ["bjarki_cut_in", "other"]}}}
    scripted.always = Good('{"headline": "x", "kind": "bjarki_cut_in"}')
    it = vault(scripted.url)
    now = datetime.now(UTC)
    model = it.bound(Errand("me", "", "plan"), [Person("p", "Bjarki", now)], ())
    prompt = [("system", "One of bjarki_cut_in, other."), ("user", "1 Bjarki cut in.\n2 bjarki_cut_out")]
    told = "".join([piece async for piece in model.told(prompt, schema, now + timedelta(seconds=5))])
    assert json.loads(told)["kind"] == "bjarki_cut_in"
    assert scripted.asked[0].schema == schema
    assert scripted.asked[0].messages[0] == prompt[0]
    assert "bjarki" not in scripted.asked[0].messages[1][1].lower()
