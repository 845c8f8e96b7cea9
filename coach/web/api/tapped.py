"""Taps as a request holds them, and the ask card as a stream shows it."""

from __future__ import annotations

from datetime import date
from typing import Any

from pydantic import Field

from coach.domain.accounts import ME, Number, Standing
from coach.domain.asks import (
    About,
    Action,
    Ask,
    Doubt,
    EventChoice,
    Happened,
    Harm,
    Meant,
    TappedEvent,
    TappedPerson,
    Taps,
)
from coach.domain.events import Want
from coach.domain.moments import Channel, Landed
from coach.web.api.fields import Body, Id, Name, Note
from coach.web.labels import ANSWERS, NAMES


class PersonTap(Body):
    """Someone who was tapped or typed; ``id`` is the card's."""

    id: Id
    name: Name | None = None
    role: Name | None = None
    person_id: Id | None = Field(None, description="Theirs in the journal, where they are in it.")
    number: Number = Number.ONE
    standing: Standing | None = None


class EventTap(Body, populate_by_name=True):
    """An event that was pressed. ``from``/``to``: "me" or a person's id, where the catalogue leaves it open."""

    event: Id
    from_: Id | None = Field(None, alias="from")
    to: Id | None = None
    facts: list[Id] = Field(default_factory=list, max_length=12)
    channel: Channel | None = None
    landed: Landed | None = None
    day: date | None = None

    def tapped(self) -> TappedEvent:
        """Return the noun."""
        other = next((each for each in (self.from_, self.to) if each not in {None, ME}), None)
        doer = None if self.from_ is None else "me" if self.from_ == ME else "them"
        return TappedEvent(self.event, other, tuple(self.facts), self.channel, self.landed, self.day, doer)


class TapsGiven(Body):
    """What was pressed in one go."""

    ask_id: Id | None = None
    people: list[PersonTap] = Field(default_factory=list, max_length=6)
    main: Id | None = None
    events: list[EventTap] = Field(default_factory=list, max_length=6)
    first: Id | None = Field(None, description="The event that came first, where both sides acted.")
    facts: list[Id] = Field(default_factory=list, max_length=12)
    want: Want | None = None
    harm: Harm | None = None
    doubt: Meant | None = Field(None, description="What was meant by the words that a `doubt` event names.")
    about: About | None = Field(None, description="What the harm is about, where the coach asks.")
    step_id: Id | None = None
    happened: Happened | None = None
    words: Note | None = None
    action: Action | None = None
    value: Name | None = None
    corrects: Id | None = Field(
        None,
        description="The line of the account that is put right: event:0, fact:0, person:p1 or want. What is true "
        "instead is in `events`, `people` or `want`; nothing there: it did not happen.",
    )
    deadline: date | None = Field(None, description="The day before which it has to be done, of those on the card.")

    def taps(self) -> Taps:
        """Return the noun."""
        given = {name: getattr(self, name) for name in type(self).model_fields}
        people = tuple(TappedPerson(**each.model_dump()) for each in self.people)
        events = tuple(each.tapped() for each in self.events)
        return Taps(**{**given, "people": people, "events": events, "facts": tuple(self.facts)})


def doubt_shown(doubt: Doubt) -> dict[str, Any]:
    """Return a question about harm as the contract gives it; ``taps`` is what an option is answered with."""
    options = [{"id": each, "text": ANSWERS[each], "taps": {NAMES[type(each)]: each}} for each in doubt.options]
    return {"ask_id": doubt.id, "words": doubt.words, "question": doubt.question, "options": options}


def shown(ask: Ask) -> dict[str, Any]:
    """Return a card as the contract gives it."""
    return {
        "ask_id": ask.id,
        "people": {
            "options": [
                {"id": each.id, "call": each.call, "name": each.name, "role": each.role, "person_id": each.person_id}
                for each in ask.people
            ],
            **({"sure": ask.sure} if ask.sure else {}),
        },
        "groups": [
            {"id": group.id, "text": group.text, "options": [event_shown(each) for each in group.options]}
            for group in ask.groups
        ],
        "best": [event_shown(each) for each in ask.best],
        "more": "/api/events",
        "wants": {"options": list(ask.wants)},
        "tried": [{"id": each.id, "text": each.text} for each in ask.tried],
        "days": [{"day": each.day.isoformat(), "words": each.words, "ahead": each.ahead} for each in ask.days],
        "harm": True,
    }


def event_shown(choice: EventChoice) -> dict[str, Any]:
    """Return one line of a card."""
    return {
        "id": choice.id,
        "chip": choice.chip,
        "from": choice.doer,
        "to": choice.receiver,
        **({"mirror": choice.mirror} if choice.mirror else {}),
        "ask": [{"id": each.id, "text": each.text} for each in choice.asks],
        "wants": list(choice.wants),
    }
