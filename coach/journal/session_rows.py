"""Sessions in the database: kept with their commitments, and cleaned when someone is forgotten.

Knows the nouns and the shelves. A session is one row, so that a turn and where it led are kept together or not at all.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime

from coach.domain.commitments import Commitment
from coach.domain.plans import RepairPlan
from coach.domain.sessions import Session, SessionTurn
from coach.errors import Conflict
from coach.journal.steps import keep_plan
from coach.journal.transaction import COMMITMENTS, SESSIONS, Transaction


async def keep_session(
    transaction: Transaction,
    session: Session,
    plans: Sequence[RepairPlan],
    commitments: Sequence[Commitment],
    before: Session | None,
) -> None:
    """Keep a session with the plans and commitments it came to. Raises Conflict when it is not ``before`` any more."""
    if before is not None and await transaction.find(SESSIONS, session.id, change=True) != before:
        raise Conflict("Another answer came first in this session. Say it again.")
    for plan in plans:
        await keep_plan(transaction, plan)
    for commitment in commitments:
        await transaction.keep(COMMITMENTS, commitment)
    await transaction.keep(SESSIONS, session)


async def sessions_about(transaction: Transaction, person_id: str) -> list[Session]:
    """Return the sessions bound to a person or naming them."""
    return [each for each in await transaction.all(SESSIONS) if _names(each, person_id)]


async def unsay(
    transaction: Transaction, person_id: str, moments: Collection[str], before: datetime | None = None
) -> set[str]:
    """Take someone out of the sessions that stay; return the ids of those that are to go with them.

    ``before``: only what is older than that. A turn that named them goes with its answer; so does what was taken on for
    them.
    """
    gone: set[str] = set()
    for session in await transaction.all(SESSIONS):
        if session.person_id == person_id and (before is None or session.started_at < before):
            gone.add(session.id)
            continue
        old = [turn for turn in session.turns if _about(turn, person_id, moments) and _older(turn, before)]
        taken = [it for it in session.intentions if it.person_id == person_id and (before is None or bool(old))]
        if old or taken:
            await transaction.change(SESSIONS, without(session, old, {it.id for it in taken}))
    return gone


async def unquote(transaction: Transaction, moments: Collection[str]) -> None:
    """Take quotes of moments out of what the coach said in sessions."""
    for session in await transaction.all(SESSIONS):
        if any(set(turn.moments) & set(moments) for turn in session.turns):
            turns = tuple(
                replace(turn, text="", moments=tuple(it for it in turn.moments if it not in moments))
                if set(turn.moments) & set(moments)
                else turn
                for turn in session.turns
            )
            await transaction.change(SESSIONS, replace(session, turns=turns))


def _names(session: Session, person_id: str) -> bool:
    return (
        session.person_id == person_id
        or any(person_id in turn.people for turn in session.turns)
        or any(it.person_id == person_id for it in session.intentions)
    )


def _about(turn: SessionTurn, person_id: str, moments: Collection[str]) -> bool:
    return person_id in turn.people or bool(set(turn.moments) & set(moments))


def _older(turn: SessionTurn, before: datetime | None) -> bool:
    return before is None or turn.at < before


def without(session: Session, old: Sequence[SessionTurn], intentions: Collection[str]) -> Session:
    """Return a session without some turns and intentions, and without what stands in it of the words of these."""
    said = " ".join(turn.said for turn in old)
    ids = {turn.id for turn in old}

    def stays(words: str) -> bool:
        return not words or words not in said

    return replace(
        session,
        turns=tuple(turn for turn in session.turns if turn.id not in ids),
        answers=tuple(given for given in session.answers if stays(given.text)),
        goal=session.goal if stays(session.goal) else "",
        ideas=tuple(filter(stays, session.ideas)),
        told=tuple(it for it in session.told if it.step_id not in intentions and stays(it.note)),
        offers=tuple(it for it in session.offers if stays(it.words)),
        intentions=tuple(it for it in session.intentions if it.id not in intentions and stays(it.words)),
    )
