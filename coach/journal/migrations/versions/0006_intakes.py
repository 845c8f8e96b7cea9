"""What a file of another program brought in, so that it can be taken out again."""

import sqlalchemy as sa
from alembic import op

from coach.errors import StorageTrouble

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


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


def downgrade() -> None:
    """Refuse: what a revision brought cannot be taken away without loss."""
    raise StorageTrouble("The journal cannot go back to an older form. Put back a copy from before.")
