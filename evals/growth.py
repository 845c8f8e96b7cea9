"""What size costs: a turn with a long journal over one with a short, a search with a huge pack over one without."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from functools import partial
from statistics import median
from time import perf_counter
from typing import Any

from coach.domain.asks import Ask, TappedPerson, Taps
from coach.domain.events import Catalogue
from coach.domain.moments import By, Channel, Landed
from evals import hugepack
from evals.accounts import Label, taps
from evals.coached import NOW, Coached

PEOPLE = 20
_DAY = timedelta(days=1)


async def journal_growth(coached: Coached, tapped: Mapping[str, Label], short: int = 100, long: int = 10_000) -> float:
    """Return the median time of a tapped turn with ``long`` moments over that with ``short`` ones, measured in turn.

    Both journals hold twenty people; half of the moments are with the one the turn is about. ``tapped``: what is tapped
    on the card of each message, but for the person.
    """
    about = {}
    for user, count in (("short", short), ("long", long)):
        await coached.parts.journal.import_(user, journal(user, count))
        about[user] = f"{user}-person-0"
    times: dict[str, list[float]] = {"short": [], "long": []}
    told = list(tapped.items())
    for place in range(len(told)):
        both = (("short", place), ("long", (place + len(told) // 2) % len(told)))
        for user, at in both if place % 2 else reversed(both):
            text, label = told[at]
            main = TappedPerson("known", "Colleague 0", person_id=about[user])
            given = partial(_taps, label, main, coached.catalogue)
            _, then = await coached.play_tapped(user, text, given, person_id=about[user])
            times[user] += [then.ms] if then else []
    return median(times["long"]) / median(times["short"])


def _taps(label: Label, main: TappedPerson, catalogue: Catalogue, ask: Ask) -> Taps:
    given = taps(label, ask, catalogue)
    return replace(
        given, people=(main,), main=main.id, events=tuple(replace(each, person=None) for each in given.events)
    )


def retrieve_growth(coached: Coached, messages: Sequence[str], forget: Callable[[], None]) -> tuple[float, float]:
    """Return the median time of a retrieval with a pack of 100,000 passages, over one with the shipped cards only.

    First of messages that neither side has seen, as a user's search is; then of the same messages with their vectors
    known, so that the searching alone is compared. ``forget`` empties the coach's memory of recent texts.
    """
    forget()
    ratios = []
    with hugepack.opened(list(coached.parts.knowledge.principles()), coached.parts.settings.data / "index") as huge:
        huge.retrieve("a first message, because the first is slow", 5)
        for _pass in ("new", "known"):
            times: dict[str, list[float]] = {"alone": [], "beside": []}
            both = (("alone", coached.parts.knowledge), ("beside", huge))
            for place, text in enumerate(messages):
                for name, library in both if place % 2 else reversed(both):
                    began = perf_counter()
                    library.retrieve(text, 5)
                    times[name].append(perf_counter() - began)
            ratios.append(median(times["beside"]) / median(times["alone"]))
    return ratios[0], ratios[1]


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
