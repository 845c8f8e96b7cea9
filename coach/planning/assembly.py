"""The plan that the parts of a TurnAnswer make, or what becomes of the open one. Pure.

Code keeps what must not be left to a language model: ids, days from ``in_days``, quotes of cards, the stance, what was
seen. Only parts that were checked come here; a part that was left out stays empty.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Container, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from coach.domain.accounts import ME, Account, Told
from coach.domain.drafts import Purpose
from coach.domain.events import Want
from coach.domain.plans import (
    Checked,
    Finding,
    Guessed,
    MadeBy,
    Missing,
    OtherSide,
    OwnPart,
    OwnPartLevel,
    RepairPlan,
    Seen,
    Step,
    Suggested,
)
from coach.domain.readings import Kind
from coach.domain.workdays import workday
from coach.planning.composition import stance_of
from coach.planning.given import Given

DAYS_TO_CHECK = 7
"""Days after which a plan is looked at again where the language model named no fit number."""

_THEN = re.compile(r"^then\s+", re.IGNORECASE)
_PURPOSES = {Want.THANK: Purpose.THANKS, Want.KEEP_WARM: Purpose.THANKS, Want.CLEAR_UP: Purpose.ASK}


@dataclass(frozen=True, slots=True)
class Frame:
    """What a plan has from elsewhere than its parts. ``tried``: the number of a step that something came of."""

    id: str
    kind: Kind
    language_model: str
    turn_id: str
    person_id: str | None
    findings: tuple[Finding, ...]
    new_id: Callable[[], str]
    agreed: date | None = None
    asked_again: int = 0
    left_out: int = 0
    found: int = 0
    tried: int | None = None


def plan(value: Mapping[str, Any], answer: str, account: Account, given: Given, frame: Frame) -> RepairPlan:
    """Return the plan of checked parts; ``answer`` is what was said."""
    own = _own_part(value.get("own_part"))
    every = [value.get("first_step"), *(value.get("more_steps") or ())]
    steps = [each for each in every if isinstance(each, Mapping)]
    today = given.now.date()
    check = value.get("check_in_days")
    days = check if isinstance(check, int) and 2 <= check <= 21 else DAYS_TO_CHECK
    looked_at = workday(today + timedelta(days=days))
    made = _in_order([step(each, given, frame, looked_at if n else None) for n, each in enumerate(steps)])
    return RepairPlan(
        id=frame.id,
        created_at=given.now,
        person_id=frame.person_id,
        kind=frame.kind,
        stance=stance_of(own.level, account.want, says=bool(made and made[0].say)),
        headline=_text(value.get("headline")),
        seen=_sure(seen(account, frame.turn_id), value.get("guessed") or ()),
        guessed=_guessed(value.get("guessed")),
        readings=_readings(value.get("readings")),
        own_part=own,
        missing=missing(value.get("missing")),
        findings=frame.findings,
        steps=made,
        if_it_goes_badly=_text(value.get("if_badly")),
        stop_rule=_text(value.get("stop")),
        check_on=max((looked_at, *(each.due for each in made))),
        sign_of_success=_text(value.get("sign")),
        unknowns=tuple(_text(each) for each in value.get("unknowns") or ()),
        citations=tuple(dict.fromkeys(citation for each in made for citation in each.citations)),
        checked=Checked(frame.found, 0, frame.language_model, frame.asked_again, frame.left_out),
        answer=answer or None,
        want=account.want,
        made_by=MadeBy.LANGUAGE_MODEL,
        draft=suggested(value.get("draft"), own.level, account.want),
    )


def patched(open_plan: RepairPlan, patch: Mapping[str, Any], answer: str, given: Given, frame: Frame) -> RepairPlan:
    """Return the open plan as a patch leaves it; open steps stay unless they are dropped or replaced."""
    steps: dict[int, Step] = dict(enumerate(open_plan.steps, 1))
    fresh: set[int] = set()
    for number in patch.get("drop") or ():
        steps.pop(number, None)
    for each in patch.get("next") or ():
        number = each.get("replaces") or 0
        place = number if number in steps or number in range(1, len(open_plan.steps) + 1) else max([0, *steps]) + 1
        steps[place] = step(each, given, frame)
        fresh.add(place)
    made = tuple(steps[number] for number in _to_do_first(steps, fresh, frame.tried)) or open_plan.steps
    texts = {key: value for key, value in (patch.get("texts") or {}).items() if value}
    checked = open_plan.checked
    return replace(
        open_plan,
        headline=texts.get("headline", open_plan.headline),
        guessed=_guessed(patch["guessed"]) if "guessed" in patch else open_plan.guessed,
        readings=_readings(patch["readings"]) if "readings" in patch else open_plan.readings,
        missing=missing(texts["missing"]) if "missing" in texts else open_plan.missing,
        if_it_goes_badly=texts.get("if_badly", open_plan.if_it_goes_badly),
        stop_rule=texts.get("stop", open_plan.stop_rule),
        sign_of_success=texts.get("sign", open_plan.sign_of_success),
        steps=made,
        citations=tuple(dict.fromkeys(citation for each in made for citation in each.citations)),
        check_on=max((open_plan.check_on, *(each.due for each in made))),
        answer=answer or open_plan.answer,
        made_by=MadeBy.LANGUAGE_MODEL,
        draft=_draft(open_plan, patch),
        checked=replace(
            checked,
            language_model=frame.language_model,
            parts_asked_again=checked.parts_asked_again + frame.asked_again,
            parts_left_out=checked.parts_left_out + frame.left_out,
            violations_found=checked.violations_found + frame.found,
        ),
    )


def _to_do_first(steps: Mapping[int, Step], fresh: Container[int], tried: int | None) -> list[int]:
    """Return the numbers of steps in order: once something came of one, what is new comes first and that one last."""
    if tried is None:
        return sorted(steps)
    return sorted(steps, key=lambda number: (number == tried, number not in fresh, number))


def _guessed(values: Sequence[Mapping[str, Any]] | None) -> tuple[Guessed, ...]:
    return tuple(Guessed(each["words"], each["question"]) for each in values or ())


def _readings(values: Sequence[Mapping[str, Any]] | None) -> tuple[OtherSide, ...]:
    return tuple(OtherSide(each["text"], bool(each.get("mine"))) for each in values or ())


def _draft(open_plan: RepairPlan, patch: Mapping[str, Any]) -> Suggested | None:
    """Return the message after a patch: the new one, else the old one as long as no step was changed under it."""
    fresh = suggested(patch.get("draft"), open_plan.own_part.level, open_plan.want)
    changed = bool(patch.get("next") or patch.get("drop") or patch.get("corrects"))
    return fresh if fresh is not None or changed else open_plan.draft


def step(value: Mapping[str, Any], given: Given, frame: Frame, open_until: date | None = None) -> Step:
    """Return a step with its day and its citation. ``open_until``: its day where it waits for something to happen.

    A day that was named stays, a Sunday too: it may be when they meet.
    """
    today, days = given.now.date(), value.get("in_days")
    due = today + timedelta(days=days) if days is not None else frame.agreed or open_until or workday(today)
    citation = given.citation(value.get("card"), value.get("sentence"))
    return Step(
        id=frame.new_id(),
        cue=_text(value.get("cue")),
        action=_THEN.sub("", _text(value.get("do"))),
        say=_text(value.get("say")),
        avoid=_text(value.get("avoid")),
        channel=_text(value.get("channel")) or "any",
        minutes=int(value.get("minutes") or 5),
        due=due,
        why=_text(value.get("why")),
        citations=(citation,) if citation else (),
        rests_on=tuple(str(number) for number in value.get("rests_on") or () if given.sentence(number)),
    )


def seen(account: Account, turn_id: str | None) -> tuple[Seen, ...]:
    """Return what the user told of acts, each span once; what somebody else told, or a wish, is not seen."""
    told = [each for each in account.events if each.words and each.told_by == ME and not _wished(each, account)]
    once = {each.words: Seen(each.words or "", each.moment_id, turn_id, each.sentence) for each in told}
    return tuple(once.values())


def _wished(told: Told, account: Account) -> bool:
    """Whether an event is nobody's act and stands in what was asked: "How do I keep her?" tells of no keeping."""
    return told.doer is None and any((told.words or "") in each for each in account.asked)


def _sure(found: tuple[Seen, ...], guessed: Sequence[Mapping[str, Any]]) -> tuple[Seen, ...]:
    """Return what was seen without words that the plan calls a guess."""
    guesses = [_text(each.get("words")).casefold() for each in guessed]
    return tuple(each for each in found if not any(guess and guess in each.text.casefold() for guess in guesses))


def _in_order(steps: list[Step]) -> tuple[Step, ...]:
    """Return the steps, none of them due before the one it follows."""
    for n in range(1, len(steps)):
        steps[n] = replace(steps[n], due=max(steps[n].due, steps[n - 1].due))
    return tuple(steps)


def missing(value: object) -> Missing:
    """Return the missing fact and its question, empty where the part was left out."""
    if not isinstance(value, Mapping):
        return Missing("", "")
    return Missing(_text(value.get("fact")), _text(value.get("question")), _text(value.get("ask")) or "them")


def suggested(text: object, level: OwnPartLevel, want: Want | None) -> Suggested | None:
    """Return the message that goes with a plan, with its purpose."""
    if not isinstance(text, str) or not text.strip():
        return None
    clear = level is OwnPartLevel.CLEAR
    return Suggested(Purpose.APOLOGY if clear else _PURPOSES.get(want or Want.DECIDE, Purpose.OTHER), text.strip())


def _own_part(value: object) -> OwnPart:
    if not isinstance(value, Mapping):
        return OwnPart(OwnPartLevel.NONE, "")
    rests = tuple(str(number) for number in value.get("rests_on") or ())
    return OwnPart(OwnPartLevel(value["level"]), _text(value.get("sentence")), rests)


def _text(value: object) -> str:
    return value.strip() if isinstance(value, str) else ""
