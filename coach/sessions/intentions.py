"""Takes an if–then apart: from the user's words to what reminds them, what they do, and the day. Pure; no clock.

Knows English ways of naming a day, a cue and an act (implementation intentions: Gollwitzer 1999). What it does not find
stays empty, so that only that is asked for.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from coach import rows
from coach.domain.letters import straight
from coach.domain.people import Person
from coach.domain.sessions import Intention
from coach.domain.workdays import MONTHS
from coach.reading.days import Lean, day

MOST_MINUTES = 15
"""A first step that takes longer is asked for its beginning."""

LONGEST_ACTION = 30
LONGEST_CUE = 12
_TOLD = 40
"""More words than this tell a story: what stands in them is no cue."""

_MEETING = (
    r"(?:stand-?up|daily|meeting|1[:-]1|one[- ]to[- ]one|one[- ]on[- ]one|call|catch-?up|review|retro(?:spective)?|planning|demo|briefing|handover|huddle|"
    r"shift|lunch|coffee|tea|breakfast|break|dinner|kitchen|corridor|hall|lift|car|office|desk|door|printer|train|bus|school run|walk|round|morning|afternoon|evening|day|start|end|beginning|\d{1,2}(?:[:.]\d\d)?(?: ?[ap]m)?|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|noon|o'clock)"
)
_DAY = r"(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|satur|sat|sun)(?:day)?s?"
_WHEN = (
    rf"(?:(?:on |by |this |next |every |each |until |before )?\b(?:{_DAY})\b(?!'s)(?: (?:morning|afternoon|evening|noon|lunch(?:time)?|next week|this week))?"
    r"|\b(?:later )?today\b|\btonight\b|\btomorrow(?: (?:morning|afternoon|evening))?\b|\bthe day after tomorrow\b"
    r"|\b(?:this|next) (?:week|morning|afternoon|evening)\b|\b(?:by |at )?the end of (?:the|this|next) (?:week|day)\b"
    r"|\bin (?:a|one|two|three|four|five|a couple of|\d+) (?:days?|weeks?)\b|\b(?:on )?\d{4}-\d\d-\d\d\b"
    rf"|\b(?:on )?(?:the )?\d{{1,2}}(?:st|nd|rd|th)?(?: of)? (?:{'|'.join(MONTHS)})\b|\b(?:on )?(?:{'|'.join(MONTHS)}) \d{{1,2}}(?:st|nd|rd|th)?\b|\b(?:on )?the \d{{1,2}}(?:st|nd|rd|th)\b)"
)
_CUE = (
    r"(?:(?:right|just|straight|directly|shortly) )?(?:before|after|ahead of|following)\b(?:\s+(?!(?:and|what|how|whether|why|if|that|to|so|then|i)\b)[^\s,;.]+){1,7}"
    r"|(?<!even )(?:when|whenever|once|as soon as|the moment|the next time|next time|if|while)\b[^,;.]*"
    rf"|(?:at|in|during|over|on|by|around|within)(?: (?:the|our|my|his|her|their|a|about|this|that|first|next|weekly|daily|team|{_DAY}|\w+'s)){{0,3}} (?:\w+[- ]){{0,2}}{_MEETING}\b(?:\s+(?!(?:and|what|how|whether|why|if|that|to|so|then|i)\b)[^\s,;.]+){{0,5}}"
    r"|\b\d{1,2}(?:[:.]\d\d)? ?[ap]m\b"
    r"|first thing\b(?: in the morning)?|last thing\b|on (?:my|the) way\b(?: (?:home|back|in|out|there|to (?:the |my )?\w+))?|over (?:lunch|coffee|tea|a coffee|a walk)\b"
)
_CUE_AT = re.compile(rf"\b(?:{_CUE})", re.IGNORECASE)
_WHEN_AT = re.compile(_WHEN, re.IGNORECASE)
_TAIL = re.compile(rf"[\s,;–-]*\b(?:and )?(?:{_WHEN}|{_CUE})[\s,;.–-]*$", re.IGNORECASE)
_STRONG = re.compile(
    r"\b(?:i'll|i will|i shall|i'm going to|i am going to|i'm gonna|i plan to|i'd like to|i want to|i would like to|let me|i can|i could|i might|i would|i'd|then i|we'll|we will)\b\s*(?:then |just |also |first |simply |probably |maybe |try to |try and |actually )*",
    re.IGNORECASE,
)
_WEAK = re.compile(r"(?<![\w'])i\s+(?=[a-z])", re.IGNORECASE)
_FILLER = re.compile(
    r"^(?:\s*(?:ok(?:ay)?|so|well|yes|yeah|yep|fine|right(?! (?:after|before))|sure|then|and|maybe|probably|perhaps|hm+|alright|all right|deal|i think|i guess|i suppose|let's say|say|how about|the first(?: one)?|mine|my own(?: way)?|honestly|also|another one)\b[\s,:.–-]*)+",
    re.IGNORECASE,
)


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


_HAVEABLE = re.compile(
    r"^(?:(?:a|an|the|my|our|that|one|quick|short|ten|five|\d+)[- ]?(?:minutes? )?)*(?:coffee|lunch|tea|walk|chat|talk|call|one[- ]to[- ]one|one[- ]on[- ]one|1[:-]1|meeting|catch-?up|word|conversation|minutes?)\b",
    re.IGNORECASE,
)
_VAGUE = re.compile(
    r"^(?:be (?:more|less|nicer|kinder|better|there|available|present|open|patient|a )|try (?:harder|more|to be)|communicate\b|improve\b|work on\b|get better|pay (?:more )?attention|listen (?:more|better)|show more|focus\b|"
    r"think (?:about|of)|keep (?:in mind|it in mind|trying)|make (?:an|more) effort|do (?:better|my best|more|something|it|that)$|spend more time|talk more|care more|step up|see (?:what|how)|figure|deal with it|handle it|sort it|something$|stay (?:calm|positive)|support (?:him|her|them|\w+)$|help (?:him|her|them|more|\w+)$)",
    re.IGNORECASE,
)
_ASKS_ME = re.compile(r"(?:help|tell|give|show|let|ask) me\b", re.IGNORECASE)
_SAID_APART = re.compile(rf",? \b(?:(?:on|this|next) (?:{_DAY})\b(?!')|tomorrow|today)\b(?!')", re.IGNORECASE)
"""A day inside an act; it is kept as the day."""

_MINUTES = re.compile(
    r"\b(?:(?P<n>\d{1,3})|(?P<word>five|ten|fifteen|twenty|thirty|forty|half an|an|one|two|three))(?:[- ](?P<unit>min(?:ute)?s?|h(?:ou)?rs?|hour))\b",
    re.IGNORECASE,
)
_WORDS = {
    "five": 5, "ten": 10, "fifteen": 15, "twenty": 20, "thirty": 30, "forty": 40, "half an": 0.5, "an": 1, "one": 1, "two": 2, "three": 3
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Heard:
    """What of an if–then stands in some words; empty where nothing does. ``vague``: nobody could see it being done."""

    cue: str = ""
    action: str = ""
    due: date | None = None
    minutes: int = 10
    person_id: str | None = None
    vague: bool = False


def hear(text: str, today: date, people: Sequence[Person] = ()) -> Heard:
    """Return what of an if–then stands in a text."""
    words = _telling(" ".join(straight(text).split()))
    lead, body = _apart(words)
    body, tail = _trimmed(body)
    timed = " ".join(filter(None, (lead, tail)))
    cue = _short(_cue(timed)) or (_short(_cue(words)) if len(words.split()) <= _TOLD else "")
    action = _action(body)
    return Heard(
        cue=cue,
        action=action,
        due=day(timed or words, today, Lean.PLANNED) or day(words, today, Lean.PLANNED),
        minutes=minutes(words),
        person_id=_person(words, people),
        vague=bool(action and (_VAGUE.match(action) or len(action.split()) < 2)),
    )


def is_occasion(text: str) -> bool:
    """Return whether a few words name something that happens anyway: "stand-up", "the demo", "when I park"."""
    words = straight(text).strip(" .,!?")
    return bool(
        _CUE_AT.fullmatch(words)
        or re.fullmatch(rf"(?:(?:the|our|my|his|her|their|a) )?(?:[\w']+[- ]){{0,2}}{_MEETING}s?", words, re.IGNORECASE)
    )


def merged(intention: Intention, heard: Heard, words: str) -> Intention:
    """Return an intention with the parts that were missing and have been heard now."""
    return replace(
        intention,
        words=f"{intention.words} {words}".strip() if words not in intention.words else intention.words,
        cue=intention.cue or heard.cue,
        action=intention.action or ("" if heard.vague else heard.action),
        due=intention.due or heard.due,
        person_id=intention.person_id or heard.person_id,
    )


def minutes(text: str) -> int:
    """Return how many minutes a text says it takes; 10 when it does not say."""
    hit = _MINUTES.search(text)
    if hit is None:
        return 10
    unit = hit["unit"].casefold()
    if hit["word"] and hit["word"].casefold() == "half an":
        return 30 if unit.startswith("h") else 10
    n = float(hit["n"]) if hit["n"] else float(_WORDS[hit["word"].casefold()])
    return max(1, min(480, int(n * (60 if unit.startswith("h") else 1))))


def _telling(words: str) -> str:
    """The sentence that says what will be done, with the ones around it when they are short."""
    parts = [part.strip() for part in re.split(r"(?<=[.!?;])\s+", words) if part.strip()]
    if len(parts) < 2:
        return _FILLER.sub("", words)
    best = next(
        (part for part in parts if re.search(r"\b(?:i'll|i will|i'm going to|i am going to|i'm gonna)\b", part, re.I)),
        None,
    )
    if best is None:
        return _FILLER.sub("", " ".join(parts))
    rest = [part for part in parts if part != best and len(part.split()) <= 8 and _WHEN_AT.search(part)]
    return _FILLER.sub("", " ".join((best.rstrip(".;!?"), *rest)))


def _apart(words: str) -> tuple[str, str]:
    """Return what stands before the act, and the act with what follows it."""
    if hit := _STRONG.search(words):
        return words[: hit.start()].strip(" ,;:-–"), words[hit.end() :]
    opens = re.match(
        r"(?:when|whenever|once|as soon as|if|before|after|the next time|next time)\b", words, re.IGNORECASE
    )
    if opens and not (opens[0].casefold() in {"before", "after"} and not _WEAK.search(words)):
        if "," in words:
            lead, body = words.split(",", 1)
            body = re.sub(r"^\s*(?:then )?(?:i )?", "", body, flags=re.IGNORECASE)
            return lead.strip(), body
        every = list(_WEAK.finditer(words))
        if len(every) > 1:
            return words[: every[1].start()].strip(), words[every[1].end() :]
        return words, ""
    if hit := _WEAK.match(words):
        return "", words[hit.end() :]
    if (hit := _WEAK.search(words)) and _WHEN_AT.match(words):
        return words[: hit.start()].strip(" ,;:-–"), words[hit.end() :]
    if hit := _WHEN_AT.match(words):
        rest = words[hit.end() :].strip(" ,;:-–")
        cue = _CUE_AT.match(rest)
        end = len(words) - len(rest) + cue.end() if cue else hit.end()
        return _split(words, end)
    if hit := _CUE_AT.match(words):
        return _split(words, hit.end())
    return "", words


def _split(words: str, end: int) -> tuple[str, str]:
    """Part words after a cue; where no comma parts them, before the verb that follows the day."""
    lead, body = words[:end], words[end:].strip(" ,;:-–")
    if body:
        return lead, body
    for hit in _WHEN_AT.finditer(lead):
        follows = lead[hit.end() :].split()
        if follows and _is_act(follows[0].casefold().strip(",")):
            return lead[: hit.end()], lead[hit.end() :].strip(" ,")
    return lead, ""


def _trimmed(body: str) -> tuple[str, str]:
    """Return an act without the day and cue at its end, and these."""
    tail: list[str] = []
    while (hit := _TAIL.search(body)) and hit.start() > 0:
        cut = body[hit.start() :].strip(" ,;.–-")
        if len(body[: hit.start()].split()) < 2 and not _WHEN_AT.fullmatch(cut):
            break
        tail.insert(0, re.sub(r"^and ", "", cut, flags=re.IGNORECASE))
        body = body[: hit.start()]
    if _WHEN_AT.fullmatch(body.strip(" ,;.–-")) or _CUE_AT.fullmatch(body.strip(" ,;.–-")):
        return "", " ".join((body.strip(" ,;.–-"), *tail))
    return body, " ".join(tail)


def _short(cue: str) -> str:
    """Return a cue that can be kept in mind, else nothing: a story is none."""
    return cue if len(cue.split()) <= LONGEST_CUE and not re.search(r"[\"?!“”]", cue) else ""


def _cue(timed: str) -> str:
    """Return what reminds, without the day."""
    hit = _CUE_AT.search(timed)
    if hit is None:
        part = re.search(r"\b(?:morning|afternoon|evening|noon|lunchtime|lunch)\b", timed, re.IGNORECASE)
        return (
            f"in the {part[0].casefold()}"
            if part and part[0].casefold() not in {"noon", "lunch", "lunchtime"}
            else (f"at {part[0].casefold()}" if part else "")
        )
    cue = hit.group().strip(" ,;.–-")
    if _WHEN_AT.fullmatch(cue):
        return ""
    bare = (
        re.sub(r"\s+(?:on|this|next|by)$", "", _WHEN_AT.sub(" ", cue))
        if not re.match(r"(?:when|if|once|as)", cue, re.I)
        else cue
    )
    bare = " ".join(bare.split()).strip(" ,;")
    return bare if len(bare.split()) >= 2 or re.search(r"\d", bare) else ""


def _action(body: str) -> str:
    words = re.sub(r"^(?:to|then|just|also|first|and|simply)\s+", "", body.strip(" ,;:.!?–-"), flags=re.IGNORECASE)
    if not words or _ASKS_ME.match(words):
        return ""
    first = re.sub(r"\W.*$", "", words).casefold()
    if not _is_act(first) and _HAVEABLE.match(words):
        words = f"have {words[:1].lower()}{words[1:]}"
    elif first.endswith("ing") and (base := _base(first)):
        words = base + words[len(first) :]
    elif not _is_act(first) and not _VAGUE.match(words):
        return ""
    every = _SAID_APART.sub("", words).split()
    words = " ".join(every[:LONGEST_ACTION])
    return words[:1].lower() + words[1:]


def _is_act(word: str) -> bool:
    """Whether a verb is of an act that can be seen being done."""
    return word in rows.words("words/act_verbs")


def _base(first: str) -> str:
    stem = first.removesuffix("ing")
    return next((base for base in (stem, stem + "e", stem[:-1]) if _is_act(base)), "")


def _person(words: str, people: Sequence[Person]) -> str | None:
    said = words.casefold()
    for person in people:
        names = {person.name.casefold(), person.name.split()[0].casefold()}
        if any(re.search(rf"\b{re.escape(name)}\b", said) for name in names):
            return person.id
    return None
