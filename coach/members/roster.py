"""Who belongs to the group: the first link, invitations, joining, roles, locking out, leaving, and a folder's claim.

Nobody becomes an admin by being first at the page: the first link is made at the server's terminal. What an admin does
is written down for every member to read. An admin can lock a member out and erase them, and can open nothing of theirs.
"""

from __future__ import annotations

import secrets
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from coach.domain.members import Act, Member, Opened, Role
from coach.errors import BadInput, Refused, StorageTrouble
from coach.members import codes, wraps
from coach.members.entry import Entry, check_login, check_password, named
from coach.members.ledger import Ledger, Newcomer
from coach.members.row_forms import chained
from coach.members.wraps import SlotKind

TERMINAL = "at the server's terminal"
INVITED_FOR = timedelta(days=7)

_USED = "This invitation was used already or has ended. Ask for a new one."
_TAKEN = "Somebody here has this login already. Take another one; the invitation still holds."
_ADMIN_ONLY = "Only an admin may do that."
_LAST_ADMIN = "This is the last admin. Make somebody else an admin first."
_NOT_EMPTY = "Somebody has joined already, so there is no first link any more. An admin invites the others."
_NOBODY = "Nobody here has that login."


@dataclass(frozen=True, slots=True)
class Outside:
    """What is done elsewhere: ``fingerprint`` names a key without telling it, ``finish`` takes traces out of files."""

    fingerprint: Callable[[bytes], str]
    finish: Callable[[], Awaitable[None]]
    clock: Callable[[], datetime]
    new_id: Callable[[], str]


class Roster:
    """The members of one coach."""

    def __init__(self, ledger: Ledger, entry: Entry, outside: Outside) -> None:
        self._ledger, self._entry, self._outside = ledger, entry, outside

    # ---- coming

    async def first(self) -> str:
        """Return the token of the link with which the first admin joins. Raises Refused once anybody has."""
        if not await self._ledger.empty():
            raise Refused(_NOT_EMPTY)
        return await self.invite(None, Role.ADMIN)

    async def invite(self, by: Member | None, role: Role) -> str:
        """Return the token of a new invitation, for one person and a week. ``by`` None: at the terminal."""
        self._check_admin(by)
        token, now = wraps.new_token(), self._outside.clock()
        act = self._act(by, "invited", f"somebody, as {role.value}")
        await self._ledger.invite(wraps.token_id(token), role, now + INVITED_FOR, by.id if by else None, act)
        return token

    async def invited(self, token: str) -> Role | None:
        """Return the role of an invitation that can still be taken, None for any other."""
        return await self._ledger.invited(wraps.token_id(token), self._outside.clock())

    async def join(self, token: str, login: str, password: str, *, long: bool = False) -> str:
        """Add a member who has an invitation, with a new data key; return the token of their session.

        Raises BadInput for a login or password that cannot be, Refused for an invitation that was used.
        """
        if await self.invited(token) is None:
            raise Refused(_USED)  # before anything costs
        new, session = await self._newcomer(self._outside.new_id(), secrets.token_bytes(32), login, password, long=long)
        if await self._ledger.join(wraps.token_id(token), new, self._outside.clock()) is None:
            if await self._ledger.member(login=new.member.login) is not None:
                raise BadInput(_TAKEN)
            raise Refused(_USED)
        return session

    async def _newcomer(
        self, id_: str, key: bytes, login: str, password: str, *, code: str | None = None, long: bool = False
    ) -> tuple[Newcomer, str]:
        name = named(login)
        check_login(name)
        check_password(password, name)
        member = Member(id_, name, Role.MEMBER if code is None else Role.ADMIN, self._outside.clock().date())
        slots = [await self._entry.slot(id_, key, password)]
        if code is not None:
            slots.append(wraps.by_code(id_, key, code))
        public, private = wraps.pair(id_, key)
        session, door = self._entry.door(id_, key, long=long)
        fingerprint = self._outside.fingerprint(key)
        return Newcomer(member, public, private, fingerprint, tuple(slots), door if code is None else None), session

    # ---- a folder of one user

    async def claimed(self, user: str) -> bool:
        """Whether the user of a folder is a member already."""
        return await self._ledger.member(id_=user) is not None

    async def claim(self, user: str, key: bytes, login: str, password: str, code: str) -> None:
        """Make the user of a folder a member, with the same id and key, or prove that they are one already.

        When this returns, the password opens the key, read back from the database, and so does the code when it was
        new; only then may the key file go. Broken off at any point before, the file still opens. Raises StorageTrouble.
        """
        if not await self.claimed(user):
            read = codes.read(code)
            if read is None:
                raise BadInput("That is no recovery code.")
            new, _ = await self._newcomer(user, key, login, password, code=read)
            if await self._ledger.join(None, new, self._outside.clock()) is None:
                raise BadInput(_TAKEN)
            await self._prove(user, key, login, SlotKind.RECOVERY, read)
        await self._prove(user, key, login, SlotKind.PASSWORD, password)

    async def _prove(self, user: str, key: bytes, login: str, kind: SlotKind, secret: str) -> None:
        found = await self._ledger.slots(named(login), kind)
        slots = found[1] if found and found[0].id == user else []
        opened = [await self._entry.opens(slot, secret) for slot in slots]
        if not opened or any(each != key for each in opened):
            raise StorageTrouble(f"The {kind.value} does not open the journal, so the key file stays where it is.")

    # ---- who is here, and as what

    async def members(self) -> Sequence[Member]:
        """Return every member, by login."""
        return await self._ledger.members()

    async def find(self, login: str) -> Member:
        """Return the member with a login. Raises BadInput."""
        found = await self._ledger.member(login=named(login))
        if found is None:
            raise BadInput(_NOBODY)
        return found

    async def lock(self, by: Member | None, login: str, *, locked: bool = True) -> None:
        """Let a member in no more, or again: their sessions and programs are shut out, and nothing is lost."""
        self._check_admin(by)
        member = await self.find(login)
        if locked:
            await self._check_others_lead(member)
        await self._ledger.change(
            member.id, self._act(by, "locked out" if locked else "let in again", member.login), locked=locked
        )

    async def make(self, by: Member | None, login: str, role: Role) -> None:
        """Give a member a role."""
        self._check_admin(by)
        member = await self.find(login)
        if role is not Role.ADMIN:
            await self._check_others_lead(member)
        await self._ledger.change(member.id, self._act(by, f"made {role.value}", member.login), role=role)

    # ---- going

    async def erase(self, by: Member | None, login: str) -> None:
        """Erase a member with their journal, and the traces. There is no way back."""
        self._check_admin(by)
        member = await self.find(login)
        await self._check_others_lead(member)
        await self._ledger.erase(member.id, self._act(by, "erased", member.login))
        await self._outside.finish()

    async def leave(self, opened: Opened, password: str, address: str) -> None:
        """Erase oneself, after the password was typed once more. Raises Refused, TooMany."""
        await self._entry.prove(opened, password, address)
        if any(each.id != opened.member.id for each in await self._ledger.members()):
            await self._check_others_lead(opened.member)
        await self._ledger.erase(opened.member.id, None)
        await self._outside.finish()

    # ---- what was done

    async def acts(self) -> tuple[Sequence[Act], str]:
        """Return what admins and hosts did, and the chain's head; raises StorageTrouble when an act was changed."""
        head, acts = "", []
        for number, (act, link) in enumerate(await self._ledger.acts(), 1):
            head = chained(head, act)
            if head != link or act.number != number:
                raise StorageTrouble(f"The record of what admins did was changed at its act {number}.")
            acts.append(act)
        return acts, head

    def _act(self, by: Member | None, what: str, about: str) -> Act:
        return Act(0, self._outside.clock().date(), by.login if by else TERMINAL, what, about)

    @staticmethod
    def _check_admin(by: Member | None) -> None:
        if by is not None and by.role is not Role.ADMIN:
            raise Refused(_ADMIN_ONLY)

    async def _check_others_lead(self, member: Member) -> None:
        """Raise Refused when nobody else could invite and mend things."""
        admins = [it for it in await self._ledger.members() if it.role is Role.ADMIN and not it.locked]
        if [it.id for it in admins] == [member.id]:
            raise Refused(_LAST_ADMIN)
