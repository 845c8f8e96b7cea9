"""Takes a pasted mail thread apart: blocks of headers, "On … wrote:", quoting by ``>``, answers above and below it.

Knows the forms by the rows of ``words/mail_heads`` and ``words/mail_ends``. Knows no chats, and nothing of what is
said.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import takewhile

from coach.domain.moments import Channel
from coach.domain.posts import Message, forward
from coach.reading import timestamps
from coach.reading.senders import first_name_first, looks_like_a_name, sender
from coach.reading.timestamps import Stamp
from coach.rows import Row, pattern, rows, where

_QUOTED = re.compile(r"^\s{0,3}((?:> ?)+)")
_TALLEST = 24
"""How many lines a head may take."""


@dataclass(slots=True)
class _Letter:
    """A mail being put together. ``runs`` are its lines, a new list each time it continues; blank lines are empty."""

    who: str
    stamp: Stamp | None
    runs: list[list[str]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Head:
    """A head: the lines it takes, who it names, and its kind: ``undated`` needs a quotation below."""

    lines: int
    who: str
    stamp: Stamp | None
    undated: bool = False
    block: bool = False


def mail(lines: Sequence[str], me: str = "", today: date | None = None) -> list[Message]:
    """Return the mails of a thread, oldest first, or none when no head is found.

    A mail without a head is by whom its signature names, else by ``me``; ``who`` is empty where that is not known.
    """
    levels = [_level(line) for line in lines]
    letters = _letters(levels)
    if len(letters) == 1:
        return []
    senders = [letter.who for letter in letters if letter.who]
    found = []
    for letter, on in zip(letters, timestamps.settled([letter.stamp for letter in letters], today), strict=True):
        text, signed = _text(letter, [*senders, me])
        who = letter.who or _signer(signed, senders, me)
        if text:
            found.append(Message(who, text, Channel.EMAIL, on, letter.stamp.at if letter.stamp else None))
    return forward(found[::-1])


def _letters(levels: Sequence[tuple[int, str]]) -> list[_Letter]:
    """Return the mails as they stand, the newest first: what stands above every head, then each head's."""
    top = _Letter("", None)
    found, at_depth = [top], {0: top, levels[0][0] if levels else 0: top}
    last: _Letter | None = None
    at = 0
    while at < len(levels):
        depth, line = levels[at]
        if (head := _head(levels, at)) is not None:
            at += head.lines
            letter = _Letter(head.who, head.stamp)
            deep = depth if head.block else max(depth, _next_depth(levels, at, depth))
            at_depth = {other: each for other, each in at_depth.items() if other < deep} | {deep: letter}
            found.append(letter)
            last = None
            continue
        own = at_depth.get(depth)  # none: a quotation within a quotation that no head names
        if own is not None and (line or own is last):
            if own is not last:
                own.runs.append([])
            own.runs[-1].append(line)
        last = own if line else last
        at += 1
    return found


def _next_depth(levels: Sequence[tuple[int, str]], at: int, depth: int) -> int:
    return next((deep for deep, line in levels[at:] if line), depth)


def _level(line: str) -> tuple[int, str]:
    """Return how many quoting marks stand before a line, and the line without them."""
    marks = _QUOTED.match(line)
    return (marks[1].count(">"), line[marks.end() :].strip()) if marks else (0, line.strip())


# ---- heads


def _head(levels: Sequence[tuple[int, str]], at: int) -> _Head | None:
    """Return the head that begins on a line, if one does."""
    depth, line = levels[at]
    if not line:
        return None
    lines = [words for _, words in takewhile(lambda level: level[0] == depth, levels[at : at + _TALLEST])]
    head = _block(lines) or _wrote(lines) or _shown(lines)
    if head is None or not head.undated:
        return head
    return head if _next_depth(levels, at + head.lines, depth) > depth else None


def _block(lines: Sequence[str]) -> _Head | None:
    """Return the head of a block of headers: a sender or receivers, and a day, a subject or an address."""
    fields: dict[str, str] = {}
    at = taken = 0
    while at < len(lines):
        name, value = _field(lines[at])
        after = _field(lines[at + 1])[0] if at + 1 < len(lines) else ""
        if name and (name not in fields or name in {"copy", "other"}):
            fields[name] = value
            taken = at + 1
        elif not (fields and at == taken and after and (not lines[at] or "@" in lines[at] or ";" in lines[at])):
            break  # else a blank line within the block, or more addresses of the header above
        at += 1
    told = {"date", "subject"} & fields.keys() and {"from", "to"} & fields.keys()
    if not told and not ("@" in fields.get("from", "") and taken > 1):
        return None
    return _Head(taken, sender(fields.get("from", "")), timestamps.read(fields.get("date", "")), block=True)


def _field(line: str) -> tuple[str, str]:
    """Return what header a line is, and its value."""
    for row in _rows("field") if ":" in line else ():
        if hit := row.pattern.match(line):
            return str(row.more["field"]), hit["value"].strip(" *_")
    return "", ""


def _wrote(lines: Sequence[str]) -> _Head | None:
    """Return the head of an "On … wrote:", which mail programs break into up to four lines."""
    for count in range(1, 5):
        if count > len(lines) or not lines[count - 1]:
            return None
        if not lines[count - 1].endswith(":"):
            continue
        line = re.sub(r"([<(]) ", r"\1", " ".join(lines[:count]))
        for row in (*_rows("wrote"), *_rows("quoted")):
            if (hit := row.pattern.match(line)) and (head := _by(hit, count, undated=row.more["of"] == "quoted")):
                return head
    return None


def _by(hit: re.Match[str], count: int, *, undated: bool) -> _Head | None:
    told = hit.groupdict()
    address = _form("mailbox").search(told.get("both") or told["who"])
    if "both" in told:
        split = _form("when-who").match(_form("mailbox").sub("", told["both"]).strip(" ,"))
        if split is None:
            return None
        told = split.groupdict()
    who = sender(_form("mailbox").sub("", told["who"] or "").strip(" ,<>()"))
    who = who or (sender(address["box"]) if address else "")
    stamp = timestamps.read(told.get("when") or "")
    dated = undated or (stamp is not None and bool(stamp.day_first or stamp.month_first))
    dated = dated and (undated or bool(_form("date-first").match(told["when"])))
    if not who or len(who) > 80 or _form("teller").match(who) or not dated:
        return None
    return _Head(count, who, stamp, undated=undated)


def _shown(lines: Sequence[str]) -> _Head | None:
    """Return the head of a mail as web pages show it: a name, a time, and whom it went to, each on a line."""
    if len(lines) < 3 or not (looks_like_a_name(lines[0]) or _form("mailbox").search(lines[0])):
        return None
    stamp, addressed, taken = None, False, 1
    for line in lines[1:5]:
        told = _form("ago").sub("", line).strip()
        if where("words/mail_heads", "of", "addressed").match(line):
            addressed = True
        elif stamp is None and len(told) <= 45 and (shown := timestamps.read(told)) and shown.at:
            stamp = shown
        elif not (_form("mailbox").fullmatch(line) or _field(line)[0] == "copy"):
            break
        taken += 1
    return _Head(taken, sender(lines[0]), stamp) if stamp and addressed else None


# ---- what a mail says, and who signed it


def _text(letter: _Letter, names: Sequence[str]) -> tuple[str, str]:
    """Return the words of a mail and the name that signed it, if one did."""
    said, signed = [], ""
    for run in letter.runs:
        lines = [line for line in run if not _end_of("divider").match(line) and not _end_of("device").match(line)]
        end, name = len(lines), ""
        while (cut := _end(lines[:end], [letter.who] if letter.who else names, bool(letter.who)))[0] < end:
            end, name = cut[0], cut[1] or name
        said += lines[:end]
        signed = name or signed
    return " ".join(line for line in said if line), signed


def _end(lines: Sequence[str], names: Sequence[str], sent: bool) -> tuple[int, str]:
    """Return where the signature begins, and the name in it. ``names``: who may have signed; ``sent``: who did."""
    written = [n for n, line in enumerate(lines) if line]
    for place, n in enumerate(written[1:], 1):
        below = lines[written[place + 1]].lstrip("/-–— ") if place + 1 < len(written) else ""
        named = below if looks_like_a_name(below) else ""
        if _end_of("signature").match(lines[n]) or (_end_of("closing").match(lines[n]) and (named or not below)):
            return n, named
        if _end_of("thanks").match(lines[n]) and named and (place + 2 >= len(written) or _is_one_of(named, names)):
            return n, named
        first = _form("rest-of-line").split(lines[n])[0]
        if first != lines[n] and first in {first_name_first(each) for each in names}:
            return n, first
        if place + 1 == len(written) and (name := _last(lines[n], names, alone=not lines[n - 1] and not sent)):
            return n, name
    return len(lines), ""


def _last(line: str, names: Sequence[str], *, alone: bool) -> str:
    """Return the name that a mail's last line is, with or without a closing before it."""
    bare = line.strip("/-–— .")
    if looks_like_a_name(bare) and (_is_one_of(bare, names) or (alone and len(bare.split()) <= 3)):
        return bare
    parts = bare.split()
    for cut in range(1, min(len(parts), 5)):
        closing, name = " ".join(parts[:cut]), " ".join(parts[cut:])
        signs = _end_of("closing").match(closing) or (_end_of("thanks").match(closing) and _is_one_of(name, names))
        if signs and looks_like_a_name(name):
            return name
    return ""


def _is_one_of(name: str, names: Sequence[str]) -> bool:
    """Whether a signature is one of some names, in full, by the first name or by its letter."""
    return any(_same(name, each) for each in names)


def _same(signed: str, name: str) -> bool:
    one, other = (first_name_first(each).casefold().rstrip(".") for each in (signed, name))
    if not one or not other:
        return False
    return one == other or one.split()[0] == other.split()[0] or (len(one) == 1 and one == other[0])


def _signer(signed: str, senders: Sequence[str], me: str) -> str:
    if not signed or _same(signed, me):
        return me
    return next((each for each in senders if _same(signed, each)), signed)


def _rows(kind: str) -> tuple[Row, ...]:
    return tuple(row for row in rows("words/mail_heads") if row.more["of"] == kind)


def _end_of(kind: str) -> re.Pattern[str]:
    return where("words/mail_ends", "of", kind)


def _form(id_: str) -> re.Pattern[str]:
    return pattern("words/mail_heads", id_)
