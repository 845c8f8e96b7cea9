"""Packs and kinds of session that a host hands out to all members."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    """Create the table; it is empty until a host hands something out."""
    op.create_table(
        "handouts",
        sa.Column("name", sa.String(40), nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("handed_on", sa.BigInteger, nullable=False),
        sa.Column("digest", sa.String(200), nullable=False),
        sa.Column("archive", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_handouts"),
    )
