"""Plans made from a journal alone: whether there is one, shows the pattern, and puts the user's own harm first.

Knows histories and plans; what counts as unmended is counted here by itself, not asked of the coach.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from coach.domain.moments import By, Landed, Moment
from coach.domain.plans import OwnPartLevel, RepairPlan
from evals.coached import Coached
from evals.histories import History

_MENDED = 2
"""Good moments after a harm, by whichever side, that let it rest."""


@dataclass(frozen=True, slots=True)
class Noted:
    """What came of one history. ``harm``: the user's own that stands unmended. ``without``: the plan without it."""

    history: History
    plan: RepairPlan
    harm: Moment | None
    without: RepairPlan | None

    @property
    def shows_pattern(self) -> bool:
        """Whether the main pattern stands among the findings, with its moments; true where nothing is labelled."""
        named = self.history.patterns[:1]
        return not named or any(each.pattern == named[0] and each.moments for each in self.plan.findings)

    @property
    def harm_leads(self) -> bool:
        """Whether the plan owns the harm: the part is clear, and that moment is among what was seen."""
        seen = {each.moment_id for each in self.plan.seen}
        return self.harm is not None and self.plan.own_part.level is OwnPartLevel.CLEAR and self.harm.id in seen

    @property
    def harm_changes(self) -> bool:
        """Whether the first step or the own part is another than without the harm in the journal."""
        if self.without is None:
            return False
        ours, other = self.plan, self.without
        return (ours.steps[0].action, ours.own_part.level) != (other.steps[0].action, other.own_part.level)


def own_harm(moments: Sequence[Moment]) -> Moment | None:
    """Return the user's last harm, unless a good act of theirs followed it, or two good moments by whichever side."""
    mine = [at for at, each in enumerate(moments) if each.by is By.ME and each.landed is Landed.HARMED]
    if not mine:
        return None
    good = [each for each in moments[mine[-1] + 1 :] if each.landed is Landed.HELPED]
    mended = len(good) >= _MENDED or any(each.by is By.ME for each in good)
    return None if mended else moments[mine[-1]]


async def noted(coached: Coached, history: History) -> Noted:
    """Return the plan of a history, and that of the same history without the user's own harm, if there is one."""
    plan = await _plan(coached, f"noted-{history.id}", history, history.moments)
    harm = own_harm(history.moments)
    without = None
    if harm is not None:
        rest = [each for each in history.moments if not (each.by is By.ME and each.landed is Landed.HARMED)]
        without = await _plan(coached, f"noted-{history.id}-without", history, rest)
    return Noted(history, plan, harm, without)


def grade(found: Sequence[Noted]) -> dict[str, float]:
    """Return the shares: planned, the main pattern in the findings, own harm leading and changing the plan."""
    harmful = [each for each in found if each.harm is not None]
    return {
        "planned": _share([bool(each.plan.steps) for each in found]),
        "pattern_in_findings": _share([each.shows_pattern for each in found]),
        "own_harm": len(harmful),
        "own_harm_leads": _share([each.harm_leads for each in harmful]),
        "own_harm_changes": _share([each.harm_changes for each in harmful]),
    }


def _share(held: Sequence[bool]) -> float:
    return round(sum(held) / len(held), 4) if held else 1.0


async def _plan(coached: Coached, user: str, history: History, moments: Sequence[Moment]) -> RepairPlan:
    await coached.parts.journal.import_(user, exported(history, moments))
    return await coached.parts.conversation.plan(user, history.person.id, history.now)


def exported(history: History, moments: Sequence[Moment]) -> dict[str, Any]:
    """Return a history as the export of a journal."""
    person = {name: value for name, value in asdict(history.person).items() if value is not None}
    for name in ("created_at", "plate_noted_at"):
        if name in person:
            person[name] = person[name].isoformat()
    told = [
        asdict(each) | {"happened_at": each.happened_at.isoformat(), "noted_at": each.noted_at.isoformat()}
        for each in moments
    ]
    empty: dict[str, Any] = {name: [] for name in ("conversations", "turns", "plans", "outcomes", "drafts")}
    return {"format": "coach-export", "version": 1, "people": [person], "moments": told[::-1], **empty}
