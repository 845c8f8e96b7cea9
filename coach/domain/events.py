"""The catalogue: everyday events between people at work, and what a tap on one confirms. Nouns only; reads no file."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

from coach.errors import NotFound


class Want(StrEnum):
    """What the user is after."""

    PUT_RIGHT = "put_right"
    CLEAR_UP = "clear_up"
    SET_LIMIT = "set_limit"
    GET_CLOSER = "get_closer"
    KEEP_WARM = "keep_warm"
    THANK = "thank"
    FIND_WORDS = "find_words"
    ANSWER_THEM = "answer_them"
    DECIDE = "decide"
    JUST_KEEP = "just_keep"


class Doer(StrEnum):
    """Who acted, as the catalogue knows it. For BOTH and NOBODY the user is asked who, where it matters."""

    ME = "me"
    THEM = "them"
    BOTH = "both"
    NOBODY = "nobody"


@dataclass(frozen=True, slots=True)
class Group:
    """What is tapped first: a family of events, in the words of one who is looking for theirs."""

    id: str
    text: str


@dataclass(frozen=True, slots=True)
class Entry:
    """One event that a person may tap.

    ``chip`` is what they tap; ``{name}`` in it is the person (``they``: the same for nobody in particular).
    ``premises`` are the facts a tap confirms; a plan may rest on these and on nothing else untold. ``ask`` are facts
    worth one more tap, because they split the plan. ``like`` are ways people say it, ``near`` the events it is taken
    for, ``mirror`` the same act from the other side.
    """

    id: str
    group: str
    by: Doer
    chip: str
    means: str
    premises: tuple[str, ...]
    wants: tuple[Want, ...]
    principles: tuple[str, ...]
    like: tuple[str, ...] = ()
    also_groups: tuple[str, ...] = ()
    ask: tuple[str, ...] = ()
    near: tuple[str, ...] = ()
    mirror: str | None = None
    they: str | None = None
    pack: str = "coach"

    def named(self, name: str, *, several: bool = False) -> str:
        """Return the chip with the person in it; for nobody in particular, or several, the chip that says "they".

        Who has no name but what they are to the user ("my line manager") is not called their boss on top of it.
        """
        titled = "{name}, my boss" in self.chip or "my boss {name}" in self.chip
        if not name or several or (titled and name[:1].islower()):
            return self.they or self.chip
        text = self.chip.replace("{name}", name)
        return text[:1].upper() + text[1:]


@dataclass(frozen=True)
class Catalogue:
    """Every event there is, by group. ``facts``: id → a plain clause in the first person."""

    groups: tuple[Group, ...]
    entries: tuple[Entry, ...]
    facts: Mapping[str, str]
    tried: tuple[str, ...] = ()
    """Facts of the row "What have you tried?", for every event alike."""

    @cached_property
    def _by_id(self) -> Mapping[str, Entry]:
        return {entry.id: entry for entry in self.entries}

    def entry(self, event: str) -> Entry:
        """Return one event. Raises NotFound."""
        try:
            return self._by_id[event]
        except KeyError:
            raise NotFound(f"There is no event '{event}' in the catalogue.") from None

    def __contains__(self, event: str) -> bool:
        return event in self._by_id

    def of(self, group: str) -> tuple[Entry, ...]:
        """Return the events of a group: its own first, then those that are also shown there."""
        own = [entry for entry in self.entries if entry.group == group]
        return (*own, *(entry for entry in self.entries if group in entry.also_groups))

    def premises(self, events: Iterable[str]) -> frozenset[str]:
        """Return the facts that taps on these events confirm."""
        return frozenset(fact for event in events if event in self for fact in self.entry(event).premises)
