"""Settings and the three questions at the beginning: each changes what it says, and nothing stands in the way."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest
from starlette.testclient import TestClient

from coach.noticing.teams import since
from coach.web import zones
from test_pages import OWN, post
from texts import PROMPTS


@pytest.fixture(autouse=True)
def own_zone() -> Iterator[None]:
    """Days are told by this machine's zone again."""
    yield
    zones.settle("")


def test_the_three_questions_are_asked_once_under_the_first_message(client: TestClient) -> None:
    page = client.get("/", headers=OWN).text
    assert page.index('id="composer"') < page.index("Three questions, if you like")
    page = post(client, "/welcome", call="Ana", leads="yes", who="Tom, Maya,  , Tom")
    assert "What happened, Ana?" in page
    assert "Three questions" not in page
    assert [each["name"] for each in client.get("/api/people").json()["people"]] == ["Tom", "Maya"]


def test_the_questions_are_skipped(client: TestClient) -> None:
    assert "Three questions" not in post(client, "/welcome", skip="yes", call="Ana")
    assert client.get("/api/settings").json()["mine"]["call"] == ""


def test_each_setting_changes_what_it_says(client: TestClient) -> None:
    assert "Your team" in post(client, "/people", name="Tom") + client.get("/people", headers=OWN).text
    page = post(client, "/settings", call="Ana", leads="no", week="sunday", hour="14", tone="short", zone="Asia/Tokyo")
    assert "Saved." in page
    assert "Your team" not in client.get("/people", headers=OWN).text
    assert '<html lang="en-GB" class="brief" data-offset="540">' in client.get("/", headers=OWN).text
    assert '<option value="14" selected>' in client.get("/calendar", headers=OWN).text
    assert client.get("/api/settings").json()["mine"] == {
        "call": "Ana", "leads": False, "zone": "Asia/Tokyo", "week": "sunday", "hour": 14, "tone": "short",
    }  # fmt: skip
    assert "brief" not in post(client, "/settings", tone="full").split("<head>")[0]


def test_the_browsers_zone_holds_until_another_is_chosen(client: TestClient) -> None:
    def zone() -> str:
        return str(client.get("/api/settings").json()["mine"]["zone"])

    assert client.post("/settings/zone", data={"zone": "Europe/Berlin"}, headers=OWN).status_code == 204
    assert zone() == "Europe/Berlin"
    client.post("/settings/zone", data={"zone": "Asia/Tokyo"}, headers=OWN)
    assert zone() == "Europe/Berlin"
    client.put("/api/settings", json={"mine": {"zone": "Asia/Tokyo"}})
    assert zone() == "Asia/Tokyo"
    for wrong in (
        client.put("/api/settings", json={"mine": {"zone": "Nowhere/Land"}}),
        client.post("/settings", data={"zone": "Nowhere/Land"}, headers=OWN),
    ):
        assert wrong.status_code == 400


def test_a_day_is_told_by_the_zone_that_was_chosen(client: TestClient) -> None:
    given = {"who": "Tom", "what": "He rang late", "channel": "call", "by": "them", "landed": "helped"}
    client.post("/api/moments", json={**given, "happened_at": "2024-05-05T20:00:00Z"})
    assert "Sunday 5 May" in client.get("/journal", headers=OWN).text
    client.put("/api/settings", json={"mine": {"zone": "Asia/Tokyo"}})
    assert "Monday 6 May" in client.get("/journal", headers=OWN).text


def test_the_weeks_of_a_team_begin_on_the_day_that_is_set() -> None:
    assert since(date(2026, 11, 30)).strftime("%A") == "Monday"
    assert since(date(2026, 11, 30), 6).strftime("%A") == "Sunday"


def test_a_language_model_is_asked_for_fewer_words(given_values: dict[str, object]) -> None:
    full = PROMPTS.render("answering/turn.user", **given_values, short=False)
    short = PROMPTS.render("answering/turn.user", **given_values, short=True)
    assert "few and plain words" not in full
    assert "few and plain words" in short


@pytest.fixture
def given_values() -> dict[str, object]:
    """What a turn's request is made of, with nothing in it."""
    names = ("people", "facts", "steps", "ruled_out", "findings", "moments", "letters")
    plain = {"today": "Monday", "zone": "", "settled": "", "plan": None, "tapped": "", "later": False}
    return {**plain, **{name: [] for name in names}}
