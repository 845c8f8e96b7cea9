"""One turn with a language model under way: what it was given, and what has come so far. Decides nothing."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from coach.answering.request import Messages
from coach.domain.accounts import Account
from coach.domain.people import Person
from coach.domain.plans import Finding
from coach.domain.violations import Replaced
from coach.planning.given import Given
from coach.planning.quoted import Read
from coach.planning.sayable import Fault
from coach.planning.verdict import Ruling
from coach.ports import LanguageModel, Texts


@dataclass
class Course:
    """One turn under way: what it was given, and what has come so far."""

    given: Given
    request: Messages
    model: LanguageModel
    texts: Texts
    people: Sequence[Person]
    clock: Callable[[], datetime]
    seconds: float
    turn_id: str
    person_id: Callable[[Account], str | None]
    findings: tuple[Finding, ...]
    new_id: Callable[[], str]
    day: Callable[[str], Any] = lambda _: None
    said: list[str] = field(default_factory=list)
    held: list[Fault] = field(default_factory=list)
    replaced: list[Replaced] = field(default_factory=list)
    read: Read | None = None
    verdict: Ruling | None = None
    asked_again: int = 0

    @property
    def account(self) -> Account:
        """What is established, with this turn."""
        return self.read.account if self.read else self.given.account or Account()

    def until(self, share: float) -> datetime:
        """Return the deadline of a call that may take a share of the time for one."""
        return self.clock() + timedelta(seconds=self.seconds * share)
