"""Calendars of Google, Outlook, Apple and Exchange: which talks there were, with whom, and who called them off."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

import fakes
from coach.domain.moments import By, Channel, Landed
from coach.errors import BadInput
from coach.foreign import Found, read
from test_foreign import chosen, read_whole, token
from test_pages import OWN, post
from test_people_pages import added

NOW = fakes.NOW
ME = "ORGANIZER;CN=Sam Reed:mailto:sam@example.com"
ROSA = 'ATTENDEE;CN="Lang, Rosa";PARTSTAT=ACCEPTED:mailto:rosa@example.com'
AS_GUEST = "ATTENDEE;CN=Sam Reed;PARTSTAT=ACCEPTED:MAILTO:Sam@example.com"


def at(days: int, hour: int = 12) -> str:
    """Return a local time some days from now, as calendars write it."""
    return f"{NOW + timedelta(days=days):%Y%m%d}T{hour:02}0000"


def event(*lines: str, days: int = -7, uid: str = "u1", title: str = "1:1 Rosa", zone: str = "") -> str:
    """Return an entry of half an hour."""
    start, end = f"DTSTART{zone}:{at(days)}", f"DTEND{zone}:{at(days)[:-4]}3000"
    return "\r\n".join(("BEGIN:VEVENT", f"UID:{uid}", start, end, f"SUMMARY:{title}", *lines, "END:VEVENT"))


def calendar(*events: str, head: str = "X-WR-CALNAME:sam@example.com") -> bytes:
    """Return a calendar file, the user's own unless it says otherwise."""
    return "\r\n".join(("BEGIN:VCALENDAR", "VERSION:2.0", head, *events, "END:VCALENDAR", "")).encode()


def talks(*events: str, head: str = "X-WR-CALNAME:sam@example.com") -> Found:
    return read(calendar(*events, head=head), NOW)


def told(found: Found) -> list[tuple[str, str, str, bool]]:
    """Return name, who acted, words, and whether it is ticked, oldest first."""
    names = {each.id: each.name for each in found.people}
    return [(names[it.person_id], it.by, it.what, it.id not in found.doubtful) for it in found.moments][::-1]


def test_a_talk_of_two_that_took_place() -> None:
    found = talks(event(ME, ROSA, AS_GUEST, "DESCRIPTION:secret words", "LOCATION:Room 4.12"))
    assert told(found) == [("Rosa Lang", "me", "We talked: 1:1 Rosa", True)]
    [moment] = found.moments
    assert (moment.channel, moment.landed, found.people[0].addresses) == (
        Channel.MEETING, Landed.HELPED, ("rosa@example.com",)
    )  # fmt: skip
    assert "secret" not in repr(found)
    assert "4.12" not in repr(found)


@pytest.mark.parametrize(
    ("lines", "by"),
    [
        ((ME, ROSA, AS_GUEST, "STATUS:CANCELLED"), By.ME),
        (("ORGANIZER:mailto:rosa@example.com", ROSA, AS_GUEST, "STATUS:CANCELLED"), By.THEM),
        ((ME, ROSA.replace("ACCEPTED", "DECLINED"), AS_GUEST), By.THEM),
        (("ORGANIZER:mailto:rosa@example.com", ROSA, AS_GUEST.replace("ACCEPTED", "DECLINED")), By.ME),
    ],
)
def test_who_called_a_talk_off(lines: tuple[str, ...], by: By) -> None:
    [moment] = talks(event(*lines)).moments
    assert (moment.by, moment.landed) == (by, Landed.INDIFFERENT)
    assert moment.what == ("I" if by is By.ME else "They") + " cancelled our talk: 1:1 Rosa"


@pytest.mark.parametrize("title", ["Canceled: 1:1 Rosa", "Abgesagt: 1:1 Rosa", "Annulé : 1:1 Rosa"])
def test_outlook_says_in_the_title_that_it_is_off(title: str) -> None:
    assert talks(event(ME, ROSA, title=title)).moments[0].what == "I cancelled our talk: 1:1 Rosa"


def test_a_cancellation_that_came_by_mail_is_the_organizers() -> None:
    mail = event("ORGANIZER;CN=Rosa Lang:mailto:rosa@example.com", AS_GUEST, "DTSTAMP:20240430T080000Z", days=3)
    found = talks(mail, head="METHOD:CANCEL")
    assert told(found) == [("Rosa Lang", "them", "They cancelled our talk: 1:1 Rosa", True)]
    assert found.moments[0].happened_at == datetime.fromisoformat("2024-04-30T08:00:00+00:00")


def test_the_newest_version_of_an_entry_holds() -> None:
    old, new = event(ME, ROSA, "SEQUENCE:0"), event(ME, ROSA, "SEQUENCE:1", "STATUS:CANCELLED")
    assert [it.by for it in talks(new, old).moments] == [By.ME]
    assert "cancelled" in talks(new, old).moments[0].what


class TestSeries:
    RULE = "RRULE:FREQ=WEEKLY;COUNT=6"

    def test_each_time_until_now_is_a_talk_of_its_own(self) -> None:
        found = talks(event(ME, ROSA, self.RULE, days=-28))
        assert [(it.happened_at.date() - NOW.date()).days for it in found.moments] == [-7, -14, -21, -28]
        assert len({it.id for it in found.moments}) == 4

    def test_one_that_moved_one_that_was_called_off_and_one_that_was_taken_out(self) -> None:
        moved = event(ME, ROSA, f"RECURRENCE-ID:{at(-21)}", days=-20)
        off = event(ME, ROSA, f"RECURRENCE-ID:{at(-14)}", "STATUS:CANCELLED", days=-14)
        found = talks(event(ME, ROSA, self.RULE, f"EXDATE:{at(-7)}", days=-28), moved, off)
        day = NOW - timedelta(days=21)
        assert told(found) == [
            ("Rosa Lang", "me", "We talked: 1:1 Rosa", True),
            ("Rosa Lang", "me", f"We talked (moved from {day.day} {day:%B}): 1:1 Rosa", True),
            ("Rosa Lang", "me", "I cancelled our talk: 1:1 Rosa", True),
            ("Rosa Lang", "me", "I cancelled our talk: 1:1 Rosa", False),
        ]

    def test_what_others_took_out_of_their_series_is_told(self) -> None:
        theirs = "ORGANIZER:mailto:rosa@example.com"
        found = talks(event(theirs, ROSA, AS_GUEST, self.RULE, f"EXDATE:{at(-7)}", days=-14))
        assert (len(found.moments), len(found.left_out)) == (1, 2)

    def test_the_same_time_has_the_same_id_in_the_series_and_alone(self) -> None:
        series = talks(event(ME, ROSA, self.RULE, days=-7))
        alone = talks(event(ME, ROSA, f"RECURRENCE-ID:{at(-7)}", days=-7))
        assert [it.id for it in series.moments] == [it.id for it in alone.moments]

    @pytest.mark.parametrize("rule", ["FREQ=SECONDLY", "FREQ=WEEKLY;INTERVAL=0", "FREQ=WEEKLY;UNTIL=20300101"])
    def test_odd_rules_come_to_an_end(self, rule: str) -> None:
        assert len(talks(event(ME, ROSA, f"RRULE:{rule}", days=-7)).moments) <= 1

    @pytest.mark.parametrize(
        ("rule", "days"),
        [
            ("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29", ["2024-02-29"]),
            ("FREQ=MONTHLY;BYDAY=-1FR;UNTIL=20240301", ["2024-02-23", "2024-01-26", "2023-12-29"]),
            ("FREQ=DAILY;INTERVAL=97", ["2024-03-07", "2023-12-01"]),
            ("FREQ=YEARLY;BYWEEKNO=1;BYDAY=MO", ["2024-01-01"]),
            ("FREQ=DAILY;BYMONTH=2;BYMONTHDAY=31", []),
        ],
    )
    def test_a_rule_of_years_ago_gives_its_days(self, rule: str, days: list[str]) -> None:
        found = talks(event(ME, ROSA, f"RRULE:{rule}", days=-2000)).moments
        assert [str(it.happened_at.date()) for it in found][: len(days) or None] == days

    def test_the_clock_of_a_zone_is_kept_over_the_change_of_the_hour(self) -> None:
        weekly = "RRULE:FREQ=WEEKLY"
        found = talks(event(ME, ROSA, weekly, days=-70, zone=";TZID=Europe/Berlin"))
        hours = {it.happened_at.astimezone(fakes.NOW.tzinfo).hour for it in found.moments}
        assert hours == {10, 11}


@pytest.mark.parametrize(
    ("zone", "hour"),
    [(";TZID=Europe/Berlin", 10), (";TZID=W. Europe Standard Time", 10), (";TZID=Eastern Standard Time", 16)],
)
def test_zones_by_their_names_and_by_those_of_windows(zone: str, hour: int) -> None:
    assert talks(event(ME, ROSA, zone=zone)).moments[0].happened_at.hour == hour


def test_a_zone_that_nobody_knows_is_told() -> None:
    city = talks(event(ME, ROSA, zone=';TZID="(UTC+01:00) Amsterdam, Berlin, Rome"'))
    assert (city.moments[0].happened_at.hour, city.left_out) == (10, ())
    found = talks(event(ME, ROSA, zone=";TZID=Zone of nowhere"))
    assert found.moments[0].happened_at == datetime.fromisoformat(at(-7)).astimezone()
    assert found.left_out == ("Times in a zone that nobody knows, taken as times of here: 1.",)


def test_an_answer_that_came_by_mail() -> None:
    reply = event("ORGANIZER:mailto:sam@example.com", ROSA.replace("ACCEPTED", "DECLINED"))
    assert told(talks(reply, head="METHOD:REPLY")) == [("Rosa Lang", "them", "They cancelled our talk: 1:1 Rosa", True)]


def test_who_is_named_in_one_place_only_is_named_all_the_same() -> None:
    directory = ROSA.replace("Lang, Rosa", "Lang, Rosa (Sales)")
    assert told(talks(event("ORGANIZER:mailto:rosa@example.com", directory, AS_GUEST)))[0][0] == "Rosa Lang"


def test_a_time_of_a_series_may_be_named_by_its_day() -> None:
    off = event(ME, ROSA, f"RECURRENCE-ID;VALUE=DATE:{at(-7)[:8]}", "STATUS:CANCELLED", days=-7)
    found = talks(event(ME, ROSA, "RRULE:FREQ=WEEKLY;COUNT=2", days=-14), off)
    assert [it.what for it in found.moments] == ["I cancelled our talk: 1:1 Rosa", "We talked: 1:1 Rosa"]


def test_a_zone_that_only_the_file_knows() -> None:
    zone = "BEGIN:VTIMEZONE\r\nTZID:Customized Time Zone\r\nBEGIN:STANDARD\r\nDTSTART:16010101T000000\r\n"
    zone += "TZOFFSETFROM:+0530\r\nTZOFFSETTO:+0530\r\nEND:STANDARD\r\nEND:VTIMEZONE"
    first = calendar(zone, event(ME, ROSA, zone=";TZID=Customized Time Zone"))
    second = calendar(
        zone.replace("+0530", "+0100"), event(ME, ROSA, zone=";TZID=Customized Time Zone", days=-3, uid="u2")
    )
    for raw in (first + second, second + first):
        found = read(raw, NOW)
        assert [f"{it.happened_at:%H:%M}" for it in found.moments] == ["11:00", "06:30"]


@pytest.mark.parametrize(
    ("lines", "channel"),
    [
        (("X-GOOGLE-CONFERENCE:https://meet.google.com/abc",), Channel.VIDEO),
        (("LOCATION:Microsoft Teams-Besprechung",), Channel.VIDEO),
        (("LOCATION:+49 40 123456",), Channel.CALL),
        (("LOCATION:Room 4.12",), Channel.MEETING),
    ],
)
def test_how_they_spoke(lines: tuple[str, ...], channel: Channel) -> None:
    assert talks(event(ME, ROSA, *lines)).moments[0].channel is channel


def guests(n: int) -> list[str]:
    return [f"ATTENDEE;CN=Guest {i}:mailto:g{i}@example.com" for i in range(n)]


def test_a_small_group_waits_for_a_tick_and_a_large_one_is_told() -> None:
    found = talks(event(ME, *guests(3)), event(ME, *guests(9), uid="u2"))
    assert [ticked for *_, ticked in told(found)] == [False] * 3
    assert found.left_out == ("Talks of more than 6 people: 1.",)


def test_rooms_and_lists_are_nobody() -> None:
    room = "ATTENDEE;CUTYPE=ROOM;CN=Room 4:mailto:room4@example.com"
    google = "ATTENDEE;CN=Room 5:mailto:c_1@resource.calendar.google.com"
    assert len(talks(event(ME, ROSA, room, google)).people) == 1


def test_apple_names_people_in_titles_only() -> None:
    found = talks(event(title="Coffee with Rosa"), event(title="Sprint review", uid="u2"), head="X-WR-CALNAME:Work")
    assert told(found) == [("Rosa", "me", "We talked: Coffee with Rosa", False)]
    assert found.left_out == ("Entries that name nobody: 1.",)


def test_the_user_is_who_stands_in_most_entries() -> None:
    theirs = event("ORGANIZER;CN=Bo Berg:mailto:bo@example.com", AS_GUEST, uid="u2", days=-3, title="Talk")
    assert {name for name, *_ in told(talks(event(ME, ROSA), theirs, head="PRODID:x"))} == {"Rosa Lang", "Bo Berg"}


def test_of_a_private_entry_no_title_is_kept() -> None:
    assert talks(event(ME, ROSA, "CLASS:PRIVATE")).moments[0].what == "We talked"


@pytest.mark.parametrize("title", ["Rosa's birthday", "Urlaub", "Focus time", "OOO"])
def test_what_is_no_talk_is_told(title: str) -> None:
    found = talks(event(ME, ROSA, title=title))
    assert (found.moments, len(found.left_out)) == ((), 1)


def test_what_is_to_come_is_no_moment() -> None:
    found = talks(event(ME, ROSA, days=0))
    assert (found.moments, found.left_out) == ((), ("Talks still to come: 1.",))


@pytest.mark.parametrize("raw", [b"BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nUID:1\r\n", b"BEGIN:VCALENDAR\nEND:VEVENT\n"])
def test_a_calendar_that_is_cut_off_is_refused(raw: bytes) -> None:
    with pytest.raises(BadInput):
        read(raw, NOW)


def test_an_entry_that_cannot_be_read_is_told_and_written_nowhere(capfd: Any, caplog: Any) -> None:
    found = talks(event(ME, ROSA), event("DTSTART:PRIVATEWORDS", uid="u2"), event("X-A:PRIVATEWORDS", uid="u3"))
    assert found.moments
    assert "PRIVATEWORDS" not in "".join(capfd.readouterr()) + caplog.text


# ---- the page


@pytest.fixture
def weekly() -> bytes:
    return calendar(event(ME, ROSA, "RRULE:FREQ=WEEKLY", days=-21), event(ME, *guests(2), uid="u2", days=-2))


def test_talks_are_ticked_taken_once_and_feed_the_last_talk(client: TestClient, weekly: bytes) -> None:
    rosa = added(client, "Rosa Lang")
    page = chosen(client, weekly)
    assert "Who are these?" in page
    [asked] = set(re.findall(r'name="(who-[^"]+)"', page))
    done = post(client, token(page), **{asked: rosa})
    assert "3 moments are new" in done
    moments = client.get("/api/moments", params={"person_id": rosa}).json()["moments"]
    assert {it["what"] for it in moments} == {"We talked: 1:1 Rosa"}
    again = chosen(client, weekly)
    assert "Who are these?" not in again
    assert "We talked: 1:1 Rosa" not in again
    assert len(client.get("/api/people").json()["people"]) == 1


def test_a_talk_in_the_calendar_is_contact_that_today_knows_of(client: TestClient, weekly: bytes) -> None:
    rosa = added(client, "Rosa Lang")
    client.patch(f"/api/people/{rosa}", json={"ideal_days": 14, "longest_days": 30}, headers=OWN)
    long_ago = {"person_id": rosa, "happened_at": (NOW - timedelta(days=60)).isoformat(), "channel": "call",
                "by": "me", "what": "I rang her", "landed": "helped"}  # fmt: skip
    assert client.post("/api/moments", json=long_ago, headers=OWN).status_code == 201
    assert "The last moment was 60 days ago" in client.get("/today").text
    page = chosen(client, weekly)
    [asked] = set(re.findall(r'name="(who-[^"]+)"', page))
    post(client, token(page), **{asked: rosa})
    assert "The last moment was" not in client.get("/today").text


# ---- the calendar that is watched


@pytest.fixture
def watching(client: TestClient, tmp_path: Path) -> Iterator[Path]:
    """A folder that the coach watches; the file in it is older than anything."""
    folder = tmp_path / "calendars"
    folder.mkdir()
    (folder / "work.ics").write_bytes(calendar(event(ME, ROSA, days=-2), event(ME, *guests(2), uid="u2", days=-3)))
    app: Any = client.app
    parts = app.state.parts
    app.state.parts = replace(parts, settings=replace(parts.settings, calendar=str(folder)))
    yield folder
    app.state.parts = parts


def changed(folder: Path, when: datetime) -> None:
    os.utime(folder / "work.ics", (when.timestamp(), when.timestamp()))


def test_today_says_once_that_the_calendar_has_changed(client: TestClient, watching: Path) -> None:
    changed(watching, NOW - timedelta(days=1))
    assert "Your calendar has changed" in client.get("/today").text
    assert "It last changed on" in client.get("/import").text
    response = client.post("/import/calendar", headers=OWN)
    page = read_whole(client, response)
    assert "We talked: 1:1 Rosa" in page
    assert "Your calendar has changed" not in client.get("/today").text
    changed(watching, NOW + timedelta(hours=1))
    assert "Your calendar has changed" in client.get("/today").text


def test_what_was_not_ticked_before_is_not_ticked_again(client: TestClient, watching: Path) -> None:
    page = read_whole(client, client.post("/import/calendar", headers=OWN))
    post(client, token(page))
    more = calendar(event(ME, ROSA, days=-2), event(ME, ROSA, days=-5, uid="u3", title="Another talk"))
    (watching / "work.ics").write_bytes(more)
    page = read_whole(client, client.post("/import/calendar", headers=OWN))
    assert "Another talk" in page
    assert re.findall(r'name="tick" value="[^"]+" checked', page) == []


def test_a_calendar_that_is_gone_is_told(client: TestClient, watching: Path) -> None:
    (watching / "work.ics").unlink()
    assert "names a file that is not there" in client.get("/import").text
    assert client.post("/import/calendar", headers=OWN).status_code == 400
    assert "Your calendar has changed" not in client.get("/today").text


def test_without_one_nothing_is_said(client: TestClient) -> None:
    assert "Your calendar" not in client.get("/today").text
    assert client.post("/import/calendar", headers=OWN).status_code == 400
