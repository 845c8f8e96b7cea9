"""Calendar files: read by three libraries, by the rules of RFC 5545, and silent about people unless told otherwise."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import ics as ics_library
import pytest
import vobject
from icalendar import Calendar
from starlette.testclient import TestClient

from coach.noticing.occasions import GAP, blocks
from test_following import planned
from test_pages import OWN, post
from test_people_pages import added


@pytest.fixture
def taken(client: TestClient) -> str:
    """A plan with both steps taken on for 8 May; the id of the plan."""
    _, plan = planned(client)
    post(client, f"/steps/{plan}-1/take")
    post(client, f"/steps/{plan}-2/take")
    return plan


def feed(client: TestClient) -> str:
    """Make a feed; return its path."""
    page = post(client, "/calendar", feed="new")
    return "/calendar/" + page.split("/calendar/")[1].split("<")[0]


def test_three_libraries_read_the_feed(client: TestClient, taken: str) -> None:
    response = client.get(feed(client))
    assert response.headers["content-type"] == "text/calendar; charset=utf-8"
    events = Calendar.from_ical(response.content).walk("VEVENT")
    assert [str(it["uid"]) for it in events] == [f"{taken}-1@coach.invalid", f"{taken}-2@coach.invalid"]
    starts = sorted(it.begin.datetime for it in ics_library.Calendar(response.text).events)
    assert starts == [it["dtstart"].dt for it in events]
    read = vobject.readOne(response.text)
    read.validate(raiseException=True)
    assert {it.summary.value for it in read.vevent_list} == {"A small step (5 min)", "A small step (10 min)"}


def test_the_file_keeps_to_the_form(client: TestClient, taken: str) -> None:
    post(client, "/calendar", names="yes", hour="14")
    raw = client.get(feed(client)).content
    assert raw.count(b"\n") == raw.count(b"\r\n")
    assert all(len(line) <= 75 for line in raw.split(b"\r\n"))
    [event, _] = Calendar.from_ical(raw).walk("VEVENT")
    for name in ("UID", "DTSTAMP", "DTSTART", "DTEND", "SUMMARY"):
        assert name in event
    assert event.errors == []
    assert event["dtstart"].dt.tzinfo is not None
    assert event["dtstart"].dt == datetime(2024, 5, 8, 14).astimezone(UTC)


def test_entries_name_nobody_unless_the_user_wants_it(client: TestClient, taken: str) -> None:
    address = feed(client)
    silent = client.get(address).text
    for word in ("Tom", "asked", "mistake", "approval"):
        assert word not in silent
    post(client, "/calendar", names="yes")
    assert "SUMMARY:Tom: I tell him" in client.get(address).text
    post(client, "/calendar")
    assert client.get(address).text == silent


def test_the_address_is_a_secret_that_can_be_changed(client: TestClient, taken: str) -> None:
    old = feed(client)
    new = feed(client)
    assert len(old) > 40
    assert client.get(old).status_code == 404
    assert client.get(new).status_code == 200
    post(client, "/calendar", feed="off")
    assert client.get(new).status_code == 404
    assert client.get("/calendar/.ics").status_code == 404


def test_a_step_is_a_file_of_its_own_at_the_time_the_list_says(client: TestClient, taken: str) -> None:
    page = client.get("/calendar", headers=OWN).text
    assert "9:00 to 9:10" in page
    assert "9:15 to 9:25" in page
    response = client.get(f"/steps/{taken}-2.ics")
    assert 'filename="step.ics"' in response.headers["content-disposition"]
    [event] = Calendar.from_ical(response.content).walk("VEVENT")
    assert event["dtstart"].dt == datetime(2024, 5, 8, 9, 15).astimezone(UTC)
    post(client, f"/steps/{taken}-2/hand-back")
    assert client.get(f"/steps/{taken}-2.ics").status_code == 404


def test_blocks_of_a_day_do_not_overlap() -> None:
    day = date(2024, 5, 8)
    made = blocks([("a", day, 5), ("b", day, 30), ("c", day + timedelta(days=1), 10)], 9)
    assert made[1].start == made[0].end + GAP
    assert made[2].start.time() == made[0].start.time()


def test_the_feed_tells_promises_days_and_talks_and_how_old_it_may_be(client: TestClient, taken: str) -> None:
    person = added(client, "Noor", celebrations=[{"label": "birthday", "month": 2, "day": 29}], ideal_days=14)
    post(client, f"/people/{person}/promises", by="me", what="the draft", due="2024-05-09")
    given = {"person_id": person, "channel": "call", "by": "me", "landed": "helped", "what": "I rang"}
    client.post("/api/moments", json={**given, "happened_at": "2024-05-01T10:00:00Z"})
    address = feed(client)
    raw = client.get(address)
    calendar = Calendar.from_ical(raw.content)
    assert str(calendar["x-published-ttl"]) == "PT1H"
    days = {str(it["summary"]): it for it in calendar.walk("VEVENT") if not isinstance(it["dtstart"].dt, datetime)}
    assert set(days) == {"A promise of mine", "A day to remember", "Time for a talk"}
    assert "Noor" not in raw.text
    post(client, "/calendar", names="yes", hour="9")
    days = {
        str(it["summary"]): it
        for it in Calendar.from_ical(client.get(address).content).walk("VEVENT")
        if not isinstance(it["dtstart"].dt, datetime)
    }
    assert days["Promised Noor: the draft"]["dtstart"].dt == date(2024, 5, 9)
    assert days["Time for a talk with Noor"]["dtstart"].dt == date(2024, 5, 15)
    assert days["Noor: birthday"]["rrule"].to_ical() == b"FREQ=YEARLY;BYMONTHDAY=-1;BYMONTH=2"


def test_a_change_counts_up_and_the_address_can_be_asked_about(client: TestClient, taken: str) -> None:
    address = feed(client)
    asked = client.head(address)
    assert (asked.status_code, asked.content) == (200, b"")
    assert asked.headers["content-type"] == client.get(address).headers["content-type"]

    def sequence() -> int:
        events = Calendar.from_ical(client.get(address).content).walk("VEVENT")
        return next(int(it["sequence"]) for it in events if str(it["uid"]).startswith(f"{taken}-1@"))

    before = sequence()
    client.app.state.parts.clock.now += timedelta(hours=1)  # type: ignore[attr-defined]
    post(client, f"/steps/{taken}-1/change", due="2024-05-10", channel="call", say="")
    assert sequence() > before
