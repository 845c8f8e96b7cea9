"""A person's page: what is noted of them, pictures with their words, promises, days, limits, and the report."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta

import pytest
from starlette.testclient import TestClient

import fakes
from coach.domain.moments import By, Channel, Landed, Moment
from coach.domain.people import Celebration, Person, Promise
from coach.domain.plans import Outcome
from coach.noticing.occasions import occasions
from coach.noticing.successes import worked
from coach.web.pages.person_view import fresh, open_and_past, promises
from coach.web.pages.timeline import timeline
from test_pages import OWN, post

NOW = fakes.NOW


def moments(*told: tuple[int, Channel, By, Landed]) -> list[Moment]:
    """Moments with Tom, so many days ago, oldest first."""
    made = [
        Moment(f"m{n}", "tom", NOW - timedelta(days=ago), channel, by, "it happened", landed, NOW)
        for n, (ago, channel, by, landed) in enumerate(told)
    ]
    return sorted(made, key=lambda it: it.happened_at)


def added(client: TestClient, name: str = "Tom", **fields: object) -> str:
    """Add a person through the API; return the id."""
    response = client.post("/api/people", json={"name": name, **fields})
    assert response.status_code == 201, response.text
    return str(response.json()["id"])


class TestPicture:
    def test_marks_stand_in_order_of_time_a_row_a_channel(self) -> None:
        picture = timeline(
            moments(
                (90, Channel.EMAIL, By.ME, Landed.HELPED),
                (40, Channel.CHAT, By.THEM, Landed.HARMED),
                (2, Channel.CHAT, By.ME, Landed.INDIFFERENT),
            ),
            5,
            NOW,
        )
        assert picture is not None
        assert [row.channel for row in picture.rows] == [Channel.CHAT, Channel.EMAIL]
        xs = [mark.x for mark in picture.rows[0].marks]
        assert xs == sorted(xs)
        assert all(0 <= x <= 100 for x in xs)
        assert picture.rows[0].counts == {Landed.HELPED: 0, Landed.HARMED: 1, Landed.INDIFFERENT: 1}
        assert (picture.drawn, picture.left_out) == (3, 2)

    def test_what_is_older_than_a_year_is_not_drawn(self) -> None:
        old = moments((400, Channel.CALL, By.ME, Landed.HELPED))
        assert timeline(old, 1, NOW) is None

    def test_a_moment_of_today_or_tomorrow_stays_in_the_picture(self) -> None:
        picture = timeline(
            moments((0, Channel.CALL, By.ME, Landed.HELPED), (-1, Channel.CALL, By.ME, Landed.HELPED)), 2, NOW
        )
        assert picture is not None
        assert max(mark.x for mark in picture.rows[0].marks) <= 97


class TestWorked:
    def test_under_three_it_is_too_few_to_say(self) -> None:
        found = worked(
            moments((1, Channel.CALL, By.ME, Landed.HELPED), (2, Channel.CALL, By.ME, Landed.HELPED)), [], []
        )
        assert not found.enough

    def test_only_what_the_user_began_counts(self) -> None:
        three = [(n, Channel.CALL, By.ME, Landed.HELPED) for n in range(3)]
        found = worked(moments(*three, (4, Channel.CALL, By.THEM, Landed.HARMED)), [], [])
        assert (found.places[0].n, found.places[0].helped) == (3, 3)

    def test_steps_that_helped_are_named_with_what_they_did(self) -> None:
        plan = fakes.plan("a", "tom")
        told = [
            Outcome("a-1", True, NOW, "He laughed", Landed.HELPED),
            Outcome("a-2", False, NOW),
            Outcome("gone", True, NOW, None, Landed.HELPED),
        ]
        found = worked([], [plan], told)
        assert [step.note for step in found.steps] == ["He laughed"]
        assert found.done == 1


class TestShowing:
    def test_a_plate_goes_stale(self) -> None:
        person = Person("tom", "Tom", NOW, plate="audits", plate_noted_at=NOW - timedelta(days=22))
        assert not fresh(person, NOW).plate
        assert fresh(person, NOW - timedelta(days=2)).plate

    def test_a_plan_is_past_when_all_its_steps_were_done_or_it_is_old(self) -> None:
        plan = fakes.plan("a", "tom")
        done = [Outcome("a-1", True, NOW), Outcome("a-2", True, NOW)]
        assert open_and_past([plan], done[:1], NOW).open == (plan,)
        assert open_and_past([plan], done, NOW).past == (plan,)
        assert open_and_past([plan], [], NOW + timedelta(days=60)).past == (plan,)

    def test_promises_go_both_ways_by_day(self) -> None:
        late, soon = Promise("1", By.ME, "late", NOW), Promise("2", By.ME, "soon", NOW, date(2024, 5, 8))
        theirs, kept = Promise("3", By.THEM, "theirs", NOW), Promise("4", By.ME, "kept", NOW, None, NOW)
        found = promises(Person("tom", "Tom", NOW, promises=(late, soon, theirs, kept)))
        assert [it.what for it in found.mine] == ["soon", "late"]
        assert (found.theirs, found.kept) == ((theirs,), (kept,))


def test_what_is_on_their_plate_is_asked_about_and_noted_anew(client: TestClient) -> None:
    person = added(client, plate="Two audits")
    page = client.get(f"/people/{person}", headers=OWN).text
    assert "Two audits" in page
    assert "Is it still so?" not in page
    post(client, f"/people/{person}/plate", still="yes")
    assert client.get(f"/api/people/{person}").json()["plate"] == "Two audits"
    assert "Two audits" not in post(client, f"/people/{person}/plate", still="no")
    post(client, f"/people/{person}", name="Tom", plate="A launch")
    before = client.get(f"/api/people/{person}").json()["plate_noted_at"]
    post(client, f"/people/{person}", name="Thomas", plate="A launch")
    assert client.get(f"/api/people/{person}").json()["plate_noted_at"] == before


def test_promises_are_noted_kept_and_taken_out(client: TestClient) -> None:
    person = added(client)
    post(client, f"/people/{person}/promises", by="me", what="Read his draft", due="2024-05-10")
    page = post(client, f"/people/{person}/promises", by="them", what="Send the list")
    assert "for Friday 10 May" in page
    mine, theirs = client.get(f"/api/people/{person}").json()["promises"]
    assert "1 kept; the last on" in post(client, f"/people/{person}/promises/{mine['id']}", came="kept")
    assert "Send the list" not in post(client, f"/people/{person}/promises/{theirs['id']}", came="gone")
    lost = client.post(f"/people/{person}/promises/nothing", data={"came": "kept"}, headers=OWN)
    assert lost.status_code == 404


def test_days_come_in_the_order_of_the_year(client: TestClient) -> None:
    person = added(client)
    post(client, f"/people/{person}/days", label="work anniversary", month="9", day="1")
    page = post(client, f"/people/{person}/days", label="birthday", month="2", day="29")
    assert page.index("29 February") < page.index("1 September")
    wrong = client.post(f"/people/{person}/days", data={"label": "x", "month": "4", "day": "31"}, headers=OWN)
    assert wrong.status_code == 400
    assert "29 February" not in post(client, f"/people/{person}/days/0/forget")


def test_how_often_and_how_long(client: TestClient) -> None:
    person = added(client)
    post(client, f"/people/{person}/often", ideal="14", longest="30")
    found = client.get(f"/api/people/{person}").json()
    assert (found["ideal_days"], found["longest_days"]) == (14, 30)
    wrong = client.post(f"/people/{person}/often", data={"ideal": "30", "longest": "14"}, headers=OWN)
    assert wrong.status_code == 400
    old = {"channel": "call", "by": "me", "what": "the old zebra", "landed": "helped", "person_id": person}
    client.post("/api/moments", json={**old, "happened_at": "2022-01-01T09:00:00Z"})
    client.post("/api/moments", json={**old, "what": "the new one", "happened_at": "2024-04-01T09:00:00Z"})
    page = post(client, f"/people/{person}/keeping", months="12")
    assert "the old zebra" not in page
    assert "the new one" in page


def test_the_report_holds_what_is_stored_and_nothing_of_others(client: TestClient) -> None:
    tom, maya = (
        added(client, matters="quiet mornings", celebrations=[{"label": "birthday", "month": 5, "day": 7}]),
        added(client, "Maya"),
    )
    for person, what in ((tom, "Tom laughed"), (maya, "Maya sighed")):
        told = {"channel": "call", "by": "them", "what": what, "landed": "helped", "person_id": person}
        client.post("/api/moments", json=told)
    client.post("/api/plans", json={"person_id": tom})
    page = client.get(f"/people/{tom}/report", headers=OWN).text
    for words in ("quiet mornings", "birthday (7.5.)", "Tom laughed", "Own the remark to Tom"):
        assert words in page
    assert "Maya sighed" not in page
    data = client.get(f"/people/{tom}/report.json").json()
    assert [it["what"] for it in data["moments"]] == ["Tom laughed"]
    assert client.get("/people/nobody/report", headers=OWN).status_code == 404


@pytest.mark.parametrize("path", ["plate", "days", "promises", "often", "keeping"])
def test_notes_about_nobody_are_refused(client: TestClient, path: str) -> None:
    fields = {
        "plate": {"still": "no"}, "days": {"label": "x", "month": "1", "day": "1"},
        "promises": {"by": "me", "what": "x"},
        "often": {"ideal": "3"}, "keeping": {"months": "3"},
    }  # fmt: skip
    assert client.post(f"/people/nobody/{path}", data=fields[path], headers=OWN).status_code == 404


def test_erasing_a_person_through_the_page_leaves_no_word_of_them(client: TestClient, tmp_path: object) -> None:
    person = added(client, "Zwetlana Quarndon", matters="xylophones at dawn")
    post(client, f"/people/{person}/promises", by="me", what="Bring the vermilion folder")
    post(client, f"/people/{person}/days", label="feast of the quokka", month="3", day="3")
    client.post("/api/plans", json={"person_id": person})
    post(client, f"/people/{person}/forget")
    export = client.get("/api/export").text
    for word in ("Zwetlana", "xylophones", "vermilion", "quokka", person):
        assert word not in export


def test_nothing_scores_or_ranks_a_person(client: TestClient) -> None:
    person = added(client)
    for n in range(4):
        told = {"channel": "call", "by": "me", "what": "we spoke", "landed": "helped", "person_id": person}
        client.post("/api/moments", json={**told, "happened_at": datetime(2024, 5, 1 + n, tzinfo=UTC).isoformat()})
    page = client.get(f"/people/{person}", headers=OWN).text
    assert "4 of your 4 moments helped" in page
    assert not re.search(r"score|rating|rank|\d\s?%(?!\"| )|points", re.sub(r"<[^>]*>", " ", page))


def test_mailboxes_by_which_a_calendar_knows_somebody(client: TestClient) -> None:
    rosa = added(client, "Rosa Lang")
    page = post(client, f"/people/{rosa}/mailboxes", addresses="Rosa@Example.com, r.lang@example.org")
    assert 'value="rosa@example.com, r.lang@example.org"' in page
    assert client.get(f"/api/people/{rosa}").json()["addresses"] == ["rosa@example.com", "r.lang@example.org"]
    wrong = client.post(f"/people/{rosa}/mailboxes", data={"addresses": "rosa"}, headers=OWN)
    assert wrong.status_code == 400
    post(client, f"/people/{rosa}/mailboxes", addresses="")
    assert client.get(f"/api/people/{rosa}").json()["addresses"] == []


def test_no_day_that_there_is_not_is_kept(client: TestClient) -> None:
    rosa = added(client, "Rosa Lang")
    for month, day, status in ((2, 31, 422), (4, 31, 422), (2, 29, 200)):
        given = {"celebrations": [{"label": "birthday", "month": month, "day": day}]}
        assert client.patch(f"/api/people/{rosa}", json=given, headers=OWN).status_code == status


def test_a_day_that_an_older_version_kept_breaks_no_feed() -> None:
    rosa = Person("rosa", "Rosa Lang", fakes.NOW, celebrations=(Celebration("birthday", 2, 31),))
    [day] = occasions([rosa], {}, fakes.NOW.date())
    assert (day.day.month, day.day.day) == (2, 28)
