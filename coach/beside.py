"""Work that goes on beside a block and ends with it, or that is waited for no longer than so long. Knows no work."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from contextlib import asynccontextmanager, suppress
from typing import Any, TypeVar

T = TypeVar("T")


@asynccontextmanager
async def beside(work: Coroutine[Any, Any, None]) -> AsyncIterator[None]:
    """Run work while the block runs; at its end the work is cancelled and waited for."""
    task = asyncio.create_task(work)
    try:
        yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


@asynccontextmanager
async def every(seconds: float, work: Callable[[], Awaitable[None]]) -> AsyncIterator[None]:
    """Do work now and every so many seconds while the block runs."""

    async def again() -> None:
        while True:
            await work()
            await asyncio.sleep(seconds)

    async with beside(again()):
        yield


async def within(seconds: float, work: Coroutine[Any, Any, T]) -> T | None:
    """Return what comes of work, None where it takes longer. Raises what it raises in that time.

    It is not broken off, and has a deadline of its own: the first call loads what every later one needs.
    """
    task = asyncio.ensure_future(work)
    if not (await asyncio.wait({task}, timeout=seconds))[0]:
        task.add_done_callback(_let_go)
        return None
    return task.result()


def _let_go(task: asyncio.Future[Any]) -> None:
    """Take note of how work ended that nobody waits for any more."""
    if not task.cancelled():
        task.exception()
