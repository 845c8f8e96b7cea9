"""The user's own calendar, watched: a file, or a folder of files, that a calendar program keeps up to date.

Looks at when files changed and hands over their bytes; opens none before it is asked for. Only the owner of a coach
has one.
"""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from coach.domain.intakes import Intake
from coach.errors import BadInput
from coach.foreign.talks import SOURCE, together
from coach.ports import Intakes
from coach.settings import Settings
from coach.web.parts import USER

_MOST_FILES = 50
_KIB = 1024
_TIMES = 50
"""A calendar may be so many times larger than a request."""


class WatchedCalendar:
    """What ``COACH_CALENDAR`` names, and when it was last looked at in this process."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self._path = Path(settings.calendar).expanduser() if settings.calendar else None
        self._most = settings.max_request_kb * _KIB * _TIMES
        self._looked: datetime | None = None

    def of(self, user: str) -> bool:
        """Whether there is one for a user."""
        return self._path is not None and user == USER

    def changed(self) -> datetime | None:
        """Return when it last changed (UTC); None: there is nothing to be read."""
        times = []
        for file in self._files():
            try:
                times.append(file.stat().st_mtime)
            except OSError:
                continue
        return datetime.fromtimestamp(max(times), UTC) if times else None

    async def news(self, intakes: Intakes, user: str) -> bool:
        """Whether it changed since it was last looked at or taken in."""
        changed = self.changed() if self.of(user) else None
        if changed is None:
            return False
        last = await last_taken(intakes, user)
        return all(changed > at for at in (last, self._looked) if at is not None)

    def read(self, now: datetime) -> bytes:
        """Return all of it as one calendar. Raises BadInput where nothing can be read."""
        parts, size = [], 0
        for file in self._files():
            try:
                parts.append(file.read_bytes())
            except OSError as error:
                raise BadInput(f"{file.name} cannot be read ({type(error).__name__}).") from None
            size += len(parts[-1])
            if size > self._most:
                raise BadInput("The calendar that COACH_CALENDAR names is too large to be read.")
        if not parts:
            raise BadInput("COACH_CALENDAR names a file that is not there, or a folder without .ics files.")
        self._looked = now
        return together(parts)

    def _files(self) -> list[Path]:
        if self._path is None:
            return []
        if self._path.is_dir():
            return sorted(each for each in self._path.glob("*.ics") if each.is_file())[:_MOST_FILES]
        return [self._path] if self._path.is_file() else []


async def last_taken(intakes: Intakes, user: str) -> datetime | None:
    """Return when a calendar was last taken in."""
    taken: list[Intake] = [each for each in await intakes.intakes(user) if each.source == SOURCE]
    return max((each.at for each in taken), default=None)
