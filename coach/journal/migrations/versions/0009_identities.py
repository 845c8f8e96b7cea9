"""Who a member is at a single sign-on: the issuer and its name for them, and nothing else."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    """Create the table; it is empty until somebody connects a single sign-on."""
    op.create_table(
        "identities",
        sa.Column("issuer", sa.String(400), nullable=False),
        sa.Column("subject", sa.String(400), nullable=False),
        sa.Column("member_id", sa.String(200), nullable=False),
        sa.PrimaryKeyConstraint("issuer", "subject", name="pk_identities"),
        sa.ForeignKeyConstraint(["member_id"], ["members.id"], "fk_identities_member_id", ondelete="CASCADE"),
    )
    op.create_index("ix_identities_member_id", "identities", ["member_id"])
