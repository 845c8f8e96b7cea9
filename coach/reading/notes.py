"""Moments to note from a few words or from a pasted thread, for somebody who means to note them. Pure.

Unlike ``reading``, which looks for moments in what is told, this always finds something to confirm: words that seem to
hold no moment are taken whole. Direct speech is judged by its own wording, since the tables know only what is told.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from coach.domain.drafts import Purpose
from coach.domain.letters import plain
from coach.domain.moments import By, Channel, Landed, ProposedMoment
from coach.domain.people import Person
from coach.domain.posts import Message
from coach.domain.readings import Route
from coach.messages import linter
from coach.ports import Likeness, Texts
from coach.reading import reader, threads
from coach.reading.senders import first_name_first
from coach.rows import where

MOST = 6
"""So many moments of a thread are offered."""

_ME = {"me", "you", "i", "myself", "ich", "yo", "moi"}
_COLD = {"sarcasm", "passive_aggression", "label", "guilt_trip", "always_never", "mind_reading", "public_correction_cc"}
"""Warnings that show in what somebody wrote to the other; the rest are matters of form."""
_OPEN = re.compile(r"\?\s*$|\b(?:can|could|would|will) you\b|\bplease\b")
_UNANSWERED_AFTER = timedelta(days=5)
_LONGEST = 220


@dataclass(frozen=True, slots=True)
class Note:
    """A moment to confirm. ``landed`` and ``channel`` are None when it does not say; ``who`` is empty then."""

    what: str
    who: str
    by: By
    landed: Landed | None
    channel: Channel | None
    on: date


@dataclass(frozen=True, slots=True)
class Noted:
    """What was found. ``senders`` are those of a thread, ``me`` which of them is the user, as far as known.

    ``left_out`` counts messages with nothing to note in them. ``route`` is where a message like this would go.
    """

    notes: tuple[Note, ...]
    route: Route
    senders: tuple[str, ...] = ()
    me: str = ""
    left_out: int = 0


def noted(text: str, likeness: Likeness, known: Sequence[Person], today: date, texts: Texts, me: str = "") -> Noted:
    """Return the moments to confirm in some words. ``me`` is the sender of a thread who is the user."""
    thread = [replace(each, who=first_name_first(each.who)) for each in threads.taken_apart(text, today, me)]
    read = reader.read(text, likeness, known)
    if thread:
        return _of_thread(thread, read.route, known, today, texts, me)
    found = read.moments or (reader.taken_whole(text, likeness, known),)
    return Noted(tuple(_told(moment, likeness, today, sure=bool(read.moments)) for moment in found), read.route)


def _told(moment: ProposedMoment, likeness: Likeness, today: date, *, sure: bool) -> Note:
    landed = moment.landed if sure or _clear(moment, likeness) else None
    on = today - timedelta(days=moment.days_ago or 0)
    return Note(moment.what, _called(moment.person), moment.by, landed, moment.channel, on)


_CLEAR = 0.6


def _clear(moment: ProposedMoment, likeness: Likeness) -> bool:
    """Whether one landing stands out, if it is a moment at all."""
    odds = likeness.landings([moment.what])[0]
    some = sum(odds.get(landed, 0.0) for landed in Landed)
    return some > 0 and odds.get(moment.landed, 0.0) / some >= _CLEAR


def _called(label: str | None) -> str:
    name = re.sub(r"^(?:your|the|my) ", "", label or "", flags=re.IGNORECASE)
    return name[:1].upper() + name[1:]


# ---- threads


def _of_thread(
    thread: Sequence[Message], route: Route, known: Sequence[Person], today: date, texts: Texts, me: str
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
    return Noted(chosen, route, senders, me, len(thread) - len(chosen))


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
