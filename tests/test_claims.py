"""What a session says of the journal: every claim of simulated quarters against what was planted, who, count, window.

The planting knows nothing of the code that claims: it writes down what is so while it makes the moments.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, time, timedelta

import pytest

from coach.app import texts
from coach.domain.moments import By, Channel, Landed, Moment
from coach.domain.people import Person, Promise, Relation
from coach.noticing import evidence, patterns
from coach.noticing.evidence import Fact
from coach.noticing.wording import fact_sentence, finding_sentence

TODAY = datetime(2024, 5, 6, 9, 30, tzinfo=UTC)
NAMES = ("Yusuf", "Lena", "Dana", "Kim", "Omar", "Ines", "Tariq", "Bea")
QUARTERS = 6


@dataclass
class Truth:
    """What is so of one person, as it was planted."""

    good: list[int] = field(default_factory=list)
    """Days ago of moments that helped."""
    lost: list[tuple[int, By]] = field(default_factory=list)
    """Talks that were called off: days ago, by whom."""
    harmed: list[int] = field(default_factory=list)
    """Harms of mine that nothing mended."""
    promise: str = ""
    every: list[int] = field(default_factory=list)


class Quarter:
    """A team of eight over three months, and what is so of each."""

    def __init__(self, seed: int) -> None:
        self.rng = random.Random(seed)
        self.moments: list[Moment] = []
        self.truth = {name: Truth() for name in NAMES}
        self.people = [self._person(name) for name in NAMES]
        for n, name in enumerate(NAMES):
            self._plant(name, (n + seed) % 8)
        self.moments.sort(key=lambda each: (each.happened_at, each.noted_at))

    def _person(self, name: str) -> Person:
        created = TODAY - timedelta(days=200)
        return Person(name.casefold(), name, created, relation=Relation.REPORT)

    def add(self, name: str, ago: int, what: str, by: By, landed: Landed, channel: Channel) -> None:
        day = (TODAY - timedelta(days=ago)).date()
        at = datetime.combine(day, time(12), UTC)  # a day given without an hour is filed at noon
        noted = at + timedelta(minutes=len(self.moments))
        id_ = f"m{len(self.moments)}"
        self.moments.append(Moment(id_, name.casefold(), at, channel, by, what, landed, noted))
        self.truth[name].every.append(ago)
        if landed is Landed.HELPED:
            self.truth[name].good.append(ago)

    def _plant(self, name: str, sort: int) -> None:
        truth, ago = self.truth[name], self.rng.randrange
        if sort == 0:
            return  # nothing is noted
        if sort in {1, 2}:  # two or three talks called off, by me, by them or by both
            for n in range(sort + 1):
                by = (By.ME, By.THEM, By.ME)[n] if sort == 2 else By.ME
                day = ago(2, 80)
                who = "I" if by is By.ME else name
                self.add(name, day, f"{who} cancelled our one-to-one", by, Landed.INDIFFERENT, Channel.MEETING)
                truth.lost.append((day, by))
        if sort == 3:  # a harm, mended on the same day
            day = ago(3, 60)
            self.add(name, day, f"I snapped at {name} at the desk", By.ME, Landed.HARMED, Channel.IN_PERSON)
            self.add(name, day, f"I said sorry to {name} for it", By.ME, Landed.HELPED, Channel.IN_PERSON)
        if sort == 4:  # a harm that nothing mended
            day = ago(3, 60)
            self.add(name, day, f"I corrected {name} before the others", By.ME, Landed.HARMED, Channel.MEETING)
            truth.harmed.append(day)
        if sort == 5:  # good, and 25 days ago
            self.add(name, 25, f"I thanked {name} for the list", By.ME, Landed.HELPED, Channel.CHAT)
        if sort == 6:  # congratulations to one are no thanks to another
            self.add(name, ago(40, 80), f"{name} brought the figures early", By.THEM, Landed.HELPED, Channel.EMAIL)
        if sort == 7:
            self.add(name, ago(35, 85), f"{name} answered with one word", By.THEM, Landed.INDIFFERENT, Channel.CHAT)
            truth.promise = "the new chairs"
        if sort in {1, 2} and self.rng.random() < 0.5:
            self.add(name, ago(3, 29), f"Coffee with {name}", By.ME, Landed.HELPED, Channel.IN_PERSON)

    def facts(self) -> list[Fact]:
        """Everything a session could say of the team and of each of them."""
        found = {}
        for person in self.people:
            theirs = self.of(person)
            if theirs:
                sentence = finding_sentence(texts(), theirs)
                found[person.id] = patterns.findings(person, theirs, TODAY, sentence)
        told = list(evidence.of_team(self.people, self.moments, found, TODAY.date()))
        for person in self.people:
            told += evidence.of_person(self._promised(person), self.of(person), found.get(person.id, ()), TODAY.date())
        return told

    def of(self, person: Person) -> list[Moment]:
        return [each for each in self.moments if each.person_id == person.id]

    def _promised(self, person: Person) -> Person:
        what = self.truth[person.name].promise
        promises = (Promise("p", By.ME, what, TODAY - timedelta(days=9)),) if what else ()
        return Person(person.id, person.name, person.created_at, relation=person.relation, promises=promises)

    def holds(self, fact: Fact) -> bool:
        """Whether a claim is so, by what was planted: of whom, how many, and since when."""
        truths = [self.truth[person.name] for person in fact.people]
        days = [(TODAY.date() - each.happened_at.date()).days for each in fact.moments]
        match fact.name:
            case "left_out":
                (truth,) = truths
                nearest = min(truth.good) if truth.good else None
                shown = [nearest] if nearest is not None else [min(truth.every)]
                return (nearest is None or nearest > 30) and fact.n == len(truth.good) and days == shown
            case "left_out_too":
                return all(truth.every and not any(ago <= 30 for ago in truth.good) for truth in truths)
            case "nothing_noted":
                return all(not truth.every for truth in truths)
            case "lost_meetings":
                (truth,) = truths
                mine = sum(by is By.ME for _, by in truth.lost)
                return (fact.n, fact.mine) == (len(truth.lost), mine) and sorted(days) == sorted(
                    ago for ago, _ in truth.lost
                )
            case "finding" | "unmended":
                (truth,) = truths
                return len(truth.harmed) == fact.n and days == truth.harmed[-1:]
            case "my_promise":
                return truths[0].promise == fact.sentence
            case "last":
                return days == [min(truths[0].every)]
        return False


def test_each_of_more_than_forty_claims_is_so() -> None:
    claims = [(quarter, fact) for quarter in map(Quarter, range(QUARTERS)) for fact in quarter.facts()]
    assert len(claims) > 40
    names = {fact.name for _, fact in claims}
    assert {"left_out", "left_out_too", "nothing_noted", "lost_meetings", "unmended", "my_promise", "last"} <= names
    wrong = [(fact.name, [person.name for person in fact.people], fact.n) for q, fact in claims if not q.holds(fact)]
    assert wrong == []


@pytest.mark.parametrize("seed", range(QUARTERS))
def test_nobody_who_should_be_named_is_left_out(seed: int) -> None:
    quarter = Quarter(seed)
    told = quarter.facts()
    named = {(fact.name, person.name) for fact in told for person in fact.people}
    for name, truth in quarter.truth.items():
        if truth.harmed:
            assert {("finding", name), ("unmended", name)} & named
        if len(truth.lost) >= 2:
            assert ("lost_meetings", name) in named
        if truth.promise:
            assert ("my_promise", name) in named
        if not truth.every:
            assert ("nothing_noted", name) in named


def test_a_good_moment_of_25_days_ago_is_within_the_month() -> None:
    quarter = Quarter(0)
    recent = [name for name, truth in quarter.truth.items() if truth.good == [25]]
    assert recent
    told = [fact for fact in quarter.facts() if fact.name.startswith("left_out")]
    assert not {person.name for fact in told for person in fact.people} & set(recent)


def test_a_harm_mended_on_the_same_day_is_not_called_unmended() -> None:
    quarter = Quarter(0)
    mended = [
        name for name, truth in quarter.truth.items() if not truth.harmed and truth.good and len(truth.every) == 2
    ]
    told = {person.name for fact in quarter.facts() if fact.name in {"finding", "unmended"} for person in fact.people}
    assert not told & set(mended)


def test_an_ask_that_nothing_answered_is_told_and_one_that_was_answered_is_not() -> None:
    quarter = Quarter(0)
    kim, lena = (next(each for each in quarter.people if each.name == name) for name in ("Kim", "Lena"))
    quarter.moments = []
    quarter.add("Kim", 9, "Kim asked me for the new rota", By.THEM, Landed.INDIFFERENT, Channel.EMAIL)
    quarter.add("Lena", 8, "Lena asked me for a quiet hour", By.THEM, Landed.INDIFFERENT, Channel.EMAIL)
    quarter.add("Lena", 3, "Went through it with Lena", By.ME, Landed.HELPED, Channel.IN_PERSON)
    told = {each.name: evidence.of_person(each, quarter.of(each), (), TODAY.date()) for each in (kim, lena)}
    assert [fact.name for fact in told["Kim"]] == ["asked"]
    assert "asked" not in {fact.name for fact in told["Lena"]}
    team = evidence.of_team(quarter.people, quarter.moments, {}, TODAY.date())
    assert (team[0].name, team[0].people) == ("asked", (kim,))


def test_a_harm_of_the_leader_that_is_open_comes_before_anything_else() -> None:
    quarter = Quarter(0)
    quarter.moments = []
    quarter.add("Omar", 50, "Coffee with Omar", By.ME, Landed.HELPED, Channel.IN_PERSON)
    quarter.add("Bea", 12, "I snapped at Bea in the stand-up", By.ME, Landed.HARMED, Channel.MEETING)
    team = evidence.of_team(quarter.people, quarter.moments, {}, TODAY.date())
    assert (team[0].name, [each.name for each in team[0].people]) == ("unmended", ["Bea"])
    assert "left_out" in {fact.name for fact in team}


def _of_a_young_journal(days: int) -> Quarter:
    quarter = Quarter(0)
    quarter.moments, quarter.people = (
        [],
        [replace(it, created_at=TODAY - timedelta(days=days)) for it in quarter.people],
    )
    for name, ago in (("Kim", 5), ("Bea", 4), ("Omar", 3)):
        day = TODAY - timedelta(days=ago)
        moment = Moment(
            name,
            name.casefold(),
            day,
            Channel.MEETING,
            By.ME,
            f"I put {name} off",
            Landed.HARMED,
            TODAY - timedelta(days=days),
        )
        quarter.moments.append(moment)
    return quarter


def test_a_journal_of_a_day_shows_no_gap() -> None:
    quarter = _of_a_young_journal(1)
    team = evidence.of_team(quarter.people, quarter.moments, {}, TODAY.date())
    assert {fact.name for fact in team} == {"unmended"}


def test_a_gap_is_told_over_the_days_there_has_been_a_journal() -> None:
    quarter = _of_a_young_journal(20)
    quarter.moments = [replace(it, landed=Landed.INDIFFERENT) for it in quarter.moments]
    team = evidence.of_team(quarter.people, quarter.moments, {}, TODAY.date())
    told = [fact_sentence(fact, texts()) for fact in team if fact.name == "left_out"]
    assert told[0].startswith("Kim: no good moment noted in the 20 days that you have kept this journal")


def test_nobody_is_told_of_twice_with_one_moment() -> None:
    quarter = _of_a_young_journal(100)
    team = evidence.of_team(quarter.people, quarter.moments, {}, TODAY.date())
    named = [person.name for fact in team for person in fact.people]
    assert len(named) == len(set(named))


def test_a_harm_of_the_leaders_own_is_told_without_counting_those_of_others() -> None:
    quarter = Quarter(0)
    quarter.moments = []
    quarter.add("Kim", 9, "Kim moved the date again", By.THEM, Landed.HARMED, Channel.MEETING)
    quarter.add("Kim", 8, "I rewrote the work of Kim", By.ME, Landed.HARMED, Channel.CHAT)
    kim = next(each for each in quarter.people if each.name == "Kim")
    found = patterns.findings(kim, quarter.of(kim), TODAY, finding_sentence(texts(), quarter.moments))
    [fact, *_] = evidence.of_person(kim, quarter.of(kim), found, TODAY.date())
    assert "“I rewrote the work of Kim”, which landed badly; nothing noted since" in fact_sentence(fact, texts())
