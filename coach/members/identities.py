"""Who a member is at a single sign-on: issuer and subject, and never a mail address, which others can be given.

Such an identity says who somebody is and opens nothing.
"""

from __future__ import annotations

from sqlalchemy import delete, select

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

    async def find(self, issuer: str, subject: str) -> Member | None:
        """Return whose identity it is, None for nobody's."""
        query = select(MEMBERS).join(IDENTITIES, IDENTITIES.c.member_id == MEMBERS.c.id)
        query = query.where(IDENTITIES.c.issuer == issuer, IDENTITIES.c.subject == subject)
        row = await self._database.row(query)
        return member_of(row) if row else None

    async def link(self, member: str, issuer: str, subject: str) -> None:
        """Let an identity be a member's; it takes the place of another of theirs. Raises BadInput when it is taken."""
        if not 0 < len(subject) <= _LONGEST or len(issuer) > _LONGEST:
            raise BadInput("The single sign-on gives a name that cannot be kept.")
        values = {"issuer": issuer, "subject": subject, "member_id": member}
        async with self._database.writing() as connection:
            await connection.execute(delete(IDENTITIES).where(IDENTITIES.c.member_id == member))
            adding = self._database.upsert(IDENTITIES).values(values)
            if (await connection.execute(adding)).rowcount == 0:
                await connection.rollback()
                raise BadInput("That sign-on belongs to somebody else here.")

    async def unlink(self, member: str) -> None:
        """Let a member have no identity any more."""
        await self._database.run(delete(IDENTITIES).where(IDENTITIES.c.member_id == member))

    async def has(self, member: str) -> bool:
        """Whether a member has one."""
        return (
            await self._database.value(select(IDENTITIES.c.issuer).where(IDENTITIES.c.member_id == member)) is not None
        )
