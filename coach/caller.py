"""Who a request is from, and the key that opens their journal: kept in the context of the request and nowhere else.

Threads and tasks that a request starts inherit it; another request never sees it, and nothing is left when it ends.
Only a coach with members uses it; a coach of one user has their key in a file. Knows nothing of how anybody signs in.
"""

from __future__ import annotations

from contextvars import ContextVar
from dataclasses import dataclass, field

ALONE = "me"
"""The one user of a coach without members."""


@dataclass(frozen=True, slots=True)
class Caller:
    """A user, and their data key; None: it is known who they are, and their journal is locked.

    ``made_up``: a program asks for them that is told made-up names.
    """

    user: str
    key: bytes | None = field(repr=False)
    made_up: bool = False


_CALLER: ContextVar[Caller | None] = ContextVar("caller", default=None)


def current() -> Caller | None:
    """Return who this request is from, None outside of a request or for somebody unknown."""
    return _CALLER.get()


def key_of(user: str) -> bytes | None:
    """Return a user's key, None unless this request is theirs and opens their journal."""
    caller = _CALLER.get()
    return caller.key if caller is not None and caller.user == user else None


def enter(caller: Caller | None) -> None:
    """Let the rest of this request, which is a task of its own, be somebody's or nobody's."""
    _CALLER.set(caller)
