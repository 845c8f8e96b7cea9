"""Everything, from nothing: users, people, conversations, turns, moments, plans, steps, drafts."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def _table(
    name: str, plain: dict[str, bool | None], to: dict[str, tuple[str, str | None]], sealed: str = "payload"
) -> None:
    """Create a table of a user's rows.

    ``plain``: column → None for a time, else whether an id may be null. ``to``: column → (table, ON DELETE).
    """
    columns: list[sa.Column[str] | sa.Column[int]] = [
        sa.Column(column, sa.BigInteger, nullable=False)
        if null is None
        else sa.Column(column, sa.String(200), nullable=null)
        for column, null in plain.items()
    ]
    keys = [
        sa.ForeignKeyConstraint(
            ["user_id", column], [f"{other}.user_id", f"{other}.id"], f"fk_{name}_user_id_{column}", ondelete=ondelete
        )
        for column, (other, ondelete) in to.items()
    ]
    op.create_table(
        name,
        sa.Column("user_id", sa.String(200), nullable=False),
        sa.Column("id", sa.String(200), nullable=False),
        *columns,
        sa.Column(sealed, sa.LargeBinary, nullable=sealed != "payload"),
        sa.PrimaryKeyConstraint("user_id", "id", name=f"pk_{name}"),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], f"fk_{name}_user_id", ondelete="CASCADE"),
        *keys,
    )


def _index(table: str, *columns: str) -> None:
    names = ["user_id", *columns]
    op.create_index(f"ix_{table}_{'_'.join(names)}", table, names)


def upgrade() -> None:
    """Create every table."""
    op.create_table(
        "users",
        sa.Column("id", sa.String(200), nullable=False),
        sa.Column("key_id", sa.String(64), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_users"),
    )
    person = {"person_id": ("people", "CASCADE")}
    _table("people", {"created_at": None}, {})
    _table("conversations", {"person_id": True, "created_at": None}, {**person})
    _table(
        "turns",
        {"conversation_id": False, "person_id": True, "at": None},
        {"conversation_id": ("conversations", "CASCADE")},
    )
    _table(
        "moments",
        {"person_id": False, "turn_id": True, "happened_at": None},
        {**person, "turn_id": ("turns", None)},
    )
    _table("plans", {"person_id": True, "created_at": None}, {**person})
    _table("steps", {"plan_id": False}, {"plan_id": ("plans", "CASCADE")}, sealed="outcome")
    _table(
        "drafts",
        {"person_id": True, "plan_id": True, "created_at": None},
        {**person, "plan_id": ("plans", "CASCADE")},
    )
    for table, *columns in (
        ("conversations", "created_at"),
        ("conversations", "person_id"),
        ("turns", "conversation_id", "at"),
        ("turns", "person_id"),
        ("moments", "person_id", "happened_at"),
        ("moments", "happened_at"),
        ("moments", "turn_id"),
        ("plans", "person_id", "created_at"),
        ("steps", "plan_id"),
        ("drafts", "person_id", "created_at"),
        ("drafts", "plan_id"),
    ):
        _index(table, *columns)
