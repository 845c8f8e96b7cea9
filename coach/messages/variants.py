"""Makes a message out of a plan's draft: fitted to its channel, shorter, warmer or plainer, never one with a warning.

Knows plans, channels and the linter. Only the user can fill the blanks, ``[like this]``; nothing here fills one. The
added sentences are in ``prompts/draft*.fixed.j2``, the shorter words in ``knowledge/words/plainer.yaml``.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import cache, partial

from coach.domain.drafts import Purpose
from coach.domain.moments import Channel
from coach.domain.plans import RepairPlan
from coach.domain.principles import Stance
from coach.messages import abridgement, linter
from coach.ports import Texts
from coach.rows import joined, rows

WRITTEN = (Channel.CHAT, Channel.EMAIL)
"""The channels in which a message is sent and not said."""

_SHARE = 0.6
"""A shorter message keeps about this share of the words."""

_GREETING = re.compile(
    r"^(?:(?:hi|hello|dear|good morning|hey)\s+)?(?:\[[^\]]+\]|[^\s,.!?\[]+(?: [^\s,.!?\[]+)?),\s+", re.IGNORECASE
)
_OPENS = re.compile(r"^(?:hi|hello|dear|good morning|hey)\b", re.IGNORECASE)
_BLANK = re.compile(r"\[[^\]]+\]")


@dataclass(frozen=True, slots=True)
class Skeleton:
    """A suggested message for a channel. ``better_said``: it would do better by voice; ``text`` then is what to say."""

    purpose: Purpose
    channel: Channel
    text: str
    better_said: bool


VARIANTS = ("shorter", "warmer", "plainer")
"""What can be asked of a message that is there."""


def of_plan(plan: RepairPlan, channel: Channel, prompts: Texts) -> Skeleton | None:
    """Return the message that goes with a plan, fitted to a channel; None without one, or when the linter would warn.

    In mail it has a greeting, a body and a place to sign; in chat and by voice it begins with the matter.
    """
    if plan.draft is None:
        return None
    text = fitted(plan.draft.text, channel, prompts)
    if not offered(text, plan.draft.purpose):
        return None
    return Skeleton(plan.draft.purpose, channel, text, better_said(plan.draft.purpose, channel, plan.stance))


def varied(text: str, purpose: Purpose, how: str, texts: Texts) -> str:
    """Return a message shorter, warmer or plainer, or as it is when that cannot be had. ``how``: one of VARIANTS."""
    if how == "shorter":
        return shorter(text, purpose)
    if how == "warmer":
        return warmer(text, texts, purpose)
    return plainer(text, purpose)


def fitted(text: str, channel: Channel, prompts: Texts) -> str:
    """Return a message as its channel wants it; a blank stays a blank."""
    greeting, body = _parted(text)
    if channel is Channel.EMAIL:
        greeting = greeting if _OPENS.match(greeting) or not greeting else f"Hi {greeting}"
    return prompts.render("draft.fixed", channel=str(channel), greeting=greeting, body=_begin(body))


def better_said(purpose: Purpose, channel: Channel, stance: Stance | None = None) -> bool:
    """Return True when a voice would carry the message better than the written channel it is for.

    Apologies and hard words are better said, and so is what repairs the user's own harm or sets a bound.
    """
    if channel not in WRITTEN:
        return False
    return purpose in {Purpose.APOLOGY, Purpose.FEEDBACK} or stance in {Stance.REPAIR_OWN_HARM, Stance.SET_BOUNDARY}


def offered(text: str, purpose: Purpose) -> bool:
    """Return True when the linter has nothing to say of a text: only such a draft is offered."""
    return not linter.names(text, purpose)


def shorter(text: str, purpose: Purpose = Purpose.OTHER) -> str:
    """Return the message with whole sentences left out, or as it is when each of them is needed.

    The sentences that own, ask, offer or thank stay longest, and none is left out whose loss would earn a warning.
    """
    greeting, body = _parted(text)
    most = max(8, round(abridgement.words(body) * _SHARE))
    while most < abridgement.words(body):
        kept = f"{greeting} {abridgement.shorten(body, most)}".strip()
        if abridgement.words(kept) < abridgement.words(text) and offered(kept, purpose):
            return kept
        most += 4
    return text


def warmer(text: str, prompts: Texts, purpose: Purpose = Purpose.OTHER) -> str:
    """Return the message with one warm line before its last sentence, with a blank that the user has to make true."""
    line = prompts.render("draft_warm.fixed", purpose=str(purpose))
    if line in text:
        return text
    greeting, body = _parted(text)
    said = abridgement.parts(body)
    warm = " ".join((greeting, *said[:-1], line, said[-1]) if len(said) > 1 else (greeting, body, line)).strip()
    return warm if offered(warm, purpose) else text


def plainer(text: str, purpose: Purpose = Purpose.OTHER) -> str:
    """Return the message in shorter words, without fillers; what stands in a blank is left alone."""
    parts = _BLANK.split(text)
    blanks = _BLANK.findall(text)
    said = [_plain(part) for part in parts]
    plain = "".join(part + blank for part, blank in zip(said, [*blanks, ""], strict=True))
    return plain if offered(plain, purpose) else text


def blanks(text: str) -> tuple[str, ...]:
    """Return the blanks of a message in their order, without brackets."""
    return tuple(blank[1:-1] for blank in _BLANK.findall(text))


@cache
def _plainer() -> tuple[tuple[re.Pattern[str], str], ...]:
    """Return the long words, and the short one for each."""
    return tuple((joined([row], re.IGNORECASE), row.more["short"]) for row in rows("words/plainer"))


def _plain(part: str) -> str:
    for pattern, short in _plainer():
        part = pattern.sub(partial(_cased, short), part)
    return re.sub(r" {2,}", " ", part)


def _cased(short: str, hit: re.Match[str]) -> str:
    return short[:1].upper() + short[1:] if hit.group()[:1].isupper() else short


def _parted(text: str) -> tuple[str, str]:
    """Return the greeting (with its comma, or empty) and the rest."""
    found = _GREETING.match(text)
    if found is None or not (_OPENS.match(text) or text.startswith("[") or found.group().count(" ") == 1):
        return "", text
    return found.group().strip(), text[found.end() :]


def _begin(body: str) -> str:
    return body[:1].upper() + body[1:]


_WORD = re.compile(r"\[[^\]]*\]|[^\W_]+(?:['’][^\W_]+)*")
_RUN = 3
"""Fewer words in a row than this are anybody's."""


def share(text: str, suggested: str) -> float:
    """Return the share of a message's words that stand in the suggestion in the same order, from 0 to 1.

    Only runs of three words or more count (Ratcliff & Obershelp 1988, by words); a blank that is still open counts as
    the coach's. 0 when nothing was suggested or nothing is written.
    """
    ours, theirs = _words(text), _words(suggested)
    if not ours or not theirs:
        return 0.0
    blocks = SequenceMatcher(None, ours, theirs, autojunk=False).get_matching_blocks()
    return sum(block.size for block in blocks if block.size >= min(_RUN, len(theirs))) / len(ours)


def _words(text: str) -> list[str]:
    return [word.casefold().replace("’", "'") for word in _WORD.findall(text)]
