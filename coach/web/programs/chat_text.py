"""A turn as chat text: the answer, the plan, the ask card as numbered choices; and such choices read as taps.

Only what was chosen is established: a reply that is not made of the marks that were shown is words. Knows no HTTP.
"""

from __future__ import annotations

from collections.abc import Sequence
from string import ascii_lowercase

from coach.domain.asks import Ask, Doubt, EventChoice, TappedEvent, TappedPerson, Taps
from coach.domain.plans import MadeBy, RepairPlan
from coach.domain.turns import Turn
from coach.reading.choices import typed
from coach.web.labels import ANSWERS, LATER, WANTS, later_taps
from coach.web.renderer import fragment

_MOST_EVENTS, _MOST_WANTS = 6, 6
_OTHER = "somebody else"


def plan_text(plan: RepairPlan) -> str:
    """Return a plan as one screen of Markdown, followed by what can be answered to it."""
    return f"\n\n{fragment('_chat_plan.txt', plan=plan).strip()}\n"


def choices_text(turn: Turn) -> str:
    """Return what can be chosen after a turn: the card, the answers about harm, or how a step went; "" for nothing."""
    if turn.doubt is not None:
        return _choices(turn.doubt.question, [ANSWERS[each] for each in turn.doubt.options])
    if turn.ask is not None:
        return _card(turn.ask)
    if turn.plan is not None and turn.plan.made_by is not MadeBy.SKELETON:
        return _choices("When it is done, or to change it, reply with a number:", list(LATER))
    return ""


def _choices(question: str, answers: Sequence[str]) -> str:
    marked = [(str(number), answer) for number, answer in enumerate(answers, 1)]
    return f"\n\n{fragment('_chat_choices.txt', question=question, answers=marked).strip()}\n"


def _card(ask: Ask) -> str:
    people = [*(each.call for each in ask.people), _OTHER]
    events, wants = _events(ask), ask.wants[:_MOST_WANTS]
    letters = ascii_lowercase[: len(events) + len(wants)]
    text = fragment(
        "_chat_ask.txt",
        people=[(str(number), call) for number, call in enumerate(people, 1)],
        events=list(zip(letters, (each.chip for each in events), strict=False)),
        wanted=list(zip(letters[len(events) :], (WANTS[want] for want in wants), strict=False)),
        example=f"1 {letters[:1]} {letters[len(events) : len(events) + 1]}",
        other=len(people),
        letter=letters[:1],
    )
    return f"\n\n{text.strip()}\n"


def _events(ask: Ask) -> Sequence[EventChoice]:
    every = {line.id: line for line in (*ask.first, *(line for group in ask.groups for line in group.options))}
    return list(every.values())[:_MOST_EVENTS]


def taps_of(text: str, before: Turn) -> Taps | None:
    """Return the taps that a reply stands for, None when it is words."""
    said = text.strip()
    if before.doubt is not None:
        return _doubted(said, before.doubt)
    if before.ask is not None:
        return _tapped(said, before.ask)
    if before.plan is not None and before.plan.made_by is not MadeBy.SKELETON:
        return _later(said)
    return None


def _doubted(said: str, doubt: Doubt) -> Taps | None:
    at = _number(said, len(doubt.options))
    return None if at is None else doubt.taps(at)


def _later(said: str) -> Taps | None:
    at = _number(said, len(LATER))
    return None if at is None else later_taps(at)


def _tapped(said: str, ask: Ask) -> Taps | None:
    events, wants = _events(ask), ask.wants[:_MOST_WANTS]
    name, marks = _split(said, len(ask.people) + 1)
    numbers = [int(mark) for mark in marks if mark.isdecimal()]
    letters = [ascii_lowercase.find(mark) for mark in marks if not mark.isdecimal()]
    if not marks or len(numbers) > 1 or any(not 1 <= each <= len(ask.people) + 1 for each in numbers):
        return None
    if any(not 0 <= each < len(events) + len(wants) for each in letters):
        return None
    person = _person(ask, numbers[0], name) if numbers else None
    if numbers and person is None:
        return None
    chosen = [events[each] for each in letters if each < len(events)]
    wanted = [wants[each - len(events)] for each in letters if each >= len(events)]
    return Taps(
        ask_id=ask.id,
        people=(person,) if person else (),
        main=person.id if person else None,
        events=tuple(TappedEvent(each.id) for each in chosen),
        want=wanted[0] if wanted else None,
    )


def _split(said: str, other: int) -> tuple[str, list[str]]:
    """Return the name that follows the number of "somebody else", and the marks: numbers and single letters."""
    first, _, rest = said.partition(" ")
    if first == str(other) and rest and not rest[:2].strip().rstrip(",").islower():
        name, _, more = rest.partition(",")
        return name.strip(), [first, *_marks(more)]
    return "", _marks(said)


def _marks(text: str) -> list[str]:
    words = text.lower().replace(",", " ").replace(".", " ").replace("·", " ").split()
    marks = [mark for word in words for mark in (_apart(word) if len(word) <= 3 else [word])]
    return marks if all(mark.isdecimal() or len(mark) == 1 for mark in marks) else []


def _apart(word: str) -> list[str]:
    """Return "1a" as "1" and "a"."""
    digits = word.rstrip(ascii_lowercase)
    return [digits, *word[len(digits) :]] if digits.isdecimal() else [word]


def _person(ask: Ask, number: int, name: str) -> TappedPerson | None:
    if number <= len(ask.people):
        return ask.people[number - 1].tapped()
    return typed(name) if name else None


def _number(said: str, most: int) -> int | None:
    shown = said.rstrip(".")
    return int(shown) - 1 if shown.isdecimal() and len(shown) < 4 and 1 <= int(shown) <= most else None
