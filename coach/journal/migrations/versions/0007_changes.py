"""Revisions of rows, so that no change is lost; answers; and what erasing needs: a count, a day, what is unfinished."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"

SEALED = (
    "people",
    "conversations",
    "turns",
    "moments",
    "plans",
    "drafts",
    "commitments",
    "preferences",
    "sessions",
    "sent",
    "intakes",
)
"""The tables whose rows count their revisions."""


def upgrade() -> None:
    """Add the columns; every row that is there is at its first revision. Create the tables of answers and erasures."""
    for table in SEALED:
        op.add_column(table, sa.Column("revision", sa.Integer, nullable=False, server_default="1"))
    op.add_column("users", sa.Column("erased", sa.Integer, nullable=False, server_default="0"))
    op.add_column("users", sa.Column("erase_at", sa.BigInteger, nullable=True))
    op.add_column("turns", sa.Column("generation", sa.Integer, nullable=False, server_default="0"))
    op.create_table(
        "answers",
        sa.Column("user_id", sa.String(200), nullable=False),
        sa.Column("id", sa.String(200), nullable=False),
        sa.Column("at", sa.BigInteger, nullable=False),
        sa.Column("payload", sa.LargeBinary, nullable=True),
        sa.PrimaryKeyConstraint("user_id", "id", name="pk_answers"),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], "fk_answers_user_id", ondelete="CASCADE"),
    )
    op.create_table(
        "erasures",
        sa.Column("id", sa.String(200), nullable=False),
        sa.Column("user_id", sa.String(200), nullable=False),
        sa.Column("key", sa.Boolean, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_erasures"),
    )
