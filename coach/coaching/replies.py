"""Words a turn: from reading and plan to the reply beside the plan card. Knows prompts, readings and plans; no I/O.

Every sentence comes from prompts/; the user's own words enter as quotations. One open question at most in a reply.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from coach.cues import followups, lexicon, signals
from coach.cues.followups import Ask
from coach.domain import letters
from coach.domain.drafts import Purpose
from coach.domain.letters import bare, plain, straight
from coach.domain.moments import By, Landed, Moment, ProposedMoment
from coach.domain.people import Person
from coach.domain.plans import Finding, OwnPartLevel, Pattern, RepairPlan
from coach.domain.principles import Principle
from coach.domain.readings import ROUTES, Kind, Mention, Reading, Route
from coach.messages import variants
from coach.planning import checks, scenes
from coach.planning.address import addressed
from coach.ports import Likeness, Texts
from coach.reading import reader
from coach.safety import floor, harms

REPLANNED = frozenset({Ask.WONT_WORK, Ask.OUTCOME_SILENT, Ask.OUTCOME_BAD})
"""Follow-ups that change the plan."""

SOURCED = frozenset({Ask.WHY, Ask.SOURCE, Ask.WONT_WORK, Ask.OUTCOME_SILENT, Ask.OUTCOME_BAD, Ask.WHAT_IF_NO})
"""Follow-ups whose reply rests on the plan's citations."""

_NEVER_GRAVE = frozenset(
    {
        Ask.SHORTER, Ask.WARMER, Ask.MY_WORDS, Ask.SOURCE, Ask.SCORE, Ask.TAKE_SIDES, Ask.OK, Ask.THANKS, Ask.GOODBYE, Ask.UNCLEAR,
        Ask.HELLO, Ask.WHEN, Ask.FORGET, Ask.ABOUT_PERSON, Ask.CORRECTION,
    }
)  # fmt: skip
"""Follow-ups with no room for news in them."""

_GRAVE_GROUPS = ("touch", "sexual", "blow", "weapon", "menace", "own_rage", "despair")

_PIECE = re.compile(r"\S.*?(?:[.!?:]+[\"”’)]*(?=\s)|$)\s*|\s+", re.DOTALL)
_LONGEST_QUOTE = 22

MOST_WORDS = 120
"""The longest reply beside a plan card."""


def pieces(text: str) -> Iterator[str]:
    """Yield a reply in pieces of about a sentence; together they are the text."""
    at = 0
    for hit in _PIECE.finditer(text):
        if hit.end() > at:
            yield text[at : hit.end()]
            at = hit.end()
    if at < len(text):
        yield text[at:]


# ---- a conversation's memory

_AT_ONCE = frozenset({Ask.HELLO, Ask.THANKS, Ask.GOODBYE, Ask.OK, Ask.UNCLEAR, Ask.ABOUT_PERSON, Ask.FORGET})
"""What can be said before anything was told."""

_NEWS = frozenset({Ask.OUTCOME_GOOD, Ask.OUTCOME_SILENT, Ask.OUTCOME_BAD, Ask.WONT_WORK, Ask.NOT_DONE})


def asked(text: str, read: Reading, before: Reading | None) -> Ask | None:
    """Return what a message asks for beside a talk, or None when it tells of something. ``before``: what was told last."""
    asks = followups.detect(text, told_new=bool(read.moments))
    if before is None:
        return asks if asks in _AT_ONCE else None
    if asks is Ask.CORRECTION and not before.moments:
        return Ask.UNCLEAR
    names = {mention.name for mention in before.people if mention.name}
    somebody_new = any(mention.name and mention.name not in names for mention in read.people)
    if asks in _NEWS and read.moments and names and somebody_new:
        return None
    return asks


def carried(read: Reading, before: Reading | None, asks: Ask | None, text: str) -> Reading:
    """Return the reading with what the conversation already knows: who "him" is, and what a correction changes."""
    if before is None:
        return read
    if asks is Ask.CORRECTION and before.moments:
        return _corrected(before, text)
    if not before.people:
        return read
    known = {mention.name: mention for mention in before.people if mention.name}
    people = tuple(_remembered(mention, known) for mention in read.people)
    read = replace(read, people=people)
    about = before.people[0]
    if any(mention.name for mention in people):
        return _resumed(read, before, asks) if people[0].name == about.name else read
    first = people[0] if people else None
    if first is not None and first.relation is not None and first.role and first.pronoun != about.pronoun:
        return read
    asking_back = bool(read.asked) and not read.moments and len(text.split()) <= _ASKING_BACK
    if first is None and not _PRONOUN.search(plain(text)) and asks is None and not asking_back:
        return read
    moments = tuple(replace(moment, person=about.label) for moment in read.moments)
    people = (about, *(mention for mention in people if mention.role != about.role))
    return _resumed(replace(read, people=people, moments=moments), before, asks)


_PRONOUN = re.compile(r"\b(?:he|him|his|she|her|they|them|their)\b")
_ASKING_BACK = 8
"""A question of so few words that names nobody is about the one just discussed."""

_SCRAP = 14
"""A question of so few words with nothing told in it is about what was told before."""


def _remembered(mention: Mention, known: Mapping[str, Mention]) -> Mention:
    """Return a mention with what was said of the same person before."""
    before = known.get(mention.name or "")
    if before is None:
        return mention
    return replace(
        mention,
        role=mention.role or before.role,
        pronoun=before.pronoun if mention.pronoun == "they" else mention.pronoun,
        relation=mention.relation or before.relation,
        remote=before.remote if mention.remote is None else mention.remote,
    )


def _resumed(read: Reading, before: Reading, asks: Ask | None) -> Reading:
    """Return what was told before when a scrap asks about it again."""
    scrap = asks is None and read.asked and not read.moments and len(read.text.split()) <= _SCRAP
    same = read.route is Route.IN_SCOPE and before.route is Route.IN_SCOPE
    return replace(before, asked=read.asked) if scrap and same else read


def _corrected(before: Reading, text: str) -> Reading:
    channel, by, landed = followups.corrected(text)
    last = before.moments[-1]
    for moment in reversed(before.moments):
        if moment.by is By.THEM:
            last = moment
            break
    changed = replace(last, channel=channel or last.channel, by=by or last.by, landed=landed or last.landed)
    return replace(before, moments=tuple(changed if moment is last else moment for moment in before.moments))


def in_context(read: Reading, before: Reading | None, asks: Ask | None, likeness: Likeness) -> Reading:
    """Return a follow-up's reading as the talk it belongs to makes it.

    A scrap such as "what if he says no?" is too short for the tables: by itself it may resemble anything. Harm must show in
    its own words, or when it is read together with what was told before; else the kind of the talk stays.
    """
    if before is None or before.route is not Route.IN_SCOPE or (asks is None and not _scrap(read)):
        return read
    if read.route is Route.IN_SCOPE:
        return read if read.moments or asks is None else replace(read, kind=before.kind, severity=before.severity)
    words = floor.without_idioms(plain(read.text))
    if any(floor.worded(kind, words) for kind in harms.KINDS):
        return read
    if asks not in _NEVER_GRAVE:
        groups = lexicon.counts(words)
        together = floor.judge(f"{before.text}\n\n{read.text}", likeness).kind
        if any(groups[name] for name in _GRAVE_GROUPS) or ROUTES[together] is not Route.IN_SCOPE:
            return read
    return replace(read, kind=before.kind, severity=before.severity)


def _scrap(read: Reading) -> bool:
    """A few words with nothing told in them that ask back, or speak of somebody by pronoun alone."""
    if read.moments or read.route is Route.INJECTION or len(read.text.split()) > _SCRAP:
        return False
    pointing = bool(_PRONOUN.search(plain(read.text)))
    if read.route is Route.OFF_TOPIC:
        return pointing
    return bool(read.asked) or (pointing and read.kind is not Kind.SELF_HARM)


def still(read: Reading, before: Reading | None, asks: Ask | None) -> Reading:
    """Keep the route of a grave turn through small talk after it ("ok", "but he is nice"), until something else is told."""
    if before is None or before.route is not Route.GET_HELP or read.route is Route.GET_HELP:
        return read
    short = len(read.text.split()) <= 25
    other = any(mention.name and all(mention.name != known.name for known in before.people) for mention in read.people)
    if (asks is not None or short) and not other and asks not in {Ask.GOODBYE, Ask.FORGET}:
        return replace(
            read, kind=before.kind, severity=before.severity, people=read.people or before.people, moments=()
        )
    return read


# ---- in scope


def to_plan(read: Reading, plan: RepairPlan, prompts: Texts, times: int = 0, *, corrected: bool = False) -> str:
    """Return the reply beside a plan. ``times`` counts how often this plan was asked for (0: new)."""
    scene = prompts.scenes[scenes.choose(read, prompts.scenes)]
    first = plan.steps[0]
    landed = {moment.landed for moment in read.moments}
    hurt = any(moment.landed is not Landed.HELPED and moment.by is By.THEM for moment in read.moments)
    named = scenes.values(read, None, read.about, scene)
    if times >= 3:
        return prompts.render("third_time.fixed", action=addressed(first.action), minutes=first.minutes)
    values = {
        "kind": read.kind.value,
        "quote": _quote(read),
        "own_quote": _own_quote(read),
        "own_clear": plan.own_part.level is OwnPartLevel.CLEAR,
        "hurt": hurt,
        "helped": Landed.HELPED in landed,
        "variant": sum(map(ord, read.text)) % 6,
        "strained": read.kind is Kind.REPAIR and any(moment.landed is not Landed.HELPED for moment in read.moments),
        "own_line": prompts.render(
            "own_line.fixed",
            level=plan.own_part.level.value,
            sentence=plan.own_part.sentence,
            hurt=any(m.landed is Landed.HARMED and m.by is By.THEM for m in read.moments),
        ),
        "guess": bare(plan.guessed[0].text) if read.guesses and plan.guessed else "",
        "implied": plan.guessed[0].text if plan.guessed and not read.guesses else "",
        "open_question": plan.guessed[0].question
        if plan.guessed
        else (prompts.fill(scene["open_question"], named) if plan.stance.value == "ask_first" else ""),
        "finding": _finding(plan.findings),
        "first_line": prompts.render(
            "first_line.fixed",
            stance=plan.stance.value,
            day=_day(plan),
            action=addressed(first.action),
            minutes=first.minutes,
        ),
        "goal": _goal(read),
        "continued": times > 0,
        "count_line": prompts.render("count_line.fixed", n=len(read.moments)),
        "draft": prompts.fill(scene["draft"]["text"], named),
        "spoken": first.channel in {"in_person", "call", "video"}
        and read.kind is Kind.MESSAGE
        and not read.has("grief"),
        "question_line": first.say,
    }
    change = _last_changed(read) if corrected else ""
    words = _within(MOST_WORDS - len(change.split()) - 5 * corrected, values, prompts)
    return prompts.render("corrected.fixed", moment=change, reply=words) if corrected else words


def _within(most: int, values: dict[str, Any], prompts: Texts) -> str:
    """Return the reply in at most so many words: what can be spared goes first."""
    words = prompts.render("reply_plan.fixed", **values)
    for spared in ("spoken", "goal", "finding", "own_line", "quote"):
        if len(words.split()) <= most:
            break
        values = {**values, spared: ""}
        words = prompts.render("reply_plan.fixed", **values)
    return words


def _last_changed(read: Reading) -> str:
    theirs = [moment for moment in read.moments if moment.by is By.THEM] or list(read.moments)
    moment = theirs[-1]
    return moment.what.rstrip(" .") + (f" ({moment.channel.value.replace('_', ' ')})" if moment.channel else "")


def _quote(read: Reading) -> str:
    """The user's own words to hold on to: the moment that weighs most, else the first clause."""
    order = {Landed.HARMED: 0, Landed.INDIFFERENT: 1, Landed.HELPED: 2}
    told = sorted(read.moments, key=lambda moment: (not _shows(read, moment), order[moment.landed], moment.start))
    if told:
        return _brief(told[0].what)
    return ""


def _own_quote(read: Reading) -> str:
    """What the user tells of their own act, in their words."""
    mine = [moment for moment in read.moments if moment.by is By.ME and moment.landed is not Landed.HELPED]
    mine.sort(key=lambda moment: not _shows(read, moment))
    return _brief(mine[0].what) if mine else ""


def _shows(read: Reading, moment: ProposedMoment) -> bool:
    """Whether the words of a moment show by themselves how it landed."""
    return any(moment.start <= signal.start < moment.end and signal.name in signals.LANDING for signal in read.signals)


def _brief(text: str) -> str:
    words = text.strip(" .,;:!?").split()
    return " ".join(words[:_LONGEST_QUOTE]) + ("…" if len(words) > _LONGEST_QUOTE else "")


def _goal(read: Reading) -> str:
    if not read.goal or "?" in read.goal or re.match(r"how\b", read.goal, re.IGNORECASE):
        return ""
    return _brief(read.goal) if len(read.goal.split()) <= 18 else ""


def _finding(findings: Sequence[Finding]) -> str:
    return next((finding.sentence for finding in findings if finding.pattern is not None), "")


def _day(plan: RepairPlan) -> str:
    return plan.steps[0].due.strftime("%A")


def finding_sentence(
    prompts: Texts, every: Sequence[Moment]
) -> Callable[[Pattern | None, Person, Sequence[Moment]], str]:
    """Return what words a finding; ``every`` are all moments with the person."""

    def sentence(pattern: Pattern | None, person: Person, shown: Sequence[Moment]) -> str:
        return prompts.render(
            "finding.fixed",
            pattern=pattern.value if pattern else None,
            name=person.name,
            n=len(shown),
            total=len(every),
            last=_brief(shown[-1].what) if shown else "",
            channel=shown[-1].channel.value.replace("_", " ") if shown else "",
        )

    return sentence


def checked(plan: RepairPlan, retrieved: Mapping[str, Principle], read: Reading, texts: Texts) -> RepairPlan:
    """Return the plan as the checker leaves it: what fails is replaced or dropped, and counted in ``checked``."""
    return checks.check_plan(plan, retrieved, set(retrieved), read, checks.fallbacks(texts))[0]


# ---- other routes


def elsewhere(
    read: Reading, prompts: Texts, helps: Sequence[str], before: Reading | None = None, fair: bool = False
) -> str:
    """Return the reply of the routes that are not in scope; shorter when ``before``, the turn before, said it in full.

    ``fair``: besides orders to a machine there is something to help with, and it follows.
    """
    quote = _harm_quote(read)
    route = read.route
    if route is Route.GET_HELP and before is not None and before.kind is read.kind and not quote and not read.moments:
        return prompts.render("get_help_still.fixed", kind=read.kind.value, helps=list(helps))
    if route is Route.GET_HELP:
        return prompts.render(
            f"get_help_{read.kind.value}.fixed",
            quote=quote,
            helps=list(helps),
            own=read.kind is Kind.VIOLENCE
            and not read.moments
            and bool(re.search(r"\bi(?:'m| am| will|'ll| want| could)\b", plain(read.text))),
            medical=bool(
                re.search(
                    r"\b(?:bipolar|disorder|condition|diagnos\w*|symptoms?|depress\w*|medication|meds|pills|tablets|doctor|burn-?out|autis\w+|adhd|narciss\w+|drinking|alcohol\w*|ill|illness|wrong with (?:him|her|them)|mental\w*|dose|therap\w+|injur\w+)\b",
                    plain(read.text),
                )
            ),
        )
    if route is Route.DECLINE:
        return prompts.render(f"decline_{read.kind.value}.fixed", quote=quote)
    if route is Route.INJECTION:
        return prompts.render("injection.fixed", fair=fair)
    return prompts.render("off_topic.fixed")


def _harm_quote(read: Reading) -> str:
    theirs = [moment for moment in read.moments if moment.by is By.THEM and moment.landed is Landed.HARMED]
    if read.kind is Kind.SELF_HARM:
        words = next(
            (
                read.text[a:b]
                for a, b in letters.pieces(straight(read.text))
                if floor.telling(read.text[a:b], Kind.SELF_HARM)
            ),
            "",
        )
        return _brief(words)
    return _brief(theirs[0].what) if theirs else ""


def fair_part(read: Reading, likeness: Likeness) -> Reading | None:
    """Return the reading of the ordinary part of a mixed message: sentences about somebody else, without the harm or the orders."""
    if read.route is Route.OFF_TOPIC or read.kind in {Kind.SELF_HARM, Kind.VIOLENCE}:
        return None
    even = straight(read.text)
    spans = letters.pieces(even)
    if len(spans) < 3:
        return None
    grave = [floor.telling(read.text[a:b], read.kind) for a, b in spans]
    if not any(grave):
        return None
    rest = " ".join(read.text[a:b] for (a, b), bad in zip(spans, grave, strict=True) if not bad)
    if len(rest.split()) < 12:
        return None
    fair = reader.read(rest, likeness)
    if fair.route is not Route.IN_SCOPE or not fair.people:
        return None
    if read.route is Route.INJECTION:
        return fair if fair.moments or fair.asked else None
    harmful = {
        mention.label
        for mention in reader.read(
            " ".join(read.text[a:b] for (a, b), bad in zip(spans, grave, strict=True) if bad), likeness
        ).people
    }
    asked_about_other = fair.about is not None and fair.about.name and fair.about.label not in harmful and harmful
    return fair if asked_about_other else None


def beside(read: Reading, fair: Reading, plan: RepairPlan, prompts: Texts) -> str:
    """Return the words for the ordinary part of a mixed message."""
    if read.route is Route.INJECTION:
        return to_plan(fair, plan, prompts)
    name = fair.about.label if fair.about else ""
    return prompts.render("still_here.fixed", name=name, question=plan.missing.question)


# ---- after the plan


def follow_up(
    asks: Ask,
    read: Reading,
    plan: RepairPlan | None,
    changed: RepairPlan | None,
    moments: Sequence[Moment],
    findings: Sequence[Finding],
    prompts: Texts,
    subject: Reading | None = None,
) -> str:
    """Return the answer to a follow-up, from the plan, its citations and the journal. ``subject``: what the plan is about."""
    now = changed or plan
    if now is None:
        return prompts.render(
            "followup_no_plan.fixed",
            asks=asks.value,
            name=read.about.label if read.about else "",
            kept=_kept(moments),
            finding=_finding(findings),
        )
    first = now.steps[0]
    subject = subject or read
    scene = prompts.scenes[scenes.choose(subject, prompts.scenes)]
    named = scenes.values(subject, None, subject.about, scene)
    draft = prompts.fill(scene["draft"]["text"], named)
    citation = now.citations[0]
    other = now.steps[1] if len(now.steps) > 1 else first
    return prompts.render(
        f"followup_{asks.value}.fixed",
        name=named["name"],
        he=named["he"],
        him=named["him"],
        his=named["his"],
        s=named["s"],
        action=addressed(first.action),
        cue=addressed(first.cue),
        say=first.say,
        say_short=_first_sentence(first.say),
        minutes=first.minutes,
        channel=first.channel.replace("_", " "),
        why=first.why,
        day=_day(now),
        check_on=now.check_on.strftime("%A %d %B"),
        badly=now.if_it_goes_badly,
        stop=now.stop_rule,
        sign=now.sign_of_success,
        question=now.missing.question,
        fact=now.missing.fact,
        draft=draft,
        draft_short=variants.shorter(draft, Purpose(scene["draft"]["purpose"])),
        draft_warm=variants.warmer(draft, prompts, Purpose(scene["draft"]["purpose"])),
        quote=citation.quote,
        grade=citation.grade.value,
        caution=citation.caution or "",
        sources=sorted({f"{each.principle.replace('-', ' ')} ({each.grade.value})" for each in now.citations}),
        other_action=addressed(other.action),
        seen=[_brief(each.text) for each in now.seen[:3]],
        guessed=[_brief(each.text) for each in now.guessed[:2]],
        unknown=now.unknowns[0] if now.unknowns else "",
        reading=now.readings[0].text,
        own_reading=next((side.text for side in now.readings if side.user_had_part), now.readings[-1].text),
        kept=_kept(moments),
        n=len(moments),
        finding=_finding(findings),
        subject_words=_quote(subject),
    )


def _kept(moments: Sequence[Moment]) -> list[str]:
    return [f"{moment.happened_at:%d %B}: {_brief(moment.what)}" for moment in moments[-4:]]


def _first_sentence(text: str) -> str:
    cut = re.search(r"[.?!](?=\s|$)", text)
    return text[: cut.end()] if cut else text


def ruled_out(text: str, plan: RepairPlan) -> list[str]:
    """Return the actions of a plan that the user's objection rules out, by the channel or form they object to."""
    words = plain(text)
    against = {
        "meeting": r"\bmeetings?\b|\bin front of\b",
        "call": r"\b(?:phone|calls?|ring)\b",
        "video": r"\bvideo|camera|zoom\b",
        "in_person": r"\b(?:face to face|in person|remote\w*|from home|another (?:city|office|country)|different (?:city|office|country))\b",
        "email": r"\be-?mails?\b",
        "chat": r"\b(?:chat|slack|teams|texts?|messages?)\b",
    }
    return [step.action for step in plan.steps if step.channel in against and re.search(against[step.channel], words)]
