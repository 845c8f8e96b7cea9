"""A session: a guided talk of about ten minutes that ends with one to three intentions; templates of such talks.

Knows the nouns only. What is asked, and when, is worked out in ``coach.sessions``.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from coach.domain.moments import Landed
from coach.domain.principles import Citation
from coach.domain.readings import Kind
from coach.domain.violations import Replaced


class Phase(StrEnum):
    """The phases of a session, in their order."""

    ARRIVE = "arrive"
    LOOK_BACK = "look_back"
    GOAL = "goal"
    REALITY = "reality"
    OPTIONS = "options"
    WILL = "will"
    CLOSE = "close"


class State(StrEnum):
    """Whether a session goes on. A paused one can be resumed, a closed one is over."""

    OPEN = "open"
    PAUSED = "paused"
    CLOSED = "closed"


class Because(StrEnum):
    """Why a session rests, or closed without a commitment. ``prompts/session/because.fixed.j2`` words each."""

    ASKED = "asked"  # the user wanted to stop for now
    HARM = "harm"  # harm was disclosed: people who can help come first
    DOUBT = "doubt"  # words may tell of harm: the question about them comes first
    SOURCE_OF_HARM = "source_of_harm"  # the user does, or is about to do, harm
    REFUSED = "refused"  # the user does not want to
    NOTHING_FITS = "nothing_fits"  # the user found nothing to take on
    NO_TIME = "no_time"
    ELSEWHERE = "elsewhere"  # the talk stayed with other matters


class Listens(StrEnum):
    """What a question listens for. An answer that holds it is enough, also when it comes before the question."""

    ANYTHING = "anything"
    MOOD = "mood"
    GOAL = "goal"
    EVENT = "event"
    OWN_PART = "own_part"
    IDEA = "idea"
    CHOICE = "choice"
    COMMITMENT = "commitment"
    OBSTACLE = "obstacle"
    SENTENCE = "sentence"
    SITUATION = "situation"
    BEHAVIOUR = "behaviour"
    IMPACT = "impact"
    OUTCOME = "outcome"  # of a commitment of the last session
    EVIDENCE = "evidence"  # the journal is quoted before the question
    PRINCIPLE = "principle"  # a principle is cited before the question
    ANOTHER = "another"  # whether there is one more intention


class Bound(StrEnum):
    """Whether a session is about one person."""

    NONE = "none"
    MAYBE = "maybe"
    NEEDED = "needed"


@dataclass(frozen=True, slots=True)
class Asked:
    """A question of a template.

    ``text`` may hold the slot {name} where the session is about someone. ``bare``: asked in its place when the journal
    shows nothing. ``smaller``: asked once more when the answer is thin or the user does not know; an answer of fewer
    than ``words`` words is thin. ``unless``: ids of questions whose answer makes this one needless. ``known``: what the
    journal may hold of the person that makes it needless ("plate" or "matters"). ``purpose``: a sentence they propose
    is looked over as such a message (a Purpose value, or ""). ``why``: why it is asked, where the template says so
    itself.
    """

    id: str
    phase: Phase
    text: str
    listens: Listens
    bare: str = ""
    smaller: str = ""
    words: int = 1
    unless: tuple[str, ...] = ()
    known: str = ""
    purpose: str = ""
    why: str = ""


@dataclass(frozen=True, slots=True)
class Template:
    """A kind of session. ``questions`` are in the order of their phases; a phase left out has none.

    ``search``: words that find principles, added to the user's own; ``principles``: ids of the cards that fit best.
    ``pack`` is "coach" for the shipped ones. ``instead``: the kind that may fit better, taken up by tapping ``tap``.
    ``events``: ids of what may have happened, to be tapped; a single one is what the kind is about.
    """

    id: str
    title: str
    about: str
    minutes: int
    bound: Bound
    search: str
    principles: tuple[str, ...]
    questions: tuple[Asked, ...]
    pack: str = "coach"
    instead: str = ""
    tap: str = ""
    events: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Given:
    """What the user answered to a question, in their words. ``skipped``: passed over; ``text`` is empty then."""

    question: str
    text: str
    skipped: bool = False


@dataclass(frozen=True, slots=True)
class Intention:
    """Something the user said they would do: offered to be kept, and a commitment once they say so.

    ``id`` is the step's, ``plan_id`` the plan's it is kept as; an offer with those of a kept one would replace it.
    ``words`` are their sentence as said. ``due`` None: it is only offered, and they named no day. ``at`` is a time of
    day ("09:00"), ``cue`` what reminds them, ``obstacle`` what may get in the way and what they do then; or empty.
    """

    id: str
    plan_id: str
    words: str
    due: date | None = None
    at: str = ""
    cue: str = ""
    person_id: str | None = None
    obstacle: str = ""


@dataclass(frozen=True, slots=True)
class Told:
    """What became of a commitment, as the user told it when looking back. ``new_due``: kept for another day.

    ``happened`` None: they told of it, and have not said yet how it is to be put down. ``landed``: how it is to be
    noted as a moment, on the day ``on``; None: it is not noted.
    """

    step_id: str
    words: str
    happened: bool | None = None
    note: str = ""
    let_go: bool = False
    new_due: date | None = None
    landed: Landed | None = None
    on: date | None = None


@dataclass(frozen=True, slots=True)
class SessionTurn:
    """What the user said (empty when the coach begins) and what the coach said to it.

    ``phase`` and ``asking`` are those after it. ``people`` are the ids of those it names, ``moments`` of those it
    quotes. ``kind`` is how the message was read. ``asks``: the coach's words are a question or reflect the user's.
    """

    id: str
    at: datetime
    said: str
    text: str
    phase: Phase
    asking: str | None = None
    people: tuple[str, ...] = ()
    moments: tuple[str, ...] = ()
    citations: tuple[Citation, ...] = ()
    kind: Kind | None = None
    asks: bool = True
    language_model: str = "none"
    replaced: tuple[Replaced, ...] = ()
    ms: int = 0


@dataclass(frozen=True, slots=True)
class Session:
    """One session. ``kind`` is its template's id; ``about`` how the person is called.

    ``goal`` and ``ideas`` are the user's words. ``asking`` is the id of the question that waits for an answer,
    ``asked`` of those that were put; ``tries`` counts how often the waiting one was put in other words. ``because``:
    why it rests, or closed without a commitment. ``aside``: ids and labels of those whose matter the session leaves
    alone after a harm. ``looking`` are the ids of the commitments still to be asked about. ``hurried``: the user has
    little time. ``offers`` wait to be kept or dropped; the first is asked about. ``event`` is what was tapped as having
    happened, ``sentence`` what was made ready to be said.
    """

    id: str
    kind: str
    title: str
    started_at: datetime
    person_id: str | None = None
    about: str = ""
    phase: Phase = Phase.ARRIVE
    state: State = State.OPEN
    because: Because | None = None
    finished_at: datetime | None = None
    asking: str | None = None
    asked: tuple[str, ...] = ()
    tries: int = 0
    answers: tuple[Given, ...] = ()
    goal: str = ""
    ideas: tuple[str, ...] = ()
    told: tuple[Told, ...] = ()
    looking: tuple[str, ...] = ()
    intentions: tuple[Intention, ...] = ()
    aside: tuple[str, ...] = ()
    hurried: bool = False
    offers: tuple[Intention, ...] = ()
    event: str = ""
    sentence: str = ""
    turns: tuple[SessionTurn, ...] = field(default=())

    def answer(self, question: str) -> Given | None:
        """Return what was answered to a question, the latest; None: nothing yet."""
        return next((given for given in reversed(self.answers) if given.question == question), None)

    def speaks_of(self, intention: Intention) -> bool:
        """Whether what was said here is about whom an intention is with: the session is, or it is the only one."""
        return len(self.intentions) == 1 or (self.person_id is not None and intention.person_id == self.person_id)
