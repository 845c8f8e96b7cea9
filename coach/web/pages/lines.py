"""The lines of an account in words: as they are tapped, as they were read, and what could stand in their place."""

from __future__ import annotations

from typing import Any

from coach.domain.accounts import OTHER, Account, Fact, Told
from coach.domain.asks import EventChoice, GroupChoice, Taps
from coach.domain.events import Catalogue
from coach.planning.alongside import tapped_line
from coach.reading import choices
from coach.web.labels import WANTS
from coach.web.renderer import sentence


def page_words(catalogue: Catalogue) -> dict[str, Any]:
    """Return what the templates of card and account ask of the catalogue."""

    def more_of(group: GroupChoice) -> tuple[EventChoice, ...]:
        shown = {each.id for each in group.options}
        return tuple(choices.choice(entry, catalogue, "") for entry in catalogue.of(group.id) if entry.id not in shown)

    def event_words(told: Told, account: Account) -> str:
        return told.words or tapped_line(told, account, catalogue)

    def fact_words(fact: Fact) -> str:
        return fact.words or catalogue.facts.get(fact.fact, fact.fact)

    def read_line(told: Told, account: Account) -> str:
        return tapped_line(told, account, catalogue) or f"“{told.words}”"

    def rather(told: Told, account: Account) -> tuple[EventChoice, ...]:
        """What an event is taken for, and the same act from the other side."""
        if told.event not in catalogue:
            return ()
        entry, party = catalogue.entry(told.event), account.party(told.doer) or account.party(told.receiver)
        near = dict.fromkeys((*([entry.mirror] if entry.mirror else []), *entry.near))
        name = (party.name or "") if party else ""
        return tuple(choices.choice(catalogue.entry(each), catalogue, name) for each in near if each in catalogue)

    def put_right(taps: Taps, account: Account) -> str:
        """What was pressed to put a line right, in words."""
        kind = (taps.corrects or "").partition(":")[0]
        if kind == "person" and taps.people:
            person = account.party(taps.people[0].id) or account.main
            return f"It is about {person.call if person else taps.people[0].name}"
        if kind == "want" and taps.want:
            return sentence(WANTS[taps.want])
        if kind == "event" and taps.events:
            told = next((each for each in account.events if each.event == taps.events[0].event), None)
            return f"Rather: {tapped_line(told, account, catalogue)}" if told else "Rather something else"
        return "That is not so"

    words = {"more_of": more_of, "event_words": event_words, "fact_words": fact_words}
    return {**words, "read_line": read_line, "rather": rather, "put_right": put_right, "other": OTHER}
