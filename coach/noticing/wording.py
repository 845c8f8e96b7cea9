"""The sentence for a finding and for a fact. Knows the texts' names; the words stand in ``prompts/``."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date

from coach.domain.letters import brief
from coach.domain.moments import Moment
from coach.domain.people import Person
from coach.domain.plans import Pattern
from coach.noticing.evidence import Fact
from coach.ports import Texts
from coach.rows import where, words

_LONGEST = 16
_LONGEST_QUOTE, _DAYS_SHOWN = 14, 4


def finding_sentence(
    texts: Texts, every: Sequence[Moment]
) -> Callable[[Pattern | None, Person, Sequence[Moment]], str]:
    """Return what words a finding; ``every`` are all moments with the person."""

    def sentence(pattern: Pattern | None, person: Person, shown: Sequence[Moment]) -> str:
        return texts.render(
            "finding.fixed",
            pattern=pattern.value if pattern else None,
            name=person.name,
            n=len(shown),
            total=len(every),
            last=brief(shown[-1].what, _LONGEST) if shown else "",
            channel=shown[-1].channel.value.replace("_", " ") if shown else "",
        )

    return sentence


def day(at: date) -> str:
    """Return a day as people say it: "Thursday 9 May"."""
    return f"{at:%A} {at.day} {at:%B}"


def for_day(words: str, due: date) -> str:
    """Return what was taken on with the day it is for."""
    return f"{words} ({day(due)})"


def hangs_on_when(words: str) -> bool:
    """Whether the day of some words hangs on when they were said ("tomorrow")."""
    return bool(where("words/session_offers", "shows", "relative").search(words))


def called(name: str) -> str:
    """Return a name as one says it: "Tom" for "Tom Ashdown", "Mrs. Ani" for "Mrs. Ngozi Ani", "J. Ash" for that."""
    first, *rest = name.split()
    bare = first.rstrip(".").casefold()
    if rest and bare in words("names/titles"):
        return f"{first} {rest[-1]}"
    return name if first.endswith(".") or len(bare) < 2 else first


def named(people: Sequence[Person]) -> str:
    """Return first names, or whole ones where two are alike: "Yusuf, Lena and Kim"."""
    first = [called(person.name) for person in people]
    names = [person.name if first.count(short) > 1 else short for person, short in zip(people, first, strict=True)]
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


def fact_sentence(fact: Fact, texts: Texts) -> str:
    """Return what words a fact of the journal in a session."""
    last = fact.moments[-1] if fact.moments else None
    days = [day(each.happened_at.astimezone().date()) for each in fact.moments[-_DAYS_SHOWN:]]
    return texts.render(
        "session/fact.fixed",
        name=fact.name,
        who=named(fact.people) if fact.people else "",
        n=fact.n,
        total=fact.total,
        sentence=fact.sentence,
        mine=fact.mine,
        day=day(last.happened_at.astimezone().date()) if last else "",
        days=", ".join(days),
        quote=brief(last.what, _LONGEST_QUOTE) if last else "",
    )
