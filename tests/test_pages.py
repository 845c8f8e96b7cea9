"""The pages without a browser: what they show, what their forms do, and colours one can read."""

from __future__ import annotations

import re

import pytest
from starlette.testclient import TestClient

import fakes
from coach.domain.moments import By, ProposedMoment
from coach.domain.readings import Kind, Reading
from coach.shipped import shipped
from coach.web.pages.turns import proposals

OWN = {"Origin": "http://127.0.0.1:8000", "Accept": "text/html"}


def post(client: TestClient, path: str, **fields: str) -> str:
    """Send a form; return the page it leads to."""
    response = client.post(path, data=fields, headers=OWN)
    assert response.status_code == 200, response.text
    return response.text


def test_a_person_is_added_changed_and_erased(client: TestClient) -> None:
    page = post(client, "/people", name="Tom", role="", relation="peer", remote="yes")
    assert "peer, works elsewhere" in page
    [person] = client.get("/api/people").json()["people"]
    assert (person["role"], person["remote"]) == (None, True)
    page = post(client, f"/people/{person['id']}", name="Tom", role="approver", matters="quiet\r\nmornings")
    assert "approver" in page
    assert client.get("/api/people").json()["people"][0]["matters"] == "quiet\nmornings"
    assert "Nobody is here yet" in post(client, f"/people/{person['id']}/forget")


def test_a_moment_is_noted_mended_and_erased(client: TestClient) -> None:
    post(client, "/people", name="Tom")
    person = client.get("/api/people").json()["people"][0]["id"]
    fields = {"what": "Tom helped me out", "by": "them", "channel": "call", "landed": "helped", "day": "2024-05-03"}
    page = post(client, f"/people/{person}/moments", **fields)
    assert "Tom helped me out" in page
    assert "3 May 2024" in page
    [moment] = client.get("/api/moments").json()["moments"]
    page = post(client, f"/moments/{moment['id']}", **{**fields, "landed": "indifferent"})
    assert "indifferent" in page
    assert client.get("/api/moments").json()["moments"] == [{**moment, "landed": "indifferent"}]
    assert "Erased." in post(client, f"/moments/{moment['id']}/forget")
    assert client.get("/api/moments").json()["moments"] == []


def test_a_proposed_moment_is_kept_once_with_its_person(client: TestClient) -> None:
    client.post("/api/chat", json={"text": fakes.STORY})
    [one] = client.get("/api/conversations").json()["conversations"]
    turn = client.get(f"/api/conversations/{one['id']}").json()["turns"][0]["id"]
    fields = {
        "turn_id": turn, "n": "0", "who": "Tom", "what": "I named him", "by": "me", "channel": "meeting",
        "landed": "harmed", "day": "2024-04-29",
    }  # fmt: skip
    page = post(client, "/moments", **fields)
    assert "Kept with" in page
    post(client, "/moments", **fields)
    assert len(client.get("/api/people").json()["people"]) == 1
    [moment] = client.get("/api/moments").json()["moments"]
    assert moment["turn_id"] == turn
    [plan] = client.get("/api/plans", params={"person_id": moment["person_id"]}).json()["plans"]
    assert plan["headline"].startswith("Own the remark to Tom")
    assert moment["happened_at"].startswith("2024-04-29")


def test_a_conversation_is_renamed_and_erased(client: TestClient) -> None:
    client.post("/api/chat", json={"text": fakes.STORY})
    [one] = client.get("/api/conversations").json()["conversations"]
    assert "About Tom" in post(client, f"/conversations/{one['id']}/title", title="About Tom")
    assert "Nothing was said yet" in post(client, f"/conversations/{one['id']}/forget")


def test_everything_is_erased_only_when_the_words_were_typed(client: TestClient) -> None:
    post(client, "/people", name="Tom")
    refused = client.post("/privacy/forget", data={"confirm": "yes"}, headers=OWN)
    assert refused.status_code == 400
    assert "Nothing was erased" in refused.text
    assert len(client.get("/api/people").json()["people"]) == 1
    told = post(client, "/privacy/forget", confirm="Forget everything ")
    assert "Everything will be erased on Tuesday 7 May at " in told
    assert "Keep everything" in told
    assert "Everything will be erased" in client.get("/today").text
    assert len(client.get("/api/people").json()["people"]) == 1
    assert "Everything stays." in post(client, "/privacy/keep")
    assert "Everything will be erased" not in client.get("/today").text
    assert client.delete("/api/me").status_code == 204
    assert client.get("/api/people").json()["people"] == []


def stamp(client: TestClient) -> str:
    """What the form of the Privacy page brings back."""
    [found] = re.findall('name="stamp" value="([^"]+)"', client.get("/privacy").text)
    return str(found)


@pytest.mark.parametrize("fields", [{}, {"stamp": "guessed"}, {"stamp": "é"}])
def test_an_export_needs_the_form_of_the_page(client: TestClient, fields: dict[str, str]) -> None:
    assert client.post("/privacy/export", data=fields, headers=OWN).status_code == 400
    assert client.get("/privacy/export").status_code == 405
    foreign = {**OWN, "Origin": "https://evil.example"}
    assert client.post("/privacy/export", data={"stamp": stamp(client)}, headers=foreign).status_code == 403


def test_an_export_file_is_taken_back(client: TestClient) -> None:
    post(client, "/people", name="Tom")
    export = client.post("/privacy/export", data={"stamp": stamp(client)}, headers=OWN).content
    client.delete("/api/me")
    page = client.post("/privacy/import", files={"file": ("export.json", export)}, headers=OWN)
    assert "The export was taken in." in page.text
    assert client.get("/api/people").json()["people"][0]["name"] == "Tom"
    for broken in (b"{", b"[]", b"\xff", b"[" * 100_000):
        assert client.post("/privacy/import", files={"file": ("x", broken)}, headers=OWN).status_code == 400


def test_principles_are_searched_and_read(client: TestClient) -> None:
    assert "Nearest first" in client.get("/principles", params={"q": "he ignores me"}).text
    card = client.get("/principles/intentions-vary-ask").text
    assert "Claims more than has been shown" in card
    assert "The book claims more than is shown." in card


@pytest.mark.parametrize("path", ["/people/none", "/conversations/none", "/principles/none", "/plans/none", "/none"])
def test_what_is_not_there_is_told_on_a_page(client: TestClient, path: str) -> None:
    page = client.get(path, headers={"Accept": "text/html"})
    assert page.status_code == 404
    assert "That did not work" in page.text


@pytest.mark.parametrize("fields", [{}, {"name": ""}, {"name": "x" * 201}, {"name": "Tom", "relation": "foe"}])
def test_a_wrong_form_is_told_on_a_page(client: TestClient, fields: dict[str, str]) -> None:
    page = client.post("/people", data=fields, headers=OWN)
    assert page.status_code == 422
    assert "That did not work" in page.text


def _contrast(one: str, other: str) -> float:
    """Contrast of two colours (WCAG 2.2)."""

    def light(colour: str) -> float:
        parts = [int(colour[n : n + 2], 16) / 255 for n in (1, 3, 5)]
        r, g, b = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)
        return 0.2126 * r + 0.7152 * g + 0.0722 * b

    dark, bright = sorted((light(one), light(other)))
    return (bright + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("scheme", [0, 1])
def test_every_text_has_a_contrast_of_seven(scheme: int) -> None:
    css = (shipped("web") / "static" / "page.css").read_text(encoding="utf-8")
    root = re.findall(r":root \{(.*?)\}", css, re.DOTALL)[scheme]
    colours = dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{6})", root))
    for text in ("ink", "soft", "accent"):
        for ground in ("paper", "card", "tint"):
            assert _contrast(colours[text], colours[ground]) >= 7, (text, ground)
    assert _contrast(colours["on-accent"], colours["accent"]) >= 7


@pytest.mark.parametrize(
    ("text", "on"),
    [
        ("On Tuesday I snapped at Tom in front of everyone.", "2024-04-30"),
        ("Yesterday I yelled at Ana. We meet on Friday.", "2024-05-05"),
        ("On Monday I was late, and on Thursday he shouted.", "2024-05-06"),
        ("I snapped at Tom.", "2024-05-06"),
    ],
)
def test_a_moment_is_offered_on_the_one_day_that_the_story_tells_of(text: str, on: str) -> None:
    moment = ProposedMoment("I snapped", By.ME, None, "Tom", None, None, None, "snapped")
    reading = Reading(text, Kind.REPAIR, moments=(moment,))
    assert [it.day.isoformat() for it in proposals("t1", reading, fakes.NOW)] == [on]
