"""Proposed moments, confirmed one by one and kept. Nothing is kept that the user has not said yes to.

Knows how to ask on a terminal and which people the journal holds. What the text does not say (where, with whom) is
asked for. In a pipe nobody can be asked, so such a moment is left out and named, never filled with a guess.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, time
from enum import StrEnum
from typing import TypeVar

import typer

from coach.cli import display
from coach.cli.workbench import USER, Opened, output, tell
from coach.domain.moments import By, Channel, Landed, Moment, ProposedMoment
from coach.domain.people import Person
from coach.domain.readings import Reading

E = TypeVar("E", bound=StrEnum)


@dataclass(frozen=True, slots=True)
class Manner:
    """How to confirm: ``ask`` at a terminal; ``yes`` keeps all; ``channel`` is for moments whose text names none."""

    ask: bool
    yes: bool = False
    channel: Channel | None = None


def confirm(coach: Opened, reading: Reading, manner: Manner, *, person_id: str | None, turn_id: str | None) -> int:
    """Show the proposed moments, keep those confirmed, and return how many were kept."""
    if not reading.moments:
        return 0
    output().print("\nMoments to keep", style="dim")
    kept = 0
    for proposed in reading.moments:
        if manner.channel and proposed.channel is None:
            proposed = replace(proposed, channel=manner.channel)
        output().print(display.moment(proposed), width=display.WIDTH)
        if manner.yes:
            kept += _keep(coach, proposed, person_id, turn_id)
        elif manner.ask and (settled := _asked(proposed)):
            kept += _keep(coach, settled, person_id, turn_id)
    if not manner.yes and not manner.ask:
        tell("Not kept. Say --yes to keep them, or confirm them at a terminal.")
    else:
        output().print("Kept: " + ("1 moment." if kept == 1 else f"{kept} moments."), style="dim")
    return kept


def _asked(proposed: ProposedMoment) -> ProposedMoment | None:
    """Return the moment with what nobody said asked for; None: it is not to be kept."""
    answer = _choice("Keep it?", ("yes", "no", "edit"), "yes")
    if answer == "no":
        return None
    edit = answer == "edit"
    if edit:
        proposed = replace(proposed, what=typer.prompt("What was seen or heard", default=proposed.what))
    if edit or proposed.by is None:
        proposed = replace(proposed, by=_one_of(By, "Who acted", proposed.by))
    if edit or proposed.landed is None:
        proposed = replace(proposed, landed=_one_of(Landed, "How it landed", proposed.landed))
    if edit or proposed.channel is None:
        proposed = replace(proposed, channel=_one_of(Channel, "Where", proposed.channel))
    if edit or not proposed.person:
        proposed = replace(proposed, person=typer.prompt("With whom (a name)", default=proposed.person))
    return proposed


def _one_of(of: type[E], question: str, default: E | None) -> E:
    words = tuple(member.value.replace("_", " ") for member in of)
    answer = _choice(question, words, default.value.replace("_", " ") if default else None)
    return of(answer.replace(" ", "_"))


def _choice(question: str, words: Sequence[str], default: str | None) -> str:
    """Ask until the answer is one of the words or the beginning of just one; return the word."""
    while True:
        answer = str(typer.prompt(f"{question} ({', '.join(words)})", default=default)).strip().casefold()
        fitting = [word for word in words if word == answer] or [word for word in words if word.startswith(answer)]
        if len(fitting) == 1:
            return fitting[0]
        typer.echo(f"Please answer with one of: {', '.join(words)}.")


def _keep(coach: Opened, proposed: ProposedMoment, person_id: str | None, turn_id: str | None) -> bool:
    lacking = [
        word
        for word, value in (
            ("where", proposed.channel),
            ("how it landed", proposed.landed),
            ("who acted", proposed.by),
            ("with whom", proposed.person or proposed.person_id or person_id),
        )
        if value is None
    ]
    if lacking:
        place = ", or name the place with --channel" if lacking == ["where"] else ""
        tell(f"  Not kept: nobody said {', '.join(lacking)}. Confirm it at a terminal{place}.")
        return False
    coach.run(_save(coach, proposed, person_id, turn_id))
    return True


async def _save(coach: Opened, proposed: ProposedMoment, person_id: str | None, turn_id: str | None) -> None:
    parts, now = coach.parts, coach.parts.clock()
    assert proposed.channel is not None
    assert proposed.landed is not None
    assert proposed.by is not None
    person = named(proposed.person, await parts.journal.people(USER)) if proposed.person else None
    if person is None and proposed.person:
        person = Person(id=parts.new_id(), name=proposed.person, created_at=now)
        await parts.journal.add_person(USER, person)
    at = now if proposed.day is None else datetime.combine(proposed.day, time(12), now.astimezone().tzinfo)
    moment = Moment(
        id=parts.new_id(),
        person_id=person.id if person else proposed.person_id or person_id or "",
        happened_at=min(at, now),
        channel=proposed.channel,
        by=proposed.by,
        what=proposed.what,
        landed=proposed.landed,
        noted_at=now,
        turn_id=turn_id,
    )
    await parts.journal.add_moment(USER, moment)


def named(name: str, people: Iterable[Person]) -> Person | None:
    """Return the person with this name or id, else the only one whose name begins with it; None when unclear."""
    wanted = name.strip().casefold()
    everyone = list(people)
    for person in everyone:
        if wanted in {person.name.casefold(), person.id.casefold()}:
            return person
    beginning = [person for person in everyone if wanted and person.name.casefold().startswith(wanted)]
    return beginning[0] if len(beginning) == 1 else None
