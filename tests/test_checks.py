"""The checker: planted faults are caught, clean near-misses and the project's own sentences pass, plans are mended.

The lists are the data: a violation's name and sentences that earn it, and sentences that come close and earn nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from time import process_time
from typing import Any

import pytest

from coach.domain.accounts import Number, Party
from coach.domain.plans import (
    Checked,
    Finding,
    Guessed,
    Missing,
    OtherSide,
    OwnPart,
    OwnPartLevel,
    RepairPlan,
    Seen,
    Step,
)
from coach.domain.principles import Citation, Grade, Principle, Stance
from coach.domain.readings import Kind, Route
from coach.domain.violations import Context
from coach.planning import checks
from coach.planning.checks import check_plan, fallbacks, violations
from coach.planning.forbidden import RULES
from coach.planning.moves import AFTER
from coach.planning.sayable import stands
from coach.planning.slots import slots
from coach.rows import rows
from many import many, some
from texts import PROMPTS

ROOT = Path(__file__).resolve().parents[1]
SAID = "Tom ignores my mails. He wants my job, I think, and he was angry on Monday"
IN_SCOPE = Context(people=("Tom", "your boss"), quotes=(SAID,), known=("he was angry on Monday",))

PLANTED: dict[str, tuple[str, ...]] = {
    "mind": (
        "Tom thinks you are not up to it.",
        "He is jealous of the praise you got.",
        "She wants to hurt you.",
        "They don't respect you.",
        "Your boss resents the way you work.",
        "He really doesn't care about the team.",
        "Tom is avoiding you since the meeting.",
        "She did it on purpose.",
        "This shows that he never trusted you.",
        "Deep down, she knows that you are right.",
        "His real motive is the lead on the project.",
        "She feels threatened by your ideas.",
        "He is trying to push you out.",
        "It is because he envies you.",
        "For one thing she hates you.",
        "The thing he wants is your job.",
        "They know that you are wrong.",
    ),
    "label": (
        "He is lazy.",
        "Tom is a bully.",
        "You are too childish about this.",
        "She comes across as arrogant.",
        "This is how a toxic person works.",
        "That is gaslighting.",
    ),
    "diagnosis": (
        "She is bipolar.",
        "He may be a narcissist.",
        "You have depression.",
        "You are probably burnt out.",
        "That sounds like burnout.",
        "Tom shows signs of autism.",
    ),
    "verdict": (
        "This is illegal.",
        "That is discrimination.",
        "What he did was clearly harassment.",
        "You have a strong case.",
        "You would win at the tribunal.",
        "They can't fire you for that.",
        "You are entitled to compensation.",
        "You should take antidepressants.",
    ),
    "ratio": (
        "Aim for a ratio of 5:1.",
        "Good teams keep 5 to 1.",
        "Give five positive remarks for every negative one.",
        "It takes three good moments to make up for a bad one.",
        "You need four times as many good moments.",
    ),
    "score": (
        "I would give him 7/10.",
        "Your trust score went up.",
        "That is six out of ten.",
        "I'd rate her as a good listener.",
        "On a scale of one to ten this is low.",
        "There is an 80 % chance that it works.",
    ),
    "flattery": (
        "You're absolutely right.",
        "That is a great question.",
        "You did nothing wrong.",
        "You are so brave.",
        "I'm proud of you.",
        "You deserve better.",
        "Tom is clearly in the wrong.",
        "You are clearly the bigger person.",
    ),
    "sorry_if": (
        "I am sorry if it hurt you.",
        "Sorry, but I was under pressure.",
        "I am sorry for the mail, but it had to be said.",
        "If I upset you, I am sorry.",
    ),
    "asks_forgiveness": (
        "Please forgive me.",
        "Ask him to forgive you.",
        "I hope you can forgive this.",
        "Can we put this behind us?",
        "Tell me we're okay.",
    ),
    "lecture": (
        "It is important to communicate.",
        "Communication is key.",
        "Communicate openly with the team.",
        "You need to learn patience.",
        "Studies show that listening helps.",
    ),
    "length": (
        " ".join(["and then you go to the next desk"] * 7) + ".",
        " ".join(["word"] * 60) + ".",
    ),
    "exclamation": ("Well done!", "Go and ask him!"),
    "steps": ("There are five steps to this.", "The fourth step is a letter.", "4) Write to the team."),
    "deceit": (
        "Pretend that you did not see the mail.",
        "Tell him a white lie about the date.",
        "Check her calendar without her knowing.",
        "Make up an excuse to see him.",
        "Make her feel guilty about it.",
        "Go behind his back to the director.",
        "Send an anonymous note to HR.",
        "Say it behind his back and not to him.",
        "Make her believe you were ill.",
    ),
    "retaliation": (
        "Get back at him in the next meeting.",
        "Give her the silent treatment for a week.",
        "Embarrass him in front of the team.",
        "Pay him back in kind.",
        "Make him regret it.",
        "Get her fired.",
        "You may embarrass him in the meeting.",
    ),
    "recording": (
        "Record the next meeting with your phone.",
        "Start recording your calls.",
        "Film him when he shouts.",
        "Leave your phone recording in the room.",
    ),
}

UNSAFE = (
    "Apologise to him first.",
    "Meet him alone over a coffee.",
    "Try to see it from her side.",
    "Think about what you did to provoke it.",
    "Ask him why he did it.",
    "Have a private talk with your manager and smooth things over.",
    "Give him another chance.",
    "He may have meant it kindly.",
)

PRIVATE = (
    "Hi Ana, Tom is getting divorced, so be kind to him.",
    "I heard that Eva had a miscarriage, that is why she is slow.",
    "My colleague is on sick leave with depression.",
    "As you know, his drinking is a problem.",
)

CLEAN = (
    "It may be that Tom thinks you are busy.",
    "Perhaps she wants more time.",
    "You don't know what he thinks.",
    "Ask her what she wants from the meeting.",
    "Tom said that he wants the lead.",
    "He might be jealous, or he might not have seen it.",
    'You wrote "He wants my job"; what did you see?',
    "Does he care about the date, or about the cost?",
    "Nobody can see from outside whether she respects you.",
    "If he feels rushed, leave it for a day.",
    "She is at her desk before nine.",
    "He has a full plate this week.",
    "Tom was angry on Monday.",
    "They have no meeting on Friday.",
    "When she wants to go, let her go.",
    "He is free not to answer.",
    "They are entitled to their own view.",
    "That would be a label: he is not lazy because he is late.",
    "Do not call him a bully; say what he did.",
    "I cannot say whether she is depressed; a doctor can.",
    "A lawyer can tell you whether this is discrimination.",
    "Whether you have a case is for a lawyer to say.",
    "I can't judge whether that is legal.",
    "A one-to-one meeting on Thursday would do.",
    "Could you take the 1:1 at 9:30?",
    "Ask for ten to fifteen minutes.",
    "Two good moments this week, and one that hurt.",
    "I give nobody a score, and never will.",
    "I don't rate people.",
    "The report is due on 7/10/2026.",
    "What you saw stands; what it meant is open.",
    "You are right that the mail was sent at nine.",
    "The question is a good place to begin.",
    "You may have a part in this.",
    "That took some patience.",
    'Leave out "sorry if"; it takes the apology back.',
    "Say sorry for the remark and for nothing else.",
    "I am sorry about the remark. I was tired, and that is no excuse.",
    "Do not ask to be forgiven.",
    "The other person does not owe you forgiveness.",
    "Ask nobody to forgive anything.",
    "Tell her the date and what it is for.",
    "Say what happened in one sentence.",
    "Set one thing aside for this week.",
    "Three steps are enough.",
    "The first step takes five minutes.",
    "Don't pretend that nothing happened.",
    "Say it to him and not behind his back.",
    "Go to her without acting as if it were by chance.",
    "Never check anyone's phone.",
    "Don't pay him back in the next meeting.",
    "Ask in private instead of embarrassing him.",
    "No revenge, no silence: one sentence.",
    "Before recording anything, get advice; the rules differ.",
    "Do not record the talk.",
    "Write down the date, the words and who heard them.",
    "Keep a record of what was agreed.",
    "Ring him instead of writing a third mail.",
    "Apologise once, and leave the pace to him.",
    "See it from his side before you write.",
    "Meet her for a coffee on Thursday.",
    "What might explain no reply?",
    "Tom's plate is full until Friday.",
    "She may feel that it came out of nowhere.",
    "You know your work; he knows his.",
    "I hear one side only, and yours counts.",
    "Take on a task they dislike.",
    "And should he want to talk, listen.",
    "They need not say that they regret it.",
    "A small help towards their goal is worth more than a large one towards yours.",
    "It is too small to say behind his back.",
    "It was said behind her back, and it was not so.",
    "Praise may be rare, so this may embarrass them.",
    "Even one good question can do more than the weather.",
)

CLEAN_IN_GET_HELP = (
    "You owe him no apology.",
    "Do not meet him alone.",
    "You do not have to see it from her side.",
    "It is not yours to repair.",
    "Nobody may ask you to make peace with this.",
    "Take a person with you, and no talk without a witness.",
    "This is not your fault.",
    "Write down the date, the words and who heard them.",
)

CLEAN_DRAFTS = (
    "Hi Ana, I heard about [what happened, in the words they used], and I am thinking of you.",
    "Dear Tom, my surgery is on Monday, so I am away for a week.",
    "Could you send me the salary tables for March by Friday?",
    "I am so sorry about your illness. There is no need to answer.",
)


@many("name, sentence", [(name, each) for name, all_ in PLANTED.items() for each in all_])
def test_a_planted_fault_is_caught(name: str, sentence: str) -> None:
    found = violations(sentence, IN_SCOPE)
    assert name in {each.name for each in found}
    assert all(each.sentence == sentence for each in found)
    assert all(0 <= each.start < each.end <= len(each.sentence) for each in found)


@pytest.mark.parametrize("sentence", UNSAFE)
def test_what_is_unsafe_is_caught_where_help_is_needed(sentence: str) -> None:
    context = Context(route=Route.GET_HELP, people=("your manager",))
    assert "unsafe" in {each.name for each in violations(sentence, context)}
    assert "unsafe" not in {each.name for each in violations(sentence, IN_SCOPE)}


@pytest.mark.parametrize("sentence", PRIVATE)
def test_a_third_persons_private_facts_stay_out_of_a_draft(sentence: str) -> None:
    context = Context(people=("Ana", "Tom", "Eva"), part="draft")
    assert "private_facts" in {each.name for each in violations(sentence, context)}


@many("sentence", CLEAN)
def test_a_near_miss_passes(sentence: str) -> None:
    assert violations(sentence, IN_SCOPE) == []


@pytest.mark.parametrize("sentence", CLEAN_IN_GET_HELP)
def test_a_near_miss_passes_where_help_is_needed(sentence: str) -> None:
    assert violations(sentence, Context(route=Route.GET_HELP)) == []


@pytest.mark.parametrize("sentence", CLEAN_DRAFTS)
def test_a_draft_may_speak_of_oneself_and_of_its_reader(sentence: str) -> None:
    assert violations(sentence, Context(people=("Ana", "Tom"), part="draft")) == []


def test_every_violation_has_planted_faults() -> None:
    assert {*PLANTED, "unsafe", "private_facts", "hearsay", "citation", "misplaced_apology"} == set(checks.NAMES)
    assert sum(map(len, PLANTED.values())) >= 60
    assert len(CLEAN) >= 60


def test_every_row_stands_under_a_rule_and_every_rule_has_rows() -> None:
    assert {row.more["rule"] for row in rows("words/forbidden")} == {rule.key or rule.name for rule in RULES}


def test_curly_quotes_and_capitals_change_nothing() -> None:
    assert {each.name for each in violations("YOU’RE ABSOLUTELY RIGHT.", IN_SCOPE)} == {"flattery"}
    assert violations("You wrote “He wants my job”.", IN_SCOPE) == []
    assert {each.name for each in violations("Plainly, “she wants to hurt you”.", IN_SCOPE)} == {"mind"}


def test_each_sentence_of_a_text_is_judged_by_itself() -> None:
    found = violations("It may be the workload. He is jealous. You're absolutely right.", IN_SCOPE)
    assert [(each.name, each.sentence) for each in found] == [
        ("mind", "He is jealous."),
        ("flattery", "You're absolutely right."),
    ]


# ---- the project's own sentences

_PEOPLE = (
    Party("p1", "Tom", main=True),
    Party("p1", None, "my boss", main=True),
    Party("p1", "the others", main=True, number=Number.SEVERAL),
    Party("p1", None, "the shop", main=True, number=Number.PLACE),
    None,
)
_AROUND = {
    "sign": "Your name stands there.",
    "stop": "Once. They are free to say no.",
    "cue": "when the day has come",
    "action": "say your point",
    "aside": True,
    "taps": "Tom helped me or did me good",
    "who": "Ada",
    "heading": "Ask Ada once, and believe the answer.",
    "begin": "Ada, how are you?",
    "first": True,
    "line": "A word from you to Ada was missing as well.",
}
"""What is filled in beside the person."""
_GIVEN = [{**slots(party), **_AROUND} for party in _PEOPLE]
_NOT_SAID = {
    "id", "wants", "needs", "unless", "despite", "number", "level", "card", "channel", "purpose", "minutes", "days",
    "closers", "mine", "weighty", "quiet", "knows",
}  # fmt: skip
"""Keys of a scene file that hold no sentence."""


def _strings(value: Any, path: str) -> Iterator[tuple[str, str]]:
    if isinstance(value, str):
        yield path, value
    elif isinstance(value, dict):
        for key, inner in value.items():
            if key not in _NOT_SAID:
                yield from _strings(inner, f"{path}.{key}")
    elif isinstance(value, list):
        for inner in value:
            yield from _strings(inner, path)


def _part(path: str) -> str:
    """How the checker takes a field: what is avoided, what is for somebody else to read or hear, the coach's own."""
    last = path.rpartition(".")[2]
    draft = path.endswith((".draft", ".draft.text")) or (last == "say" and ".after." not in path)
    return "avoid" if last == "avoid" else "draft" if draft else "said"


def _given(source: str) -> list[dict[str, Any]]:
    """Who a line is said of. Who it is changes nothing in one without slots; a quick run takes another for a third."""
    first, *others = _GIVEN
    return [first, *some(others, 3 * len(others), len(source))] if "{" in source else [first]


_PASSED: set[tuple[str, ...]] = set()
"""Lines that were found in order, with whom they name and the part they are of."""


@many("name", lambda: sorted(PROMPTS.moves))
def test_what_the_moves_of_a_scene_say_passes(name: str) -> None:
    """Every line as it is said of one by name, one by role, several, a whole place, and nobody named."""
    scene = PROMPTS.moves[name]
    for path, source in _strings({"after": scene} if name == AFTER else scene, ""):
        if path.endswith(".guessed.text"):  # a guess the user may have had; it is not the coach's claim
            continue
        for given in _given(source):
            text, part = PROMPTS.fill(source, given), _part(path)
            who = {str(given["call"])} if str(given["call"]).lower() in text.lower() else set()
            if (text, *who, part) not in _PASSED:
                _PASSED.add((text, *who, part))
                assert violations(text, Context(people=tuple(who), part=part)) == [], (path, text)


_SLOTS = {"name": "Tom", "them": "him", "their": "his", "topic": "the report"}


@many("file", sorted((ROOT / "knowledge").glob("*.md")) + sorted((ROOT / "knowledge/evidence").glob("*.md")))
def test_what_a_card_says_passes(file: Path) -> None:
    front = file.read_text(encoding="utf-8").split("\n---\n")[0]
    for field, text in re.findall(r"^[ -]*(statement|cue|action|say|avoid): \"?(.+?)\"?$", front, re.MULTILINE):
        part = {"say": "draft", "avoid": "avoid"}.get(field, "said")
        assert violations(text.format(**_SLOTS), Context(people=("Tom",), part=part)) == []


def test_what_stands_in_for_a_failing_sentence_passes() -> None:
    for field, text in fallbacks(PROMPTS).items():
        assert text, field
        assert violations(text, Context(people=("Tom",), part=_part(f".{field}"))) == []


# ---- plans

CARD = Principle(
    "ask-questions",
    "Ask",
    ("A",),
    Grade.B,
    "Ask one open question.",
    (),
    (),
    (),
    "Ask, and wait.",
    "Ask one open question. Ask, and wait.",
)
EVIDENCE = replace(CARD, id="nvc", grade=Grade.C, evidence=True)
CARDS = {CARD.id: CARD, EVIDENCE.id: EVIDENCE}
GOOD = Citation(CARD.id, "Ask one open question.", Grade.B)
INSTEAD = fallbacks(PROMPTS)
PEOPLE, QUOTES, KNOWN = ("Tom",), (SAID,), ("he was angry on Monday",)


def step(**changes: Any) -> Step:
    fields: dict[str, Any] = {
        "id": "s1", "cue": "When Tom is alone", "action": "ask what is in the way", "say": "Is anything in the way?",
        "avoid": "asking in front of others", "channel": "in_person", "minutes": 5, "due": date(2026, 3, 4),
        "why": "A question costs little.", "citations": (GOOD,),
    }  # fmt: skip
    return Step(**{**fields, **changes})


def plan(**changes: Any) -> RepairPlan:
    fields: dict[str, Any] = {
        "id": "p1", "created_at": datetime(2026, 3, 2, tzinfo=UTC), "person_id": None, "kind": Kind.REPAIR,
        "stance": Stance.ASK_FIRST, "headline": "Ask Tom once, in private.", "seen": (Seen("Tom ignores my mails"),),
        "guessed": (Guessed("He wants my job", "What might explain no reply?"),),
        "readings": (OtherSide("It may be that he is busy.", False), OtherSide("It may be that you asked late.", True)),
        "own_part": OwnPart(OwnPartLevel.POSSIBLE, "You may have asked at a bad time."),
        "missing": Missing("Whether he saw it.", "Did it reach you?"),
        "findings": (Finding(None, (), 1, "Too few to say."),), "steps": (step(),),
        "if_it_goes_badly": "If he is short, then leave it for a day.", "stop_rule": "Ask twice at most.",
        "check_on": date(2026, 3, 9), "sign_of_success": "You know what was in the way.",
        "unknowns": ("What he has on this week.",), "citations": (GOOD,), "checked": Checked(0, 0),
    }  # fmt: skip
    return RepairPlan(**{**fields, **changes})


def test_a_sound_plan_comes_back_as_it_was() -> None:
    assert check_plan(plan(), CARDS, {CARD.id}, PEOPLE, QUOTES, INSTEAD, KNOWN) == (plan(), ())


@pytest.mark.parametrize(
    ("name", "changes"),
    [
        ("mind", {"headline": "Tom is jealous of you, so ask him."}),
        ("ratio", {"own_part": OwnPart(OwnPartLevel.CLEAR, "You owe him 5:1 now.")}),
        (
            "label",
            {
                "readings": (
                    OtherSide("It may be that he is lazy.", False),
                    OtherSide("It may be that you are late.", True),
                )
            },
        ),
        ("flattery", {"unknowns": ("You're absolutely right about the rest.",)}),
        ("recording", {"steps": (step(action="record the meeting"),)}),
        ("retaliation", {"if_it_goes_badly": "If he is short, then pay him back."}),
        ("asks_forgiveness", {"steps": (step(say="Please forgive me."),)}),
        ("private_facts", {"steps": (step(say="Tom is getting divorced, I heard."),)}),
        ("score", {"findings": (Finding(None, (), 1, "Trust score: low."),)}),
        ("exclamation", {"sign_of_success": "He smiles!"}),
        ("deceit", {"missing": Missing("Pretend to know.", "Did it reach you?")}),
        (
            "misplaced_apology",
            {"own_part": OwnPart(OwnPartLevel.NONE, "None."), "steps": (step(say="I am sorry for the mail."),)},
        ),
    ],
)
def test_a_failing_sentence_of_a_plan_is_replaced(name: str, changes: dict[str, Any]) -> None:
    mended, found = check_plan(plan(**changes), CARDS, {CARD.id}, PEOPLE, QUOTES, INSTEAD, KNOWN)
    assert name in {each.name for each in found}
    assert mended.checked == Checked(len(found), 1)
    assert check_plan(mended, CARDS, {CARD.id}, PEOPLE, QUOTES, INSTEAD, KNOWN)[1] == ()


def test_what_the_user_said_is_not_judged_and_what_the_log_holds_may_be_said() -> None:
    said = plan(seen=(Seen("He is lazy and jealous!"),), headline="Tom was angry on Monday; ask him why.")
    assert check_plan(said, CARDS, {CARD.id}, PEOPLE, QUOTES, INSTEAD, KNOWN)[1] == ()


@pytest.mark.parametrize(
    "say",
    [
        "I am sorry to hear about your week.",
        "I heard, and I am so sorry.",
        "I am so sorry about what happened.",
        "I'm so sorry about [who died]. You needn't answer this.",
        "I didn't know what to say when [who died] died. I'm so sorry.",
        "I'm sorry that it's so hard at the moment.",
        "Thank you for the sorry.",
        "What would you be sorry not to have said?",
    ],
)
def test_sympathy_is_no_apology(say: str) -> None:
    kind = plan(own_part=OwnPart(OwnPartLevel.NONE, "None."), steps=(step(say=say),))
    assert check_plan(kind, CARDS, {CARD.id}, PEOPLE, QUOTES, INSTEAD, KNOWN)[1] == ()


@pytest.mark.parametrize(
    "say",
    [
        "I'm sorry that it's so hard to reach me.",
        "I'm sorry for what I said when the server died.",
        "The apology is due: I apologise for the mail.",
    ],
)
def test_what_sounds_like_sympathy_and_owns_an_act_is_an_apology(say: str) -> None:
    owned = plan(own_part=OwnPart(OwnPartLevel.NONE, "None."), steps=(step(say=say),))
    found = check_plan(owned, CARDS, {CARD.id}, PEOPLE, QUOTES, INSTEAD, KNOWN)[1]
    assert [each.name for each in found] == ["misplaced_apology"]


def test_citations_hold_or_are_set_right_or_dropped() -> None:
    wrong = (
        GOOD,
        Citation("no-such-card", "Ask.", Grade.A),
        Citation(CARD.id, "Ask five open questions.", Grade.B),
        Citation(CARD.id, "Ask, and wait.", Grade.A),
        Citation("nvc", "Ask, and wait.", Grade.C),
    )
    mended, found = check_plan(
        plan(citations=wrong, steps=(step(citations=wrong[1:2]),)), CARDS, {CARD.id}, PEOPLE, QUOTES, INSTEAD, KNOWN
    )
    assert [each.name for each in found] == ["citation"] * 4
    assert mended.citations == (GOOD, Citation(CARD.id, "Ask, and wait.", Grade.B), wrong[4])
    assert mended.steps[0].citations == (GOOD,)
    assert all(each.quote in CARDS[each.principle].text for each in mended.citations)


def test_what_was_not_retrieved_is_not_cited_unless_it_tells_of_studies() -> None:
    assert check_plan(plan(), CARDS, set(), PEOPLE, QUOTES, INSTEAD, KNOWN)[0].citations == ()
    alone = plan(citations=(Citation("nvc", "Ask, and wait.", Grade.C),))
    assert check_plan(alone, CARDS, {CARD.id}, PEOPLE, QUOTES, INSTEAD, KNOWN)[0].citations == alone.citations
    misquoted = plan(citations=(Citation("nvc", "Ask, and hurry.", Grade.C),))
    mended = check_plan(misquoted, CARDS, {CARD.id}, PEOPLE, QUOTES, INSTEAD, KNOWN)[0]
    assert [each.quote for each in mended.citations] == [EVIDENCE.statement]


def test_three_steps_at_most() -> None:
    mended, found = check_plan(
        plan(steps=tuple(step(id=f"s{n}") for n in range(5))), CARDS, {CARD.id}, PEOPLE, QUOTES, INSTEAD, KNOWN
    )
    assert [each.name for each in found] == ["steps"]
    assert [each.id for each in mended.steps] == ["s0", "s1", "s2"]


def test_a_plan_is_checked_in_milliseconds() -> None:
    check_plan(plan(), CARDS, {CARD.id}, PEOPLE, QUOTES, INSTEAD, KNOWN)
    started = process_time()
    for _ in range(20):
        check_plan(plan(steps=(step(), step(), step())), CARDS, {CARD.id}, PEOPLE, QUOTES, INSTEAD, KNOWN)
    assert (process_time() - started) / 20 < 0.05


@many("name", ["Tom", "Will", "Mark Stone", "Siobhán O’Connell", "your boss", "the others"])
def test_a_claim_is_caught_whatever_the_name(name: str) -> None:
    context = Context(people=(name,))
    assert "mind" in {each.name for each in violations(f"{name} is jealous of you, so ask what happened.", context)}
    assert "mind" in {each.name for each in violations("You will ask him, for he hates you.", context)}
    assert violations(f"Will you ask {name} what happened on Monday?", context) == []


def test_a_name_stands_with_or_without_the_full_stop_of_its_title() -> None:
    held = "Our choir director Mr. Ode is kind, and Dr Bell sings."
    assert [stands(name, held) for name in ("Mr Ode", "Mr. Ode", "Dr. Bell", "Ode", "Mr Bell")] == [
        True, True, True, True, False,
    ]  # fmt: skip
