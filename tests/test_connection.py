"""Connecting a language model while the coach runs: found, tried, kept sealed, examined, set, and let go of."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from coach.llm import nearby
from coach.settings import Settings
from coach.web import Parts
from evals.behaviours import Asked, Behaviour, Good, Status, filled
from evals.scripted import ScriptedServer, refused_url, scripted_server
from fakes import fake_parts
from serving import app_of, browsing

PAGE = "/settings/language-model"
OWN = {"Origin": "http://127.0.0.1:8000", "Accept": "text/html"}
KEY = "sk-Xylophone-4711"


def _answers(asked: Asked) -> Behaviour:
    if asked.path.endswith("/models"):
        return Status(200, body=json.dumps({"object": "list", "data": [{"id": "some-3b"}, {"id": "other-7b"}]}))
    return Good(json.dumps(filled(asked.schema)) if asked.schema else "Hello!", piece=400)


@pytest.fixture(scope="module")
def server() -> Iterator[ScriptedServer]:
    with scripted_server() as server:
        yield server


@pytest.fixture(autouse=True)
def listening(server: ScriptedServer, monkeypatch: pytest.MonkeyPatch) -> None:
    """One server is there, where Ollama would listen; nobody where LM Studio would."""
    server.clear()
    server.always = _answers
    ports = [int(url.split(":")[2].split("/")[0]) for url in (server.url, refused_url())]
    monkeypatch.setattr(nearby, "PLACES", (("Ollama", ports[0]), ("LM Studio", ports[1])))


@contextmanager
def _client(folder: Path, **settings: str) -> Iterator[TestClient]:
    async def make() -> Parts:
        return await fake_parts(folder, llm_timeout_s=5, **settings)

    with app_of(make) as app, browsing(app, headers=OWN) as client:
        yield client


@pytest.fixture
def client(tmp_path: Path) -> Iterator[TestClient]:
    with _client(tmp_path) as client:
        yield client


def _use(client: TestClient, server: ScriptedServer, do: str = "use", **more: str) -> str:
    told = {"do": do, "address": server.url, "name": "some-3b", "key": KEY, **more}
    return client.post(PAGE, data=told).text


def _sat(client: TestClient) -> str:
    """The page once the exam is over."""
    for _ in range(200):
        if "<progress" not in client.get(f"{PAGE}/exam").text:
            return client.get(PAGE).text
        time.sleep(0.05)
    raise AssertionError("the exam does not end")


def test_servers_on_this_machine_are_found_with_their_language_models(
    client: TestClient, server: ScriptedServer
) -> None:
    page = client.get(PAGE).text
    assert "Ollama" in page
    assert server.url in page
    assert "other-7b" in page
    assert "LM Studio <span" not in page
    assert [asked.path for asked in server.asked] == ["/v1/models"]
    assert server.asked[0].raw == ""


def test_no_proxy_is_asked_for_what_is_on_this_machine(
    client: TestClient, server: ScriptedServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTP_PROXY", refused_url())
    assert "other-7b" in client.get(PAGE).text


@pytest.mark.parametrize("body", ["<html>", "[]", '{"data": 7}', '{"data": [{"id": null}, 3]}', '{"data": []}'])
def test_what_else_listens_there_is_passed_over(client: TestClient, server: ScriptedServer, body: str) -> None:
    server.always = Status(200, body=body)
    assert "No server was found" in client.get(PAGE).text


def test_one_that_answers_is_used_at_once_and_sits_its_exam(client: TestClient, server: ScriptedServer) -> None:
    page = _use(client, server)
    assert "<strong>some-3b</strong>" in page
    assert server.asked[0].headers["authorization"] == f"Bearer {KEY}"
    page = _sat(client)
    assert "did not pass" in page or "only mark" in page
    assert "An order to a machine inside a letter is not followed" in page
    assert client.get("/api/settings").json()["level"] != "plans"


def test_one_that_does_not_answer_is_not_used_and_the_page_says_why(client: TestClient) -> None:
    page = client.post(PAGE, data={"do": "use", "address": refused_url(), "name": "gone"}).text
    assert "cannot be reached" in page
    assert client.get("/api/settings").json()["language_model"] == "none"


@pytest.mark.parametrize("address", ["file:///etc/passwd", "http://", "http://[::1", "ftp://127.0.0.1"])
def test_an_address_that_is_none_gets_a_sentence(client: TestClient, address: str) -> None:
    page = client.post(PAGE, data={"do": "use", "address": address, "name": "x"})
    assert page.status_code == 200
    assert "look" in page.text


def test_an_address_needs_neither_scheme_nor_path(client: TestClient, server: ScriptedServer) -> None:
    page = _use(client, server, "try", address=server.url.removeprefix("http://").removesuffix("/v1"))
    assert "It answers" in page


def test_a_key_that_was_tried_need_not_be_typed_again_and_is_never_shown(
    client: TestClient, server: ScriptedServer
) -> None:
    tried = _use(client, server, "try")
    assert KEY not in tried
    server.asked.clear()
    used = _use(client, server, key="")
    assert server.asked[0].headers["authorization"] == f"Bearer {KEY}"
    assert KEY not in used + client.get(PAGE).text + client.get("/api/settings").text


def test_the_choice_is_there_after_a_restart_and_its_key_is_sealed_and_in_no_export(
    tmp_path: Path, server: ScriptedServer
) -> None:
    with _client(tmp_path) as client:
        _use(client, server)
        _sat(client)
        export = client.get("/api/export").text
    assert KEY not in export
    assert server.url not in export.split('"sent"')[0]
    kept = b"".join(file.read_bytes() for file in tmp_path.rglob("*") if file.is_file())
    assert KEY.encode() not in kept
    with _client(tmp_path) as client:
        assert client.get("/api/settings").json()["language_model"] == "some-3b"
        assert not client.get("/api/settings").json()["sitting"]


def test_an_import_brings_no_language_model(client: TestClient, server: ScriptedServer) -> None:
    client.post("/calendar", data={"hour": "10"})
    data = client.get("/api/export").json()
    client.delete("/api/me")
    data["preferences"][0]["language_model"] = {"address": "http://198.51.100.1/v1", "name": "far", "key": ""}
    assert client.post("/api/import", json=data).status_code == 200
    assert client.get("/api/export").json()["preferences"][0]["language_model"] is None
    assert client.get("/api/settings").json()["language_model"] == "none"


def test_erasing_everything_lets_go_of_it(client: TestClient, server: ScriptedServer, tmp_path: Path) -> None:
    _use(client, server)
    client.delete("/api/me")
    assert client.get("/api/settings").json()["language_model"] == "none"
    assert not (tmp_path / "exams.json").exists()


def test_it_can_be_let_go_of(client: TestClient, server: ScriptedServer) -> None:
    _use(client, server)
    assert "<p>None." in client.post(PAGE, data={"do": "forget"}).text


def test_its_level_can_be_set_and_left_to_the_exam_again(client: TestClient, server: ScriptedServer) -> None:
    _use(client, server)
    _sat(client)
    client.post(PAGE, data={"do": "level", "level": "plans"})
    assert client.get("/api/settings").json()["level"] == "plans"
    client.post(PAGE, data={"do": "level"})
    assert client.get("/api/settings").json()["level"] != "plans"


def test_the_exam_can_be_sat_again(client: TestClient, server: ScriptedServer) -> None:
    _use(client, server)
    _sat(client)
    server.asked.clear()
    client.post(PAGE, data={"do": "exam"})
    _sat(client)
    assert server.asked


def test_what_the_environment_says_wins_and_the_page_says_so(tmp_path: Path, server: ScriptedServer) -> None:
    with _client(tmp_path, llm_base_url=server.url, llm_model="from-outside", llm_level="off") as client:
        page = client.get(PAGE).text
        assert "from-outside" in page
        assert "win over what is chosen here" in page
        assert "This is set by COACH_LLM_LEVEL" in page
        assert 'name="key"' not in page
        refused = client.put("/api/settings", json={"language_model": {"address": server.url, "name": "some-3b"}})
        assert refused.status_code == 400
        assert client.get("/api/settings").json()["language_model"] == "from-outside"
        assert "It answers" in client.post(PAGE, data={"do": "try"}).text


def test_the_api_connects_sets_and_lets_go(client: TestClient, server: ScriptedServer) -> None:
    wanted = {"language_model": {"address": server.url, "name": "some-3b", "key": KEY}, "level": "suggests"}
    kept = client.put("/api/settings", json=wanted)
    assert kept.json()["level_set"] == "suggests"
    assert KEY not in kept.text
    gone = {"language_model": {"address": refused_url(), "name": "gone"}}
    assert client.put("/api/settings", json=gone).status_code == 400
    assert client.get("/api/settings").json()["language_model"] == "some-3b"
    assert client.put("/api/settings", json={"language_model": None}).json()["language_model"] == "none"


def test_what_was_chosen_and_cannot_be_opened_does_not_stop_a_start(tmp_path: Path, server: ScriptedServer) -> None:
    with _client(tmp_path) as client:
        _use(client, server)
    assert Settings(data=tmp_path).language_model is False
    server.always = Status(500)
    with _client(tmp_path) as client:
        assert client.get(PAGE).status_code == 200
