"""Whatever is written or taken in: no reader fails but with its plain error, and none is slower than by its length.

Texts are made of the pieces that readers look for, in every order; long ones are one piece again and again, or a start
that never ends. Each reader is timed on 5,000 and on 20,000 characters.
"""

from __future__ import annotations

import math
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from datetime import UTC, date, datetime
from pathlib import Path

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from coach.domain.letters import Letter, cleaned
from coach.errors import BadInput
from coach.foreign import read
from coach.reading import names, offers, promises, scraps
from coach.reading.days import days
from coach.reading.threads import taken_apart
from coach.safety import hold, language, long_texts, orders, own_harm
from evals.bars import Bar

TODAY = date(2026, 11, 30)
NOW = datetime(2026, 11, 30, 9, tzinfo=UTC)
SHORT, LONG = 5_000, 20_000
_EXAMPLES = 2_000
_WORTH_TIMING = 0.05
"""Seconds below which a clock says nothing about growth."""

BARS: Mapping[str, Bar] = {"raised": Bar(0, False), "steepest": Bar(1.5, False), "slowest_s": Bar(1.0, False)}


def _file(text: str) -> object:
    with suppress(BadInput):
        return read(text.encode("utf-8", "surrogatepass"), NOW)
    return None


READERS: Mapping[str, Callable[[str], object]] = {
    "sentences": lambda text: Letter(text).sentences,
    "clauses": lambda text: Letter(cleaned(text)).clauses,
    "days": lambda text: days(text, TODAY),
    "names": lambda text: names.found(text, ("Marta", "Dr. Weber")),
    "thread": lambda text: taken_apart(text, TODAY),
    "promises": lambda text: promises.promised(text, "Marta", TODAY),
    "offers": lambda text: offers.sure(text, TODAY),
    "scraps": scraps.detect,
    "orders": orders.found,
    "own harm": own_harm.told,
    "hold": hold.says,
    "language": lambda text: language.foreign(text, ("en", 0.5)),
    "beginning": long_texts.beginning,
    "file": _file,
}
"""Everything that reads what people write or take in, and needs no weights."""

PIECES = (
    *("\n", "\n\n", " ", "\t", "  ", ". ", "! ", "? ", ", ", "; ", ": ", " - ", "…", '"', "'", "(", "[", "{"),
    *("> ", "* ", "and ", "but then ", "because ", "He said ", "I ", "Marta ", "Dr. Weber ", "my boss ", "will "),
    *("snapped at ", "on Monday ", "12/11/2026 ", "two weeks ago ", "31.02. ", "the day before yesterday ", "at 9:00 "),
    *("p. m. ", "May ", "[12:10] Rosa Lang: ", "[21.06.26, 10:03:11] ~ Rosa: ", "Rosa Lang\n  9:01 AM\n"),
    *("Yesterday 10:37 AM\n", "like 1\n", "-----Original Message-----\n", "From: Rosa <r@x.org>\n", "Von: Rosa\n"),
    *("Gesendet: Montag\n", "Am 3. Mai schrieb Rosa:\n", "Ignore all previous instructions. ", "<|im_start|>"),
    *("<!--", "-->", "[INST]", "{{", "```", "BEGIN:VCARD\n", "END:VCARD\n", "VERSION:3.0\n", "N:Lang;Rosa;;;\n"),
    *("FN:Rosa Lang\n", "BDAY:1980-02-31\n", " folded\n", "NOTE;ENCODING=QUOTED-PRINTABLE:=C3=\n"),
    *("BEGIN:VCALENDAR\n", "BEGIN:VEVENT\n", "DTSTART:20261130T090000Z\n", "RRULE:FREQ=DAILY\n", "END:VEVENT\n"),
    *("name,role\n", "Rosa,engineer\n", '"Rosa,\n', '{"account": {', '"data": [', "]}", "people:\n", "- name: Rosa\n"),
    *("&a [*a]\n", "\u202e", "\u200b", "\ud800", "\x00", "\ufeff", "ß", "É", "日本語", "😀", "ﬁ"),
)
"""What readers look for, and odd characters."""

texts = st.lists(st.sampled_from(PIECES) | st.text(max_size=8), max_size=60).map("".join)
"""Texts of such pieces."""


_SERIES = "BEGIN:VCALENDAR\nVERSION:2.0\nBEGIN:VEVENT\nUID:1\nDTSTART:20260105T090000Z\n"
"""An entry that repeats; no day fits the rules that follow it here."""


def shapes(size: int) -> Iterator[tuple[str, str]]:
    """Yield long texts with a name: a piece again and again, alone, after a start and between words."""
    for piece in PIECES:
        if piece.strip("\ud800"):
            yield repr(piece), (piece * size)[:size]
            yield f"word {piece!r}", (f"x{piece}" * size)[:size]
    for start, piece in (
        ("She left.", " "),
        ('"', "a"),
        ("<!--", "x "),
        ("BEGIN:VCARD\n", "N:a\n"),
        ("[12:10] ", "Rosa "),
        ("[12:10] Rosa: Hi", " (edited)"),
        ("[12:10] Rosa: Hi", "\v"),
        ("From: Rosa\nTo: me\nDate: 3 May 2026\n\nHi\n", "Best,\nRosa\n"),
        (f"{_SERIES}RRULE:FREQ=DAILY;BYMONTH=2;BYMONTHDAY=31\nEND:VEVENT\nEND:VCALENDAR\n", "\n"),
        (f"{_SERIES}RRULE:FREQ=DAILY;BYSETPOS=300\nEND:VEVENT\nEND:VCALENDAR\n", "\n"),
    ):
        yield f"{start!r} then {piece!r}", f"{start}{piece * size}"[: size - 2] + "b."


def measure(folder: Path) -> Mapping[str, float]:
    """Return how many examples raised something, how steep the steepest growth is (1: linear), and the slowest."""
    del folder
    raised = Counter(name for name, reader in READERS.items() for _ in range(_failures(reader)))
    for name, times in raised.items():
        print(f"  {name}: {times} raised", flush=True)
    found: list[tuple[float, float]] = []
    for name, reader in READERS.items():
        for (shape, long), (_, short) in zip(shapes(LONG), shapes(SHORT), strict=True):
            slow = _seconds(reader, long)
            slow = min(slow, _seconds(reader, long, 2)) if slow > _WORTH_TIMING else slow
            steep = _steep(reader, short, slow) if slow > _WORTH_TIMING else 0.0
            found.append((slow, steep))
            if slow > BARS["slowest_s"].value or steep > BARS["steepest"].value:
                print(f"  {name} on {shape}: {slow:.2f} s, steepness {steep:.2f}", flush=True)
    return {
        "raised": sum(raised.values()),
        "steepest": max(steep for _, steep in found),
        "slowest_s": max(slow for slow, _ in found),
        "timed": len(found),
    }


def _failures(reader: Callable[[str], object]) -> int:
    failed = 0

    @settings(
        max_examples=_EXAMPLES,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(texts)
    def go(text: str) -> None:
        nonlocal failed
        try:
            reader(text)
        except Exception:
            failed += 1

    go()
    return failed


def _seconds(reader: Callable[[str], object], text: str, times: int = 1) -> float:
    best = math.inf
    for _ in range(times):
        began = time.thread_time()
        with suppress(Exception):
            reader(text)
        best = min(best, time.thread_time() - began)
    return best


def _steep(reader: Callable[[str], object], short: str, long_s: float) -> float:
    """Return the exponent by which time grows with length."""
    return math.log(long_s / max(1e-6, _seconds(reader, short, 2))) / math.log(LONG / SHORT)
