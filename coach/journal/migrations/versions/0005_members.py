"""Members of a group: who they are, what opens their journals, and what they share."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def _member(
    table: str, name: str = "member_id", *, nullable: bool = False
) -> tuple[sa.Column[str], sa.ForeignKeyConstraint]:
    key = sa.ForeignKeyConstraint([name], ["members.id"], f"fk_{table}_{name}", ondelete="CASCADE")
    return sa.Column(name, sa.String(200), nullable=nullable), key


def upgrade() -> None:
    """Create the tables; all are empty until somebody joins."""
    id_, word, at = sa.String(200), sa.String(40), sa.BigInteger
    op.create_table(
        "members",
        sa.Column("id", id_, nullable=False),
        sa.Column("login", id_, nullable=False),
        sa.Column("role", word, nullable=False),
        sa.Column("joined_at", at, nullable=False),
        sa.Column("locked", sa.Boolean, nullable=False),
        sa.Column("public", sa.LargeBinary, nullable=False),
        sa.Column("private", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_members"),
        sa.UniqueConstraint("login", name="uq_members_login"),
    )
    _keys(id_, word, at)
    _of_the_group(id_, word, at)
    _between_members(id_, at)


def _keys(id_: sa.String, word: sa.String, at: type[sa.BigInteger]) -> None:
    op.create_table(
        "slots",
        *_member("slots"),
        sa.Column("id", word, nullable=False),
        sa.Column("kind", word, nullable=False),
        sa.Column("cost", word, nullable=False),
        sa.Column("salt", sa.LargeBinary, nullable=False),
        sa.Column("pepper", word, nullable=False),
        sa.Column("sealed", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("member_id", "id", name="pk_slots"),
    )
    op.create_table(
        "doors",
        sa.Column("id", id_, nullable=False),
        *_member("doors"),
        sa.Column("kind", word, nullable=False),
        sa.Column("scope", id_, nullable=False),
        sa.Column("made_at", at, nullable=False),
        sa.Column("ends_at", at, nullable=False),
        sa.Column("pepper", word, nullable=False),
        sa.Column("sealed", sa.LargeBinary, nullable=True),
        sa.Column("label", sa.LargeBinary, nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_doors"),
    )
    op.create_index("ix_doors_member_id", "doors", ["member_id"])
    op.create_index("ix_doors_ends_at", "doors", ["ends_at"])


def _of_the_group(id_: sa.String, word: sa.String, at: type[sa.BigInteger]) -> None:
    op.create_table(
        "invites",
        sa.Column("id", id_, nullable=False),
        sa.Column("role", word, nullable=False),
        sa.Column("ends_at", at, nullable=False),
        *_member("invites", "made_by", nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_invites"),
    )
    op.create_table(
        "tries",
        sa.Column("id", id_, nullable=False),
        sa.Column("since", at, nullable=False),
        sa.Column("n", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_tries"),
    )
    op.create_table(
        "audit",
        sa.Column("number", sa.Integer, nullable=False, autoincrement=False),
        sa.Column("day", at, nullable=False),
        sa.Column("who", id_, nullable=False),
        sa.Column("what", word, nullable=False),
        sa.Column("about", id_, nullable=False),
        sa.Column("chain", id_, nullable=False),
        sa.PrimaryKeyConstraint("number", name="pk_audit"),
    )


def _between_members(id_: sa.String, at: type[sa.BigInteger]) -> None:
    op.create_table(
        "shares",
        sa.Column("id", id_, nullable=False),
        *_member("shares", "sender_id"),
        *_member("shares", "receiver_id"),
        sa.Column("sent_at", at, nullable=False),
        sa.Column("ends_at", at, nullable=False),
        sa.Column("opened_at", at, nullable=True),
        sa.Column("sealed", sa.LargeBinary, nullable=False),
        sa.Column("copy", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_shares"),
    )
    op.create_index("ix_shares_receiver_id", "shares", ["receiver_id"])
    op.create_index("ix_shares_sender_id", "shares", ["sender_id"])
    op.create_table(
        "feeds",
        sa.Column("id", id_, nullable=False),
        *_member("feeds"),
        sa.Column("sealed", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_feeds"),
    )
    op.create_index("ix_feeds_member_id", "feeds", ["member_id"])
