"""Who may ask, how much they may send, and what the browser is told to forbid."""

from __future__ import annotations

import logging
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

import fakes
from coach.errors import Refused
from coach.settings import Settings
from coach.web import create_app
from coach.web.headers import POLICY
from coach.web.statics import STATIC
from serving import fake_parts

OWN = "http://127.0.0.1:8000"
SECRET = "Zebra-crossing-4711"
PAGES = ["/", "/people", "/principles", "/principles/intentions-vary-ask", "/privacy", "/conversations", "/nothing"]


@pytest.mark.parametrize(
    "path", [*PAGES, "/api/people", "/api/nothing", f"{STATIC}/page.css", f"{STATIC}/none.css", "/healthz"]
)
def test_every_response_carries_the_headers(client: TestClient, path: str) -> None:
    headers = client.get(path, headers={"Accept": "text/html"}).headers
    assert headers["content-security-policy"] == POLICY
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "same-origin"
    assert headers["cross-origin-opener-policy"] == "same-origin"
    assert headers["cache-control"] == ("max-age=31536000, immutable" if path.endswith("page.css") else "no-store")
    assert "server" not in headers


def test_the_policy_allows_nothing_inline_and_no_frames() -> None:
    assert "unsafe" not in POLICY
    assert "default-src 'none'" in POLICY
    assert "frame-ancestors 'none'" in POLICY


@pytest.mark.parametrize("path", PAGES)
def test_pages_have_no_inline_script_style_or_foreign_address(client: TestClient, path: str) -> None:
    client.post("/api/chat", json={"text": fakes.STORY})
    text = client.get(path, headers={"Accept": "text/html"}).text
    for inline in ("style=", "onclick=", "javascript:", "http://", "https://", "<script>", "<style>"):
        assert inline not in text


REFUSED: list[dict[str, str]] = [
    {"Origin": "https://evil.example"},
    {"Origin": "http://127.0.0.1:3000"},
    {"Origin": "null"},
    {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "same-site", "Origin": OWN},
]


@pytest.mark.parametrize("headers", REFUSED)
@pytest.mark.parametrize(("method", "path"), [("POST", "/api/people"), ("DELETE", "/api/me"), ("POST", "/people")])
def test_another_sites_page_can_write_nothing(
    client: TestClient, method: str, path: str, headers: dict[str, str]
) -> None:
    body: dict[str, Any] = {"json": {"name": "Tom"}} if path.startswith("/api") else {"data": {"name": "Tom"}}
    response = client.request(method, path, headers=headers, **(body if method == "POST" else {}))
    assert response.status_code == 403
    assert client.get("/api/people").json() == {"people": []}


def test_another_sites_page_can_read_nothing_of_the_api(client: TestClient) -> None:
    assert client.get("/api/export", headers={"Sec-Fetch-Site": "cross-site"}).status_code == 403


@pytest.mark.parametrize("headers", [{"Origin": OWN}, {"Sec-Fetch-Site": "same-origin", "Origin": "null"}])
def test_our_own_forms_write(client: TestClient, headers: dict[str, str]) -> None:
    assert client.post("/people", data={"name": "Tom"}, headers=headers).status_code == 200
    assert client.get("/api/people").json()["people"][0]["name"] == "Tom"


def test_a_form_that_does_not_say_where_it_comes_from_is_refused(client: TestClient) -> None:
    assert client.post("/people", data={"name": "Tom"}).status_code == 403


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", None])
def test_the_api_takes_json_alone(client: TestClient, kind: str | None) -> None:
    headers = {"Content-Type": kind} if kind else {}
    assert client.post("/api/people", content=b'{"name": "Tom"}', headers=headers).status_code == 415


@pytest.mark.parametrize(
    "host", ["evil.example", "127.0.0.1.evil.example", "localhost.evil.example:8000", "", "[", "192.168.1.4"]
)
def test_a_foreign_name_for_this_machine_is_not_answered(client: TestClient, host: str) -> None:
    assert client.get("/", headers={"Host": host}).status_code == 403


@pytest.mark.parametrize("host", ["localhost:8000", "127.0.0.1", "[::1]:8000"])
def test_this_machines_own_names_are_answered(client: TestClient, host: str) -> None:
    assert client.get("/", headers={"Host": host}).status_code == 200


def test_a_body_past_the_limit_is_refused_by_its_declared_length(client: TestClient) -> None:
    response = client.post("/api/messages/lint", json={"text": "x" * 300_000})
    assert response.status_code == 413
    assert "256 KiB" in response.json()["error"]


@pytest.mark.parametrize("path", ["/api/people", "/chat"])
def test_a_body_past_the_limit_is_refused_when_it_comes_in_pieces(client: TestClient, path: str) -> None:
    def pieces() -> Iterator[bytes]:
        for _ in range(40):
            yield b"x" * 10_000

    kind = "application/json" if path.startswith("/api") else "application/x-www-form-urlencoded"
    response = client.post(path, content=pieces(), headers={"Content-Type": kind, "Origin": OWN})
    assert response.status_code == 413


def test_a_file_that_is_sent_never_lies_on_the_disk(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    """With no folder for temporary files, whatever wants one fails."""
    monkeypatch.setattr(tempfile, "tempdir", "/no/such/folder")
    large = b"Name,Notes\r\nTom,quiet" + b" " * 1_100_000
    taken = client.post("/import", files={"file": ("people.csv", large)}, headers={"Origin": OWN})
    refused = client.post("/privacy/import", files={"file": ("people.csv", large)}, headers={"Origin": OWN})
    assert (taken.status_code, "as JSON" in refused.text) == (200, True)


def test_imports_may_be_larger(client: TestClient) -> None:
    assert client.post("/api/import", json={"format": "x" * 400_000}).status_code == 400


@pytest.mark.parametrize(
    "given", [{"host": "0.0.0.0"}, {"host": "192.168.1.4"}, {"host": "::"}, {"public_url": "https://coach.example"}]
)
async def test_a_coach_without_its_door_that_others_could_reach_does_not_start(
    tmp_path: Path, given: dict[str, str]
) -> None:
    parts = await fake_parts(tmp_path)
    with pytest.raises(Refused, match="COACH_OPEN_LOOPBACK"):
        create_app(replace(parts, settings=Settings(data=tmp_path, open_loopback=True, **given)))  # type: ignore[arg-type]
    create_app(replace(parts, settings=Settings(data=tmp_path, **given)))  # type: ignore[arg-type]
    await parts.close()


def test_nothing_that_was_written_is_logged(client: TestClient, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    client.post("/api/people", json={"name": SECRET})
    client.post("/api/chat", json={"text": SECRET})
    client.get("/api/search", params={"q": SECRET})
    client.post("/api/people", json={"name": SECRET, "relation": SECRET})
    assert "POST /api/people 201" in caplog.text
    assert SECRET not in "\n".join(record.getMessage() for record in caplog.records if "httpx" not in record.name)


def test_the_unexpected_is_a_plain_500_and_is_logged_without_its_message(
    client: TestClient, caplog: pytest.LogCaptureFixture
) -> None:
    def lint(*_: object) -> Any:
        raise ValueError(SECRET)

    app: Any = client.app
    app.state.parts = replace(app.state.parts, lint=lint)
    response = client.post("/api/messages/lint", json={"text": "x"})
    assert response.status_code == 500
    assert response.json()["error"].startswith("Something went wrong")
    assert response.headers["content-security-policy"] == POLICY
    assert "ValueError at" in caplog.text
    assert SECRET not in caplog.text


def test_what_people_wrote_is_escaped_on_every_page(client: TestClient) -> None:
    nasty = "<img src=x onerror=alert(1)>\"'{{7*7}}"
    person = client.post("/api/people", json={"name": nasty, "role": nasty}).json()["id"]
    moment = {"person_id": person, "channel": "call", "by": "me", "what": nasty, "landed": "helped"}
    kept = client.post("/api/moments", json=moment).json()["id"]
    client.post("/api/chat", json={"text": nasty})
    [conversation] = client.get("/api/conversations").json()["conversations"]
    thread = f"/conversations/{conversation['id']}"
    for path in ("/", "/people", f"/people/{person}", f"/moments/{kept}", thread, "/conversations"):
        text = client.get(path).text
        assert "<img" not in text, path
        assert "{{7*7}}" in text, path
