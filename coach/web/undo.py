"""What was erased a moment ago, and how it comes back. In this process's memory alone, for ten minutes."""

from __future__ import annotations

import secrets
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from coach.errors import NotFound

KEPT = timedelta(minutes=10)
"""So long something erased can be taken back; then nothing of it is left anywhere."""

_MOST = 20
"""So many things of one user are held at most, the newest."""

Again = Callable[[], Awaitable[object]]


@dataclass(frozen=True, slots=True)
class Held:
    """Something erased: whose it was, when, and what brings it back."""

    user: str
    at: datetime
    again: Again


class Undo:
    """The things that can still be taken back. One for a process."""

    def __init__(self) -> None:
        self._held: dict[str, Held] = {}

    def hold(self, user: str, now: datetime, again: Again) -> str:
        """Hold what brings something back; return the word that asks for it."""
        self._let_go(now)
        mine = [token for token, held in self._held.items() if held.user == user]
        for oldest in mine[: max(0, len(mine) - _MOST + 1)]:
            del self._held[oldest]
        token = secrets.token_urlsafe(12)
        self._held[token] = Held(user, now, again)
        return token

    def there(self, user: str, token: str, now: datetime) -> bool:
        """Whether something can still be brought back."""
        self._let_go(now)
        held = self._held.get(token)
        return held is not None and held.user == user

    async def bring_back(self, user: str, token: str, now: datetime) -> None:
        """Bring it back. Raises NotFound when the time is over."""
        if not self.there(user, token, now):
            raise NotFound("That can no longer be taken back; it is erased.")
        await self._held.pop(token).again()

    def forget(self, user: str) -> None:
        """Hold nothing of a user any more: they erased everything."""
        self._held = {token: held for token, held in self._held.items() if held.user != user}

    def _let_go(self, now: datetime) -> None:
        self._held = {token: held for token, held in self._held.items() if now - held.at < KEPT}
