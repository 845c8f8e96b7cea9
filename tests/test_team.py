"""The team over weeks: what the picture holds and what it says of it, purely and on the page."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from starlette.testclient import TestClient

import fakes
from blank import blank_journal
from coach.domain.moments import By, Channel, Landed, Moment
from coach.domain.people import Celebration, Contact, Person, Relation
from coach.noticing.teams import WEEKS, Kind, Sign, Team, since, team
from coach.noticing.today import review_due
from sample_team import fill_team
from test_pages import OWN, post

TODAY = date(2024, 5, 6)
NOON = datetime(2024, 5, 6, 12, tzinfo=UTC)


def report(id_: str, name: str, **known: object) -> Person:
    return Person(id_, name, NOON, None, Relation.REPORT, **known)  # type: ignore[arg-type]


def moment(person: str, ago: int, landed: Landed = Landed.HELPED, what: str = "we spoke") -> Moment:
    at = NOON - timedelta(days=ago)
    return Moment(f"{person}-{ago}-{landed}", person, at, Channel.IN_PERSON, By.ME, what, landed, at)


def contacts(moments: list[Moment]) -> dict[str, Contact]:
    found: dict[str, Contact] = {}
    for each in sorted(moments, key=lambda it: it.happened_at):
        before = found.get(each.person_id)
        found[each.person_id] = Contact((before.moments if before else 0) + 1, each.happened_at)
    return found


def looked(people: list[Person], moments: list[Moment]) -> Team:
    drawn = [each for each in moments if each.happened_at.date() >= since(TODAY)]
    return team(people, drawn, contacts(moments), TODAY)


def names(found: Team, sign: Sign) -> list[str]:
    return [person.name for it in found.shown if it.sign is sign for person in it.people]


ANN, BEN, CY = report("a", "Ann"), report("b", "ben"), report("c", "Cy")


class TestPicture:
    def test_rows_go_by_name_alone_and_only_reports_are_in_it(self) -> None:
        peer = Person("p", "Aaron", NOON, None, Relation.PEER)
        found = looked([CY, peer, BEN, ANN], [moment("c", 1), moment("c", 2), moment("b", 1, Landed.HARMED)])
        assert [row.person.name for row in found.rows] == ["Ann", "ben", "Cy"]

    def test_a_moment_stands_in_its_week(self) -> None:
        found = looked([ANN], [moment("a", 0), moment("a", 1), moment("a", 7 * (WEEKS - 1)), moment("a", 90)])
        assert [len(week.kinds) for week in found.rows[0].weeks] == [1, *[0] * (WEEKS - 3), 1, 1]
        assert found.n == 3
        assert found.mondays[-1] == TODAY

    def test_a_talk_that_fell_through_is_no_contact_of_another_kind(self) -> None:
        off = moment("a", 1, Landed.INDIFFERENT, "I cancelled our one-to-one")
        helped = moment("a", 2, Landed.HELPED, "I cancelled my other meeting to help her")
        found = looked([ANN], [off, helped, moment("a", 3, Landed.HARMED)])
        [_, week] = found.rows[0].weeks[-2:] if found.rows[0].weeks[-1].kinds else (None, found.rows[0].weeks[-2])
        assert week is not None
        assert week.kinds == (Kind.HELPED, Kind.HARMED, Kind.CANCELLED)
        assert found.rows[0].of(Kind.CANCELLED) == (off,)


class TestSigns:
    def test_in_a_small_log_a_gap_means_nothing(self) -> None:
        found = looked([ANN, BEN, CY], [moment("a", 1, Landed.INDIFFERENT)])
        assert not found.enough
        assert found.shown == ()

    def test_who_had_no_good_moment_and_who_has_none_at_all(self) -> None:
        cool = Landed.INDIFFERENT
        moments = [moment("a", 1), moment("b", 1, cool), moment("b", 4, Landed.HARMED), moment("b", 40)]
        found = looked([ANN, BEN, CY], moments)
        assert names(found, Sign.NO_GOOD_MOMENT) == ["ben"]
        assert names(found, Sign.NOT_NOTED) == ["Cy"]
        assert names(found, Sign.LOSING_TOUCH) == []

    def test_losing_touch_heeds_the_leaders_own_limit(self) -> None:
        moments = [moment("a", 30), moment("b", 30), moment("c", 22)]
        found = looked([replace(ANN, longest_days=45), BEN, replace(CY, rest_until=TODAY)], moments)
        assert names(found, Sign.LOSING_TOUCH) == ["ben"]

    def test_cancelled_talks_come_with_their_moments(self) -> None:
        off = [moment(who, ago, Landed.INDIFFERENT, "I cancelled our one-to-one") for who, ago in (("b", 3), ("a", 9))]
        [it] = [it for it in looked([ANN, BEN, CY], off).shown if it.sign is Sign.CANCELLED]
        assert [person.name for person in it.people] == ["Ann", "ben"]
        assert it.moments == (off[1], off[0])

    def test_who_works_elsewhere_and_was_in_no_celebration(self) -> None:
        far = replace(CY, remote=True)
        cake = moment("a", 5, Landed.HELPED, "Cake for Ann's birthday")
        rest = [moment("b", 6), moment("c", 2)]
        found = looked([ANN, BEN, far], [cake, *rest])
        [it] = [it for it in found.shown if it.sign is Sign.LEFT_OUT_OF_CELEBRATIONS]
        assert (it.people, it.moments) == ((far,), (cake,))
        toast = moment("c", 8, Landed.HELPED, "A toast to Cy on the call")
        assert not names(looked([ANN, BEN, far], [cake, toast, *rest]), Sign.LEFT_OUT_OF_CELEBRATIONS)
        assert not names(looked([ANN, BEN, CY], [cake, *rest]), Sign.LEFT_OUT_OF_CELEBRATIONS)

    def test_days_are_noted_for_those_near_and_for_none_far(self) -> None:
        near, far = replace(ANN, celebrations=(Celebration("birthday", 5, 20),)), replace(BEN, remote=True)
        found = looked([near, far], [])
        assert names(found, Sign.NO_DAY_NOTED) == ["ben"]
        assert [(it.person.name, it.days) for it in found.coming] == [("Ann", 14)]


async def test_the_journal_opens_only_the_moments_asked_for(tmp_path: Path) -> None:
    journal = await blank_journal(tmp_path)
    await fill_team(journal, NOON)
    found = await journal.moments_since("me", NOON - timedelta(days=10), ["r0", "r4", "nobody", ""])
    assert [it.person_id for it in found] == ["r0", "r4", "r0"]
    assert len(await journal.moments_since("me", NOON - timedelta(days=10))) > len(found)
    assert await journal.moments_since("me", NOON, []) == []
    assert await journal.moments_since("other", NOON - timedelta(days=90), ["r0"]) == []
    await journal.close()


def told(client: TestClient, person: str, what: str, day: str, landed: str = "indifferent") -> None:
    given = {"person_id": person, "channel": "video", "by": "me", "landed": landed, "what": what}
    assert client.post("/api/moments", json={**given, "happened_at": f"{day}T09:00:00Z"}).status_code == 201


def test_an_empty_team_teaches_and_takes_the_first_name(client: TestClient) -> None:
    assert "Nobody reports to you yet" in client.get("/team", headers=OWN).text
    post(client, "/people", name="Noor", relation="report")
    page = client.get("/team", headers=OWN).text
    assert "1 person reports to you" in page
    assert "Note a first moment" in page
    assert "0 moments are too few" in page


def test_the_page_tells_the_picture_in_words_and_ranks_nobody(client: TestClient) -> None:
    ids = {}
    for name, remote in (("Zoe", None), ("Ann", False), ("Cy", True)):
        given = {"name": name, "relation": "report", "remote": remote}
        ids[name] = client.post("/api/people", json=given).json()["id"]
    told(client, ids["Zoe"], "I cancelled our one-to-one & more", "2024-05-02")
    told(client, ids["Zoe"], "I asked how it went", "2024-04-30", "helped")
    told(client, ids["Ann"], "I snapped", "2024-04-30", "harmed")
    page = client.get("/team", headers=OWN).text
    assert page.index(">Ann<") < page.index(">Cy<") < page.index(">Zoe<")
    words = re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", page))
    assert "29 Apr: helped, did not take place" in words
    assert "1 talk did not take place, with Zoe ." in words
    assert "I cancelled our one-to-one &amp; more" in page
    assert "No moment is noted yet with Cy ." in words
    assert not re.search(r"score|rating|\brank|\d\s?%|points|best|worst|top\b", words)


def test_moments_of_others_than_reports_are_not_looked_at(client: TestClient) -> None:
    peer = client.post("/api/people", json={"name": "Pia", "relation": "peer"}).json()["id"]
    client.post("/api/people", json={"name": "Noor", "relation": "report"})
    told(client, peer, "we met", f"{fakes.NOW:%Y-%m-%d}", "helped")
    assert "Pia" not in client.get("/team", headers=OWN).text


def test_a_review_is_due_once_a_week_to_somebody_who_leads() -> None:
    peer = Person("p", "Pia", NOON, None, Relation.PEER)
    assert review_due([ANN], None, TODAY)
    assert not review_due([peer], None, TODAY)
    assert not review_due([ANN], TODAY - timedelta(days=6), TODAY)
    assert review_due([ANN], TODAY - timedelta(days=7), TODAY)


def test_today_tells_that_a_review_is_due(client: TestClient) -> None:
    assert "review of your team" not in client.get("/today", headers=OWN).text
    post(client, "/people", name="Noor", relation="report")
    assert "review of your team is due" in client.get("/today", headers=OWN).text
