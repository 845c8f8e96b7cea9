"""Everything of a user as JSON-ready data. ``imports`` takes it back.

::

    {"format": "coach-export", "version": 1,
     "people": [Person…], "conversations": [Conversation…], "turns": [Turn…], "moments": [Moment…],
     "plans": [RepairPlan…], "outcomes": [Outcome + plan_id…], "drafts": [Draft…],
     "sent": [Sent…], "commitments": [Commitment…], "preferences": [Preferences…],
     "sessions": [Session…]}

Each item has the fields of the noun of that name in ``coach.domain``; times are ISO 8601 in UTC, oldest first. Which
language model is asked, and its key, are left out.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import or_

from coach.journal.erasure import naming_of
from coach.journal.payloads import to_data
from coach.journal.schema import CommitmentRow, DraftRow, MomentRow, PlanRow
from coach.journal.session_rows import sessions_about
from coach.journal.steps import outcomes, outcomes_about
from coach.journal.transaction import (
    COMMITMENTS,
    CONVERSATIONS,
    DRAFTS,
    MOMENTS,
    PLANS,
    PREFERENCES,
    SENT,
    SHELVES,
    TURNS,
    Transaction,
)

FORMAT = "coach-export"
VERSION = 1


async def export(transaction: Transaction) -> dict[str, object]:
    """Return everything of the user."""
    data: dict[str, object] = {"format": FORMAT, "version": VERSION}
    for name, shelf in SHELVES.items():
        data[name] = [to_data(thing) for thing in await transaction.all(shelf)]
    data["preferences"] = [{**to_data(it), "language_model": None} for it in await transaction.all(PREFERENCES)]
    data["outcomes"] = [{"plan_id": plan, **to_data(outcome)} for plan, outcome in await outcomes(transaction)]
    return data


async def about(transaction: Transaction, person_id: str) -> dict[str, object]:
    """Return everything about one person: the person, and the lists of an export as far as they go with them."""
    naming, gone = await naming_of(transaction, person_id)
    turns = [turn for turn in await transaction.all(TURNS) if turn.id in gone] if gone else []
    threads = {turn.conversation_id for turn in turns}
    plans = await transaction.ids(PlanRow, PlanRow.person_id == person_id)
    found: dict[str, list[Any]] = {
        "moments": await transaction.all(MOMENTS, MomentRow.person_id == person_id),
        "plans": await transaction.all(PLANS, PlanRow.person_id == person_id),
        "drafts": await transaction.all(DRAFTS, or_(DraftRow.person_id == person_id, DraftRow.plan_id.in_(plans))),
        "commitments": await transaction.all(COMMITMENTS, CommitmentRow.plan_id.in_(plans)),
        "conversations": [
            it for it in await transaction.all(CONVERSATIONS) if it.person_id == person_id or it.id in threads
        ],
        "turns": turns,
        "sent": [call for call in await transaction.all(SENT) if call.turn_id in gone] if gone else [],
        "sessions": await sessions_about(transaction, person_id),
    }
    lists = {name: [to_data(thing) for thing in things] for name, things in found.items()}
    data: dict[str, object] = {"person": to_data(naming.person), **lists}
    data["outcomes"] = [
        {"plan_id": plan, **to_data(outcome)} for plan, outcome in await outcomes_about(transaction, person_id)
    ]
    return data


async def counts(transaction: Transaction) -> dict[str, int]:
    """Return how many of each list of an export there are."""
    return {name: await transaction.count(shelf.row) for name, shelf in SHELVES.items()}
