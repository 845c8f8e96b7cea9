"""What a session is answered from, and what comes of one message. Data only."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from coach.domain.moments import Moment
from coach.domain.people import Person
from coach.domain.plans import Finding, Outcome
from coach.domain.principles import Citation, Match, Principle
from coach.domain.readings import Kind
from coach.domain.sessions import Part, Session


@dataclass(frozen=True, slots=True)
class Earlier:
    """Something taken on in an earlier session. ``outcome`` None: nobody has said yet what became of it."""

    step_id: str
    words: str
    due: date
    person_id: str | None = None
    outcome: Outcome | None = None


@dataclass(frozen=True, slots=True)
class View:
    """What the journal and the cards hold at ``now``.

    ``moments``: everybody's of the last quarter, oldest first. ``findings``: person id → what their moments show.
    ``retrieve`` finds principles for some words, best first; ``principle`` gives a card by id, None when there is none.
    ``helps``: names of help lines.
    """

    now: datetime
    people: Sequence[Person] = ()
    moments: Sequence[Moment] = ()
    findings: Mapping[str, Sequence[Finding]] = field(default_factory=dict)
    earlier: Sequence[Earlier] = ()
    retrieve: Callable[[str], Sequence[Match]] = lambda _: ()
    principle: Callable[[str], Principle | None] = lambda _: None
    new_id: Callable[[], str] = lambda: ""
    helps: Sequence[str] = ()

    @property
    def today(self) -> date:
        """The user's day."""
        return self.now.astimezone().date()

    def person(self, person_id: str | None) -> Person | None:
        """Return somebody of the journal by id."""
        return next((person for person in self.people if person.id == person_id), None)


@dataclass(frozen=True, slots=True)
class Said:
    """What the coach says, and the session as it then stands (without this turn in it).

    ``people`` and ``moments`` are the ids of those named and quoted, ``kind`` how the message was taken.
    """

    session: Session
    parts: tuple[Part, ...]
    citations: tuple[Citation, ...] = ()
    people: tuple[str, ...] = ()
    moments: tuple[str, ...] = ()
    kind: Kind | None = None

    @property
    def text(self) -> str:
        """The whole."""
        return "\n\n".join(part.text for part in self.parts if part.text)

    @property
    def asks(self) -> bool:
        """Whether it asks something or gives the user's words back."""
        return any(part.role in {"reflect", "ask"} for part in self.parts)
