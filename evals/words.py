"""What the coach said in a plan, taken apart, and whether a sentence says a thing or warns against it. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator

from coach.domain.plans import RepairPlan

_SENTENCE_END = re.compile(r"(?<=[.!?…])[\"'”’)\]]*\s+|\n+")
_AGAINST = re.compile(
    r"\b(?:not|never|no|nothing|nobody|none|nor|without|avoid\w*|instead of|rather than|leave out|stop|before you|"
    r"\w+n't|\w+n’t)\b",
    re.IGNORECASE,
)
_HEDGED = re.compile(
    r"\b(?:may|might|could|perhaps|possibly|maybe|probably|if|whether|seems?|would|unless|suppose|when|where|"
    r"sounds?|looks?|can)\b|\?",
    re.IGNORECASE,
)


def sentences(text: str) -> list[str]:
    """Return the sentences of a text, trimmed."""
    return [part.strip() for part in _SENTENCE_END.split(text) if part.strip()]


def says(text: str, pattern: re.Pattern[str], *, hedged: bool = False) -> str | None:
    """Return the first sentence in which the pattern stands without a word against it before it, else None.

    With ``hedged`` a sentence that only supposes ("it may be ...", a question) does not count either.
    """
    for sentence in sentences(text):
        for found in pattern.finditer(sentence):
            if _against(sentence[: found.start()]):
                continue
            if hedged and _HEDGED.search(sentence):
                continue
            return sentence
    return None


def _against(before: str) -> bool:
    """True when the words before a phrase turn it down: in its own clause, or in the one it goes on from with 'or'."""
    clauses = re.split(r"[,;:]\s|\sbut\s", before)
    goes_on = re.match(r"\s*(?:or|nor|and)\b", clauses[-1], re.IGNORECASE)
    return any(_AGAINST.search(clause) for clause in (clauses[-2:] if goes_on else clauses[-1:]))


def advice(plan: RepairPlan) -> str:
    """Return what the plan tells the user to do and say, a part a line; what it says to avoid is left out."""
    parts = [plan.headline, plan.answer or "", plan.missing.question, plan.if_it_goes_badly]
    parts += [plan.draft.text] if plan.draft else []
    for step in plan.steps:
        parts += [step.cue, step.action, step.say]
    return "\n".join(parts)


def own_words(plan: RepairPlan) -> Iterator[str]:
    """Yield every text of a plan that the coach words itself: all but what quotes the user or a card."""
    yield plan.headline
    yield plan.answer or ""
    yield plan.draft.text if plan.draft else ""
    yield from (guess.question for guess in plan.guessed)
    yield from (reading.text for reading in plan.readings)
    yield plan.own_part.sentence
    yield from (plan.missing.fact, plan.missing.question)
    yield from (finding.sentence for finding in plan.findings)
    for step in plan.steps:
        yield from (step.cue, step.action, step.say, step.avoid, step.why)
    yield from (plan.if_it_goes_badly, plan.stop_rule, plan.sign_of_success)
    yield from plan.unknowns


def count(text: str) -> int:
    """Return the number of words."""
    return len(text.split())


def printed(plan: RepairPlan) -> str:
    """Return a plan as text, in the order in which the page shows it."""
    lines = [f"# {plan.headline}   [{plan.made_by} {plan.scene} · {plan.stance} · {plan.kind}]"]
    if plan.answer:
        lines.append(plan.answer)
    if plan.missing.question:
        lines.append(f"? {plan.missing.question}   (missing: {plan.missing.fact})")
    for step in plan.steps:
        lines.append(f"→ {step.cue}, {step.action}. [{step.channel}, {step.minutes} min, {step.due:%a %d %b}]")
        lines += [f"    say: {step.say}"] if step.say else []
        lines += [f"    avoid: {step.avoid}"] if step.avoid else []
        lines += [f"    why: {step.why}"] if step.why else []
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
