"""The map: where dots and labels stand, what the circle shows, and taking stock."""

from __future__ import annotations

import math
from dataclasses import replace
from datetime import timedelta
from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st
from starlette.testclient import TestClient

import fakes
from coach.domain.moments import By, Channel, Landed, Moment
from coach.domain.people import Contact, Person, Relation, Standing
from coach.noticing.coverage import coverage
from coach.noticing.ties import ties
from coach.web.pages.circle import LABELLED, RINGS, Dot, circle, shorts
from test_pages import OWN, post
from test_people_pages import added
from texts import PROMPTS

NOW, TODAY = fakes.NOW, fakes.NOW.date()


def person(n: int, relation: Relation | None = Relation.PEER, **known: object) -> Person:
    return replace(Person(f"p{n}", f"Person{n} Long", NOW, relation=relation), **known)  # type: ignore[arg-type]


def contact(days: float) -> Contact:
    return Contact(4, NOW - timedelta(days=days))


class TestCircle:
    def test_the_nearer_the_contact_the_nearer_the_dot(self) -> None:
        people = [person(n) for n in range(4)]
        picture = circle(people, {"p0": contact(1), "p1": contact(20), "p2": contact(60)}, NOW)
        far = {dot.person.id: round(math.hypot(dot.x, dot.y)) for dot in picture.dots}
        assert [far[f"p{n}"] for n in range(4)] == [radius for _, radius in RINGS]

    @given(st.integers(0, LABELLED), st.integers(0, 9))
    def test_everybody_has_a_name_that_lies_over_no_other_and_stays_in_the_picture(self, n: int, seed: int) -> None:
        relations = [*Relation, None]
        people = [person(k, relations[(k * 7 + seed) % 6]) for k in range(n)]
        picture = circle(people, {each.id: contact((k * 31 + seed) % 200) for k, each in enumerate(people)}, NOW)
        assert len(picture.dots) == n
        assert all(dot.label for dot in picture.dots)
        boxes = [box_of(dot) for dot in picture.dots]
        for left, top, right, bottom in boxes:
            assert -198 <= left < right <= 198
            assert -190 <= top < bottom <= 190
        for one, other in combinations(boxes, 2):
            assert one[2] <= other[0] or other[2] <= one[0] or one[3] <= other[1] or other[3] <= one[1]

    def test_all_in_touch_with_lately_are_named_too(self) -> None:
        people = [person(k) for k in range(LABELLED)]
        picture = circle(people, {each.id: contact(3) for each in people}, NOW)
        assert picture.columns
        assert len({dot.label for dot in picture.dots}) == LABELLED

    def test_more_are_counted_where_they_stand(self) -> None:
        people = [person(k, [*Relation, None][k % 6]) for k in range(611)]
        picture = circle(people, {each.id: contact(k % 200) for k, each in enumerate(people)}, NOW)
        assert picture.dots == ()
        assert sum(bubble.n for bubble in picture.bubbles) == 611
        for one, other in combinations(picture.bubbles, 2):
            assert math.dist((one.x, one.y), (other.x, other.y)) >= one.r + other.r

    def test_a_label_is_no_title_and_tells_namesakes_apart(self) -> None:
        named = ["Dr. Weber", "Prof. Dr. Anna Klein", "Anna Berg", "Mrs Okafor", "Maximiliane-Sophie Graf", "Cher"]
        assert shorts(named, 12) == ["Weber", "Anna K.", "Anna B.", "Okafor", "Maximiliane…", "Cher"]


def box_of(dot: Dot) -> tuple[float, float, float, float]:
    """The box a label fills."""
    wide = len(dot.label) * 8.2
    left = {"middle": dot.at[0] - wide / 2, "start": dot.at[0], "end": dot.at[0] - wide}[dot.anchor]
    return left, dot.at[1] - 11, left + wide, dot.at[1] + 6


class TestCoverage:
    def test_losing_touch_goes_by_the_limit_of_each_person(self) -> None:
        people = [person(0), person(1, longest_days=20), person(2, rest_until=TODAY)]
        contacts = {"p0": contact(80), "p1": contact(30), "p2": contact(400)}
        assert [(it.name, it.people) for it in coverage(people, [], TODAY, ties(people, [], contacts, TODAY))] == [
            ("losing_touch", ("p1",))
        ]

    def test_good_ones_are_neglected_after_two_months(self) -> None:
        people = [person(0, standing=Standing.POSITIVE), person(1), person(2)]
        moments = [
            Moment(f"m{n}", "p1", NOW - timedelta(days=70 + n), Channel.CALL, By.THEM, "x", Landed.HELPED, NOW)
            for n in range(3)
        ]
        contacts = {"p0": contact(65), "p1": contact(70), "p2": contact(70)}
        [check] = coverage(people, moments, TODAY, ties(people, moments, contacts, TODAY))
        assert (check.name, check.people) == ("good_ones_neglected", ("p1", "p0"))

    def test_every_name_has_its_words(self) -> None:
        texts = PROMPTS
        names = (
            "only_upward", "circle_too_narrow", "losing_touch", "good_ones_neglected", "asked_more_than_given",
            "harm_open", "new",
        )  # fmt: skip
        said = {texts.render("coverage.fixed", name=name, n=2) for name in names}
        assert len(said) == len(names)


def test_taking_stock_goes_from_one_to_the_next_and_picks_two(client: TestClient) -> None:
    ids = [added(client, name) for name in ("Ana", "Ben", "Cai")]
    page = client.get("/map/stock", headers=OWN).text
    assert "<h1>Ana</h1>" in page
    page = post(client, f"/people/{ids[0]}/stock", matters="quiet", standing="neutral", focus="yes")
    assert "<h1>Ben</h1>" in page
    page = post(client, f"/people/{ids[1]}/stock", beyond="sings", standing="positive", focus="yes")
    full = client.post(f"/people/{ids[2]}/stock", data={"standing": "negative", "focus": "yes"}, headers=OWN)
    assert full.status_code == 400
    page = post(client, f"/people/{ids[2]}/stock", standing="negative")
    assert "That is everybody" in page
    assert client.get(f"/api/people/{ids[0]}").json()["standing"] == "neutral"
    page = client.get("/map", headers=OWN).text
    assert "3 people around you" in page
    assert "to think about" not in page
    assert page.count("Take off") == 2
    assert post(client, f"/people/{ids[0]}/unfocus").count("Take off") == 1


def test_the_map_is_told_in_a_table_too(client: TestClient) -> None:
    added(client, "Ana Long-Name", relation="external")
    page = client.get("/map", headers=OWN).text
    table = page.split("<table>")[1]
    for words in ("Ana Long-Name", "outside the company", "none kept"):
        assert words in table


def test_a_large_circle_is_counted_grouped_and_searched(client: TestClient) -> None:
    for n in range(LABELLED + 2):
        added(client, f"Colleague{n}", relation="peer")
    page = client.get("/map", headers=OWN).text
    assert "Peer: 32" in page
    found = client.get("/map", params={"q": "colleague7"}, headers=OWN).text
    assert "1 of 32" in found
    assert ">Colleague7</text>" in found


def test_an_empty_map_shows_the_way(client: TestClient) -> None:
    assert "Nobody is on it yet" in client.get("/map", headers=OWN).text
