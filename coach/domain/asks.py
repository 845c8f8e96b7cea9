"""The ask card and what is tapped on it: what a plan needs and nobody said. Nouns only.

Everything on the card is an offer; only what the user pressed is established.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from coach.domain.accounts import Number, Standing
from coach.domain.events import Want
from coach.domain.moments import Channel, Landed


@dataclass(frozen=True, slots=True)
class PersonChoice:
    """Someone it may be about. ``id`` is theirs in the journal, or made up for this card; ``call`` as shown."""

    id: str
    call: str
    name: str | None = None
    role: str | None = None
    person_id: str | None = None
    number: Number | None = None
    standing: Standing | None = None

    def tapped(self, number: Number | None = None, standing: Standing | None = None) -> TappedPerson:
        """Return them as tapped, with what was said of them beside it."""
        number, standing = number or self.number or Number.ONE, standing or self.standing
        return TappedPerson(self.id, self.name, self.role, self.person_id, number, standing)


@dataclass(frozen=True, slots=True)
class FactChoice:
    """One fact that can be tapped, in a plain clause."""

    id: str
    text: str


@dataclass(frozen=True, slots=True)
class EventChoice:
    """One line that can be tapped. ``doer``/``receiver``: "me" or "them", None where it is nobody's act.

    ``mirror``: the same act from the other side. ``asks``: what the first event tapped is asked about.
    """

    id: str
    chip: str
    doer: str | None
    receiver: str | None
    mirror: str | None
    asks: tuple[FactChoice, ...]
    wants: tuple[Want, ...]


@dataclass(frozen=True, slots=True)
class GroupChoice:
    """A family of events, with its likeliest ones."""

    id: str
    text: str
    options: tuple[EventChoice, ...]


@dataclass(frozen=True, slots=True)
class DayChoice:
    """A day the words name, offered. ``ahead``: it is still to come, so that a step may have to be done before it."""

    day: date
    words: str
    ahead: bool = False


@dataclass(frozen=True, slots=True)
class Ask:
    """The card. ``sure``: the one person it is certainly about. ``best``: the likeliest events of all groups.

    ``tried`` is one row for all events. ``days``/``channels``: what the words name, for a moment to keep. ``likely``:
    the events that a language model finds likely, which establishes nothing.
    """

    id: str
    people: tuple[PersonChoice, ...]
    groups: tuple[GroupChoice, ...]
    best: tuple[EventChoice, ...]
    wants: tuple[Want, ...]
    tried: tuple[FactChoice, ...]
    sure: str | None = None
    days: tuple[DayChoice, ...] = ()
    channels: tuple[Channel, ...] = ()
    likely: tuple[str, ...] = ()

    @property
    def first(self) -> tuple[EventChoice, ...]:
        """The lines to show before all groups: the likely ones, then the other best."""
        every = {line.id: line for line in (*(line for group in self.groups for line in group.options), *self.best)}
        marked = [every[each] for each in self.likely if each in every]
        return (*marked, *(line for line in self.best if line.id not in self.likely))

    @property
    def ahead(self) -> tuple[DayChoice, ...]:
        """The days still to come, each once."""
        return tuple({each.day: each for each in self.days if each.ahead}.values())


@dataclass(frozen=True, slots=True)
class TappedPerson:
    """Someone who was tapped or typed."""

    id: str
    name: str | None = None
    role: str | None = None
    person_id: str | None = None
    number: Number = Number.ONE
    standing: Standing | None = None


@dataclass(frozen=True, slots=True)
class TappedEvent:
    """An event that was pressed, with the facts pressed under it. ``person``: whose, when not the main one."""

    event: str
    person: str | None = None
    facts: tuple[str, ...] = ()
    channel: Channel | None = None
    landed: Landed | None = None
    day: date | None = None
    doer: str | None = None


class Harm(StrEnum):
    """The quiet line of every card: someone is being harmed."""

    USER = "user"
    THIRD_PERSON = "third_person"
    BY_USER = "by_user"


class Meant(StrEnum):
    """What was meant by words that may tell of harm."""

    WAY_OF_SPEAKING = "way_of_speaking"
    HARMED = "harmed"
    NOT_ASKED = "not_asked"
    """It happened, and help with it is not what the user asks for."""


GOES_ON = frozenset({Meant.WAY_OF_SPEAKING, Meant.NOT_ASKED})
"""After these the letter is answered as it stands."""


class About(StrEnum):
    """What a harm is about, as it can be tapped. Each but the last is a kind of message that gets help."""

    VIOLENCE = "violence"
    HARASSMENT = "harassment"
    ABUSE = "abuse"
    DISCRIMINATION = "discrimination"
    SELF_HARM = "self_harm"
    LEGAL_MEDICAL = "legal_medical"
    UNCLEAR = "unclear"


@dataclass(frozen=True, slots=True)
class Doubt:
    """One question about harm, with what can be tapped for an answer.

    ``words``: those of the message that it is about, "" where harm was tapped and not told. Each option is a tap as it
    is: what was meant, who is harmed, or what it is about.
    """

    id: str
    words: str
    question: str
    options: tuple[Meant | Harm | About, ...]

    def taps(self, at: int) -> Taps:
        """Return the taps of the option at a place."""
        chosen = self.options[at]
        if isinstance(chosen, Meant):
            return Taps(ask_id=self.id, doubt=chosen)
        return Taps(ask_id=self.id, harm=chosen) if isinstance(chosen, Harm) else Taps(ask_id=self.id, about=chosen)


class Action(StrEnum):
    """What can be tapped under a plan, apart from how a step went."""

    ANOTHER_PLAN = "another_plan"
    SMALLER = "smaller"
    OTHER_DAY = "other_day"
    WHY = "why"
    WHAT_IF_NO = "what_if_no"
    MESSAGE = "message"
    LOG = "log"
    FORGET = "forget"
    NEW = "new"


class Happened(StrEnum):
    """How a step went."""

    WENT_WELL = "went_well"
    WENT_BADLY = "went_badly"
    MIXED = "mixed"
    NO_ANSWER = "no_answer"
    NOT_DONE = "not_done"


@dataclass(frozen=True, slots=True)
class Taps:
    """What was pressed in one go: a card, an answer about harm, how a step went, an action, or a line put right.

    ``corrects`` names that line of the account: "event:0", "fact:0", "person:p1" or "want". What stands in its place is
    in ``events``, ``people`` or ``want``; nothing there: it did not happen. ``deadline``: the day before which it has
    to be done.
    """

    ask_id: str | None = None
    people: tuple[TappedPerson, ...] = ()
    main: str | None = None
    events: tuple[TappedEvent, ...] = ()
    first: str | None = None
    facts: tuple[str, ...] = ()
    want: Want | None = None
    harm: Harm | None = None
    doubt: Meant | None = None
    about: About | None = None
    step_id: str | None = None
    happened: Happened | None = None
    words: str | None = None
    action: Action | None = None
    value: str | None = None
    corrects: str | None = None
    deadline: date | None = None
