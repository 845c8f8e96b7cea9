"""What came of letting a language model speak: its name, what was not said and why. Filled as a turn goes on."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field

from coach.domain.plans import Checked, RepairPlan, Swap
from coach.domain.readings import Reading
from coach.domain.violations import Replaced

_NOT_KEPT = frozenset({"leak"})
"""Faults of sentences that are not even kept for the user to look at."""


@dataclass(slots=True)
class Spoken:
    """The outcome so far. ``name`` is "none" until a sentence of the language model was said."""

    name: str = "none"
    replaced: list[Replaced] = field(default_factory=list)
    found: int = 0
    notice: str = ""
    plan: RepairPlan | None = None
    reading: Reading | None = None
    swap: Swap | None = None

    def replace(self, where: str, said: str, because: Collection[str], instead: str) -> None:
        """Note a sentence that was not said, and what stands in its place."""
        shown = "" if _NOT_KEPT & set(because) else said[:400]
        self.replaced.append(Replaced(where, shown, tuple(because), instead))

    def checked(self, before: Checked) -> Checked:
        """Return what the checker did to a plan, with what it did to the language model's words."""
        return Checked(before.violations_found + self.found, before.sentences_replaced + len(self.replaced), self.name)
