"""Everything of a user as JSON-ready data. ``importing`` takes it back.

::

    {"format": "coach-export", "version": 1,
     "people": [Person…], "conversations": [Conversation…], "turns": [Turn…], "moments": [Moment…],
     "plans": [RepairPlan…], "outcomes": [Outcome + plan_id…], "drafts": [Draft…]}

Each item has the fields of the noun of that name in ``coach.domain``; times are ISO 8601 in UTC, oldest first.
"""

from __future__ import annotations

from typing import Any

from coach.journal.payloads import to_data
from coach.journal.steps import outcomes
from coach.journal.transaction import CONVERSATIONS, DRAFTS, MOMENTS, PEOPLE, PLANS, TURNS, Shelf, Transaction

FORMAT = "coach-export"
VERSION = 1

SHELVES: dict[str, Shelf[Any]] = {
    "people": PEOPLE,
    "conversations": CONVERSATIONS,
    "turns": TURNS,
    "moments": MOMENTS,
    "plans": PLANS,
    "drafts": DRAFTS,
}
"""The lists of an export and where each is kept, in an order in which everything comes after what it belongs to."""


async def export(transaction: Transaction) -> dict[str, object]:
    """Return everything of the user."""
    data: dict[str, object] = {"format": FORMAT, "version": VERSION}
    for name, shelf in SHELVES.items():
        data[name] = [to_data(thing) for thing in await transaction.all(shelf)]
    data["outcomes"] = [{"plan_id": plan, **to_data(outcome)} for plan, outcome in await outcomes(transaction)]
    return data
