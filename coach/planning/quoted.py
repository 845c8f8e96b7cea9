"""The account that a language model's quotes establish. Pure: what does not stand in the letter does not enter.

Ids of people mean the same as in the request; names of the journal are matched to its people.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from coach.domain.accounts import ME, OTHER, Account, Established, Fact, Number, Party, Standing, Told
from coach.domain.events import Want
from coach.domain.moments import Channel, Landed
from coach.domain.people import Person, Relation
from coach.planning import verifying
from coach.planning.given import Given
from coach.planning.sayable import Fault

_STANDINGS = {Relation.MANAGER: Standing.ABOVE, Relation.REPORT: Standing.LED}
_FACT_STANDINGS = {"they_lead_me": Standing.ABOVE, "i_lead_them": Standing.LED, "remote": Standing.ELSEWHERE}


@dataclass(frozen=True, slots=True)
class Read:
    """The account so far with what this turn added, its people by the ids of the request, and what was left out."""

    account: Account
    faults: tuple[Fault, ...] = ()
    parties: Mapping[str, Party] = field(default_factory=dict)


def numbered(account: Account | None) -> dict[str, Party]:
    """Return the people of an account by the ids of a request: p1, p2 … in their order."""
    parties = account.parties if account else ()
    return {f"p{n}": party for n, party in enumerate(parties, 1)}


def established(value: object, given: Given, people: Sequence[Person]) -> Read:
    """Return the account of the matter with what the ``account`` of a TurnAnswer adds to it."""
    found = value if isinstance(value, Mapping) else {}
    faults: list[Fault] = []
    before = given.account or Account()
    parties = dict(given.parties or {})
    for each in _maps(found.get("people")):
        if fault := verifying.party(each, given):
            faults.append(fault)
            continue
        old = parties.get(each["id"])
        taken = {party.id for party in parties.values()}
        parties[each["id"]] = _party(each, old, people, old.id if old else _free(each["id"], taken))
    gone = {number for number in found.get("corrects") or () if given.sentence(number)}
    events = [told for told in before.events if told.sentence not in gone]
    there = {_key(told.event, told.sentence, told.words) for told in events}
    settled = {told.sentence for told in events if told.established is Established.TAP}  # by the user, line by line
    for each in _maps(found.get("events")):
        if fault := verifying.event(each, given, tuple(parties)):
            faults.append(fault)
        elif each["sentence"] not in settled and _key(each["event"], each["sentence"], each["words"]) not in there:
            events.append(_told(each, parties))
    facts = [fact for fact in before.facts if fact.sentence not in gone]
    for each in _maps(found.get("facts")):
        if fault := verifying.fact(each, given):
            faults.append(fault)
        else:
            facts.append(Fact(str(each["fact"]), Established.QUOTE, each["words"], each["sentence"]))
    account = Account(
        parties=_standing(_one_main(tuple(parties.values())), facts),
        events=tuple(events),
        facts=tuple(dict.fromkeys(facts)),
        asked=_asked(found.get("asked"), given) or before.asked,
        want=_want(found.get("want")) or before.want,
        first=before.first,
    )
    final = {party.id: party for party in account.parties}
    return Read(account, tuple(faults), {number: final[party.id] for number, party in parties.items()})


def mine(account: Account, given: Given) -> tuple[int, ...]:
    """Return the numbers of the sentences that tell an act of the user's own, told by the user."""
    acts = account.by_me(given.catalogue)
    return tuple(told.sentence for told in acts if told.sentence is not None and told.told_by == ME)


def harmed_by_me(account: Account | None, given: Given) -> bool:
    """Whether the account holds an act of the user's own that harmed, by tap or by the user's words."""
    if account is None:
        return False
    acts = [told for told in account.by_me(given.catalogue) if told.told_by == ME]
    return any(told.landed is Landed.HARMED or _tapped_own(told, given) for told in acts)


def _tapped_own(told: Told, given: Given) -> bool:
    """Whether an act was tapped in the group of what one did oneself, and is no apology."""
    return (
        told.established is Established.TAP
        and given.catalogue.entry(told.event).group == OWN_DEEDS
        and told.event != APOLOGY
    )


OWN_DEEDS, APOLOGY = "me", "i_apologised"
"""The group of the catalogue with the user's own deeds, and the one of them that harms nobody."""


def _key(event: object, sentence: object, words: object) -> tuple[object, object, object]:
    """Return what makes two told events the same; one that is in no catalogue is what its words say."""
    return event, sentence, words if event == OTHER else None


def _free(wanted: str, taken: set[str]) -> str:
    """Return an id that nobody of the account has: tapped people keep theirs, which may look like a request's."""
    return wanted if wanted not in taken else _free(f"{wanted}b", taken)


def _party(value: Mapping[str, Any], before: Party | None, people: Sequence[Person], own_id: str) -> Party:
    name = (before.name if before else None) or value.get("name")  # a name that is known stays
    person = next((each for each in people if name and each.name.casefold() == str(name).casefold()), None)
    if person is None and name:
        firsts = [each for each in people if each.name.split()[0].casefold() == str(name).casefold()]
        person = firsts[0] if len(firsts) == 1 else None
    relation = _relation(value.get("relation")) or (before.relation if before else None)
    relation = (person.relation if person else None) or relation
    role = value.get("words") or value.get("call") or (before.role if before else None)
    return Party(
        id=own_id,
        name=str(name) if name else None,
        role=None if name else role,
        person_id=person.id if person else before.person_id if before else None,
        relation=relation,
        main=bool(value.get("main")),
        number=before.number if before else Number.SEVERAL if value.get("they") == "they" and not name else Number.ONE,
        standing=(before.standing if before else None) or _STANDINGS.get(relation) if relation else None,
    )


def _one_main(parties: tuple[Party, ...]) -> tuple[Party, ...]:
    main = next((each.id for each in reversed(parties) if each.main), None)
    return tuple(replace(each, main=each.id == main) for each in parties)


def _standing(parties: tuple[Party, ...], facts: Sequence[Fact]) -> tuple[Party, ...]:
    told = next((_FACT_STANDINGS[fact.fact] for fact in facts if fact.fact in _FACT_STANDINGS), None)
    return tuple(
        replace(each, standing=told) if told and each.main and each.standing is None else each for each in parties
    )


def _told(value: Mapping[str, Any], parties: Mapping[str, Party]) -> Told:
    def side(each: object) -> str | None:
        return ME if each == ME else parties[str(each)].id if each in parties else None

    told_by = value.get("told_by")
    return Told(
        event=str(value["event"]),
        established=Established.QUOTE,
        doer=side(value.get("from")),
        receiver=side(value.get("to")),
        told_by=str(told_by) if told_by in {ME, "unknown"} else side(told_by) or "unknown",
        channel=_channel(value.get("channel")),
        landed=_landed(value.get("landed")),
        words=value["words"],
        sentence=value["sentence"],
    )


def _asked(numbers: object, given: Given) -> tuple[str, ...]:
    found = (given.sentence(number) for number in (numbers if isinstance(numbers, list) else ()))
    return tuple(each.text for each in found if each is not None and each.number not in given.ordered)


def _maps(values: object) -> list[Mapping[str, Any]]:
    return [each for each in values if isinstance(each, Mapping)] if isinstance(values, list) else []


def _want(value: object) -> Want | None:
    return Want(str(value)) if value in set(Want) else None


def _relation(value: object) -> Relation | None:
    return Relation(str(value)) if value in set(Relation) else None


def _channel(value: object) -> Channel | None:
    return Channel(str(value)) if value in set(Channel) else None


def _landed(value: object) -> Landed | None:
    return Landed(str(value)) if value in set(Landed) else None
