"""Taking an export back: whole or not at all.

First the file is checked by itself, then against the database, then all of it is written in the one transaction that
the caller holds. Anything that is there already (the same id) stays as it is. A refusal names the place,
as in ``moments[3].landed``, and never its content.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from functools import cache
from typing import Any

from pydantic import ConfigDict, TypeAdapter, ValidationError

from coach.domain.plans import Outcome, RepairPlan
from coach.domain.sessions import Session
from coach.domain.turns import Turn
from coach.errors import BadInput
from coach.journal.exports import FORMAT, VERSION
from coach.journal.payloads import earlier_session, earlier_turn, in_utc, to_json
from coach.journal.schema import StepRow
from coach.journal.steps import add_steps, keep_outcome, outcomes, plans_of_steps
from coach.journal.transaction import PLANS, SHELVES, Transaction
from coach.journal.users import usable


@dataclass(frozen=True, slots=True)
class KeptOutcome(Outcome):
    """An outcome as an export has it: with the plan its step belongs to."""

    plan_id: str = ""


LATER = frozenset({"sent", "commitments", "preferences", "sessions"})
"""Lists that came after the first exports; those have none."""

_STRICT = ConfigDict(extra="forbid")
"""Unknown fields are refused, at every depth: what we do not know we would lose."""

Lists = dict[str, list[Any]]
"""The lists of an export by name, their items as nouns."""


def parse(data: Mapping[str, object]) -> Lists:
    """Return the nouns of an export. Raises BadInput naming the first place that is wrong."""
    if not isinstance(data, Mapping) or data.get("format") != FORMAT:
        raise BadInput(f'This is not an export of the coach: "format" should be "{FORMAT}".')
    if data.get("version") != VERSION:
        raise BadInput(f'"version" should be {VERSION}. If the export is from a newer coach, update this one first.')
    nouns: dict[str, type[Any]] = {**{name: shelf.noun for name, shelf in SHELVES.items()}, "outcomes": KeptOutcome}
    if set(data) - {"format", "version", *nouns}:
        raise BadInput("The export has a list this version of the coach does not know.")
    lists = {name: _items(name, noun, data.get(name)) for name, noun in nouns.items()}
    lists["preferences"] = [replace(it, language_model=None) for it in lists["preferences"]]
    for name, things in lists.items():
        _unique(name, [thing.step_id if name == "outcomes" else thing.id for thing in things])
    _unique("plans[…].steps", [step.id for plan in lists["plans"] for step in plan.steps])
    return lists


def of_person(about: Mapping[str, object]) -> dict[str, object]:
    """Return everything about one person (``exports.about``) as an export that holds nothing else."""
    lists = {name: about.get(name, []) for name in (*SHELVES, "outcomes")}
    return {"format": FORMAT, "version": VERSION, **lists, "people": [about["person"]]}


@cache
def _lists(noun: type) -> TypeAdapter[list[Any]]:
    return TypeAdapter(list[noun], config=_STRICT)  # type: ignore[valid-type]


def _items(name: str, noun: type[Any], value: object) -> list[Any]:
    if value is None and name in LATER:
        return []
    if value is None:
        raise BadInput(f"{name} is missing.")
    if noun is Turn and isinstance(value, list):
        value = [earlier_turn(turn) for turn in value]
    if noun is Session and isinstance(value, list):
        value = [earlier_session(session) for session in value]
    try:
        things = _lists(noun).validate_python(value)  # type: ignore[arg-type]  # every type is hashable
    except ValidationError as error:
        raise BadInput(_first(name, error)) from None
    checked = []
    for n, thing in enumerate(things):
        try:
            checked.append(in_utc(thing))
            to_json(thing)
        except BadInput as error:
            raise BadInput(f"{name}[{n}]: {error}") from None
    return checked


def _first(name: str, error: ValidationError) -> str:
    """Say where the first thing wrong is and what should be there, without what is there."""
    wrong = error.errors(include_input=False, include_url=False)
    known = wrong[0]["type"] != "unexpected_keyword_argument"
    parts = wrong[0]["loc"] if known else wrong[0]["loc"][:-1]  # an unknown field's name is the file's own words
    place = name + "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in parts)
    match wrong[0]["type"]:
        case "missing":
            sentence = "is missing"
        case "unexpected_keyword_argument":
            sentence = "has a field this version of the coach does not know"
        case "enum":
            sentence = f"should be {wrong[0]['ctx']['expected']}"
        case kind:
            sentence = f"does not have the right form ({kind.replace('_', ' ')})"
    more = f" There are {len(wrong) - 1} more places like this." if len(wrong) > 1 else ""
    return f"{place} {sentence}.{more}"


def _unique(name: str, ids: list[str]) -> None:
    seen: set[str] = set()
    for n, id_ in enumerate(ids):
        if not usable(id_):
            raise BadInput(f"{name}[{n}] has an id that is empty, too long, or holds a broken character.")
        if id_ in seen:
            raise BadInput(f"{name}[{n}] has the id of an earlier one.")
        seen.add(id_)


async def take(transaction: Transaction, lists: Lists) -> dict[str, int]:
    """Write what is new; return how many of each were new. Raises BadInput when something belongs to nothing."""
    there = {name: await transaction.ids(shelf.row) for name, shelf in SHELVES.items()}
    _belong(lists, there)
    counts = {}
    for name, shelf in SHELVES.items():
        new = [thing for thing in lists[name] if thing.id not in there[name]]
        await transaction.pour(shelf, new)
        counts[name] = len(new)
        if shelf is PLANS:
            await _add_steps(transaction, lists["plans"], new)
    counts["outcomes"] = await _take_outcomes(transaction, lists["outcomes"])
    return counts


def _belong(lists: Lists, there: Mapping[str, set[str]]) -> None:
    """Check that whatever an item belongs to is in the file or in the journal."""
    known = {name: there[name] | {thing.id for thing in lists[name]} for name in SHELVES}
    names = {id(shelf): name for name, shelf in SHELVES.items()}
    for name, shelf in SHELVES.items():
        for n, thing in enumerate(lists[name]):
            plain = shelf.plain(thing)
            for column, other in shelf.needs.items():
                if plain[column] is not None and plain[column] not in known[names[id(other)]]:
                    raise BadInput(f"{name}[{n}].{column}: no such {other.word} in the export or the journal.")
    for n, outcome in enumerate(lists["outcomes"]):
        if outcome.plan_id not in known["plans"]:
            raise BadInput(f"outcomes[{n}].plan_id: no such plan in the export or the journal.")


async def _add_steps(transaction: Transaction, plans: list[RepairPlan], new: list[RepairPlan]) -> None:
    taken = await transaction.ids(StepRow)
    for plan in new:
        if not taken.isdisjoint(step.id for step in plan.steps):
            raise BadInput(
                f"plans[{plans.index(plan)}].steps: another plan in the journal has a step with the same id."
            )
    await add_steps(transaction, {step.id: plan.id for plan in new for step in plan.steps})


async def _take_outcomes(transaction: Transaction, kept: list[KeptOutcome]) -> int:
    """Note outcomes for steps that have none. A step its plan has dropped comes back with its outcome."""
    steps = await plans_of_steps(transaction)
    done = {outcome.step_id for _, outcome in await outcomes(transaction)}
    new = [(n, outcome) for n, outcome in enumerate(kept) if outcome.step_id not in done]
    for n, outcome in new:
        if steps.get(outcome.step_id, outcome.plan_id) != outcome.plan_id:
            raise BadInput(f"outcomes[{n}].plan_id: its step belongs to another plan.")
    await add_steps(transaction, {it.step_id: it.plan_id for _, it in new if it.step_id not in steps})
    for _, outcome in new:
        plain = {field.name: getattr(outcome, field.name) for field in fields(Outcome)}
        await keep_outcome(transaction, Outcome(**plain))
    return len(new)
