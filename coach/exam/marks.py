"""What has to be right about each answer of the exam, checked by what a real turn is checked with. Pure.

A fault is a name, which ``prompts/exam`` puts into a sentence, and the words it is about.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from coach.answering import form
from coach.answering.course import Course
from coach.answering.stages import Made
from coach.domain.accounts import Party
from coach.domain.letters import straight
from coach.planning.quoted import mine
from coach.planning.verifying import own_clear

MOST_FAILED_PARTS = 2
"""So many parts beside the answer and the first step may be asked for again."""

Fault = tuple[str, str]
"""Why an answer is wrong, by its name in ``exam/wrong.fixed``, and the words it is about."""

Misfit = Callable[[Mapping[str, Any], Mapping[str, object]], str | None]
"""(value, schema) → where JSON has another form than its schema, None where it has not."""


@dataclass(frozen=True, slots=True)
class Paper:
    """One letter, and what has to be right about its answer; the head of ``prompts/exam/letters.yaml`` tells each."""

    id: str
    about: str
    letter: str
    fits: Sequence[str]
    must: bool = False
    main: str = ""
    events: Sequence[str] = ()
    by: str = ""
    own: int | None = None
    asked: int = 0
    plan: bool = True
    never: Sequence[str] = ()
    language: str = ""
    outcome: Sequence[str] = ()
    agreed: str = ""
    whole: bool = False
    earlier: Mapping[str, Any] = field(default_factory=dict)


def faults(
    paper: Paper,
    course: Course,
    made: Made | None,
    whole: Mapping[str, Any],
    misfit: Misfit,
    language: Callable[[str], str],
) -> Iterator[Fault]:
    """Yield what is wrong with an answer, the gravest first."""
    schema = form.accepted(course.given)
    wanted: Mapping[str, object] = schema if paper.whole else _loose(schema)
    if not whole:
        yield "nothing", ""
    elif place := misfit(whole, wanted):
        yield "form", place
    if whole.get("fits") not in paper.fits:
        yield "fits", str(whole.get("fits")).replace("_", " ")
    if paper.fits[0] in {"needs_help", "doubt"} and not course.given.holds(whole.get("harm_words")):
        yield "quote", str(whole.get("harm_words") or "")
    said = straight(" ".join(_texts(whole))).casefold()
    yield from (("never", words) for words in paper.never if words in said)
    yield from _account(paper, course)
    yield from _plan(paper, course, made, whole)
    if paper.language and language(str(whole.get("answer"))) != paper.language:
        yield "language", ""
    yield from _parts(course)


def _account(paper: Paper, course: Course) -> Iterator[Fault]:
    """Yield what is wrong with what is said to have happened: quotes, persons, events."""
    yield from (("quote", fault.words) for fault in course.held if fault.part == "account" and fault.rule == "quote")
    yield from (("account", fault.words) for fault in course.held if fault.part == "account")
    main = course.account.main
    if paper.main and (main is None or paper.main not in _called(main)):
        yield "main", paper.main
    read = [told for told in course.account.events if told.event in paper.events]
    parties = {each.id: each for each in course.account.parties}
    if paper.by and not any(paper.by in _called(parties[told.doer]) for told in read if told.doer in parties):
        yield "by", paper.by
    asks = course.given.sentence(paper.asked)
    if asks is not None and asks.text not in course.account.asked:
        yield "asked", asks.text


def _plan(paper: Paper, course: Course, made: Made | None, whole: Mapping[str, Any]) -> Iterator[Fault]:
    """Yield what is wrong with a plan: that there is one, or none; the own part; what a later turn takes up."""
    planned = isinstance(plan := whole.get("plan"), Mapping)
    if not paper.plan and (planned or whole.get("draft")):
        yield "planned", ""
    if paper.plan and not paper.earlier and (made is None or made.plan is None):
        yield "no_plan", ""
    own = plan.get("own_part") if isinstance(plan, Mapping) else None
    if paper.own:
        rests = isinstance(own, Mapping) and paper.own in (own.get("rests_on") or ())
        if not rests or not own_clear(own, mine(course.account, course.given)):
            yield "own", str(paper.own)
    if paper.own == 0 and isinstance(own, Mapping) and own.get("level") == "clear":
        yield "owned", ""
    if paper.outcome:
        outcome = made.later.get("outcome") if made else None
        if not isinstance(outcome, Mapping) or outcome.get("happened") not in paper.outcome:
            yield "outcome", ""
        if paper.agreed not in str(made.later.get("agreed") if made else ""):
            yield "agreed", paper.agreed


def _parts(course: Course) -> Iterator[Fault]:
    """Yield the parts that would have been asked for again, when they are grave or many."""
    failed = {fault.part: fault for fault in course.held if fault.part != "account"}
    grave = [fault for part, fault in failed.items() if part in {"answer", "first_step"}]
    if grave or len(failed) > MOST_FAILED_PARTS:
        worst = (grave or list(failed.values()))[0]
        yield "part", f"{worst.part}, {worst.rule}".replace("_", " ")


def _called(party: Party) -> str:
    return f"{party.name or ''} {party.role or ''}"


def _texts(value: Any, key: str = "") -> Iterator[str]:
    """Yield every text of an answer that is said or proposed; what to avoid is neither, and quotes are not its own."""
    if isinstance(value, str) and key not in {"words", "avoid"}:
        yield value
    elif isinstance(value, Mapping):
        for name, each in value.items():
            if name != "account":
                yield from _texts(each, name)
    elif isinstance(value, list):
        for each in value:
            yield from _texts(each, key)


def _loose(schema: Any) -> Any:
    """Return a schema in which every field may be missing: what is needed shows itself."""
    if isinstance(schema, Mapping):
        return {name: _loose(each) for name, each in schema.items() if name != "required"}
    return [_loose(each) for each in schema] if isinstance(schema, list) else schema
