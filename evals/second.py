"""A second opinion on what the user saw: the coach's own checker, run again over the whole of it. Pure.

Evals' own list (``violations``) is short and independent; the checker is long and the coach's. Both are counted, since
each is blind where the other sees: the checker cannot miss less here than it did in the turn, but it meets the words
as they were shown, after a language model worded them and pieces were joined.
"""

from __future__ import annotations

from collections.abc import Mapping

from coach.domain.principles import Principle
from coach.domain.readings import ROUTES, Reading
from coach.domain.violations import Context, Violation
from coach.planning import checks
from evals.gates import Shown

NAME = "checker"


def found(shown: Shown, reading: Reading | None, cards: Mapping[str, Principle]) -> list[str]:
    """Return "checker: name (sentence)" for everything the coach's checker finds in a reply and its plan."""
    plan = shown.plan
    account = reading.account if reading else None
    parties = account.parties if account else ()
    people = tuple(dict.fromkeys(name for party in parties for name in (party.name, party.call) if name))
    asked = account.asked if account else ()
    seen = tuple(each.text for each in plan.seen) if plan else ()
    guessed = tuple(each.text for each in plan.guessed) if plan else ()
    told = (reading.text,) if reading else ()
    context = Context(
        route=ROUTES[shown.kind],
        people=people,
        quotes=(*seen, *guessed, *told, *(cards[c.principle].text for c in shown.citations if c.principle in cards)),
        known=seen,
    )
    hits: list[Violation] = []
    if plan:
        instead = dict.fromkeys(checks.FIELDS, "")
        hits = list(checks.check_plan(plan, cards, set(cards), people, asked, instead)[1])
    return [f"{NAME}: {hit.name} ({hit.sentence})" for hit in (*checks.violations(shown.reply, context), *hits)]
