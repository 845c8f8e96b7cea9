"""Talking on a terminal: chat, log and plan, also in a pipe.

Knows the events of a turn and shows them in their order. Knows nothing of how a reply is made; what it keeps are
the moments the user confirms.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import dataclass

from coach.cli import display
from coach.cli.confirmation import Manner, confirm, named
from coach.cli.workbench import USER, Opened, output, tell
from coach.domain.people import Person
from coach.domain.plans import RepairPlan
from coach.domain.principles import Citation
from coach.domain.readings import Reading
from coach.domain.turns import Failed, Piece, Planned, Read, Sources, Started
from coach.errors import BadInput, NotFound


@dataclass(slots=True)
class Heard:
    """What a turn has told so far."""

    turn_id: str | None = None
    conversation_id: str | None = None
    person_id: str | None = None
    reading: Reading | None = None
    plan: RepairPlan | None = None
    failed: str | None = None


def chat(coach: Opened, manner: Manner, person: str | None) -> bool:
    """Hold a conversation; return False when a turn failed. In a pipe, all that is piped in is one message."""
    person_id = coach.run(find(coach, person)) if person else None
    conversation_id: str | None = None
    whole = True
    for text in _messages(manner.ask):
        heard = coach.run(_turn(coach, text, conversation_id, person_id))
        conversation_id = heard.conversation_id or conversation_id
        if heard.failed:
            tell(heard.failed)
            whole = False
        if heard.reading:
            confirm(coach, heard.reading, manner, person_id=heard.person_id or person_id, turn_id=heard.turn_id)
    return whole


def log(coach: Opened, text: str, manner: Manner) -> int:
    """Propose the moments of a text and keep those confirmed; return how many. Raises BadInput: none was found."""
    from coach.reading.reader import read

    if not text.strip():
        raise BadInput("There is nothing to log. Tell what happened, who did it and where.")
    reading = read(text, coach.parts.knowledge, coach.run(_people(coach)))
    if not reading.moments:
        raise BadInput("No moment was found in that. Tell what happened, who did it and where.")
    return confirm(coach, reading, manner, person_id=None, turn_id=None)


def plan(coach: Opened, person: str) -> RepairPlan:
    """Return the plan for a person from the journal alone. Raises NotFound, BadInput."""

    async def made() -> RepairPlan:
        return await coach.parts.conversation.plan(USER, await find(coach, person), None, coach.parts.clock())

    return coach.run(made())


async def find(coach: Opened, name: str) -> str:
    """Return the id of a person by name, beginning of a name, or id. Raises NotFound."""
    person = named(name, await coach.parts.journal.people(USER))
    if person is None:
        raise NotFound(
            "Your journal holds nobody of that name, or more than one. Give the whole name as the page People shows it."
        )
    return person.id


async def _people(coach: Opened) -> list[Person]:
    return list(await coach.parts.journal.people(USER))


async def _turn(coach: Opened, text: str, conversation_id: str | None, person_id: str | None) -> Heard:
    """Run one turn, showing each event as it comes."""
    heard, console, cited = Heard(), output(), list[Citation]()
    stream = display.Stream(_write)
    events = coach.parts.conversation.reply(
        USER, text, coach.parts.clock(), conversation_id=conversation_id, person_id=person_id
    )
    async for event in events:
        match event:
            case Started():
                heard.turn_id, heard.conversation_id = event.turn_id, event.conversation_id
            case Read():
                heard.reading, heard.person_id = event.reading, event.person_id
                for line in display.reading(event.reading):
                    console.print(line, width=display.WIDTH)
            case Planned():
                heard.plan = event.plan
                console.print(display.plan(event.plan), width=display.WIDTH + 4)
            case Piece():
                stream.feed(event.text)
            case Sources():
                cited = list(event.citations)
            case Failed():
                heard.failed = event.message
    stream.end()
    if cited and heard.plan is None:  # a plan has shown its sources already
        for line_ in display.sources(cited):
            console.print(line_, width=display.WIDTH)
    return heard


def _write(text: str) -> None:
    sys.stdout.write(text)
    sys.stdout.flush()


def _messages(at_terminal: bool) -> Iterator[str]:
    """Yield messages: at a terminal until Ctrl-D, each ended by an empty line; else all of stdin as one."""
    if not at_terminal:
        text = sys.stdin.read().strip()
        if not text:
            raise BadInput("There is nothing to read. Pipe a message in, or start 'coach chat' at a terminal.")
        yield text
        return
    tell("Tell what happened. An empty line sends it; Ctrl-D ends.", style="dim")
    while True:
        lines: list[str] = []
        try:
            while line := input("> " if not lines else "  "):
                lines.append(line)
        except EOFError:
            if text := "\n".join(lines).strip():
                yield text
            return
        if text := "\n".join(lines).strip():
            yield text
