"""Moments to note from a few words or from a pasted thread, for someone who means to note them. Pure.

A text is one moment as it stands; a thread is one moment for each message. Direct speech is judged by its own wording.
How a text of the user's own landed is for the user to say.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from coach.domain.drafts import Purpose
from coach.domain.letters import plain
from coach.domain.moments import By, Channel, Landed
from coach.domain.people import Person
from coach.domain.posts import Message
from coach.domain.readings import Route
from coach.messages import linter
from coach.ports import Texts
from coach.reading import channels, choices, threads
from coach.reading.days import Lean, day
from coach.reading.senders import first_name_first
from coach.rows import where

MOST = 6
"""So many moments of a thread are offered."""

_ME = {"me", "you", "i", "myself", "ich", "yo", "moi"}
_COLD = {"sarcasm", "passive_aggression", "label", "guilt_trip", "always_never", "mind_reading", "public_correction_cc"}
"""Warnings that show in what someone wrote to the other; the rest are matters of form."""
_OPEN = re.compile(r"\?\s*$|\b(?:can|could|would|will) you\b|\bplease\b")
_UNANSWERED_AFTER = timedelta(days=5)
_LONGEST = 220


@dataclass(frozen=True, slots=True)
class Note:
    """A moment to confirm. ``by``, ``landed`` and ``channel`` are None, ``who`` empty, where nobody said."""

    what: str
    who: str
    by: By | None
    landed: Landed | None
    channel: Channel | None
    on: date


@dataclass(frozen=True, slots=True)
class Noted:
    """What was found. ``senders`` are those of a thread, ``me`` which of them is the user, as far as known.

    ``left_out`` counts messages with nothing to note in them. ``route`` is where a message like this would go.
    """

    notes: tuple[Note, ...]
    senders: tuple[str, ...] = ()
    me: str = ""
    left_out: int = 0
    route: Route = Route.IN_SCOPE


def noted(
    text: str, known: Sequence[Person], today: date, texts: Texts, me: str = "", route: Route = Route.IN_SCOPE
) -> Noted:
    """Return the moments to confirm in some words: a thread's messages, or the text as it stands.

    ``me`` is the sender of a thread who is the user. Who is named only where a person of the journal alone is; a day
    where the words name one.
    """
    thread = [replace(each, who=first_name_first(each.who)) for each in threads.taken_apart(text, today, me)]
    if thread:
        return _of_thread(thread, known, today, texts, me, route)
    who = [person.name for person in known if choices.named(text, person.name) is not None]
    on = day(text, today, Lean.TOLD) or today
    return Noted(
        (Note(text.strip(), who[0] if len(who) == 1 else "", None, None, channels.channel(text), on),), route=route
    )


# ---- threads


def _of_thread(
    thread: Sequence[Message], known: Sequence[Person], today: date, texts: Texts, me: str, route: Route
) -> Noted:
    senders = tuple(dict.fromkeys(message.who for message in thread if message.who))
    me = me if me in senders else _myself(senders, known)
    other = next((sender for sender in senders if sender != me), "")
    notes: list[Note] = []
    plain_ones: list[Note] = []
    for n, message in enumerate(thread):
        mine = bool(me) and message.who in {me, ""}
        note = _written(message, other if mine or not message.who else message.who, mine, today, texts)
        silence = mine and _unanswered(thread, n, today)
        if silence:
            what = texts.render("noted.fixed", form="silence", who=other, words=brief(message.text))
            note = Note(what, other, By.THEM, Landed.INDIFFERENT, message.channel, note.on)
        (notes if note.landed is not None else plain_ones).append(note)
    chosen = tuple(notes[-MOST:]) or tuple(plain_ones[-MOST:])
    return Noted(chosen, senders, me, len(thread) - len(chosen), route)


def _myself(senders: Sequence[str], known: Sequence[Person]) -> str:
    """Return the sender who is the user: one called "me", or the only one of two who is nobody in the journal."""
    names = {person.name.casefold() for person in known} | {person.name.casefold().split()[0] for person in known}
    called = [sender for sender in senders if sender.casefold() in _ME]
    strangers = [sender for sender in senders if {sender.casefold(), sender.casefold().split()[0]}.isdisjoint(names)]
    if called:
        return called[0]
    return strangers[0] if len(senders) > 1 and len(strangers) == 1 else ""


def _written(message: Message, other: str, mine: bool, today: date, texts: Texts) -> Note:
    what = texts.render("noted.fixed", form="me" if mine else "them", who=message.who, words=brief(message.text))
    landed = landing(message.text)
    return Note(what, other, By.ME if mine else By.THEM, landed, message.channel, message.on or today)


def _lands(landed: str, even: str) -> bool:
    return bool(where("words/message_landings", "lands", landed).search(even))


def landing(words: str) -> Landed | None:
    """Return how a written message may land on its reader, by its wording; None: it is plain business."""
    even = plain(words)
    cold = _COLD & set(linter.names(words, Purpose.OTHER)) or _lands("harmed", even)
    if cold:
        return Landed.HARMED
    return Landed.HELPED if _lands("helped", even) else None


def _unanswered(thread: Sequence[Message], n: int, today: date) -> bool:
    """Whether a message that asks for something was the last, some days ago."""
    message = thread[n]
    last = n == len(thread) - 1 and message.on is not None and today - message.on >= _UNANSWERED_AFTER
    return last and bool(_OPEN.search(plain(message.text)))


def brief(words: str) -> str:
    """Return the beginning of some words, as long as a moment may quote them."""
    words = " ".join(words.split())
    return words if len(words) <= _LONGEST else words[:_LONGEST].rsplit(" ", 1)[0] + " …"
