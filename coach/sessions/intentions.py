"""Takes an if–then apart: from the user's words to what reminds them, what they do, and the day. Pure; no clock.

Knows English ways of naming a day, a cue and an act (implementation intentions: Gollwitzer 1999). A part that is not
found stays empty, so that only that part is asked for.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cache

from coach import rows
from coach.domain.letters import straight
from coach.domain.people import Person
from coach.domain.sessions import Intention
from coach.reading.days import Lean, day

MOST_MINUTES = 15
"""A first step that takes longer is asked for its beginning."""

LONGEST_ACTION = 30
LONGEST_CUE = 12
_TOLD = 40
"""More words than this tell a story: what stands in them is no cue."""

_WEAK = re.compile(r"(?<![\w'])i\s+(?=[a-z])", re.IGNORECASE)


def _words(what: str) -> re.Pattern[str]:
    """What names a day, reminds, begins an act, is vague … (``of`` in words/intentions)."""
    return rows.where("words/intentions", "of", what, re.IGNORECASE)


@cache
def _cue_at() -> re.Pattern[str]:
    return re.compile(rf"\b(?:{_words('cue').pattern})", re.IGNORECASE)


@cache
def _tail() -> re.Pattern[str]:
    """A day or a cue at the end of an act."""
    ending = rf"(?:{_words('when').pattern}|{_words('cue').pattern})"
    return re.compile(rf"[\s,;–-]*\b(?:and )?{ending}[\s,;.–-]*$", re.IGNORECASE)


@cache
def _occasion() -> re.Pattern[str]:
    """A few words that name a meeting, a meal or a place."""
    return re.compile(rows.pattern("words/intentions", "occasion").pattern, re.IGNORECASE)


_WORDS = {
    **{"half an": 0.5, "an": 1, "one": 1, "two": 2, "three": 3},
    **{"five": 5, "ten": 10, "fifteen": 15, "twenty": 20, "thirty": 30, "forty": 40},
}


@dataclass(frozen=True, slots=True)
class Heard:
    """The parts of an if–then found in some words, else empty. ``vague``: nobody could see it being done."""

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
        vague=bool(action and (_words("vague").match(action) or len(action.split()) < 2)),
    )


def is_occasion(text: str) -> bool:
    """Return whether a few words name something that happens anyway: "stand-up", "the demo", "when I park"."""
    words = straight(text).strip(" .,!?")
    return bool(_cue_at().fullmatch(words) or _occasion().fullmatch(words))


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
    hit = _words("minutes").search(text)
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
        return _words("filler").sub("", words)
    best = next(
        (part for part in parts if re.search(r"\b(?:i'll|i will|i'm going to|i am going to|i'm gonna)\b", part, re.I)),
        None,
    )
    if best is None:
        return _words("filler").sub("", " ".join(parts))
    rest = [part for part in parts if part != best and len(part.split()) <= 8 and _words("when").search(part)]
    return _words("filler").sub("", " ".join((best.rstrip(".;!?"), *rest)))


def _apart(words: str) -> tuple[str, str]:
    """Return what stands before the act, and the act with what follows it."""
    if hit := _words("strong").search(words):
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
    if (hit := _WEAK.search(words)) and _words("when").match(words):
        return words[: hit.start()].strip(" ,;:-–"), words[hit.end() :]
    if hit := _words("when").match(words):
        rest = words[hit.end() :].strip(" ,;:-–")
        cue = _cue_at().match(rest)
        end = len(words) - len(rest) + cue.end() if cue else hit.end()
        return _split(words, end)
    if hit := _cue_at().match(words):
        return _split(words, hit.end())
    return "", words


def _split(words: str, end: int) -> tuple[str, str]:
    """Part words after a cue; where no comma parts them, before the verb that follows the day."""
    lead, body = words[:end], words[end:].strip(" ,;:-–")
    if body:
        return lead, body
    for hit in _words("when").finditer(lead):
        follows = lead[hit.end() :].split()
        if follows and _is_act(follows[0].casefold().strip(",")):
            return lead[: hit.end()], lead[hit.end() :].strip(" ,")
    return lead, ""


def _trimmed(body: str) -> tuple[str, str]:
    """Return an act without the day and cue at its end, and these."""
    tail: list[str] = []
    while (hit := _tail().search(body)) and hit.start() > 0:
        cut = body[hit.start() :].strip(" ,;.–-")
        if len(body[: hit.start()].split()) < 2 and not _words("when").fullmatch(cut):
            break
        tail.insert(0, re.sub(r"^and ", "", cut, flags=re.IGNORECASE))
        body = body[: hit.start()]
    if _words("when").fullmatch(body.strip(" ,;.–-")) or _cue_at().fullmatch(body.strip(" ,;.–-")):
        return "", " ".join((body.strip(" ,;.–-"), *tail))
    return body, " ".join(tail)


def _short(cue: str) -> str:
    """Return a cue short enough to keep in mind, else nothing; a story is no cue."""
    return cue if len(cue.split()) <= LONGEST_CUE and not re.search(r"[\"?!“”]", cue) else ""


def _cue(timed: str) -> str:
    """Return what reminds, without the day."""
    hit = _cue_at().search(timed)
    if hit is None:
        part = re.search(r"\b(?:morning|afternoon|evening|noon|lunchtime|lunch)\b", timed, re.IGNORECASE)
        return (
            f"in the {part[0].casefold()}"
            if part and part[0].casefold() not in {"noon", "lunch", "lunchtime"}
            else (f"at {part[0].casefold()}" if part else "")
        )
    cue = hit.group().strip(" ,;.–-")
    if _words("when").fullmatch(cue):
        return ""
    bare = (
        re.sub(r"\s+(?:on|this|next|by)$", "", _words("when").sub(" ", cue))
        if not re.match(r"(?:when|if|once|as)", cue, re.I)
        else cue
    )
    bare = " ".join(bare.split()).strip(" ,;")
    return bare if len(bare.split()) >= 2 or re.search(r"\d", bare) else ""


def _action(body: str) -> str:
    words = re.sub(r"^(?:to|then|just|also|first|and|simply)\s+", "", body.strip(" ,;:.!?–-"), flags=re.IGNORECASE)
    if not words or _words("asks_me").match(words):
        return ""
    first = re.sub(r"\W.*$", "", words).casefold()
    if not _is_act(first) and _words("haveable").match(words):
        words = f"have {words[:1].lower()}{words[1:]}"
    elif first.endswith("ing") and (base := _base(first)):
        words = base + words[len(first) :]
    elif not _is_act(first) and not _words("vague").match(words):
        return ""
    every = _words("apart").sub("", words).split()
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
