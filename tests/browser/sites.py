"""A coach with fakes that is served to a browser, empty or filled. Asserts nothing."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

import fakes
from coach.web import Parts
from fakes import ScriptedCoach, fake_parts
from serving import serving

Fill = Callable[[Any, datetime], Awaitable[object]]
"""Fills a journal as it is at a time."""


class Site:
    """A coach with fakes and an address. ``coach`` is scripted."""

    def __init__(self) -> None:
        self.address = ""
        self.made: list[Parts] = []

    @property
    def coach(self) -> ScriptedCoach:
        coach = self.made[0].conversation
        assert isinstance(coach, ScriptedCoach)
        return coach


@contextmanager
def site_in(folder: Path, fill: Fill | None = None) -> Iterator[Site]:
    """Serve a coach with the journal of a folder, filled first."""
    it = Site()

    async def make() -> Parts:
        it.made.append(await fake_parts(folder))
        if fill is not None:
            await fill(it.made[0].journal, fakes.NOW)
        return it.made[0]

    with serving(make) as it.address:
        yield it
