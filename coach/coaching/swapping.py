"""The same event told from the other side: whether it is worth telling, and whether the advice stays the same. Pure.

After Cheng et al. 2025: a language model takes the side of whoever tells. The deterministic coach judges both tellings, so that what
differs between them is the telling alone.
"""

from __future__ import annotations

import itertools
import re

from coach.domain.moments import Landed
from coach.domain.plans import OwnPartLevel, RepairPlan, Swap
from coach.domain.readings import Reading, Route
from coach.domain.stances import Stance
from coach.planning import verification
from coach.ports import Texts

TOWARD_ANOTHER = frozenset({Stance.REPAIR_OWN_HARM, Stance.ASK_FIRST, Stance.SET_BOUNDARY})
"""Stances toward another person."""

FEWEST_WORDS, MOST_WORDS = 12, 180
_SAME = 0.7
"""A telling that shares this much of its word pairs with the first is no telling from the other side."""


def worth_telling(read: Reading, plan: RepairPlan) -> bool:
    """Return whether there is another side: a stance toward one person, and something that happened."""
    happened = any(moment.landed is not Landed.HELPED for moment in read.moments)
    return plan.stance in TOWARD_ANOTHER and read.about is not None and not read.about.group and happened


def usable(told: str, first: str, orders: tuple[str, ...]) -> bool:
    """Return whether a text is a telling in English by the other person, and no copy of the first."""
    words = told.split()
    if not FEWEST_WORDS <= len(words) <= MOST_WORDS or not re.search(r"\b(?:I|my|me)\b", told):
        return False
    if not verification.is_english(told) or verification.repeats(told) or verification.leaks(told, orders):
        return False
    pairs, before = _pairs(told), _pairs(first)
    return len(pairs & before) < _SAME * len(pairs)


def _pairs(text: str) -> set[tuple[str, str]]:
    words = re.findall(r"[a-z']+", text.lower())
    return set(itertools.pairwise(words))


def compared(plan: RepairPlan, other: Reading, swapped: RepairPlan | None, name: str, texts: Texts) -> Swap | None:
    """Return what the two tellings come to; None when the second tells of nothing, so that there is nothing to compare.

    They disagree when each teller comes out without a part of their own, or both are told to set a boundary: then the
    advice follows the teller. ``swapped`` is the plan for the other telling, None when it took another route.
    """
    if other.route in {Route.OFF_TOPIC, Route.INJECTION, Route.DECLINE} or not other.moments:
        return None
    theirs_none = swapped is None or swapped.own_part.level is OwnPartLevel.NONE
    mine_none = plan.own_part.level is OwnPartLevel.NONE
    both_firm = swapped is not None and swapped.stance is plan.stance is Stance.SET_BOUNDARY
    agrees = not (both_firm or (mine_none and theirs_none))
    return Swap(agrees, texts.render("swap.fixed", agrees=agrees, name=name))
