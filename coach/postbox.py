"""The mail server: a message that says how much is for today, and how it is sent. It holds no name and no word."""

from __future__ import annotations

import smtplib
import ssl
from datetime import datetime
from email.message import EmailMessage

from coach.errors import BadInput, CoachError
from coach.settings import Settings, is_loopback

_TIMEOUT = 20.0


def letter(steps: int, others: int, settings: Settings, now: datetime, to: str = "") -> EmailMessage:
    """Return the digest: how many things, and where to see them. ``to`` empty: to whom the settings say."""
    message = EmailMessage()
    message["Subject"] = "Today in the coach"
    message["From"] = settings.smtp_from or settings.smtp_to or to
    message["To"] = to or settings.smtp_to
    message["Date"] = now
    counts = ((steps, "step", "steps"), (others, "other thing", "other things"))
    told = " and ".join(f"{n} {one if n == 1 else many}" for n, one, many in counts if n)
    address = settings.public_url.rstrip("/") or f"http://{settings.host}:{settings.port}"
    message.set_content(f"For today: {told}.\n\n{address}/today\n")
    return message


def send(message: EmailMessage, settings: Settings) -> None:
    """Hand a message to the mail server. Raises BadInput, and CoachError when the server does not take it."""
    try:
        _send(message, settings)
    except (OSError, smtplib.SMTPException) as error:
        raise CoachError(
            f"The mail server at {settings.smtp_host} did not take the digest ({type(error).__name__}). "
            "Check the COACH_SMTP_* settings."
        ) from None


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
