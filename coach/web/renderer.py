"""Templates → responses. Knows Jinja2 and the words for enumerations; knows no route.

What people wrote enters as values and is escaped by the templates' autoescape; nothing here marks text as safe.
"""

from __future__ import annotations

import calendar
import re
import time
from datetime import UTC, date, datetime
from functools import cache
from typing import Any

from fastapi import Request
from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape
from starlette.responses import HTMLResponse, RedirectResponse

from coach.domain.accounts import Number, Standing
from coach.domain.asks import Action, Happened
from coach.domain.drafts import Purpose
from coach.domain.events import Want
from coach.domain.moments import Channel, Landed
from coach.domain.people import Relation
from coach.domain.preferences import Tone
from coach.domain.principles import Citation, Grade
from coach.domain.readings import Kind
from coach.shipped import shipped
from coach.web import chips
from coach.web.parts import MEMBER
from coach.web.plan_parts import first_open, line, part_words
from coach.web.statics import STATIC

TONE = "coach-tone"
"""The cookie by which a page knows how much to say; the journal has what was chosen."""

PLACES = (
    ("chat", "/", "Chat", "c"),
    ("today", "/today", "Today", "t"),
    ("journal", "/journal", "Journal", "j"),
    ("people", "/people", "People", "p"),
    ("messages", "/messages", "Messages", "m"),
    ("sessions", "/sessions", "Sessions", "s"),
    ("principles", "/principles", "Principles", "r"),
    ("settings", "/settings", "Settings", "e"),
    ("privacy", "/privacy", "Privacy", "v"),
)
"""The pages in the rail: name, address, label, and the key after g."""

NEAR = ("chat", "today", "journal", "people")
"""The places in the bar of a narrow screen, those of every day: a moment is noted in the journal. More has the rest."""

CHANNELS = {
    Channel.IN_PERSON: "In person",
    Channel.MEETING: "Meeting",
    Channel.VIDEO: "Video",
    Channel.CALL: "Call",
    Channel.CHAT: "Chat",
    Channel.EMAIL: "Email",
}
LANDED = {Landed.HELPED: ("●", "helped"), Landed.HARMED: ("▲", "harmed"), Landed.INDIFFERENT: ("○", "indifferent")}
PURPOSES = {
    Purpose.APOLOGY: "An apology",
    Purpose.ASK: "A question",
    Purpose.THANKS: "Thanks",
    Purpose.FEEDBACK: "Feedback",
    Purpose.OTHER: "Other",
}
RELATIONS = {
    Relation.REPORT: "reports to me",
    Relation.PEER: "peer",
    Relation.MANAGER: "my manager",
    Relation.OTHER_DEPARTMENT: "another department",
    Relation.EXTERNAL: "outside the company",
}
MONTHS = tuple(calendar.month_name)[1:]
GRADES = {
    Grade.A: "Several studies support this",
    Grade.B: "Some studies support this",
    Grade.C: "From practice; little studied",
    Grade.D: "Claims more than has been shown",
}

SOURCES = {
    "A": "“Relationships at work and micro-moments”, a consultancy's article",
    "B": "“Pay Attention to Micro-Interactions”, a leadership coach",
    "C": "“Relationships Matter: How to Build Social Ties and the 5 Biggest Work Relationship Mistakes”, a digest",
    "D": "“The Importance of Relationship-Building Moments in a Virtual World”, a training company",
    "E": "“Using Impromptu Moments to Build Relationships”, a personal essay",
}
"""The articles that cards name by letter; an evidence card names its studies itself."""


STARTERS = (
    ("Somebody went quiet on me", "Somebody I work with has gone quiet on me. It began when "),
    ("I said something I regret", "I said something I regret. In the meeting I "),
    ("I want to thank somebody well", "I want to thank somebody at work. What they did was "),
)
"""Beginnings for a first conversation: what the link says, and the words it puts into the box."""

KINDS = {
    Kind.REPAIR: "something between two people that could be mended",
    Kind.MAINTAIN: "a good contact to keep alive",
    Kind.CONNECT: "getting to know people",
    Kind.MESSAGE: "words for a message",
    Kind.LEADER_SESSION: "leading people",
    Kind.JOURNAL: "something to note",
    Kind.HARASSMENT: "harassment",
    Kind.DISCRIMINATION: "discrimination",
    Kind.ABUSE: "abuse",
    Kind.VIOLENCE: "violence",
    Kind.SELF_HARM: "thoughts of harming yourself",
    Kind.LEGAL_MEDICAL: "a matter for a lawyer or a doctor",
    Kind.SURVEILLANCE: "watching somebody",
    Kind.MANIPULATION: "steering somebody behind their back",
    Kind.OFF_TOPIC: "something that is not about people at work",
    Kind.NOT_ENGLISH: "something in another language",
    Kind.INJECTION: "orders to the coach",
}
"""What a message is about, in plain words."""

WANTS = {
    Want.CLEAR_UP: "clear it up",
    Want.DECIDE: "decide what to do",
    Want.PUT_RIGHT: "put it right",
    Want.GET_CLOSER: "get closer",
    Want.FIND_WORDS: "find the words",
    Want.SET_LIMIT: "set a limit",
    Want.ANSWER_THEM: "answer them",
    Want.KEEP_WARM: "keep it warm",
    Want.THANK: "say thank you",
    Want.JUST_KEEP: "just keep it",
}
"""What the user is after, as they would tap it."""

NUMBERS = {Number.ONE: "one person", Number.SEVERAL: "several", Number.PLACE: "a whole place"}
STANDINGS = {
    Standing.BESIDE: "beside me",
    Standing.ABOVE: "above me",
    Standing.LED: "I lead them",
    Standing.ELSEWHERE: "elsewhere, or on a screen",
}
HAPPENED = {
    Happened.WENT_WELL: "it went well",
    Happened.WENT_BADLY: "it went badly",
    Happened.NO_ANSWER: "no answer",
    Happened.NOT_DONE: "I could not do it",
}
CAME = {**HAPPENED, Happened.MIXED: "it went half well", Happened.NOT_DONE: "it could not be done"}
"""How a step went, as it is offered to be noted."""
ACTIONS = {
    Action.ANOTHER_PLAN: "another way",
    Action.SMALLER: "something smaller",
    Action.WHAT_IF_NO: "what if they say no",
    Action.WHY: "why this",
    Action.MESSAGE: "the message",
    Action.NEW: "something new happened",
}

_BLANK = re.compile(r"(\[[^\]]+\])")


def in_parts(text: str) -> list[tuple[str, bool]]:
    """Return a message in parts, each with whether it is a blank."""
    return [(part, bool(_BLANK.fullmatch(part))) for part in _BLANK.split(text) if part]


def day(value: date | datetime) -> str:
    """Return a day as "Monday 6 May", in this machine's zone; the year is left to ``long_day``."""
    value = value.astimezone() if isinstance(value, datetime) else value
    return f"{value:%A} {value.day} {value:%B}"


def long_day(value: date | datetime) -> str:
    """Return a day as "6 May 2024"."""
    value = value.astimezone() if isinstance(value, datetime) else value
    return f"{value.day} {value:%B %Y}"


def short_day(value: date | datetime) -> str:
    """Return a day as "6 May"."""
    value = value.astimezone() if isinstance(value, datetime) else value
    return f"{value.day} {value:%b}"


def short_date(value: date | datetime) -> str:
    """Return a day as "2024-05-06", for tables of many."""
    value = value.astimezone() if isinstance(value, datetime) else value
    return f"{value:%Y-%m-%d}"


def sentence(value: str) -> str:
    """Return a step's action as a sentence of its own: "then I ask" → "I ask"."""
    value = value.removeprefix("then ").strip()
    return value[:1].upper() + value[1:]


def channel_word(value: str) -> str:
    """Return the label of a channel; a step's may be "any"."""
    return CHANNELS[Channel(value)] if value in list(Channel) else "Any way you like"


_SLOTS = {"{name}": "the other person", "{them}": "them", "{their}": "their", "{topic}": "the matter"}


def unslotted(value: str) -> str:
    """Return a card's words with its slots filled for nobody in particular."""
    for slot, words in _SLOTS.items():
        value = value.replace(slot, words)
    return value


def letters(citations: tuple[Citation, ...]) -> dict[tuple[str, str], str]:
    """Return a small letter for each (principle, quote), in order."""
    keys = dict.fromkeys((each.principle, each.quote) for each in citations)
    return {key: chr(ord("a") + n % 26) for n, key in enumerate(keys)}


_FILTERS = (line, day, long_day, short_day, sentence, short_date, channel_word, unslotted, in_parts, part_words)


def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(shipped("web") / "templates"),
        autoescape=select_autoescape(disabled_extensions=("md",), default=True),  # a file to keep is no page
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update({each.__name__: each for each in _FILTERS})
    environment.globals.update(
        static=STATIC,
        member=None,
        places=PLACES,
        near=NEAR,
        starters=STARTERS,
        kinds=KINDS,
        purposes=PURPOSES,
        wants=WANTS,
        numbers=NUMBERS,
        standings=STANDINGS,
        **chips.GIVEN,
        happened=HAPPENED,
        came_words=CAME,
        actions=ACTIONS,
        channels=CHANNELS,
        landed_words=LANDED,
        relations=RELATIONS,
        grades=GRADES,
        sources=SOURCES,
        letters=letters,
        first_open=first_open,
        months=MONTHS,
    )
    return environment


_TEMPLATES = _environment()


def fragment(name: str, /, **values: Any) -> str:
    """Return a template's text."""
    return _TEMPLATES.get_template(name).render(**values)


@cache
def warm() -> None:
    """Compile every template, so that the first turn need not wait for it. Takes a few tenths of a second."""
    for name in _TEMPLATES.list_templates(extensions=["html"]):
        _TEMPLATES.get_template(name)
        time.sleep(0.005)  # others want their turn


def page(request: Request, name: str, here: str, /, status: int = 200, **values: Any) -> HTMLResponse:
    """Return a whole page; ``here`` is the place in the rail it belongs to."""
    parts = request.app.state.parts
    common = {
        "note": parts.note, "language_model": parts.language_model, "now": parts.clock().astimezone(UTC),
        "language_model_level": parts.level.value,
        "language_model_here": parts.connection is not None and parts.connection.here,
        "short": request.cookies.get(TONE) == Tone.SHORT,
        "member": getattr(request.scope.get(MEMBER), "member", None),
    }  # fmt: skip
    return HTMLResponse(fragment(name, here=here, **common, **values), status)


def problem_page(status: int, error: str, what_next: str | None) -> HTMLResponse:
    """Return the page that tells of a problem."""
    values = {"here": "", "note": None, "error": error, "what_next": what_next}
    return HTMLResponse(fragment("problem.html", **values, status=status), status)


def back_to(address: str) -> RedirectResponse:
    """Send the browser on after a form."""
    return RedirectResponse(address, 303)


def wants_part(request: Request) -> bool:
    """Whether a script asks for the changed part of a page instead of being sent on."""
    return request.headers.get("x-part") == "1"
