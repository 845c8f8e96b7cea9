"""Moves: what they may say, which one is taken, and what a closer shuts out."""

import itertools
import json
import re
from dataclasses import replace
from datetime import datetime, timedelta
from functools import cache

import pytest

from coach.domain.accounts import ME, Account, Established, Fact, Number, Party, Told
from coach.domain.events import Doer, Want
from coach.domain.moments import Channel
from coach.domain.plans import OwnPartLevel, RepairPlan
from coach.domain.principles import Stance
from coach.errors import MissingPrompt
from coach.planning import checks
from coach.planning.composition import Ground, compose, skeleton
from coach.planning.moves import JOURNAL, Move, book, choose
from coach.planning.slots import slots
from coach.rows import pattern
from evals.premises import presupposed
from many import many, some
from scenes import cards, catalogue, moves, texts

NOW = datetime(2026, 11, 30, 9, 0)
MOST_WORDS_OF_AN_ANSWER = 120
_CONDOLENCE = {"their_loss", "their_hard_time"}
"""Events in which "I'm sorry" speaks of grief or illness and owns nothing."""
_ONLY_SPLITS = {
    "first_time", "here", "i_asked_what_is_wrong", "i_may_have_begun", "it_was_taken_otherwise", "it_was_tense_before",
    "last_word_was_mine", "last_word_was_theirs", "others_were_thanked", "remote", "they_accepted", "they_are_the_one",
    "they_ask_private_things", "they_blame_each_other", "they_check_me", "they_lead_me", "they_say_little",
    "they_touch_me", "with_everyone", "work_brings_us_together",
}  # fmt: skip
"""Facts that some move is written for, and that ask for nothing where another one is taken."""
_SORRY = re.compile(r"\b(?:sorry|apologi[sz]e|forgive)\b", re.IGNORECASE)


def account(event: str, want: Want, *facts: str, name: str = "Tom", number: Number = Number.ONE) -> Account:
    """One person, one event and some facts, all tapped."""
    entry = catalogue().entry(event)
    doer, receiver = {Doer.ME: (ME, "p1"), Doer.THEM: ("p1", ME)}.get(entry.by, (None, None))
    return Account(
        (Party("p1", name, main=True, number=number),),
        (Told(event, Established.TAP, doer, receiver),),
        tuple(Fact(fact, Established.TAP) for fact in facts),
        want=want,
    )


@cache
def planned(told: Account) -> RepairPlan:
    """The plan of an account; kept, for several tests look at the same one."""
    ids = (f"id-{n}" for n in itertools.count())
    ground = Ground(told, NOW, cards())
    move = choose(told, moves())
    if move is None:
        return skeleton(told, ground, texts(), lambda: next(ids))
    return compose(move, ground, moves(), texts(), lambda: next(ids))


def everything() -> list[Account]:
    """Every event with each of its wants, for one person, several and a place, of the groups that have moves."""
    return [
        account(entry.id, want, number=number)
        for entry in catalogue().entries
        if f"_{entry.group}" in moves().files
        for want in entry.wants
        if want is not Want.JUST_KEEP
        for number in Number
    ]


@many("move", lambda: moves().moves)
def test_no_line_takes_for_granted_what_its_move_does_not_need(move: Move):
    assert presupposed(move) == []


@many("move", lambda: [move for move in moves().moves if move.source != JOURNAL])
def test_the_words_of_a_first_step_leave_at_most_two_gaps_to_fill(move: Move):
    assert re.sub(r"\{\{.*?\}\}", "", move.words["first"].get("say") or "").count("[") <= 2


@many("move", lambda: moves().moves)
def test_a_move_cites_cards_that_are_there_and_is_in_form(move: Move):
    words = move.words
    steps = [words[key] for key in ("first", "then") if key in words]
    assert [step["card"] for step in steps if step["card"] not in cards()] == []
    assert words["first"]["minutes"] <= 10
    assert all(0 <= step["days"] <= 7 for step in steps[:1])
    assert all(re.match(r"(?:If|When) ", step["cue"]) for step in steps)
    assert all(step["channel"] != "in_person" or "here" in move.covers for step in steps)
    given = slots(Party("p1", "Tom", main=True))
    assert len(texts().fill(words["headline"], given).split()) <= 18
    assert not words.get("badly") or re.match(r"If .+, then ", words["badly"])
    assert all(re.search(r"\b(?:may|might|could|perhaps)\b", each["text"]) for each in words.get("readings", ()))
    assert len(words.get("readings", ())) <= 3


_OF_THE_USER = re.compile(r"\b(?:they|their|theirs|themselves|of yours|a stranger)\b")
"""The page calls it the one question to ask: who speaks of "them" asks the user."""
_OF_OTHERS = {
    "May I tell them, or would you, by [day]?",
    "They have asked me; will you tell them, or may I?",
    "Who may tell them, and on which day?",
    "When will they be told, and who tells them?",
    "What would you like me to tell the others, and what should they not do?",
    "When something of yours is good, how would you like to hear it?",
}


@many("move", lambda: moves().moves)
def test_the_one_question_is_for_the_other_person_and_not_for_the_user(move: Move):
    asked = (move.words.get("question") or {"ask": ""})["ask"]
    assert asked in _OF_OTHERS or not _OF_THE_USER.search(re.sub(r"\[[^]]*]", "", asked.lower()))


@many("told", everything)
def test_every_event_gives_a_plan_for_each_of_its_wants_and_number(told: Account):
    plan = planned(told)
    assert plan.made_by == "scene", (told.event_ids, told.want, told.main)
    assert plan.steps[0].due <= NOW.date() + timedelta(days=8)
    lines = (
        plan.headline,
        plan.answer or "",
        *(line for step in plan.steps for line in (step.cue, step.action, step.say)),
    )
    said = " ".join(line for line in lines if line)
    assert "{" not in said
    assert "  " not in said


def needs_met(move: Move) -> list[Account]:
    """An account for each number a move serves, in which just what it needs was tapped."""
    events = [name for name in (move.source, *sorted(move.needs)) if name in catalogue()]
    in_group = [entry.id for entry in catalogue().entries if f"_{entry.group}" == move.source]
    event, *more = events or [*in_group, "gone_cool"][:1]
    facts = [name for name in sorted(move.needs) if name in catalogue().facts]
    told = [account(event, sorted(move.wants)[0], *facts, number=number) for number in sorted(move.numbers)]
    return [replace(each, events=(*each.events, *(Told(one, Established.TAP) for one in more))) for each in told]


@pytest.mark.slow
@many("move", lambda: moves().moves)
def test_the_checker_finds_nothing_in_the_plan_of_any_move(move: Move):
    """Lines are checked of everybody in ``test_checks``; this is for what is judged of a whole plan."""
    told = next(iter(needs_met(move)))
    plan = compose(move, Ground(told, NOW, cards()), moves(), texts(), lambda: "id")
    people = tuple(party.call for party in told.parties if party.call)
    cited = {it.principle for some in (plan.citations, *(step.citations for step in plan.steps)) for it in some}
    assert checks.check_plan(plan, cards(), cited, people, told.asked, checks.fallbacks(texts()))[1] == (), told.main


@many("told", everything)
def test_sorry_is_said_for_an_act_of_the_users_alone(told: Account):
    plan = planned(told)
    mine = bool(told.by_me(catalogue()))
    assert mine or plan.own_part.level is not OwnPartLevel.CLEAR
    if not mine and told.event_ids[0] not in _CONDOLENCE:
        assert not any(_SORRY.search(step.say) for step in plan.steps if told.want is not Want.ANSWER_THEM)


@many("told", everything)
def test_a_closer_is_respected_whatever_happened(told: Account):
    event, want = told.event_ids[0], told.want
    assert want is not None
    for closer in moves().closers:
        plan = planned(account(event, want, closer))
        says = [step.say for step in plan.steps]
        if closer == "they_asked_for_distance":
            assert not any(says), (event, want, plan.scene)
            assert plan.draft is None, (event, want, plan.scene)
        if closer == "i_apologised":
            assert not any(_SORRY.search(say) for say in says), (event, want, plan.scene)


def test_every_closer_has_a_plan_for_every_want_and_number_alone_and_with_another():
    pairs = [(one,) for one in moves().closers] + list(itertools.combinations(moves().closers, 2))
    for held, want, number in itertools.product(pairs, Want, Number):
        if want is not Want.JUST_KEEP:
            move = choose(account("know_one", want, *held, number=number), moves())
            assert move is not None, (held, want, number)


def test_after_a_no_a_silence_or_an_it_is_nothing_nothing_is_asked():
    settled = {"they_asked_for_distance", "they_said_no", "they_said_it_is_nothing", "they_did_not_answer"}
    for move in moves().files["_closers"]:
        if settled & move.needs:
            words = move.words
            assert "?" not in words["first"]["say"] + (words.get("draft") or {"text": ""})["text"], move.name


def with_event(told: Account, event: str, doer: str, receiver: str) -> Account:
    """The account with one more event tapped."""
    return replace(told, events=(*told.events, Told(event, Established.TAP, doer, receiver)))


def test_under_distance_a_deed_of_ones_own_is_owned_and_nothing_of_it_is_to_be_said():
    plan = planned(with_event(account("they_want_distance", Want.PUT_RIGHT), "i_said_wrong", ME, "p1"))
    assert moves().beside["i_said_wrong"] not in (plan.answer or "")
    assert plan.own_part.level is OwnPartLevel.CLEAR
    assert plan.own_part.rests_on == ("i_said_wrong",)
    assert not any(step.say for step in plan.steps)


def test_under_distance_what_was_told_to_others_is_corrected_with_them_and_nothing_goes_to_the_person():
    told = account("they_want_distance", Want.DECIDE, "i_did_them_harm", "work_brings_us_together", "i_had_it_wrong")
    plan = planned(with_event(told, "i_went_over", ME, "p1"))
    assert plan.scene == "they_want_distance/after-i-went-over"
    assert plan.own_part.level is OwnPartLevel.CLEAR
    assert not any(step.say for step in plan.steps)
    assert "not by letter" in (plan.answer or "")
    assert "was wrong" in plan.steps[0].action


def test_what_happened_again_and_again_is_no_single_cancellation():
    plan = planned(account("i_moved_meeting", Want.FIND_WORDS, "more_than_once", "i_must_move_it"))
    assert "it isn't the first time" in plan.steps[0].say
    assert "more than once" in plan.own_part.sentence


def test_what_another_person_did_is_named_and_left_for_a_step_of_its_own():
    told = account("my_day_forgotten", Want.DECIDE)
    theirs = with_event(told, "they_helped", "p1", ME)
    another = with_event(replace(told, parties=(*told.parties, Party("p2", "Ada"))), "they_helped", "p2", ME)
    line = moves().beside["they_helped"]
    assert line in (planned(theirs).answer or "")
    assert line not in (planned(another).answer or "")
    assert "is a step of its own, with Ada. " in (planned(another).answer or "")
    heading = "Yes, say it: one exact sentence, soon, and better than a present."
    assert f"{heading} For instance: “Ada, thank you for [the one thing]." in (planned(another).answer or "")


def test_an_event_that_the_plan_was_made_for_is_not_left_for_later_whoever_it_was_with():
    told = account("lead_favours", Want.PUT_RIGHT)
    told = replace(told, parties=(*told.parties, Party("p2", "Ada")), events=(replace(told.events[0], receiver="p2"),))
    assert "step of its own" not in (planned(told).answer or "")


def test_what_was_with_another_person_neither_shapes_nor_shuts_the_plan_for_this_one():
    alone = account("i_made_mistake", Want.PUT_RIGHT)
    for event, doer, receiver in (("i_was_not_honest", ME, "p2"), ("they_want_distance", "p2", ME)):
        told = with_event(replace(alone, parties=(*alone.parties, Party("p2", "Ada"))), event, doer, receiver)
        assert planned(told).scene == planned(alone).scene
        assert "a step of its own, with Ada" in (planned(told).answer or "")
        assert "to Tom now" not in (planned(told).answer or "")


def test_the_same_deed_towards_two_has_words_for_each():
    told = with_event(account("i_made_mistake", Want.PUT_RIGHT), "i_made_mistake", ME, "p2")
    plan = planned(replace(told, parties=(*told.parties, Party("p2", "Ada"))))
    assert "Tom" in plan.headline
    assert "Tell Ada: my mistake, what it cost you, and the piece of it I'll carry." in (plan.answer or "")
    assert "comes first" not in (plan.answer or "")


def test_a_harm_to_somebody_else_comes_first_in_words_to_say_and_is_owned():
    told = account("passed_over", Want.CLEAR_UP)
    two = replace(told, parties=(*told.parties, Party("p2", "Ada")))
    plan = planned(with_event(two, "i_snapped", ME, "p2"))
    first = "with Ada, and it comes first: that part is yours to put right. Alone, and briefly: “Ada, I was sharp"
    assert first in (plan.answer or "")
    assert plan.own_part.level is OwnPartLevel.CLEAR
    assert plan.stance is not Stance.REPAIR_OWN_HARM  # the steps are with Tom
    assert planned(with_event(two, "they_helped", "p2", ME)).own_part.level is OwnPartLevel.NONE


def test_a_fact_that_was_tapped_is_in_the_move_or_in_a_line_or_named():
    for event, want, fact, says in (
        ("they_said_no", Want.CLEAR_UP, "more_than_once", "more than once"),
        ("i_said_wrong", Want.CLEAR_UP, "about_who_they_are", "who they are"),
        ("lead_slipping", Want.FIND_WORDS, "told_in_confidence", "in confidence"),
    ):
        plan = planned(account(event, want, "they_lead_me" if fact == "more_than_once" else fact, fact))
        assert says in f"{plan.headline} {plan.answer}", event
    settled = planned(account("they_say_it_is_nothing", Want.DECIDE, "with_me_alone"))
    assert (settled.answer or "").endswith("come back to that afterwards.")


_ALLOWS_NO = {
    "ask": re.compile(r"\bno (?:second|third|further) (?:ask|question|asking)\b"),
    "tell": re.compile(r"\bno third \w+"),
}
_ORDERS = {
    "ask": re.compile(r"\bask (?:them|for|whether|what|how|which)\b"),
    "tell": re.compile(r"\b(?:say|tell them) \w+"),
}


@many("closer", lambda: moves().tapped["quiet"])
def test_what_was_tapped_as_well_orders_nothing_that_the_plan_forbids(closer: str):
    """A fact beside a closer: its line neither asks nor tells once more where the plan says that enough was said."""
    asked = {fact: entry for entry in catalogue().entries for fact in entry.ask if fact != closer}
    for fact, entry in asked.items():
        plan = planned(account(entry.id, next(w for w in entry.wants if w is not Want.JUST_KEEP), fact, closer))
        own = moves().move(plan.scene)
        assert own is not None
        behind = (plan.answer or "").casefold()[-120:] if fact not in own.covers else ""
        for act, forbids in _ALLOWS_NO.items():
            if forbids.search(f"{plan.headline} {plan.stop_rule}".casefold()):
                line = next((each for told, each in lines_behind() if told == fact and each.casefold() in behind), "")
                assert not _ORDERS[act].search(line), (plan.scene, fact, line)


@many("event", lambda: [e.id for e in catalogue().entries if Want.DECIDE in e.wants])
def test_who_has_to_decide_is_told_what_speaks_for_each_way(event: str):
    plan = planned(account(event, Want.DECIDE))
    weighing = moves().weigh.get(event, "")
    assert weighing.split(": ")[0] in (plan.answer or "") or pattern("words/weighing", "weighs").search(
        (plan.answer or "").lower()
    )
    other = next((want for want in catalogue().entry(event).wants if want not in {Want.DECIDE, Want.JUST_KEEP}), None)
    if other is not None and weighing:
        assert weighing not in (planned(account(event, other)).answer or "")


def _decided_after() -> list[Move]:
    """Every move that weighs, in an event with a general lean, after somebody has spoken, refused or kept silent."""
    shut = set(moves().closers)
    told = [each for each in moves().moves if each.source in moves().weigh and not each.needs.isdisjoint(shut)]
    return [each for each in told if Want.DECIDE in each.wants]


@many("move", _decided_after)
def test_what_holds_in_general_is_not_said_to_somebody_who_has_done_it_already(move: Move):
    plan = planned(replace(needs_met(move)[0], want=Want.DECIDE))
    assert moves().weigh[move.source] not in (plan.answer or "")


@many("event", lambda: sorted(moves().weigh))
def test_what_is_weighed_rests_on_the_event_alone(event: str):
    move = moves().files[event][0]
    bare = frozenset(catalogue().entry(event).premises)
    words = {"answer": moves().weigh[event]}
    assert presupposed(Move(**{**move.__dict__, "words": words, "covers": bare})) == []


def lines_behind() -> list[tuple[str, str]]:
    """Every line that may stand behind an answer, with the event or fact that it speaks of."""
    sides = [
        (fact, words if isinstance(words, dict) else {"any": words}) for fact, words in moves().tapped["facts"].items()
    ]
    return [*moves().beside.items(), *((fact, line) for fact, lines in sides for line in lines.values())]


@many("told, line", lines_behind)
def test_a_line_behind_an_answer_rests_on_what_it_speaks_of_alone(told: str, line: str):
    covers = frozenset(catalogue().entry(told).premises if told in catalogue() else {told})
    words = {"answer": line}
    assert presupposed(Move(**{**moves().moves[0].__dict__, "words": words, "covers": covers})) == []


@many("told, line", lambda: [each for each in lines_behind() if each[0] != "treated_badly"])
def test_a_line_behind_an_answer_claims_no_first_place_that_the_plan_gives_to_something_else(told: str, line: str):
    assert not re.search(r"\b(?:comes|do that|ask that) first\b|everything else can wait", line), told


def test_a_fact_is_spoken_of_from_the_side_of_the_event_that_it_was_asked_for():
    told = account("their_good_work", Want.THANK, "promise_open")
    mine, theirs = with_event(told, "i_broke_promise", ME, "p1"), with_event(told, "they_let_me_down", "p1", ME)
    assert "give a day that you're sure of" in (planned(mine).answer or "")
    assert "you need either a day or another way" in (planned(theirs).answer or "")


@many("fact", lambda: sorted({fact for entry in catalogue().entries for fact in entry.ask}))
def test_every_fact_that_is_asked_has_a_line_or_only_splits_the_plan(fact: str):
    assert fact in moves().tapped["facts"] or fact in _ONLY_SPLITS


def test_a_time_they_moved_is_asked_for_again_except_in_grief():
    for event, asked in (("their_loss", False), ("their_good_work", True)):
        told = account(event, catalogue().entry(event).wants[0])
        more = replace(told, events=(*told.events, Told("they_moved_meeting", Established.TAP, "p1", ME)))
        assert ("ask for one short slot" in (planned(more).answer or "")) is asked


def test_a_line_for_a_fact_that_nobody_knows_is_refused():
    with pytest.raises(MissingPrompt, match="their_los"):
        book({"their_loss": {"moves": [], "beside_with": {"their_los": "…"}}}, catalogue())


def test_the_same_account_gives_the_same_plan_for_every_name():
    for event, want in (("gone_cool", Want.CLEAR_UP), ("i_snapped", Want.PUT_RIGHT), ("no_answer", Want.CLEAR_UP)):
        told = {
            re.sub(rf"\b{name}\b", "N", repr(planned(account(event, want, name=name))))
            for name in ("Tom", "Maya", "Bao", "Oluwaseun", "Sergei", "Ximena", "Will", "Grace")
        }
        assert len(told) == 1


def test_a_move_that_needs_more_wins_and_one_that_was_turned_down_is_left_out():
    told = account("gone_cool", Want.CLEAR_UP, "they_asked_for_distance")
    first = choose(told, moves())
    assert first is not None
    assert first.source == "_closers"
    second = choose(told, moves(), [first.name])
    assert second is None or second.name != first.name


def test_a_cool_mail_afterwards_does_not_put_a_spoken_word_on_paper():
    told = account("i_gave_hard_word", Want.DECIDE)
    cool = Told("gone_cool", Established.TAP, "p1", ME, channel=Channel.EMAIL)
    written = replace(told.events[0], channel=Channel.CHAT)
    assert "in_writing" not in replace(told, events=(*told.events, cool)).held(catalogue())
    assert "in_writing" in replace(told, events=(written, cool)).held(catalogue())


def test_a_step_that_says_nothing_waits_and_cites_no_card_on_asking():
    plan = planned(account("gone_cool", Want.CLEAR_UP, "they_asked_for_distance"))
    assert plan.stance == "wait"
    assert "ask-dont-imagine" not in {each.principle for each in plan.citations}


def test_the_skeleton_says_nothing_about_anybody():
    plan = skeleton(Account(), Ground(Account(), NOW, cards()), texts(), lambda: "id")
    assert (plan.made_by, plan.person_id, plan.readings, plan.if_it_goes_badly) == ("skeleton", None, (), "")
    assert plan.own_part.sentence == ""
    assert len(plan.steps) == 1


def test_the_card_on_apologising_stands_beside_a_first_sorry_and_not_after_one():
    first = planned(account("i_snapped", Want.PUT_RIGHT)).steps[0]
    after = planned(account("i_snapped", Want.PUT_RIGHT, "i_apologised")).steps[0]
    assert "apology-parts" in {each.principle for each in first.citations}
    assert "apology-parts" not in {each.principle for each in after.citations}


def test_a_planted_presupposition_is_found():
    move = moves().moves[0]
    planted = {**move.words, "stop": "After your apology, leave it."}
    found = presupposed(Move(**{**move.__dict__, "words": planted, "covers": frozenset()}))
    assert "apology" in {each.row for each in found}


@pytest.mark.parametrize(
    ("field", "planted", "row"),
    [
        ("sign", "You can decide about the extra hours.", "extra-hours"),
        ("own_part", {"sentence": "It was yours, as long as they do not know."}, "not-found-out"),
        ("draft", {"text": "A line from your days together."}, "days-together"),
        ("first", {"say": "What I said the other day was too short."}, "other-day"),
        ("question", {"ask": "Shall I move to the next room?"}, "in-the-house"),
        ("draft", {"text": "I'm sensitive to that; could you do it elsewhere?"}, "of-the-user"),
        ("first", {"say": "It was praised as mine, and I let it stand."}, "named-by-me"),
        ("then", {"say": "I gave you too little when you came."}, "came-to-me"),
        ("sign", "They bring you the next thing that has to be settled above.", "from-higher-up"),
        ("headline", "Ask for five minutes with the screen shut.", "screens"),
        ("own_part", {"sentence": "You stepped into what was theirs while others watched."}, "while-they-watched"),
        ("readings", [{"text": "They may have waited all this time."}], "long-ago"),
        ("readings", [{"text": "They may take it as settled, since you said that it was."}], "said-to-be-settled"),
        ("answer", "It isn't so, and it's going round.", "going-round"),
        ("then", {"say": "Would you tell those you've spoken to?"}, "those-they-told"),
        ("question", {"fact": "Who made the list.", "ask": "Was that a slip?"}, "somebody-waits-for-it"),
        ("guessed", [{"text": "Whether they have learned that you mind.", "question": "How?"}], "what-they-learned"),
        ("readings", [{"text": "They may not know that it has been cleared up."}], "cleared-up"),
        ("question", {"ask": "What did we agree on, as you understood it?"}, "agreed-before"),
        ("first", {"say": "What I said then was too short."}, "size-of-the-words"),
        ("answer", "Two things are to be given back: the work, and the name on it.", "whose-name"),
        ("readings", [{"text": "They may mind that they had to find out like that."}], "found-out-like-that"),
        ("answer", "No word about the slip; that is another talk.", "a-slip-before-it"),
        ("draft", {"text": "I'm sorry. I've taken it down."}, "kept-somewhere"),
        ("then", {"do": "send the same readers one line"}, "readers"),
    ],
)
def test_a_presupposition_is_found_in_every_kind_of_line(field: str, planted: object, row: str):
    move = moves().moves[0]
    words = {**move.words, field: planted}
    found = presupposed(Move(**{**move.__dict__, "words": words, "covers": frozenset()}))
    assert row in {each.row for each in found}


@pytest.mark.parametrize(
    ("fact", "field", "planted", "row"),
    [
        ("more_than_once", "answer", "One honest cancellation with a new time does little harm.", "just-the-once"),
        ("more_than_once", "question", {"ask": "How did that come about?"}, "how-it-came-about"),
        ("remote", "first", {"do": "ring or go there"}, "here-and-now"),
        ("they_gave_a_reason", "first", {"say": "It went to somebody else. What changed?"}, "reason-unknown"),
    ],
)
def test_a_line_that_says_the_opposite_of_what_was_tapped_is_found(fact: str, field: str, planted: object, row: str):
    move = moves().moves[0]
    words = {**move.words, field: planted}
    for covers in (frozenset(), frozenset({fact})):
        found = presupposed(Move(**{**move.__dict__, "words": words, "covers": covers}))
        assert (row in {each.row for each in found}) is bool(covers)


@many("move", lambda: moves().moves)
def test_what_is_open_is_never_a_suspicion_that_nobody_voiced(move: Move):
    """The user would read it as their own: "That they want to harm you." was said by nobody."""
    for each in move.words.get("guessed") or ():
        assert re.match(r"(?:Whether|What|Why|How|Who) ", each["text"]), each["text"]


@many("move", lambda: moves().moves)
def test_an_answer_is_short_and_opens_with_a_question_only_where_that_is_what_is_wanted(move: Move):
    """A line on another event has to fit behind it."""
    answer = move.words["answer"]
    for want in move.wants:
        said = texts().fill(answer, slots(Party("p1", "Tom", main=True), want))
        assert len(said.split()) <= MOST_WORDS_OF_AN_ANSWER
        opening = re.split(r"(?<=[.?!:]) ", said)[0]
        assert want in {Want.CLEAR_UP, Want.DECIDE} or not opening.endswith("?")


_ASKS_NOTHING = re.compile(r"\bask nothing\b(?! more)|\bno questions? about it\b")


def asked_where_nothing_is(move: Move) -> bool:
    """Return whether a move gives a question for a talk in which, by its own words, nothing is to be asked."""
    said = " ".join(move.words.get(each) or "" for each in ("headline", "stop")).casefold()
    return bool(move.words.get("question")) and bool(_ASKS_NOTHING.search(said))


@many("move", lambda: moves().moves)
def test_one_of_several_is_spoken_of_as_one(move: Move):
    """A step is for one of them: "one of them next asks", never "one of them next ask"."""
    written = json.dumps(dict(move.words), ensure_ascii=False, default=str)
    assert not re.search(r"\{\{ [oO]ne \}\} (?:next )?\w*\{\{ '\w*' if several", written)
    assert not re.search(r"\{\{ [oO]ne \}\} \{\{ (?:is|was|has|does) \}\}", written)


@many("move", lambda: moves().moves)
def test_no_question_is_given_where_nothing_is_to_be_asked(move: Move):
    assert not asked_where_nothing_is(move)


def test_a_planted_question_where_nothing_is_to_be_asked_is_found():
    move = moves().move("i_ignored/when-it-was-hard")
    planted = {**move.words, "question": {"fact": "How it is.", "ask": "How is it now?"}}
    assert asked_where_nothing_is(Move(**{**move.__dict__, "words": planted}))


@pytest.mark.parametrize("event", ["they_shouted", "they_took_credit", "gone_cool"])
def test_what_was_done_to_the_user_is_never_owned(event: str):
    for want in catalogue().entry(event).wants:
        if want is not Want.JUST_KEEP:
            assert planned(account(event, want)).own_part.level is not OwnPartLevel.CLEAR


def test_what_a_move_was_written_for_is_not_spoken_of_a_second_time():
    told = account("they_were_rude", Want.CLEAR_UP)
    silent = Account(told.parties, (*told.events, Told("no_answer", Established.TAP, "p1", ME)), want=Want.CLEAR_UP)
    plan = planned(silent)
    assert plan.scene == "_them/no-answer-so-far"
    assert texts().fill(moves().beside["no_answer"], {"call": "Tom", "has": "has"}) not in (plan.answer or "")


@many(
    "name, greeting",
    [
        ("Tom Ashdown", "Tom, "),
        ("Tom", "Tom, "),
        ("Dr Osei", "Dr Osei, "),
        ("Mrs. Hale", "Mrs. Hale, "),
        ("J. Reed", "J. Reed, "),
    ],
)
def test_a_greeting_is_by_first_name_and_leaves_a_title_whole(name: str, greeting: str):
    assert slots(Party("p1", name, main=True))["hi"] == greeting


def test_an_answer_says_whether_it_is_about_them_only_where_the_want_asks_it():
    asked = planned(account("they_left_me_out", Want.CLEAR_UP)).answer or ""
    unasked = planned(account("they_left_me_out", Want.FIND_WORDS)).answer or ""
    assert "whether it was about you" in asked
    assert asked.endswith(unasked[1:])
    assert unasked[:1].isupper()
    assert "about you" not in unasked.split(". ")[0]


_NAMES = (
    "Tom", "Maya", "Zoltan", "Agnieszka", "Ngozi", "Yusuf", "Mei", "Søren", "Bryony", "Kwabena", "Irmgard", "Petteri",
    "Lars", "Hannelore", "Priya", "Jean-Luc", "Nuala", "Dmitri", "Ana", "Björn", "Chidi", "Eun-ji", "Fatima", "Giorgos",
    "Hiro", "Ingrid", "Jasper", "Keisha", "Luca", "Wes",
)  # fmt: skip


@many("event, want", lambda: [(entry.id, entry.wants[0]) for entry in catalogue().entries])
def test_a_name_changes_nothing_in_a_plan_but_the_name(event: str, want: Want):
    if want is Want.JUST_KEEP:
        return
    plain = repr(planned(account(event, want, name=_NAMES[0]))).replace(_NAMES[0], "X")
    for name in some(_NAMES[1:], 6):
        assert repr(planned(account(event, want, name=name))).replace(name, "X") == plain, name


def test_where_a_move_has_readings_one_of_them_has_a_part_of_the_users_own() -> None:
    for move in moves().moves:
        readings = move.words.get("readings") or ()
        assert not readings or 2 <= len(readings) <= 3, move.name
        assert not readings or any(each.get("mine") for each in readings), move.name


def test_a_deed_of_ones_own_that_is_tapped_as_a_fact_is_owned() -> None:
    plan = planned(account("quarrel", Want.PUT_RIGHT, "i_went_too_far"))
    assert plan.own_part.level is OwnPartLevel.CLEAR
    assert plan.own_part.rests_on == ("i_went_too_far",)
    assert plan.stance is Stance.REPAIR_OWN_HARM
