"""Conversations, turns and the events a turn streams."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import pairwise

from coach.domain.asks import Ask, Doubt, Happened, Taps
from coach.domain.letters import pieces
from coach.domain.plans import MadeBy, RepairPlan
from coach.domain.principles import Citation
from coach.domain.readings import Reading
from coach.domain.violations import Replaced


@dataclass(frozen=True, slots=True)
class Conversation:
    """A thread of turns. ``title`` is the user's, or the first words of the first turn."""

    id: str
    title: str
    created_at: datetime
    person_id: str | None = None


@dataclass(frozen=True, slots=True)
class Opinion:
    """What the user thought of a reply, and why. It stays in the journal; nothing the coach says depends on it."""

    useful: bool
    noted_at: datetime
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class Turn:
    """What the user said and what the coach answered.

    ``reply`` may be a part of the whole when the user left in the middle (``complete`` False). ``prompts`` is the
    fingerprint of the texts the coach used. ``ms`` is the time from the user's words to the end of the reply.
    ``ask`` is the card that was shown, ``doubt`` the question about harm, ``taps`` what was pressed instead of said
    (``said`` is empty then).
    ``language_model`` is its name when any of its words were said, else "none"; ``replaced`` what it wrote and the
    coach did not say; ``notice`` a quiet word about it when it failed. ``struck`` are the sentences that were said and
    taken back; ``reply`` holds what stands in their place. ``came`` and ``agreed`` are offered to be noted, until then
    they are only what was told. ``left_out`` are the numbers of the proposed moments that the user put aside.
    ``history`` is a fingerprint of all that a chat program had shown up to this turn's end, "" elsewhere.
    """

    id: str
    conversation_id: str
    at: datetime
    said: str
    reply: str = ""
    complete: bool = False
    reading: Reading | None = None
    plan: RepairPlan | None = None
    citations: tuple[Citation, ...] = ()
    language_model: str = "none"
    prompts: str = ""
    ms: int = 0
    replaced: tuple[Replaced, ...] = ()
    notice: str = ""
    opinion: Opinion | None = None
    ask: Ask | None = None
    taps: Taps | None = None
    doubt: Doubt | None = None
    struck: tuple[Struck, ...] = ()
    came: Came | None = None
    agreed: Agreed | None = None
    left_out: tuple[int, ...] = ()
    history: str = ""


@dataclass(frozen=True, slots=True)
class Came:
    """How a step of the open plan went, as it was told: ``step`` by its number, ``words`` quoted."""

    step: int
    happened: Happened
    words: str = ""


@dataclass(frozen=True, slots=True)
class Agreed:
    """What was agreed with the other person, each part quoted."""

    day: str | None = None
    time: str | None = None
    place: str | None = None
    channel: str | None = None
    wording: str | None = None


def titled(text: str) -> str:
    """Return the title of a conversation that begins with these words."""
    words = text.split()
    return " ".join(words[:8]) + (" …" if len(words) > 8 else "")


@dataclass(frozen=True, slots=True)
class Started:
    """The turn is kept; the coach begins."""

    turn_id: str
    conversation_id: str


@dataclass(frozen=True, slots=True)
class Read:
    """The reading is ready. ``person_id`` is set when the person is already in the journal."""

    reading: Reading
    person_id: str | None = None


@dataclass(frozen=True, slots=True)
class Asked:
    """The coach asks for what a plan needs and nobody has said."""

    ask: Ask


@dataclass(frozen=True, slots=True)
class Doubted:
    """The coach asks about harm: whether the words are only a way of speaking, who is harmed, or what it is about."""

    doubt: Doubt


@dataclass(frozen=True, slots=True)
class Planned:
    """A plan was made, or an open one is continued."""

    plan: RepairPlan
    continued: bool = False


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of the reply's text, in order; the pieces together are the reply."""

    text: str


@dataclass(frozen=True, slots=True)
class Part:
    """A checked part of what a language model returned, by its name.

    A field of the plan, or an outcome, an agreement, what was replaced, a notice; "likely" names lines of the card that
    a language model finds likely. The part "status" is a word on what
    is being done while nothing is shown.
    """

    name: str
    value: object


@dataclass(frozen=True, slots=True)
class Struck:
    """A sentence that was said and does not hold: it stays, struck through, with what replaces it ("": nothing).

    ``at``: where in the whole reply it stood, in characters, once the turn is kept.
    """

    text: str
    instead: str
    at: int = 0


@dataclass(frozen=True, slots=True)
class Sources:
    """The citations behind the reply."""

    citations: tuple[Citation, ...]


@dataclass(frozen=True, slots=True)
class Finished:
    """The turn is whole and kept.

    With a language model: ``plan`` is the plan as it was worded or ``reading`` the reading as it was completed since
    they were sent (None: as sent), ``replaced`` and ``notice`` as in the turn. ``phase``: where a session now stands,
    "" outside one.
    """

    turn_id: str
    language_model: str
    ms: int
    plan: RepairPlan | None = None
    reading: Reading | None = None
    replaced: tuple[Replaced, ...] = ()
    notice: str = ""
    phase: str = ""


@dataclass(frozen=True, slots=True)
class Failed:
    """The turn could not be finished; ``message`` is for the user. Their words are kept."""

    message: str


Event = Started | Read | Asked | Doubted | Planned | Piece | Part | Struck | Sources | Finished | Failed


def grown(turn: Turn, event: Event) -> Turn:
    """Return the turn with what an event adds to it; the pieces of its reply are put together at the end."""
    match event:
        case Read(reading):
            return replace(turn, reading=reading)
        case Asked(ask):
            return replace(turn, ask=ask)
        case Doubted(doubt):
            return replace(turn, doubt=doubt)
        case Planned(plan):
            written = plan.made_by is MadeBy.LANGUAGE_MODEL  # nothing need be asked any more
            return replace(turn, plan=plan, ask=None if written else turn.ask)
        case Sources(citations):
            return replace(turn, citations=citations)
        case Part("notice", notice):
            return replace(turn, notice=str(notice))
        case Part("likely", likely) if turn.ask is not None:
            return replace(turn, ask=replace(turn.ask, likely=tuple(likely)))  # type: ignore[arg-type]
        case Part("replaced", replaced):
            return replace(turn, replaced=replaced)  # type: ignore[arg-type]
        case Part("outcome", {"step": int(step), "happened": str(how), **more}) if how in set(Happened):
            return replace(turn, came=Came(step, Happened(how), str(more.get("words") or "")))
        case Part("agreed", Mapping() as told):
            quotes = {name: str(told[name]) for name in Agreed.__slots__ if told.get(name)}
            return replace(turn, agreed=Agreed(**quotes))
    return turn


Words = tuple[Piece | Struck, ...]
"""What was said in a turn, piece by piece; a sentence that was taken back stands struck in its place."""


def heard(said: Words, event: Event) -> Words:
    """Return what was said with an event; what is taken back keeps its place and the gap after it."""
    if isinstance(event, Piece):
        return (*said, event)
    if not isinstance(event, Struck):
        return said
    at = next((n for n, each in enumerate(said) if isinstance(each, Piece) and each.text == event.text), None)
    return said if at is None else (*said[:at], event, *said[at + 1 :])


def spoken(turn: Turn, said: Words) -> Turn:
    """Return the turn with its reply put together, and the place of every sentence that was taken back."""
    reply, struck = "", []
    for each in said:
        if isinstance(each, Struck):
            gap = each.text[len(each.text.rstrip()) :] if each.instead else ""
            struck.append(replace(each, at=len(reply)))
            reply += each.instead + gap
        else:
            reply += each.text
    return replace(turn, reply=reply, struck=tuple(struck))


def said(text: str, citations: Sequence[Citation] = ()) -> list[Event]:
    """Return the events that say a whole text."""
    starts = [start for start, _ in pieces(text)]
    cuts = [0, *starts[1:], len(text)] if starts else []
    return [*(Piece(text[start:end]) for start, end in pairwise(cuts)), Sources(tuple(citations))]


def worth_keeping(event: Event) -> bool:
    """Whether a turn that takes long is kept now, as far as it came: what is shown can be pressed then."""
    return isinstance(event, Read | Asked | Doubted) or (isinstance(event, Part) and event.name == "status")
