"""What goes from this process's memory once everything of a user was erased. Knows the parts, and keeps nothing."""

from __future__ import annotations

from coach.web.parts import Parts


async def departed(parts: Parts, user: str) -> None:
    """Let go of what could still be taken back, and of the language model that was chosen."""
    parts.undo.forget(user)
    if parts.connection is not None:
        await parts.connection.forgotten()
