"""Steps taken on, and what a user has settled once."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.schema import SchemaItem

revision = "0003"
down_revision = "0002"


def _of_user(table: str) -> list[SchemaItem]:
    return [
        sa.Column("user_id", sa.String(200), nullable=False),
        sa.Column("id", sa.String(200), nullable=False),
        sa.Column("payload", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("user_id", "id", name=f"pk_{table}"),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], f"fk_{table}_user_id", ondelete="CASCADE"),
    ]


def upgrade() -> None:
    """Create the tables of commitments, which go with their plan, and of preferences."""
    op.create_table(
        "commitments",
        *_of_user("commitments"),
        sa.Column("plan_id", sa.String(200), nullable=False),
        sa.Column("taken_at", sa.BigInteger, nullable=False),
        sa.Column("due", sa.BigInteger, nullable=True),
        sa.ForeignKeyConstraint(
            ["user_id", "plan_id"], ["plans.user_id", "plans.id"], "fk_commitments_user_id_plan_id", ondelete="CASCADE"
        ),
    )
    op.create_index("ix_commitments_user_id_plan_id", "commitments", ["user_id", "plan_id"])
    op.create_index("ix_commitments_user_id_due", "commitments", ["user_id", "due"])
    op.create_table("preferences", *_of_user("preferences"), sa.Column("changed_at", sa.BigInteger, nullable=False))
