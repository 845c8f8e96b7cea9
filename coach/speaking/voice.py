"""Opens the speech of a turn. Holds what turns share: the language models, the texts, the clock, the time allowed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from coach.domain.errands import Errand
from coach.ports import LanguageModels, Texts
from coach.speaking.asking import Asking
from coach.speaking.speech import Brief, Speech

RESERVE = 0.95
"""The share of the time allowed that a language model may take; the rest is for saying the kept words."""


class Voice:
    """What a conversation speaks with when a language model is configured. Holds no state of a turn."""

    def __init__(
        self,
        models: LanguageModels,
        prompts: Texts,
        clock: Callable[[], datetime],
        patience: timedelta,
        *,
        swaps: bool = True,
    ) -> None:
        self._models, self._prompts, self._clock, self._patience, self.swaps = models, prompts, clock, patience, swaps

    @property
    def name(self) -> str:
        """The language model's name."""
        return self._models.name

    def deadline(self) -> datetime:
        """Return the time by which a turn that begins now has to be whole."""
        return self._clock() + self._patience * RESERVE

    def asking(self, brief: Brief, why: str) -> Asking:
        """Return the language model for one errand of a turn."""
        bound = self._models.bound(Errand(brief.user, brief.turn_id, why), brief.people, brief.read.people)
        return Asking(bound, self._clock, brief.deadline)

    def speech(self, brief: Brief) -> Speech:
        """Return the speech of one turn, not begun."""
        return Speech(brief, self._prompts, self.name, lambda why: self.asking(brief, why))
