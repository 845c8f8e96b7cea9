"""One turn with a language model: account and answer as they come, the plan after it was checked twice.

Freedom in what to do, strictness in what happened. A part that fails is asked for once more, then left out; where the
answer or the first step fails twice, the turn goes on by taps. Knows ports; names no vendor.
"""

from __future__ import annotations

import json
from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import aclosing
from dataclasses import replace
from typing import Any

from coach.answering import again, form, presuppositions
from coach.answering.again import Mended, Wanted
from coach.answering.course import Course
from coach.answering.reader import ROUTE, Reader
from coach.answering.reader import Part as Closed
from coach.answering.stages import Established, Made, Routed, Step, Unusable
from coach.domain.turns import Part, Piece, Struck
from coach.domain.violations import Replaced
from coach.errors import LanguageModelTrouble
from coach.planning import assembly, sayable, verifying
from coach.planning.given import Given
from coach.planning.quoted import established, harmed_by_me, mine
from coach.planning.sayable import Fault, Own
from coach.planning.verdict import ruling

MOST_FAULTS = 40


async def steps(course: Course) -> AsyncGenerator[Step]:
    """Yield what happens in a turn, in order. Raises LanguageModelTrouble, and Unusable where it leads nowhere."""
    reader = Reader()
    async with aclosing(_parts(course, reader)) as parts:
        async for part in parts:
            for step in _taken(part, course):
                yield step
    verdict = course.verdict
    if verdict is None:
        raise Unusable("nothing came")
    if not verdict.coached:
        if not course.said:
            raise Unusable("no answer")
        yield Part("status", "checking")
        stands = not verdict.harmful or await _stands(course)
        yield Made(None, False, {}, tuple(course.replaced), stands)
        return
    async for step in _planned(course, reader.whole):
        yield step


async def _stands(course: Course) -> bool:
    """Whether an answer where someone may be harmed can be said: nothing in it is flagged, and nothing was left out."""
    if course.replaced:
        return False
    try:
        look = await presuppositions.look(course.model, course.said, {}, course.given, course.texts, course.until(0.4))
    except LanguageModelTrouble:
        return False
    return not look.flags


async def _parts(course: Course, reader: Reader) -> AsyncGenerator[Closed]:
    schema = form.schema(course.given)
    async with aclosing(course.model.told(course.request, schema, course.until(1))) as pieces:
        async for piece in pieces:
            for part in reader.feed(piece):
                yield part
    for part in reader.end():
        yield part


def _taken(part: Closed, course: Course) -> list[Step]:
    """Take a part that has closed, and return what it leads to at once."""
    if part.name == ROUTE:
        course.verdict = ruling(part.value, course.given)
        course.given = replace(course.given, floor=course.verdict.reading)
        return [Routed(course.verdict)]
    if part.name == "account":
        course.read = established(part.value, course.given, course.people)
        course.held += course.read.faults
        course.given = replace(
            course.given,
            account=course.read.account,
            parties=course.read.parties,
            own_harm=course.given.own_harm or harmed_by_me(course.read.account, course.given),
        )
        return [Established(course.read.account)]
    if part.name == "answer":
        return _sentence(part.value, course)
    return []


def _sentence(text: str, course: Course) -> list[Step]:
    if course.verdict is not None and course.verdict.foreign:
        faults = verifying.foreign_sentence(text)
    else:
        own = Own(bool(mine(course.account, course.given)))
        faults = verifying.answer_sentence(text.strip(), course.given, own, [each.strip() for each in course.said])
    if faults:
        course.held += faults
        course.replaced.append(Replaced("reply", text.strip(), tuple(each.rule for each in faults), ""))
        return []
    course.said.append(text)
    return [Piece(text)]


# ---- the plan, or what becomes of the open one


async def _planned(course: Course, whole: Mapping[str, Any]) -> AsyncGenerator[Step]:
    if not whole:
        raise Unusable("the reply broke off")
    values = _values(whole)
    wanted = whole.get("plan") is not None
    if not values and not course.said:
        raise Unusable("no answer")
    yield Part("status", "checking")
    look = await presuppositions.look(course.model, course.said, values, course.given, course.texts, course.until(0.5))
    own = _own(course, values, look.own_harm)
    faults = verifying.parts(values, course.given, own) + [flag.fault for flag in look.flags]
    faults += _late_apologies(course, own)
    for step in await _mended(course, values, faults, {flag.words: flag.why for flag in look.flags}, own):
        yield step
    if not course.said or (wanted and not values.get("first_step")):
        raise Unusable("the answer or the first step failed twice")
    yield _made(course, whole, values, wanted)


def _values(whole: Mapping[str, Any]) -> dict[str, Any]:
    """Return the parts to be checked: of a plan, else of a patch (its steps, and its texts by their names)."""
    if isinstance(plan := whole.get("plan"), Mapping):
        values = dict(plan)
    else:
        patch = whole.get("patch")
        patch = patch if isinstance(patch, Mapping) else {}
        values = {name: value for name, value in (patch.get("texts") or {}).items() if value}
        if patch.get("next"):
            values["next"] = patch["next"]
        values |= {name: patch[name] for name in form.READ_ANEW if patch.get(name) is not None}
    if whole.get("draft"):
        values["draft"] = whole["draft"]
    return values


def _own(course: Course, values: Mapping[str, Any], second: bool) -> Own:
    """Two of three make an own part clear: the plan, the second call, and the account by tap, journal or floor."""
    acts = mine(course.account, course.given)
    claimed = verifying.own_clear(values.get("own_part"), acts)
    if "own_part" not in values and course.given.plan is not None:
        claimed = course.given.plan.own_part.level.value == "clear"
    return Own(sum((claimed, second, course.given.own_harm)) >= _VOTES)


_VOTES = 2


def _late_apologies(course: Course, own: Own) -> list[Fault]:
    """Return the said sentences that hold an apology which the own part does not bear after all."""
    if own.clear:
        return []
    found = []
    for n, sentence in enumerate(course.said, 1):
        if sorry := sayable.apology(sentence, course.given, whole=False):
            found.append(Fault(f"answer {n}", "apology", sorry))
    return found


async def _mended(
    course: Course, values: dict[str, Any], faults: list[Fault], why: Mapping[str, str], own: Own
) -> list[Step]:
    """Ask once more for what failed; put what came into ``values``, and return the sentences that are withdrawn."""
    course.held += faults
    if not faults:
        return []
    bad = {each.part for each in faults if each.part in values}
    lost = [n for n in range(len(course.said)) if any(each.part == f"answer {n + 1}" for each in faults)]
    sentences = [course.said[n] for n in lost]
    wanted = Wanted(
        faults[:MOST_FAULTS], values, sentences or ([""] if not course.said else []), "".join(course.said), why
    )
    course.asked_again += len(bad) + len(lost)
    try:
        came = await again.ask(course.model, course.request, wanted, course.given, course.texts, course.until(0.7))
        came = await _checked(came, course, own, premises=any(each.rule == "premise" for each in faults))
    except LanguageModelTrouble:
        came = Mended()
    for name in bad:
        old = values.pop(name)
        new = came.parts.get(name)
        if new is not None:
            values[name] = new
        rules = tuple(dict.fromkeys(each.rule for each in faults if each.part == name))
        instead = json.dumps(new, ensure_ascii=False) if new is not None else ""
        course.replaced.append(Replaced(name, json.dumps(old, ensure_ascii=False), rules, instead))
    return _withdrawn(course, lost, came, faults)


def _withdrawn(course: Course, lost: Sequence[int], came: Mended, faults: Sequence[Fault]) -> list[Step]:
    found: list[Step] = []
    for n in reversed(lost):
        sentence = course.said[n]
        instead = came.sentences.get(sentence.strip(), "")
        tail = sentence[len(sentence.rstrip()) :]
        course.said[n : n + 1] = [instead + tail] if instead else []
        rules = tuple(dict.fromkeys(each.rule for each in faults if each.part == f"answer {n + 1}"))
        course.replaced.append(Replaced("reply", sentence.strip(), rules, instead))
        found.append(Struck(sentence, instead))
    return list(reversed(found))


async def _checked(came: Mended, course: Course, own: Own, *, premises: bool) -> Mended:
    """Return what holds of the parts that came again; where a premise failed, the second call looks at them too."""
    parts = {name: value for name, value in came.parts.items() if not verifying.part(name, value, course.given, own)}
    sentences = {
        was: instead for was, instead in came.sentences.items()
        if not instead or not verifying.answer_sentence(instead, course.given, own, [])
    }  # fmt: skip
    if premises and (parts or any(sentences.values())):
        said = [each for each in sentences.values() if each]
        look = await presuppositions.look(course.model, said, parts, course.given, course.texts, course.until(0.4))
        flagged = {flag.part for flag in look.flags}
        parts = {name: value for name, value in parts.items() if name not in flagged}
        bad = {said[int(name.split()[1]) - 1] for name in flagged if name.startswith("answer ")}
        sentences = {was: "" if instead in bad else instead for was, instead in sentences.items()}
    return Mended(parts, sentences)


def _made(course: Course, whole: Mapping[str, Any], values: Mapping[str, Any], wanted: bool) -> Made:
    given, account = course.given, course.account
    answer = "".join(course.said).strip()
    agreed = whole.get("agreed")
    day = agreed.get("day") if isinstance(agreed, Mapping) else None
    left = sum(1 for each in course.replaced if not each.instead)
    assert course.verdict is not None
    frame = assembly.Frame(
        course.new_id(), course.verdict.kind, course.model.name, course.turn_id, course.person_id(account),
        course.findings, course.new_id, course.day(day) if day and given.holds(day) else None,
        course.asked_again, left, len(course.held),
    )  # fmt: skip
    later = {name: whole[name] for name in ("outcome", "agreed") if _holds(whole.get(name), given)}
    if wanted:
        return Made(assembly.plan(values, answer, account, given, frame), False, later, tuple(course.replaced))
    found = whole.get("patch")
    patch: Mapping[str, Any] = found if isinstance(found, Mapping) else {}
    if given.plan is None or not (patch or values.get("draft")):
        return Made(None, False, later, tuple(course.replaced))
    texts = {name: values[name] for name in form.PATCHED if name in values}
    told = whole.get("account")
    corrects = told.get("corrects") if isinstance(told, Mapping) else None
    changed = {
        "next": values.get("next"), "drop": patch.get("drop"), "texts": texts, "draft": values.get("draft"),
        "corrects": corrects, **{name: values[name] for name in form.READ_ANEW if name in values},
    }  # fmt: skip
    came = later.get("outcome") or {}
    tried = came.get("step") if came.get("happened") != "not_done" else None
    made = assembly.patched(given.plan, changed, answer, given, replace(frame, tried=tried))
    return Made(made, True, later, tuple(course.replaced))


def _holds(value: object, given: Given) -> bool:
    """Whether every quote of an outcome or an agreement stands in the new message."""
    if not isinstance(value, Mapping):
        return False
    spans = [each for key, each in value.items() if key not in {"step", "happened"} and each is not None]
    known = "step" not in value or value["step"] in {each.number for each in given.steps}
    return bool(spans) and known and all(given.holds(each) for each in spans)
