"""What a file of another program brought in, so that it can be taken out again."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Create the table of intakes."""
    op.create_table(
        "intakes",
        sa.Column("user_id", sa.String(200), nullable=False),
        sa.Column("id", sa.String(200), nullable=False),
        sa.Column("at", sa.BigInteger, nullable=False),
        sa.Column("payload", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("user_id", "id", name="pk_intakes"),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], "fk_intakes_user_id", ondelete="CASCADE"),
    )
