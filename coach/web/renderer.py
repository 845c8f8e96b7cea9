"""Templates → responses. Knows Jinja2; knows no route.

What people wrote enters as values and is escaped by the templates' autoescape; nothing here marks text as safe.
"""

from __future__ import annotations

import json
import re
import time
from collections.abc import Container, Iterator
from datetime import UTC, date, datetime
from functools import cache
from typing import Any

from fastapi import Request
from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape
from starlette.responses import HTMLResponse, RedirectResponse, Response

from coach.domain.moments import Channel
from coach.domain.plans import RepairPlan, Step
from coach.domain.preferences import Tone
from coach.domain.principles import Citation
from coach.shipped import shipped
from coach.web.labels import CHANNELS, GIVEN
from coach.web.parts import MEMBER
from coach.web.statics import STATIC

TONE = "coach-tone"
"""The cookie by which a page knows how much to say; the journal has what was chosen."""

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


_NOT_WORDS = frozenset({"card", "channel", "level", "ask"})


def part_words(value: str) -> str:
    """Return the words of a part that is kept as JSON; a sentence is returned as it is."""
    try:
        return " · ".join(_words_in(json.loads(value)))
    except ValueError:
        return value


def _words_in(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, list):
        for each in value:
            yield from _words_in(each)
    elif isinstance(value, dict):
        for name, each in value.items():
            if name not in _NOT_WORDS:
                yield from _words_in(each)


def line(value: str) -> str:
    """Return words on one line."""
    return " ".join(value.split())


def first_open(plan: RepairPlan, done: Container[str], fresh: Container[str] = ()) -> Step | None:
    """Return the first step of a plan that nothing came of yet, one that is ``fresh`` in it before all others.

    ``done`` and ``fresh`` are ids: of the steps that something came of, and of those that this turn brought.
    """
    left = [step for step in plan.steps if step.id not in done]
    return next((step for step in left if step.id in fresh), left[0] if left else None)


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
    environment.globals.update(GIVEN, static=STATIC, member=None, letters=letters, first_open=first_open)
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


def as_markdown(name: str, /, **values: Any) -> Response:
    """Return a template of Markdown as a file to save."""
    return Response(
        fragment(name, **values),
        media_type="text/markdown; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


def problem_page(status: int, error: str, what_next: str | None) -> HTMLResponse:
    """Return the page that tells of a problem."""
    values = {"here": "", "note": None, "error": error, "what_next": what_next}
    return HTMLResponse(fragment("problem.html", **values, status=status), status)


def back_to(address: str) -> RedirectResponse:
    """Send the browser on after a form."""
    return RedirectResponse(address, 303)


def part_or_back(request: Request, name: str, address: str, /, **values: Any) -> Response:
    """Return the part of a page that changed to the script that asks for it; send any other browser on."""
    return HTMLResponse(fragment(name, **values)) if wants_part(request) else back_to(address)


def wants_part(request: Request) -> bool:
    """Whether a script asks for the changed part of a page instead of being sent on."""
    return request.headers.get("x-part") == "1"
