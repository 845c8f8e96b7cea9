"""Asks a language model what may land badly in a message. Knows the port; what comes back is checked in ``review``.

Any trouble with it leaves the rows alone: looking a message over never fails for want of a language model.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from coach.domain.drafts import Purpose, Warning
from coach.domain.errands import Errand
from coach.domain.moments import Channel
from coach.domain.people import Person
from coach.domain.readings import Level
from coach.errors import LanguageModelTrouble
from coach.messages import review
from coach.ports import LanguageModels, Texts

SECONDS = 8.0
"""How long looking a message over may take; then the rows alone are told."""

_GRACE = 0.2
"""So much longer, in seconds, a call is waited for than its own deadline."""

MOST_LETTERS = 4_000
"""A longer message is not sent to a language model: the rows say first that it is too long."""


@dataclass(frozen=True, slots=True)
class Looked:
    """A message to look over: whose it is, what it is for and where it goes, and what must not leave by name."""

    user: str
    text: str
    purpose: Purpose
    channel: Channel | None
    people: Sequence[Person]
    names: Sequence[str]


class Reviewer:
    """Looks messages over with the configured language model. Holds no state."""

    def __init__(
        self,
        models: LanguageModels,
        texts: Texts,
        clock: Callable[[], datetime],
        level: Callable[[], Level],
    ) -> None:
        self._models, self._texts, self._clock, self._level = models, texts, clock, level

    @property
    def on(self) -> bool:
        """Whether the language model is asked at all."""
        return self._level() is not Level.ASKS

    async def review(self, looked: Looked, floor: Sequence[Warning], seconds: float = SECONDS) -> Sequence[Warning]:
        """Return the rows' warnings and what the language model adds; ``floor`` itself when it is off or fails."""
        text = looked.text
        if not self.on or not text.strip() or len(text) > MOST_LETTERS:
            return floor
        prompt = (
            ("system", self._texts.render("lint/review.system", apology=looked.purpose is Purpose.APOLOGY)),
            ("user", self._texts.render("lint/review.user", message=looked)),
        )
        try:
            model = self._models.bound(Errand(looked.user, "", "lint"), looked.people, looked.names)
            reading = asyncio.ensure_future(
                model.fill(prompt, review.SCHEMA, self._clock() + timedelta(seconds=seconds))
            )
            # It ends by its own deadline and is not broken off: the first call loads what every later one needs.
            if not (await asyncio.wait({reading}, timeout=seconds + _GRACE))[0]:
                reading.add_done_callback(_let_go)
                return floor
            found = reading.result()
        except LanguageModelTrouble:
            return floor
        return review.joined(text, looked.purpose, floor, found.get("warnings"), self._texts)


def _let_go(reading: asyncio.Future[Mapping[str, object]]) -> None:
    """Take note of how a call ended that nobody waits for any more."""
    if not reading.cancelled():
        reading.exception()
