"""Takes a pasted mail or chat thread apart: who wrote what, and when. Pure; knows the ways programs copy a thread.

Mail: header lines, "On … wrote:", quoting by ``>``. Chat: WhatsApp's export, what Slack and Teams put on the clipboard,
and plain ``Name: words``. What is none of these is no thread.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from coach.domain.letters import straight
from coach.domain.moments import Channel
from coach.reading.days import dated

MOST_MESSAGES = 60
"""Of a longer thread the newest are read."""

_NAME = r"[^\W\d_][\w.'’-]*(?:,? [^\W\d_][\w.'’-]*){0,3}"
_TIME = r"\d{1,2}[:.]\d{2}(?:[:.]\d{2})?(?:\s?[AaPp]\.?[Mm]\.?)?"
_DAY = r"\d{1,4}[./-]\d{1,2}(?:[./-]\d{2,4})?\.?"
_CHAT: tuple[re.Pattern[str], ...] = tuple(
    re.compile(form)
    for form in (
        rf"^\[(?P<day>{_DAY}),? (?P<time>{_TIME})\] (?P<who>{_NAME}):(?: (?P<text>.*))?$",  # WhatsApp on iPhone, Teams
        rf"^(?P<day>{_DAY}),? (?P<time>{_TIME}) [-–] (?P<who>{_NAME}): (?P<text>.*)$",  # WhatsApp on Android
        rf"^\[(?:(?P<day>{_DAY}) )?(?P<time>{_TIME})\] (?P<who>{_NAME}):?(?P<text>)$",  # Teams
        rf"^(?P<who>{_NAME})\s+\[?(?:(?P<day>{_DAY})[ ,]+)?(?P<time>{_TIME})\]?(?P<text>)$",  # Slack, Teams
    )
)
_PLAIN = re.compile(rf"^(?P<who>{_NAME}): (?P<text>\S.*)$")
_NO_NAMES = re.compile(
    r"^(?:re|fwd?|subject|cc|bcc|date|sent|to|from|ps|nb|note|update|question|https?)$", re.IGNORECASE
)
_HEADER = re.compile(r"^\**(?P<name>From|Sent|Date|To|Cc|Subject)\**:\**\s*(?P<value>.+)$", re.IGNORECASE)
_WROTE = re.compile(
    r"^On (?P<when>.{4,70}?(?:\d|\d ?[ap]\.?m\.?)),? (?![ap]\.?m\b)(?P<who>[^<>\n\d]{2,60}?)\s*(?:<[^>\n]+>)?\s*wrote:$",
    re.IGNORECASE,
)
_SIGNED = re.compile(
    r"^(?:-- ?|_{5,}|(?:kind |best |warm |many )?(?:regards|wishes|thanks),?|best,?|cheers,?|sent from my .*|-+ ?original message ?-+)$",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Message:
    """One message of a thread. ``who`` is empty when it does not say; ``on`` is the day, None when it does not say."""

    who: str
    text: str
    channel: Channel
    on: date | None = None


def taken_apart(text: str) -> tuple[Message, ...]:
    """Return the messages of a pasted thread, oldest first, or none when the text is no thread."""
    lines = straight(text).replace("\u202f", " ").replace("\u200e", "").replace("\xa0", " ").splitlines()
    found = list(_mail(lines)) or list(_chat(lines))
    return tuple(found[-MOST_MESSAGES:]) if found else ()


# ---- chat


def _chat(lines: list[str]) -> Iterator[Message]:
    heads = [(at, hit) for at, line in enumerate(lines) if (hit := _head(line)) is not None]
    if not heads:
        heads = _plain_heads(lines)
    american = any(re.search(r"[ap]\.?m", hit.groupdict().get("time") or "", re.IGNORECASE) for _, hit in heads)
    on = None
    for n, (at, hit) in enumerate(heads):
        end = heads[n + 1][0] if n + 1 < len(heads) else len(lines)
        words = " ".join(part.strip() for part in (hit["text"] or "", *lines[at + 1 : end]) if part.strip())
        on = dated(hit.groupdict().get("day") or "", month_first=american) or on
        if words:
            yield Message(hit["who"].strip(), words, Channel.CHAT, on)


def _head(line: str) -> re.Match[str] | None:
    return next((hit for form in _CHAT if (hit := form.match(line.strip()))), None)


def _plain_heads(lines: list[str]) -> list[tuple[int, re.Match[str]]]:
    """``Name: words`` lines, when most lines are such and somebody speaks twice or two do."""
    heads = [(at, hit) for at, line in enumerate(lines) if (hit := _PLAIN.match(line.strip()))]
    heads = [(at, hit) for at, hit in heads if not _NO_NAMES.match(hit["who"])]
    written = sum(1 for line in lines if line.strip())
    return heads if len(heads) >= 2 and 2 * len(heads) >= written else []


# ---- mail


def _mail(lines: list[str]) -> Iterator[Message]:
    """Yield the mails of a thread, oldest first; in the text the newest stands on top."""
    lines = [re.sub(r"^(?:> ?)+", "", line) for line in lines]
    lines = _unwrapped(lines)
    heads = list(_mail_heads(lines))
    if not heads:
        return
    found = []
    if heads[0][0] > 0 and (words := _joined(lines[: heads[0][0]])):
        found.append(Message("", words, Channel.EMAIL))
    for n, (_, body, who, on) in enumerate(heads):
        end = heads[n + 1][0] if n + 1 < len(heads) else len(lines)
        if words := _joined(lines[body:end]):
            found.append(Message(who, words, Channel.EMAIL, on))
    yield from reversed(found)


def _unwrapped(lines: list[str]) -> list[str]:
    """Put an "On … wrote:" that a mail program broke in two back together."""
    found: list[str] = []
    for line in lines:
        broken = bool(found) and line.strip().endswith("wrote:") and not _WROTE.match(line.strip())
        if broken and re.match(r"On .{4,}", found[-1].strip()):
            found[-1] = f"{found[-1].strip()} {line.strip()}"
        else:
            found.append(line)
    return found


def _mail_heads(lines: list[str]) -> Iterator[tuple[int, int, str, date | None]]:
    """Yield where a mail's head begins and ends, who wrote it and the day."""
    at = 0
    while at < len(lines):
        if hit := _WROTE.match(lines[at].strip()):
            yield at, at + 1, _named(hit["who"]), dated(hit["when"])
            at += 1
        elif (hit := _HEADER.match(lines[at].strip())) and hit["name"].lower() == "from":
            end, on = at + 1, None
            while end < len(lines) and (more := _HEADER.match(lines[end].strip())):
                on = dated(more["value"]) if more["name"].lower() in {"sent", "date"} else on
                end += 1
            if end > at + 1:
                yield at, end, _named(hit["value"]), on
            at = end
        else:
            at += 1


def _named(sender: str) -> str:
    """Return "Tom Baker" for "Baker, Tom <tom@…>"; an address alone gives what stands before its @."""
    name = re.sub(r"[<(\[].*?[>)\]]", "", sender).replace('"', "").strip(" '*")
    if "@" in name:
        name = name.split("@")[0].replace(".", " ").replace("_", " ").title()
    last, comma, first = name.partition(", ")
    return f"{first} {last}".strip() if comma and first else name


# ---- both


def _joined(lines: list[str]) -> str:
    """Return the words of a message up to its signature."""
    kept: list[str] = []
    for line in lines:
        if kept and _SIGNED.match(line.strip()):
            break
        kept.append(line.strip())
    return " ".join(part for part in kept if part)
