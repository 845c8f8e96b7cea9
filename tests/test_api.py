"""The JSON API: what goes in comes out, and what is wrong gets a plain sentence."""

from __future__ import annotations

import json
from typing import Any

import pytest
from starlette.testclient import TestClient

import fakes

TOM = {"name": "Tom", "role": "approver", "relation": "other-department", "remote": False}
MOMENT = {
    "happened_at": "2024-05-06T09:00:00Z",
    "channel": "meeting",
    "by": "me",
    "what": "I said his was the only approval missing",
    "landed": "harmed",
}
SECRET = "Zebra-crossing-4711"


def tom(client: TestClient) -> str:
    """Add Tom; return his id."""
    person: str = client.post("/api/people", json=TOM).json()["id"]
    return person


def test_a_person_is_added_read_changed_listed_and_erased(client: TestClient) -> None:
    added = client.post("/api/people", json=TOM)
    assert added.status_code == 201
    person = added.json()
    assert person["relation"] == "other-department"
    assert client.get(f"/api/people/{person['id']}").json() == person
    changed = client.patch(f"/api/people/{person['id']}", json={"plate": "two audits", "role": None}).json()
    assert (changed["plate"], changed["role"], changed["name"]) == ("two audits", None, "Tom")
    assert changed["plate_noted_at"]
    assert client.get("/api/people").json() == {"people": [changed]}
    assert client.delete(f"/api/people/{person['id']}").status_code == 204
    assert client.get(f"/api/people/{person['id']}").status_code == 404


def test_a_moment_is_kept_as_sent_and_now_is_assumed_without_a_time(client: TestClient) -> None:
    person = tom(client)
    kept = client.post("/api/moments", json={**MOMENT, "person_id": person})
    assert kept.status_code == 201
    assert kept.json().items() >= MOMENT.items()
    timeless = {name: value for name, value in MOMENT.items() if name != "happened_at"}
    assert (
        client.post("/api/moments", json={**timeless, "person_id": person})
        .json()["happened_at"]
        .startswith("2024-05-06")
    )
    assert len(client.get("/api/moments").json()["moments"]) == 2
    mended = client.patch(f"/api/moments/{kept.json()['id']}", json={"channel": "email"}).json()
    assert mended == {**kept.json(), "channel": "email"}
    assert client.delete(f"/api/moments/{kept.json()['id']}").status_code == 204
    assert len(client.get("/api/moments", params={"person_id": person}).json()["moments"]) == 1


@pytest.mark.parametrize(
    ("given", "meant"),
    [
        ("2024-05-06T11:00:00+02:00", "2024-05-06T09:00:00Z"),
        ("2024-05-06T09:00:00", "2024-05-06T09:00:00Z"),
    ],
)
def test_times_are_kept_in_utc(client: TestClient, given: str, meant: str) -> None:
    moment = {**MOMENT, "person_id": tom(client), "happened_at": given}
    assert client.post("/api/moments", json=moment).json()["happened_at"] == meant


def test_a_plan_is_made_and_its_step_gets_an_outcome(client: TestClient) -> None:
    person = tom(client)
    plan = client.post("/api/plans", json={"person_id": person, "text": fakes.STORY})
    assert plan.status_code == 201
    contract = (
        "id created_at person_id kind stance headline seen guessed readings own_part missing findings steps "
        "if_it_goes_badly stop_rule check_on sign_of_success unknowns citations checked"
    )
    assert set(plan.json()) == {*contract.split(), "swap", "scene", "answer", "want", "made_by", "draft"}
    step = plan.json()["steps"][0]["id"]
    outcome = client.post(
        f"/api/steps/{step}/outcome", json={"happened": True, "note": "We talked.", "landed": "helped"}
    )
    assert outcome.status_code == 201
    assert outcome.json()["happened"] is True
    assert client.get(f"/api/plans/{plan.json()['id']}").json() == plan.json()
    assert client.get("/api/plans", params={"person_id": person}).json() == {"plans": [plan.json()]}
    assert client.post("/api/steps/none/outcome", json={"happened": False}).status_code == 404


def test_findings_say_when_there_are_too_few_moments(client: TestClient) -> None:
    [finding] = client.get(f"/api/people/{tom(client)}/findings").json()["findings"]
    assert finding == {"pattern": None, "moments": [], "n": 0, "sentence": "Too few to say."}


def test_principles_are_listed_read_and_found(client: TestClient) -> None:
    assert [each["id"] for each in client.get("/api/principles").json()["principles"]] == list(fakes.CARDS)
    assert "text" in client.get("/api/principles/intentions-vary-ask").json()
    [first, *_] = client.get("/api/search", params={"q": "he ignores me"}).json()["principles"]
    assert first["passages"][0]["kind"] == "situation"
    assert client.get("/api/search").status_code == 422
    assert client.get("/api/principles/none").status_code == 404


def test_a_message_is_looked_over(client: TestClient) -> None:
    sent = {"text": "I am Sorry if it hurt", "purpose": "apology"}
    [warning] = client.post("/api/messages/lint", json=sent).json()["warnings"]
    assert (warning["warning"], warning["start"], warning["end"]) == ("conditional_apology", 5, 13)
    assert client.post("/api/messages/lint", json={"text": "Thanks"}).json() == {"warnings": []}


def test_a_conversation_is_listed_read_renamed_and_erased(client: TestClient) -> None:
    client.post("/api/chat", json={"text": fakes.STORY})
    [one] = client.get("/api/conversations").json()["conversations"]
    thread = client.get(f"/api/conversations/{one['id']}").json()
    assert thread["turns"][0]["said"] == fakes.STORY
    assert thread["turns"][0]["complete"] is True
    assert client.patch(f"/api/conversations/{one['id']}", json={"title": "Tom"}).json()["title"] == "Tom"
    assert client.delete(f"/api/conversations/{one['id']}").status_code == 204
    assert client.get(f"/api/conversations/{one['id']}").status_code == 404


def test_an_export_goes_back_in_and_erasing_leaves_nothing(client: TestClient) -> None:
    client.post("/api/moments", json={**MOMENT, "person_id": tom(client)})
    client.post("/api/chat", json={"text": fakes.STORY})
    export = client.get("/api/export")
    assert export.headers["content-disposition"].startswith("attachment")
    assert client.delete("/api/me").status_code == 204
    assert client.get("/api/people").json() == {"people": []}
    new = client.post("/api/import", json=export.json()).json()["imported"]
    assert (new["people"], new["moments"], new["turns"]) == (1, 1, 1)
    assert client.get("/api/export").json() == export.json()
    assert client.post("/api/import", json={"format": "else"}).status_code == 400


BAD: list[tuple[str, str, Any, int]] = [
    ("POST", "/api/people", {}, 422),
    ("POST", "/api/people", {"name": "  "}, 422),
    ("POST", "/api/people", {"name": SECRET, "relation": SECRET}, 422),
    ("POST", "/api/people", {"name": "Tom", SECRET: SECRET}, 422),
    ("POST", "/api/people", [SECRET], 422),
    ("POST", "/api/people", {"name": "\ud800" + SECRET}, 422),
    ("POST", "/api/moments", {**MOMENT, "person_id": "none"}, 404),
    ("POST", "/api/moments", {**MOMENT, "person_id": "x", "happened_at": SECRET}, 422),
    ("POST", "/api/moments", {**MOMENT, "person_id": "x", "happened_at": 12}, 422),
    ("POST", "/api/moments", {**MOMENT, "person_id": "x", "happened_at": "0001-01-01T00:00:00+14:00"}, 422),
    ("POST", "/api/chat", {"text": ""}, 422),
    ("POST", "/api/chat", {"text": SECRET, "person_id": "none"}, 404),
    ("POST", "/api/chat", {"text": SECRET, "conversation_id": "none"}, 404),
    ("POST", "/api/plans", {"person_id": "none"}, 404),
    ("POST", "/api/messages/lint", {"text": "x", "purpose": SECRET}, 422),
    ("PATCH", "/api/people/none", {"name": None}, 422),
    ("PATCH", "/api/people/none", {"role": "x"}, 404),
    ("DELETE", "/api/people/none", None, 404),
    ("GET", "/api/people/%00/findings", None, 404),
    ("GET", "/api/moments?limit=0", None, 422),
    ("GET", "/api/nothing", None, 404),
    ("PUT", "/api/people", {}, 405),
]


@pytest.mark.parametrize(("method", "path", "body", "status"), BAD)
def test_bad_input_gets_a_plain_sentence_that_does_not_repeat_it(
    client: TestClient, method: str, path: str, body: Any, status: int
) -> None:
    content = None if body is None else json.dumps(body).encode()
    response = client.request(
        method, path, content=content, headers={"Content-Type": "application/json"} if content else {}
    )
    assert response.status_code == status
    told = response.json()
    assert set(told) <= {"error", "what_next", "fields"}
    assert told["error"].endswith(".")
    assert SECRET not in response.text


@pytest.mark.parametrize("body", [b"{", b"\xff\xfe", b"[" * 5000, b"1" * 9000, b"{}" * 2, b""])
def test_a_body_that_is_no_json_gets_a_4xx(client: TestClient, body: bytes) -> None:
    response = client.post("/api/import", content=body, headers={"Content-Type": "application/json"})
    assert 400 <= response.status_code < 500
    assert response.json()["error"]


def test_the_api_describes_every_operation(client: TestClient) -> None:
    paths = client.get("/api/openapi.json").json()["paths"]
    operations = [(path, name, each) for path, item in paths.items() for name, each in item.items()]
    assert len(operations) > 25
    for path, name, each in operations:
        assert each.get("summary"), (path, name)
        assert each.get("description"), (path, name)
        assert "422" in each["responses"], (path, name)
        done = next(answer for status, answer in each["responses"].items() if status.startswith("2"))
        if "204" not in each["responses"]:
            [content] = done["content"].values()
            assert "example" in content, (path, name)


def test_health_and_readiness(client: TestClient) -> None:
    assert client.get("/healthz").json() == {"status": "ok"}
    assert client.get("/readyz").json() == {"status": "ok", "database": "ok", "key": "ok", "index": "ok"}
