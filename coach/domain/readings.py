"""A reading: how a message was understood, which route it takes, and what is established in it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from coach.domain.accounts import Account
from coach.domain.moments import ProposedMoment


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
    NOT_ENGLISH = "not_english"
    INJECTION = "injection"
    """Only in older journals and tables: today orders in a text are a finding of their own."""


class Route(StrEnum):
    """Which way a turn goes. ``doubt``: harm is possible and not certain."""

    IN_SCOPE = "in_scope"
    GET_HELP = "get_help"
    DECLINE = "decline"
    DOUBT = "doubt"
    ELSEWHERE = "elsewhere"


class Toward(StrEnum):
    """Who is harmed, and by whom."""

    USER = "user"
    THIRD_PERSON = "third_person"
    BY_USER = "by_user"


class After(StrEnum):
    """How a message stands to an earlier disclosure of harm."""

    HELD = "held"
    ANOTHER = "another"
    """It is about another matter, with someone else."""
    TAKEN_BACK = "taken_back"
    """It says that it was only a way of speaking."""


class Level(StrEnum):
    """What understands a message: a language model that plans, one that suggests, or taps alone."""

    PLANS = "plans"
    SUGGESTS = "suggests"
    ASKS = "asks"


IN_SCOPE = (Kind.REPAIR, Kind.MAINTAIN, Kind.CONNECT, Kind.MESSAGE, Kind.LEADER_SESSION, Kind.JOURNAL)
GET_HELP = (
    Kind.HARASSMENT, Kind.DISCRIMINATION, Kind.ABUSE, Kind.VIOLENCE, Kind.SELF_HARM, Kind.LEGAL_MEDICAL,
)  # fmt: skip

ROUTES: dict[Kind, Route] = {
    **dict.fromkeys(IN_SCOPE, Route.IN_SCOPE),
    **dict.fromkeys(GET_HELP, Route.GET_HELP),
    **dict.fromkeys((Kind.SURVEILLANCE, Kind.MANIPULATION), Route.DECLINE),
    **dict.fromkeys((Kind.OFF_TOPIC, Kind.NOT_ENGLISH, Kind.INJECTION), Route.ELSEWHERE),
}
"""The route of each kind, where nothing is in doubt."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What the coach took from one message.

    ``account``: what is established so far (None: nothing yet). ``moments`` are proposals. ``orders``: spans of the
    text that are meant for a machine, left out of what is judged. ``language``: the message's, where it is not
    English. ``doubt``: the words that may tell of harm; with them the route is in doubt. ``unclear``: there is harm,
    and nothing says of which kind; the kind is no more than a guess, and the text is a general one. ``after``: how it
    stands to an earlier disclosure (None: there was none, or it discloses something itself). ``harm``: the
    kind that words of another language tell of. ``harm_words``: the span that tells of the harm, or may tell of it.
    """

    text: str
    kind: Kind
    toward: Toward | None = None
    account: Account | None = None
    moments: tuple[ProposedMoment, ...] = ()
    orders: tuple[str, ...] = ()
    language: str | None = None
    doubt: str | None = None
    level: Level = Level.ASKS
    unclear: bool = False
    after: After | None = None
    harm: Kind | None = None
    harm_words: str | None = None

    @property
    def route(self) -> Route:
        """The route that belongs to the kind, or doubt."""
        return Route.DOUBT if self.doubt else ROUTES[self.kind]
