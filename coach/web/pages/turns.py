"""A turn as a page shows it: proposals with what became of them, sources with their letters."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from coach.domain.moments import Moment, ProposedMoment
from coach.domain.people import Person
from coach.domain.readings import Reading
from coach.domain.turns import Turn
from coach.errors import NotFound
from coach.ports import Journal


@dataclass(frozen=True, slots=True)
class Proposal:
    """A proposed moment in a form. ``id`` is the id it gets when it is kept, so that a second click changes nothing."""

    id: str
    turn_id: str
    n: int
    moment: ProposedMoment
    who: str
    day: date
    kept: Moment | None = None
    kept_name: str = ""


@dataclass(frozen=True, slots=True)
class Shown:
    """A turn with its proposals."""

    turn: Turn
    proposals: tuple[Proposal, ...]


def moment_id(turn_id: str, n: int) -> str:
    """Return the id of the nth proposal of a turn."""
    return f"{turn_id}-{n}"


def proposals(turn_id: str, reading: Reading, now: datetime) -> tuple[Proposal, ...]:
    """Return the proposals of a reading, none kept yet."""
    return tuple(
        Proposal(
            id=moment_id(turn_id, n),
            turn_id=turn_id,
            n=n,
            moment=moment,
            who=_who(moment.person),
            day=(now - timedelta(days=moment.days_ago or 0)).astimezone().date(),
        )
        for n, moment in enumerate(reading.moments)
    )


def _who(label: str | None) -> str:
    """Return a name to keep: "your boss" is not how the user calls them."""
    if not label:
        return ""
    name = label.removeprefix("your ").removeprefix("Your ")
    return name[:1].upper() + name[1:]


async def shown(journal: Journal, user: str, turn: Turn, people: Sequence[Person]) -> Shown:
    """Return a turn with each proposal, and the moment it became if it was kept."""
    if turn.reading is None:
        return Shown(turn, ())
    names = {each.id: each.name for each in people}
    found = []
    for proposal in proposals(turn.id, turn.reading, turn.at):
        try:
            kept = await journal.moment(user, proposal.id)
        except NotFound:
            found.append(proposal)
            continue
        found.append(_kept(proposal, kept, names.get(kept.person_id, proposal.who)))
    return Shown(turn, tuple(found))


def _kept(proposal: Proposal, moment: Moment, name: str) -> Proposal:
    return Proposal(
        proposal.id, proposal.turn_id, proposal.n, proposal.moment, proposal.who, proposal.day, moment, name
    )
