"""Whole turns without a language model, in which what a label says is tapped: plans as the page would show them.

Builds an account from a label, as taps would; judges premises and directions by the catalogue, form and gates by the
graders of ``plans``.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from coach.domain.accounts import ME, Account, Established, Number, Party, Told
from coach.domain.events import Catalogue, Doer, Want
from coach.domain.moments import Channel, Landed
from coach.domain.phrases import is_several
from coach.domain.plans import RepairPlan


@dataclass(frozen=True, slots=True)
class Label:
    """What is established in a case, as somebody labelled it."""

    id: str
    held: Mapping[str, Any]


def load_labels(file: Path) -> list[Label]:
    """Return the labels of a file of accounts."""
    lines = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines() if line.strip()]
    return [Label(each["id"], each) for each in lines]


def account_of(label: Label, catalogue: Catalogue) -> Account:
    """Return the account that taps on the label's main person, events (the main one first) and want establish."""
    held = label.held
    parties = tuple(_party(f"p{n}", each) for n, each in enumerate(held["people"], 1))
    if parties and not any(party.main for party in parties):
        parties = (_as_main(parties[0]), *parties[1:])
    by_name = {party.name or party.role: party.id for party in parties}
    events = [each for each in held["events"] if each["event"] in catalogue]
    events.sort(key=lambda each: each["event"] != held["main_event"])
    told = tuple(_told(each, by_name, catalogue) for each in events)
    return Account(parties, tuple(dict.fromkeys(told)), asked=(held["asked"],), want=Want(held["want"]))


def _party(id_: str, held: Mapping[str, Any]) -> Party:
    name = held["name"]
    given = name if name[:1].isupper() and len(name.split()) <= 3 else None
    number = Number.SEVERAL if given is None and is_several(name) else Number.ONE
    return Party(id_, given, None if given else name, main=bool(held["main"]), number=number)


def _as_main(party: Party) -> Party:
    return Party(party.id, party.name, party.role, main=True, number=party.number)


def _told(held: Mapping[str, Any], by_name: Mapping[str | None, str], catalogue: Catalogue) -> Told:
    entry = catalogue.entry(held["event"])
    person = by_name.get(held["person"])
    by = entry.by if entry.by in {Doer.ME, Doer.THEM} else {"me": Doer.ME, "them": Doer.THEM}.get(held["by"])
    doer, receiver = {Doer.ME: (ME, person), Doer.THEM: (person, ME)}.get(by, (None, None)) if by else (None, None)
    channel = held.get("channel")
    landed = held.get("landed")
    return Told(
        entry.id,
        Established.TAP,
        doer,
        receiver,
        channel=Channel(channel) if channel in set(Channel) else None,
        landed=Landed(landed) if landed in set(Landed) else None,
    )


def printed(plan: RepairPlan) -> str:
    """Return a plan as text, in the order in which the page shows it."""
    lines = [f"# {plan.headline}   [{plan.made_by} {plan.scene} · {plan.stance} · {plan.kind}]"]
    if plan.answer:
        lines.append(plan.answer)
    if plan.missing.question:
        lines.append(f"? {plan.missing.question}   (missing: {plan.missing.fact})")
    for step in plan.steps:
        lines.append(f"→ {step.cue}, then {step.action}. [{step.channel}, {step.minutes} min, {step.due:%a %d %b}]")
        lines += [f"    say: {step.say}"] if step.say else []
        lines += [f"    avoid: {step.avoid}"] if step.avoid else []
        lines.append(f"    why: {step.why}")
        lines += [f"    source: {each.principle} ({each.grade}) “{each.quote}”" for each in step.citations]
    lines += [f"own part ({plan.own_part.level}): {plan.own_part.sentence}"] if plan.own_part.sentence else []
    lines += [f"reading{' (mine)' if each.user_had_part else ''}: {each.text}" for each in plan.readings]
    lines += [f"seen: {each.text}" for each in plan.seen]
    lines += [f"guessed: {each.text} → {each.question}" for each in plan.guessed]
    lines += [f"badly: {plan.if_it_goes_badly}"] if plan.if_it_goes_badly else []
    lines += [f"stop: {plan.stop_rule}", f"check on {plan.check_on:%a %d %b}; sign: {plan.sign_of_success}"]
    lines += [f"unknown: {each}" for each in plan.unknowns]
    lines += [f"draft ({plan.draft.purpose}): {plan.draft.text}"] if plan.draft else []
    return "\n".join(lines)
