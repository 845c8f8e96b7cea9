"""Work beside other work: it ends with a block, or is waited for no longer than so long."""

from __future__ import annotations

import asyncio

import pytest

from coach.beside import beside, within
from coach.errors import LanguageModelTrouble


async def test_work_beside_a_block_ends_with_it() -> None:
    ended = asyncio.Event()

    async def work() -> None:
        try:
            await asyncio.sleep(60)
        finally:
            ended.set()

    async with beside(work()):
        await asyncio.sleep(0)
        assert not ended.is_set()
    assert ended.is_set()


async def test_what_takes_longer_is_not_waited_for_and_not_broken_off() -> None:
    free, done = asyncio.Event(), asyncio.Event()

    async def work() -> str:
        await free.wait()
        done.set()
        raise LanguageModelTrouble("too late to be told")

    assert await within(0.001, work()) is None
    free.set()
    await asyncio.wait_for(done.wait(), 5)


async def test_what_comes_in_time_is_given_and_trouble_in_time_is_raised() -> None:
    assert await within(5, asyncio.sleep(0, "heard")) == "heard"

    async def fails() -> None:
        raise LanguageModelTrouble("no answer")

    with pytest.raises(LanguageModelTrouble):
        await within(5, fails())
