"""A second opinion on what the user saw: the coach's own checker, run again over the whole of it. Pure.

Evals' own list (``violations``) is short and independent; the checker is long and the coach's. Both are counted, since
each is blind where the other sees: the checker cannot miss less here than it did in the turn, but it meets the words
as they were shown, after a language model worded them and pieces were joined.
"""

from __future__ import annotations

from collections.abc import Mapping

from coach.coaching import checks, wording
from coach.domain.checking import Context
from coach.domain.principles import Principle
from coach.domain.readings import ROUTES, Reading
from evals.gates import Shown

NAME = "checker"


def found(shown: Shown, reading: Reading | None, cards: Mapping[str, Principle]) -> list[str]:
    """Return "checker: name (sentence)" for everything the coach's checker finds in a reply and its plan."""
    plan = shown.plan
    context = Context(route=ROUTES[shown.kind], quotes=(reading.text,) if reading else ())
    hits = []
    if plan and reading:
        quotes = tuple(cards[c.principle].text for c in plan.citations if c.principle in cards)
        context = wording.ground(plan, reading, (), "", quotes).context
    if plan:
        instead = dict.fromkeys(checks.FIELDS, "")
        hits = list(checks.check_plan(plan, cards, set(cards), reading, instead)[1])
    return [f"{NAME}: {hit.name} ({hit.sentence})" for hit in (*checks.violations(shown.reply, context), *hits)]
