"""Members as the database sees them: login names, roles, days, and keys that nothing in the database opens.

Times are whole microseconds since 1970, as in the journal. A member's rows go with the member; their journal is in
the tables of ``coach.journal``, under the same id. Knows no statement.
"""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    PrimaryKeyConstraint,
    String,
    Table,
    UniqueConstraint,
    false,
)

METADATA = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
    }
)

_ID, _WORD = String(200), String(40)


def _member(name: str = "member_id", *, nullable: bool = False) -> Column[str]:
    return Column(name, _ID, ForeignKey("members.id", ondelete="CASCADE"), nullable=nullable)


MEMBERS = Table(
    "members",
    METADATA,
    Column("id", _ID, primary_key=True),
    Column("login", _ID, nullable=False),
    Column("role", _WORD, nullable=False),
    Column("joined_at", BigInteger, nullable=False),
    Column("locked", Boolean, nullable=False),
    Column("public", LargeBinary, nullable=False),
    Column("private", LargeBinary, nullable=False),
    Column("mail", _ID, nullable=False, server_default=""),
    Column("mail_hour", Integer, nullable=False, server_default="7"),
    Column("mailed_on", BigInteger, nullable=False, server_default="0"),
    Column("counted", Boolean, nullable=False, server_default=false()),
    UniqueConstraint("login"),
)
"""``private`` is sealed under the member's data key. ``joined_at`` is cut to the day. ``mail``: where a digest goes.

``counted``: the member may be counted in the group's numbers.
"""

SLOTS = Table(
    "slots",
    METADATA,
    _member(),
    Column("id", _WORD, nullable=False),
    Column("kind", _WORD, nullable=False),
    Column("cost", _WORD, nullable=False),
    Column("salt", LargeBinary, nullable=False),
    Column("pepper", _WORD, nullable=False),
    Column("sealed", LargeBinary, nullable=False),
    PrimaryKeyConstraint("member_id", "id"),
)

DOORS = Table(
    "doors",
    METADATA,
    Column("id", _ID, primary_key=True),
    _member(),
    Column("kind", _WORD, nullable=False),
    Column("scope", _ID, nullable=False),
    Column("made_at", BigInteger, nullable=False),
    Column("ends_at", BigInteger, nullable=False),
    Column("pepper", _WORD, nullable=False),
    Column("sealed", LargeBinary, nullable=True),
    Column("label", LargeBinary, nullable=True),
    Index(None, "member_id"),
    Index(None, "ends_at"),
)
"""``id`` is the token's hash; ``label`` is sealed, and ``made_at`` is cut to the day."""

INVITES = Table(
    "invites",
    METADATA,
    Column("id", _ID, primary_key=True),
    Column("role", _WORD, nullable=False),
    Column("ends_at", BigInteger, nullable=False),
    _member("made_by", nullable=True),
)
"""``id`` is the hash of the link's token; ``made_by`` is empty for one that was made at the server's terminal."""

TRIES = Table(
    "tries",
    METADATA,
    Column("id", _ID, primary_key=True),
    Column("since", BigInteger, nullable=False),
    Column("n", Integer, nullable=False),
)
"""``id`` is made from a login or an address with the pepper, and tells nothing of it."""

IDENTITIES = Table(
    "identities",
    METADATA,
    Column("issuer", String(400), nullable=False),
    Column("subject", String(400), nullable=False),
    _member(),
    PrimaryKeyConstraint("issuer", "subject"),
    Index(None, "member_id"),
)
"""Who a member is at a single sign-on."""

AUDIT = Table(
    "audit",
    METADATA,
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("day", BigInteger, nullable=False),
    Column("who", _ID, nullable=False),
    Column("what", _WORD, nullable=False),
    Column("about", _ID, nullable=False),
    Column("chain", _ID, nullable=False),
)

SHARES = Table(
    "shares",
    METADATA,
    Column("id", _ID, primary_key=True),
    _member("sender_id"),
    _member("receiver_id"),
    Column("sent_at", BigInteger, nullable=False),
    Column("ends_at", BigInteger, nullable=False),
    Column("opened_at", BigInteger, nullable=True),
    Column("sealed", LargeBinary, nullable=False),
    Column("copy", LargeBinary, nullable=False),
    Index(None, "receiver_id"),
    Index(None, "sender_id"),
)
"""``sealed`` opens with the receiver's private key, ``copy`` with the sender's data key."""

FEEDS = Table(
    "feeds",
    METADATA,
    Column("id", _ID, primary_key=True),
    _member(),
    Column("sealed", LargeBinary, nullable=False),
    Index(None, "member_id"),
)
"""A calendar as it was when the journal was last open, sealed under the token in its address; ``id`` is its hash."""

NUMBERS = Table(
    "numbers",
    METADATA,
    Column("week", BigInteger, nullable=False),
    Column("what", _WORD, nullable=False),
    Column("n", Integer, nullable=False),
    PrimaryKeyConstraint("week", "what"),
    CheckConstraint("n >= 0 AND n % 5 = 0", name="in_fives"),
)
"""Numbers of the whole, a row a finished week and thing that is counted; in fives, 0 for fewer than five."""

HANDOUTS = Table(
    "handouts",
    METADATA,
    Column("name", _WORD, primary_key=True),
    Column("kind", _WORD, nullable=False),
    Column("handed_on", BigInteger, nullable=False),
    Column("digest", _ID, nullable=False),
    Column("archive", LargeBinary, nullable=False),
)
"""Packs and kinds of session for all members, as ZIP files; they are nobody's and no secret."""

PASSKEYS = Table(
    "passkeys",
    METADATA,
    Column("id", String(1400), primary_key=True),
    _member(),
    Column("public", LargeBinary, nullable=False),
    Column("count", BigInteger, nullable=False),
    Column("made_on", BigInteger, nullable=False),
    Index(None, "member_id"),
)
"""``id`` is the credential's, in base64url. What it works out seals the data key in a slot and is kept nowhere."""
