"""What the core asks of the outside, as small Protocols. Names no vendor."""

from __future__ import annotations

from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from datetime import datetime
from typing import Any, Protocol

from coach.domain.commitments import Commitment
from coach.domain.drafts import Draft
from coach.domain.errands import Errand
from coach.domain.events import Catalogue
from coach.domain.moments import Landed, Moment
from coach.domain.people import Contact, Person
from coach.domain.plans import Outcome, RepairPlan
from coach.domain.preferences import Preferences
from coach.domain.principles import Match, Principle
from coach.domain.readings import Kind, Mention, Reading
from coach.domain.sent import Sent
from coach.domain.sessions import Session, Template
from coach.domain.turns import Conversation, Turn


class Embedder(Protocol):
    """Texts to unit vectors."""

    fingerprint: str
    """Names the weights and settings; vectors of different fingerprints must not meet."""

    def embed(self, texts: Sequence[str]) -> Sequence[Sequence[float]]:
        """Return one L2-normalised vector a text. Raises KnowledgeTrouble."""
        ...


class Likeness(Protocol):
    """How alike a text is to the authored exemplars: learned tables, fitted when the index is built."""

    def foresee(self, text: str) -> None:
        """Be told of a message that will be asked about soon; return at once."""
        ...

    def kinds(self, text: str) -> Mapping[Kind, float]:
        """Return a probability for every kind (they sum to 1)."""
        ...

    def landings(self, clauses: Sequence[str]) -> Sequence[Mapping[Landed | None, float]]:
        """Return, a clause each, the probability of each landing; None: the clause is no moment."""
        ...


class KnowledgeBase(Protocol):
    """The cards, found by what applies."""

    def principle(self, principle_id: str) -> Principle:
        """Return one card. Raises NotFound."""
        ...

    def principles(self) -> Sequence[Principle]:
        """Return every card, shipped ones first, by id."""
        ...

    def retrieve(self, text: str, reading: Reading | None = None, k: int = 5) -> Sequence[Match]:
        """Return the k principles that apply best to a message, best first."""
        ...


class Events(Protocol):
    """The catalogue of events, and which of them a letter may tell of."""

    catalogue: Catalogue

    def ranked(self, text: str) -> Sequence[tuple[str, float]]:
        """Return every event with its score, likeliest first; it orders what is asked and decides nothing."""
        ...


class Knowledge(KnowledgeBase, Likeness, Events, Protocol):
    """Cards, events and tables together, as one library holds them."""

    ready: bool
    """False until the index can be asked."""
    note: str | None
    """A sentence for the user when something is missing."""


class Templates(Protocol):
    """The kinds of session there are."""

    def templates(self) -> Sequence[Template]:
        """Return every template, shipped ones first."""
        ...

    def template(self, kind: str) -> Template:
        """Return one template. Raises NotFound."""
        ...


class Journal(Protocol):
    """One user's journal. Every method takes the user; nothing of another user can be reached.

    Raises NotFound for ids that are not this user's, StorageTrouble when the database fails. A method
    that returned has written durably.
    """

    async def add_person(self, user: str, person: Person) -> None: ...
    async def change_person(self, user: str, person: Person) -> None: ...
    async def person(self, user: str, person_id: str) -> Person: ...
    async def people(self, user: str) -> Sequence[Person]: ...
    async def forget_person(self, user: str, person_id: str) -> None: ...

    async def add_moment(self, user: str, moment: Moment) -> None: ...
    async def change_moment(self, user: str, moment: Moment) -> None: ...
    async def moment(self, user: str, moment_id: str) -> Moment: ...
    async def moments(self, user: str, person_id: str | None = None, last: int | None = None) -> Sequence[Moment]: ...

    async def recent_moments(self, user: str, limit: int) -> Sequence[Moment]:
        """Return the newest ``limit`` moments with anyone, oldest of them first; cheap however long the journal is."""
        ...

    async def moments_since(self, user: str, since: datetime, person_ids: Collection[str]) -> Sequence[Moment]:
        """Return the moments with some people since a time, oldest first; cheap however long the journal is."""
        ...

    async def forget_moment(self, user: str, moment_id: str) -> None: ...

    async def contacts(self, user: str, person_id: str | None = None) -> Mapping[str, Contact]:
        """Return person id → contact of everybody with a moment, or of one; cheap however long the journal is."""
        ...

    async def add_conversation(self, user: str, conversation: Conversation, turn: Turn | None = None) -> None: ...
    async def change_conversation(self, user: str, conversation: Conversation) -> None: ...
    async def conversation(self, user: str, conversation_id: str) -> Conversation: ...
    async def conversations(self, user: str) -> Sequence[Conversation]: ...
    async def forget_conversation(self, user: str, conversation_id: str) -> None: ...

    async def keep_turn(self, user: str, turn: Turn) -> None:
        """Insert the turn, or replace the one with the same id."""
        ...

    async def forget_turn(self, user: str, turn_id: str) -> None:
        """Erase a turn that is said anew, with the plan it made unless something came of it; its moments stay."""
        ...

    async def turn(self, user: str, turn_id: str) -> Turn: ...
    async def turns(self, user: str, conversation_id: str) -> Sequence[Turn]: ...

    async def keep_plan(self, user: str, plan: RepairPlan) -> None:
        """Insert the plan with its steps, or replace the one with the same id; outcomes stay."""
        ...

    async def plan(self, user: str, plan_id: str) -> RepairPlan: ...

    async def plan_with(self, user: str, step_id: str) -> RepairPlan:
        """Return the plan that a step belongs to."""
        ...

    async def plans(self, user: str, person_id: str | None = None, last: int | None = None) -> Sequence[RepairPlan]: ...

    async def add_outcome(self, user: str, outcome: Outcome) -> None: ...
    async def outcomes(self, user: str, plan_id: str) -> Sequence[Outcome]: ...
    async def outcomes_about(self, user: str, person_id: str) -> Sequence[Outcome]: ...

    async def keep_draft(self, user: str, draft: Draft) -> None: ...
    async def draft(self, user: str, draft_id: str) -> Draft: ...
    async def forget_draft(self, user: str, draft_id: str) -> None: ...
    async def drafts(self, user: str, person_id: str | None = None) -> Sequence[Draft]: ...

    async def counts(self, user: str) -> Mapping[str, int]:
        """Return how many of each there are, by the names of an export's lists; cheap."""
        ...

    async def about(self, user: str, person_id: str) -> Mapping[str, object]:
        """Return everything about one person as JSON-ready data: what ``forget_person`` would erase."""
        ...

    async def forget_before(self, user: str, person_id: str, before: datetime) -> int:
        """Erase what is older than a time about a person; return how many things went."""
        ...

    async def keep_commitment(self, user: str, commitment: Commitment) -> None:
        """Insert the commitment, or replace the one of the same step."""
        ...

    async def commitments(self, user: str, plan_id: str | None = None) -> Sequence[Commitment]:
        """Return a plan's commitments, or all that are open; cheap however long the journal is."""
        ...

    async def plans_taken_on(self, user: str) -> Sequence[RepairPlan]:
        """Return the plans with an open commitment."""
        ...

    async def keep_preferences(self, user: str, preferences: Preferences) -> None: ...
    async def preferences(self, user: str) -> Preferences: ...

    async def keep_session(
        self, user: str, session: Session, plans: Sequence[RepairPlan] = (), commitments: Sequence[Commitment] = ()
    ) -> None:
        """Insert the session, or replace the one with the same id, with the plans and commitments it came to."""
        ...

    async def session(self, user: str, session_id: str) -> Session: ...
    async def sessions(self, user: str, last: int | None = None) -> Sequence[Session]: ...
    async def forget_session(self, user: str, session_id: str) -> None: ...

    async def keep_sent(self, user: str, sent: Sent) -> None:
        """Insert the call to a language model, or replace the one with the same id."""
        ...

    async def sent(self, user: str, turn_id: str | None = None, limit: int | None = None) -> Sequence[Sent]:
        """Return what left this machine, or what left it for one turn; with ``limit``, the newest so many calls."""
        ...

    async def export(self, user: str) -> Mapping[str, object]:
        """Return everything of this user as JSON-ready data."""
        ...

    async def import_(self, user: str, data: Mapping[str, object]) -> Mapping[str, int]:
        """Take an export in whole or not at all; return how many of each were new. Raises BadInput."""
        ...

    async def forget(self, user: str) -> None:
        """Leave nothing of this user, keys included."""
        ...

    async def ready(self) -> None:
        """Return when the database answers and its schema is current, else raise StorageTrouble."""
        ...


class Texts(Protocol):
    """The sentences of prompts/, filled with values. What a user wrote enters as a value only."""

    @property
    def fingerprint(self) -> str:
        """Sixteen hex digits that change when any text does."""
        ...

    @property
    def moves(self) -> Mapping[str, Mapping[str, Any]]:
        """Every scene file of moves by name, as written."""
        ...

    @property
    def scenes(self) -> Mapping[str, Mapping[str, Any]]:
        """Every scene by name, as written."""
        ...

    def render(self, text: str, /, **values: Any) -> str:
        """Return the text ``<text>.j2`` with its values. Raises MissingPrompt."""
        ...

    def fill(self, source: str, values: Mapping[str, Any]) -> str:
        """Return one string of a scene with its values. Raises MissingPrompt."""
        ...

    def __hash__(self) -> int:
        """What is derived from all texts is kept per object."""
        ...


class LanguageModel(Protocol):
    """A language model that reads and words; it never chooses a route or a source."""

    name: str

    async def fill(
        self, prompt: Sequence[tuple[str, str]], schema: Mapping[str, object], deadline: datetime
    ) -> Mapping[str, object]:
        """Return JSON that fits the schema for (role, text) messages. Raises LanguageModelTrouble."""
        ...

    def stream(self, prompt: Sequence[tuple[str, str]], deadline: datetime) -> AsyncIterator[str]:
        """Yield the reply in pieces. Raises LanguageModelTrouble."""
        ...


class LanguageModels(Protocol):
    """What is given where a language model is configured: one bound to each errand, so that every call is told of."""

    name: str

    def bound(self, errand: Errand, people: Sequence[Person], mentions: Sequence[Mention]) -> LanguageModel:
        """Return the language model for one errand. The names of ``people`` and ``mentions`` stay on this machine."""
        ...
