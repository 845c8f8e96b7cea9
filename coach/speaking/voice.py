"""Opens the speech of a turn. Holds what turns share: the language models, the texts, the clock, the time allowed."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from functools import cached_property

from coach.coaching import wording
from coach.domain.errands import Errand
from coach.domain.people import Person
from coach.domain.readings import Kind, Mention, Reading
from coach.planning.verification import Standard
from coach.ports import LanguageModels, Texts
from coach.safety.orders import is_name
from coach.speaking.answering import Answer, Question
from coach.speaking.asking import Asking, Occasion
from coach.speaking.retelling import retold
from coach.speaking.second import SecondReading
from coach.speaking.sitting import Sitting, Wanted
from coach.speaking.speech import Brief, Speech

SYSTEMS: Mapping[str, Mapping[str, str]] = {
    "wording": {}, "plan": {}, "reading": {}, "swap": {}, "english": {}, "session": {},
    "answer": {"language": "English"},
}  # fmt: skip
"""The texts a language model gets as orders, with their values; none of them may be said."""

RESERVE = 0.95
"""The share of the time allowed that a language model may take; the rest is for saying the kept words."""


class Voice:
    """What a conversation speaks with when a language model is configured. Holds no state of a turn.

    ``swaps``: events are told from the other side as well (COACH_ROLE_SWAP).
    """

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

    @cached_property
    def _standard(self) -> Standard:
        orders = tuple(self._prompts.render(f"{name}.system", **values) for name, values in SYSTEMS.items())
        return Standard(orders, wording.vocabulary(self._prompts))

    @property
    def name(self) -> str:
        """The language model's name."""
        return self._models.name

    def occasion(self, user: str, turn_id: str, people: Sequence[Person]) -> Occasion:
        """Return what all errands of a turn that begins now share."""
        return Occasion(user, turn_id, tuple(people), self._clock() + self._patience * RESERVE)

    def speech(self, brief: Brief) -> Speech:
        """Return the speech of one turn, not begun."""
        return Speech(brief, self._prompts, self.name, self._asking(brief.occasion, brief.read.people), self._standard)

    def second(
        self, occasion: Occasion, read: Reading, doubted: Kind | None, proof: Callable[[str], bool]
    ) -> SecondReading:
        """Return a second reading of a message, not begun."""
        return SecondReading(read, doubted, proof, self._prompts, self._asking(occasion, read.people))

    def answer(self, question: Question) -> Answer:
        """Return the answer to a follow-up, not begun."""
        people = (*question.read.people, *question.subject.people)
        return Answer(question, self._prompts, self.name, self._asking(question.occasion, people), self._standard)

    def sitting(self, wanted: Wanted) -> Sitting:
        """Return the wording of a session's message, not begun."""
        return Sitting(wanted, self._prompts, self.name, self._asking(wanted.occasion, ()), self._standard)

    async def retold(self, brief: Brief) -> str | None:
        """Return the event told from the other side, or None when no such telling came."""
        asking = self._asking(brief.occasion, brief.read.people)
        return await retold(brief.read, brief.plan, self._prompts, asking("swap"))

    def _asking(self, occasion: Occasion, mentions: Sequence[Mention]) -> Callable[[str], Asking]:
        names = {*(person.name for person in occasion.people), *(each.label for each in mentions)}
        unsafe = [name for name in names if not is_name(name)]

        def asking(why: str) -> Asking:
            bound = self._models.bound(Errand(occasion.user, occasion.turn_id, why), occasion.people, mentions)
            return Asking(bound, self._clock, occasion.deadline, unsafe)

        return asking
