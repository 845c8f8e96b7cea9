"""What size costs: a turn with a long journal over one with a short, a search with a huge pack over one without."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from statistics import median
from time import perf_counter
from typing import Any

from coach.domain.moments import By, Channel, Landed
from evals import hugepack
from evals.coached import NOW, Coached

PEOPLE = 20
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
    """Return the median time of a retrieval with a pack of 100,000 passages, over one with the shipped cards only.

    The message's vector is known both times, so that the search is compared and not the embedding.
    """
    alone: list[float] = []
    beside: list[float] = []
    with hugepack.opened(list(coached.parts.knowledge.principles()), coached.parts.settings.data / "index") as huge:
        pair = ((coached.parts.knowledge, alone), (huge, beside))
        for place, text in enumerate(messages):
            reading = coached.read(text)
            for library, times in pair if place % 2 else reversed(pair):
                library.retrieve(text, reading, 5)
                began = perf_counter()
                library.retrieve(text, reading, 5)
                times.append(perf_counter() - began)
    return median(beside) / median(alone)


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
