"""Who a message speaks of. Each case is a sentence as typed, and how the coach would call the people in it."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from coach.domain.people import Person, Relation
from coach.domain.readings import Mention
from coach.reading.mentions import find, pronoun_of

NOW = datetime(2024, 5, 6, tzinfo=UTC)


def people(text: str, *known: str) -> list[Mention]:
    return [mention for _, mention in find(text, [Person(name.casefold(), name, NOW) for name in known])]


def one(text: str, *known: str) -> Mention:
    found = people(text, *known)
    assert len(found) == 1, found
    return found[0]


@pytest.mark.parametrize(
    ("text", "name", "pronoun"),
    [
        ("Yesterday I asked Ravi for the keys and he laughed.", "Ravi", "he"),
        ("I was late again, so Ingrid rolled her eyes.", "Ingrid", "she"),
        ("Kofi never answers my mails.", "Kofi", "they"),
        ("I owe Zoë an answer since Monday.", "Zoë", "they"),
        ("I sat beside Jean-Luc at the briefing on Tuesday.", "Jean-Luc", "they"),
    ],
)
def test_a_name_and_its_pronoun(text: str, name: str, pronoun: str) -> None:
    found = one(text)
    assert (found.name, found.label, found.pronoun) == (name, name, pronoun)


@pytest.mark.parametrize(
    "text",
    [
        "On Tuesday we moved to Teams and Slack.",
        "In October the London office closed.",
        "Yesterday was hard. Nothing worked. Everything fell apart.",
        "I sent an Excel sheet through Outlook to HR.",
        "Thanks, that was quick.",
    ],
)
def test_days_places_and_tools_are_nobody(text: str) -> None:
    assert people(text) == []


@pytest.mark.parametrize(
    ("text", "label", "relation"),
    [
        ("My boss cut me off at the stand-up.", "your boss", Relation.MANAGER),
        ("One of my team members has gone quiet.", "your team member", Relation.REPORT),
        ("My coworker takes my pens.", "your coworker", Relation.PEER),
        ("Our supplier sent the wrong boxes again.", "your supplier", Relation.EXTERNAL),
    ],
)
def test_a_role_is_called_as_the_user_would(text: str, label: str, relation: Relation) -> None:
    found = one(text)
    assert (found.label, found.relation, found.name) == (label, relation, None)


def test_a_role_says_the_gender_it_holds() -> None:
    assert one("A woman in accounts greeted me in the lift.").pronoun == "she"
    assert one("The new guy in the warehouse waved at me.").pronoun == "he"


def test_a_name_beside_its_role_is_one_person() -> None:
    before, after = one("My boss Astrid was curt today."), one("Astrid, my boss, was curt today.")
    for found in (before, after):
        assert (found.name, found.relation) == ("Astrid", Relation.MANAGER)


def test_the_user_leads_their_report_and_is_led_by_their_boss() -> None:
    assert one("My direct report missed the deadline.").leads_user is False
    assert one("My manager missed the deadline.").leads_user is True


def test_two_people_come_in_the_order_they_are_named() -> None:
    assert [mention.name for mention in people("I like working with Femi, but Greta is never around.")] == [
        "Femi",
        "Greta",
    ]


def test_several_at_once_are_a_group() -> None:
    found = one("The others went to lunch without me.")
    assert found.group
    assert found.label == "the others"
    assert found.pronoun == "they"


def test_someone_far_away_is_remote() -> None:
    assert one("My colleague from another office never switches on the camera.").remote is True


def test_a_known_name_is_found_in_any_case() -> None:
    assert one("so rosa said no to me again", "Rosa").name == "Rosa"


def test_a_common_word_is_no_name_even_when_somebody_bears_it() -> None:
    assert people("he will be out until may, i hope", "Zed") == [] or all(
        mention.name is None for mention in people("he will be out until may, i hope", "Zed")
    )


def test_the_nearest_gendered_pronoun_counts() -> None:
    text = "The clerk shrugged. She said he was out."
    assert pronoun_of(text, 0) == "she"
    assert pronoun_of("The clerk shrugged.", 0) == "they"
