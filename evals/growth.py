"""What size costs: a turn with a long journal over one with a short, a search with a huge pack over one without."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any

import numpy as np

from coach.domain.moments import By, Channel, Landed
from coach.knowledge.cards import fingerprint, passages
from coach.knowledge.embedder import Vectors, unit
from coach.knowledge.index import Index, Shelf
from coach.ports import Embedder
from evals.baselines import own_embedder
from evals.coached import NOW, Coached

PEOPLE = 20
PASSAGES = 100_000
_NOISE = 0.04  # a length of some 0.8 in 384 numbers: neighbours are about as alike as passages of one subject are
KEPT = Path(__file__).parents[1] / ".coach" / "bench"
_DAY = timedelta(days=1)


async def journal_growth(coached: Coached, messages: Sequence[str], short: int = 100, long: int = 10_000) -> float:
    """Return the median time of a turn with ``long`` moments over that with ``short`` ones, measured in turn.

    Both journals hold twenty people; half of the moments are with the one the turn is about.
    """
    about = {}
    for user, count in (("short", short), ("long", long)):
        await coached.parts.journal.import_(user, journal(user, count))
        about[user] = f"{user}-person-0"
    times: dict[str, list[float]] = {"short": [], "long": []}
    half = len(messages) // 2
    for place in range(len(messages)):
        told = {"short": messages[place], "long": messages[(place + half) % len(messages)]}
        for user in ("short", "long") if place % 2 else ("long", "short"):
            played = await coached.play(user, told[user], person_id=about[user])
            times[user].append(played.ms)
    return median(times["long"]) / median(times["short"])


def retrieve_growth(coached: Coached, messages: Sequence[str]) -> float:
    """Return the median time of a retrieval that also searches a pack of 100,000 passages, over one that does not.

    The pack's vectors are real passages' with noise. The message's vector is known both times, so that what is
    compared is the search and not the embedding.
    """
    embedder = own_embedder()
    alone: list[float] = []
    beside: list[float] = []
    with _huge(coached, embedder) as index:
        for text in messages:
            reading = coached.read(text)
            vector = np.asarray(embedder.embed([text]), np.float32)[0]
            coached.rank(text, reading, 5)
            began = perf_counter()
            coached.rank(text, reading, 5)
            between = perf_counter()
            index.search("huge", vector)
            alone.append(between - began)
            beside.append(perf_counter() - began)
    return median(beside) / median(alone)


@contextmanager
def _huge(coached: Coached, embedder: Embedder) -> Iterator[Index]:
    """Yield an index of 100,000 passages. It takes a minute to build, so it is kept until the cards change."""
    cards = list(coached.parts.knowledge.principles())
    key = fingerprint([card.text for card in cards])

    def vectors() -> Vectors:
        real = np.asarray(embedder.embed([passage.text for passage in passages(cards)]), np.float32)
        chance = np.random.default_rng(7)
        drawn = real[chance.integers(0, len(real), PASSAGES)]
        return unit(drawn + _NOISE * chance.standard_normal(drawn.shape, np.float32))

    index = Index(KEPT)
    index.ensure([Shelf("huge", key, PASSAGES, vectors)])
    try:
        yield index
    finally:
        index.close()


def journal(user: str, count: int) -> dict[str, Any]:
    """Return an export of a journal with this many moments, spread over two years."""
    people = [
        {"id": f"{user}-person-{n}", "name": f"Colleague {n}", "created_at": (NOW - 800 * _DAY).isoformat()}
        for n in range(PEOPLE)
    ]
    moments = []
    for n in range(count):
        at = (NOW - timedelta(hours=1 + 17_520 * n / count)).isoformat()
        person = 0 if n % 2 else 1 + n // 2 % (PEOPLE - 1)
        moment = {
            "id": f"{user}-moment-{n}",
            "person_id": f"{user}-person-{person}",
            "happened_at": at,
            "noted_at": at,
            "channel": list(Channel)[n % len(Channel)],
            "by": list(By)[n // 2 % 2],
            "what": f"we spoke about item {n} of the plan and what was still open",
            "landed": list(Landed)[n // 3 % 3],
        }
        moments.append(moment)
    empty: dict[str, Any] = {name: [] for name in ("conversations", "turns", "plans", "outcomes", "drafts")}
    return {"format": "coach-export", "version": 1, "people": people, "moments": moments[::-1], **empty}
