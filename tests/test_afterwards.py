"""What is said when a step has its outcome: it follows from what the step did and what is open after it."""

import itertools
import re
from dataclasses import replace
from datetime import datetime
from functools import cache
from typing import Any

import pytest

from coach.domain.accounts import ME, Account, Established, Number, Party, Told
from coach.domain.acts import REMINDED, Act, Follows, fits
from coach.domain.asks import Happened
from coach.domain.events import Want
from coach.domain.plans import RepairPlan, Step
from coach.domain.principles import Stance
from coach.errors import MissingPrompt
from coach.noticing.follow_ups import Came, Then, follow
from coach.planning.afterwards import NextWord, next_word
from coach.planning.composition import Ground, compose
from coach.planning.moves import JOURNAL, Book, Move, book, choose
from coach.planning.slots import slots
from many import many
from scenes import cards, catalogue, moves, texts
from test_moves import account, planned

NOW = datetime(2026, 11, 30, 9, 0)
_TO_OTHERS = {Act.REPORTED, Act.CONFIDED, Act.SET_STRAIGHT, Act.SAID}
"""Acts whose step may be towards somebody else than the one the plan is about."""
_GOOD = {Happened.WENT_WELL}
_OFFERS = {Act.OFFERED, Act.OWNED_OFFER}
_NO_MORE = re.compile(r"don't ask again|no reminder|don't put it a second time|don't say it (?:a second time|again)")
_ENDS = re.compile(r"send nothing|nothing (?:more )?has to be sent|let the subject rest|leave it there|once is enough")
_THANKS = re.compile(r"\bthank(?:s| you)\b|\bI'm glad\b", re.IGNORECASE)


@cache
def plan_with(first: Act, then: Act | None = None, follows: Follows | None = None, scene: str = "") -> RepairPlan:
    """A plan whose steps do just that; without a scene, what is said after them is what all have in common."""
    told = account("gone_cool", Want.CLEAR_UP)
    move = choose(told, moves())
    assert move is not None
    ids = (f"id-{n}" for n in itertools.count())
    made = compose(move, Ground(told, NOW, cards()), moves(), texts(), lambda: next(ids))
    step = made.steps[0]
    two = (
        replace(
            step, id="second", cue="When the talk has come", action="then say your point", act=then, follows=follows
        ),
    )
    return replace(made, scene=scene, steps=(replace(step, id="first", act=first), *(two if then else ())))


def word(plan: RepairPlan, happened: Happened, step: Step | None = None, done: tuple[str, ...] = ()) -> NextWord:
    told = account("gone_cool", Want.CLEAR_UP)
    return next_word(plan, step or plan.steps[0], told, happened, moves(), texts(), done)


EVERY = [(act, follows, happened) for act in Act for follows in (None, *Follows) for happened in Happened]


@many("act, follows, happened", EVERY)
def test_where_a_further_step_is_open_nothing_is_said_to_be_over(act: Act, follows: Follows | None, happened: Happened):
    said = word(plan_with(act, Act.SAID, follows), happened).say
    goes_on = "when the talk has come, say your point" in said
    assert goes_on is fits(follows, happened)
    if goes_on and follows is not Follows.STANDBY and happened is not Happened.MIXED:
        assert not _ENDS.search(said.lower()), said


@many("act, follows, happened", EVERY)
def test_thanks_are_offered_only_where_something_came_back(act: Act, follows: Follows | None, happened: Happened):
    for plan in (plan_with(act), plan_with(act, Act.SAID, follows)):
        got = word(plan, happened)
        assert happened in _GOOD or not _THANKS.search(got.draft)
        assert happened in _GOOD or (happened is Happened.NO_ANSWER and act in REMINDED) or not got.draft
        assert got.draft.count("[") <= 1
        assert "sorry" not in got.draft.replace("no further sorry", "").lower()


@many("act", list(Act))
def test_what_is_due_is_asked_for_once_more_and_nothing_else_is(act: Act):
    silent = word(plan_with(act), Happened.NO_ANSWER)
    assert bool(silent.draft) is (act in REMINDED)
    assert ("one calm reminder" in silent.say) is (act in REMINDED)
    if act in REMINDED:
        assert not _NO_MORE.search(silent.say.lower())
    if act in {Act.ASKED, Act.OWNED, Act.OWNED_QUESTION, Act.SAID}:
        assert _NO_MORE.search(silent.say.lower())


@many("act", sorted(REMINDED))
def test_no_reminder_is_offered_where_the_plan_has_another_step_for_silence(act: Act):
    got = word(plan_with(act, Act.REPORTED, Follows.UNANSWERED), Happened.NO_ANSWER)
    assert "The next step is meant for just this: when the talk has come" in got.say
    assert got.draft == ""


@many("act, happened", list(itertools.product(Act, Happened)))
def test_an_offer_is_spoken_of_only_where_one_was_made(act: Act, happened: Happened):
    got = word(plan_with(act), happened)
    assert act in _OFFERS or not re.search(r"\boffer|still stands", f"{got.say} {got.draft}")


@many("act, happened", list(itertools.product(sorted(_TO_OTHERS), Happened)))
def test_a_message_for_a_step_towards_somebody_else_names_nobody(act: Act, happened: Happened):
    assert "Tom" not in word(plan_with(act), happened).draft


def test_the_second_step_is_spoken_of_as_itself_and_nothing_follows_it():
    plan = plan_with(Act.OWNED, Act.DELIVERED, Follows.ALWAYS)
    got = word(plan, Happened.WENT_WELL, plan.steps[1])
    assert got.say.startswith("Good, it's done.")
    assert "next step" not in got.say
    assert "next step" not in word(plan, Happened.WENT_WELL, done=("second",)).say


def test_what_is_owed_to_somebody_else_holds_although_it_went_badly():
    plan = plan_with(Act.SET_STRAIGHT, Act.OWNED, Follows.ALWAYS)
    assert "One step, with Tom, holds all the same: when the talk has come" in word(plan, Happened.WENT_BADLY).say
    quiet = word(plan_with(Act.SET_STRAIGHT, Act.KEPT_BACK, Follows.ALWAYS), Happened.WENT_WELL).say
    assert "next step: when the talk has come" in quiet, "what is kept back is with nobody"
    waits = word(plan_with(Act.ASKED_TALK, Act.SAID, Follows.ANSWERED), Happened.NO_ANSWER)
    assert "The second step waits" in waits.say


def test_a_plan_whose_steps_say_nothing_of_what_they_do_is_spoken_of_by_what_it_is_for():
    bare = replace(plan_with(Act.ASKED), want=Want.FIND_WORDS, stance=Stance.ASK_FIRST)
    bare = replace(bare, steps=tuple(replace(step, act=None) for step in bare.steps))
    assert word(bare, Happened.NO_ANSWER).say.startswith("No answer is not a no, and it is not a yes.")
    owned = replace(bare, stance=Stance.REPAIR_OWN_HARM)
    assert word(owned, Happened.NO_ANSWER).say.startswith("If you didn't reach them")
    assert word(replace(bare, want=Want.THANK), Happened.WENT_WELL).say.startswith("Good. Once they have it")


@many("move", lambda: moves().moves)
def test_every_step_of_every_move_says_what_it_does(move: Move):
    steps = [key for key in ("first", "then") if move.words.get(key)]
    assert len(move.acts) == len(steps)
    assert move.follows is None or len(steps) == 2


_ONCE = re.compile(
    r"\b(?:once|one (?:call|line|request|message|offer|try|answer|invitation|sentence)|no (?:further|second|more))\b",
    re.IGNORECASE,
)
_MORE = re.compile(
    r"\bremind|\bcome back|\btwo\b|\btwice\b|\bonce more\b|\banother\b|\bone more\b|\beach\b", re.IGNORECASE
)
_SECOND = re.compile(
    r"reminder belongs|ask (?:that|it|them) [^.;]*(?:once|again)|name it once more|the next small thing"
)
_RESTS = re.compile(
    r"\byou settled\b|\bthey (?:have )?told you\b|\bas we said\b|\bheard (?:it out|their side)\b", re.IGNORECASE
)


@many("move", lambda: [move for move in moves().moves if move.source != JOURNAL])
def test_no_outcome_leads_to_more_asking_than_the_stop_rule_of_its_plan_allows(move: Move):
    stop = move.words["stop"]
    plan = replace(plan_with(*move.acts, follows=move.follows, scene=move.name), stop_rule="")
    for step, happened in itertools.product(plan.steps, Happened):
        got = word(plan, happened, step)
        more = _SECOND.search(f"{got.say} {got.draft}")
        assert not (more and _ONCE.search(stop) and not _MORE.search(stop)), (step.act, happened, stop)


@many("move", lambda: [move for move in moves().moves if len(move.acts) > 1])
def test_a_second_step_that_rests_on_an_answer_waits_for_one(move: Move):
    then = move.words["then"]
    rests = _RESTS.search(" ".join(then.get(key) or "" for key in ("cue", "do", "say")))
    assert not rests or move.follows in {Follows.ANSWERED, Follows.STANDBY}, then


def test_a_step_that_never_reached_them_is_told_apart_from_one_without_an_answer():
    alone = {Act.NOTED, Act.KEPT_BACK, Act.CONFIDED, Act.MADE_GOOD, Act.DELIVERED}
    for act in set(Act) - alone:
        said = word(plan_with(act), Happened.NO_ANSWER).say
        assert re.search(r"reach|didn't get to|wasn't said|not have been heard", said), act


def test_acts_that_are_not_known_or_too_few_are_refused():
    moves_ = texts().moves["quarrel"]["moves"]
    plain = next(each for each in moves_ if not each.get("then"))
    for acts, why in (({"first": "hinted"}, "hinted"), ({"first": "said", "then": "said"}, "more or fewer steps")):
        scene = {"quarrel": {"moves": [{**plain, "acts": acts}]}}
        with pytest.raises(MissingPrompt, match=why):
            book(scene, catalogue())
    with pytest.raises(MissingPrompt, match="no entry for the act asked"):
        book({"_after": {}}, catalogue())


def offered() -> list[tuple[str, Want]]:
    return [(one.id, want) for one in catalogue().entries for want in one.wants if want is not Want.JUST_KEEP]


@many("event, want", offered)
def test_after_every_event_and_want_each_outcome_of_each_step_has_its_words(event: str, want: Want):
    told = account(event, want)
    told = replace(told, parties=(Party("p1", "Tom", main=True, number=Number.ONE),))
    move = choose(told, moves())
    assert move is not None
    ids = (f"id-{n}" for n in itertools.count())
    plan = compose(move, Ground(told, NOW, cards()), moves(), texts(), lambda: next(ids))
    for step, happened in itertools.product(plan.steps, Happened):
        got = next_word(plan, step, told, happened, moves(), texts())
        assert not re.search(r"[{}]|  |\.\.|\bNone\b", f"{got.say} {got.draft}"), (step.id, happened, got)
        assert got.say[-1] in ".”?", got.say
        if happened in {Happened.NO_ANSWER, Happened.WENT_BADLY}:
            assert not _THANKS.search(got.draft)
        if step.act in REMINDED and happened is Happened.NO_ANSWER:
            assert not _NO_MORE.search(got.say.replace(plan.stop_rule.partition(". ")[2], "").lower()), got.say


# ---- a scene's own words


def small(
    after: dict[str, Any] | None = None, own: dict[str, Any] | None = None, group: dict[str, Any] | None = None
) -> Book:
    """The shared words, one event with one move that asks, and its group; each with words of its own."""
    plain = {**texts().moves["gone_cool"]["moves"][0], "id": "ask"}
    scenes: dict[str, Any] = {"_after": texts().moves["_after"]}
    scenes["gone_cool"] = {
        "moves": [{**plain, **({"after": own} if own else {})}],
        **({"after": after} if after else {}),
    }
    scenes["_cool"] = {"moves": [plain], **({"after": group} if group else {})}
    return book(scenes, catalogue())


def said(words: str) -> dict[str, Any]:
    return {"asked": {"went_well": {"say": words}}}


def test_the_words_of_the_move_come_first_then_those_of_its_scene_its_group_and_the_act():
    plan, told = plan_with(Act.ASKED, scene="gone_cool/ask"), account("gone_cool", Want.CLEAR_UP)

    def heard(held: Book, happened: Happened = Happened.WENT_WELL, of: RepairPlan = plan) -> str:
        return next_word(of, of.steps[0], told, happened, held, texts()).say

    shared = word(plan_with(Act.ASKED), Happened.WENT_WELL).say
    assert heard(small(said("Scene."), said("Move."), said("Group."))) == "Move."
    assert heard(small(said("Scene."), None, said("Group."))) == "Scene."
    assert heard(small(None, None, said("Group."))) == "Group."
    assert heard(small()) == shared
    full = small(said("Scene."), said("Move."), said("Group."))
    assert heard(full, Happened.WENT_BADLY).startswith("You asked, openly and once")
    assert heard(full, of=replace(plan, scene="gone_cool/no-longer-there")) == "Scene."
    assert heard(full, of=replace(plan, scene="")) == shared


def test_a_stop_rule_is_told_without_its_count_and_only_where_nothing_else_is_said():
    plan = replace(plan_with(Act.ASKED, scene="gone_cool/ask"), stop_rule="One question. They may say little.")
    told = account("gone_cool", Want.CLEAR_UP)
    silent = {"asked": {"no_answer": {"say": "Leave it."}}}
    said_ = [
        next_word(plan, plan.steps[0], told, Happened.NO_ANSWER, each, texts()).say for each in (small(), small(silent))
    ]
    assert said_[0].endswith("send nothing about it. They may say little.")
    assert said_[1] == "Leave it."
    two = replace(plan_with(Act.ASKED, Act.SAID, Follows.ALWAYS), stop_rule=plan.stop_rule)
    assert "They may say little" not in word(two, Happened.NO_ANSWER).say


def test_what_else_is_due_is_said_when_the_step_went_well_and_not_before():
    one, other = Party("p1", "Tom", main=True), Party("p2", "Ana")
    mistake = Told("i_made_mistake", Established.TAP, ME, "p1")
    ignored = Told("i_ignored", Established.TAP, ME, "p2")

    def heard(second: Told, happened: Happened) -> str:
        told = Account((one, other), (mistake, second), want=Want.PUT_RIGHT)
        return next_word(planned(told), planned(told).steps[0], told, happened, moves(), texts()).say

    assert "And there is still Ana. Two lines to Ana today" in heard(ignored, Happened.WENT_WELL)
    own = heard(replace(ignored, receiver="p1"), Happened.WENT_WELL)
    assert "And there is still the other matter. A word from you to Tom was missing" in own
    for happened in set(Happened) - {Happened.WENT_WELL}:
        assert "And there is still" not in heard(ignored, happened)


def test_words_that_nobody_would_hear_are_refused():
    for held, why in (
        ({"hinted": {}}, "no step does 'hinted'"),
        ({"owned": {}}, "no step does 'owned'"),
        ({"asked": {"badly": {"say": "Oh."}}}, "no outcome 'badly'"),
        ({"asked": {"went_well": {"last": "Leave it."}}}, "it holds 'say'"),
        ({"asked": {"went_well": {"say": "Good.", "then": "Go."}}}, "may hold 'last' and 'draft'"),
    ):
        for place in ({"after": held}, {"own": held}):
            with pytest.raises(MissingPrompt, match=re.escape(why)):
                small(**place)


def own_words() -> list[tuple[str, str, str, dict[str, str]]]:
    """What scenes and moves say in their own words: where it stands, after which act and outcome, the words."""
    held = [*moves().own_after.items(), *((move.name, move.words.get("after", {})) for move in moves().moves)]
    return [
        (name, act, outcome, words)
        for name, acts in held
        for act, outcomes in acts.items()
        for outcome, words in outcomes.items()
    ]


_KNOWN_MIND = re.compile(
    r"\bthey (?:are|were|feel|felt|want|wanted|think|thought|understand|understood|trust|need) "
    r"(?!(?:free|there|not obliged|all)\b)",
)
_OPEN = re.compile(
    r"\b(?:if|unless|whether|when|however|once|until|may|might|could|what|how|where|who|as|than|that)\b[^.;:]*$",
    re.IGNORECASE,
)
_LONGEST_WORDS, _MOST_SENTENCES = 75, 5


@many("name, act, outcome, words", own_words)
def test_own_words_are_short_calm_and_tell_no_mind(name: str, act: str, outcome: str, words: dict[str, str]):
    told = texts().fill(f"{words['say']} {words.get('last', '')}", _GIVEN)
    assert len(told.split()) <= _LONGEST_WORDS, told
    assert len(re.findall(r"[.?](?=\s|$)", told)) <= _MOST_SENTENCES, told
    assert "!" not in told
    assert "[" not in told, "a gap to fill stands in a message only"
    for mind in _KNOWN_MIND.finditer(told):
        assert _OPEN.search(told[: mind.start()]), told


@many("name, act, outcome, words", own_words)
def test_own_messages_keep_to_the_outcome(name: str, act: str, outcome: str, words: dict[str, str]):
    draft, silent = words.get("draft", ""), outcome == "no_answer" and Act(act) in REMINDED
    assert bool(draft) if silent else not draft or outcome == "went_well"
    assert not silent or "one calm reminder" in words.get("last", "")
    assert silent or "reminder" not in words["say"] + words.get("last", "") or "no reminder" in words["say"]
    assert draft.count("[") <= 1
    assert outcome == "went_well" or not _THANKS.search(draft)
    assert "sorry" not in draft.lower()
    assert Act(act) not in _TO_OTHERS or not re.search(r"call|name|theirs|hi\b|one\b", draft)


_GIVEN = slots(Party("p1", "Tom", main=True)) | {
    "sign": "It has gone.",
    "stop": "",
    "cue": "",
    "action": "",
    "aside": False,
}


@many("move", lambda: [move for move in moves().moves if any(map(dict, moves().words_after(move.name)))])
def test_own_words_agree_with_the_step_that_is_still_open(move: Move):
    plan = plan_with(*move.acts, follows=move.follows, scene=move.name)
    own = {act for words in moves().words_after(move.name) for act in words}
    for happened in Happened if plan.steps[0].act in own else ():
        said = word(plan, happened).say
        if len(plan.steps) > 1 and fits(move.follows, happened):
            closed = (
                move.follows is not Follows.STANDBY and happened is not Happened.MIXED and _ENDS.search(said.lower())
            )
            assert not closed, said
        if plan.steps[0].act in REMINDED and happened is Happened.NO_ANSWER:
            assert not _NO_MORE.search(said.lower()), said


_CAME = {Happened.WENT_WELL: Came.WELL, Happened.NO_ANSWER: Came.NO_REPLY, Happened.WENT_BADLY: Came.BADLY}


@many("act, follows, happened", list(itertools.product(Act, (None, *Follows), _CAME)))
def test_the_words_and_the_day_that_follows_say_the_same(act: Act, follows: Follows | None, happened: Happened):
    plan = plan_with(act, Act.SAID, follows)
    got = word(plan, happened)
    following = follow(plan, plan.steps[0], _CAME[happened], [], None, NOW.date())
    reminds = happened is Happened.NO_ANSWER and act in REMINDED and follows is not Follows.UNANSWERED
    assert ("one calm reminder" in got.say) is reminds is bool(got.draft and happened is Happened.NO_ANSWER)
    assert reminds or following.then is not Then.AGAIN
    if following.then in {Then.NEXT_STEP, Then.STILL}:
        assert following.step is plan.steps[1]
        assert "say your point" in got.say
    if following.then is Then.FINISHED:
        assert "next step" not in got.say
