"""Members of a group: who they are, what lets them in, and who may do what. Says nothing of how a key is kept."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum


class Role(StrEnum):
    """What a member may do for the group. Nobody can act as somebody else, and no role opens another's journal."""

    MEMBER = "member"
    HOST = "host"
    ADMIN = "admin"


class DoorKind(StrEnum):
    """What holds a token: a browser that is signed in, one that is remembered, a program of the member's."""

    SESSION = "session"
    DEVICE = "device"
    CHAT = "chat"
    MCP = "mcp"


PROGRAMS = (DoorKind.CHAT, DoorKind.MCP)
"""The doors of programs, which come as bearer tokens; a session comes as a cookie, and neither as the other."""


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody with a journal here. ``id`` is the user's in every row; ``login`` is what they type to sign in."""

    id: str
    login: str
    role: Role
    joined_on: date
    locked: bool = False


MADE_UP = " with made-up names"
"""What the scope of a program's token ends with whose program is told made-up names."""


@dataclass(frozen=True, slots=True)
class Opened:
    """What a token came to: whose it is, and the data key; None: it says who they are, and the journal is locked."""

    member: Member
    door: str
    kind: DoorKind
    scope: str
    ends_at: datetime
    key: bytes | None

    @property
    def made_up(self) -> bool:
        """Whether it is a program's that is told made-up names."""
        return self.scope.endswith(MADE_UP)

    @property
    def reach(self) -> str:
        """The addresses that a program's token reaches."""
        return self.scope.removesuffix(MADE_UP)


@dataclass(frozen=True, slots=True)
class Way:
    """A way into a journal, as its member sees it: a browser or a program. ``label`` is their own word for it."""

    id: str
    kind: DoorKind
    label: str
    made_on: date
    ends_at: datetime
    locked: bool
    made_up: bool = False


@dataclass(frozen=True, slots=True)
class Share:
    """A sheet that one member sent to another, by login. ``text`` None: it is not opened here."""

    id: str
    sender: str
    receiver: str
    sent_on: date
    ends_at: datetime
    opened_on: date | None
    text: str | None = None


@dataclass(frozen=True, slots=True)
class Act:
    """What an admin or host did, for every member to read: who, what, about whom, on which day."""

    number: int
    day: date
    who: str
    what: str
    about: str


class Counted(StrEnum):
    """What is counted of a whole group in a week: how many members did it at all, and never how often."""

    MEMBERS = "members"
    TALKED = "talked"
    TOOK_ON = "took_on"
    SESSIONS = "sessions"


@dataclass(frozen=True, slots=True)
class Week:
    """A finished week of the whole group, from its Monday on. A figure is a number of members in fives; 0: under five.

    Only members who said so are counted, and ``MEMBERS`` is how many those are.
    """

    monday: date
    figures: Mapping[Counted, int]


class HandoutKind(StrEnum):
    """What a host can hand out to all members."""

    PACK = "pack"
    SESSIONS = "sessions"


@dataclass(frozen=True, slots=True)
class Handout:
    """A pack of cards, or kinds of session, for all members. ``digest`` tells one content from another."""

    name: str
    kind: HandoutKind
    handed_on: date
    digest: str


@dataclass(frozen=True, slots=True)
class Passkey:
    """A member's passkey. ``id``: the credential's, in base64url; ``count``: how often it was used, by its own word."""

    id: str
    member: str
    public: bytes
    count: int
    made_on: date
