"""What the journal shows a leader: who had no good moment, talks that were lost, attention only upward. Pure.

Every fact carries its moments, and says so when there are few. Nobody is scored or ranked: people come in the order of
the journal, and a gap in the notes is not held against anyone.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from coach.domain.moments import By, Landed, Moment
from coach.domain.people import Person, Relation, resting
from coach.domain.plans import Finding, Pattern
from coach.noticing.between import between, cancelled, unmended
from coach.noticing.patterns import FEWEST, only_upward

MONTH = 30
"""Days within which each person should have had one good moment."""

QUARTER = 92
"""Days that a session looks back over."""

MOST = 4
"""So many facts at once: more cannot be talked about."""

_SHOWN = 2
"""So many of those who were left out are shown with their last moment; the others are named."""

_YOUNG = 14
"""With a journal of fewer days nothing is said of what is missing in it."""

FEW = 8
"""With fewer moments than this the journal is called small."""

_TEAM = (Relation.REPORT,)
_NOT_TEAM = (Relation.MANAGER, Relation.EXTERNAL)
_WORTH = (
    Pattern.HARM_UNREPAIRED,
    Pattern.HARMS_WHEN_THEY_ARE_OVERLOADED,
    Pattern.HARMS_IN_ONE_CHANNEL,
    Pattern.TEXT_ONLY_CHANNEL,
)


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing the journal shows. ``prompts/session/fact.fixed.j2`` words each name.

    ``people`` are those it is about, ``moments`` what shows it, oldest first. ``n`` of ``total`` where it counts;
    ``mine``: how many of them were by the user.
    """

    name: str
    people: tuple[Person, ...]
    moments: tuple[Moment, ...] = ()
    n: int = 0
    total: int = 0
    sentence: str = ""
    mine: int = 0


def team(people: Sequence[Person], today: date) -> tuple[Person, ...]:
    """Return those a leader leads: the reports, or where nobody is one, everyone but managers and outsiders."""
    there = [person for person in people if not resting(person, today)]
    reports = tuple(person for person in there if person.relation in _TEAM)
    return reports or tuple(person for person in there if person.relation not in _NOT_TEAM)


def of_team(
    people: Sequence[Person],
    moments: Sequence[Moment],
    findings: Mapping[str, Sequence[Finding]],
    today: date,
    *,
    remote: bool = False,
) -> tuple[Fact, ...]:
    """Return at most MOST facts about a team. ``moments``: everyone's of the last QUARTER, oldest first.

    ``remote``: only those who are remote, where anyone is.
    """
    members = team(people, today)
    far = tuple(person for person in members if person.remote)
    members = far if remote and far else members
    theirs: dict[str, list[Moment]] = {person.id: [] for person in members}
    for moment in moments:
        if moment.person_id in theirs:
            theirs[moment.person_id].append(moment)
    told = [it for each in members for it in _findings(each, findings.get(each.id, ()), theirs[each.id])]
    harms = [it for it in told if _of_own_harm(it)][:_SHOWN]
    asks = [it for each in members for it in _asks(each, theirs[each.id], today) if it.name == "asked"][:1]
    first = [*harms, *asks]
    named = {it.people[0].id for it in (*first, *told)}  # nobody stands there twice
    left = _left_out(
        [each for each in members if each.id not in named], theirs, today, _kept_for(people, moments, today)
    )
    lost = _lost(members, theirs)
    others = [*lost[1:], *_upward(people, moments), *(it for it in told if it not in harms)]
    return tuple([*first, *left, *lost[:1], *others][: max(MOST, len(first) + len(left) + 1)])


def of_person(person: Person, moments: Sequence[Moment], findings: Sequence[Finding], today: date) -> tuple[Fact, ...]:
    """Return at most MOST facts about one person. ``moments``: theirs of the last QUARTER, oldest first."""
    told = _findings(person, findings, moments)
    found = [it for it in told if _of_own_harm(it)]
    found += [*_promises(person), *_asks(person, moments, today), *_lost((person,), {person.id: list(moments)})]
    found += [it for it in told if it not in found]
    if not found:
        found += _left_out((person,), {person.id: list(moments)}, today, _kept_for((person,), moments, today))
    if not found and moments:
        found.append(Fact("last", (person,), tuple(moments[-1:]), len(moments)))
    return tuple(found[:MOST])


def small(moments: Sequence[Moment]) -> bool:
    """Return whether the journal is too small to show more than single moments."""
    return len(moments) < FEW


def _kept_for(people: Sequence[Person], moments: Sequence[Moment], today: date) -> int:
    """For how many days there has been a journal, as far as these show."""
    began = min((*(it.created_at for it in people), *(it.noted_at for it in moments)), default=None)
    return (today - began.astimezone().date()).days if began else 0


def _left_out(
    members: Sequence[Person], theirs: Mapping[str, Sequence[Moment]], today: date, kept_for: int
) -> list[Fact]:
    """Those with no good moment this month, the longest first; then those of whom nothing is noted.

    Where nothing is noted of anyone there is nothing to tell them apart by, and a journal of a few days shows no gap.
    ``total`` of a fact: for how many days there has been a journal, where that is less than a quarter.
    """
    if not any(theirs.values()) or kept_for < _YOUNG:
        return []
    total = kept_for if kept_for < QUARTER else 0
    since = today - timedelta(days=MONTH)
    found: list[Fact] = []
    nothing: list[Person] = []
    for person in members:
        every = theirs[person.id]
        if any(it.landed is Landed.HELPED and it.happened_at.date() >= since for it in every):
            continue
        good = [it for it in every if it.landed is Landed.HELPED]
        if every and (kept_for >= MONTH or not good):
            found.append(Fact("left_out", (person,), tuple(good[-1:] or every[-1:]), len(good), total))
        elif person.created_at.date() <= since:
            nothing.append(person)
    found.sort(key=lambda fact: (fact.n > 0, fact.moments[-1].happened_at))
    shown = found[:_SHOWN]
    if rest := [fact.people[0] for fact in found[_SHOWN:]]:
        shown.append(Fact("left_out_too", tuple(rest)))
    return [*([Fact("nothing_noted", tuple(nothing))] if nothing else []), *shown]


def _lost(members: Sequence[Person], theirs: Mapping[str, Sequence[Moment]]) -> list[Fact]:
    found = []
    for person in members:
        lost = [it for it in theirs[person.id] if cancelled(it)]
        if len(lost) >= 2:
            mine = sum(it.by is By.ME for it in lost)
            found.append(Fact("lost_meetings", (person,), tuple(lost), len(lost), mine=mine))
    return sorted(found, key=lambda fact: -fact.n)


def _upward(people: Sequence[Person], moments: Sequence[Moment]) -> list[Fact]:
    shown = only_upward(people, moments)
    if not shown:
        return []
    mine = [it for it in moments if it.by is By.ME]
    up = [it for it in mine if it.person_id in shown]
    return [Fact("only_upward", (), tuple(up[-2:]), len(up), len(mine))]


def _findings(person: Person, findings: Sequence[Finding], moments: Sequence[Moment]) -> list[Fact]:
    """What is worth telling of a person's findings; a harm of the user's own that is open needs no pattern."""
    known = {it.id: it for it in moments}
    mine = [it for it in unmended(moments) if it.by is By.ME]
    worth = [
        finding
        for finding in findings
        if finding.pattern in _WORTH and finding.n >= (1 if finding.pattern is Pattern.HARM_UNREPAIRED else FEWEST)
    ][:1]
    if mine and not (worth and worth[0].pattern is not Pattern.HARM_UNREPAIRED):
        return [Fact("unmended", (person,), tuple(mine[-1:]), len(mine))]  # the leader's own, plainly
    return [
        Fact("finding", (person,), tuple(known[id_] for id_ in it.moments[-1:] if id_ in known), it.n, 0, it.sentence)
        for it in worth
    ]


def _of_own_harm(fact: Fact) -> bool:
    """Whether a fact is a harm by the user that is open: that comes before anything else."""
    return fact.name == "unmended" or any(it.by is By.ME and it.landed is Landed.HARMED for it in fact.moments)


def _asks(person: Person, moments: Sequence[Moment], today: date) -> list[Fact]:
    """The last that one asked of the other and that nothing answered, theirs before the user's."""
    waiting = between(moments, today).asks
    theirs, mine = ([it for it in waiting if (it.by is By.ME) is own][-1:] for own in (False, True))
    return [
        Fact("asked" if asked == theirs else "i_asked", (person,), tuple(asked)) for asked in (theirs, mine) if asked
    ]


def _promises(person: Person) -> list[Fact]:
    open_ = [promise for promise in person.promises if promise.kept_at is None]
    return [
        Fact("my_promise" if promise.by is By.ME else "their_promise", (person,), sentence=promise.what)
        for promise in open_[:1]
    ]
