"""Thirty journals: what findings, Today, the map, the team and the sheet for a talk say of each never disagrees."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta

import pytest

from coach.domain.moments import By, Channel, Landed, Moment
from coach.domain.people import Contact, Person, Promise, Relation, resting
from coach.domain.plans import Pattern
from coach.noticing.between import LATELY
from coach.noticing.coverage import coverage
from coach.noticing.one_to_ones import Ask, question
from coach.noticing.patterns import FEWEST, findings
from coach.noticing.teams import Sign, team
from coach.noticing.ties import looked_back, ties
from coach.noticing.today import MOST, Why, every_thing, things

NOW = datetime(2026, 11, 30, 9, 30, tzinfo=UTC)
TODAY = NOW.date()
_WHAT = (
    "I asked how the week was going",
    "I corrected the figures in front of the others",
    "I cancelled our one-to-one",
    "I said sorry for Tuesday",
    "They sent the notes without being asked",
    "I thanked them for staying late",
    "They did not answer when I asked for the list",
    "Coffee together",
)
_OF_HARM = {Pattern.HARM_UNREPAIRED, Pattern.HARMS_IN_ONE_CHANNEL, Pattern.HARMS_WHEN_THEY_ARE_OVERLOADED}
_ALL_WELL = {Pattern.STEADY_GOOD, Pattern.IMPROVING}


class Journal:
    """A journal as chance has it, and what each place says of it."""

    def __init__(self, seed: int) -> None:
        chance = random.Random(seed)
        self.people = [_person(chance, n) for n in range(chance.randint(1, 9))]
        self.moments = sorted(
            (_moment(chance, n, chance.choice(self.people)) for n in range(chance.randint(0, 60))),
            key=lambda it: it.happened_at,
        )
        self.contacts = {it.id: _contact(theirs) for it in self.people if (theirs := self.of(it))}
        since = looked_back(TODAY)
        self.late = [it for it in self.moments if it.happened_at.date() >= since]
        self.ties = ties(self.people, self.late, self.contacts, TODAY)
        self.today = every_thing(self.people, self.contacts, [], TODAY, self.late)
        self.map = {it.name: set(it.people) for it in self._checks()}
        self.team = {it.sign: {person.id for person in it.people} for it in self._team()}

    def of(self, person: Person) -> list[Moment]:
        return [it for it in self.moments if it.person_id == person.id]

    def shown(self, why: Why) -> set[str]:
        """The people Today would show for a reason, were there room."""
        return {it.person.id for it in self.today if it.why is why and it.person}

    def found(self, person: Person) -> set[Pattern | None]:
        """The patterns of a person's page."""
        told = findings(person, self.of(person), NOW, lambda *_: "")
        return {it.pattern for it in told}

    def _checks(self):
        return coverage(self.people, self.moments[-200:], TODAY, self.ties)

    def _team(self):
        return team(self.people, self.late, self.contacts, TODAY).shown


def _person(chance: random.Random, n: int) -> Person:
    due = TODAY - timedelta(days=chance.randint(0, 9))
    return Person(
        f"p{n}",
        f"Colleague {n}",
        NOW - timedelta(days=400),
        relation=chance.choice([*Relation, Relation.REPORT, None]),
        promises=(Promise(f"pr{n}", chance.choice(list(By)), "the draft", NOW, due),) if chance.random() < 0.3 else (),
        longest_days=chance.choice([None, None, 10, 40]),
        rest_until=TODAY + timedelta(days=3) if chance.random() < 0.1 else None,
    )


def _moment(chance: random.Random, n: int, person: Person) -> Moment:
    at = NOW - timedelta(
        days=chance.choice([chance.randint(0, 20), chance.randint(0, 300)]), hours=chance.randint(0, 9)
    )
    how = chance.choice(list(Channel)), chance.choice(list(By)), chance.choice(_WHAT), chance.choice(list(Landed))
    return Moment(f"m{n}", person.id, at, *how, at)


def _contact(theirs: list[Moment]) -> Contact:
    days = [it.happened_at for it in theirs]
    return Contact(len(days), max(days), min(days))


@pytest.mark.parametrize("seed", range(30, 60))
def test_no_two_places_disagree(seed: int) -> None:
    it = Journal(seed)
    minded = {person.id for person in it.people if not resting(person, TODAY)}
    harmed = {id_ for id_, tie in it.ties.items() if tie.mine} & minded
    reports = {person.id for person in it.people if person.relation is Relation.REPORT}
    assert it.shown(Why.HARM) == harmed
    assert it.map.get("harm_open", set()) == harmed
    assert it.team.get(Sign.HARM_OPEN, set()) == harmed & reports
    silent = it.shown(Why.TOUCH)
    assert silent <= it.map.get("losing_touch", set()) | it.map.get("good_ones_neglected", set())
    assert it.map.get("losing_touch", set()) <= silent
    assert it.team.get(Sign.LOSING_TOUCH, set()) == silent & reports
    for person in it.people:
        _agrees(it, person, person.id in minded)


def _agrees(it: Journal, person: Person, minded: bool) -> None:
    """What a person's page and the sheet for a talk say, beside what is open."""
    tie, found = it.ties[person.id], it.found(person)
    sheet = question(person, [], True, TODAY, tie.open)
    if tie.open.harms and len(it.of(person)) >= FEWEST:
        assert found & _OF_HARM
        assert not found & _ALL_WELL
    if Pattern.HARM_UNREPAIRED in found:
        assert tie.open.harms
    if minded and tie.mine:
        assert sheet.ask is Ask.MY_HARM
        assert sheet.moment == tie.mine[-1]
    if sheet.ask in {Ask.MY_PROMISE, Ask.CALLED_OFF}:
        assert not tie.mine
    assert all(TODAY - harm.happened_at.date() <= LATELY for harm in tie.mine)


def test_a_contact_starts_the_days_anew_and_each_has_a_rhythm_of_their_own() -> None:
    often, seldom = Person("a", "A", NOW), Person("b", "B", NOW)
    contacts = {
        "a": Contact(20, NOW - timedelta(days=25), NOW - timedelta(days=120)),
        "b": Contact(5, NOW - timedelta(days=25), NOW - timedelta(days=200)),
    }
    silent = things([often, seldom], contacts, [], TODAY)
    assert [(it.person, it.why, it.days) for it in silent] == [(often, Why.TOUCH, 25)]
    contacts["a"] = Contact(21, NOW - timedelta(days=1), contacts["a"].first)
    assert things([often, seldom], contacts, [], TODAY) == ()


def test_todays_three_begin_with_the_users_own_harm() -> None:
    people = [
        Person(f"p{n}", f"P{n}", NOW, promises=(Promise("1", By.ME, "the draft", NOW, TODAY),) if n else ())
        for n in range(6)
    ]
    harm = Moment("m", "p0", NOW, Channel.MEETING, By.ME, "I snapped at him", Landed.HARMED, NOW)
    shown = things(people, {"p0": Contact(1, NOW)}, [], TODAY, [harm])
    assert [it.why for it in shown] == [Why.HARM, Why.PROMISE, Why.PROMISE]
    assert len(shown) == MOST
