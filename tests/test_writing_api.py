"""The API for noting, drafts and opinions: what is only read is not kept, what is kept can be erased."""

from __future__ import annotations

import pytest
from starlette.testclient import TestClient

import fakes
from coach.web.statics import STATIC


def turns(client: TestClient) -> list[dict[str, object]]:
    """Everything said so far, oldest first."""
    found = client.get("/api/conversations").json()["conversations"]
    return [turn for each in found for turn in client.get(f"/api/conversations/{each['id']}").json()["turns"]]


def test_words_are_read_and_not_kept(client: TestClient) -> None:
    words = {"text": "Tom thanked me in the meeting"}
    read = {"what": words["text"], "by": None, "landed": None, "channel": "meeting", "on": "2024-05-06"}
    assert client.post("/api/moments/read", json=words).json()["moments"] == [{**read, "who": ""}]
    client.post("/api/people", json={"name": "Tom"})
    assert client.post("/api/moments/read", json=words).json()["moments"] == [{**read, "who": "Tom"}]
    assert client.get("/api/moments").json()["moments"] == []
    thread = client.post("/api/moments/read", json={"text": "Ann: Thank you\nBea: Can you?", "me": "Bea"}).json()
    assert (thread["senders"], thread["me"], thread["left_out"]) == (["Ann", "Bea"], "Bea", 1)


def test_a_moment_sent_twice_is_kept_once_with_somebody_new(client: TestClient) -> None:
    given = {"id": "mine-1", "who": "Ben", "channel": "call", "by": "me", "what": "I rang him", "landed": "helped"}
    first = client.post("/api/moments", json=given)
    assert first.status_code == 201
    assert client.post("/api/moments", json=given).json() == first.json()
    assert len(client.get("/api/moments").json()["moments"]) == 1
    [person] = client.get("/api/people").json()["people"]
    assert person["name"] == "Ben"
    for wrong in ({}, {"person_id": person["id"]}):
        body = {**given, **wrong, **({} if wrong else {"who": None})}
        assert client.post("/api/moments", json=body).status_code == 422


def test_a_first_name_finds_the_only_one_who_has_it(client: TestClient) -> None:
    client.post("/api/people", json={"name": "Ben Ortega"})
    given = {"who": "ben", "channel": "call", "by": "me", "what": "I rang him", "landed": "helped"}
    client.post("/api/moments", json=given)
    client.post("/api/people", json={"name": "Ben Adler"})
    client.post("/api/moments", json=given)  # which Ben is not clear any more
    assert [each["name"] for each in client.get("/api/people").json()["people"]] == ["Ben Ortega", "Ben Adler", "ben"]


def test_a_draft_from_a_plan_is_worked_on_sent_and_noted(client: TestClient) -> None:
    tom = client.post("/api/people", json={"name": "Tom"}).json()["id"]
    plan = client.post("/api/plans", json={"person_id": tom, "text": fakes.STORY}).json()
    draft = client.post("/api/drafts", json={"plan_id": plan["id"], "channel": "email"}).json()
    assert draft["text"].startswith("Hi Tom,")
    assert (draft["share"], draft["person_id"], draft["sent_at"]) == (1.0, tom, None)
    assert draft["blanks"]
    own = client.patch(f"/api/drafts/{draft['id']}", json={"text": "Tom, that was my doing."}).json()
    assert own["share"] < 0.5
    looked = {"text": "Sorry if you felt bad", "purpose": "apology", "draft_id": draft["id"], "channel": "chat"}
    told = client.post("/api/messages/lint", json=looked).json()
    assert [each["warning"] for each in told["warnings"]] == ["conditional_apology"]
    assert told["better_said"] is True
    assert told["share"] == 0.0
    sent = client.post(f"/api/drafts/{draft['id']}/sent", json={}).json()
    assert sent["sent_at"]
    assert client.get("/api/moments").json()["moments"] == []
    for landed in ("helped", "indifferent"):  # the later one holds
        client.post(f"/api/drafts/{draft['id']}/sent", json={"landed": landed})
    [moment] = client.get("/api/moments").json()["moments"]
    assert (moment["what"], moment["landed"], moment["channel"]) == (
        "I wrote: “Tom, that was my doing.”", "indifferent", "email"
    )  # fmt: skip
    assert [each["id"] for each in client.get("/api/drafts", params={"person_id": tom}).json()["drafts"]] == [
        draft["id"]
    ]
    client.delete(f"/api/people/{tom}")
    assert client.get(f"/api/drafts/{draft['id']}").status_code == 404


def test_a_draft_of_ones_own_needs_a_name_before_it_is_noted(client: TestClient) -> None:
    draft = client.post("/api/drafts", json={"text": "Thank you.", "purpose": "thanks"}).json()
    assert client.post(f"/api/drafts/{draft['id']}/sent", json={"landed": "helped"}).status_code == 400
    client.post(f"/api/drafts/{draft['id']}/sent", json={"landed": "helped", "who": "Maya"})
    assert client.get("/api/people").json()["people"][0]["name"] == "Maya"
    assert client.delete(f"/api/drafts/{draft['id']}").status_code == 204
    assert len(client.get("/api/moments").json()["moments"]) == 1
    assert client.post("/api/drafts", json={}).status_code == 422


@pytest.mark.parametrize("how", ["shorter", "warmer", "plainer"])
def test_a_message_is_put_otherwise(client: TestClient, how: str) -> None:
    text = (
        "Hi Tom, I would like to talk in order to find a day for the report. I know that you have a lot on. "
        "The figures are nearly there. Could you tell me which day suits you?"
    )
    told = client.post("/api/messages/vary", json={"text": text, "purpose": "ask", "how": how}).json()
    assert told["text"] != text


def test_an_opinion_is_kept_with_its_turn_and_goes_with_it(client: TestClient) -> None:
    client.post("/api/chat", json={"text": fakes.STORY})
    turn = turns(client)[0]["id"]
    given = {"useful": False, "reason": "We hardly ever meet"}
    assert client.put(f"/api/turns/{turn}/opinion", json=given).json()["reason"] == "We hardly ever meet"
    assert "We hardly ever meet" in client.get("/api/export").text
    assert client.delete(f"/api/turns/{turn}/opinion").status_code == 204
    assert "We hardly ever meet" not in client.get("/api/export").text
    client.put(f"/api/turns/{turn}/opinion", json=given)
    for each in client.get("/api/conversations").json()["conversations"]:
        client.delete(f"/api/conversations/{each['id']}")
    assert "We hardly ever meet" not in client.get("/api/export").text


def test_the_last_turn_is_said_anew_and_no_other(client: TestClient) -> None:
    client.post("/api/chat", json={"text": "Tom went quiet."})
    [first] = turns(client)
    client.post("/api/chat", json={"text": "He still is.", "conversation_id": first["conversation_id"]})
    old = client.post("/api/chat", json={"text": "Tom left.", "replaces": first["id"]})
    assert old.status_code == 400
    assert [turn["said"] for turn in turns(client)] == ["Tom went quiet.", "He still is."]
    client.post("/api/chat", json={"text": "He is fine.", "replaces": turns(client)[1]["id"]})
    assert [turn["said"] for turn in turns(client)] == ["Tom went quiet.", "He is fine."]
    assert client.post("/api/chat", json={"text": "x", "replaces": "none"}).status_code == 404


def test_the_shell_holds_nothing_of_the_journal(client: TestClient) -> None:
    client.post("/api/people", json={"name": "Zebulon"})
    assert "Zebulon" not in client.get("/offline").text
    worker = client.get("/sw.js")
    assert worker.headers["content-type"].startswith("text/javascript")
    for address in ("/offline", f"{STATIC}/main.js", f"{STATIC}/page.css"):
        assert f'"{address}"' in worker.text
        assert client.get(address).status_code == 200
    manifest = client.get("/manifest.webmanifest").json()
    for icon in manifest["icons"]:
        assert client.get(icon["src"]).status_code == 200
