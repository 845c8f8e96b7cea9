"""Taps → account. What was pressed is established, and nothing else. Pure; who is asked is in ``choices``."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from coach.domain.accounts import ME, Account, Established, Fact, Number, Party, Told
from coach.domain.asks import TappedEvent, TappedPerson, Taps
from coach.domain.events import Catalogue, Doer, Want
from coach.domain.people import Person
from coach.errors import BadInput

LONGEST_NAME = 80
MOST_EVENTS = 6


def account(taps: Taps, catalogue: Catalogue, people: Sequence[Person], asked: Sequence[str] = ()) -> Account:
    """Return the account that taps establish. Raises BadInput for an event, fact or person that was not offered.

    ``people`` are the journal's; ``asked`` the user's own questions, quoted.
    """
    if len(taps.events) > MOST_EVENTS:
        raise BadInput(f"At most {MOST_EVENTS} things can be tapped; leave the ones that matter most.")
    known = {person.id: person for person in people}
    parties = tuple(_party(each, known, taps.main) for each in taps.people)
    if parties and not any(party.main for party in parties):
        parties = (replace(parties[0], main=True), *parties[1:])
    ids = {party.id for party in parties}
    main = next((party.id for party in parties if party.main), None)
    facts = tuple(dict.fromkeys((*(fact for each in taps.events for fact in each.facts), *taps.facts)))
    for fact in facts:
        if fact not in catalogue.facts:
            raise BadInput(f"There is no fact '{fact[:40]}' to tap.")
    return Account(
        parties=parties,
        events=tuple(_told(each, catalogue, ids, main) for each in taps.events),
        facts=tuple(Fact(fact, Established.TAP) for fact in facts if fact != "nothing_tried"),
        asked=tuple(asked),
        want=taps.want or _usual(taps, catalogue),
        first=taps.first if taps.first in {each.event for each in taps.events} else None,
        deadline=taps.deadline,
    )


def _usual(taps: Taps, catalogue: Catalogue) -> Want | None:
    """Return what people want most where the first event tapped happened: a card may be left half filled."""
    return next((catalogue.entry(each.event).wants[0] for each in taps.events if each.event in catalogue), None)


def _party(tapped: TappedPerson, known: Mapping[str, Person], main: str | None) -> Party:
    person = known.get(tapped.person_id or "")
    if tapped.person_id and person is None:
        raise BadInput("There is no such person in this journal.")
    name = person.name if person else " ".join((tapped.name or "").split()) or None
    role = " ".join((tapped.role or "").split()) or None
    if max(len(name or ""), len(role or "")) > LONGEST_NAME:
        raise BadInput(f"A name is at most {LONGEST_NAME} characters long.")
    person_id, relation = (person.id, person.relation) if person else (None, None)
    shown, number = None if name else role, tapped.number or Number.ONE
    return Party(tapped.id, name, shown, person_id, relation, tapped.id == main, number, tapped.standing)


def _told(tapped: TappedEvent, catalogue: Catalogue, ids: set[str], main: str | None) -> Told:
    if tapped.event not in catalogue:
        raise BadInput(f"There is no event '{tapped.event[:40]}' in the catalogue.")
    person = tapped.person if tapped.person in ids else main
    by = catalogue.entry(tapped.event).by
    if by not in {Doer.ME, Doer.THEM}:
        by = {"me": Doer.ME, "them": Doer.THEM}.get(tapped.doer or "", by)
    doer, receiver = {Doer.ME: (ME, person), Doer.THEM: (person, ME)}.get(by, (None, None))
    return Told(
        tapped.event, Established.TAP, doer, receiver, channel=tapped.channel, day=tapped.day, landed=tapped.landed
    )


# ---- a line put right


def corrected(before: Account | None, taps: Taps, catalogue: Catalogue, people: Sequence[Person]) -> Account:
    """Return an account with one of its lines put right, or left out. Raises BadInput for a line that is not there."""
    kind, _, which = (taps.corrects or "").partition(":")
    if before is None:
        raise BadInput("There is nothing here yet that could be put right. Say what happened first.")
    if kind == "want":
        return replace(before, want=taps.want or before.want)
    if kind == "person":
        return _about(before, which, taps.people, {person.id: person for person in people})
    lines = len(before.events) if kind == "event" else len(before.facts) if kind == "fact" else 0
    if not which.isdigit() or int(which) >= lines:
        raise BadInput("That line is no longer there. Open the conversation and tap again.")
    at = int(which)
    if kind == "fact":
        return replace(before, facts=before.facts[:at] + before.facts[at + 1 :])
    rather = tuple(_rather(before.events[at], each, before, catalogue) for each in taps.events[:1])
    return replace(before, events=before.events[:at] + rather + before.events[at + 1 :])


def _rather(told: Told, tapped: TappedEvent, before: Account, catalogue: Catalogue) -> Told:
    """Return what happened rather, between the same two, in the same words of the letter."""
    other = next((each for each in (told.doer, told.receiver) if each not in {None, ME}), None)
    main = before.main.id if before.main else None
    made = _told(tapped, catalogue, set(), other or main)
    return replace(
        made, channel=told.channel, day=told.day, landed=told.landed, words=told.words, sentence=told.sentence
    )


def _about(before: Account, which: str, rather: Sequence[TappedPerson], known: Mapping[str, Person]) -> Account:
    """Return the account about another of its people, or with somebody else in the place of one."""
    if not rather:
        raise BadInput("Type who it is about, or tap one of those named.")
    if before.party(rather[0].id) is not None:
        return before.with_main(rather[0].id)
    if before.party(which) is None:
        raise BadInput("That line is no longer there. Open the conversation and tap again.")
    party = replace(_party(rather[0], known, None), id=which, main=True)
    return replace(before, parties=tuple(party if each.id == which else each for each in before.parties))
