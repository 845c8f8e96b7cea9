"""Patterns: a small history for each of the twelve, silence under three, and what turns a pattern off.

A history is a list of (days ago, channel, by, how it landed, what), oldest first.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from coach.domain.moments import By, Channel, Landed, Moment
from coach.domain.people import Person, Relation
from coach.domain.plans import Finding, Pattern
from coach.domain.violations import Context
from coach.noticing.patterns import FEWEST, across, findings
from coach.noticing.wording import finding_sentence
from coach.planning.checks import violations
from coach.prompts import Prompts

NOW = datetime(2024, 5, 6, 9, 30, tzinfo=UTC)
ANA = Person("ana", "Ana", NOW - timedelta(days=400))
IN, MAIL, CHAT, CALL, MEET, VIDEO = (
    Channel.IN_PERSON,
    Channel.EMAIL,
    Channel.CHAT,
    Channel.CALL,
    Channel.MEETING,
    Channel.VIDEO,
)
ME, THEM = By.ME, By.THEM
GOOD, BAD, COOL = Landed.HELPED, Landed.HARMED, Landed.INDIFFERENT
Row = tuple[int, Channel, By, Landed, str]

HISTORIES: dict[Pattern, list[Row]] = {
    Pattern.HARM_UNREPAIRED: [
        (40, IN, THEM, GOOD, "Ana lent me her charger"),
        (30, MEET, ME, GOOD, "I backed her proposal"),
        (12, MEET, ME, BAD, "I cut her off twice"),
        (6, IN, THEM, COOL, "she nodded and went on"),
    ],
    Pattern.NEGLECTED_GOOD_RELATIONSHIP: [
        (220, IN, THEM, GOOD, "we talked about the old days on the stairs"),
        (210, CALL, ME, GOOD, "I rang her with the news"),
        (200, IN, THEM, GOOD, "she showed me the shortcut"),
    ],
    Pattern.INDIFFERENCE: [
        (30, IN, THEM, COOL, "she nodded in the lift"),
        (22, CALL, ME, COOL, "I told her the numbers, she said fine"),
        (15, IN, THEM, COOL, "she walked past"),
        (8, MEET, THEM, COOL, "she looked at the screen while I spoke"),
    ],
    Pattern.TAKING_WITHOUT_GIVING: [
        (28, IN, ME, COOL, "I asked her to swap shifts"),
        (20, CALL, ME, COOL, "I asked her to check my sheet"),
        (12, IN, ME, COOL, "I needed a lift and asked her"),
        (4, IN, ME, COOL, "I asked for the template again"),
    ],
    Pattern.ONLY_UPWARD: [
        (25, MEET, ME, COOL, "I took the plan straight to the director"),
        (18, CALL, ME, COOL, "I told her manager about the delay"),
        (9, IN, ME, COOL, "I showed the head of sales first"),
    ],
    Pattern.TEXT_ONLY_CHANNEL: [
        (20, MAIL, ME, GOOD, "sent the notes, she was glad of them"),
        (15, CHAT, THEM, COOL, "she put a thumb under it"),
        (10, MAIL, THEM, GOOD, "she wrote a kind line"),
        (5, CHAT, ME, COOL, "wrote to her about the room"),
    ],
    Pattern.CANCELLED_MEETINGS: [
        (30, CALL, THEM, COOL, "she cancelled our catch-up"),
        (20, CALL, THEM, COOL, "she moved it to the week after"),
        (10, CALL, ME, COOL, "I called it off for the visit"),
        (3, IN, THEM, GOOD, "she held the door"),
    ],
    Pattern.ONLY_BIG_EVENTS: [
        (160, IN, ME, GOOD, "I gave the toast at the summer party"),
        (100, IN, THEM, GOOD, "she clapped at the award evening"),
        (20, IN, ME, GOOD, "we danced at the anniversary"),
    ],
    Pattern.HARMS_IN_ONE_CHANNEL: [
        (30, MAIL, THEM, BAD, "she wrote three curt lines"),
        (24, IN, THEM, GOOD, "she saved me a seat"),
        (18, MAIL, ME, BAD, "I answered her sharply"),
        (10, MAIL, THEM, BAD, "she corrected me before the client"),
        (4, IN, THEM, GOOD, "she laughed with me on the stairs"),
    ],
    Pattern.HARMS_WHEN_THEY_ARE_OVERLOADED: [
        (33, MEET, THEM, BAD, "she snapped at me at month-end"),
        (25, IN, THEM, GOOD, "she explained the new form"),
        (14, IN, THEM, BAD, "during the audit she sent me away"),
        (5, IN, THEM, GOOD, "she greeted me warmly"),
    ],
    Pattern.IMPROVING: [
        (50, MEET, ME, BAD, "I laughed at her idea"),
        (40, IN, THEM, BAD, "she turned her back on me"),
        (20, IN, ME, GOOD, "I owned it, she listened"),
        (12, IN, THEM, GOOD, "she asked how the move went"),
        (4, CALL, THEM, GOOD, "she rang to share a tip"),
    ],
    Pattern.STEADY_GOOD: [
        (28, IN, THEM, GOOD, "she showed me the trick"),
        (20, CALL, ME, GOOD, "I told her what her notes did for us"),
        (12, IN, THEM, GOOD, "she kept me a slice"),
        (4, IN, ME, GOOD, "we walked to the bus together"),
    ],
}


def history(rows: list[Row]) -> list[Moment]:
    return [
        Moment(f"m{n}", "ana", NOW - timedelta(days=days), channel, by, what, landed, NOW)
        for n, (days, channel, by, landed, what) in enumerate(rows)
    ]


def found(rows: list[Row], prompts: Prompts) -> tuple[Finding, ...]:
    moments = history(rows)
    return findings(ANA, moments, NOW, finding_sentence(prompts, moments))


def test_every_pattern_has_a_history() -> None:
    assert set(HISTORIES) == set(Pattern)


@pytest.mark.parametrize("pattern", Pattern)
def test_a_pattern_is_found_and_quotes_its_moments(pattern: Pattern, prompts: Prompts) -> None:
    each = next((one for one in found(HISTORIES[pattern], prompts) if one.pattern is pattern), None)
    assert each is not None, [one.pattern for one in found(HISTORIES[pattern], prompts)]
    assert each.n == len(each.moments) > 0
    assert set(each.moments) <= {moment.id for moment in history(HISTORIES[pattern])}
    assert each.n == 1 or str(each.n) in each.sentence
    assert not violations(each.sentence, Context(people=("Ana",)))


@pytest.mark.parametrize("pattern", Pattern)
def test_under_three_nothing_is_said(pattern: Pattern, prompts: Prompts) -> None:
    for few in (1, 2):
        only = found(HISTORIES[pattern][:few], prompts)
        assert [one.pattern for one in only] == [None]
        assert only[0].n == few
        assert "too few to say" in only[0].sentence
    assert found([], prompts) == ()


@pytest.mark.parametrize("pattern", Pattern)
def test_the_order_of_noting_changes_nothing(pattern: Pattern, prompts: Prompts) -> None:
    moments = history(HISTORIES[pattern])
    say = finding_sentence(prompts, moments)
    assert findings(ANA, moments[::-1], NOW, say) == findings(ANA, moments, NOW, say)


def test_a_harm_that_was_put_right_is_not_unrepaired(prompts: Prompts) -> None:
    rows = [*HISTORIES[Pattern.HARM_UNREPAIRED], (1, IN, ME, GOOD, "I apologised and she smiled")]
    assert Pattern.HARM_UNREPAIRED not in {one.pattern for one in found(rows, prompts)}


def test_direction_counts_more_than_totals(prompts: Prompts) -> None:
    better, worse = HISTORIES[Pattern.IMPROVING], HISTORIES[Pattern.IMPROVING][::-1]
    turned = [(row[0], *other[1:]) for row, other in zip(better, worse, strict=True)]
    assert Pattern.IMPROVING in {one.pattern for one in found(better, prompts)}
    assert Pattern.IMPROVING not in {one.pattern for one in found(turned, prompts)}
    assert Pattern.STEADY_GOOD not in {one.pattern for one in found(turned, prompts)}


def test_one_spoken_moment_ends_text_only(prompts: Prompts) -> None:
    rows = [*HISTORIES[Pattern.TEXT_ONLY_CHANNEL], (1, CALL, ME, GOOD, "I rang her")]
    assert Pattern.TEXT_ONLY_CHANNEL not in {one.pattern for one in found(rows, prompts)}


def test_giving_back_ends_taking(prompts: Prompts) -> None:
    gifts: list[Row] = [(3, IN, ME, GOOD, "I brought her lunch"), (2, IN, ME, GOOD, "I thanked her for it all")]
    rows = HISTORIES[Pattern.TAKING_WITHOUT_GIVING] + gifts
    assert Pattern.TAKING_WITHOUT_GIVING not in {one.pattern for one in found(rows, prompts)}


def across_people(up: int, down: int) -> list[Moment]:
    ids = ["boss"] * up + ["ana"] * down
    return [Moment(f"x{n}", who, NOW, IN, ME, "told them", GOOD, NOW) for n, who in enumerate(ids)]


def test_across_people_only_upward_shows() -> None:
    everyone = [ANA, Person("boss", "Boris", NOW, relation=Relation.MANAGER)]
    assert across(everyone, across_people(4, 1)) == (("only_upward", ("boss",)),)
    assert across(everyone, across_people(2, 3)) == ()
    assert across(everyone, across_people(FEWEST - 1, 0)) == ()


def test_a_narrow_circle_shows_when_there_are_others() -> None:
    everyone = [ANA, Person("ben", "Ben", NOW), *(Person(f"p{n}", f"P{n}", NOW) for n in range(4))]
    moments = [Moment(f"y{n}", "ana" if n % 2 else "ben", NOW, IN, ME, "talked", GOOD, NOW) for n in range(8)]
    assert [name for name, _ in across(everyone, moments)] == ["circle_too_narrow"]


def test_across_people_good_ones_neglected_and_asking_show() -> None:
    everyone = [ANA, Person("ben", "Ben", NOW)]
    old = [Moment(f"o{n}", "ana", NOW - timedelta(days=200 + n), IN, THEM, "good talk", GOOD, NOW) for n in range(4)]
    asked = [Moment(f"a{n}", "ben", NOW, IN, ME, "I asked him to help me", COOL, NOW) for n in range(5)]
    names = {name for name, _ in across(everyone, old + asked)}
    assert {"good_ones_neglected", "asked_more_than_given"} <= names
