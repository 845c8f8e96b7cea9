"""Numbers of the whole group, in fives; and whether a member may be counted in them: nobody until they say so."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    """Create the table; it is empty until a week has ended."""
    op.add_column("members", sa.Column("counted", sa.Boolean, nullable=False, server_default=sa.false()))
    op.create_table(
        "numbers",
        sa.Column("week", sa.BigInteger, nullable=False),
        sa.Column("what", sa.String(40), nullable=False),
        sa.Column("n", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("week", "what", name="pk_numbers"),
        sa.CheckConstraint("n >= 0 AND n % 5 = 0", name="ck_numbers_in_fives"),
    )
