"""The journal's ports, one for each noun, and ``Journal`` for all of them.

Every method takes the user and can reach nothing of another one. Raises NotFound for ids that are not this user's,
StorageTrouble when the database fails. A method that returned has written durably. Lists come oldest first;
``last``: so many of the newest, and only these are opened. What is forgotten leaves no traces in what stays, nor in the
files; what came of a conversation or a session stays.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Protocol

from coach.domain.commitments import Commitment
from coach.domain.drafts import Draft
from coach.domain.intakes import Incoming, Intake, TakenOut
from coach.domain.moments import Moment
from coach.domain.people import Contact, Person
from coach.domain.plans import Outcome, RepairPlan
from coach.domain.preferences import Preferences
from coach.domain.searches import Found, Search
from coach.domain.sent import Sent
from coach.domain.sessions import Session
from coach.domain.turns import Conversation, Turn
from coach.ports.lifetimes import Ages, Answers, Changes, Generations


class People(Protocol):
    """The people a user knows."""

    async def add_person(self, user: str, person: Person) -> None: ...
    async def person(self, user: str, person_id: str) -> Person: ...
    async def people(self, user: str) -> Sequence[Person]: ...
    async def forget_person(self, user: str, person_id: str) -> None: ...

    async def about(self, user: str, person_id: str) -> Mapping[str, object]:
        """Return everything about one person as JSON-ready data: what ``forget_person`` would erase."""

    async def give_back(self, user: str, about: Mapping[str, object]) -> None:
        """Keep again what ``about`` returned before it was erased, all of it or nothing."""

    async def contacts(self, user: str, person_id: str | None = None) -> Mapping[str, Contact]:
        """Return person id → contact of everyone with a moment, or of one; cheap however long the journal is."""


class Moments(Protocol):
    """The small interactions with people."""

    async def add_moment(self, user: str, moment: Moment) -> None: ...
    async def moment(self, user: str, moment_id: str) -> Moment: ...
    async def moments(self, user: str, person_id: str | None = None, last: int | None = None) -> Sequence[Moment]: ...

    async def search_moments(self, user: str, search: Search, limit: int) -> Found:
        """Return the newest ``limit`` moments that fit a search, newest first, and how many fit in all."""

    async def recent_moments(self, user: str, limit: int) -> Sequence[Moment]:
        """Return the newest ``limit`` moments with anyone, oldest of them first; cheap however long the journal is."""

    async def moments_since(
        self, user: str, since: datetime, person_ids: Collection[str] | None = None
    ) -> Sequence[Moment]:
        """Return the moments with some people since a time, oldest first; cheap however long the journal is."""

    async def forget_moment(self, user: str, moment_id: str) -> None: ...


class Conversations(Protocol):
    """The conversations with the coach; their turns have a port of their own."""

    async def add_conversation(
        self, user: str, conversation: Conversation, turn: Turn | None = None, since: str | None = None
    ) -> None: ...
    async def conversation(self, user: str, conversation_id: str) -> Conversation: ...
    async def conversations(self, user: str) -> Sequence[Conversation]: ...
    async def forget_conversation(self, user: str, conversation_id: str) -> None: ...


class Turns(Protocol):
    """What was said in a conversation, and the answers."""

    async def keep_turn(self, user: str, turn: Turn, since: str | None = None) -> None:
        """Insert the turn, or replace the one with the same id. Raises Erased.

        Here and below, ``since`` is the generation before anything was read for it: Erased is raised when something was
        erased since.
        """

    async def continue_turn(self, user: str, turn: Turn) -> None:
        """Write a turn that runs. Raises Erased when it, its conversation or somebody was erased since it began."""

    async def forget_turn(self, user: str, turn_id: str) -> None:
        """Erase a turn that is said again, with the plan it made unless something came of it; its moments stay."""

    async def turn(self, user: str, turn_id: str) -> Turn: ...
    async def turns(self, user: str, conversation_id: str) -> Sequence[Turn]: ...


class Plans(Protocol):
    """Plans with their steps."""

    async def keep_plan(self, user: str, plan: RepairPlan, turn_id: str | None = None) -> None:
        """Insert the plan with its steps, or replace the one with the same id; outcomes stay.

        ``turn_id``: the running turn that made it. Raises Erased as ``Turns.continue_turn`` does.
        """

    async def plan(self, user: str, plan_id: str) -> RepairPlan: ...

    async def plan_with(self, user: str, step_id: str) -> RepairPlan:
        """Return the plan that a step belongs to."""

    async def plans(self, user: str, person_id: str | None = None, last: int | None = None) -> Sequence[RepairPlan]: ...

    async def plans_taken_on(self, user: str) -> Sequence[RepairPlan]:
        """Return the plans with an open commitment."""


class Outcomes(Protocol):
    """What came of steps."""

    async def add_outcome(self, user: str, outcome: Outcome) -> None:
        """Note what came of a step; noted again, the later one holds."""

    async def outcomes(self, user: str, plan_id: str) -> Sequence[Outcome]: ...
    async def outcomes_about(self, user: str, person_id: str) -> Sequence[Outcome]: ...


class Commitments(Protocol):
    """Steps that the user means to take on a day."""

    async def keep_commitment(self, user: str, commitment: Commitment) -> None:
        """Insert the commitment, or replace the one of the same step."""

    async def commitments(self, user: str, plan_id: str | None = None) -> Sequence[Commitment]:
        """Return a plan's commitments, or all that are open; cheap however long the journal is."""


class Drafts(Protocol):
    """Messages in the making."""

    async def keep_draft(self, user: str, draft: Draft) -> None: ...
    async def draft(self, user: str, draft_id: str) -> Draft: ...
    async def forget_draft(self, user: str, draft_id: str) -> None: ...
    async def drafts(self, user: str, person_id: str | None = None) -> Sequence[Draft]: ...


class Sessions(Protocol):
    """Leader coaching sessions."""

    async def keep_session(
        self,
        user: str,
        session: Session,
        plans: Sequence[RepairPlan] = (),
        commitments: Sequence[Commitment] = (),
        before: Session | None = None,
        since: str | None = None,
    ) -> None:
        """Keep the session with the plans and commitments it came to. Raises Conflict, NotFound, Erased.

        ``before`` is what it was made from, None for a new one. Conflict: it is no longer that; made again from what it
        is now, nothing is lost.
        """

    async def session(self, user: str, session_id: str) -> Session: ...
    async def sessions(self, user: str, last: int | None = None) -> Sequence[Session]: ...
    async def forget_session(self, user: str, session_id: str) -> None: ...


class SentCalls(Protocol):
    """What left this machine for a language model."""

    async def keep_sent(self, user: str, sent: Sent, since: str | None = None) -> None:
        """Insert the call to a language model, or replace the one with the same id. Raises Erased."""

    async def begin(self, user: str) -> None:
        """Begin the user's journal, if there is none yet: what is sent for them needs a secret of theirs."""

    async def sent(self, user: str, turn_id: str | None = None, limit: int | None = None) -> Sequence[Sent]:
        """Return what left this machine, or what left it for one turn; ``limit``: how many of the newest."""


class Intakes(Protocol):
    """What files of other programs brought in."""

    async def take_in(self, user: str, incoming: Incoming, since: str | None = None) -> Intake:
        """Keep what is new of a file whole or not at all, and list it, so that it can be taken out again."""

    async def intakes(self, user: str) -> Sequence[Intake]: ...

    async def take_out(self, user: str, intake_id: str) -> TakenOut:
        """Take out what an intake brought in, but for what was changed since, and people something else is about."""


class Whole(Protocol):
    """The things each user has one of: preferences, and the journal itself."""

    async def preferences(self, user: str) -> Preferences: ...

    async def counts(self, user: str) -> Mapping[str, int]:
        """Return how many of each there are, by the names of an export's lists; cheap."""

    async def export(self, user: str) -> Mapping[str, object]:
        """Return everything of this user as JSON-ready data."""

    async def import_(self, user: str, data: Mapping[str, object], since: str | None = None) -> Mapping[str, int]:
        """Take an export whole or not at all, but for what is there already; return how many of each were new.

        Raises BadInput, Erased.
        """

    async def forget(self, user: str) -> None:
        """Leave nothing of this user, keys included."""

    async def forget_on(self, user: str, at: datetime | None) -> None:
        """Say when everything of this user is to go; None: it is to stay."""

    async def depart(self, now: datetime) -> Sequence[str]:
        """Erase all of everybody whose day has come; return them."""

    async def goes_on(self, user: str) -> datetime | None:
        """Return when everything of this user is to go; None: it is to stay."""

    async def states(self) -> Mapping[str, str | None]:
        """Return what is wrong with ``database`` and ``key``, None where nothing is; both are used for it."""


class Journal(
    Ages,
    Answers,
    Changes,
    People,
    Moments,
    Conversations,
    Turns,
    Plans,
    Outcomes,
    Commitments,
    Drafts,
    Generations,
    Sessions,
    SentCalls,
    Intakes,
    Whole,
    Protocol,
):
    """All of a user's journal, for the edges. The core asks for the nouns it needs."""
