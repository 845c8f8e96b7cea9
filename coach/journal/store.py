"""SqlJournal: the port's methods, which it describes, one transaction each.

Knows which parts of the journal do what; the SQL is in ``transaction``, ``steps`` and ``erasure``. Knows no clock.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TypeVar

from coach.domain.commitments import Commitment
from coach.domain.drafts import Draft
from coach.domain.moments import Moment
from coach.domain.people import Person
from coach.domain.plans import Outcome, RepairPlan
from coach.domain.preferences import Preferences
from coach.domain.sent import Sent
from coach.domain.sessions import Session
from coach.errors import CoachError
from coach.journal import erasure, exports, imports, steps
from coach.journal.ages import Ages
from coach.journal.backups import before
from coach.journal.counts import unchanged
from coach.journal.database import Database
from coach.journal.departures import Leaving
from coach.journal.echo_rows import Answering
from coach.journal.intake_rows import TakingIn
from coach.journal.keys import KeyFile, Keys
from coach.journal.migrations import check
from coach.journal.moment_rows import Moments
from coach.journal.schema import CommitmentRow, DraftRow, PlanRow, SentRow, StepRow
from coach.journal.session_rows import keep_session
from coach.journal.transaction import (
    COMMITMENTS,
    DRAFTS,
    MOMENTS,
    PEOPLE,
    PLANS,
    PREFERENCES,
    SENT,
    SESSIONS,
    SHELF,
    Shelf,
    Transaction,
    of,
)
from coach.journal.turn_rows import Turns

T = TypeVar("T")


class SqlJournal(Moments, Turns, TakingIn, Answering, Ages, Leaving):
    """A ``ports.Journal`` in SQLite or PostgreSQL; content is sealed under each user's key.

    Lists come oldest first. Every method raises StorageTrouble when the database or the key fails, NotFound
    for an id that is not this user's, and BadInput for what cannot be kept as it is (a time without zone, an id
    that is taken). A call that is cancelled has happened wholly or not at all.
    """

    @classmethod
    async def open(cls, url: str, data: Path, keys: Keys | None = None) -> SqlJournal:
        """Open the journal at a URL, bringing its schema up first; keys are in the folder ``data`` unless given.

        ``url``: ``sqlite:///path/to/file`` or ``postgresql://name:password@host/database``.
        """
        database = Database(url, copies=data / before.FOLDER)
        try:
            await before.bring_up(database, data / before.FOLDER)
        except BaseException:
            await database.close()
            raise
        journal = cls(database, keys or KeyFile(data / "key"))
        await journal.finish()
        return journal

    # Changes

    async def change(self, user: str, noun: type[T], id_: str, how: Callable[[T], T]) -> T:
        shelf: Shelf[T] = SHELF[noun]

        async def work(it: Transaction) -> T:
            if noun is Preferences and not await it.has(shelf, id_):
                first = how(noun())
                await it.begin(shelf, first)
                return first
            before = await it.find(shelf, id_, change=True)
            after = how(before)
            if after != before:
                await (steps.keep_plan(it, after) if isinstance(after, RepairPlan) else it.keep(shelf, after))
            return after

        return await self._write(user, work, anew=noun is Preferences)

    # People

    async def add_person(self, user: str, person: Person) -> None:
        await self._write(user, lambda it: it.add(PEOPLE, person))

    async def person(self, user: str, person_id: str) -> Person:
        return await self._read(user, lambda it: it.find(PEOPLE, person_id))

    async def people(self, user: str) -> Sequence[Person]:
        return await self._read(user, lambda it: it.all(PEOPLE))

    async def forget_person(self, user: str, person_id: str) -> None:
        await self._write(user, lambda it: erasure.forget_person(it, person_id), scrub=True, anew=False)

    # Moments

    async def add_moment(self, user: str, moment: Moment) -> None:
        await self._write(user, lambda it: it.add(MOMENTS, moment))

    async def forget_moment(self, user: str, moment_id: str) -> None:
        await self._write(user, lambda it: erasure.forget_moment(it, moment_id), scrub=True, anew=False)

    # Plans, outcomes, drafts

    async def plan(self, user: str, plan_id: str) -> RepairPlan:
        return await self._read(user, lambda it: it.find(PLANS, plan_id))

    async def plan_with(self, user: str, step_id: str) -> RepairPlan:
        return await self._read(user, lambda it: steps.plan_with(it, step_id))

    async def plans(self, user: str, person_id: str | None = None, last: int | None = None) -> Sequence[RepairPlan]:
        return await self._read(user, lambda it: it.all(PLANS, *of(PlanRow.person_id, person_id), last=last))

    async def add_outcome(self, user: str, outcome: Outcome) -> None:
        await self._write(user, lambda it: steps.keep_outcome(it, outcome), anew=False)

    async def outcomes(self, user: str, plan_id: str) -> Sequence[Outcome]:
        found = await self._read(user, lambda it: steps.outcomes(it, *of(StepRow.plan_id, plan_id)))
        return [outcome for _, outcome in found]

    async def outcomes_about(self, user: str, person_id: str) -> Sequence[Outcome]:
        found = await self._read(user, lambda it: steps.outcomes_about(it, person_id))
        return [outcome for _, outcome in found]

    async def keep_draft(self, user: str, draft: Draft) -> None:
        await self._write(user, lambda it: it.keep(DRAFTS, draft))

    async def draft(self, user: str, draft_id: str) -> Draft:
        return await self._read(user, lambda it: it.find(DRAFTS, draft_id))

    async def forget_draft(self, user: str, draft_id: str) -> None:
        await self._write(user, lambda it: it.remove(DRAFTS, draft_id), scrub=True, anew=False)

    async def drafts(self, user: str, person_id: str | None = None) -> Sequence[Draft]:
        return await self._read(user, lambda it: it.all(DRAFTS, *of(DraftRow.person_id, person_id)))

    # Commitments and preferences

    async def keep_commitment(self, user: str, commitment: Commitment) -> None:
        await self._write(user, lambda it: it.keep(COMMITMENTS, commitment), anew=False)

    async def commitments(self, user: str, plan_id: str | None = None) -> Sequence[Commitment]:
        where = [CommitmentRow.due.is_not(None)] if plan_id is None else of(CommitmentRow.plan_id, plan_id)
        return await self._read(user, lambda it: it.all(COMMITMENTS, *where))

    async def plans_taken_on(self, user: str) -> Sequence[RepairPlan]:
        return await self._read(user, steps.plans_taken_on)

    async def preferences(self, user: str) -> Preferences:
        found = await self._read(user, lambda it: it.all(PREFERENCES, last=1))
        return found[0] if found else Preferences()

    # Leader coaching sessions

    async def keep_session(
        self,
        user: str,
        session: Session,
        plans: Sequence[RepairPlan] = (),
        commitments: Sequence[Commitment] = (),
        before: Session | None = None,
        since: str | None = None,
    ) -> None:
        async def keep(it: Transaction) -> None:
            await unchanged(it, since)
            await keep_session(it, session, plans, commitments, before)

        await self._write(user, keep, anew=not since)

    async def session(self, user: str, session_id: str) -> Session:
        return await self._read(user, lambda it: it.find(SESSIONS, session_id))

    async def sessions(self, user: str, last: int | None = None) -> Sequence[Session]:
        return await self._read(user, lambda it: it.all(SESSIONS, last=last))

    async def forget_session(self, user: str, session_id: str) -> None:
        await self._write(user, lambda it: it.remove(SESSIONS, session_id), scrub=True, anew=False)

    # What left this machine

    async def sent(self, user: str, turn_id: str | None = None, limit: int | None = None) -> Sequence[Sent]:
        return await self._read(user, lambda it: it.all(SENT, *of(SentRow.turn_id, turn_id), last=limit))

    async def secret(self, user: str, purpose: str) -> bytes:
        """Return 32 bytes that are this user's alone, the same for a purpose as long as they have a journal."""
        return await self._read(user, lambda it: it.secret(purpose))

    # The whole

    async def counts(self, user: str) -> Mapping[str, int]:
        return await self._read(user, exports.counts)

    async def about(self, user: str, person_id: str) -> Mapping[str, object]:
        return await self._read(user, lambda it: exports.about(it, person_id))

    async def give_back(self, user: str, about: Mapping[str, object]) -> None:
        lists = imports.parse(imports.of_person(about))
        await self._write(user, lambda it: imports.take(it, lists))

    async def export(self, user: str) -> Mapping[str, object]:
        return await self._read(user, exports.export)

    async def import_(self, user: str, data: Mapping[str, object], since: str | None = None) -> Mapping[str, int]:
        lists = imports.parse(data)

        async def take(it: Transaction) -> dict[str, int]:
            await unchanged(it, since)
            return await imports.take(it, lists)

        return await self._write(user, take, anew=not since)

    async def states(self) -> Mapping[str, str | None]:
        return await self._whole(self._states())

    async def _states(self) -> Mapping[str, str | None]:
        try:
            async with self._database.reading() as connection:
                await check(connection)
            await self._database.touch()
        except CoachError as error:
            return {"database": str(error), "key": None}
        try:
            async with self._database.reading() as connection:
                await self._users.check(connection)
        except CoachError as error:
            return {"database": None, "key": str(error)}
        return {"database": None, "key": None}
