"""The API of sessions: begun, answered as a stream, paused, summed up; what cannot be is told plainly."""

from __future__ import annotations

import json
from typing import Any

import pytest
from starlette.testclient import TestClient


def begun(client: TestClient, kind: str = "weekly_review", **more: str) -> str:
    """Start a session; return its id."""
    answer = client.post("/api/sessions", json={"kind": kind, **more})
    assert answer.status_code == 201, answer.text
    assert set(answer.json()) == {"session_id", "phase", "state", "text"}
    id_: str = answer.json()["session_id"]
    return id_


def said(client: TestClient, session: str, text: str) -> list[tuple[str, dict[str, Any]]]:
    """Say something; return the events of the stream."""
    answer = client.post(f"/api/sessions/{session}/turns", json={"text": text})
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"].startswith("text/event-stream")
    found = []
    for block in answer.text.strip().split("\n\n"):
        lines = dict(line.split(": ", 1) for line in block.splitlines() if ": " in line)
        found.append((lines["event"], json.loads(lines["data"])))
    return found


def test_a_session_is_begun_answered_and_read(client: TestClient) -> None:
    session = begun(client)
    events = said(client, session, "It was a full week.")
    names = [name for name, _ in events]
    assert names[:2] == ["started", "reading"]
    assert names[-2:] == ["sources", "finished"]
    assert events[0][1]["session_id"] == session
    assert events[-1][1]["phase"] == "goal"
    whole = client.get(f"/api/sessions/{session}").json()
    assert (whole["phase"], whole["state"]) == ("goal", "open")
    assert whole["text"] == "".join(data["text"] for name, data in events if name == "piece")
    assert [turn["said"] for turn in whole["turns"]] == ["", "It was a full week."]
    assert whole["summary"].startswith("# Weekly review of the team")
    [listed] = client.get("/api/sessions").json()["sessions"]
    assert listed["session_id"] == session
    assert "turns" not in listed


def test_it_ends_with_a_commitment_among_all_others(client: TestClient) -> None:
    session = begun(client)
    said(client, session, "I only have two minutes")
    words = "I'll ask Tom on Friday at 2pm how it is going"
    said(client, session, words)
    whole = client.get(f"/api/sessions/{session}").json()
    assert whole["commitments"] == []
    offer = whole["form"]["offer"]
    assert (offer["words"], offer["due"], offer["at"]) == (words, "2024-05-10", "14:00")
    tap = {"offer": offer["id"], "do": "keep", "cue": "after lunch"}
    kept = client.post(f"/api/sessions/{session}/turns", json={"tap": tap})
    assert "event: finished" in kept.text
    again = client.post(f"/api/sessions/{session}/turns", json={"tap": tap})
    assert again.status_code == 400
    whole = client.get(f"/api/sessions/{session}").json()
    assert (whole["state"], whole["form"]) == ("closed", None)
    [taken] = whole["commitments"]
    assert (taken["action"], taken["cue"], taken["due"], taken["at"]) == (words, "after lunch", "2024-05-10", "14:00")
    [kept] = client.get("/api/commitments").json()["commitments"]
    assert (kept["id"], kept["due"]) == (taken["step_id"], "2024-05-10")
    plan = client.get(f"/api/plans/{taken['plan_id']}").json()
    assert plan["steps"][0]["due"] == "2024-05-10"
    summary = client.get(f"/api/sessions/{session}/summary.md")
    assert summary.headers["content-type"] == "text/markdown; charset=utf-8"
    assert f"- [ ] Friday 10 May at 14:00: {words}." in summary.text
    closed = client.post(f"/api/sessions/{session}/turns", json={"text": "more"})
    assert closed.status_code == 400
    assert "over" in closed.json()["error"]


def test_what_is_chosen(client: TestClient) -> None:
    session = begun(client)
    assert client.post(f"/api/sessions/{session}/skip").json()["phase"] == "goal"
    assert client.post(f"/api/sessions/{session}/pause").json()["state"] == "paused"
    assert client.post(f"/api/sessions/{session}/resume").json()["state"] == "open"
    assert client.post(f"/api/sessions/{session}/back").json()["phase"] == "arrive"
    assert client.post(f"/api/sessions/{session}/end").json()["state"] == "closed"
    assert client.get(f"/api/sessions/{session}").json()["because"] == "asked"


@pytest.mark.parametrize(
    ("method", "path", "body", "status"),
    [
        ("POST", "/api/sessions", {"kind": "no_such_kind"}, 404),
        ("POST", "/api/sessions", {"kind": "prepare_one_to_one", "person_id": "nobody"}, 404),
        ("POST", "/api/sessions", {}, 422),
        ("POST", "/api/sessions", {"kind": "weekly_review", "more": 1}, 422),
        ("POST", "/api/sessions/none/turns", {"text": "hello"}, 404),
        ("POST", "/api/sessions/none/turns", {"text": "  "}, 422),
        ("POST", "/api/sessions/none/turns", {"text": "a" * 6001}, 422),
        ("POST", "/api/sessions/none/turns", {}, 422),
        ("POST", "/api/sessions/none/turns", {"text": "a", "tap": {"offer": "o", "do": "keep"}}, 422),
        ("POST", "/api/sessions/none/turns", {"tap": {"offer": "o", "do": "keep", "at": "25:00"}}, 422),
        ("POST", "/api/sessions/none/turns", {"tap": {"offer": "o", "do": "drop"}}, 404),
        ("POST", "/api/sessions/none/dance", None, 422),
        ("POST", "/api/sessions/none/pause", None, 404),
        ("GET", "/api/sessions/none", None, 404),
        ("GET", "/api/sessions/none/summary.md", None, 404),
        ("DELETE", "/api/sessions/none", None, 404),
    ],
)
def test_what_cannot_be_is_told(client: TestClient, method: str, path: str, body: Any, status: int) -> None:
    answer = client.request(method, path, json=body) if body is not None else client.request(method, path)
    assert answer.status_code == status, answer.text
    assert answer.json()["error"]


def test_a_session_about_the_team_takes_no_person(client: TestClient) -> None:
    person = client.post("/api/people", json={"name": "Tom"}).json()["id"]
    answer = client.post("/api/sessions", json={"kind": "weekly_review", "person_id": person})
    assert answer.status_code == 400


def test_who_it_is_about_is_asked_when_nobody_is_named(client: TestClient) -> None:
    client.post("/api/people", json={"name": "Tom"})
    session = begun(client, "prepare_one_to_one")
    assert client.get(f"/api/sessions/{session}").json()["text"].endswith("Who is it about?")
    events = said(client, session, "Tom")
    text = "".join(data["text"] for name, data in events if name == "piece")
    assert "Tom" in text
    assert client.get(f"/api/sessions/{session}").json()["person_id"]


def test_kinds_and_erasing(client: TestClient) -> None:
    kinds = client.get("/api/sessions/kinds").json()["kinds"]
    assert {"weekly_review", "hard_feedback"} <= {kind["kind"] for kind in kinds}
    session = begun(client)
    assert client.delete(f"/api/sessions/{session}").status_code == 204
    assert client.get(f"/api/sessions/{session}").status_code == 404
