"""Places are given to users in turn; whoever leaves or waits in vain gives up the claim, and no place is lost."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest
from starlette.testclient import TestClient

import fakes
from coach.errors import Busy
from coach.queue import Queue
from coach.web import Parts
from serving import app_of, browsing


async def settle() -> None:
    for _ in range(5):
        await asyncio.sleep(0)


async def test_one_user_with_many_does_not_stand_before_another_with_one():
    queue, order = Queue(1), []

    async def come(user: str) -> None:
        async with queue.place(user):
            order.append(user)
            await asyncio.sleep(0)

    tasks = [asyncio.create_task(come(user)) for user in ("many",) * 6 + ("one",)]
    await asyncio.gather(*tasks)
    assert order.index("one") == 2


async def test_only_so_many_of_one_user_may_wait_and_the_refusal_says_when_to_come_back():
    queue = Queue(1, each=3, stay=4.0)
    async with queue.place("ada"):
        waiting = [asyncio.create_task(_hold(queue, "ada")) for _ in range(3)]
        await settle()
        with pytest.raises(Busy, match="in about 16 seconds") as busy:
            await _hold(queue, "ada")
        assert busy.value.seconds == 16
        other = asyncio.create_task(_hold(queue, "ben"))
        await settle()
        assert queue.waiting == 4
    await asyncio.gather(*waiting, other)
    assert queue.waiting == 0


async def test_patience_ends_a_wait():
    queue = Queue(1)
    async with queue.place("ada"):
        with pytest.raises(Busy):
            async with queue.place("ben", patience=0.01):
                raise AssertionError("there was no place")
        assert queue.waiting == 0
    assert queue.seconds("ben") == 0


async def test_no_place_is_lost_however_many_are_cancelled_at_whatever_moment():
    queue, chance, at_work = Queue(3), random.Random(7), 0
    most = 0

    async def come(user: str) -> None:
        nonlocal at_work, most
        async with queue.place(user):
            at_work += 1
            most = max(most, at_work)
            try:
                for _ in range(chance.randrange(4)):
                    await asyncio.sleep(0)
            finally:
                at_work -= 1

    tasks = []
    for n in range(300):
        tasks.append(asyncio.create_task(come(f"user {n % 7}")))
        if chance.random() < 0.6:
            await asyncio.sleep(0)
        if chance.random() < 0.5:
            chance.choice(tasks).cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    assert (queue.waiting, at_work, most) == (0, 0, 3)
    async with queue.place("a"), queue.place("b"), queue.place("c"):
        assert queue.seconds("d") > 0
    assert queue.seconds("d") == 0


async def _hold(queue: Queue, user: str) -> None:
    async with queue.place(user):
        await asyncio.sleep(0)


@contextmanager
def crowded(folder: Path, queue: Queue) -> Iterator[tuple[TestClient, Callable[[], None]]]:
    """A client of a coach whose one place is taken, and what gives that place back."""

    async def made() -> Parts:
        return replace(await fakes.fake_parts(folder), queue=queue)

    with app_of(made) as app, browsing(app) as client:
        assert client.portal is not None
        place = queue.place("somebody")
        client.portal.call(place.__aenter__)
        yield client, partial(client.portal.call, place.__aexit__, None, None, None)


def test_whoever_waits_for_an_answer_is_told_how_long(tmp_path: Path):
    with (
        crowded(tmp_path, Queue(1, stay=30.0)) as (client, free),
        client.stream("POST", "/api/chat", json={"text": "Tom did not reply to the actions."}) as reply,
    ):
        lines = reply.iter_lines()
        told = next(line for line in lines if line.startswith("data:") and "notice" in line)
        assert "begins in about 30 seconds" in told
        free()
        assert any(line == "event: finished" for line in lines)


def test_where_even_waiting_is_too_much_nothing_is_kept_and_it_says_when_to_come_back(tmp_path: Path):
    with crowded(tmp_path, Queue(1, most=0, stay=12.0)) as (client, _):
        reply = client.post("/api/chat", json={"text": "Tom did not reply to the actions."})
        assert (reply.status_code, reply.headers["Retry-After"]) == (503, "12")
        assert reply.json()["error"].startswith("The coach is busy. Try again in about 12 seconds")
        assert client.get("/api/conversations").json()["conversations"] == []


async def test_beside_one_user_with_twenty_calls_users_with_one_each_wait_for_five_calls_at_most():
    queue, rounds = Queue(2), 0
    waited: dict[str, int] = {}
    held: list[asyncio.Event] = []

    async def call(user: str) -> None:
        began = rounds
        async with queue.place(user):
            waited[user] = max(waited.get(user, 0), rounds - began)
            held.append(over := asyncio.Event())
            await over.wait()

    users = ["heavy"] * 20 + [f"light {n}" for n in range(9)]
    calls = [asyncio.create_task(call(user)) for user in users]
    await settle()
    while held:  # every round ends the calls under way, and takes as long as one call
        ending, held = held, []
        rounds += 1
        for over in ending:
            over.set()
        await settle()
    await asyncio.gather(*calls)
    assert rounds == 15, "29 calls, two at once: none stood idle"
    assert max(waited[user] for user in users if user != "heavy") <= 5
    assert waited["heavy"] > 5
