"""The journal as the database sees it: ids, times, foreign keys, and sealed payloads.

Every row belongs to a user, and every primary key begins with the user: two users may hold the same id, a
foreign key can never reach into another user's rows, and nobody can learn which ids others have. The payload
is the truth of a row; the plain columns are there to find and order rows. Knows nothing of what is inside
a payload, nor of the nouns.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from sqlalchemy import (
    BigInteger,
    Dialect,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
)
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
from sqlalchemy.types import TypeDecorator

ID_LENGTH = 200
"""The longest id, in characters."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


class Instant(TypeDecorator[datetime]):
    """A moment in time as whole microseconds since 1970 UTC: exact and ordered alike on every database."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> int | None:
        """Aware datetime → microseconds."""
        del dialect
        return None if value is None else (value - _EPOCH) // _MICROSECOND

    def process_result_value(self, value: int | None, dialect: Dialect) -> datetime | None:
        """Microseconds → datetime in UTC."""
        del dialect
        return None if value is None else _EPOCH + value * _MICROSECOND


class Base(DeclarativeBase):
    """Holds the metadata; constraints get names, so that later revisions can speak of them."""

    metadata = MetaData(
        naming_convention={
            "pk": "pk_%(table_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        }
    )


class UserRow(Base):
    """A user, and the fingerprint of the key their rows are sealed with.

    ``erased`` counts how often something of theirs was erased; ``erase_at``: from then on all of it is to go.
    """

    __tablename__ = "users"

    id: Mapped[str] = mapped_column(String(ID_LENGTH), primary_key=True)
    key_id: Mapped[str] = mapped_column(String(64))
    erased: Mapped[int] = mapped_column(Integer, server_default="0")
    erase_at: Mapped[datetime | None] = mapped_column(Instant)


class Row(Base):
    """The columns of every row that belongs to a user."""

    __abstract__ = True

    user_id: Mapped[str] = mapped_column(String(ID_LENGTH), primary_key=True)
    id: Mapped[str] = mapped_column(String(ID_LENGTH), primary_key=True)


class SealedRow(Row):
    """A row whose content is sealed. ``revision`` counts its changes: what was read at one is written at no other."""

    __abstract__ = True

    payload: Mapped[bytes] = mapped_column(LargeBinary)
    revision: Mapped[int] = mapped_column(Integer, server_default="1")


def _args(*indexes: tuple[str, ...], **links: str) -> tuple[ForeignKeyConstraint | Index, ...]:
    """Return what a table has beside its columns: foreign keys that stay within the user's own rows, and indexes.

    ``links``: column → the table it points to, and goes with. ``indexes``: columns after the user.
    """
    keys = [
        ForeignKeyConstraint(["user_id", column], [f"{table}.user_id", f"{table}.id"], ondelete="CASCADE")
        for column, table in links.items()
    ]
    return (
        ForeignKeyConstraint(["user_id"], ["users.id"], ondelete="CASCADE"),
        *keys,
        *(Index(None, "user_id", *each) for each in indexes),
    )


class PersonRow(SealedRow):
    """A colleague."""

    __tablename__ = "people"

    created_at: Mapped[datetime] = mapped_column(Instant)
    __table_args__ = _args()


class ConversationRow(SealedRow):
    """A thread of turns, bound to a person or not."""

    __tablename__ = "conversations"

    person_id: Mapped[str | None] = mapped_column(String(ID_LENGTH))
    created_at: Mapped[datetime] = mapped_column(Instant)
    __table_args__ = _args(("created_at",), ("person_id",), person_id="people")


class TurnRow(SealedRow):
    """A turn. ``person_id`` is whom its plan is about; no foreign key, for a turn must be kept in any case.

    ``generation`` is how often its user had erased when it began; after the next time, a running turn writes nothing.
    """

    __tablename__ = "turns"

    conversation_id: Mapped[str] = mapped_column(String(ID_LENGTH))
    person_id: Mapped[str | None] = mapped_column(String(ID_LENGTH))
    at: Mapped[datetime] = mapped_column(Instant)
    generation: Mapped[int] = mapped_column(Integer, server_default="0")
    __table_args__ = _args(("conversation_id", "at"), ("person_id",), conversation_id="conversations")


class MomentRow(SealedRow):
    """A moment with a person, and the turn it was told in."""

    __tablename__ = "moments"

    person_id: Mapped[str] = mapped_column(String(ID_LENGTH))
    turn_id: Mapped[str | None] = mapped_column(String(ID_LENGTH))
    happened_at: Mapped[datetime] = mapped_column(Instant)
    __table_args__ = (
        *_args(("person_id", "happened_at"), ("happened_at",), ("turn_id",), person_id="people"),
        ForeignKeyConstraint(["user_id", "turn_id"], ["turns.user_id", "turns.id"]),
    )


class PlanRow(SealedRow):
    """A plan, its steps inside the payload."""

    __tablename__ = "plans"

    person_id: Mapped[str | None] = mapped_column(String(ID_LENGTH))
    created_at: Mapped[datetime] = mapped_column(Instant)
    __table_args__ = _args(("person_id", "created_at"), person_id="people")


class StepRow(Row):
    """That a step exists, in which plan, and what came of it (sealed; None: nothing yet)."""

    __tablename__ = "steps"

    plan_id: Mapped[str] = mapped_column(String(ID_LENGTH))
    outcome: Mapped[bytes | None] = mapped_column(LargeBinary)
    __table_args__ = _args(("plan_id",), plan_id="plans")


class DraftRow(SealedRow):
    """A suggested message, for a person, from a plan, or neither."""

    __tablename__ = "drafts"

    person_id: Mapped[str | None] = mapped_column(String(ID_LENGTH))
    plan_id: Mapped[str | None] = mapped_column(String(ID_LENGTH))
    created_at: Mapped[datetime] = mapped_column(Instant)
    __table_args__ = _args(("person_id", "created_at"), ("plan_id",), person_id="people", plan_id="plans")


class CommitmentRow(SealedRow):
    """A step that the user means to take; its id is the step's. ``due`` is its day while open, None once closed."""

    __tablename__ = "commitments"

    plan_id: Mapped[str] = mapped_column(String(ID_LENGTH))
    taken_at: Mapped[datetime] = mapped_column(Instant)
    due: Mapped[datetime | None] = mapped_column(Instant)
    __table_args__ = (*_args(("plan_id",), ("due",), plan_id="plans"), Index(None, "due"))


class PreferencesRow(SealedRow):
    """What a user has settled once: one row each."""

    __tablename__ = "preferences"

    changed_at: Mapped[datetime] = mapped_column(Instant)
    __table_args__ = _args()


class SessionRow(SealedRow):
    """A leader coaching session with all that was said in it; bound to a person or not."""

    __tablename__ = "sessions"

    person_id: Mapped[str | None] = mapped_column(String(ID_LENGTH))
    started_at: Mapped[datetime] = mapped_column(Instant)
    __table_args__ = _args(("started_at",), ("person_id",), person_id="people")


class IntakeRow(SealedRow):
    """What a file brought in."""

    __tablename__ = "intakes"

    at: Mapped[datetime] = mapped_column(Instant)
    __table_args__ = _args()


class SentRow(SealedRow):
    """A call to a language model; it goes with its turn."""

    __tablename__ = "sent"

    turn_id: Mapped[str | None] = mapped_column(String(ID_LENGTH))
    at: Mapped[datetime] = mapped_column(Instant)
    __table_args__ = _args(("at",), ("turn_id",), turn_id="turns")


class AnswerRow(Row):
    """What a request was answered with, for when it comes again. ``payload`` None: it was erased, and stays so."""

    __tablename__ = "answers"

    at: Mapped[datetime] = mapped_column(Instant)
    payload: Mapped[bytes | None] = mapped_column(LargeBinary)
    __table_args__ = _args()


class ErasureRow(Base):
    """An erasure that is committed and not yet finished: traces are in the files; ``key``: the key is still there."""

    __tablename__ = "erasures"

    id: Mapped[str] = mapped_column(String(ID_LENGTH), primary_key=True)
    user_id: Mapped[str] = mapped_column(String(ID_LENGTH))
    key: Mapped[bool] = mapped_column()
