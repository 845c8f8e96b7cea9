"""Labels of what is established in a case (people, events, want), and what they make somebody tap on an ask card.

Knows the form of a label and of a card; runs nothing and judges nothing. "unknown" in a label: nobody said.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any, TypeVar

from coach.domain.accounts import Number, Standing
from coach.domain.asks import Ask, PersonChoice, TappedEvent, TappedPerson, Taps
from coach.domain.events import Catalogue, Want
from coach.domain.moments import Channel, Landed
from coach.domain.phrases import is_several
from coach.errors import BadInput
from coach.reading.taps import MOST_EVENTS
from evals.cases import Case, Line, lines, load_cases

_Word = TypeVar("_Word", bound=StrEnum)
_MOST_WORDS_OF_A_NAME = 3


@dataclass(frozen=True, slots=True)
class LabelledEvent:
    """One event of a label. ``by``: me, them or other; ``person``: whose, or None; ``sentence`` counts from 1.

    ``facts``: those of its row on the card that are told.
    """

    event: str
    by: str
    person: str | None
    sentence: int | None
    channel: Channel | None
    landed: Landed | None
    facts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Label:
    """What is established in a case. ``main`` None: the labeller names no main person, and the first stands for it.

    ``also_fine``: other main events that would do. ``standings``: where somebody stands, as far as it is told;
    ``numbers``: how many they are, where their name does not show it; ``tried``: the facts of what has been tried.
    """

    id: str
    people: tuple[str, ...]
    main: str | None
    events: tuple[LabelledEvent, ...]
    main_event: str
    also_fine: tuple[str, ...]
    want: Want
    standings: Mapping[str, Standing] = field(default_factory=dict)
    numbers: Mapping[str, Number] = field(default_factory=dict)
    tried: tuple[str, ...] = ()

    def fine(self, catalogue: Catalogue) -> tuple[str, ...]:
        """Return the main event and those that would do as well, as far as they are in the catalogue."""
        return tuple(event for event in (self.main_event, *self.also_fine) if event in catalogue)

    def in_order(self, catalogue: Catalogue) -> tuple[LabelledEvent, ...]:
        """Return the events that can be tapped, the main one first, each once."""
        known = {each.event: each for each in reversed(self.events) if each.event in catalogue}
        kept = [each for each in self.events if known.get(each.event) is each]
        return tuple(sorted(kept, key=lambda each: each.event != self.main_event))


def load_labels(path: Path) -> list[Label]:
    """Return the labels of a file shaped like dev_accounts.jsonl. Raises BadInput."""
    return [_label(line) for line in lines(path)]


def labelled(cases: Path, accounts: Path) -> list[tuple[Case, Label]]:
    """Return the cases of one file that have a label in the other. Raises BadInput when none has."""
    labels = {label.id: label for label in load_labels(accounts)}
    found = [(case, labels[case.id]) for case in load_cases(cases) if case.id in labels]
    if not found:
        raise BadInput(f"{accounts.name} has no label for any case of {cases.name}; name the other file.")
    return found


def _label(line: Line) -> Label:
    people = [each for each in line.objects("people") if each.get("name")]
    main = next((str(each["name"]) for each in people if each.get("main")), None)
    return Label(
        line.id,
        tuple(str(each["name"]) for each in people),
        main,
        tuple(_event(line, each) for each in line.objects("events")),
        line.text("main_event"),
        tuple(line.words("also_fine")),
        line.one_of(Want, line.text("want")),
        {str(each["name"]): line.one_of(Standing, each["standing"]) for each in people if each.get("standing")},
        {str(each["name"]): line.one_of(Number, each["number"]) for each in people if each.get("number")},
        tuple(line.words("tried")),
    )


def _event(line: Line, held: dict[str, Any]) -> LabelledEvent:
    if not isinstance(held.get("event"), str):
        raise line.wrong("an event has no 'event'")
    return LabelledEvent(
        held["event"],
        str(held.get("by", "other")),
        held.get("person"),
        held.get("sentence"),
        _known(Channel, held.get("channel")),
        _known(Landed, held.get("landed")),
        tuple(map(str, held.get("facts", ()))),
    )


def _known(vocabulary: type[_Word], value: object) -> _Word | None:
    return next((each for each in vocabulary if each.value == value), None)


# ---- what is tapped


def taps(label: Label, ask: Ask, catalogue: Catalogue) -> Taps:
    """Return the taps of a label on a card: its people, its events with who acted, its want.

    A person who is on the card is pressed there, with what the card knows of them; another one is typed. People with no
    event of their own are left out, but for the main one.
    """
    events = label.in_order(catalogue)[:MOST_EVENTS]
    main = label.main or next(iter(label.people), None)
    meant = [name for name in label.people if name == main or name in {each.person for each in events}]
    pressed = {name: _person(name, f"typed{n}", ask.people, label) for n, name in enumerate(meant)}
    return Taps(
        ask_id=ask.id,
        people=tuple(pressed.values()),
        main=pressed[main].id if main else None,
        events=tuple(
            TappedEvent(
                each.event,
                pressed[each.person].id if each.person in pressed else None,
                each.facts,
                channel=each.channel,
                landed=each.landed,
                doer=each.by if each.by in {"me", "them"} else None,
            )
            for each in events
        ),
        facts=label.tried,
        want=label.want,
    )


def _person(name: str, id_: str, choices: Sequence[PersonChoice], label: Label) -> TappedPerson:
    same, standing, told = name.casefold(), label.standings.get(name), label.numbers.get(name)
    for each in choices:
        if same in {(called or "").casefold() for called in (each.name, each.role, each.call)}:
            number = told or each.number or Number.ONE
            return TappedPerson(each.id, each.name, each.role, each.person_id, number, standing or each.standing)
    named = name[:1].isupper() and len(name.split()) <= _MOST_WORDS_OF_A_NAME
    number = told or (Number.SEVERAL if not named and is_several(name) else Number.ONE)
    return TappedPerson(id_, name if named else None, None if named else name, number=number, standing=standing)
