"""The journal as the database sees it: ids, times, foreign keys, and sealed payloads.

Every row belongs to a user, and every primary key begins with the user: two users may hold the same id, a
foreign key can never reach into another user's rows, and nobody can learn which ids others have. The payload
is the truth of a row; the plain columns are there to find and order rows. Knows nothing of what is inside
a payload, nor of the nouns.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any, ClassVar

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ColumnElement,
    Dialect,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
)
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


def _column(kind: Any, **options: Any) -> Any:
    """Declare a column; each table has one of its own. It holds something, unless ``nullable`` says otherwise."""
    return partial(Column, type_=kind, **{"nullable": False, **options})


class Base:
    """A table, written as a class: SQLAlchemy's own way to do so brings its mapper of objects along, of no use here.

    Holds the metadata; constraints get names, so that later revisions can speak of them.
    """

    metadata: ClassVar = MetaData(
        naming_convention={
            "pk": "pk_%(table_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        }
    )
    __tablename__: ClassVar[str]
    __table__: ClassVar[Table]
    __table_args__: ClassVar[tuple[ForeignKeyConstraint | Index, ...]] = ()

    def __init_subclass__(cls) -> None:
        """Make the table of a class that has a name for it."""
        if "__tablename__" in vars(cls):
            declared = [item for each in reversed(cls.__mro__) for item in vars(each).items()]
            columns = [made(name) for name, made in declared if isinstance(made, partial)]
            cls.__table__ = Table(cls.__tablename__, cls.metadata, *columns, *cls.__table_args__)
            for column in columns:
                setattr(cls, column.name, column)

    @classmethod
    def __clause_element__(cls) -> Table:
        """Stand for the table in a statement."""
        return cls.__table__


class UserRow(Base):
    """A user, and the fingerprint of the key their rows are sealed with.

    ``erased`` counts how often something of theirs was erased; ``erase_at``: from then on all of it is to go.
    """

    __tablename__ = "users"

    id: ColumnElement[str] = _column(String(ID_LENGTH), primary_key=True)
    key_id: ColumnElement[str] = _column(String(64))
    erased: ColumnElement[int] = _column(Integer, server_default="0")
    erase_at: ColumnElement[datetime | None] = _column(Instant, nullable=True)


class Row(Base):
    """The columns of every row that belongs to a user."""

    user_id: ColumnElement[str] = _column(String(ID_LENGTH), primary_key=True)
    id: ColumnElement[str] = _column(String(ID_LENGTH), primary_key=True)


class SealedRow(Row):
    """A row whose content is sealed. ``revision`` counts its changes: what was read at one is written at no other."""

    payload: ColumnElement[bytes] = _column(LargeBinary)
    revision: ColumnElement[int] = _column(Integer, server_default="1")


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

    created_at: ColumnElement[datetime] = _column(Instant)
    __table_args__ = _args()


class ConversationRow(SealedRow):
    """A thread of turns, bound to a person or not."""

    __tablename__ = "conversations"

    person_id: ColumnElement[str | None] = _column(String(ID_LENGTH), nullable=True)
    created_at: ColumnElement[datetime] = _column(Instant)
    __table_args__ = _args(("created_at",), ("person_id",), person_id="people")


class TurnRow(SealedRow):
    """A turn. ``person_id`` is whom its plan is about; no foreign key, for a turn must be kept in any case.

    ``generation`` is how often its user had erased when it began; after the next time, a running turn writes nothing.
    """

    __tablename__ = "turns"

    conversation_id: ColumnElement[str] = _column(String(ID_LENGTH))
    person_id: ColumnElement[str | None] = _column(String(ID_LENGTH), nullable=True)
    at: ColumnElement[datetime] = _column(Instant)
    generation: ColumnElement[int] = _column(Integer, server_default="0")
    __table_args__ = _args(("conversation_id", "at"), ("person_id",), conversation_id="conversations")


class MomentRow(SealedRow):
    """A moment with a person, and the turn it was told in."""

    __tablename__ = "moments"

    person_id: ColumnElement[str] = _column(String(ID_LENGTH))
    turn_id: ColumnElement[str | None] = _column(String(ID_LENGTH), nullable=True)
    happened_at: ColumnElement[datetime] = _column(Instant)
    __table_args__ = (
        *_args(("person_id", "happened_at"), ("happened_at",), ("turn_id",), person_id="people"),
        ForeignKeyConstraint(["user_id", "turn_id"], ["turns.user_id", "turns.id"]),
    )


class PlanRow(SealedRow):
    """A plan, its steps inside the payload."""

    __tablename__ = "plans"

    person_id: ColumnElement[str | None] = _column(String(ID_LENGTH), nullable=True)
    created_at: ColumnElement[datetime] = _column(Instant)
    __table_args__ = _args(("person_id", "created_at"), person_id="people")


class StepRow(Row):
    """That a step exists, in which plan, and what came of it (sealed; None: nothing yet)."""

    __tablename__ = "steps"

    plan_id: ColumnElement[str] = _column(String(ID_LENGTH))
    outcome: ColumnElement[bytes | None] = _column(LargeBinary, nullable=True)
    __table_args__ = _args(("plan_id",), plan_id="plans")


class DraftRow(SealedRow):
    """A suggested message, for a person, from a plan, or neither."""

    __tablename__ = "drafts"

    person_id: ColumnElement[str | None] = _column(String(ID_LENGTH), nullable=True)
    plan_id: ColumnElement[str | None] = _column(String(ID_LENGTH), nullable=True)
    created_at: ColumnElement[datetime] = _column(Instant)
    __table_args__ = _args(("person_id", "created_at"), ("plan_id",), person_id="people", plan_id="plans")


class CommitmentRow(SealedRow):
    """A step that the user means to take; its id is the step's. ``due`` is its day while open, None once closed."""

    __tablename__ = "commitments"

    plan_id: ColumnElement[str] = _column(String(ID_LENGTH))
    taken_at: ColumnElement[datetime] = _column(Instant)
    due: ColumnElement[datetime | None] = _column(Instant, nullable=True)
    __table_args__ = (*_args(("plan_id",), ("due",), plan_id="plans"), Index(None, "due"))


class PreferencesRow(SealedRow):
    """What a user has settled once: one row each."""

    __tablename__ = "preferences"

    changed_at: ColumnElement[datetime] = _column(Instant)
    __table_args__ = _args()


class SessionRow(SealedRow):
    """A leader coaching session with all that was said in it; bound to a person or not."""

    __tablename__ = "sessions"

    person_id: ColumnElement[str | None] = _column(String(ID_LENGTH), nullable=True)
    started_at: ColumnElement[datetime] = _column(Instant)
    __table_args__ = _args(("started_at",), ("person_id",), person_id="people")


class IntakeRow(SealedRow):
    """What a file brought in."""

    __tablename__ = "intakes"

    at: ColumnElement[datetime] = _column(Instant)
    __table_args__ = _args()


class SentRow(SealedRow):
    """A call to a language model; it goes with its turn."""

    __tablename__ = "sent"

    turn_id: ColumnElement[str | None] = _column(String(ID_LENGTH), nullable=True)
    at: ColumnElement[datetime] = _column(Instant)
    __table_args__ = _args(("at",), ("turn_id",), turn_id="turns")


class AnswerRow(Row):
    """What a request was answered with, for when it comes again. ``payload`` None: it was erased, and stays so."""

    __tablename__ = "answers"

    at: ColumnElement[datetime] = _column(Instant)
    payload: ColumnElement[bytes | None] = _column(LargeBinary, nullable=True)
    __table_args__ = _args()


class ErasureRow(Base):
    """An erasure that is committed and not yet finished: traces are in the files; ``key``: the key is still there."""

    __tablename__ = "erasures"

    id: ColumnElement[str] = _column(String(ID_LENGTH), primary_key=True)
    user_id: ColumnElement[str] = _column(String(ID_LENGTH))
    key: ColumnElement[bool] = _column(Boolean)
