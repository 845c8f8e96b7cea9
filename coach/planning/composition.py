"""Puts a plan together: an account and the move that fits it, or the skeleton that presupposes nothing. Pure.

Time enters as ``now`` (the user's own), ids through ``new_id``. Steps are if–then plans (Gollwitzer & Sheeran 2006).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from coach.domain.accounts import Account, Established
from coach.domain.acts import Act
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
)
from coach.domain.principles import Principle, Stance
from coach.domain.readings import Kind
from coach.domain.workdays import workday
from coach.planning import alongside, citations
from coach.planning.deadlines import in_time
from coach.planning.moves import SKELETON, STEPS, Book, Move
from coach.planning.places import elsewhere, fitted, message, placed
from coach.planning.slots import slots
from coach.ports import Texts

SUPPORT = {
    Stance.REPAIR_OWN_HARM: "apology-parts",
    Stance.ASK_FIRST: "ask-dont-imagine",
    Stance.SET_BOUNDARY: "sbi",
}
"""The evidence card that supports a first step of each stance."""

_STANCES = {
    Want.SET_LIMIT: Stance.SET_BOUNDARY,
    Want.KEEP_WARM: Stance.TEND,
    Want.THANK: Stance.TEND,
    Want.GET_CLOSER: Stance.REACH_OUT,
}
_KINDS = {
    Want.JUST_KEEP: Kind.JOURNAL,
    Want.FIND_WORDS: Kind.MESSAGE,
    Want.ANSWER_THEM: Kind.MESSAGE,
    Want.KEEP_WARM: Kind.MAINTAIN,
    Want.THANK: Kind.MAINTAIN,
    Want.GET_CLOSER: Kind.CONNECT,
}


@dataclass(frozen=True, slots=True)
class Ground:
    """What a plan is made from, apart from its move. ``cards`` by id; ``own``: a pack's card that fits the matter."""

    account: Account
    now: datetime
    cards: Mapping[str, Principle]
    turn_id: str | None = None
    person_id: str | None = None
    findings: Sequence[Finding] = ()
    own: Sequence[Principle] = ()


def compose(move: Move, ground: Ground, book: Book, texts: Texts, new_id: Callable[[], str]) -> RepairPlan:
    """Return the plan that a move makes of an account."""
    account, words = ground.account, move.words
    given, far = slots(account.main, account.want, _noted(account)), elsewhere(account, book.catalogue)

    def say(source: str | None, **more: object) -> str:
        line = texts.fill(source, {**given, **more}) if source else ""
        return _upper(fitted(line) if far else line)

    own = _own_part(move, account, book, say)
    stance = stance_of(own.level, account.want, says=bool(say(words["first"].get("say"))))
    support = _support(stance, move, say(words["first"].get("say")), ground.cards)
    steps = placed(_steps(move, ground, support, say, new_id), texts, far=far)
    steps = in_time(steps, account.deadline, ground.now.date(), texts)
    return RepairPlan(
        id=new_id(),
        created_at=ground.now,
        person_id=ground.person_id,
        kind=kind_of(account, book),
        stance=stance,
        headline=say(words["headline"]),
        seen=seen(account, book, ground.turn_id),
        guessed=tuple(Guessed(say(each["text"]), say(each["question"])) for each in words.get("guessed", ())),
        readings=tuple(OtherSide(say(each["text"]), bool(each.get("mine"))) for each in words.get("readings", ())),
        own_part=alongside.own_part(own, move, account, book, say),
        missing=Missing(say((question := words.get("question") or {}).get("fact")), say(question.get("ask"))),
        findings=tuple(ground.findings),
        steps=steps,
        if_it_goes_badly=say(words.get("badly")),
        stop_rule=say(words["stop"]),
        check_on=workday(steps[-1].due + timedelta(days=3)),
        sign_of_success=say(words["sign"]),
        unknowns=tuple(say(each) for each in words.get("unknown", ())),
        citations=tuple(dict.fromkeys(citation for step in steps for citation in step.citations)),
        checked=Checked(0, 0),
        scene=move.name,
        answer=alongside.answer(move, account, book, say),
        want=account.want,
        made_by=MadeBy.SCENE,
        draft=message(words, steps[0], account, book.catalogue, say),
    )


def skeleton(account: Account, ground: Ground, texts: Texts, new_id: Callable[[], str]) -> RepairPlan:
    """Return the plan that is right whatever happened: one small step about the user's own notes, and nobody else."""
    words = texts.moves[SKELETON]["moves"][0]

    def say(source: str | None) -> str:
        return texts.fill(source, {}) if source else ""

    step = replace(_step(words["first"], 0, ground, None, say, new_id), act=Act.NOTED)
    return RepairPlan(
        id=new_id(),
        created_at=ground.now,
        person_id=None,
        kind=Kind.JOURNAL,
        stance=Stance.WAIT,
        headline=say(words["headline"]),
        seen=(),
        guessed=(),
        readings=(),
        own_part=OwnPart(OwnPartLevel.NONE, ""),
        missing=Missing("", ""),
        findings=(),
        steps=(step,),
        if_it_goes_badly="",
        stop_rule=say(words["stop"]),
        check_on=workday(step.due + timedelta(days=3)),
        sign_of_success=say(words["sign"]),
        unknowns=(),
        citations=step.citations,
        checked=Checked(0, 0),
        scene=f"{SKELETON}/note",
        want=account.want,
        made_by=MadeBy.SKELETON,
    )


def seen(account: Account, book: Book, turn_id: str | None) -> tuple[Seen, ...]:
    """Return what is established, each as it was quoted or tapped."""
    found = []
    for told in account.events:
        if told.words or told.event in book.catalogue:
            words = told.words or alongside.tapped_line(told, account, book.catalogue)
            found.append(Seen(words, told.moment_id, None if told.moment_id else turn_id, told.sentence))
    return tuple(dict.fromkeys(found))


def _noted(account: Account) -> str:
    """Return the words of the journal that a plan is about: those of the last moment told."""
    words = [told.words for told in account.events if told.established is Established.JOURNAL and told.words]
    return words[-1] if words else ""


def _own_part(move: Move, account: Account, book: Book, say: alongside.Say) -> OwnPart:
    """Return the own part of a move. It is clear on an act of the user's alone: an event, or a fact the move needs."""
    words: Mapping[str, str] | None = move.words.get("own_part")
    if not words:
        return OwnPart(OwnPartLevel.NONE, "")
    level = OwnPartLevel(words["level"])
    mine = tuple(dict.fromkeys(told.event for told in account.by_me(book.catalogue)))
    if level is OwnPartLevel.CLEAR and not mine:
        mine = tuple(fact.fact for fact in account.facts if fact.fact in move.needs)
        level = OwnPartLevel.CLEAR if mine else OwnPartLevel.POSSIBLE
    return OwnPart(level, say(words["sentence"]), mine)


def stance_of(own: OwnPartLevel, want: Want | None, *, says: bool) -> Stance:
    """Return where the user stands. ``says``: whether the first step has words to say."""
    if own is OwnPartLevel.CLEAR:
        return Stance.REPAIR_OWN_HARM
    stance = _STANCES.get(want, Stance.ASK_FIRST) if want else Stance.ASK_FIRST
    return Stance.WAIT if not says and stance in {Stance.ASK_FIRST, Stance.SET_BOUNDARY} else stance


def _support(stance: Stance, move: Move, said: str, cards: Mapping[str, Principle]) -> Principle | None:
    """Return the evidence card for a first step: on asking where it asks, on apologising where no sorry was said."""
    if stance is Stance.ASK_FIRST and "?" not in said:
        return None
    if stance is Stance.REPAIR_OWN_HARM and (not said or "i_apologised" in move.covers):
        return None
    return cards.get(SUPPORT.get(stance, ""))


def kind_of(account: Account, book: Book) -> Kind:
    """Return the kind of message that an account makes: by its want, and by the group of its first event."""
    events = [book.catalogue.entry(each) for each in account.event_ids if each in book.catalogue]
    if events and events[0].group == "lead" and account.want is not Want.JUST_KEEP:
        return Kind.LEADER_SESSION
    return _KINDS.get(account.want, Kind.REPAIR) if account.want else Kind.REPAIR


def _steps(
    move: Move,
    ground: Ground,
    support: Principle | None,
    say: alongside.Say,
    new_id: Callable[[], str],
) -> tuple[Step, ...]:
    """Return the steps of a move, each with what it does, the second with the outcome of the first it is for."""
    there = [move.words[key] for key in STEPS if move.words.get(key)]
    made = [_step(words, order, ground, support, say, new_id) for order, words in enumerate(there)]
    known = [replace(step, act=act) for step, act in zip(made, move.acts or (None, None), strict=False)]
    return (*known[:1], *(replace(step, follows=move.follows) for step in known[1:]))


def _step(
    words: Mapping[str, Any],
    order: int,
    ground: Ground,
    support: Principle | None,
    say: alongside.Say,
    new_id: Callable[[], str],
) -> Step:
    due = workday(ground.now.date() + timedelta(days=int(words["days"])))
    action, why = say(words["do"]), say(words["why"])
    near = f"{action} {say(words.get('say'))} {why}"
    cited = [citations.cite(ground.cards[words["card"]], near)]
    if order == 0:
        cited += [citations.cite(card, near) for card in ground.own]
        if support is not None and support.id != words["card"]:
            cited.append(citations.cite(support, near))
    return Step(
        id=new_id(),
        cue=say(words["cue"]),
        action=f"then {_lower(action)}",
        say=say(words.get("say")),
        avoid=_lower(say(words.get("avoid"))),
        channel=words["channel"],
        minutes=int(words["minutes"]),
        due=due,
        why=why,
        citations=tuple(cited),
        rests_on=ground.account.event_ids[:1],
    )


def _upper(text: str) -> str:
    return text[:1].upper() + text[1:]


def _lower(text: str) -> str:
    """Return a line so that it can follow "then": in lower case, unless it begins with a name or "I"."""
    first = text.split(" ", 1)[0]
    return text if first == "I" or first[1:2].isupper() or not first[:1].isupper() else text[:1].lower() + text[1:]
