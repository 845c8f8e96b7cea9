"""What names somebody who is erased, in what no id leads to: turns, plans, drafts, calls, sessions and notes.

A turn that names them goes, with what was said after it about nobody else. What is about somebody else stays: of a
turn, plan, draft or session without the sentences that name them, of a note without the name alone. Works inside a
transaction, once what ids lead to is gone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from typing import Any, TypeVar

from coach.domain.sessions import Session
from coach.domain.turns import Turn
from coach.journal.mentions import Naming, rewritten, told
from coach.journal.schema import DraftRow, MomentRow, SentRow
from coach.journal.session_rows import without
from coach.journal.steps import keep_outcome, outcomes
from coach.journal.transaction import (
    CONVERSATIONS,
    DRAFTS,
    MOMENTS,
    PEOPLE,
    PLANS,
    SENT,
    SESSIONS,
    TURNS,
    Shelf,
    Transaction,
)

T = TypeVar("T")


async def turns_naming(transaction: Transaction, naming: Naming, about: set[str]) -> set[str]:
    """Return the turns that go: those ``about`` them, those that name them, and what went on from these."""
    others = await _about_others(transaction)
    gone: set[str] = set()
    by_conversation: dict[str, list[Turn]] = {}
    for turn in await transaction.all(TURNS):
        by_conversation.setdefault(turn.conversation_id, []).append(turn)

    def begins(turn: Turn) -> bool:  # a card offers people whom nobody meant
        return turn.id in about or (turn.id not in others and told(replace(turn, ask=None), naming))

    for turns in by_conversation.values():
        going = _from_there(turns, begins, lambda it: it.id in others or naming.names_other(it.said))
        gone |= {turn.id for turn in going}
    return gone


def _from_there(turns: Iterable[T], begins: Callable[[T], bool], ends: Callable[[T], bool]) -> Iterator[T]:
    """Yield the turns with which something begins, and those after them until it ends."""
    on = False
    for turn in turns:
        on = begins(turn) or (on and not ends(turn))
        if on:
            yield turn


async def _about_others(transaction: Transaction) -> set[str]:
    """Return the turns that ids lead from to somebody, by a plan or a moment; who is erased has none any more."""
    plans = {turn.id for turn in await transaction.all(TURNS) if turn.plan and turn.plan.person_id}
    return plans | {it.turn_id for it in await transaction.all(MOMENTS, MomentRow.turn_id.is_not(None)) if it.turn_id}


async def rub_out(transaction: Transaction, naming: Naming) -> None:
    """Take whoever is erased out of all that stays."""
    calls = [it.id for it in await transaction.all(SENT) if told(it, naming)]
    await transaction.erase(SentRow, set(calls))
    drafts = [it for it in await transaction.all(DRAFTS) if told(it, naming)]
    await transaction.erase(DraftRow, {it.id for it in drafts if it.person_id is None and it.plan_id is None})
    stay: tuple[Shelf[Any], ...] = (TURNS, PLANS, DRAFTS, SESSIONS)
    for shelf in stay:
        await _rewrite(transaction, shelf, naming, naming.without)
    for conversation in await transaction.all(CONVERSATIONS):
        if naming.names(conversation.title):
            await transaction.change(CONVERSATIONS, replace(conversation, title=""))
    notes: tuple[Shelf[Any], ...] = (MOMENTS, PEOPLE)
    for shelf in notes:
        await _rewrite(transaction, shelf, naming, naming.nameless)
    for _, outcome in await outcomes(transaction):
        if told(outcome, naming):
            await keep_outcome(transaction, rewritten(outcome, naming.nameless))


async def unsaid(transaction: Transaction, naming: Naming) -> set[str]:
    """Take the turns that name them out of sessions, with what followed; return the plans of intentions that went."""
    plans: set[str] = set()
    for session in await transaction.all(SESSIONS):
        left = _unsaid(session, naming)
        if left != session:
            await transaction.change(SESSIONS, left)
            plans |= {it.plan_id for it in session.intentions} - {it.plan_id for it in left.intentions}
    return plans


async def _rewrite(transaction: Transaction, shelf: Shelf[Any], naming: Naming, how: Any) -> None:
    for thing in await transaction.all(shelf):
        if thing.id != naming.person.id and told(thing, naming):
            await transaction.change(shelf, rewritten(thing, how))


def _unsaid(session: Session, naming: Naming) -> Session:
    """Return a session without the turns that name them, and without what was said on from there about nobody else."""
    gone = list(_from_there(session.turns, lambda it: told(it, naming), lambda it: naming.names_other(it.said)))
    return without(session, gone, set()) if gone else session
