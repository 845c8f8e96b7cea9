"""One turn in progress: what was told so far, and what can be read from it. Pure.

Knows the people of the journal and the earlier turns; reads no journal and words nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from coach.domain.accounts import Account
from coach.domain.asks import Action, Ask, DayChoice, Taps
from coach.domain.events import Catalogue
from coach.domain.letters import Letter
from coach.domain.matters import Matter
from coach.domain.people import Person
from coach.domain.turns import Turn
from coach.ports import Knowledge
from coach.reading import choices, taps
from coach.reading.days import Lean, days
from coach.reading.names import found
from coach.rows import pattern


@dataclass(frozen=True, slots=True)
class Case:
    """One turn under way."""

    user: str
    turn: Turn
    matter: Matter
    people: Sequence[Person]
    now: datetime
    person_id: str | None

    @property
    def text(self) -> str:
        """Everything told so far, this message included."""
        told = self.matter.text
        return "\n\n".join(part for part in (told, self.turn.said) if part.strip() and part != told) or told

    def names_of(self, text: str) -> frozenset[str]:
        """Return the names that stand in a text, as written there."""
        return frozenset(found(text, tuple(person.name for person in self.people)))

    def ruled_out(self, tapped: Taps) -> tuple[str, ...]:
        """Return the moves that were turned down: earlier ones, and the open one when another way is asked for."""
        plan = self.matter.plan
        if tapped.action is Action.ANOTHER_PLAN and plan is not None:
            return (*self.matter.ruled_out, plan.scene)
        return self.matter.ruled_out

    def card(self, ask_id: str, knowledge: Knowledge) -> Ask:
        """Return what to ask about everything told so far."""
        ranked = knowledge.ranked(self.text)
        people = tuple(person.name for person in self.people)
        said = self.turn.said
        named = _named(said, self.now.date())
        names = found(self.text, people)
        return choices.card(ask_id, self.text, self.people, knowledge.catalogue, ranked, names, named)

    def tapped(self, some: Taps, catalogue: Catalogue) -> Account:
        """Return what the taps establish, by themselves or in the account so far. Raises BadInput."""
        if some.corrects is not None:
            return taps.corrected(self.matter.account, some, catalogue, self.people)
        asked = [each.text for each in Letter(self.text).sentences if each.text.rstrip(' "”’)').endswith("?")]
        return taps.account(some, catalogue, self.people, asked)

    def person(self, account: Account | None) -> str | None:
        """Return the id of the journal's person whom an account is about, or the one the conversation is about."""
        main = account.main if account else None
        if main is not None and main.person_id:
            return main.person_id
        name = (main.name or "").casefold() if main else ""
        same = next((person.id for person in self.people if name and person.name.casefold() == name), None)
        return same or (self.person_id if account is None or main is None else None)


def _named(said: str, today: date) -> list[DayChoice]:
    """Return the days that words name. What has to be done by a day lies ahead, whichever way its verbs lean."""
    told = days(said, today)
    due = {each.start for each in told if pattern("words/due", "due").search(said[: each.start].lower())}
    ahead = {each.start: each.on for each in days(said, today, Lean.PLANNED) if each.start in due} if due else {}
    on = [ahead.get(each.start, each.on) for each in told]
    return [DayChoice(at, said[each.start : each.end], at > today) for at, each in zip(on, told, strict=True)]
