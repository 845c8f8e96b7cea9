"""What is said when a step has its outcome. Pure; the words stand in ``prompts/scenes/_after.yaml``.

A move brings its own words, or names the kind of step that they are for. They end in the plan's own sign or stop rule,
so that they speak of this matter. The next word after silence is no thank-you and no second ask.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from coach.domain.accounts import Account
from coach.domain.asks import Happened, Taps
from coach.domain.events import Want
from coach.domain.plans import RepairPlan
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


@dataclass(frozen=True, slots=True)
class NextWord:
    """What the coach says to an outcome, and the message that goes with it ("": none now)."""

    say: str
    draft: str = ""


def next_word(plan: RepairPlan, account: Account | None, happened: Happened, book: Book, texts: Texts) -> NextWord:
    """Return what is said when a plan's step went like this: the move's words, else those of its stance or want.

    What fits every plan stands last, under ``default``.
    """
    key = _ASKED[happened]
    move = book.move(plan.scene)
    after = (move.words.get("after") or {}) if move else {}
    own: Mapping[str, Any] = book.after[after] if isinstance(after, str) else after
    want = plan.want or (account.want if account else None) or Want.CLEAR_UP
    shared = (book.after.get(name, {}) for name in (plan.stance.value, want.value, "default"))
    held: Mapping[str, Any] = next((words[key] for words in (own, *shared) if words.get(key)), {})
    given = {**slots(account.main if account else None), "sign": plan.sign_of_success, "stop": plan.stop_rule}

    def say(source: str | None) -> str:
        text = texts.fill(source, given) if source else ""
        return text[:1].upper() + text[1:]

    return NextWord(say(held.get("say")), say(held.get("draft")))


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
