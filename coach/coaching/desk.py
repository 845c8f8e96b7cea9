"""What is worked out from words while somebody writes: the core's pure functions, bound to the texts and the tables."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from coach.domain.drafts import Purpose
from coach.domain.moments import Channel
from coach.domain.people import Person
from coach.domain.plans import RepairPlan
from coach.domain.readings import Reading
from coach.messages import variants
from coach.messages.variants import Skeleton
from coach.planning import suggestions
from coach.ports import Likeness, Texts
from coach.reading import notes, reader
from coach.reading.notes import Noted


@dataclass(frozen=True, slots=True)
class Desk:
    """Reads, notes and suggests. Nothing is kept; the same words give the same."""

    texts: Texts
    likeness: Likeness

    def read(self, text: str, known: Sequence[Person] = ()) -> Reading:
        """Return the reading of some words."""
        return reader.read(text, self.likeness, known)

    def noted(self, text: str, known: Sequence[Person], today: date, me: str = "") -> Noted:
        """Return the moments to confirm in some words or a pasted thread."""
        return notes.noted(text, self.likeness, known, today, self.texts, me)

    def suggest(
        self, plan: RepairPlan, read: Reading, person: Person | None = None, channel: Channel = Channel.CHAT
    ) -> Skeleton | None:
        """Return a message that goes with a plan, or None."""
        return suggestions.suggest(plan, read, person, channel, self.texts)

    def better_said(self, purpose: Purpose, channel: Channel, scene: str = "") -> bool:
        """Return True when a voice would carry a message better. ``scene`` names that of its plan, if it has one."""
        return variants.better_said(purpose, channel, self.texts.scenes.get(scene, {}))

    def sent_words(self, text: str) -> str:
        """Return what the journal keeps of a message that was sent."""
        return self.texts.render("noted.fixed", form="me", who="", words=notes.brief(text))

    def varied(self, text: str, purpose: Purpose, how: str) -> str:
        """Return a message shorter, warmer or plainer, or as it is when that cannot be had."""
        return suggestions.varied(text, purpose, how, self.texts)
