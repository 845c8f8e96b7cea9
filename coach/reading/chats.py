"""Takes a copied or exported chat apart: WhatsApp, Slack, Teams, Telegram, Discord, Google Chat, Zoom, "Name: words".

Knows the forms by the rows of ``words/chat_heads`` (what begins a message) and ``words/chat_noise`` (what programs add
that nobody wrote). Knows no mails, and nothing of what is said.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, time

from coach.domain.moments import Channel
from coach.domain.posts import Message, forward
from coach.reading import timestamps
from coach.reading.senders import is_label, looks_like_a_name, sender
from coach.reading.timestamps import Stamp
from coach.rows import Row, pattern, rows, where

_LONGEST_MARK = 200
"""No mark at the end of a message is longer."""


@dataclass(frozen=True, slots=True)
class _Head:
    """Where a message begins: its first line and the line after its head, who wrote it and when, words on its head.

    ``follows``: a further message of the same sender. ``nobody``: the program says it. ``weak``: alone it proves no
    chat.
    """

    start: int
    body: int
    who: str
    stamp: Stamp
    text: str = ""
    follows: bool = False
    nobody: bool = False
    weak: bool = False


def chat(lines: Sequence[str], today: date | None = None) -> list[Message]:
    """Return the messages of a chat, oldest first, or none when the lines are no chat. ``today`` dates "yesterday"."""
    heads = _heads(lines)
    if not heads:
        return _plain(lines)
    found: list[tuple[str, Stamp, str]] = []
    day = _day_alone(lines[: heads[0].start])
    last = Stamp()
    for head, after in zip(heads, [*heads[1:], None], strict=True):
        below = lines[head.body : after.start if after else len(lines)]
        body = _body([head.text, *below], after.who if after else "")
        day = None if head.stamp.has_day else day
        last = _completed(head, day, last)
        if after and len(body) > 1 and (separator := _day_alone(body)):
            body, day = body[:-1], separator
        text = _bare(" ".join(body))
        if text and not head.nobody and not _noise("message").match(f"{head.who}: {head.text}"):
            found.append((head.who, last, text))
    days = timestamps.settled([stamp for _, stamp, _ in found], today)
    pairs = zip(found, days, strict=True)
    return forward([Message(who, text, Channel.CHAT, on, stamp.at) for (who, stamp, text), on in pairs], timed=True)


# ---- where messages begin


def _heads(lines: Sequence[str]) -> list[_Head]:
    hits = [(at, hit) for at, line in enumerate(lines) if (hit := _hit(line)) is not None]
    if hits and "inline" in hits[0][1][0].more:  # a line of somebody's words may look like a head of another program's
        hits = [hit for hit in hits if not {"inline", "system"}.isdisjoint(hit[1][0].more)]
    alone = [at for at, (row, _, _) in hits if "alone" in row.more]
    names = Counter(lines[name].strip() for at in alone if (name := _name_above(lines, at)) is not None)
    indented = any(_form("set-in").match(lines[at]) for at in alone)
    halves = any(stamp.half for _, (_, _, stamp) in hits)
    found: list[_Head] = []
    for at, (row, match, stamp) in hits:
        if "alone" not in row.more:
            found.append(_on_one_line(row, match, stamp, lines, at))
            continue
        bare = (indented and not _form("set-in").match(lines[at])) or (halves and not stamp.half and not stamp.has_day)
        name = None if bare else _name_above(lines, at)
        if name is not None and not (_only_words(lines, found, name) and names[lines[name].strip()] < 2):
            found.append(_Head(name, at + 1, sender(lines[name]), stamp))
        elif (who := _who_goes_on(lines, found, at)) and not stamp.has_day:
            found.append(_Head(at, at + 1, who, stamp, follows=True))
    return found if _is_chat(found, lines) else []


def _is_chat(heads: Sequence[_Head], lines: Sequence[str]) -> bool:
    """Whether heads are those of a chat; an agenda has names with times as well, but no words below them."""
    real = [head for head in heads if not head.nobody]
    if not all(head.weak for head in real):
        return True
    spoken = all(head.body < len(lines) and lines[head.body].strip() for head in real)
    return len(real) > 1 and spoken and not {head.start for head in real} & {head.body for head in real}


def _hit(line: str) -> tuple[Row, re.Match[str], Stamp] | None:
    """Return the form of head that a line has, if it has one."""
    line = _form("before-head").sub("", line.translate(_INVISIBLE).replace("**", "").strip())
    if not any(map(str.isdigit, line)):
        return None
    for row in rows("words/chat_heads"):
        if (match := row.pattern.match(line)) and (stamp := timestamps.read(match["when"])) and stamp.at:
            who = match["who"]
            if looks_like_a_name(who) if "named" in row.more else not is_label(who):
                return row, match, stamp
    return None


_INVISIBLE = dict.fromkeys(map(ord, "\u200e\u200f\u202a\u202c\u2068\u2069\ufeff"))


def _on_one_line(row: Row, match: re.Match[str], stamp: Stamp, lines: Sequence[str], at: int) -> _Head:
    written = match["who"]
    nobody = "system" in row.more or bool(_form("hidden").match(lines[at]))
    weak = row.id == "name-stamp" and match["gap"] == " " and not stamp.half
    who, text = sender(written, saved="saved" in row.more), match["text"] or ""
    return _Head(at, at + 1, who, stamp, text, nobody=nobody, weak=weak)


def _name_above(lines: Sequence[str], at: int) -> int | None:
    """Return the number of the line with the name that belongs to a time on its own line."""
    name = at - 1
    while name >= max(0, at - 3) and _form("between").match(lines[name].strip()):
        name -= 1
    return name if name >= 0 and looks_like_a_name(lines[name].strip()) else None


def _only_words(lines: Sequence[str], found: Sequence[_Head], name: int) -> bool:
    """Whether what looks like a name is all that the message before would say."""
    if not found or found[-1].text:
        return False
    return not any(line.strip() for line in lines[found[-1].body : name])


def _who_goes_on(lines: Sequence[str], found: Sequence[_Head], at: int) -> str:
    """Return whose further message a time alone begins; nothing where it is all that the message before says."""
    if not found or not (found[-1].text or any(line.strip() for line in lines[found[-1].body : at])):
        return ""
    return next((head.who for head in reversed(found) if not head.nobody), "")


# ---- what a message says


def _body(lines: Sequence[str], next_who: str) -> list[str]:
    """Return the lines that someone wrote. Above the next head its name may stand once more, below a preview."""
    kept: list[str] = []
    written = [line.translate(_INVISIBLE).strip() for line in lines]
    written = [line for line in written if line]
    for n, line in enumerate(written):
        after = written[n + 1] if n + 1 < len(written) else ""
        reaction = _form("emoji").match(line) and (_form("count").match(after) or _noise("line").match(after))
        before = written[n - 1] if n else ""
        counted = _form("count").match(line) and (_form("emoji").match(before) or _noise("line").match(before))
        if not (reaction or counted or _noise("line").match(line) or _noise("message").match(line)):
            kept.append(line)
    while kept and next_who and (kept[-1] == next_who or kept[-1].endswith((f" by {next_who}", f" von {next_who}"))):
        kept.pop()
    return kept


def _bare(text: str) -> str:
    """Return a message without the marks that programs put at its end; nothing for a placeholder."""
    text = " ".join(text.translate(_INVISIBLE).split())
    while mark := _noise("end").search(text, max(0, len(text) - _LONGEST_MARK)):
        text = text[: mark.start()].strip()
    return "" if _noise("message").match(text) or _noise("line").match(text) else text


def _noise(kind: str) -> re.Pattern[str]:
    return where("words/chat_noise", "of", kind)


def _form(id_: str) -> re.Pattern[str]:
    return pattern("words/chat_noise", id_)


# ---- when


def _day_alone(lines: Sequence[str]) -> Stamp | None:
    """Return the day that the last of some lines names and nothing else: it holds for the messages below."""
    line = next((line.strip(" -—–\t") for line in reversed(lines) if line.strip()), "")
    if len(line) > 40 or not _form("day-alone").match(line):
        return None
    stamp = timestamps.read(line)
    return stamp if stamp and stamp.has_day and not stamp.at else None


def _completed(head: _Head, day: Stamp | None, last: Stamp) -> Stamp:
    """Return a head's stamp with the day above it, and for a further message the half of the day of the one before."""
    stamp = head.stamp
    source = day or (last if head.follows else None)
    if source and not stamp.has_day:
        stamp = replace(source, at=stamp.at, half=stamp.half)
    afternoon = head.follows and not stamp.half and last.half.lower() == "pm"
    if afternoon and last.at and stamp.at and stamp.at.hour < 12 <= last.at.hour:
        stamp = replace(stamp, at=time(stamp.at.hour + 12, stamp.at.minute, stamp.at.second), half=last.half)
    return stamp


# ---- name: words


def _plain(lines: Sequence[str]) -> list[Message]:
    """Lines that begin with a name, when most lines are such and are said to someone: a list of people is no chat."""
    hits = [(at, hit) for at, line in enumerate(lines) if (hit := _speaks(line.strip()))]
    if len(hits) < 2:
        return []
    said = []
    for (at, hit), end in zip(hits, [*(at for at, _ in hits[1:]), len(lines)], strict=True):
        said.append((hit["who"], _body([hit["text"] or "", *lines[at + 1 : end]], "")))
    written = sum(1 for line in lines if line.strip()) - sum(not hit["text"] for _, hit in hits)
    who = [name.casefold() for name, _ in said]
    spoken = sum(bool(_form("spoken").search(" ".join(words))) for _, words in said)
    told_of = len(set(who)) == len(who) > 2 and 2 * spoken < len(who)
    listed = not any(map(_form("me").match, who)) and (told_of or not spoken)
    if 2 * len(said) < written or listed:
        return []
    texts = ((sender(name, saved=True), _bare(" ".join(words))) for name, words in said)
    return [Message(name, text, Channel.CHAT) for name, text in texts if text]


def _speaks(line: str) -> re.Match[str] | None:
    hit = _form("plain").match(line)
    who = hit["who"] if hit else ""
    return hit if not is_label(who) and (_form("role").match(who) or looks_like_a_name(who)) else None
