"""Takes a pasted thread apart, whatever it was copied from: who wrote what, and when. A story in prose is no thread."""

from __future__ import annotations

import re
from datetime import date

from coach.domain.letters import straight
from coach.domain.posts import Message
from coach.reading.chats import chat
from coach.reading.mails import mail

MOST_MESSAGES = 60
"""Of a longer thread the newest are read."""


def taken_apart(text: str, today: date | None = None, me: str = "") -> tuple[Message, ...]:
    """Return the messages of a pasted thread, oldest first, or none when the text is no thread.

    ``today`` dates "yesterday" and days without a year; ``me`` is the user's name, who wrote the mails without a head.
    """
    even = straight(text.replace("\r\n", "\n").replace("\r", "\n")).translate(_ODD)
    lines = _WIDE.sub("    ", even).split("\n")
    found = mail([line.translate(_MARKS) for line in lines], me, today)
    if len(found) < 2 and len(chats := chat(lines, today)) > len(found):
        found = chats
    return tuple(found[-MOST_MESSAGES:])


_ODD = {ord("\u2028"): "\n", ord("\u2011"): "-", ord("\u200b"): None, ord("\ufeff"): None}
_WIDE = re.compile(r"[^\S\n]{5,}")
"""Blanks beyond four say nothing of a head; a pattern tried from each of thousands takes the square of their number."""
_MARKS = dict.fromkeys(map(ord, "\u200e\u200f\u202a\u202c\u2068\u2069"))
