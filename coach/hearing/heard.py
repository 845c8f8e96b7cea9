"""What is given to a language model for one message of a session, and what holds of its reply. Pure data."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from coach.domain.people import Person
from coach.domain.principles import Principle
from coach.domain.readings import Reading
from coach.domain.violations import Replaced


@dataclass(frozen=True, slots=True)
class Question:
    """A question of the session, as the template puts it, and what it listens for."""

    id: str
    text: str
    listens: str


@dataclass(frozen=True, slots=True)
class Talked:
    """One message, and the session it comes in.

    ``waits`` is the question it was written under, ``ahead`` those still to come. ``answered``: questions with the
    leader's answers, ``taken`` what they took on, ``exchanged`` the last turns as (leader, coach), ``before`` every
    earlier message. ``shown``: lines from the journal that were quoted to the leader. ``cards``: what was cited.
    """

    title: str
    about: str
    text: str
    waits: Question
    ahead: tuple[Question, ...]
    answered: tuple[tuple[str, str], ...] = ()
    taken: tuple[str, ...] = ()
    exchanged: tuple[tuple[str, str], ...] = ()
    before: tuple[str, ...] = ()
    shown: tuple[str, ...] = ()
    cards: tuple[Principle, ...] = ()
    people: Sequence[Person] = ()


@dataclass(frozen=True, slots=True)
class Heard:
    """What holds of a reply: ``answers`` by question and ``acts`` are the leader's own sentences, whole.

    ``move``: what the message does to the talk (skip, back, pause, end, hurry, unsure), "" nothing. ``corrects``: the
    words that put something right, "" none. ``reply`` answers a question to the coach, ``reflection`` takes up what was
    said, ``wording`` puts the next question (its id, its words). ``replaced``: what did not hold.
    """

    reading: Reading
    answers: tuple[tuple[str, str], ...] = ()
    acts: tuple[str, ...] = ()
    move: str = ""
    corrects: str = ""
    reply: str = ""
    reflection: str = ""
    wording: tuple[str, str] | None = None
    by: str = "none"
    replaced: tuple[Replaced, ...] = ()

    @property
    def anything(self) -> bool:
        """Whether it heard anything at all; where it did not, the form takes the message."""
        return bool(self.answers or self.acts or self.move or self.corrects or self.reply)
