"""What is due, at a terminal, and as an e-mail that holds counts and nothing else.

Knows the journal's port and SMTP; what is shown is chosen in ``noticing.today``.
"""

from __future__ import annotations

import smtplib
import ssl
from datetime import datetime
from email.message import EmailMessage

from rich.text import Text

from coach.cli.workbench import USER, Opened, output
from coach.errors import BadInput, CoachError
from coach.noticing.today import Thing
from coach.settings import Settings, is_loopback
from coach.web.pages.today_page import Open, chosen_things, open_steps

_TIMEOUT = 20.0


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
        return f"{asked}{step.cue.rstrip(',. ')}, {step.action.rstrip('. ')}.{who}"
    if thing.promise:
        mine = "You promised" if thing.why == "promise" else "They promised"
        return f"{mine}: {thing.promise.what}{who}"
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
    message = letter(steps, others, settings, now)
    try:
        _send(message, settings)
    except (OSError, smtplib.SMTPException) as error:
        raise CoachError(
            f"The mail server at {settings.smtp_host} did not take the digest ({type(error).__name__}). "
            "Check the COACH_SMTP_* settings."
        ) from None
    return True


def letter(steps: int, others: int, settings: Settings, now: datetime) -> EmailMessage:
    """Return the digest: how many things, and where to see them. No name, no word of any of them."""
    message = EmailMessage()
    message["Subject"] = "Today in the coach"
    message["From"] = settings.smtp_from or settings.smtp_to
    message["To"] = settings.smtp_to
    message["Date"] = now
    counts = ((steps, "step", "steps"), (others, "other thing", "other things"))
    told = " and ".join(f"{n} {one if n == 1 else many}" for n, one, many in counts if n)
    message.set_content(f"For today: {told}.\n\nhttp://{settings.host}:{settings.port}/today\n")
    return message


def _send(message: EmailMessage, settings: Settings) -> None:
    with smtplib.SMTP(settings.smtp_host, settings.smtp_port, timeout=_TIMEOUT) as server:
        server.ehlo()
        if server.has_extn("starttls"):
            server.starttls(context=ssl.create_default_context())
            server.ehlo()
        elif settings.smtp_user and not is_loopback(settings.smtp_host):
            raise BadInput("The mail server offers no encryption, so the password was not sent to it.")
        if settings.smtp_user:
            server.login(settings.smtp_user, settings.smtp_password)
        server.send_message(message)
