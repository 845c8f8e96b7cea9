"""What the coach says in a session apart from its questions: what the journal shows, a principle, the end. Pure.

Every sentence comes from prompts/session/; the user's words and notes enter as quotations.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from coach.domain.letters import pieces, plain
from coach.domain.people import Person
from coach.domain.plans import RepairPlan, Step
from coach.domain.principles import Citation, Principle
from coach.domain.sessions import Asked, Bound, Intention, Listens, Phase, Session, Template
from coach.noticing import evidence
from coach.noticing.evidence import Fact
from coach.noticing.wording import day, fact_sentence
from coach.planning import checks
from coach.ports import Texts
from coach.reading import choices
from coach.sessions import advice, asides
from coach.sessions.questions import HAPPENED, as_put
from coach.sessions.talk import BEFORE, Talk, View, standing

RETRIEVED = 12
NEAR = 6
"""So many of the cards that were found may fit what was said."""

_LONGEST_CITED = 40
_STEP = "step"
"""The fact that something was taken on with somebody, outside of a session."""


def shown(talk: Talk) -> tuple[Fact, ...]:
    """Return what the journal shows for this session."""
    view, person = talk.view, talk.view.person(talk.session.person_id)
    if person is not None:
        return _of(person, view)
    if talk.session.about or talk.template.bound is not Bound.NONE:
        return ()
    findings = {each.id: view.findings(each.id) for each in view.people}
    remote = "remote" in talk.template.id
    found = evidence.of_team(view.people, view.moments, findings, view.today, remote=remote)
    known = {fact.people[0].id for fact in found if len(fact.people) == 1}
    named = [it for it in advice.between(talk) if it.id not in known]
    theirs = [fact for each in named for fact in _of(each, view)[:1]]
    return (*theirs, *(fact for fact in found if len(fact.people) < 2 or not {*fact.people} <= {*named}))


def _of(person: Person, view: View) -> tuple[Fact, ...]:
    """Return what the journal shows of one person; where that is nothing, what was taken on with them."""
    theirs = [moment for moment in view.moments if moment.person_id == person.id]
    found = evidence.of_person(person, theirs, view.findings(person.id), view.today)
    return found or ((Fact(_STEP, (person,)),) if view.step_with(person.id) else ())


def facts(found: Sequence[Fact], talk: Talk) -> tuple[str, bool]:
    """Return what the journal shows, worded, and whether it shows anything. ``found``: the facts of ``shown``."""
    view, person = talk.view, talk.view.person(talk.session.person_id)
    if not found and talk.session.person_id is None and talk.template.bound is not Bound.NONE:
        return "", False
    first = {fact.people[0].id: fact for fact in reversed(found) if fact.people}
    lines = [_with_step(fact, talk, told=fact not in first.values()) for fact in found]
    about = [moment for moment in view.moments if person is None or moment.person_id == person.id]
    if person and person.plate and person.plate_noted_at and not found:
        lines.append(fact_sentence(Fact("plate", (person,), sentence=person.plate), talk.texts))
    text = talk.texts.render("session/facts.fixed", kept=lines, n=len(about), small=evidence.small(about))
    return text, bool(lines)


def _with_step(fact: Fact, talk: Talk, *, told: bool) -> str:
    """Return a fact, worded; beside the first of somebody (not ``told``) the step that was taken on with them."""
    line = fact_sentence(fact, talk.texts) if fact.name != _STEP else ""
    step = talk.view.step_with(fact.people[0].id) if fact.people and not told else None
    if step is None or step.step_id in {each.id for each in talk.session.intentions}:
        return line
    values = {"day": day(step.due), "words": step.words.rstrip("."), "follows": step.follows}
    about = "harm" if fact.name == "unmended" else ""
    told_of = talk.texts.render("session/fact.fixed", name=_STEP, who=fact.people[0].name, about=about, **values)
    return f"{line} {told_of}".strip()


# ---- principles


def chosen(talk: Talk) -> Principle | None:
    """Return the kind's card that the leader's own words come nearest to, not cited yet; None: none fits."""
    session = talk.session
    said = " ".join((session.goal, *session.ideas, *(given.text for given in standing(session))))
    nearest = [match.principle for match in talk.view.retrieve(said[:1200])][:NEAR] if said.strip() else []
    cited = {citation.principle for turn in session.turns for citation in turn.citations}
    fit = set(talk.template.principles) - cited
    return next((it for it in nearest if it.id in fit and not it.evidence), None)


def quoted(card: Principle) -> Citation | None:
    """Return a card's statement as a citation, as much of it as can be read at once; None when it does not hold."""
    kept = ""
    for start, end in pieces(card.statement):
        if kept and len(card.statement[:end].split()) > _LONGEST_CITED:
            break
        kept = card.statement[:end]
        del start
    made = Citation(card.id, kept, card.grade, card.caution)
    return made if checks.citation_fault(made, {card.id: card}, {card.id}) is None else None


def left_out(talk: Talk) -> Person | None:
    """Return the first of those the journal shows as left out, or whom the session is about."""
    found = [fact for fact in shown(talk) if fact.name in {"left_out", "nothing_noted"}]
    return talk.view.person(talk.session.person_id) or (found[0].people[0] if found else None)


# ---- intentions and the end


def whom(each: Intention, people: Iterable[Person]) -> str:
    """Return the name of whom a commitment is with, "" where its words name them."""
    person = next((it for it in people if it.id == each.person_id), None)
    return "" if person is None or choices.named(each.words, person.name) is not None else person.name


def step_of(each: Intention, plan: RepairPlan | None) -> Step | None:
    """Return the step that says a commitment's sentence, with what the plan says of it; None: it is own words."""
    return next((it for it in plan.steps if it.id == each.id and it.say), None) if plan else None


def matter(each: Intention, session: Session, people: Sequence[Person]) -> str:
    """Return what the leader said of a commitment before they said when; "" where its words hold it."""
    held = " ".join(f"{plain(it.words)} {plain(it.cue)}" for it in session.intentions)
    for idea in session.ideas:
        named = [it for it in people if choices.named(idea, it.name) is not None]
        theirs = each.person_id in {it.id for it in named} or (not named and session.speaks_of(each))
        if theirs and plain(idea) not in held:
            return idea
    return ""


def _kept(each: Intention) -> dict[str, str]:
    assert each.due is not None
    words, cue = each.words.strip().rstrip("."), each.cue.strip(" .")
    return {"words": words, "day": day(each.due), "at": each.at, "cue": cue, "obstacle": each.obstacle.strip(" .")}


def closing(session: Session, texts: Texts, people: Sequence[Person]) -> str:
    """Return the end of a session."""
    kept = [{**_kept(each), "who": whom(each, people)} for each in session.intentions]
    reason = texts.render("session/because.fixed", because=session.because.value if session.because else "")
    moved = [{"day": day(it.new_due), "words": it.words} for it in session.told if it.new_due]
    return texts.render("session/close.fixed", goal=session.goal, intentions=kept, because=reason, moved=moved)


_ELSEWHERE = (Listens.GOAL, Listens.COMMITMENT)
"""Answers to such questions stand in a summary under a heading of their own."""


def answered(session: Session, template: Template | None, texts: Texts, name: str) -> list[tuple[str, str]]:
    """Return the questions that were answered, each with the answer in the user's words.

    An answer to two questions is told once, with the first. One given again after the session had rested is marked.
    ``name`` stands in where the session is about nobody.
    """
    asked = {each.id: each for each in template.questions} if template else {}
    happened = texts.render("session/ask.fixed", which=HAPPENED)
    asked[HAPPENED] = Asked(HAPPENED, Phase.REALITY, happened, Listens.ANYTHING)
    earlier = {given.question.removesuffix(BEFORE) for given in session.answers if given.question.endswith(BEFORE)}
    said: dict[str, str] = {}
    for given in session.answers:
        id_ = given.question.removesuffix(BEFORE)
        if id_ not in asked or not given.text or given.skipped:
            continue
        later = id_ in earlier and id_ == given.question
        if any(given.text == it.obstacle for it in session.intentions):
            continue  # it stands with what it is in the way of
        if asked[id_].listens not in _ELSEWHERE or id_ != given.question:
            question = as_put(asked[id_], session if session.about else replace(session, about=name))
            said.setdefault(given.text, f"{question} (added later)" if later else question)
    return [(question, text) for text, question in said.items()]


def prepared(session: Session, template: Template | None) -> list[tuple[str, str]]:
    """Return what the leader wants and means to say or ask: the questions as they were put, with their own lines."""
    every = template.questions if template else ()
    said_in = {Listens.IDEA, Listens.SENTENCE}
    lines = {asked.id: asked for asked in every if asked.phase is Phase.OPTIONS and asked.listens in said_in}
    wanted = [(as_put(it, session), session.goal) for it in every if it.listens is Listens.GOAL and session.goal]
    said = [
        (as_put(lines[it.question], session), it.text) for it in session.answers if it.question in lines and it.text
    ]
    return [*wanted[:1], *said]


def cited(session: Session, template: Template | None) -> tuple[Citation, ...]:
    """Return what was quoted of the cards, without a card that the leader turned down."""
    own = {it.id for it in (template.questions if template else ()) if it.listens is Listens.PRINCIPLE}
    refused = {it.question for it in session.answers if it.question in own and asides.says("own_way", it.text)}
    return tuple(dict.fromkeys(it for turn in session.turns if turn.asking not in refused for it in turn.citations))


def summary(
    session: Session,
    template: Template | None,
    texts: Texts,
    people: Sequence[Person],
    plans: Mapping[str, RepairPlan],
) -> str:
    """Return a session as Markdown, in the user's words. ``plans``: what its commitments are kept as, by their ids."""
    name = next((it.name for it in people if it.id == session.person_id), "")
    return texts.render(
        "session/summary.fixed",
        title=session.title,
        day=day(session.started_at.astimezone().date()),
        name=session.about or name,
        goal=session.goal,
        told=[
            {
                "words": each.words, "let_go": each.let_go, "happened": each.happened, "note": each.note,
                "new_due": day(each.new_due) if each.new_due else "", "landed": each.landed,
            }
            for each in session.told
        ],
        answers=[{"question": question, "text": text} for question, text in answered(session, template, texts, name)],
        intentions=[
            {
                **_kept(it), "who": whom(it, people), "matter": matter(it, session, people),
                "step": step_of(it, plans.get(it.id)), "plan": plans.get(it.id),
            }
            for it in session.intentions
        ],
        open=session.finished_at is None,
        because=texts.render("session/because.fixed", because=session.because.value if session.because else ""),
        cited=[{"quote": it.quote, "grade": it.grade.value} for it in cited(session, template)],
    )  # fmt: skip
