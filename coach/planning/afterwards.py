"""What is said when a step has its outcome. Pure; the words stand in the scenes, and in ``prompts/scenes/_after.yaml``.

They follow from what the step did, from what is open after it, and from how it went: in the words of the scene the plan
was made of, where it has any. After silence nothing is thanked for and nothing asked again, but what is due to the
user: once, and only where no other step is for it.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from coach.domain.accounts import Account
from coach.domain.acts import REMINDED, Act, Follows, fits
from coach.domain.asks import Happened, Taps
from coach.domain.events import Want
from coach.domain.plans import RepairPlan, Step
from coach.domain.principles import Stance
from coach.planning import alongside
from coach.planning.moves import Book
from coach.planning.slots import slots
from coach.ports import Texts

_ASKED = {
    Happened.WENT_WELL: "went_well",
    Happened.MIXED: "went_badly",
    Happened.WENT_BADLY: "went_badly",
    Happened.NO_ANSWER: "no_answer",
    Happened.NOT_DONE: "not_done",
}
_BY_WANT = {
    Want.SET_LIMIT: Act.LIMITED,
    Want.ANSWER_THEM: Act.ANSWERED,
    Want.GET_CLOSER: Act.INVITED,
    Want.KEEP_WARM: Act.PLEASED,
    Want.THANK: Act.THANKED,
}
"""What a step does where no move says so and its plan is for nothing else: a language model's, or an earlier one."""


@dataclass(frozen=True, slots=True)
class NextWord:
    """What the coach says to an outcome, and the message that goes with it ("": none now)."""

    say: str
    draft: str = ""


def next_word(
    plan: RepairPlan,
    step: Step,
    account: Account | None,
    happened: Happened,
    book: Book,
    texts: Texts,
    done: Collection[str] = (),
) -> NextWord:
    """Return what is said when a step of a plan went like this. ``done``: ids of the steps that have their outcome."""
    key = _ASKED[happened]
    own, held = _words(plan, step, account, key, book)
    following = _following(plan, step, done)
    open_ = following is not None and fits(following.follows, happened)
    last = _rests(step, following, happened)
    given = {
        **slots(account.main if account else None),
        "sign": plan.sign_of_success,
        "stop": plan.stop_rule.partition(". ")[2],
        "cue": _lower(following.cue) if following else "",
        "aside": step.act is Act.SET_STRAIGHT and following is not None and following.act is not Act.KEPT_BACK,
        "action": following.action.removeprefix("then ") if following else "",
    }
    lines: Mapping[str, str] = book.after["lines"]["went_well" if happened is Happened.MIXED else key]

    def say(source: str | None, **more: object) -> str:
        text = texts.fill(source, {**given, **more}).strip() if source else ""
        return text[:1].upper() + text[1:]

    parts = [held.get("say"), held.get("last") if last else None]
    if following is not None:
        parts.append(lines.get((following.follows or "next") if open_ else "waits"))
    elif not own:
        parts.append(lines.get("end"))
    move = book.move(plan.scene)
    if move is not None and account is not None and happened is Happened.WENT_WELL:
        given["who"], given["line"] = alongside.still_due(move, account, book, say)
        parts.append(lines.get("due") if given["line"] else None)
    draft = held.get("draft") if last or happened is Happened.WENT_WELL else None
    return NextWord(" ".join(filter(None, map(say, parts))), say(draft))


def _words(
    plan: RepairPlan, step: Step, account: Account | None, key: str, book: Book
) -> tuple[bool, Mapping[str, Any]]:
    """Return whether its scene has words of its own for what a step does, and the words: these, the act's, or any's."""
    want = plan.want or (account.want if account else None)
    owning = Act.OWNED if plan.stance is Stance.REPAIR_OWN_HARM else None
    act = step.act or owning or (_BY_WANT.get(want) if want else None)
    own = (words.get(act, {}).get(key) for words in book.words_after(plan.scene)) if act else iter(())
    if held := next(filter(None, own), None):
        return True, held
    shared: Mapping[str, Any] = book.after.get(act, {}) if act else {}
    return False, shared.get(key) or book.after["default"][key]


def _rests(step: Step, following: Step | None, happened: Happened) -> bool:
    """Return whether nothing is open that takes the place of the last word: that nothing is sent, or one reminder."""
    if following is None or following.follows is Follows.STANDBY or not fits(following.follows, happened):
        return True
    silent = happened is Happened.NO_ANSWER and following.follows is not Follows.UNANSWERED
    return silent and step.act in REMINDED


def _following(plan: RepairPlan, step: Step, done: Collection[str]) -> Step | None:
    """Return the next step of the plan that has no outcome yet."""
    later = False
    for each in plan.steps:
        if later and each.id not in done:
            return each
        later = later or each.id == step.id
    return None


def _lower(text: str) -> str:
    first = text.split(" ", 1)[0]
    return text if first == "I" or first[1:2].isupper() else text[:1].lower() + text[1:]


def pressed(plan: RepairPlan, tapped: Taps, texts: Texts) -> str:
    """Return what was tapped under a plan in words, for a language model."""
    ids = [step.id for step in plan.steps]
    happened = tapped.happened.value if tapped.happened else ""
    return texts.render(
        "answering/tapped.fixed",
        about="happened" if happened else tapped.action.value if tapped.action else "",
        step=ids.index(tapped.step_id) + 1 if tapped.step_id in ids else 1,
        happened=happened,
        words=tapped.words or "",
    )
