"""Passkeys of members: the public key of each."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    """Create the table; it is empty until a member makes a passkey."""
    op.create_table(
        "passkeys",
        sa.Column("id", sa.String(1400), nullable=False),
        sa.Column("member_id", sa.String(200), nullable=False),
        sa.Column("public", sa.LargeBinary, nullable=False),
        sa.Column("count", sa.BigInteger, nullable=False),
        sa.Column("made_on", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_passkeys"),
        sa.ForeignKeyConstraint(["member_id"], ["members.id"], "fk_passkeys_member_id", ondelete="CASCADE"),
    )
    op.create_index("ix_passkeys_member_id", "passkeys", ["member_id"])
