"""The people and moments found in a foreign file, and how they meet what the journal holds.

Nobody is merged by name: whoever has the name of somebody else is asked about, and left out until that is answered.
"""

from __future__ import annotations

import unicodedata
import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from coach.domain.intakes import gained, with_facts
from coach.domain.moments import Landed, Moment
from coach.domain.people import Person
from coach.rows import pattern

_SPACE = uuid.UUID("6d1d7f0e-5f1b-4a55-9c0a-3f2a7f0c7b11")

LONGEST = 4000
"""Characters of a note; what is longer is cut."""

ANOTHER = "another"
"""The answer that somebody of a known name is another person."""

_MAILBOXES = 5
_NAMESAKES = 10
"""So many of one name can be chosen from."""


@dataclass(frozen=True, slots=True)
class Found:
    """``source``: the kind of file, for the user. ``left_out``: sentences on what was left out. ``unsaid``: the file
    does not say how the moments landed. ``doubtful``: ids of what is taken only if the user ticks it.
    ``of_talks``: a calendar, whose mailboxes say who is meant, and whose people come in only with a moment."""

    source: str
    people: tuple[Person, ...]
    moments: tuple[Moment, ...] = ()
    left_out: tuple[str, ...] = ()
    unsaid: bool = False
    doubtful: frozenset[str] = frozenset()
    of_talks: bool = False


@dataclass(frozen=True, slots=True)
class Namesake:
    """Somebody of the file, and those of the journal or of the file who may be the same. ``answer``: an id of those,
    ``ANOTHER``, or empty."""

    person: Person
    others: tuple[Person, ...]
    answer: str = ""


@dataclass(frozen=True, slots=True)
class Meeting:
    """The part that the journal does not hold yet.

    ``known``: people who are there already. ``facts``: what is new about them, under their ids. ``asked``: those who
    may be somebody else. ``waiting``: how many moments wait for such an answer.
    """

    people: tuple[Person, ...]
    moments: tuple[Moment, ...]
    known: tuple[Person, ...]
    facts: tuple[Person, ...] = ()
    asked: tuple[Namesake, ...] = ()
    waiting: int = 0


class _Guests:
    """Who is here while the people of a file come in one after the other."""

    def __init__(self, journal: Sequence[Person]) -> None:
        self.new: dict[str, Person] = {}
        self.facts: dict[str, Person] = {}
        self.known: dict[str, Person] = {}
        self.goes: dict[str, str] = {}
        self._here = {each.id: each for each in journal}
        self._boxes = {box: each for each in journal for box in each.addresses}
        self._names: dict[str, list[Person]] = {}
        self._first: dict[str, list[Person]] = {}
        for each in journal:
            self._names.setdefault(_key(each.name), []).append(each)
            self._first.setdefault(_first(each.name), []).append(each)

    def surely(self, person: Person, by_mailbox: bool) -> Person | None:
        """Return who of the journal somebody is beyond doubt: the same id, or a mailbox, mostly with the name."""
        if person.id in self._here:
            return self._here[person.id]
        there = (self._boxes[box] for box in person.addresses if box in self._boxes)
        return next((each for each in there if by_mailbox or alike(each.name, person.name)), None)

    def maybe(self, person: Person) -> tuple[Person, ...]:
        """Return those who may be somebody: of the same name, or in the journal by the first part of it."""
        some = list(self._names.get(_key(person.name), ()))
        one = " " not in _key(person.name)
        some += [each for each in self._first.get(_first(person.name), ()) if one or " " not in _key(each.name)]
        return tuple({each.id: each for each in some}.values())

    def comes(self, person: Person) -> None:
        """Let somebody in who was not here."""
        self.new[person.id] = person
        self.goes[person.id] = person.id

    def may_be(self, person: Person) -> None:
        """Let those who come after be asked whether they are somebody of the file."""
        some = self._names.setdefault(_key(person.name), [])
        if len(some) < _NAMESAKES:
            some.append(person)

    def whoever(self, id_: str) -> Person | None:
        """Return who an answer means: somebody of the journal, or one of the file, as far as that one came in."""
        there = self.goes.get(id_, id_)
        return self._here.get(there) or self.new.get(there)

    def meets(self, person: Person, other: Person) -> None:
        """Take somebody for one who is here."""
        self.goes[person.id] = other.id
        if other.id in self.new:
            more = gained(self.new[other.id], person)
            self.new[other.id] = with_facts(self.new[other.id], more) if more else self.new[other.id]
            return
        self.known[other.id] = other
        before = self.facts.get(other.id)
        more = gained(with_facts(other, before) if before else other, person)
        if more:
            self.facts[other.id] = with_facts(before, more) if before else more


def same_id(*parts: str) -> str:
    """Return an id that is always the same for the same words."""
    return uuid.uuid5(_SPACE, "\x1f".join(parts)).hex


def meet(
    found: Found, people: Sequence[Person], landed: Landed | None = None, answers: Mapping[str, str] | None = None
) -> Meeting:
    """Return what is new. ``landed``: how moments landed whose file does not say; ``answers``: found id → who it is."""
    guests, asked = _Guests(people), []
    for person in found.people:
        others = guests.maybe(person)
        sure = guests.surely(person, found.of_talks)
        answer = (answers or {}).get(person.id, "")
        if sure is not None:
            guests.meets(person, sure)
            continue
        if others:
            asked.append(Namesake(person, others, answer))
        chosen = guests.whoever(answer) if answer in {each.id for each in others} else None
        if chosen is not None:
            guests.meets(person, chosen)
        elif not others or answer == ANOTHER:
            guests.comes(person)
        guests.may_be(person)
    moments = tuple(
        replace(it, person_id=goes, landed=_landed(found, it, landed))
        for it in found.moments
        if (goes := guests.goes.get(it.person_id)) is not None
    )
    return Meeting(
        tuple(guests.new.values()),
        moments,
        tuple(guests.known.values()),
        tuple(guests.facts.values()),
        tuple(asked),
        len(found.moments) - len(moments),
    )


def _landed(found: Found, moment: Moment, landed: Landed | None) -> Landed:
    """Return how a moment landed: as the user says of a whole file, though not of talks that were called off."""
    open_ = found.unsaid and not (found.of_talks and moment.landed is not Landed.HELPED)
    return landed if landed and open_ else moment.landed


def apart(people: dict[str, Person], person: Person) -> bool:
    """Add somebody to the people of a file, under an id of their own where another has it. False: they repeat one."""
    if people.setdefault(person.id, person) is person:
        return True
    if people[person.id] == person:
        return False
    told = (person.role, person.relation, person.matters, person.beyond, person.celebrations, person.addresses)
    own = same_id(person.id, repr(told))
    repeats = own in people
    people.setdefault(own, replace(person, id=own))
    return not repeats


def alike(one: str, other: str) -> bool:
    """Whether two names may be one person's: the same but for accents and case, or one the first part of the other."""
    keys = _key(one), _key(other)
    return keys[0] == keys[1] or (_first(one) == _first(other) and any(" " not in key for key in keys))


@lru_cache(maxsize=4096)
def _key(name: str) -> str:
    bare = unicodedata.normalize("NFKD", name.casefold())
    return " ".join("".join(letter for letter in bare if not unicodedata.combining(letter)).split())


def _first(name: str) -> str:
    return _key(name).partition(" ")[0]


def cut(text: str | None) -> str | None:
    """Return a note without stray space and no longer than a note may be; None when nothing is left."""
    text = (text or "").strip().replace("\0", "").replace("\r\n", "\n")
    return text[:LONGEST] or None


def is_salutation(words: str) -> bool:
    """Whether a title is only how somebody is addressed: Mrs., Dr., Herr."""
    return bool(pattern("words/columns", "is-salutation").match(words))


def addresses(words: Iterable[object]) -> tuple[str, ...]:
    """Return the mailboxes among some words, each once, in small letters."""
    boxes = (str(each).strip().removeprefix("mailto:").strip("<> ").casefold() for each in words)
    return tuple(dict.fromkeys(box for box in boxes if 3 <= len(box) <= 254 and box.count("@") == 1))[:_MAILBOXES]
