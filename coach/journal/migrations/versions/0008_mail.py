"""Where a member's digest goes; and days of commitments found over all members, for its counts."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    """Add the columns; nobody gets mail until they ask for it."""
    op.add_column("members", sa.Column("mail", sa.String(200), nullable=False, server_default=""))
    op.add_column("members", sa.Column("mail_hour", sa.Integer, nullable=False, server_default="7"))
    op.add_column("members", sa.Column("mailed_on", sa.BigInteger, nullable=False, server_default="0"))
    op.create_index("ix_commitments_due", "commitments", ["due"])
