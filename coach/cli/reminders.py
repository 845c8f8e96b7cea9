"""What is due, at a terminal, and as an e-mail that holds counts and nothing else.

Knows the journal's port; what is shown is chosen in ``noticing.today``, and sent by ``coach.postbox``.
"""

from __future__ import annotations

from datetime import datetime

from rich.text import Text

from coach.cli.workbench import USER, Opened, output
from coach.errors import BadInput
from coach.noticing.today import Thing, Why
from coach.postbox import letter, send
from coach.settings import Settings
from coach.web.pages.today_page import Open, chosen_things, open_steps

_OPEN = {Why.HARM: "Yours to mend", Why.CALLED_OFF: "Called off, and none since", Why.THANKS: "No thanks noted since"}
"""What is said before the moment from which something is open."""


def due(coach: Opened) -> int:
    """Print what Today shows; return how many things there are."""

    async def found() -> tuple[tuple[Thing, ...], list[Open]]:
        opened = await open_steps(coach.parts, USER)
        return await chosen_things(coach.parts, USER, opened, coach.parts.clock()), opened

    things, opened = coach.run(found())
    steps = {it.commitment.id: it for it in opened}
    console = output()
    for thing in things:
        console.print(Text("• ").append(_line(thing, steps)), soft_wrap=True)
    if not things:
        console.print("Nothing for today.")
    return len(things)


def _line(thing: Thing, steps: dict[str, Open]) -> str:
    who = f" ({thing.person.name})" if thing.person else ""
    if thing.commitment:
        step = steps[thing.commitment.id].step
        asked = "Did it happen? " if thing.days else ""
        when = f"{step.cue.rstrip(',. ')}, " if step.cue else ""
        return f"{asked}{when}{step.action.rstrip('. ')}.{who}"
    if thing.promise:
        mine = "You promised" if thing.why == "promise" else "They promised"
        return f"{mine}: {thing.promise.what}{who}"
    if thing.moment:
        return f"{_OPEN[thing.why]}: {thing.moment.what.rstrip('. ')}.{who}"
    if thing.celebration:
        when = {0: "today", 1: "tomorrow"}.get(thing.days, f"in {thing.days} days")
        return f"{thing.celebration.label} {when}{who}"
    return f"{thing.days} days without a moment{who}"


def digest(coach: Opened, settings: Settings) -> bool:
    """Send the digest; return False when nothing is due and so nothing was sent. Raises BadInput, CoachError."""
    if not settings.smtp_host or not settings.smtp_to:
        raise BadInput("Set COACH_SMTP_HOST and COACH_SMTP_TO first: where to send the digest, and to whom.")

    async def counted() -> tuple[int, int, datetime]:
        opened, now = await open_steps(coach.parts, USER), coach.parts.clock()
        things = await chosen_things(coach.parts, USER, opened, now)
        steps = sum(1 for thing in things if thing.commitment)
        return steps, len(things) - steps, now

    steps, others, now = coach.run(counted())
    if not steps + others:
        return False
    send(letter(steps, others, settings, now), settings)
    return True
