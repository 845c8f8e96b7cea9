"""Ports of how what is kept changes, grows old, and is erased, whatever it is.

Raises as the journal's other ports do (``coach.ports.journal``).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Protocol, TypeVar

from coach.domain.echoes import Echo

T = TypeVar("T")


class Changes(Protocol):
    """How whatever is kept is changed."""

    async def change(self, user: str, noun: type[T], id_: str, how: Callable[[T], T]) -> T:
        """Read, change and write one thing in one, so that no change is lost; return it as it now is.

        ``noun`` says what it is (``Person``, ``Moment`` …). ``how`` is pure: it gets the thing as it is at that moment,
        and is asked again when another change comes first. What it raises leaves all as it was. Preferences that nobody
        has settled are the defaults.
        """


class Ages(Protocol):
    """How old things are; cheap however long the journal is."""

    async def newest(self, user: str) -> datetime | None:
        """Return the time of the newest thing, None where there is nothing."""

    async def older(self, user: str, before: Mapping[str, datetime]) -> tuple[int, int]:
        """Return how many moments, plans, drafts and turns are older than their person's time, and of how many in all.

        ``before``: person id → time.
        """

    async def forget_before(self, user: str, person_id: str, before: datetime) -> int:
        """Erase what is older than a time about a person; return how many things went."""


class Generations(Protocol):
    """How much was erased."""

    async def generation(self, user: str) -> str:
        """Return what stays the same until something of the user's is erased; "" for who has no journal."""


class Answers(Protocol):
    """What requests were answered with, by the key they came with."""

    async def answered(self, user: str, key: str, answer: Echo) -> Echo | None:
        """Return what stands under a key; where nothing does, keep ``answer`` there and return None.

        What is older than a day goes.
        """

    async def keep_answer(self, user: str, key: str, answer: Echo) -> None: ...
    async def forget_answer(self, user: str, key: str) -> None: ...
