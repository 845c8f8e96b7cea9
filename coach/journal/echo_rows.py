"""Answers that are kept under the key a request came with, sealed; the key itself is not kept, only what it gives.

Works inside a transaction. Knows the row and the noun.
"""

from __future__ import annotations

import hmac

from sqlalchemy import delete, update

from coach.domain.echoes import LASTS, Echo
from coach.journal.desk import Desk
from coach.journal.payloads import from_json, in_utc, to_json
from coach.journal.schema import AnswerRow
from coach.journal.transaction import Transaction, missing


class Answering(Desk):
    """The part of a journal that keeps answers."""

    async def answered(self, user: str, key: str, answer: Echo) -> Echo | None:
        return await self._write(user, lambda it: _answered(it, key, answer))

    async def keep_answer(self, user: str, key: str, answer: Echo) -> None:
        await self._write(user, lambda it: _keep(it, key, answer), anew=False)

    async def forget_answer(self, user: str, key: str) -> None:
        await self._write(user, lambda it: _forget(it, key), anew=False)


async def blank(transaction: Transaction) -> None:
    """Erase what all answers say. That they were given stays: nothing that was erased comes back with a second try."""
    ours = update(AnswerRow).where(AnswerRow.user_id == transaction.user)
    await transaction.connection.execute(ours.values(payload=None))


async def _answered(transaction: Transaction, key: str, answer: Echo) -> Echo | None:
    connection, id_ = transaction.connection, _id(transaction, key)
    old = delete(AnswerRow).where(AnswerRow.user_id == transaction.user, AnswerRow.at < answer.at - LASTS)
    await connection.execute(old)
    added = transaction.database.upsert(AnswerRow.__table__)
    values = {"user_id": transaction.user, "id": id_, "at": answer.at, "payload": _sealed(transaction, id_, answer)}
    if (await connection.execute(added, values)).rowcount:
        return None
    query = transaction.picked(AnswerRow, [AnswerRow.at, AnswerRow.payload], AnswerRow.id == id_)
    at, payload = (await connection.execute(query)).one()
    if payload is None:
        return Echo("", at, erased=True)
    assert transaction.cipher is not None
    return from_json(Echo, transaction.cipher.open(AnswerRow.__tablename__, id_, payload))


async def _keep(transaction: Transaction, key: str, answer: Echo) -> None:
    id_ = _id(transaction, key)
    there = update(AnswerRow).where(
        AnswerRow.user_id == transaction.user, AnswerRow.id == id_, AnswerRow.payload.is_not(None)
    )
    sealed = _sealed(transaction, id_, answer)
    await transaction.connection.execute(there.values(payload=sealed, at=answer.at))


async def _forget(transaction: Transaction, key: str) -> None:
    here = delete(AnswerRow).where(AnswerRow.user_id == transaction.user, AnswerRow.id == _id(transaction, key))
    await transaction.connection.execute(here.where(AnswerRow.payload.is_not(None)))


def _sealed(transaction: Transaction, id_: str, answer: Echo) -> bytes:
    if transaction.cipher is None:
        missing("journal")
    return transaction.cipher.seal(AnswerRow.__tablename__, id_, to_json(in_utc(answer)))


def _id(transaction: Transaction, key: str) -> str:
    """Return the row's id: only with the user's data key can it be told from which key it came."""
    if transaction.cipher is None:
        missing("journal")
    return hmac.digest(transaction.cipher.secret("answers"), key.encode(), "sha256").hex()
