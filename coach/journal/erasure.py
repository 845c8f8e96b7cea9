"""Forgetting: what goes with a person, a conversation or a moment, and which traces are removed from what stays.

Works inside a transaction; the files are scrubbed afterwards (``Database.scrub``). What no id leads to: ``traces``.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from sqlalchemy import or_

from coach.domain.turns import Turn
from coach.journal.counts import counted
from coach.journal.database import chunks
from coach.journal.echo_rows import blank
from coach.journal.mentions import Naming
from coach.journal.schema import (
    CommitmentRow,
    ConversationRow,
    DraftRow,
    MomentRow,
    PersonRow,
    PlanRow,
    SentRow,
    SessionRow,
    StepRow,
    TurnRow,
)
from coach.journal.session_rows import unquote, unsay
from coach.journal.traces import rub_out, turns_naming, unsaid
from coach.journal.transaction import CONVERSATIONS, INTAKES, MOMENTS, PEOPLE, PLANS, TURNS, Transaction, missing, of


async def forget_person(transaction: Transaction, person_id: str) -> None:
    """Erase a person and all that is about them. Raises NotFound.

    With them go their moments, plans with steps and outcomes, drafts (for them, or from their plans), the
    conversations bound to them, and every turn that made a plan for them or in which one of their moments was
    told; so do the sessions bound to them, and what names them anywhere else (``traces``). What was sent for no turn
    goes too: it may be about them. Answers to requests go with all.
    """
    await counted(transaction)
    naming, turns = await naming_of(transaction, person_id)
    moments = await transaction.ids(MomentRow, MomentRow.person_id == person_id)
    plans = await transaction.ids(PlanRow, PlanRow.person_id == person_id)
    plans |= await _of_nobody(transaction, turns)
    await transaction.erase(MomentRow, moments)
    await _forget_turns(transaction, turns)  # what was sent for them cascades
    await transaction.erase(SentRow, await transaction.ids(SentRow, SentRow.turn_id.is_(None)))
    await transaction.erase(DraftRow, await transaction.ids(DraftRow, DraftRow.person_id == person_id))
    await transaction.erase(PlanRow, plans)  # steps, outcomes and drafts from them cascade
    bound = await transaction.ids(ConversationRow, ConversationRow.person_id == person_id)
    await transaction.erase(ConversationRow, bound)
    plans = await unsaid(transaction, naming)
    await transaction.erase(PlanRow, plans & await transaction.ids(PlanRow, PlanRow.person_id.is_(None)))
    await transaction.erase(SessionRow, await unsay(transaction, person_id, moments))
    await _unsee(transaction, moments)
    await _unlist(transaction, person_id, moments)
    await rub_out(transaction, naming)
    await blank(transaction)
    await transaction.erase(PersonRow, {person_id})


async def naming_of(transaction: Transaction, person_id: str) -> tuple[Naming, set[str]]:
    """Return how a person is named, and the ids of the turns that go with them. Raises NotFound."""
    person = await transaction.find(PEOPLE, person_id)
    naming = Naming(person, tuple(each for each in await transaction.all(PEOPLE) if each.id != person_id))
    return naming, await turns_naming(transaction, naming, await turns_about(transaction, person_id))


async def _of_nobody(transaction: Transaction, turns: set[str]) -> set[str]:
    """Return the plans that turns made for nobody in the journal."""
    made = {it.plan.id for it in await transaction.all(TURNS) if it.id in turns and it.plan}
    return made & await transaction.ids(PlanRow, PlanRow.person_id.is_(None))


async def forget_before(transaction: Transaction, person_id: str, before: datetime) -> int:
    """Erase what is older than a time about a person who stays; return how many things went. Raises NotFound.

    Old moments, plans and drafts go, and every turn that made one of the plans or in which one of the moments was told.
    """
    if not await transaction.has(PEOPLE, person_id):
        missing(PEOPLE.word)
    plans = await transaction.ids(PlanRow, PlanRow.person_id == person_id, PlanRow.created_at < before)
    old = (MomentRow.person_id == person_id, MomentRow.happened_at < before)
    moments = await transaction.ids(MomentRow, *old)
    told = transaction.picked(MomentRow, [MomentRow.turn_id], *old)
    turns = await transaction.ids(
        TurnRow, TurnRow.at < before, or_(TurnRow.person_id == person_id, TurnRow.id.in_(told))
    )
    drafts = await transaction.ids(DraftRow, DraftRow.person_id == person_id, DraftRow.created_at < before)
    await transaction.erase(MomentRow, moments)
    await _forget_turns(transaction, turns)
    await transaction.erase(DraftRow, drafts)
    await transaction.erase(PlanRow, plans)
    sessions = await unsay(transaction, person_id, moments, before)
    await transaction.erase(SessionRow, sessions)
    await _unsee(transaction, moments)
    return sum(map(len, (moments, plans, turns, drafts, sessions)))


async def forget_conversation(transaction: Transaction, conversation_id: str) -> None:
    """Erase a conversation with its turns; moments and plans that came of it stay. Raises NotFound."""
    await _unlink(transaction, await transaction.ids(TurnRow, *of(TurnRow.conversation_id, conversation_id)))
    await transaction.remove(CONVERSATIONS, conversation_id)


async def forget_moment(transaction: Transaction, moment_id: str) -> None:
    """Erase a moment, and its quotes in plans. Raises NotFound."""
    if not await transaction.has(MOMENTS, moment_id):
        missing(MOMENTS.word)
    await forget_moments(transaction, {moment_id})


async def forget_moments(transaction: Transaction, moments: set[str]) -> None:
    """Erase moments, and their quotes in plans and sessions."""
    await transaction.erase(MomentRow, moments)
    await _unsee(transaction, moments)
    await unquote(transaction, moments)


async def forget_turn(transaction: Transaction, turn_id: str) -> None:
    """Erase one turn; its conversation stays, and so do moments that were kept. Raises NotFound.

    The plan it made goes with it, unless a step was taken on or told of, a draft was made from it, or another turn goes
    on with it.
    """
    turn = await transaction.find(TURNS, turn_id)
    await _unlink(transaction, {turn_id})
    await transaction.erase(TurnRow, {turn_id})
    if turn.plan is not None and not await _in_use(transaction, turn):
        await transaction.erase(PlanRow, {turn.plan.id})


async def _in_use(transaction: Transaction, turn: Turn) -> bool:
    assert turn.plan is not None
    drafts = await transaction.ids(DraftRow, DraftRow.plan_id == turn.plan.id)
    taken_on = await transaction.ids(CommitmentRow, CommitmentRow.plan_id == turn.plan.id)
    if turn.plan.created_at < turn.at or drafts or taken_on:
        return True
    done = await transaction.ids(StepRow, StepRow.plan_id == turn.plan.id, StepRow.outcome.is_not(None))
    rest = await transaction.all(TURNS, TurnRow.conversation_id == turn.conversation_id)
    return bool(done) or any(each.plan is not None and each.plan.id == turn.plan.id for each in rest)


async def turns_about(transaction: Transaction, person_id: str) -> set[str]:
    """Return the ids of the turns that are about a person: those that go with them."""
    told = transaction.picked(MomentRow, [MomentRow.turn_id], MomentRow.person_id == person_id)
    bound = transaction.picked(ConversationRow, [ConversationRow.id], ConversationRow.person_id == person_id)
    return await transaction.ids(
        TurnRow, or_(TurnRow.person_id == person_id, TurnRow.id.in_(told), TurnRow.conversation_id.in_(bound))
    )


async def _forget_turns(transaction: Transaction, turns: set[str]) -> None:
    """Erase turns. A conversation left empty goes too; one that lost its first words loses the title made of them."""
    conversations: set[str] = set()
    for some in chunks(turns):
        query = transaction.picked(TurnRow, [TurnRow.conversation_id], TurnRow.id.in_(some))
        conversations.update((await transaction.connection.scalars(query)).all())
    first = {it: await _first_turn(transaction, it) for it in conversations}
    await _unlink(transaction, turns)
    await transaction.erase(TurnRow, turns)
    for conversation_id in conversations:
        if await _first_turn(transaction, conversation_id) is None:
            await transaction.erase(ConversationRow, {conversation_id})
        elif first[conversation_id] in turns:
            conversation = await transaction.find(CONVERSATIONS, conversation_id)
            await transaction.change(CONVERSATIONS, replace(conversation, title=""))


async def _first_turn(transaction: Transaction, conversation_id: str) -> str | None:
    query = transaction.picked(TurnRow, [TurnRow.id], TurnRow.conversation_id == conversation_id)
    first: str | None = await transaction.connection.scalar(query.order_by(TurnRow.at, TurnRow.id).limit(1))
    return first


async def _unlink(transaction: Transaction, turns: set[str]) -> None:
    """Let moments forget the turns they were told in."""
    for some in chunks(turns):
        for moment in await transaction.all(MOMENTS, MomentRow.turn_id.in_(some)):
            await transaction.change(MOMENTS, replace(moment, turn_id=None))


async def _unsee(transaction: Transaction, moments: set[str]) -> None:
    """Take quotes of these moments out of the plans that stay."""
    if not moments:
        return
    for plan in await transaction.all(PLANS):
        seen = tuple(it for it in plan.seen if it.moment_id not in moments)
        if seen != plan.seen:
            await transaction.change(PLANS, replace(plan, seen=seen))


async def _unlist(transaction: Transaction, person_id: str, moments: set[str]) -> None:
    """Take someone and some moments out of every list."""
    for intake in await transaction.all(INTAKES):
        rest = replace(
            intake,
            people=tuple(each for each in intake.people if each[0] != person_id),
            moments=tuple(each for each in intake.moments if each[0] not in moments),
            facts=tuple(each for each in intake.facts if each.id != person_id),
        )
        if rest != intake:
            await transaction.change(INTAKES, rest)
