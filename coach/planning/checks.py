"""The checker: reads everything the coach says before it is shown, and replaces a sentence that fails by a fixed one.

Knows what must not be said and which cards may be cited. Does not know who wrote a sentence: the words of a scene and
of a language model are treated alike.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cache, lru_cache

from coach.domain import letters
from coach.domain.plans import Missing, OwnPartLevel, RepairPlan, Step
from coach.domain.principles import Citation, Principle
from coach.domain.violations import Context, Violation
from coach.messages import wordings
from coach.planning.forbidden import RULES, Rule
from coach.ports import Texts
from coach.rows import any_of

MOST_WORDS_A_SENTENCE = 45
MOST_STEPS = 3

NAMES: tuple[str, ...] = tuple(
    dict.fromkeys((*(rule.name for rule in RULES), "citation", "length", "misplaced_apology"))
)
"""Every violation there is."""

_QUOTED = re.compile(r"\"([^\"]{2,})\"|(?<!\w)'([^']{2,})'(?!\w)|(?<!\w)'((?:[^']|(?<=\w)'(?=\w)){2,}?)'(?!\w)")
_WORD = re.compile(r"[a-z']+")


def violations(text: str, context: Context) -> list[Violation]:
    """Return everything in a text that the coach must not say, in the order of the text.

    Offsets are into each violation's own sentence.
    """
    found: list[Violation] = []
    for start, end in letters.pieces(text):
        found += _sentence(text[start:end], context)
    return found


def check_plan(
    plan: RepairPlan,
    principles: Mapping[str, Principle],
    retrieved: Collection[str],
    people: tuple[str, ...],
    quotes: tuple[str, ...],
    instead: Mapping[str, str],
    known: tuple[str, ...] = (),
) -> tuple[RepairPlan, tuple[Violation, ...]]:
    """Return the plan with what fails replaced or dropped, and what failed.

    ``people``: how the others are called; ``quotes``: the user's own words. ``instead`` holds a kept sentence for each
    field (``fallbacks``). ``known``: what the journal holds as seen. The user's own words (``seen``, the text of a
    guess) are not judged. The plan counts the violations and the replaced sentences.
    """
    said = tuple(seen.text for seen in plan.seen)
    cards = tuple(principles[name].text for name in retrieved if name in principles)
    guessed = (guess.text for guess in plan.guessed)
    context = Context(people=people, quotes=(*said, *guessed, *quotes, *cards), known=(*said, *known))
    return _PlanCheck(plan, principles, retrieved, instead, context).run()


def fallbacks(prompts: Texts) -> dict[str, str]:
    """Return the sentence that stands in for each field of a plan when its own fails."""
    return {field: prompts.render("instead.fixed", field=field) for field in FIELDS}


FIELDS = (
    "headline", "answer", "guessed", "readings", "own_reading", "own_part", "fact", "question", "findings", "cue",
    "action", "say", "avoid", "why", "if_it_goes_badly", "stop_rule", "sign_of_success", "unknowns",
)  # fmt: skip
"""The fields of a plan that the coach words itself, by the names ``instead`` uses."""


def citation_fault(citation: Citation, principles: Mapping[str, Principle], retrieved: Collection[str]) -> str | None:
    """Return in a word what is wrong with a citation, or None: unknown | unretrieved | misquoted | grade | caution."""
    card = principles.get(citation.principle)
    if card is None:
        return "unknown"
    if not card.evidence and citation.principle not in retrieved:
        return "unretrieved"
    if not citation.quote.strip() or citation.quote not in card.text:
        return "misquoted"
    if citation.grade is not card.grade:
        return "grade"
    return None if citation.caution == card.caution else "caution"


def _sentence(sentence: str, context: Context) -> Iterator[Violation]:
    even = _low(sentence)
    judged = _without_quotes(even, context)
    if len(judged.split()) > MOST_WORDS_A_SENTENCE and context.part == "said":
        yield Violation("length", 0, len(sentence), sentence)
    masked = _masked(judged, context.people)
    hits: dict[str, tuple[int, int]] = {}
    # Some names are words as well (Will, Mark), so the sentence is read as it stands, too.
    both = (masked, judged) if masked != judged else (judged,)
    for rule, pattern, of_people in _rules_of(context.part, context.route):
        if rule.name in hits:
            continue
        for text in both if of_people else both[-1:]:
            for hit in pattern.finditer(text):
                if rule.name not in hits and not _excused(rule, hit, text, context):
                    hits[rule.name] = hit.span()
    yield from (Violation(name, *span, sentence) for name, span in sorted(hits.items(), key=lambda item: item[1]))


def _excused(rule: Rule, hit: re.Match[str], sentence: str, context: Context) -> bool:
    if rule.hedged and (any_of("words/hedges").search(sentence, 0, hit.end()) or "?" in sentence[hit.end() :]):
        return True
    if rule.against and _turned_down(sentence[: hit.start()]):
        return True
    if rule.known:
        claim = set(_WORD.findall(hit.group().replace(_MASK, "")))
        claim -= {"he", "she", "they", "is", "are", "was", "were", "really", "just"}
        claim -= {word for name in context.people for word in _WORD.findall(_low(name))}
        return bool(claim) and any(claim <= set(_WORD.findall(_low(fact))) for fact in context.known)
    return False


def _turned_down(before: str) -> bool:
    """True when the clause before a phrase, or the one that 'or' joins it to, speaks against it."""
    parts = re.split(r"[;:]\s|,\s(?!or\b|and\b|nor\b)|\sbut\s", before)
    goes_on = re.match(r"\s*(?:or|nor|and)\b", parts[-1]) or not parts[-1].strip()
    return any(any_of("words/warnings").search(part) for part in (parts[-3:] if goes_on else parts[-1:]))


_MASK = "ǁ"
"""A letter that no one writes; it stands for those of a name, so that rules need not be compiled for each name."""

_OTHERS = (
    "your boss", "your manager", "your colleague", "your co-worker", "the other person", "this person", "the others",
    "your team", "your lead", "the other side",
)  # fmt: skip


@cache
def _rules() -> tuple[tuple[Rule, re.Pattern[str], bool], ...]:
    """Return every rule, compiled, and whether it speaks of people."""
    them = f"(?:{'|'.join((_MASK + '+', *map(re.escape, _OTHERS)))})"
    return tuple((rule, rule.pattern(them), rule.of_people) for rule in RULES)


@cache
def _rules_of(part: str, route: str) -> tuple[tuple[Rule, re.Pattern[str], bool], ...]:
    """Return the rules that count in a part, on a route."""
    return tuple(
        (rule, pattern, of_people)
        for rule, pattern, of_people in _rules()
        if part in rule.parts and (not rule.routes or route in rule.routes) and route not in rule.not_routes
    )


def _masked(sentence: str, people: tuple[str, ...]) -> str:
    """Return the sentence with every letter of a name replaced; what stands where it stood stays there."""
    named = _named(people)
    return sentence if named is None else named.sub(lambda hit: _MASK * len(hit.group()), sentence)


@lru_cache(maxsize=256)
def _named(people: tuple[str, ...]) -> re.Pattern[str] | None:
    names = sorted({_low(name) for name in people if name.strip()}, key=len, reverse=True)
    return re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, names))})(?!\w)") if names else None


def _low(text: str) -> str:
    straight = letters.straight(text)
    whole = straight.lower()
    if len(whole) == len(straight):
        return whole
    return "".join(low if len(low := character.lower()) == 1 else character for character in straight)


@lru_cache(maxsize=16)
def _spread(quotes: tuple[str, ...]) -> tuple[str, ...]:
    """Return texts as quotes are compared: lower case, single spaces. Kept: a plan asks for the same ones again."""
    return tuple(" ".join(_low(quote).split()) for quote in quotes)


def _without_quotes(even: str, context: Context) -> str:
    """Return the sentence with blanks where it quotes what may be quoted; as long as before."""
    if not context.quotes or not ("'" in even or '"' in even):
        return even
    whole = _spread(context.quotes)

    def blank(hit: re.Match[str]) -> str:
        inner = " ".join(next(group for group in hit.groups() if group is not None).split()).strip(" .,;:!?…")
        return " " * len(hit.group()) if inner and any(inner in quote for quote in whole) else hit.group()

    return _QUOTED.sub(blank, even)


@dataclass
class _PlanCheck:
    """One plan under the checker: what was found, and how many sentences were replaced."""

    plan: RepairPlan
    principles: Mapping[str, Principle]
    retrieved: Collection[str]
    instead: Mapping[str, str]
    context: Context
    found: list[Violation] = field(default_factory=list)
    replaced: int = 0

    def run(self) -> tuple[RepairPlan, tuple[Violation, ...]]:
        plan = self.plan
        kept = self._citations(plan.citations)
        checked = replace(
            plan,
            headline=self._text("headline", plan.headline, orders=True),
            answer=self._text("answer", plan.answer or "") or None,
            guessed=tuple(replace(guess, question=self._text("guessed", guess.question)) for guess in plan.guessed),
            readings=tuple(
                replace(each, text=self._text("own_reading" if each.user_had_part else "readings", each.text))
                for each in plan.readings
            ),
            own_part=replace(plan.own_part, sentence=self._text("own_part", plan.own_part.sentence)),
            missing=Missing(
                self._text("fact", plan.missing.fact), self._text("question", plan.missing.question, orders=True)
            ),
            findings=tuple(replace(each, sentence=self._text("findings", each.sentence)) for each in plan.findings),
            steps=self._steps(plan.steps, kept),
            if_it_goes_badly=self._text("if_it_goes_badly", plan.if_it_goes_badly),
            stop_rule=self._text("stop_rule", plan.stop_rule),
            sign_of_success=self._text("sign_of_success", plan.sign_of_success),
            unknowns=tuple(self._text("unknowns", each) for each in plan.unknowns),
            citations=kept,
        )
        if self.found:
            found = replace(
                plan.checked,
                violations_found=plan.checked.violations_found + len(self.found),
                sentences_replaced=plan.checked.sentences_replaced + self.replaced,
            )
            checked = replace(checked, checked=found)
        return checked, tuple(self.found)

    def _text(self, field: str, text: str, part: str = "said", *, orders: bool = False) -> str:
        """Return the text, or the kept sentence of its field when it fails. ``orders``: the user is to say or do it."""
        if not text:
            return text
        found = violations(text, replace(self.context, part=part) if part != "said" else self.context)
        if orders and self.plan.own_part.level is OwnPartLevel.NONE:
            said = wordings.says_sorry(_low(text))
            if said and not _turned_down(_low(text)[: said.start()]):
                found.append(Violation("misplaced_apology", *said.span(), text))
        if not found:
            return text
        self.found += found
        self.replaced += 1
        return self.instead[field]

    def _steps(self, steps: tuple[Step, ...], kept: tuple[Citation, ...]) -> tuple[Step, ...]:
        if len(steps) > MOST_STEPS:
            extra = steps[MOST_STEPS].action
            self.found.append(Violation("steps", 0, len(extra), extra))
        checked = [self._step(step, kept) for step in steps[:MOST_STEPS]]
        cited = [step for step in checked if step.citations]
        return tuple(cited or checked)

    def _step(self, step: Step, kept: tuple[Citation, ...]) -> Step:
        return replace(
            step,
            cue=self._text("cue", step.cue),
            action=self._text("action", step.action, orders=True),
            say=self._text("say", step.say, "draft", orders=True),
            avoid=self._text("avoid", step.avoid, "avoid"),
            why=self._text("why", step.why),
            citations=self._citations(step.citations) or kept[:1],
        )

    def _citations(self, citations: tuple[Citation, ...]) -> tuple[Citation, ...]:
        """Return the citations that hold; a wrong quote, grade or caution comes from the card, others are dropped."""
        kept: list[Citation] = []
        for citation in citations:
            fault = citation_fault(citation, self.principles, self.retrieved)
            if fault is not None:
                self.found.append(Violation("citation", 0, len(citation.quote), citation.quote))
            if fault in {"unknown", "unretrieved"}:
                continue
            card = self.principles[citation.principle]
            if fault is not None:
                quote = card.statement if fault == "misquoted" else citation.quote
                citation = Citation(card.id, quote, card.grade, card.caution)
                self.replaced += 1
            if citation.quote in card.text:
                kept.append(citation)
        return tuple(dict.fromkeys(kept))
