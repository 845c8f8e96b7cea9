"""The coach opens to its token and to nobody else on the machine."""

from __future__ import annotations

import logging
import os
import re
import stat
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from coach.cli.startup import announced, links, logged
from coach.door import FILE, Token
from coach.errors import StorageTrouble
from coach.settings import Settings
from coach.web.keeper import COOKIE
from fakes import fake_parts
from serving import BEARER, COOKIES, TOKEN, app_of, browsing

OWN = {"Origin": "http://127.0.0.1:8000", "Accept": "text/html"}
PAGE = {"Accept": "text/html"}


@pytest.fixture
def stranger(tmp_path: Path) -> Iterator[TestClient]:
    """Somebody else on the machine: the same coach, without its token."""
    with app_of(lambda: fake_parts(tmp_path)) as app, TestClient(app, base_url="http://127.0.0.1:8000") as it:
        yield it


@pytest.mark.parametrize("path", ["/healthz", "/readyz", "/manifest.webmanifest", "/sw.js", "/offline"])
def test_what_holds_nothing_of_anyone_is_open(stranger: TestClient, path: str) -> None:
    assert stranger.get(path).status_code == 200


@pytest.mark.parametrize("path", ["/api/people", "/api/export", "/api/openapi.json", "/metrics", "/nothing"])
def test_programs_without_the_token_get_401_as_json(stranger: TestClient, path: str) -> None:
    answer = stranger.get(path)
    assert (answer.status_code, answer.headers["www-authenticate"]) == (401, "Bearer")
    assert "coach link" in answer.json()["error"]


@pytest.mark.parametrize("path", ["/", "/people", "/privacy", "/conversations/c1", "/nothing"])
def test_browsers_without_the_token_get_a_page_that_says_what_to_do(stranger: TestClient, path: str) -> None:
    answer = stranger.get(path, headers=PAGE)
    assert answer.status_code == 401
    assert "coach link" in answer.text
    assert 'name="token"' in answer.text
    assert "Today" not in answer.text  # nothing of the pages behind it
    assert "send the page once more" not in answer.text
    assert "send the page once more" in stranger.post("/people", data={"name": "Tom"}, headers=OWN).text


@pytest.mark.parametrize(("method", "path"), [("POST", "/api/people"), ("DELETE", "/api/me"), ("POST", "/people")])
def test_nothing_is_written_for_a_stranger(stranger: TestClient, method: str, path: str) -> None:
    body = {"json": {"name": "Tom"}} if path == "/api/people" else {"data": {"name": "Tom"}} if method == "POST" else {}
    assert stranger.request(method, path, headers={"Origin": OWN["Origin"]}, **body).status_code == 401
    assert stranger.get("/api/people", headers=BEARER).json() == {"people": []}


def test_the_token_lets_programs_in(stranger: TestClient) -> None:
    assert stranger.get("/api/people", headers=BEARER).status_code == 200
    assert stranger.get("/metrics", headers={"Authorization": f"bearer {TOKEN}"}).status_code == 200
    for wrong in (f"Bearer {TOKEN}x", f"Basic {TOKEN}", "Bearer ", "Bearer é", f"Bearer {COOKIES[COOKIE]}"):
        assert stranger.get("/api/people", headers={"Authorization": wrong.encode()}).status_code == 401


def test_a_program_with_the_token_needs_no_origin(stranger: TestClient) -> None:
    foreign = {"Origin": "https://elsewhere.example", **BEARER}
    assert stranger.post("/api/people", json={"name": "Tom"}, headers=foreign).status_code == 201


def test_the_link_lets_a_browser_in_once_and_leaves_the_address_clean(stranger: TestClient) -> None:
    answer = stranger.get(f"/?q=1&token={TOKEN}", headers=PAGE, follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (303, "/?q=1")
    set_ = answer.headers["set-cookie"]
    assert {"HttpOnly", "Path=/", "SameSite=lax"} <= set(set_.split("; "))
    assert "Secure" not in set_
    assert TOKEN not in set_
    assert stranger.get("/people", headers=PAGE).status_code == 200
    assert stranger.post("/people", data={"name": "Tom"}, headers=OWN).status_code == 200


def test_a_wrong_link_opens_nothing_and_is_told(stranger: TestClient) -> None:
    answer = stranger.get(f"/?token={TOKEN}x", headers=PAGE, follow_redirects=False)
    assert (answer.status_code, "That is not the token" in answer.text) == (401, True)
    assert "set-cookie" not in answer.headers
    assert f"{TOKEN}x" not in answer.text


@pytest.mark.parametrize("pasted", [TOKEN, f" {TOKEN}\n", f"http://127.0.0.1:8000/?token={TOKEN}"])
def test_the_token_can_be_pasted(stranger: TestClient, pasted: str) -> None:
    answer = stranger.post("/door", data={"token": pasted, "to": "/people"}, headers=OWN)
    assert (answer.status_code, answer.url.path) == (200, "/people")


@pytest.mark.parametrize("to", ["https://evil.example/", "//evil.example", "/\\evil.example", "evil"])
def test_nobody_is_sent_elsewhere_from_the_door(stranger: TestClient, to: str) -> None:
    answer = stranger.post("/door", data={"token": TOKEN, "to": to}, headers=OWN, follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (303, "/")


def test_another_sites_page_can_paste_nothing(stranger: TestClient) -> None:
    foreign = {"Origin": "https://evil.example", "Accept": "text/html"}
    assert stranger.post("/door", data={"token": TOKEN}, headers=foreign).status_code == 403


def test_wrong_tokens_are_slowed_down_and_the_right_one_never(stranger: TestClient) -> None:
    tried = [stranger.get("/api/people", headers={"Authorization": "Bearer x"}).status_code for _ in range(12)]
    assert set(tried) == {401}
    app: Any = stranger.app
    assert app.state.tries.too_many({"client": ("testclient", 50_000)})
    assert not app.state.tries.too_many({"client": ("another", 1)})
    assert stranger.get("/api/people", headers=BEARER).status_code == 200
    assert stranger.get("/", headers=PAGE).status_code == 401  # nobody gave a token here


def test_a_feed_opens_by_its_own_token_and_to_no_other(stranger: TestClient) -> None:
    stranger.post("/calendar", data={"feed": "new"}, headers={**OWN, **BEARER})
    page = stranger.get("/calendar", headers=BEARER).text
    found = re.search(r"/calendar/([\w-]+)\.ics", page)
    assert found
    assert stranger.get(found[0]).status_code == 200
    assert stranger.get(f"/calendar/{'x' * 32}.ics").status_code == 404
    assert stranger.get("/steps/s1.ics").status_code == 401
    assert stranger.get("/api/people", headers={"Authorization": f"Bearer {found[1]}"}).status_code == 401


def test_a_new_token_ends_every_cookie_at_once(stranger: TestClient, tmp_path: Path) -> None:
    stranger.cookies.update(COOKIES)
    assert stranger.get("/people", headers=PAGE).status_code == 200
    new = Token(tmp_path).renew()
    assert stranger.get("/people", headers=PAGE).status_code == 401
    assert stranger.get("/api/people", headers=BEARER).status_code == 401
    assert stranger.get("/api/people", headers={"Authorization": f"Bearer {new}"}).status_code == 200


def test_a_lost_file_locks_nobody_out_and_a_damaged_one_lets_nobody_in(stranger: TestClient, tmp_path: Path) -> None:
    assert stranger.get("/api/people", headers=BEARER).status_code == 200
    (tmp_path / FILE).unlink()
    assert stranger.get("/api/people", headers=BEARER).status_code == 200
    (tmp_path / FILE).write_text("")
    answer = stranger.get("/api/people", headers=BEARER)
    assert (answer.status_code, "holds no token" in answer.json()["error"]) == (503, True)
    assert stranger.get("/healthz").status_code == 200


def test_a_browser_may_know_the_coaches_of_several_ports(stranger: TestClient) -> None:
    stranger.cookies.set(COOKIE, "mark-of-another")
    stranger.get(f"/?token={TOKEN}", headers=PAGE)
    kept = stranger.cookies.get(COOKIE, domain="127.0.0.1")
    assert kept == f"{COOKIES[COOKIE]}.mark-of-another"


def test_without_its_door_it_asks_nobody(tmp_path: Path) -> None:
    with (
        app_of(lambda: fake_parts(tmp_path, open_loopback=True)) as app,
        TestClient(app, base_url="http://127.0.0.1:8000") as it,
    ):
        assert it.get("/api/people").status_code == 200


def test_no_token_is_logged(stranger: TestClient, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    for path in (f"/?token={TOKEN}", f"/?token={TOKEN}x", "/people"):
        stranger.get(path, headers={**PAGE, "Authorization": f"Bearer {TOKEN}"})
    assert TOKEN not in "\n".join(record.getMessage() for record in caplog.records if "httpx" not in record.name)


def test_browsers_go_in_by_their_cookie(tmp_path: Path) -> None:
    with app_of(lambda: fake_parts(tmp_path)) as app, browsing(app) as it:
        assert it.get("/").status_code == 200


# ---- the file


def test_a_token_is_made_once_for_its_owner_alone(tmp_path: Path) -> None:
    folder = tmp_path / "new"
    made = Token(folder).value()
    assert len(made) == 43
    assert Token(folder).value() == made
    assert stat.S_IMODE((folder / FILE).stat().st_mode) == 0o600
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert [each.name for each in folder.iterdir()] == [FILE]


def test_starts_at_the_same_moment_agree_on_one_token(tmp_path: Path) -> None:
    found: list[str] = []
    many = [threading.Thread(target=lambda: found.append(Token(tmp_path).value())) for _ in range(8)]
    for each in many:
        each.start()
    for each in many:
        each.join()
    assert len(found) == 8
    assert set(found) == {Token(tmp_path).value()}


def test_a_folder_that_takes_nothing_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(StorageTrouble, match=FILE):
        Token(tmp_path / "file").value()


def test_the_link_is_printed_and_in_the_log_of_a_service_only_the_address(tmp_path: Path) -> None:
    settings = Settings(data=tmp_path, public_url="https://coach.example.org")
    token = Token(tmp_path).value()
    assert links(settings) == [f"http://127.0.0.1:8000/?token={token}", f"https://coach.example.org/?token={token}"]
    assert token in "".join(announced(settings, shown=True))
    assert token not in "".join(announced(settings, shown=False))
    assert links(Settings(data=tmp_path, open_loopback=True)) == ["http://127.0.0.1:8000"]


def test_the_log_of_a_service_is_known_by_what_systemd_says(monkeypatch: pytest.MonkeyPatch) -> None:
    told = os.fstat(1)
    monkeypatch.setenv("JOURNAL_STREAM", f"{told.st_dev}:{told.st_ino}")
    assert logged()
    monkeypatch.setenv("JOURNAL_STREAM", f"{told.st_dev}:{told.st_ino + 1}")
    assert not logged()


def test_openapi_says_how_to_come_in(stranger: TestClient) -> None:
    described = stranger.get("/api/openapi.json", headers=BEARER).json()
    assert described["components"]["securitySchemes"]["token"]["scheme"] == "bearer"
    for path, operations in described["paths"].items():
        for name, operation in operations.items():
            assert operation["security"] == [{"token": []}], f"{name} {path}"
            assert "401" in operation["responses"], f"{name} {path}"
