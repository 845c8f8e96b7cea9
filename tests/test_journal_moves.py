"""Plans made from a person's moments alone: whatever they show, there is a move for it, and a second one behind it."""

import itertools
import re
from datetime import datetime, timedelta

from coach.domain.accounts import Account
from coach.domain.moments import By, Channel, Landed, Moment
from coach.domain.people import Person, Relation
from coach.domain.plans import Finding, OwnPartLevel, Pattern, RepairPlan
from coach.noticing import retold
from coach.planning.composition import Ground, compose
from coach.planning.moves import JOURNAL, choose
from many import many
from scenes import cards, moves, texts

NOW = datetime(2026, 11, 30, 9, 0)
_RELATIONS = (None, Relation.PEER, Relation.MANAGER, Relation.REPORT)
_GOOD = {Pattern.IMPROVING, Pattern.STEADY_GOOD, Pattern.NEGLECTED_GOOD_RELATIONSHIP, Pattern.ONLY_BIG_EVENTS}
_HARMS = {Pattern.HARM_UNREPAIRED}


def told(pattern: Pattern | None, by: By, landed: Landed, relation: Relation | None) -> Account:
    """The account of three moments by one side, which all landed alike and show one pattern, or none."""
    kept = [
        Moment(f"m{n}", "p", NOW - timedelta(days=9 - n), Channel.MEETING, by, "what happened", landed, NOW)
        for n in range(3)
    ]
    found = Finding(pattern, tuple(moment.id for moment in kept), len(kept), "")
    return retold.account(Person("p", "Tom", NOW, relation=relation), kept, [found])


def shown() -> list[tuple[Pattern | None, By, Landed, Relation | None]]:
    """Every pattern, and none, by either side, for every relation; what hurt is told as harm, the rest as it may be."""
    return [
        (pattern, by, Landed.HARMED if pattern in _HARMS else Landed.INDIFFERENT, relation)
        for pattern, by, relation in itertools.product((None, *Pattern), By, _RELATIONS)
    ] + [(None, by, Landed.HARMED, relation) for by, relation in itertools.product(By, _RELATIONS)]


def planned(account: Account) -> RepairPlan:
    move = choose(account, moves())
    assert move is not None
    ids = (f"id-{n}" for n in itertools.count())
    return compose(move, Ground(account, NOW, cards()), moves(), texts(), lambda: next(ids))


@many("case", shown)
def test_whatever_the_moments_show_has_a_move_of_its_own(case: tuple[Pattern | None, By, Landed, Relation | None]):
    account = told(*case)
    move = choose(account, moves())
    assert move is not None, case
    assert move.source == JOURNAL, case
    assert move.needs, case


@many("case", shown)
def test_a_plan_from_the_journal_that_is_turned_down_has_another_behind_it(
    case: tuple[Pattern | None, By, Landed, Relation | None],
):
    account = told(*case)
    first = choose(account, moves())
    assert first is not None
    second = choose(account, moves(), [first.name])
    assert second is not None, case
    assert second.words["headline"] != first.words["headline"]


def test_a_good_pattern_is_tended_and_nothing_in_it_is_owned():
    for pattern, by in itertools.product(_GOOD, By):
        plan = planned(told(pattern, by, Landed.HELPED, None))
        assert plan.stance == "tend"
        assert plan.own_part.level is OwnPartLevel.NONE
        assert not any(re.search(r"\bsorry\b", step.say) for step in plan.steps)


def test_own_harm_that_is_not_mended_is_owned_and_theirs_is_not():
    for relation in _RELATIONS:
        mine = planned(told(Pattern.HARM_UNREPAIRED, By.ME, Landed.HARMED, relation))
        theirs = planned(told(Pattern.HARM_UNREPAIRED, By.THEM, Landed.HARMED, relation))
        assert mine.own_part.level is OwnPartLevel.CLEAR
        assert theirs.own_part.level is OwnPartLevel.NONE
        assert not any(re.search(r"\b(?:sorry|apologi[sz]e)\b", step.say) for step in theirs.steps)
