"""Leader coaching sessions."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Create the table of sessions; one that is bound to a person goes with them."""
    op.create_table(
        "sessions",
        sa.Column("user_id", sa.String(200), nullable=False),
        sa.Column("id", sa.String(200), nullable=False),
        sa.Column("person_id", sa.String(200), nullable=True),
        sa.Column("started_at", sa.BigInteger, nullable=False),
        sa.Column("payload", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("user_id", "id", name="pk_sessions"),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], "fk_sessions_user_id", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["user_id", "person_id"],
            ["people.user_id", "people.id"],
            "fk_sessions_user_id_person_id",
            ondelete="CASCADE",
        ),
    )
    op.create_index("ix_sessions_user_id_started_at", "sessions", ["user_id", "started_at"])
    op.create_index("ix_sessions_user_id_person_id", "sessions", ["user_id", "person_id"])
