"""What left this machine: a row for every call to a language model."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Create the table of sent calls; one goes with its turn."""
    op.create_table(
        "sent",
        sa.Column("user_id", sa.String(200), nullable=False),
        sa.Column("id", sa.String(200), nullable=False),
        sa.Column("turn_id", sa.String(200), nullable=True),
        sa.Column("at", sa.BigInteger, nullable=False),
        sa.Column("payload", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("user_id", "id", name="pk_sent"),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], "fk_sent_user_id", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["user_id", "turn_id"], ["turns.user_id", "turns.id"], "fk_sent_user_id_turn_id", ondelete="CASCADE"
        ),
    )
    op.create_index("ix_sent_user_id_at", "sent", ["user_id", "at"])
    op.create_index("ix_sent_user_id_turn_id", "sent", ["user_id", "turn_id"])
