"""Talking on a terminal: chat, log and plan, also in a pipe.

Knows the events of a turn and shows them in their order. Knows nothing of how a reply is made; what it keeps are
the moments the user confirms.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from rich.console import RenderableType

from coach.cli import asks, display
from coach.cli.confirmation import Manner, confirm, named
from coach.cli.workbench import USER, Opened, output, tell
from coach.domain.asks import Ask, Doubt, Taps
from coach.domain.moments import ProposedMoment
from coach.domain.plans import MadeBy, RepairPlan
from coach.domain.principles import Citation
from coach.domain.readings import Kind, Reading, Route
from coach.domain.turns import Asked, Doubted, Failed, Part, Piece, Planned, Read, Sources, Started, Struck
from coach.errors import BadInput, NotFound
from coach.reading import notes


@dataclass(slots=True)
class Heard:
    """What a turn has told so far."""

    turn_id: str | None = None
    conversation_id: str | None = None
    person_id: str | None = None
    reading: Reading | None = None
    plan: RepairPlan | None = None
    ask: Ask | None = None
    doubt: Doubt | None = None
    failed: str | None = None


def chat(coach: Opened, manner: Manner, person: str | None) -> bool:
    """Hold a conversation; return False when a turn failed. In a pipe, all that is piped in is one message."""
    person_id = coach.run(find(coach, person)) if person else None
    conversation_id: str | None = None
    plan_open = False
    whole = True
    for text in _messages(manner.ask):
        taps = asks.later(text) if plan_open else None
        heard = coach.run(_turn(coach, "" if taps else text, conversation_id, person_id, taps))
        conversation_id = heard.conversation_id or conversation_id
        while manner.ask and (pressed := _pressed(coach, heard)):
            heard = coach.run(_turn(coach, "", conversation_id, person_id, pressed))
        if heard.failed:
            tell(heard.failed)
            whole = False
        routed = heard.reading is not None and heard.reading.route is not Route.IN_SCOPE
        plan_open = not routed and (plan_open or _made(heard.plan))
        if plan_open and manner.ask:
            asks.offer_later()
        if heard.reading and not taps:
            confirm(coach, heard.reading, manner, person_id=heard.person_id or person_id, turn_id=heard.turn_id)
        if heard.ask is not None and not manner.ask:
            tell("A plan is made from taps: start 'coach chat' at a terminal, or open the page.")
        if heard.doubt is not None and not manner.ask:
            tell("One tap answers the question: start 'coach chat' at a terminal, or open the page.")
    return whole


def _pressed(coach: Opened, heard: Heard) -> Taps | None:
    """Return what is answered to the question or the card of a turn; None where there is none, or no answer."""
    if heard.doubt is not None:
        return asks.answer(heard.doubt)
    return asks.tap(coach, heard.ask) if heard.ask is not None else None


def _made(plan: RepairPlan | None) -> bool:
    """Return whether there is a plan that can be tapped on."""
    return plan is not None and plan.made_by is not MadeBy.SKELETON


def log(coach: Opened, text: str, manner: Manner) -> int:
    """Propose the moments of a text and keep those confirmed; return how many. Raises BadInput: nothing was said."""
    if not text.strip():
        raise BadInput("There is nothing to log. Tell what happened, who did it and where.")
    people = coach.run(coach.parts.journal.people(USER))
    found = notes.noted(text, people, coach.parts.clock().astimezone().date(), coach.parts.texts)
    proposed = tuple(
        ProposedMoment(note.what, note.by, note.landed, note.who or None, None, note.channel, note.on)
        for note in found.notes
    )
    reading = Reading(text, Kind.JOURNAL, moments=proposed)
    return confirm(coach, reading, manner, person_id=None, turn_id=None)


def plan(coach: Opened, person: str) -> RepairPlan:
    """Return the plan for a person from the journal alone. Raises NotFound, BadInput."""

    async def made() -> RepairPlan:
        return await coach.parts.conversation.plan(USER, await find(coach, person), coach.parts.clock())

    return coach.run(made())


async def find(coach: Opened, name: str) -> str:
    """Return the id of a person by name, beginning of a name, or id. Raises NotFound."""
    person = named(name, await coach.parts.journal.people(USER))
    if person is None:
        raise NotFound(
            "Your journal holds nobody of that name, or more than one. Give the whole name as the page People shows it."
        )
    return person.id


async def _turn(
    coach: Opened, text: str, conversation_id: str | None, person_id: str | None, taps: Taps | None = None
) -> Heard:
    """Run one turn, showing each event as it comes."""
    heard, cited, stream = Heard(), list[Citation](), display.Stream(_write)
    events = coach.parts.conversation.reply(
        USER, text, coach.parts.clock(), taps=taps, conversation_id=conversation_id, person_id=person_id
    )
    async for event in events:
        match event:
            case Started():
                heard.turn_id, heard.conversation_id = event.turn_id, event.conversation_id
            case Read():
                heard.reading, heard.person_id = event.reading, event.person_id
                _lines(display.reading(event.reading))
            case Asked():
                heard.ask = event.ask
            case Part("likely", ids) if heard.ask is not None:
                heard.ask = replace(heard.ask, likely=tuple(ids))  # type: ignore[arg-type]
            case Doubted():
                heard.doubt = event.doubt
            case Planned():
                heard.plan = event.plan
                stream.end()
                output().print(display.plan(event.plan), width=display.WIDTH + 4)
            case Piece():
                stream.feed(event.text)
            case Part() | Struck():
                stream.end()
                _lines(display.told(event))
            case Sources():
                cited = list(event.citations)
            case Failed():
                heard.failed = event.message
    stream.end()
    if heard.doubt is not None:
        asks.show(heard.doubt)
    if cited and heard.plan is None:  # a plan has shown its sources already
        _lines(display.sources(cited))
    return heard


def _lines(lines: Iterable[RenderableType]) -> None:
    for line in lines:
        output().print(line, width=display.WIDTH)


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
