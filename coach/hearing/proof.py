"""What of a language model's reply in a session holds: sentences by number, its own words checked. Pure.

The leader's sentences are taken whole by their numbers, so nothing of theirs can be changed on the way.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from coach.domain.letters import Letter, pieces
from coach.domain.violations import Replaced
from coach.hearing.heard import Heard, Talked
from coach.planning import sayable
from coach.planning.given import Given
from coach.planning.sayable import Own
from coach.planning.verdict import ruling

MOVES = ("skip", "back", "pause", "end", "hurry", "unsure")
REPLY, REFLECTION, QUESTION = 70, 36, 40
"""Words at most."""

_OF_ITSELF = "machine_talk"
"""Where the leader asks about the coach, the answer may name what it is and where their words go."""

_NUMBERS: Mapping[str, Any] = {"type": "array", "items": {"type": "integer"}}
SCHEMA: Mapping[str, Any] = {
    "type": "object",
    "properties": {
        "fits": {"type": "string", "enum": ["coach", "needs_help", "decline", "doubt", "elsewhere"]},
        "kind": {"type": "string"},
        "harm_words": {"type": ["string", "null"]},
        "toward": {"type": ["string", "null"], "enum": ["user", "third_person", "by_user", None]},
        "answers": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {"question": {"type": "string"}, "sentences": _NUMBERS},
                "required": ["question", "sentences"],
                "additionalProperties": False,
            },
        },
        "acts": _NUMBERS,
        "corrects": _NUMBERS,
        "move": {"type": "string", "enum": ["none", *MOVES]},
        "reply": {"type": "string"},
        "reflection": {"type": "string"},
        "question": {"type": "string"},
        "wording": {"type": "string"},
    },
    "required": [
        "fits", "kind", "harm_words", "toward", "answers", "acts", "corrects", "move", "reply", "reflection",
        "question", "wording",
    ],
    "additionalProperties": False,
}  # fmt: skip


def heard(value: Mapping[str, Any], talked: Talked, given: Given) -> Heard:
    """Return what holds of a reply. ``given``: the ground, its last letter is the message."""
    letter = given.letters[-1]
    known = [each.id for each in (talked.waits, *talked.ahead)]
    answers: dict[str, str] = {}
    for each in value.get("answers") or ():
        words = _sentences(each.get("sentences"), letter, given)
        if each.get("question") in known and words:
            answers.setdefault(str(each["question"]), words)
    acts = tuple(
        each.text
        for each in letter.sentences
        if each.number in (value.get("acts") or ()) and each.number not in given.ordered
    )
    move = str(value.get("move") or "")
    found = Heard(
        reading=ruling(value, given).reading,
        answers=tuple(answers.items()),
        acts=acts,
        move=move if move in MOVES else "",
        corrects=_sentences(value.get("corrects"), letter, given),
    )
    return _spoken(found, value, talked, given)


def _sentences(numbers: object, letter: Letter, given: Given) -> str:
    """Return the sentences of some numbers as they stand in the message; those between two of them stay in."""
    wanted = [each for each in letter.sentences if isinstance(numbers, list) and each.number in numbers]
    wanted = [each for each in wanted if each.number not in given.ordered]
    return letter.text[wanted[0].start : wanted[-1].end] if wanted else ""


def _spoken(found: Heard, value: Mapping[str, Any], talked: Talked, given: Given) -> Heard:
    """Put in what the language model would say, as far as it holds by itself."""
    replaced = list(found.replaced)

    def held(name: str, most: int) -> str:
        text = " ".join(str(value.get(name) or "").split())
        if not text:
            return ""
        faults = [each for each in faulty(text, given, most) if not (name == "reply" and each == _OF_ITSELF)]
        if name == "wording" and (text.count("?") != 1 or not text.endswith("?")):
            faults.append("question")
        if name == "reflection" and (len(pieces(text)) > 1 or "?" in text):
            faults.append("reflection")
        if faults:
            replaced.append(Replaced(name, text, tuple(dict.fromkeys(faults)), ""))
            return ""
        return text

    reply, reflection, wording = held("reply", REPLY), held("reflection", REFLECTION), held("wording", QUESTION)
    question = str(value.get("question") or "")
    fits = question in {each.id for each in talked.ahead}
    return replace(
        found,
        reply=reply,
        reflection=reflection,
        wording=(question, wording) if wording and fits else None,
        replaced=tuple(replaced),
    )


def faulty(text: str, given: Given, most: int) -> Iterator[str]:
    """Yield the names of what is wrong with words of the language model's own."""
    if len(text.split()) > most:
        yield "length"
    for fault in sayable.text("answer", text, given, Own(clear=True)):
        yield fault.rule


def without(found: Heard, flagged: Sequence[tuple[str, str]]) -> Heard:
    """Return what is left when some of it rests on nothing: (name, words) pairs, as ``parts`` names them."""
    texts = parts(found)
    gone = {name for name, _ in flagged if name in texts}
    replaced = (*found.replaced, *(Replaced(name, texts[name], ("premise",), "") for name in sorted(gone)))
    return replace(
        found,
        reply="" if "reply" in gone else found.reply,
        reflection="" if "reflection" in gone else found.reflection,
        wording=None if "wording" in gone else found.wording,
        replaced=replaced,
    )


def parts(found: Heard) -> dict[str, str]:
    """Return what the language model would say, by name."""
    said = {"reply": found.reply, "reflection": found.reflection, "wording": found.wording[1] if found.wording else ""}
    return {name: text for name, text in said.items() if text}
