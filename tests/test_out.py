"""What can be taken out as Markdown: a plan, a person, the journal; in the user's words, as they stand now."""

from __future__ import annotations

from starlette.testclient import TestClient

from test_following import planned
from test_pages import OWN, post
from test_people_pages import added


def noted(client: TestClient, person: str, what: str) -> None:
    given = {"person_id": person, "channel": "meeting", "by": "me", "landed": "helped", "what": what}
    assert client.post("/api/moments", json=given).status_code == 201


def test_a_plan_as_a_file_says_what_was_changed_and_what_came_of_it(client: TestClient) -> None:
    person, plan = planned(client)
    post(client, f"/steps/{plan}-1/change", due="2024-05-10", channel="call", say="Tom, that was\nme <b>&</b> sorry.")
    post(client, f"/steps/{plan}-1/take", due="2024-05-10")
    got = client.get(f"/plans/{plan}/plan.md", headers=OWN)
    assert got.headers["content-type"] == "text/markdown; charset=utf-8"
    assert got.text.startswith("# Own the remark to Tom in private")
    assert "> Tom, that was me <b>&</b> sorry." in got.text
    assert "Friday 10 May, 5 min, call, taken on." in got.text
    assert f"/plans/{plan}/plan.md" in client.get(f"/plans/{plan}", headers=OWN).text
    assert person


def test_a_person_and_the_journal_as_files(client: TestClient) -> None:
    person = added(client, "Tom", role="approver")
    noted(client, person, "I thanked him\nfor the figures")
    noted(client, added(client, "Maya"), "We laughed")
    said = client.get(f"/people/{person}/person.md", headers=OWN).text
    assert "- Role: approver" in said
    assert "meeting, you to them, helped: I thanked him for the figures" in said
    assert "laughed" not in said
    whole = client.get("/journal.md", headers=OWN).text
    assert "2 moments." in whole
    assert "- Maya, meeting, you to them, helped: We laughed" in whole
    assert "Maya" not in client.get("/journal.md", params={"q": "figures"}, headers=OWN).text


def test_nothing_on_a_page_is_taken_for_html_since_files_are_not(client: TestClient) -> None:
    person = added(client, "Tom")
    noted(client, person, "<b>bold</b>")
    for address in ("/journal", f"/people/{person}"):
        assert "<b>bold</b>" not in client.get(address, headers=OWN).text
