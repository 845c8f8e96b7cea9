"""A matter: what a conversation is about. The account so far, its plan, what was ruled out, and what came of it.

It is folded from the turns that were kept, so that nothing has to be kept twice. Nouns only.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from coach.domain.accounts import Account
from coach.domain.asks import Action, Ask
from coach.domain.plans import MadeBy, RepairPlan
from coach.domain.readings import Kind, Reading, Route
from coach.domain.turns import Turn


@dataclass(frozen=True, slots=True)
class Matter:
    """What the earlier turns of a conversation leave for the next one.

    ``letters``: what the user told, in order. ``ask``: the last card. ``ruled_out``: names of moves that were turned
    down. ``grave``: the kind of a disclosure that has not been taken back.
    """

    letters: tuple[str, ...] = ()
    account: Account | None = None
    plan: RepairPlan | None = None
    ask: Ask | None = None
    ruled_out: tuple[str, ...] = ()
    grave: Kind | None = None
    last: Reading | None = None
    person_id: str | None = None

    @property
    def text(self) -> str:
        """Everything the user told in this matter."""
        return "\n\n".join(self.letters)


def matter(turns: Sequence[Turn], person_id: str | None = None) -> Matter:
    """Return the matter of a conversation's turns; "something new" begins another one."""
    found = Matter(person_id=person_id)
    for turn in turns:
        found = _with(found, turn)
    return found


def _with(found: Matter, turn: Turn) -> Matter:
    tapped = turn.taps
    if tapped is not None and tapped.action is Action.NEW:
        return Matter(person_id=found.person_id, ask=turn.ask)
    ruled_out = found.ruled_out
    if tapped is not None and tapped.action is Action.ANOTHER_PLAN and found.plan is not None:
        ruled_out = (*ruled_out, found.plan.scene)
    read = turn.reading
    plan = turn.plan if turn.plan is not None and turn.plan.made_by is not MadeBy.SKELETON else found.plan
    grave = read.kind if read is not None and read.route is Route.GET_HELP else found.grave
    return Matter(
        letters=(*found.letters, turn.said) if turn.said.strip() and tapped is None else found.letters,
        account=read.account if read is not None and read.account is not None else found.account,
        plan=plan,
        ask=turn.ask or found.ask,
        ruled_out=ruled_out,
        grave=grave,
        last=read or found.last,
        person_id=found.person_id,
    )
