"""The ask card on a terminal: one question at a time, answered by a number or skipped with an empty line.

Knows how to ask; what is pressed goes to the conversation as taps. Establishes nothing itself.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import TypeVar

import typer

from coach.cli.workbench import Opened, output
from coach.domain.accounts import Number
from coach.domain.asks import Ask, Doubt, EventChoice, FactChoice, TappedEvent, TappedPerson, Taps
from coach.domain.events import Want
from coach.reading import choices
from coach.web.labels import ANSWERS, HARMS, LATER, NUMBERS, STANDINGS, WANTS, later_taps

T = TypeVar("T")
OTHER = "somebody else"
HARMED = "somebody is being harmed"
NONE = "none of these"
LIKELY = "  (may be it)"
MOST_EVENTS = 4


def tap(coach: Opened, ask: Ask) -> Taps | None:
    """Ask the card's questions and return what was pressed; None when nothing was."""
    calls = [each.call for each in ask.people]
    sure = next((at for at, each in enumerate(ask.people) if each.id == ask.sure), None)
    at = _one("Who is it about?", [*calls, OTHER, HARMED], default=sure)
    if at == len(calls) + 1:
        harm = _from(HARMS, HARMED)
        return Taps(ask_id=ask.id, harm=harm) if harm is not None else None
    person = _person(ask, at)
    events = _events(coach, ask, person.name or person.role or "" if person else "")
    facts = tuple(fact for event in events for fact in _facts(event.asks))
    tried = _facts(ask.tried, "What have you tried?")
    first = _first(events)
    want = _want(events)
    if person is None and not events and want is None:
        return None
    return Taps(
        ask_id=ask.id,
        people=(person,) if person else (),
        main=person.id if person else None,
        events=tuple(TappedEvent(event.id) for event in events),
        first=first,
        facts=(*facts, *tried),
        want=want,
        deadline=_deadline(ask),
    )


def _deadline(ask: Ask) -> date | None:
    """Return the day before which it has to be done, where the words name days to come."""
    at = _one("Has it to be done before one of these days?", [each.words for each in ask.ahead]) if ask.ahead else None
    return None if at is None else ask.ahead[at].day


def show(doubt: Doubt) -> None:
    """Show a question about harm with its answers, numbered."""
    _listed(doubt.question, [ANSWERS[each] for each in doubt.options])


def answer(doubt: Doubt) -> Taps | None:
    """Return the answer whose number is typed to the question shown; None when it is skipped."""
    at = _number(len(doubt.options))
    return None if at is None else doubt.taps(at)


def later(numbered: str) -> Taps | None:
    """Return the taps that a number typed under a plan stands for; None: it is words."""
    text = numbered.strip()
    return later_taps(int(text) - 1) if text.isdigit() and 1 <= int(text) <= len(LATER) else None


def offer_later() -> None:
    """Show what can be tapped under a plan."""
    _listed("When it is done, or to change it, type a number; anything else is kept with the matter", list(LATER))


def _person(ask: Ask, at: int | None) -> TappedPerson | None:
    if at is None:
        return None
    if at < len(ask.people):
        person = ask.people[at].tapped()
    else:
        typed = str(typer.prompt("Their name, or who they are", default="")).strip()
        if not typed:
            return None
        person = choices.typed(typed, _from(NUMBERS, "How many?") or Number.ONE)
    return person if person.standing else replace(person, standing=_from(STANDINGS, "Where do they stand?"))


def _events(coach: Opened, ask: Ask, name: str) -> tuple[EventChoice, ...]:
    catalogue = coach.parts.knowledge.catalogue
    shown, likely = list(ask.first), ask.likely
    groups = [group.text for group in ask.groups]
    pressed: list[EventChoice] = []
    while len(pressed) < MOST_EVENTS:
        lines = [
            *(f"{each.chip}{LIKELY if each.id in likely else ''}" for each in shown),
            *(f"{text} …" for text in groups),
            "search …",
            NONE,
        ]
        question = "What happened?" if not pressed else "What else happened?"
        at = _one(question, lines, default=len(lines) - 1 if pressed else None)
        if at is None or at == len(lines) - 1:
            break
        if at < len(shown):
            pressed.append(shown.pop(at))
        elif at < len(shown) + len(groups):
            group = ask.groups[at - len(shown)]
            shown = [choices.choice(entry, catalogue, name) for entry in catalogue.of(group.id)]
        else:
            words = str(typer.prompt("Search for", default="")).strip()
            order = coach.parts.knowledge.ranked(words) if words else ()
            shown = [choices.choice(catalogue.entry(event), catalogue, name) for event, _ in order[:8]] or shown
    return tuple(pressed)


def _facts(facts: Sequence[FactChoice], question: str = "Is one of these true, too?") -> tuple[str, ...]:
    if not facts:
        return ()
    at = _one(question, [*(fact.text for fact in facts), NONE], default=len(facts))
    return (facts[at].id,) if at is not None and at < len(facts) else ()


def _first(events: Sequence[EventChoice]) -> str | None:
    if {"me", "them"} - {event.doer for event in events}:
        return None
    at = _one("Which came first?", [event.chip for event in events])
    return events[at].id if at is not None else None


def _want(events: Sequence[EventChoice]) -> Want | None:
    fit = [want for want in Want if not events or any(want in event.wants for event in events)]
    at = _one("What would you like?", [WANTS[want] for want in fit])
    return fit[at] if at is not None else None


def _from(words: dict[T, str], question: str) -> T | None:
    at = _one(question, list(words.values()))
    return list(words)[at] if at is not None else None


def _one(question: str, lines: Sequence[str], default: int | None = None) -> int | None:
    """Return the place of the line chosen by its number, None when it is skipped."""
    _listed(question, lines)
    return _number(len(lines), default)


def _number(most: int, default: int | None = None) -> int | None:
    """Return a place from a number up to ``most``, None when nothing is typed."""
    shown = str(default + 1) if default is not None else ""
    while True:
        answer = str(typer.prompt("Number, or nothing to skip", default=shown, show_default=bool(shown))).strip()
        if not answer:
            return None
        if answer.isdigit() and 1 <= int(answer) <= most:
            return int(answer) - 1
        typer.echo(f"A number from 1 to {most}, or nothing.")


def _listed(question: str, lines: Sequence[str]) -> None:
    output().print(f"\n{question}", style="bold")
    for at, line in enumerate(lines, 1):
        output().print(f"  {at:>2}  {line}", markup=False, highlight=False)
