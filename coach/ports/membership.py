"""The ports of members: how they get in, and who belongs to the group. Imported only where there are members."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from typing import Protocol

from coach.domain.members import Act, DoorKind, Handout, HandoutKind, Member, Opened, Passkey, Role, Share, Way, Week


class Entry(Protocol):
    """Signing in and out. A method that takes a password or a code raises Refused and TooMany."""

    async def sign_in(
        self, login: str, password: str, address: str, *, long: bool = False, before: Opened | None = None
    ) -> str:
        """Return the token of a new session. ``before``: one that it takes the place of."""
        ...

    async def by_identity(self, member: Member, device: str) -> tuple[str, bool]:
        """Return the token of a session for somebody a single sign-on vouches for, and whether the journal is open."""
        ...

    async def by_passkey(self, member: Member, key: bytes) -> str:
        """Return the token of a session for somebody whose passkey opened their key."""
        ...

    async def device(self, opened: Opened) -> str:
        """Return a token by which this device opens the journal beside a single sign-on of the same member."""
        ...

    def sealed_note(self, text: str) -> str:
        """Return a text as a browser may keep it for the server."""
        ...

    def opened_note(self, sealed: str) -> str | None:
        """Return what was sealed, None for anything else."""
        ...

    async def change_password(self, opened: Opened, old: str, new: str, address: str) -> str:
        """Put a new password in the place of the old one and end every door; return a new session's token."""
        ...

    async def recover(self, login: str, code: str, new: str, address: str) -> str:
        """Put a new password in the place of a code, which is spent; return a new session's token."""
        ...

    def new_code(self) -> str:
        """Return a new recovery code, which opens nothing yet."""
        ...

    async def keep_code(self, opened: Opened, code: str, typed: str) -> bool:
        """Let a code open this journal from now on, when its last group was typed back; return whether it was."""
        ...

    async def prove(self, opened: Opened, password: str, address: str) -> None:
        """Return when this is the member's password."""
        ...

    async def has_code(self, member: str) -> bool:
        """Whether a recovery code was written down."""
        ...

    async def opened(self, token: str, kinds: Collection[DoorKind]) -> Opened | None:
        """Return what a token of one of these kinds comes to, None for one that has ended."""
        ...

    async def lock(self, opened: Opened) -> None:
        """Take the key out of a session; it still says who is there."""
        ...

    async def sign_out(self, opened: Opened, *, door: str | None = None, everywhere: bool = False) -> None:
        """End a session, another of the member's doors, or all of them."""
        ...

    async def program(self, opened: Opened, kind: DoorKind, label: str, *, made_up: bool = False) -> str:
        """Return a new token for a program; ``made_up``: it is told made-up names. Raises BadInput."""
        ...

    async def ways(self, opened: Opened) -> Sequence[Way]:
        """Return every way into the member's journal that has not ended."""
        ...


class Roster(Protocol):
    """Who belongs to the group. What only an admin may do raises Refused for others."""

    async def invite(self, by: Member | None, role: Role) -> str:
        """Return the token of a new invitation, for one person and a week."""
        ...

    async def invited(self, token: str) -> Role | None:
        """Return the role of an invitation that can still be taken, None for any other."""
        ...

    async def join(self, token: str, login: str, password: str, *, long: bool = False) -> str:
        """Add a member who has an invitation; return the token of their session. Raises BadInput, Refused."""
        ...

    async def members(self) -> Sequence[Member]:
        """Return every member, by login."""
        ...

    async def lock(self, by: Member | None, login: str, *, locked: bool = True) -> None:
        """Let a member in no more, or again."""
        ...

    async def make(self, by: Member | None, login: str, role: Role) -> None:
        """Give a member a role."""
        ...

    async def erase(self, by: Member | None, login: str) -> None:
        """Erase a member with their journal. There is no way back."""
        ...

    async def leave(self, opened: Opened, password: str, address: str) -> None:
        """Erase oneself, after the password was typed once more. Raises Refused, TooMany."""
        ...

    async def acts(self) -> tuple[Sequence[Act], str]:
        """Return what admins and hosts did, and the chain's head. Raises StorageTrouble when an act was changed."""
        ...


class Feeds(Protocol):
    """Calendars that answer while the journal is locked."""

    async def keep(self, member: str, token: str, entries: bytes) -> None:
        """Put a member's calendar in the place of the one before."""
        ...

    async def drop(self, member: str) -> None:
        """Let a member's feed answer no more."""
        ...

    async def has(self, member: str) -> bool:
        """Whether a member has a feed."""
        ...

    async def read(self, token: str) -> bytes | None:
        """Return the calendar at an address with this token, None for nobody's."""
        ...


class Caretaker(Protocol):
    """What one process of all does for the whole group."""

    def working(self) -> AbstractAsyncContextManager[None]:
        """Do it while the block runs, whenever this process is the one."""
        ...

    async def mail(self, member: str) -> tuple[str, int]:
        """Return where a member's digest goes, "" for nowhere, and at which hour."""
        ...

    async def set_mail(self, member: str, address: str, hour: int) -> None:
        """Say where a member's digest goes. Raises BadInput."""
        ...


class Identities(Protocol):
    """Who members are at a single sign-on: issuer and subject, never a mail address."""

    async def find(self, issuer: str, subject: str) -> Member | None:
        """Return whose identity it is, None for nobody's."""
        ...

    async def link(self, member: str, issuer: str, subject: str) -> None:
        """Let an identity be a member's. Raises BadInput when it is somebody else's."""
        ...

    async def unlink(self, member: str) -> None:
        """Let a member have no identity any more."""
        ...

    async def has(self, member: str) -> bool:
        """Whether a member has one."""
        ...


class Shares(Protocol):
    """Sheets that one member sends to another by name."""

    async def send(self, me: Opened, to: str, text: str, days: int) -> None:
        """Send a sheet to a member by login. Raises BadInput."""
        ...

    async def all(self, me: Opened) -> Sequence[Share]:
        """Return what was sent and received and has not ended, newest first, without its words."""
        ...

    async def open(self, me: Opened, id_: str) -> Share:
        """Return a sheet with its words; one that was received counts as opened from now on. Raises NotFound."""
        ...

    async def withdraw(self, me: Opened, id_: str) -> None:
        """Take back a sheet that was not opened, or put away one that was received. Raises BadInput."""
        ...


class Numbers(Protocol):
    """Numbers of the whole group, in fives, none under five."""

    async def weeks(self) -> Sequence[Week]:
        """Return the weeks that were reckoned, newest first, half a year of them."""
        ...

    async def counts(self, member: str) -> bool:
        """Whether a member may be counted."""
        ...

    async def let(self, member: str, *, count: bool) -> None:
        """Let a member be counted from the next week that ends, or no more."""
        ...


class Handouts(Protocol):
    """What hosts hand out to all members."""

    async def all(self) -> Sequence[Handout]:
        """Return what is handed out, by name."""
        ...

    async def hand_out(self, by: Member, kind: HandoutKind, name: str, archive: bytes) -> int:
        """Hand a ZIP file's content out; return how many cards or templates it has. Raises Refused, BadInput."""
        ...

    async def withdraw(self, by: Member, name: str) -> None:
        """Take back what was handed out. Raises Refused, NotFound."""
        ...

    def working(self) -> AbstractAsyncContextManager[None]:
        """Bring to this worker what is handed out, before the block and while it runs."""
        ...


class Passkeys(Protocol):
    """Passkeys, each of which opens its member's journal by what it works out."""

    async def check(self, me: Opened) -> None:
        """Raise BadInput when this member can have no passkey, or no further one."""
        ...

    async def add(self, me: Opened, id_: str, public: bytes, count: int, output: bytes) -> None:
        """Keep a passkey, and let what it works out open the journal. Raises BadInput."""
        ...

    async def of(self, member: str) -> Sequence[Passkey]:
        """Return a member's passkeys, oldest first."""
        ...

    async def find(self, id_: str) -> Passkey:
        """Return a passkey. Raises Refused for one that nobody here has."""
        ...

    async def open(self, found: Passkey, count: int, output: bytes) -> tuple[Member, bytes]:
        """Return whose it is and their key, by what it worked out just now. Raises Refused."""
        ...

    async def remove(self, me: Opened, id_: str) -> None:
        """Let a passkey open nothing any more."""
        ...


@dataclass(frozen=True, slots=True)
class Members:
    """All that the web asks about members."""

    entry: Entry
    roster: Roster
    feeds: Feeds
    caretaker: Caretaker
    identities: Identities
    shares: Shares
    numbers: Numbers
    handouts: Handouts
    passkeys: Passkeys
