"""Is what happened among the lines of the ask card: first, among the first four, among four once its group is tapped?

Grades cards against labels; makes the card as a turn of a new user does. Establishes nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from coach.domain.asks import Ask
from coach.domain.events import Catalogue
from coach.reading import choices
from evals.accounts import labelled
from evals.coached import Coached
from evals.outcomes import Outcome, Row, share


@dataclass(frozen=True, slots=True)
class Offered:
    """A card, and the main events that would do for its message: none where the catalogue has no event for it."""

    ask: Ask
    fine: tuple[str, ...]


async def run(coached: Coached, cases: Path, accounts: Path) -> Outcome:
    """Make the card of every labelled message and look for its main event."""
    catalogue = coached.catalogue
    offered, rows = [], []
    for case, label in labelled(cases, accounts):
        ranked = coached.parts.knowledge.ranked(case.message)
        found = Offered(choices.card(case.id, case.message, (), catalogue, ranked), label.fine(catalogue))
        offered.append(found)
        rows.append({"id": case.id, "main": label.main_event, "also_fine": label.also_fine, **_row(found, catalogue)})
    return Outcome(grade(offered, catalogue), rows, parts=by_group(offered, catalogue))


def grade(offered: Sequence[Offered], catalogue: Catalogue) -> dict[str, float]:
    """Return {"n", "top1", "top4", "top4_in_group", "none"}.

    The three are shares of the cases whose main event is in the catalogue; the others count in ``none`` only.
    """
    some = [each for each in offered if each.fine]
    return {
        "n": len(some),
        "top1": share([each.ask.best[0].id in each.fine for each in some]),
        "top4": share([bool(_best(each.ask) & set(each.fine)) for each in some]),
        "top4_in_group": share([in_group(each, catalogue) for each in some]),
        "none": len(offered) - len(some),
    }


def in_group(offered: Offered, catalogue: Catalogue) -> bool:
    """Say whether one of the events that would do is shown once its own group is tapped."""
    shown = {group.id: {choice.id for choice in group.options} for group in offered.ask.groups}
    return any(event in shown.get(catalogue.entry(event).group, ()) for event in offered.fine)


def by_group(offered: Sequence[Offered], catalogue: Catalogue) -> dict[str, dict[str, float]]:
    """Return the same figures for each group of the catalogue that a main event belongs to."""
    found = {}
    for group in catalogue.groups:
        own = [each for each in offered if each.fine and catalogue.entry(each.fine[0]).group == group.id]
        if own:
            found[group.id] = {name: value for name, value in grade(own, catalogue).items() if name != "none"}
    return found


def _best(ask: Ask) -> set[str]:
    return {choice.id for choice in ask.best}


def _row(offered: Offered, catalogue: Catalogue) -> Row:
    best = [choice.id for choice in offered.ask.best]
    if not offered.fine:
        return {"best": best}
    place = next((at for at, event in enumerate(best, 1) if event in offered.fine), None)
    return {"best": best, "place": place, "in_group": in_group(offered, catalogue)}
