"""A matter: what a conversation is about. The account so far, its plan, what was ruled out, and what came of it.

It is folded from the turns that were kept, so that nothing has to be kept twice. Nouns only.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from coach.domain.accounts import Account
from coach.domain.asks import GOES_ON, Action, Ask, Doubt
from coach.domain.plans import MadeBy, RepairPlan
from coach.domain.readings import After, Reading, Route
from coach.domain.turns import Turn


@dataclass(frozen=True, slots=True)
class Matter:
    """What the earlier turns of a conversation leave for the next one.

    ``letters``: what the user told, in order, and ``replies`` what was answered to each. ``ask``: the last card;
    ``doubt``: the last question about harm. ``ruled_out``: names of moves that were turned down. ``grave``: the
    reading of a disclosure that holds the matter in its route, or of one in doubt; ``aside``: the user went on
    about another matter since. ``spoken``: words that sounded like harm and were only a way of speaking.
    """

    letters: tuple[str, ...] = ()
    replies: tuple[str, ...] = ()
    account: Account | None = None
    plan: RepairPlan | None = None
    ask: Ask | None = None
    ruled_out: tuple[str, ...] = ()
    grave: Reading | None = None
    aside: bool = False
    doubt: Doubt | None = None
    spoken: tuple[str, ...] = ()
    last: Reading | None = None
    person_id: str | None = None

    @property
    def text(self) -> str:
        """Everything the user told in this matter."""
        return "\n\n".join(self.letters)


def matter(turns: Sequence[Turn], person_id: str | None = None) -> Matter:
    """Return the matter of a conversation's turns; "something new" begins another one, and a disclosure is kept."""
    found = Matter(person_id=person_id)
    for turn in turns:
        found = _with(found, turn)
    return found


def _with(found: Matter, turn: Turn) -> Matter:
    tapped, read = turn.taps, turn.reading
    if tapped is not None and tapped.action is Action.NEW:
        return _anew(found, turn)
    if read is not None and read.after is After.ANOTHER:
        found = _anew(found, turn)
    ruled_out = found.ruled_out
    if tapped is not None and tapped.action is Action.ANOTHER_PLAN and found.plan is not None:
        ruled_out = (*ruled_out, found.plan.scene)
    plan = turn.plan if turn.plan is not None and turn.plan.made_by is not MadeBy.SKELETON else found.plan
    words = bool(turn.said.strip()) and tapped is None
    told = replace(
        found,
        letters=(*found.letters, turn.said) if words else found.letters,
        replies=(*found.replies, turn.reply) if words else found.replies,
        account=read.account if read is not None and read.account is not None else found.account,
        plan=plan,
        ask=turn.ask or found.ask,
        ruled_out=ruled_out,
        doubt=turn.doubt or found.doubt,
        last=read or found.last,
    )
    return _weighed(told, turn)


def _anew(found: Matter, turn: Turn) -> Matter:
    """Return a new matter: of the old one only a disclosure is kept, and what was a way of speaking."""
    grave = found.grave if found.grave is not None and found.grave.route is Route.GET_HELP else None
    return Matter(person_id=found.person_id, ask=turn.ask, grave=grave, aside=grave is not None, spoken=found.spoken)


def _weighed(told: Matter, turn: Turn) -> Matter:
    """Return the matter with what a turn says of harm: disclosed, in doubt, taken back, or a way of speaking."""
    read, grave = turn.reading, told.grave
    way_of_speaking = turn.taps is not None and turn.taps.doubt in GOES_ON
    if way_of_speaking or (read is not None and read.after is After.TAKEN_BACK):
        words = told.doubt.words if told.doubt is not None else ""
        words = words or (grave.text if grave is not None else "")
        asked = way_of_speaking and turn.taps is not None and turn.taps.ask_id is not None
        holds = asked and grave is not None and grave.route is Route.GET_HELP
        spoken = (*told.spoken, words) if words else told.spoken
        return replace(told, grave=grave if holds else None, aside=False, doubt=None, spoken=spoken)
    if read is not None and read.harm is not None:
        return replace(told, grave=Reading(read.text, read.harm), aside=False, plan=None)
    if read is None or read.after is not None or read.route not in {Route.GET_HELP, Route.DOUBT}:
        return told
    if read.route is Route.DOUBT and grave is not None and grave.route is Route.GET_HELP:
        return told  # a doubt beside a disclosure does not take its place
    text = f"{grave.text}\n\n{read.text}" if grave is not None and grave.text not in read.text else read.text
    return replace(told, grave=replace(read, text=text), aside=False, plan=None)
