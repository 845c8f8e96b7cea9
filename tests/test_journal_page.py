"""The journal: every moment by day, found by words and by what it was, and what is erased comes back for a while."""

from __future__ import annotations

import asyncio
from datetime import date

import pytest
from starlette.testclient import TestClient

from coach.errors import NotFound
from coach.noticing.weeks import days_before
from coach.web.undo import KEPT, Undo
from fakes import NOW
from test_pages import OWN, post
from test_people_pages import added


def noted(client: TestClient, who: str, what: str, **given: str) -> str:
    """Keep a moment; return its id."""
    fields = {"channel": "meeting", "by": "me", "landed": "helped", **given}
    made = client.post("/api/moments", json={"who": who, "what": what, **fields})
    assert made.status_code == 201, made.text
    return str(made.json()["id"])


def page(client: TestClient, **query: str) -> str:
    return client.get("/journal", params=query, headers=OWN).text


def test_moments_stand_under_their_days_and_are_found_by_words_and_by_what_they_were(client: TestClient) -> None:
    noted(client, "Tom Ashdown", "I thanked him for the “early” figures", happened_at="2024-05-03T10:00:00Z")
    noted(client, "Maya Quill", "She left my mail about the audit open", by="them", landed="harmed", channel="email")
    every = page(client)
    assert every.index("Monday 6 May") < every.index("Friday 3 May")
    for query in ({"q": "FIGURES tom"}, {"q": "“early”"}, {"until": "2024-05-04"}, {"channel": "meeting"}):
        found = page(client, **query)
        assert "1 moment." in found
        assert "figures" in found
        assert "audit" not in found
    assert "audit" in page(client, landed="harmed", q="maya")
    assert "0 moments." in page(client, q="landed")  # no name of a field is found
    assert "0 moments." in page(client, q="figures maya")


def test_the_api_finds_moments_by_words_person_and_days(client: TestClient) -> None:
    first = noted(client, "Tom", 'He said "fine" and left', happened_at="2024-05-01T10:00:00Z")
    second = noted(client, "Tom", "We laughed", happened_at="2024-05-03T10:00:00Z")
    tom = client.get("/api/people").json()["people"][0]["id"]

    def ids(**query: str) -> list[str]:
        return [each["id"] for each in client.get("/api/moments", params=query).json()["moments"]]

    assert ids(q='"fine"') == [first]
    assert ids(person_id=tom) == [first, second]
    assert ids(person_id=tom, **{"from": "2024-05-02"}) == [second]
    assert ids(q="tom", to="2024-05-02") == [first]


def test_a_long_journal_is_turned_page_by_page_and_nothing_is_skipped(client: TestClient) -> None:
    for n in range(62):  # a day without an hour is filed at noon: all of them at one time
        noted(client, "Tom", f"number {n:02}", happened_at="2024-05-01T12:00:00Z")
    first = page(client)
    further = first.split('href="/journal?after=')[1].split('"')[0]
    second = page(client, after=further)
    assert "62 moments, from number 61 on." in second
    assert {f"number {n:02}" for n in range(62) if f"number {n:02}" in first + second} == {
        f"number {n:02}" for n in range(62)
    }
    assert "after=" not in second.split("<main")[1].split("/journal.md")[0]


@pytest.mark.parametrize("what", ['", "landed":"x', "back\\slash", "Grüße aus KÖLN", "two\nlines"])
def test_what_is_found_is_what_was_said_however_it_is_written(client: TestClient, what: str) -> None:
    moment = noted(client, "Tom", what)
    for q in (what, what.upper(), what.split()[-1]):
        found = client.get("/api/moments", params={"q": q}).json()["moments"]
        assert [each["id"] for each in found] == [moment], q


def test_a_moment_that_was_erased_comes_back_once(client: TestClient) -> None:
    moment = noted(client, "Tom", "I thanked him")
    erased = post(client, f"/moments/{moment}/forget")
    assert "I thanked him" not in erased
    token = erased.split('name="token" value="')[1].split('"')[0]
    assert "It is back." in post(client, "/undo", token=token)
    assert client.get(f"/api/moments/{moment}").json()["what"] == "I thanked him"
    assert client.post("/undo", data={"token": token}, headers=OWN).status_code == 404


def test_a_session_and_a_conversation_that_were_erased_come_back(client: TestClient) -> None:
    session = client.post("/api/sessions", json={"kind": "weekly_review"}).json()["session_id"]
    client.post("/api/chat", json={"text": "Tom went quiet after the meeting."})
    [talk] = client.get("/api/conversations").json()["conversations"]
    before = client.get("/api/export").json()
    for place, id_ in (("/sessions", session), ("/conversations", talk["id"])):
        erased = post(client, f"{place}/{id_}/forget")
        token = erased.split('name="token" value="')[1].split('"')[0]
        assert "It is back." in post(client, "/undo", token=token, back=place)
    after = client.get("/api/export").json()
    for name in ("sessions", "conversations", "turns"):
        assert after[name] == before[name]


def test_a_person_that_was_erased_comes_back_with_everything(client: TestClient) -> None:
    person = added(client)
    noted(client, "Tom", "I thanked him")
    plan = client.post("/api/plans", json={"person_id": person}).json()["id"]
    before = client.get("/api/export").json()
    erased = post(client, f"/people/{person}/forget")
    assert client.get(f"/api/plans/{plan}").status_code == 404
    token = erased.split('name="token" value="')[1].split('"')[0]
    post(client, "/undo", token=token, back="/people")
    assert client.get("/api/export").json() == before


def test_a_moment_opens_its_plan_and_a_plan_its_moments(client: TestClient) -> None:
    person = added(client)
    plan = client.post("/api/plans", json={"person_id": person}).json()
    post(client, f"/steps/{plan['steps'][0]['id']}/outcome", came="well")
    [moment] = client.get("/api/moments").json()["moments"]
    assert plan["headline"] in client.get(f"/moments/{moment['id']}", headers=OWN).text
    assert f"/moments/{moment['id']}" in client.get(f"/plans/{plan['id']}", headers=OWN).text


def test_what_is_held_for_undo_is_let_go_in_ten_minutes_and_is_nobody_elses() -> None:
    undo, back = Undo(), []

    async def again() -> None:
        back.append(1)

    token = undo.hold("me", NOW, again)
    assert not undo.there("you", token, NOW)
    with pytest.raises(NotFound):
        asyncio.run(undo.bring_back("me", token, NOW + KEPT))
    assert not back
    token = undo.hold("me", NOW, again)
    undo.forget("me")
    assert not undo.there("me", token, NOW)
    yours, mine = undo.hold("you", NOW, again), [undo.hold("me", NOW, again) for _ in range(21)]
    assert [undo.there("me", each, NOW) for each in mine] == [False, *[True] * 20]
    assert undo.there("you", yours, NOW), "whoever erases much takes nobody else's away"


def test_the_same_day_earlier_is_the_last_of_a_shorter_month() -> None:
    assert dict(days_before(date(2026, 3, 31)))["a month ago"] == date(2026, 2, 28)
    assert dict(days_before(date(2028, 2, 29)))["a year ago"] == date(2027, 2, 28)
