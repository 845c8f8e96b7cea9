"""Gives a command the coach's parts: built once, used on one event loop, closed at the end.

Knows asyncio and where the parts are built; imports ``coach.app`` only when a command opens them, so that
``coach --help`` stays quick. Knows nothing of what a command does with them.
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Awaitable, Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, TypeVar

import typer

from coach import settings as reading_settings
from coach.caller import ALONE
from coach.errors import Refused
from coach.settings import Settings

if TYPE_CHECKING:
    from rich.console import Console
    from rich.progress import Progress, TaskID

    from coach.group import Group
    from coach.web.parts import Parts

T = TypeVar("T")

USER = ALONE
"""Whose journal it is while there is one user."""

Report = Callable[[int, int], None]
"""Called with (done, total) while something takes over a second."""


async def _build(settings: Settings, report: Report | None) -> Parts:
    from coach.app import build, new_id, now

    return await build(settings, clock=now, new_id=new_id, progress=report)


async def _group(settings: Settings) -> Group:
    from coach.app import new_id, now
    from coach.group import group

    return await group(settings, now, new_id)


def _new_code() -> str:
    from coach.members import codes

    return codes.new_code()


@dataclass(frozen=True)
class Doors:
    """The ways out of a command. Tests pass their own as the object of Typer's context."""

    settings: Callable[[], Settings] = reading_settings.read
    build: Callable[[Settings, Report | None], Awaitable[Parts]] = _build
    at_terminal: Callable[[], bool] = lambda: sys.stdin.isatty()
    group: Callable[[Settings], Awaitable[Group]] = _group
    new_code: Callable[[], str] = _new_code


class Opened:
    """Open parts and the loop they live on. ``run`` is for one coroutine at a time."""

    def __init__(self, parts: Parts, runner: asyncio.Runner) -> None:
        self.parts = parts
        self._runner = runner

    def run(self, work: Awaitable[T]) -> T:
        """Run work to its end. Waiting for a key happens outside of it, so that Ctrl-C works at once."""
        return self._runner.run(_awaited(work))


def doors(context: typer.Context) -> Doors:
    """Return the doors of this invocation."""
    return context.obj if isinstance(context.obj, Doors) else Doors()


@contextmanager
def opened(through: Doors, settings: Settings | None = None, *, personal: bool = True) -> Iterator[Opened]:
    """Build the parts, yield them with their loop, close them. Raises any CoachError of the parts.

    Raises Refused for what is ``personal`` where members have journals: none of them opens at the server's terminal.
    """
    settings = settings or through.settings()
    if settings.members and personal:
        raise Refused("This coach has members, whose journals open in their browsers and programs and not here.")
    with asyncio.Runner() as runner:
        with bar() as report:
            parts = runner.run(_awaited(through.build(settings, report)))
        try:
            if parts.note:
                tell(parts.note, "italic")
            yield Opened(parts, runner)
        finally:
            runner.run(_awaited(parts.close()))


async def _awaited(work: Awaitable[T]) -> T:
    return await work


@contextmanager
def bar() -> Iterator[Report]:
    """Yield a report that draws a progress bar on stderr from its first call on, so quick work draws nothing."""
    with ExitStack() as drawn:

        @cache
        def begun() -> tuple[Progress, TaskID]:
            from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn  # few starts draw

            columns = (TextColumn("Indexing the cards"), BarColumn(), TaskProgressColumn())
            progress = drawn.enter_context(Progress(*columns, console=errors(), transient=True))
            return progress, progress.add_task("", total=None)

        def report(done: int, total: int) -> None:
            progress, task = begun()
            progress.update(task, completed=done, total=total)

        yield report


def output() -> Console:
    """Return a new console for answers, which writes to the stdout of this moment."""
    from rich.console import Console

    return Console(highlight=False, soft_wrap=False)


def errors() -> Console:
    """Return the console for everything that is not an answer."""
    from rich.console import Console

    return Console(stderr=True, highlight=False)


def tell(sentence: str, style: str | None = None) -> None:
    """Print a sentence on stderr as it is; the terminal breaks it, so that a path in it can be copied."""
    from rich.text import Text

    errors().print(Text(sentence), style=style, soft_wrap=True)
