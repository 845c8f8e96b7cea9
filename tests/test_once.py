"""Requests that come again with the same Idempotency-Key: done once, answered the same."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

import fakes
from coach.domain.echoes import Echo
from coach.journal import SqlJournal
from sample_journal import NOW, fill

KEEPS_NOTHING = {
    "/api/messages/lint", "/api/messages/vary", "/api/moments/read",
    "/api/plans/{plan_id}/exercise", "/api/plans/{plan_id}/other-side",
}  # fmt: skip
"""POSTs that add nothing to the journal. Whoever adds a POST puts it here, or among those that are sent twice."""


@pytest.fixture(scope="module")
def described(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """OpenAPI's paths."""
    from coach.web.factory import create_app

    parts = asyncio.run(fakes.fake_parts(tmp_path_factory.mktemp("described")))
    found: dict[str, Any] = create_app(parts).openapi()["paths"]
    asyncio.run(parts.close())
    return found


def adding(client: TestClient) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Every POST that adds, as OpenAPI names it, with an address and a body that are good now."""
    tom = client.post("/api/people", json={"name": "Tom"}).json()["id"]
    plan = client.post("/api/plans", json={"person_id": tom, "text": fakes.STORY}).json()
    step = plan["steps"][0]["id"]
    draft = client.post("/api/drafts", json={"text": "Thanks.", "person_id": tom}).json()["id"]
    session = client.post("/api/sessions", json={"kind": "weekly_review"}).json()["session_id"]
    moment = {"person_id": tom, "channel": "call", "by": "me", "what": "I rang", "landed": "helped"}
    yield "/api/people", "/api/people", {"name": "Maya"}
    yield "/api/moments", "/api/moments", moment
    yield "/api/plans", "/api/plans", {"person_id": tom, "text": fakes.STORY}
    yield "/api/steps/{step_id}/commitment", f"/api/steps/{step}/commitment", {"due": "2199-05-08"}
    yield "/api/steps/{step_id}/outcome", f"/api/steps/{step}/outcome", {"happened": True, "landed": "helped"}
    yield "/api/drafts", "/api/drafts", {"text": "Thank you."}
    yield "/api/drafts/{draft_id}/sent", f"/api/drafts/{draft}/sent", {"landed": "helped"}
    yield "/api/chat", "/api/chat", {"text": fakes.STORY}
    yield "/api/sessions", "/api/sessions", {"kind": "weekly_review"}
    yield "/api/sessions/{session_id}/turns", f"/api/sessions/{session}/turns", {"text": "Yusuf has gone quiet."}
    yield "/api/sessions/{session_id}/{chosen}", f"/api/sessions/{session}/pause", {}
    yield "/api/import", "/api/import", client.get("/api/export").json()


def test_every_post_that_adds_takes_a_key(client: TestClient, described: dict[str, Any]) -> None:
    posts = {path for path, methods in described.items() if "post" in methods}
    for path in posts:
        assert "Idempotency-Key" in {each["name"] for each in described[path]["post"].get("parameters", ())}, path
    tried = set()
    for n, (path, address, body) in enumerate(adding(client)):
        headers = {"Idempotency-Key": f"key-{n}"}
        first = client.post(address, json=body, headers=headers)
        assert first.status_code in {200, 201}, (path, first.text)
        kept = client.get("/api/export").json()
        again = client.post(address, json=body, headers=headers)
        assert (again.status_code, again.text) == (first.status_code, first.text), path
        assert again.headers["content-type"] == first.headers["content-type"]
        assert again.headers["idempotency-replayed"] == "true"
        assert client.get("/api/export").json() == kept, path
        other = client.post(address, json={**body, "more": 1}, headers=headers)
        assert other.status_code == 422
        assert "another request" in other.json()["error"]
        tried.add(path)
    assert tried | KEEPS_NOTHING == posts


def test_what_was_refused_may_be_tried_again(client: TestClient) -> None:
    given = {"person_id": "nobody", "channel": "call", "by": "me", "what": "I rang", "landed": "helped"}
    for _ in range(2):
        assert client.post("/api/moments", json=given, headers={"Idempotency-Key": "k"}).status_code == 404
    fields = client.post("/api/people", json={"name": "Tom"}, headers={"Idempotency-Key": "x" * 201}).json()["fields"]
    assert fields == ["Idempotency-Key"]


def test_the_same_request_at_once_is_done_once(client: TestClient) -> None:
    def add(_: int) -> str:
        answer: str = client.post("/api/people", json={"name": "Tom"}, headers={"Idempotency-Key": "k"}).text
        return answer

    with ThreadPoolExecutor(6) as many:
        answers = set(many.map(add, range(6)))
    assert len(answers) == 1
    assert len(client.get("/api/people").json()["people"]) == 1


def test_a_key_is_sealed_and_for_its_user_alone(client: TestClient, tmp_path: Path) -> None:
    client.post("/api/people", json={"name": "Zorvana"}, headers={"Idempotency-Key": "add-zorvana"})
    kept = b"".join(path.read_bytes() for path in tmp_path.glob("journal.db*"))
    assert b"orvana" not in kept
    assert "answers" not in client.get("/api/export").json()


async def test_an_answer_lasts_a_day(database_url: str, tmp_path: Path) -> None:
    journal = await SqlJournal.open(database_url, tmp_path)
    await fill(journal)
    mine = Echo("a hash", NOW)
    assert await journal.answered("me", "k", mine) is None
    await journal.keep_answer("me", "k", replace(mine, status=201, body="{}"))
    assert await journal.answered("me", "k", replace(mine, at=NOW + timedelta(hours=23))) == replace(
        mine, status=201, body="{}"
    )
    assert await journal.answered("you", "k", mine) is None
    assert await journal.answered("me", "k", replace(mine, at=NOW + timedelta(hours=25))) is None
    await journal.close()


async def test_an_answer_under_way_is_left_to_who_gives_it(tmp_path: Path, sqlite_url: str) -> None:
    journal = await SqlJournal.open(sqlite_url, tmp_path)
    mine = Echo("a hash", NOW)
    assert await journal.answered("me", "k", mine) is None
    assert await journal.answered("me", "k", mine) == mine
    await journal.forget_answer("me", "k")
    assert await journal.answered("me", "k", mine) is None
    await journal.close()
