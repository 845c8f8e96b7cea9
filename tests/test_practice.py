"""Practising a sentence and hearing the other side: made up, marked so, and never kept as what happened."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import httpx
import pytest

from blank import lay
from coach.app import build, new_id, now
from coach.knowledge.library import Library
from coach.settings import Settings
from coach.web import Parts
from coach.web.factory import create_app
from coach.web.parts import USER
from evals.behaviours import Asked, Good
from evals.scripted import ScriptedServer, scripted_server
from evals.served import bearer
from fakes import plan

PLAYED = {
    "willing": "Thanks for asking.",
    "short": "It's fine.",
    "angry": "You said it before everybody.",
    "debrief": {
        "quote": "you were the only one",
        "does": "It may sound like blame.",
        "instead": "I should have asked.",
    },
}
TOLD = {"told": "I may have forgotten it.", "holds": False, "sentence": "It may be too soon.", "change": "Wait a day."}


@pytest.fixture(scope="module")
def server() -> Iterator[ScriptedServer]:
    with scripted_server() as server:
        yield server


def _answers(asked: Asked) -> Good:
    properties = (asked.schema or {}).get("properties", {})
    return Good(json.dumps(TOLD if "told" in properties else PLAYED), piece=200)


@pytest.fixture
async def parts(server: ScriptedServer, library: Library, tmp_path: Path) -> AsyncIterator[Parts]:
    server.always = _answers
    settings = Settings(data=tmp_path, llm_base_url=server.url, llm_model="scripted")
    lay(tmp_path)
    made = await build(settings, clock=now, new_id=new_id, knowledge=library)
    try:
        yield made
    finally:
        await made.close()


@pytest.fixture
async def client(parts: Parts) -> AsyncIterator[httpx.AsyncClient]:
    await parts.journal.keep_plan(USER, plan("p-1"))
    transport = httpx.ASGITransport(create_app(parts))
    headers = bearer(parts.settings.data)
    async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1:8000", headers=headers) as client:
        yield client


async def test_three_answers_come_with_a_word_on_the_users_own_sentence(client: httpx.AsyncClient) -> None:
    said = {"said": "Tom, you were the only one who had not answered."}
    answer = await client.post(f"/api/plans/{plan('p-1').id}/exercise", json=said)
    assert answer.status_code == 200, answer.text
    assert answer.json()["angry"] == "You said it before everybody."
    assert answer.json()["quote"] == "you were the only one"


async def test_a_quote_that_was_not_said_is_left_out(client: httpx.AsyncClient) -> None:
    answer = await client.post(f"/api/plans/{plan('p-1').id}/exercise", json={"said": "Have you got a minute?"})
    assert (answer.json()["quote"], answer.json()["does"], answer.json()["instead"]) == ("", "", "")


async def test_nothing_of_an_exercise_enters_the_journal(client: httpx.AsyncClient, parts: Parts) -> None:
    before = await parts.journal.counts(USER)
    await client.post(f"/api/plans/{plan('p-1').id}/exercise", json={"said": "Have you got a minute?"})
    after = dict(await parts.journal.counts(USER))
    assert {name: count for name, count in after.items() if name != "sent"} == {
        name: count for name, count in before.items() if name != "sent"
    }


async def test_the_other_side_is_told_and_says_what_it_changes(client: httpx.AsyncClient) -> None:
    answer = await client.post(f"/api/plans/{plan('p-1').id}/other-side", json={})
    assert answer.json() == TOLD


async def test_a_later_step_is_practised_and_one_that_is_gone_is_not(
    client: httpx.AsyncClient, server: ScriptedServer
) -> None:
    later = plan("p-1").steps[1]
    answer = await client.post("/api/plans/p-1/other-side", json={"step_id": later.id})
    assert answer.status_code == 200
    assert later.action in server.asked[-1].text
    answer = await client.post("/api/plans/p-1/exercise", json={"said": "Have you a minute?", "step_id": "gone"})
    assert answer.status_code == 404


async def test_a_language_model_that_is_switched_off_is_sent_nothing(
    server: ScriptedServer, library: Library, tmp_path: Path
) -> None:
    settings = Settings(data=tmp_path, llm_base_url=server.url, llm_model="scripted", llm_level="off")
    made = await build(settings, clock=now, new_id=new_id, knowledge=library)
    before = len(server.asked)
    try:
        await made.journal.keep_plan(USER, plan("p-1"))
        transport = httpx.ASGITransport(create_app(made))
        base, headers = "http://127.0.0.1:8000", bearer(tmp_path)
        async with httpx.AsyncClient(transport=transport, base_url=base, headers=headers) as client:
            answer = await client.post("/api/plans/p-1/other-side", json={})
    finally:
        await made.close()
    assert answer.status_code == 400
    assert len(server.asked) == before


async def test_words_of_harm_are_not_practised(client: httpx.AsyncClient) -> None:
    answer = await client.post(f"/api/plans/{plan('p-1').id}/exercise", json={"said": "I want to kill myself."})
    assert answer.status_code == 400


async def test_without_a_language_model_it_says_so(library: Library, tmp_path: Path) -> None:
    made = await build(Settings(data=tmp_path), clock=now, new_id=new_id, knowledge=library)
    try:
        await made.journal.keep_plan(USER, plan("p-1"))
        transport = httpx.ASGITransport(create_app(made))
        base, headers = "http://127.0.0.1:8000", bearer(tmp_path)
        async with httpx.AsyncClient(transport=transport, base_url=base, headers=headers) as client:
            answer = await client.post(f"/api/plans/{plan('p-1').id}/exercise", json={"said": "Have you a minute?"})
    finally:
        await made.close()
    assert answer.status_code == 400
    assert "language model" in answer.json()["error"]
