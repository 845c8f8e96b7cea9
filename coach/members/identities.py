"""Who a member is at a single sign-on: issuer and subject, and never a mail address, which others can be given.

Such an identity says who somebody is and opens nothing.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.dialects import postgresql, sqlite

from coach.domain.members import Member
from coach.errors import BadInput
from coach.journal.database import Database
from coach.members.columns import IDENTITIES, MEMBERS
from coach.members.row_forms import member_of

_LONGEST = 400


class Identities:
    """The identities of one database."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._insert: Any = sqlite.insert if database.sqlite else postgresql.insert

    async def find(self, issuer: str, subject: str) -> Member | None:
        """Return whose identity it is, None for nobody's."""
        query = select(MEMBERS).join(IDENTITIES, IDENTITIES.c.member_id == MEMBERS.c.id)
        query = query.where(IDENTITIES.c.issuer == issuer, IDENTITIES.c.subject == subject)
        async with self._database.reading() as connection:
            row = (await connection.execute(query)).first()
        return member_of(row) if row else None

    async def link(self, member: str, issuer: str, subject: str) -> None:
        """Let an identity be a member's; it takes the place of another of theirs. Raises BadInput when it is taken."""
        if not 0 < len(subject) <= _LONGEST or len(issuer) > _LONGEST:
            raise BadInput("The single sign-on gives a name that cannot be kept.")
        values = {"issuer": issuer, "subject": subject, "member_id": member}
        async with self._database.writing() as connection:
            await connection.execute(delete(IDENTITIES).where(IDENTITIES.c.member_id == member))
            adding = self._insert(IDENTITIES).values(values).on_conflict_do_nothing()
            if (await connection.execute(adding)).rowcount == 0:
                await connection.rollback()
                raise BadInput("That sign-on belongs to somebody else here.")

    async def unlink(self, member: str) -> None:
        """Let a member have no identity any more."""
        async with self._database.writing() as connection:
            await connection.execute(delete(IDENTITIES).where(IDENTITIES.c.member_id == member))

    async def has(self, member: str) -> bool:
        """Whether a member has one."""
        query = select(IDENTITIES.c.issuer).where(IDENTITIES.c.member_id == member)
        async with self._database.reading() as connection:
            return await connection.scalar(query) is not None
