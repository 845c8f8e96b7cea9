"""What a message says: the reading. Made by reading.reader, optionally sharpened by a language model."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum, StrEnum

from coach.domain.moments import ProposedMoment
from coach.domain.people import Relation


class Kind(StrEnum):
    """What sort of message this is."""

    REPAIR = "repair"
    MAINTAIN = "maintain"
    CONNECT = "connect"
    MESSAGE = "message"
    LEADER_SESSION = "leader_session"
    JOURNAL = "journal"
    HARASSMENT = "harassment"
    DISCRIMINATION = "discrimination"
    ABUSE = "abuse"
    VIOLENCE = "violence"
    SELF_HARM = "self_harm"
    LEGAL_MEDICAL = "legal_medical"
    SURVEILLANCE = "surveillance"
    MANIPULATION = "manipulation"
    OFF_TOPIC = "off_topic"
    INJECTION = "injection"


class Route(StrEnum):
    """Which way a turn goes."""

    IN_SCOPE = "in_scope"
    GET_HELP = "get_help"
    DECLINE = "decline"
    OFF_TOPIC = "off_topic"
    INJECTION = "injection"


ROUTES: dict[Kind, Route] = {
    **dict.fromkeys(
        (Kind.REPAIR, Kind.MAINTAIN, Kind.CONNECT, Kind.MESSAGE, Kind.LEADER_SESSION, Kind.JOURNAL), Route.IN_SCOPE
    ),
    **dict.fromkeys(
        (
            Kind.HARASSMENT,
            Kind.DISCRIMINATION,
            Kind.ABUSE,
            Kind.VIOLENCE,
            Kind.SELF_HARM,
            Kind.LEGAL_MEDICAL,
        ),
        Route.GET_HELP,
    ),
    **dict.fromkeys((Kind.SURVEILLANCE, Kind.MANIPULATION), Route.DECLINE),
    Kind.OFF_TOPIC: Route.OFF_TOPIC,
    Kind.INJECTION: Route.INJECTION,
}
"""The route of each kind."""


class Severity(IntEnum):
    """How grave a message is. A language model may raise it and never lower it."""

    ORDINARY = 0
    STRAINED = 1
    SERIOUS = 2
    CRISIS = 3


@dataclass(frozen=True, slots=True)
class Mention:
    """Someone the message speaks of.

    ``name`` as written, or None when only a role or pronoun is given. ``label`` is how the coach calls them
    ("Tom", "your boss", "your colleague"). ``pronoun`` is "he", "she" or "they". ``leads_user`` is True when they
    are above the
    user, False when the user leads them, None when unknown.
    """

    label: str
    name: str | None = None
    role: str | None = None
    pronoun: str = "they"
    relation: Relation | None = None
    remote: bool | None = None
    group: bool = False

    @property
    def leads_user(self) -> bool | None:
        """True: above the user; False: led by the user; None: neither or unknown."""
        if self.relation is Relation.MANAGER:
            return True
        if self.relation is Relation.REPORT:
            return False
        return None


@dataclass(frozen=True, slots=True)
class Signal:
    """A cue found in the text, e.g. that someone works elsewhere, with the span that shows it."""

    name: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Guess:
    """Something the user inferred about another: the clause, and what it is about."""

    text: str
    start: int
    end: int
    about: str  # motive | feeling | trait | future


@dataclass(frozen=True, slots=True)
class Reading:
    """Everything the coach took from one message. Offsets are into the user's text as sent.

    ``asked`` is the user's own question, if there is one. ``goal`` is what the user wants to come of it, ``tried``
    what they have done already, both in their words.
    """

    text: str
    kind: Kind
    severity: Severity
    people: tuple[Mention, ...] = ()
    moments: tuple[ProposedMoment, ...] = ()
    signals: tuple[Signal, ...] = ()
    guesses: tuple[Guess, ...] = ()
    asked: str | None = None
    goal: str | None = None
    tried: tuple[str, ...] = ()
    also: Kind | None = None  # a mixed message: the fair part beside a harm

    @property
    def route(self) -> Route:
        """The route that belongs to the kind."""
        return ROUTES[self.kind]

    def has(self, *names: str) -> bool:
        """True when any of the named signals was found."""
        return any(signal.name in names for signal in self.signals)

    @property
    def about(self) -> Mention | None:
        """The person the message is mainly about."""
        return self.people[0] if self.people else None
