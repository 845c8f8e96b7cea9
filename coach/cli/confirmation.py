"""Proposed moments, confirmed one by one and kept. Nothing is kept that the user has not said yes to.

Knows how to ask on a terminal and which people the journal holds. What the text does not say (where, with whom) is
asked for; where nobody can be asked, such a moment is left out and named, never filled with a guess.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import TypeVar

import typer

from coach.cli import display
from coach.cli.workbench import USER, Opened, output, tell
from coach.domain.moments import By, Channel, Landed, Moment, ProposedMoment
from coach.domain.people import Person
from coach.domain.readings import Mention, Reading

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
            kept += _keep(coach, reading, proposed, person_id, turn_id)
        elif manner.ask and (settled := _asked(proposed, reading)):
            kept += _keep(coach, reading, settled, person_id, turn_id)
    if not manner.yes and not manner.ask:
        tell("Not kept. Say --yes to keep them, or confirm them at a terminal.")
    else:
        output().print("Kept: " + ("1 moment." if kept == 1 else f"{kept} moments."), style="dim")
    return kept


def _asked(proposed: ProposedMoment, reading: Reading) -> ProposedMoment | None:
    answer = _choice("Keep it?", ("yes", "no", "edit"), "yes")
    if answer == "no":
        return None
    if answer == "edit":
        proposed = replace(
            proposed,
            what=typer.prompt("What was seen or heard", default=proposed.what),
            by=_one_of(By, "Who acted", proposed.by),
            landed=_one_of(Landed, "How it landed", proposed.landed),
            days_ago=typer.prompt("How many days ago", default=proposed.days_ago or 0, type=int),
        )
    if answer == "edit" or proposed.channel is None:
        proposed = replace(proposed, channel=_one_of(Channel, "Where", proposed.channel))
    mention = _mention(reading, proposed)
    if answer == "edit" or mention is None or mention.group:
        default = None if mention is None or mention.group else mention.label
        proposed = replace(proposed, person=typer.prompt("With whom (a name)", default=default))
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


def _keep(
    coach: Opened, reading: Reading, proposed: ProposedMoment, person_id: str | None, turn_id: str | None
) -> bool:
    if proposed.channel is None:
        tell("  Not kept: the text does not say where. Name it with --channel, or confirm at a terminal.")
        return False
    mention = _mention(reading, proposed)
    if proposed.person is None and (mention is None or mention.group):
        tell("  Not kept: the text does not say with whom. Confirm it at a terminal.")
        return False
    coach.run(_save(coach, mention, proposed, person_id if mention and mention == reading.about else None, turn_id))
    return True


async def _save(
    coach: Opened, mention: Mention | None, proposed: ProposedMoment, person_id: str | None, turn_id: str | None
) -> None:
    parts, now = coach.parts, coach.parts.clock()
    if person_id is None:
        name = proposed.person or (mention.label if mention else "")
        person = named(name, await parts.journal.people(USER))
        if person is None:
            person = _new_person(parts.new_id(), name, mention, now)
            await parts.journal.add_person(USER, person)
        person_id = person.id
    moment = Moment(
        id=parts.new_id(),
        person_id=person_id,
        happened_at=now - timedelta(days=proposed.days_ago or 0),
        channel=proposed.channel or Channel.IN_PERSON,
        by=proposed.by,
        what=proposed.what,
        landed=proposed.landed,
        noted_at=now,
        turn_id=turn_id,
    )
    await parts.journal.add_moment(USER, moment)


def _new_person(new_id: str, name: str, mention: Mention | None, now: datetime) -> Person:
    if mention is None:
        return Person(id=new_id, name=name, created_at=now)
    return Person(
        id=new_id, name=name, created_at=now, role=mention.role, relation=mention.relation, remote=mention.remote
    )


def _mention(reading: Reading, proposed: ProposedMoment) -> Mention | None:
    """Return whom a moment is with: the one it names, else the only person the reading knows."""
    if proposed.person is None:
        return reading.people[0] if len(reading.people) == 1 else None
    for mention in reading.people:
        if proposed.person.casefold() in {mention.label.casefold(), (mention.name or "").casefold()}:
            return mention
    return None


def named(name: str, people: Iterable[Person]) -> Person | None:
    """Return the person with this name or id, else the only one whose name begins with it; None when unclear."""
    wanted = name.strip().casefold()
    everyone = list(people)
    for person in everyone:
        if wanted in {person.name.casefold(), person.id.casefold()}:
            return person
    beginning = [person for person in everyone if wanted and person.name.casefold().startswith(wanted)]
    return beginning[0] if len(beginning) == 1 else None
