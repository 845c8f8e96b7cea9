"""Whether the program at hand is told made-up names, and which. Knows who calls, and nothing of how names are found."""

from __future__ import annotations

from coach import caller
from coach.ports import Mask
from coach.web.parts import Parts


async def mask_of(parts: Parts, user: str) -> Mask | None:
    """Return the made-up names for the program that asks, None where it sees names as they are."""
    here = caller.current()
    return await parts.masks(user) if here is not None and here.made_up and parts.masks is not None else None
