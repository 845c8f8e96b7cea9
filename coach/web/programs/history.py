"""Which conversation a chat client means. Clients keep no id of ours; they send back all that was said.

After each turn a fingerprint of the whole history is kept with the turn, sealed as all of it. The next request begins
with that history, and so names the turn it comes after. What came after that turn before (a reply
asked for again, a message that was edited) is said instead. Identical histories are one conversation, the newest.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace

from coach.domain.turns import Turn
from coach.ports import Journal

_LOOKED_AT = 40
"""Conversations, newest first."""


@dataclass(frozen=True, slots=True)
class Line:
    """One message of a history."""

    role: str
    text: str


@dataclass(frozen=True, slots=True)
class Place:
    """Where a message goes on: after a turn, or, without one, in a new conversation. ``replaced`` are to be erased."""

    after: Turn | None
    replaced: tuple[Turn, ...] = ()


def fingerprint(lines: Sequence[Line]) -> str:
    """Return the fingerprint of a history: of what the user and the coach said in it, whatever the blanks."""
    said = "\n".join(f"{line.role} {' '.join(line.text.split())}" for line in lines)
    return hashlib.sha256(said.encode(errors="replace")).hexdigest()


async def place(journal: Journal, user: str, before: Sequence[Line], said: str) -> Place:
    """Return where the next message belongs."""
    conversations = list(await journal.conversations(user))[-_LOOKED_AT:][::-1]
    if not any(line.role == "assistant" for line in before):
        return await _begun_again(journal, user, [each.id for each in conversations[:3]], said)
    wanted = fingerprint(before)
    for each in conversations:
        turns = list(await journal.turns(user, each.id))
        for number, turn in reversed(list(enumerate(turns))):
            if turn.history == wanted:
                return Place(turn, tuple(reversed(turns[number + 1 :])))
    return Place(None)


async def _begun_again(journal: Journal, user: str, newest: Sequence[str], said: str) -> Place:
    """A first message that is the only one of a newest conversation, word for word, is asked for again."""
    for conversation in newest:
        turns = list(await journal.turns(user, conversation))
        if len(turns) == 1 and turns[0].history and turns[0].said.split() == said.split():
            return Place(None, tuple(turns))
    return Place(None)


async def keep(journal: Journal, user: str, turn_id: str, lines: Sequence[Line]) -> None:
    """Keep the fingerprint of a history with the turn that ends it."""
    now = fingerprint(lines)
    await journal.change(user, Turn, turn_id, lambda turn: replace(turn, history=now))
