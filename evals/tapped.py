"""Whole turns without a language model, in which what a label says is tapped: plans as the page would show them.

Two turns a case: the message, then the taps on its card. Judges premises and directions by the account that came of the
taps, form and gates by the graders of ``plans``. What is said when the first step has its outcome stands beside them,
to be read.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import timedelta
from functools import reduce
from pathlib import Path

from coach.domain.accounts import ME, Account
from coach.domain.asks import Happened, Taps
from coach.domain.events import Catalogue, Doer, Want
from coach.domain.moments import ProposedMoment
from coach.domain.plans import MadeBy, OwnPartLevel, RepairPlan
from coach.planning.moves import Move
from evals import plans, second, violations
from evals.accounts import Label, labelled, taps
from evals.cases import Case
from evals.coached import NOW, Coached, Played
from evals.outcomes import Outcome, Row, share
from evals.premises import presupposed
from evals.words import printed

LATER = NOW + timedelta(days=4)
"""When it is told how the first step went."""


@dataclass(frozen=True, slots=True)
class Judged:
    """One case: what is wrong with its last turn, and whether a plan came of it. ``wanted``: more than to keep it."""

    id: str
    group: str
    wanted: bool
    turn: plans.Judged
    premises: tuple[str, ...]
    direction: tuple[str, ...]


async def run(coached: Coached, cases: Path, accounts: Path) -> Outcome:
    """Tap every label on the card of its message and judge what is then shown."""
    judged, rows = [], []
    for case, label in labelled(cases, accounts):
        played, doubt = await play(coached, f"tapped-{case.id}", case.message, label)
        found = judge(coached, case, label, played)
        judged.append(found)
        after = await afterwards(coached, f"tapped-{case.id}", played)
        rows.append({**_row(case, label, played, found), "doubt": doubt, "after": after})
    text = "\n\n\n".join(_told(row) for row in rows)
    return Outcome(grade(judged), rows, parts=by_group(judged), text=text)


async def play(coached: Coached, user: str, message: str, label: Label) -> tuple[Played, str]:
    """Return the turn that answers the taps, and what was asked about harm before them.

    Where a message gets no card, it is the turn that answered it.
    """
    first, then = await coached.play_tapped(user, message, lambda ask: taps(label, ask, coached.catalogue))
    doubt = first.shown.doubt
    return then or first, doubt.question if doubt else ""


async def afterwards(coached: Coached, user: str, played: Played) -> dict[str, str]:
    """Return what is said when the first step of a plan went like this, by outcome; nothing where there is no plan."""
    plan = played.shown.plan
    if plan is None or plan.made_by is MadeBy.SKELETON:
        return {}
    tapped = [Taps(step_id=plan.steps[0].id, happened=happened) for happened in _OUTCOMES]
    turns = [await coached.play(user, "", LATER, taps=each, conversation_id=played.conversation_id) for each in tapped]
    return {happened.value: turn.shown.reply for happened, turn in zip(_OUTCOMES, turns, strict=True)}


def judge(coached: Coached, case: Case, label: Label, played: Played) -> Judged:
    """Judge the last turn of a case."""
    shown, catalogue = played.shown, coached.catalogue
    account = (played.reading.account if played.reading else None) or Account()
    moments = played.reading.moments if played.reading else ()
    turn = plans.judge(
        case.id,
        case.kind,
        shown,
        played.ms,
        now=NOW,
        cards=coached.cards,
        due=label.want is not Want.JUST_KEEP,
        violations=[*violations.found(shown), *second.found(shown, played.reading, coached.cards)],
        failed=played.failed,
    )
    return Judged(
        case.id,
        catalogue.entry(label.main_event).group if label.main_event in catalogue else "none",
        label.want is not Want.JUST_KEEP,
        turn,
        tuple(premise_failures(shown.plan, account, catalogue)) if shown.plan else (),
        tuple(wrong_directions(account, moments, catalogue)),
    )


def premise_failures(plan: RepairPlan, account: Account, catalogue: Catalogue) -> list[str]:
    """Return the lines of a plan, as shown, that take for granted what its account does not hold.

    How a person is called presupposes nothing: "the man at the next desk" is as good a name as another.
    """
    called = [each.call for each in account.parties if each.call]
    nothing: frozenset[str] = frozenset()
    shown = Move(
        plan.scene, "shown", frozenset(), nothing, nothing, nothing, frozenset(),
        covers=account.held(catalogue), words=_words(plan, called),
    )  # fmt: skip
    found = [f"{each.field}: {each.row} ({each.words})" for each in presupposed(shown)]
    return [*found, *unowned(plan, account, catalogue)]


def unowned(plan: RepairPlan, account: Account, catalogue: Catalogue) -> list[str]:
    """Return the deeds of the user's own that were tapped where a plan shows no part of theirs at all.

    A part left out says as much as a line too many: that the user did nothing.
    """
    deeds = [told.event for told in account.by_me(catalogue) if told.event in catalogue]
    mine = [event for event in dict.fromkeys(deeds) if catalogue.entry(event).group == "me"]
    return [f"own_part: none ({event})" for event in mine] if plan.own_part.level is OwnPartLevel.NONE else []


def _words(plan: RepairPlan, called: Sequence[str]) -> dict[str, object]:
    """Return a plan's lines under the names that they have in a move, without the names of people."""

    def bare(line: str) -> str:
        return reduce(lambda text, name: text.replace(name, "them"), called, line)

    steps = zip(("first", "then"), plan.steps, strict=False)
    lines = {"headline": plan.headline, "answer": plan.answer or "", "badly": plan.if_it_goes_badly}
    lines |= {"stop": plan.stop_rule, "sign": plan.sign_of_success}
    return {
        **{name: bare(line) for name, line in lines.items()},
        **{name: {"cue": bare(it.cue), "do": bare(it.action), "say": bare(it.say)} for name, it in steps},
        "own_part": {"sentence": bare(plan.own_part.sentence)},
        "question": {"ask": bare(plan.missing.question)},
        "draft": {"text": bare(plan.draft.text if plan.draft else "")},
    }


_OUTCOMES = (Happened.NO_ANSWER, Happened.WENT_BADLY, Happened.WENT_WELL)
_SIDES = (Doer.ME, Doer.THEM)


def wrong_directions(account: Account, moments: Sequence[ProposedMoment], catalogue: Catalogue) -> list[str]:
    """Return the acts of them that are taken for mine, and the reverse, where the catalogue says whose they are."""
    takes = [(told.event, "me" if told.doer == ME else "them") for told in account.events if told.doer]
    takes += [(moment.event, moment.by.value) for moment in moments if moment.event and moment.by]
    known = [(event, by, catalogue.entry(event).by) for event, by in takes if event in catalogue]
    return list(dict.fromkeys(f"{event} by {by}" for event, by, own in known if own in _SIDES and own != by))


def grade(judged: Sequence[Judged]) -> dict[str, float]:
    """Return {"n", "plans", "form_pass", "gate_failures", "premise_failures", "wrong_direction"}.

    plans: how many got one; the small thing is none, and who only wants to keep it gets none. form_pass: share of turns
    in perfect form, the small thing in its own. gate_failures, wrong_direction: turns; premise_failures: lines.
    """
    return {
        "n": len(judged),
        "plans": sum(each.turn.planned for each in judged),
        "form_pass": share([not each.turn.form for each in judged]),
        "gate_failures": sum(bool(each.turn.gates) for each in judged),
        "premise_failures": sum(len(each.premises) for each in judged),
        "wrong_direction": sum(bool(each.direction) for each in judged),
    }


def by_group(judged: Sequence[Judged]) -> dict[str, dict[str, float]]:
    """Return, a group of main events each, how many wanted a plan and how many got one."""
    found: dict[str, dict[str, float]] = {}
    for group in sorted({each.group for each in judged}):
        own = [each for each in judged if each.group == group]
        found[group] = {
            "n": len(own),
            "wanted": sum(each.wanted for each in own),
            "plans": sum(each.turn.planned for each in own),
        }
    return found


def _row(case: Case, label: Label, played: Played, found: Judged) -> Row:
    plan = played.shown.plan
    return {
        "id": case.id,
        "message": case.message,
        "main_event": label.main_event,
        "events": [each.event for each in label.events],
        "want": label.want,
        "route": played.route,
        "made_by": plan.made_by if plan else None,
        "scene": plan.scene if plan else None,
        "reply": played.shown.reply,
        "printed": printed(plan) if plan else "",
        "plan": asdict(plan) if plan else None,
        "replaced": plan.checked.sentences_replaced if plan else 0,
        "gates": found.turn.gates,
        "form": found.turn.form,
        "violations": found.turn.violations,
        "premises": found.premises,
        "direction": found.direction,
        "ms": round(played.ms, 1),
    }


def _told(row: Row) -> str:
    """Return a row as text to read: the message, what was tapped, what came of it."""
    faults = [*row["gates"], *row["form"], *row["violations"], *row["premises"], *row["direction"]]
    faults += [f"sentences that the coach's checker replaced: {row['replaced']}"] if row["replaced"] else []
    lines = [
        f"======== {row['id']}: {row['main_event']}, wants {row['want']}",
        row["message"],
        *([f"-------- asked first: {row['doubt']} Tapped: only a way of speaking"] if row["doubt"] else []),
        f"-------- tapped {', '.join(row['events'])} ({row['route']})",
        row["printed"] or "(no plan)",
        f"-------- reply\n{row['reply']}",
    ]
    after = [f"-------- {happened}\n{said}" for happened, said in row.get("after", {}).items()]
    return "\n".join([*lines, *after, *(f"!! {fault}" for fault in faults)])
