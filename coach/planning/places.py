"""Fits the lines of a move to where the other person is. Pure; the rows are in ``words/places``.

Where nobody said where they are, a line stands as it was written: it offers more than one way. Somebody elsewhere is
not gone to, and who looks for words to them is given some that can be sent. Knows our own lines; reads no letter.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from coach.domain.accounts import Account
from coach.domain.acts import Act
from coach.domain.drafts import Purpose
from coach.domain.events import Catalogue, Want
from coach.domain.plans import Step, Suggested
from coach.ports import Texts
from coach.rows import rows

_FAR = frozenset({"remote", "they_are_elsewhere"})
_WORDS_WANTED = frozenset({Want.FIND_WORDS, Want.ANSWER_THEM})
_SENT = {
    Act.OWNED: Purpose.APOLOGY,
    Act.OWNED_OFFER: Purpose.APOLOGY,
    Act.OWNED_QUESTION: Purpose.APOLOGY,
    Act.THANKED: Purpose.THANKS,
    Act.PLEASED: Purpose.THANKS,
    Act.ASKED: Purpose.ASK,
    Act.ASKED_TALK: Purpose.ASK,
    Act.ASKED_DUE: Purpose.ASK,
    Act.ASKED_VIEW: Purpose.ASK,
    Act.ASKED_CHANGE: Purpose.ASK,
    Act.ASKED_CORRECTION: Purpose.ASK,
    Act.ASKED_FAVOUR: Purpose.ASK,
    Act.PROPOSED: Purpose.ASK,
    Act.SAID: Purpose.OTHER,
    Act.ANSWERED: Purpose.OTHER,
    Act.INVITED: Purpose.OTHER,
    Act.OFFERED: Purpose.OTHER,
    Act.CONDOLED: Purpose.OTHER,
}
"""What a step may do in a message to the person the plan is about, and what the message is for."""
_ASIDE = frozenset({Act.REPORTED, Act.CONFIDED, Act.SET_STRAIGHT, Act.NOTED, Act.KEPT_BACK})
"""What a step does towards somebody else, or for oneself."""


def elsewhere(account: Account, catalogue: Catalogue) -> bool:
    """Return whether it is established that the person is in another place."""
    return bool(account.held(catalogue) & _FAR)


def fitted(line: str) -> str:
    """Return a line for somebody elsewhere: where it offers to go to them or to ring, it says to ring."""
    for row in rows("words/places"):
        if "far" in row.more:
            line = row.pattern.sub(str(row.more["far"]), line)
    return line


def placed(steps: tuple[Step, ...], texts: Texts, *, far: bool) -> tuple[Step, ...]:
    """Return steps: towards somebody elsewhere, a cue that counts on a minute with them has a way to reach them."""

    def reached(step: Step) -> Step:
        if step.act in _ASIDE or not _is(step.cue, "meets") or _is(step.cue, "way"):
            return step
        return replace(step, cue=texts.render("elsewhere.fixed", cue=step.cue, sent=step.act in _SENT))

    return tuple(map(reached, steps)) if far else steps


def message(
    words: Mapping[str, Any], first: Step, account: Account, catalogue: Catalogue, say: Callable[[str | None], str]
) -> Suggested | None:
    """Return the message that goes with a plan: the move's own, else the first words to somebody elsewhere.

    Those are offered where words were wanted and the move does not ask for the voice.
    """
    if own := words.get("draft"):
        return Suggested(Purpose(own["purpose"]), say(own["text"]))
    purpose = _SENT.get(first.act) if first.act else None
    asked = account.want in _WORDS_WANTED and elsewhere(account, catalogue)
    if not first.say or purpose is None or not asked or _is(f"{words['headline']} {words['first']['do']}", "voice"):
        return None
    return Suggested(purpose, first.say)


def _is(line: str, key: str) -> bool:
    return any(row.pattern.search(line) for row in rows("words/places") if row.more.get(key))
