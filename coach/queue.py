"""Who waits for one of a few places: users in turn, so that nobody waits behind somebody else's many.

Knows users by their ids and nothing of what a place is for. For one event loop; there is no lock and no task.
"""

from __future__ import annotations

import asyncio
import math
import time
from collections import OrderedDict, deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from coach.errors import Busy

_LEARNS = 0.2
"""How much the last stay counts for what a stay is expected to take."""

_LEAST = 1


class Queue:
    """Places that are taken and given back. ``at_once``: how many there are; ``each``, ``most``: how many may wait of
    one user and in all; ``stay``: seconds a place is expected to be held before any was."""

    def __init__(self, at_once: int, each: int | None = None, most: int = 2_000, stay: float = 0.2) -> None:
        self.at_once = at_once
        self._free, self._each, self._most, self._stay = at_once, each, most, stay
        self._waiting: OrderedDict[str, deque[asyncio.Future[None]]] = OrderedDict()
        """Who waits, by user; the first user is the next to have a place."""

    @property
    def waiting(self) -> int:
        """How many wait."""
        return sum(map(len, self._waiting.values()))

    def seconds(self, user: str) -> int:
        """Return in about how many seconds a user would have a place; 0 where one is free."""
        if self._free > 0 and not self._waiting:
            return 0
        own = len(self._waiting.get(user, ()))
        ahead = own + sum(min(len(each), own + 1) for name, each in self._waiting.items() if name != user)
        return max(_LEAST, math.ceil((ahead + 1) * self._stay / self.at_once))

    def check(self, user: str) -> None:
        """Raise Busy when a user could not even wait."""
        own = len(self._waiting.get(user, ()))
        if self._free <= 0 and (self.waiting >= self._most or (self._each is not None and own >= self._each)):
            raise Busy(self.seconds(user))

    @asynccontextmanager
    async def place(self, user: str, patience: float | None = None) -> AsyncIterator[None]:
        """Hold a place. Raises Busy when too many wait, and when ``patience`` (seconds) is over before there is one.

        Whoever is cancelled while waiting gives up the claim; a place that was given just then goes to the next.
        """
        await self._enter(user, patience)
        began = time.monotonic()
        try:
            yield
        finally:
            self._stay += _LEARNS * (time.monotonic() - began - self._stay)
            self._pass_on()

    async def _enter(self, user: str, patience: float | None) -> None:
        if self._free > 0 and not self._waiting:
            self._free -= 1
            return
        self.check(user)
        claim = asyncio.get_running_loop().create_future()
        self._waiting.setdefault(user, deque()).append(claim)
        try:
            async with asyncio.timeout(patience):
                await claim
        except BaseException as error:
            if claim.done() and not claim.cancelled():
                self._pass_on()
            else:
                self._withdraw(user, claim)
            if isinstance(error, TimeoutError):
                raise Busy(self.seconds(user)) from None
            raise

    def _withdraw(self, user: str, claim: asyncio.Future[None]) -> None:
        theirs = self._waiting.get(user, deque())
        if claim in theirs:  # else it was passed over already
            theirs.remove(claim)
            if not theirs:
                del self._waiting[user]

    def _pass_on(self) -> None:
        """Give a place to the next user's first claim, and put that user last; where nobody waits it is free."""
        while self._waiting:
            user, theirs = next(iter(self._waiting.items()))
            claim = theirs.popleft()
            if not theirs:
                del self._waiting[user]
            if not claim.done():  # one that was cancelled a moment ago is passed over
                claim.set_result(None)
                if theirs:
                    self._waiting.move_to_end(user)
                return
        self._free += 1
