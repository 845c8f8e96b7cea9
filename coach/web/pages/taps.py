"""What a form of taps sends → Taps. A card's people are looked up on the card; nothing else is trusted."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import TypeVar

from starlette.datastructures import FormData

from coach.domain.accounts import Number, Standing
from coach.domain.asks import About, Action, Ask, Happened, Harm, Meant, TappedEvent, TappedPerson, Taps
from coach.domain.events import Want
from coach.errors import BadInput
from coach.reading import choices
from coach.web.parts import Parts

_Word = TypeVar("_Word", bound=StrEnum)
_OTHER = "other"
_OF_HARM = ("harm", "doubt", "about")
"""The answers about harm; they need no card, and ``Conversation`` knows the question they belong to."""


async def pressed(form: FormData, parts: Parts, user: str) -> tuple[Taps, str]:
    """Return the taps of a form, and the conversation they belong to. Raises BadInput, NotFound."""
    conversation_id = _text(form, "conversation_id")
    if not conversation_id:
        raise BadInput("The card has lost its conversation. Open the conversation and tap again.")
    answers = any(form.get(name) for name in _OF_HARM)
    if corrects := _text(form, "corrects"):
        return _correction(form, corrects), conversation_id
    ask = None if answers else await _ask(parts, user, conversation_id, _text(form, "ask_id"))
    people = _people(form, ask) if ask else ()
    lines = (*ask.best, *(each for group in ask.groups for each in group.options)) if ask else ()
    asked = {fact.id for line in lines for fact in line.asks}
    catalogue = parts.knowledge.catalogue
    facts = tuple(dict.fromkeys(str(each) for each in form.getlist("fact")))
    events = tuple(dict.fromkeys(str(each) for each in form.getlist("event")))
    own = {event: catalogue.entry(event).ask for event in events if event in catalogue}
    kept = tuple(fact for fact in facts if fact not in asked or any(fact in asks for asks in own.values()))
    return (
        Taps(
            ask_id=_text(form, "ask_id") or None,
            people=people,
            main=people[0].id if people else None,
            events=tuple(TappedEvent(event) for event in events),
            first=_text(form, "first") or None,
            facts=kept,
            want=_word(form, "want", Want),
            harm=_word(form, "harm", Harm),
            doubt=_word(form, "doubt", Meant),
            about=_word(form, "about", About),
            step_id=_text(form, "step_id") if form.get("happened") or form.get("action") else None,
            happened=_word(form, "happened", Happened),
            words=_text(form, "words") or None,
            action=_word(form, "action", Action),
            value=_text(form, "value") or None,
            deadline=deadline(form, ask),
        ),
        conversation_id,
    )


def deadline(form: FormData, ask: Ask | None) -> date | None:
    """Return the day that was tapped of those to come on the card."""
    return next(
        (each.day for each in (ask.ahead if ask else ()) if each.day.isoformat() == _text(form, "deadline")), None
    )


def _correction(form: FormData, corrects: str) -> Taps:
    """Return what one line of the account is put right with."""
    who, typed, event = _text(form, "who"), _text(form, "who_name"), _text(form, "event")
    person = TappedPerson(who) if who else choices.typed(typed) if typed else None
    return Taps(
        people=(person,) if person else (),
        events=(TappedEvent(event),) if event else (),
        want=_word(form, "want", Want),
        corrects=corrects,
    )


async def _ask(parts: Parts, user: str, conversation_id: str, ask_id: str) -> Ask | None:
    if not ask_id:
        return None
    turns = await parts.journal.turns(user, conversation_id)
    found = next((turn.ask for turn in reversed(turns) if turn.ask and turn.ask.id == ask_id), None)
    if found is None:
        raise BadInput("That card is no longer the latest one. Tap on the card below it.")
    return found


def _people(form: FormData, ask: Ask) -> tuple[TappedPerson, ...]:
    who, typed = _text(form, "who"), _text(form, "who_name")
    number, standing = _word(form, "number", Number), _word(form, "standing", Standing)
    chosen = next((each for each in ask.people if each.id == who), None)
    if chosen is None or (who == _OTHER and typed):
        if not typed:
            return ()
        return (choices.typed(typed, number or Number.ONE, standing),)
    return (chosen.tapped(number, standing),)


def _text(form: FormData, name: str) -> str:
    value = form.get(name)
    return value.strip() if isinstance(value, str) else ""


def _word(form: FormData, name: str, words: type[_Word]) -> _Word | None:
    value = _text(form, name)
    if not value:
        return None
    try:
        return words(value)
    except ValueError:
        raise BadInput(f"'{value[:40]}' is nothing that can be tapped here.") from None
