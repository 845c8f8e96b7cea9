"""Whole turns with a language model behind a real server: good answers reach the page whole, faults do not."""

from __future__ import annotations

import copy
import json
from collections import defaultdict
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from blank import lay
from coach.answering.reader import Reader
from coach.app import build, new_id, now
from coach.domain.asks import Happened, TappedEvent, TappedPerson, Taps
from coach.domain.events import Want
from coach.domain.plans import MadeBy
from coach.domain.readings import Kind, Level, Route
from coach.domain.turns import Asked, Event, Finished, Part, Piece, Planned, Read, Struck
from coach.knowledge.library import Library
from coach.settings import Settings
from coach.web import Parts
from evals.behaviours import Asked as Request
from evals.behaviours import Good, Stalled
from evals.scripted import ScriptedServer, scripted_server

CASES = Path(__file__).parent.parent / "evals" / "cases"


def _lines(name: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (CASES / name).read_text(encoding="utf-8").splitlines()]


FIRST = _lines("good_answers.jsonl")
LATER: dict[str, list[dict[str, Any]]] = defaultdict(list)
for _each in _lines("good_later.jsonl"):
    LATER[_each["id"]].append(_each)


class Answers:
    """What the scripted language model returns: a TurnAnswer, flags of the second call, parts asked for again."""

    def __init__(self) -> None:
        self.answer: dict[str, Any] = {}
        self.flags: list[dict[str, str]] = []
        self.again: dict[str, Any] = {}
        self.own_harm: bool | None = None
        self.asked: list[set[str]] = []
        self.given = ""
        self.looked_at = ""

    def says(self, answer: dict[str, Any]) -> None:
        """Answer so from now on."""
        self.answer = answer

    def of(self, request: Request) -> Good:
        wanted = set((request.schema or {}).get("properties", {}))
        self.asked.append(wanted)
        if "fits" in wanted:
            self.given = request.text
            return Good(json.dumps(self.answer, ensure_ascii=False), piece=60)
        if "flags" in wanted:
            self.looked_at = request.text
            own = (self.answer.get("plan") or {}).get("own_part") or {}
            clear = own.get("level") == "clear" if self.own_harm is None else self.own_harm
            flags, self.flags = self.flags, []
            found = {"flags": flags, "own_harm": "yes" if clear else "no", "own_sentence": 1 if clear else None}
            return Good(json.dumps(found), piece=400)
        return Good(json.dumps({name: self.again.get(name) for name in wanted}, ensure_ascii=False), piece=400)


@pytest.fixture(scope="module")
def server() -> Iterator[ScriptedServer]:
    with scripted_server() as server:
        yield server


@pytest.fixture
def answers(server: ScriptedServer) -> Answers:
    found = Answers()
    server.always = found.of
    return found


@pytest.fixture
async def parts(server: ScriptedServer, library: Library, tmp_path: Path) -> AsyncIterator[Parts]:
    settings = Settings(data=tmp_path, llm_base_url=server.url, llm_model="scripted", llm_level="plans")
    lay(tmp_path)
    made = await build(settings, clock=now, new_id=new_id, knowledge=library)
    try:
        yield made
    finally:
        await made.close()


async def _turn(parts: Parts, text: str, conversation: str | None = None) -> list[Event]:
    return [each async for each in parts.conversation.reply("me", text, now(), conversation_id=conversation)]


async def _chosen(
    parts: Parts, answers: Answers, case: dict[str, Any], event: str, want: Want, then: Callable[[], object]
) -> list[Event]:
    """Write a letter that the language model has no answer to, and tap the card; ``then`` happens in between."""
    answers.answer = {}
    events = await _turn(parts, "\n".join(case["sentences"]))
    ask = next(each.ask for each in events if isinstance(each, Asked))
    then()
    person = TappedPerson("x", name="Tom")
    taps = Taps(ask_id=ask.id, people=(person,), main="x", events=(TappedEvent(event),), want=want)
    conversation = events[0].conversation_id  # type: ignore[union-attr]
    return [each async for each in parts.conversation.reply("me", "", now(), taps=taps, conversation_id=conversation)]


def _said(events: list[Event]) -> str:
    return "".join(event.text for event in events if isinstance(event, Piece))


def _planned(events: list[Event]) -> Planned | None:
    return next((event for event in reversed(events) if isinstance(event, Planned)), None)


def _lost(answer: dict[str, Any], events: list[Event]) -> list[str]:
    """The parts of a good answer that did not reach the page."""
    found = [] if answer["answer"] in _said(events) else ["answer"]
    finished = next(event for event in events if isinstance(event, Finished))
    found += [each.where for each in finished.replaced]
    read = next((event.reading for event in reversed(events) if isinstance(event, Read)), None)
    if read is None or read.kind.value != answer["kind"]:
        found.append("kind")
    planned = _planned(events)
    if answer["plan"] is not None:
        wanted = answer["plan"]
        if planned is None or planned.plan.made_by is not MadeBy.LANGUAGE_MODEL:
            return [*found, "plan"]
        plan = planned.plan
        same = len(plan.steps) == 1 + len(wanted["more_steps"]) and len(plan.readings) == len(wanted["readings"])
        own = (wanted["own_part"] or {}).get("level", "none")
        found += [] if same and plan.own_part.level.value == own and plan.stop_rule == wanted["stop"] else ["parts"]
    return found


@pytest.mark.slow
async def test_good_answers_reach_the_page_whole(parts: Parts, answers: Answers) -> None:
    """Every part of the good answers arrives, first and later turns; at most one of them loses a part."""
    lost: dict[str, list[str]] = {}
    for case in FIRST:
        conversation: str | None = None
        for each in (case, *LATER[case["id"]]):
            answers.answer = each["answer"]
            events = await _turn(parts, "\n".join(each["sentences"]), conversation)
            conversation = events[0].conversation_id  # type: ignore[union-attr]
            if missing := _lost(each["answer"], events):
                lost[f"{case['id']}.{each.get('turn', 1)}"] = missing
    assert len(lost) <= 1, lost
    assert len(answers.asked) <= 2 * (len(FIRST) + sum(map(len, LATER.values())))


def _case(name: str) -> dict[str, Any]:
    return copy.deepcopy(next(each for each in FIRST if each["id"] == name))


def _planning() -> dict[str, Any]:
    return copy.deepcopy(next(each for each in FIRST if each["answer"]["plan"] and each["answer"]["plan"]["readings"]))


def test_words_in_quotation_marks_are_not_cut_from_their_sentence() -> None:
    answer = "Ask him once: “Did you say it? I need to know.” on its own, and a no is an answer. Then stop."
    reader, text = Reader(), json.dumps({"answer": answer, "outcome": None}, ensure_ascii=False)
    parts = [part for piece in text for part in reader.feed(piece)]
    said = [part.value for part in (*parts, *reader.end()) if part.name == "answer"]
    assert said == [answer[: answer.index("Then")], "Then stop."]


async def test_a_part_that_fails_is_asked_for_once_more_and_then_left_out(parts: Parts, answers: Answers) -> None:
    case = _planning()
    case["answer"]["plan"]["sign"] = "As an AI language model, I cannot know."
    answers.answer = case["answer"]
    plan = _planned(await _turn(parts, "\n".join(case["sentences"])))
    assert {"sign"} in answers.asked
    assert plan is not None
    assert plan.plan.sign_of_success == ""
    assert (plan.plan.checked.parts_asked_again, plan.plan.checked.parts_left_out) == (1, 1)


async def test_a_part_that_comes_again_without_its_fault_is_shown(parts: Parts, answers: Answers) -> None:
    case = _planning()
    case["answer"]["plan"]["first_step"]["minutes"] = 45
    answers.answer = case["answer"]
    answers.again = {"first_step": {**case["answer"]["plan"]["first_step"], "minutes": 5}}
    plan = _planned(await _turn(parts, "\n".join(case["sentences"])))
    assert plan is not None
    assert plan.plan.steps[0].minutes == 5


async def test_a_step_that_waits_for_something_is_open_until_the_plan_is_looked_at(
    parts: Parts, answers: Answers
) -> None:
    case = _planning()
    first = {**case["answer"]["plan"]["first_step"], "in_days": 1}
    case["answer"]["plan"] |= {"first_step": first, "check_in_days": 7}
    case["answer"]["plan"]["more_steps"] = [{**first, "cue": "If she says yes", "in_days": None}]
    answers.answer = case["answer"]
    plan = _planned(await _turn(parts, "\n".join(case["sentences"])))
    assert plan is not None
    before, waiting = plan.plan.steps
    assert waiting.due == plan.plan.check_on > before.due


async def test_where_the_first_step_fails_twice_the_turn_goes_on_by_taps(parts: Parts, answers: Answers) -> None:
    case = _planning()
    case["answer"]["plan"]["first_step"]["minutes"] = 45
    answers.answer = case["answer"]
    answers.again = {"first_step": case["answer"]["plan"]["first_step"]}
    events = await _turn(parts, "\n".join(case["sentences"]))
    assert any(isinstance(event, Asked) for event in events)
    plan = _planned(events)
    assert plan is not None
    assert plan.plan.made_by is MadeBy.SKELETON
    assert next(event.notice for event in events if isinstance(event, Finished))


async def test_a_flagged_sentence_of_the_answer_stays_struck_through_with_what_replaces_it(
    parts: Parts, answers: Answers
) -> None:
    case = _planning()
    first = case["answer"]["answer"].split(". ")[0] + "."
    answers.answer = case["answer"]
    answers.flags = [{"part": "answer 1", "words": first[5:25], "sort": "circumstance", "why": "nobody said so"}]
    answers.again = {"answer": [{"was": first, "instead": "Ask once, and leave it there."}]}
    events = await _turn(parts, "\n".join(case["sentences"]))
    struck = next(event for event in events if isinstance(event, Struck))
    assert struck.text.strip() == first
    assert struck.instead == "Ask once, and leave it there."


async def test_a_quote_that_does_not_stand_in_the_letter_is_not_established(parts: Parts, answers: Answers) -> None:
    case = _planning()
    case["answer"]["account"]["events"][0]["words"] = "threw a chair across the room"
    answers.answer = case["answer"]
    events = await _turn(parts, "\n".join(case["sentences"]))
    read = next(event.reading for event in events if isinstance(event, Read))
    assert read.account is not None
    assert "threw a chair" not in str(read.account)


async def test_own_harm_needs_two_of_three_before_an_apology_is_said(parts: Parts, answers: Answers) -> None:
    case = next(
        copy.deepcopy(each)
        for each in FIRST
        if ((each["answer"]["plan"] or {}).get("own_part") or {}).get("level") == "clear"
    )
    for event in case["answer"]["account"]["events"]:
        event["landed"] = None
    answers.answer = case["answer"]
    answers.own_harm = False
    plan = _planned(await _turn(parts, "\n".join(case["sentences"])))
    assert plan is None or plan.plan.own_part.level.value != "clear"


@pytest.mark.parametrize(
    ("reply", "kept"),
    [("If she says “oh, I'm sorry”: “Thank you.”", True), ("If she goes quiet: “I'm sorry that I asked.”", False)],
)
async def test_a_sorry_of_the_other_one_is_no_apology_of_the_users(
    parts: Parts, answers: Answers, reply: str, kept: bool
) -> None:
    unclear = [
        each for each in FIRST if ((each["answer"]["plan"] or {}).get("own_part") or {}).get("level") == "possible"
    ]
    case = copy.deepcopy(next(each for each in unclear if "their_loss" not in json.dumps(each)))
    case["answer"]["plan"]["if_badly"] = reply
    answers.answer, answers.own_harm = case["answer"], False
    plan = _planned(await _turn(parts, "\n".join(case["sentences"])))
    assert plan is not None
    assert (plan.plan.if_it_goes_badly == reply) is kept


async def test_a_language_model_may_raise_the_route_and_never_lowers_it(parts: Parts, answers: Answers) -> None:
    case = _planning()
    calm = "\n".join(case["sentences"])
    words = case["sentences"][0].rstrip(".")
    answers.answer = {**case["answer"], "fits": "needs_help", "kind": "harassment", "harm_words": words, "plan": None}
    read = next(event.reading for event in await _turn(parts, calm) if isinstance(event, Read))
    assert (read.route, read.kind) == (Route.GET_HELP, Kind.HARASSMENT)
    answers.answer = case["answer"]
    events = await _turn(parts, "I want to kill myself.")
    read = next(event.reading for event in reversed(events) if isinstance(event, Read))
    assert read.route is Route.GET_HELP
    assert _planned(events) is None


async def test_when_nothing_comes_for_long_the_ask_card_is_offered_and_the_answer_still_comes(
    parts: Parts, answers: Answers, server: ScriptedServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("coach.answering.author.SILENT", 0.05)
    case = _planning()
    answers.answer = case["answer"]
    server.always = lambda request: (
        Good(json.dumps(case["answer"]), first_token=0.5, piece=60)
        if "fits" in (request.schema or {}).get("properties", {})
        else answers.of(request)
    )
    events = await _turn(parts, "\n".join(case["sentences"]))
    kinds = [type(event) for event in events]
    assert kinds.index(Asked) < kinds.index(Piece)
    plan = _planned(events)
    assert plan is not None
    assert plan.plan.made_by is MadeBy.LANGUAGE_MODEL


async def test_a_server_that_stalls_leaves_a_whole_turn_by_taps(
    parts: Parts, answers: Answers, server: ScriptedServer
) -> None:
    server.always = Stalled(said="", seconds=0.2)
    events = await _turn(parts, "Tom left me out of the meeting.")
    assert isinstance(events[-1], Finished)
    assert any(isinstance(event, Asked) for event in events)


async def test_the_turn_says_who_wrote_it(parts: Parts, answers: Answers) -> None:
    case = _planning()
    answers.answer = case["answer"]
    events = await _turn(parts, "\n".join(case["sentences"]))
    assert isinstance(events[-1], Finished)
    assert events[-1].language_model == "scripted"
    read = next(event.reading for event in events if isinstance(event, Read))
    assert read.level is Level.PLANS
    assert any(isinstance(event, Part) and event.name == "status" for event in events)


async def test_how_a_step_went_is_kept_and_answered_by_the_language_model(parts: Parts, answers: Answers) -> None:
    case = _planning()
    answers.answer = case["answer"]
    events = await _turn(parts, "\n".join(case["sentences"]))
    made = _planned(events)
    assert made is not None
    said = "Then leave it for this week, and say hello as usual."
    answers.answer = {**case["answer"], "plan": None, "patch": None, "answer": said}
    answers.answer["account"] = {"people": [], "events": [], "facts": [], "corrects": [], "asked": [], "want": None}
    step = made.plan.steps[0].id
    taps = Taps(step_id=step, happened=Happened.NO_ANSWER)
    conversation = events[0].conversation_id  # type: ignore[union-attr]
    later = [each async for each in parts.conversation.reply("me", "", now(), taps=taps, conversation_id=conversation)]
    assert said in _said(later)
    assert [each.step_id for each in await parts.journal.outcomes("me", made.plan.id)] == [step]


async def test_what_is_tapped_on_the_card_is_planned_by_the_language_model(parts: Parts, answers: Answers) -> None:
    case = _planning()
    later = await _chosen(parts, answers, case, "no_answer", Want.CLEAR_UP, lambda: answers.says(case["answer"]))
    made = _planned(later)
    assert made is not None
    assert made.plan.made_by is MadeBy.LANGUAGE_MODEL
    read = [event.reading for event in later if isinstance(event, Read)][-1]
    assert read.account is not None
    assert "no_answer" in read.account.event_ids
    known = {"me", None, *(party.id for party in read.account.parties)}
    assert {side for told in read.account.events for side in (told.doer, told.receiver)} <= known
    assert [party.id for party in read.account.parties if party.name == "Tom"] == ["x"]


async def test_after_taps_the_plan_that_they_make_comes_when_the_language_model_is_silent(
    parts: Parts, answers: Answers, server: ScriptedServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("coach.answering.author.SILENT", 0.05)
    case = _planning()

    def silent() -> None:
        server.always = lambda _: Good(json.dumps(case["answer"]), first_token=0.6, piece=60)

    later = await _chosen(parts, answers, case, "no_answer", Want.CLEAR_UP, silent)
    assert isinstance(later[1], Read), "what was tapped is shown at once"
    made = _planned(later)
    assert made is not None
    assert made.plan.made_by is MadeBy.SCENE
    assert any(isinstance(event, Part) and event.name == "notice" for event in later)
    assert isinstance(later[-1], Finished)


async def test_a_new_message_takes_the_place_of_the_old_one_and_a_changed_step_takes_it_away(
    parts: Parts, answers: Answers
) -> None:
    case = _planning()
    case["answer"]["draft"] = "Could we talk for five minutes this week?"
    answers.answer = case["answer"]
    events = await _turn(parts, "\n".join(case["sentences"]))
    conversation = events[0].conversation_id  # type: ignore[union-attr]
    nothing: dict[str, Any] = {"people": [], "events": [], "facts": [], "corrects": [], "asked": [], "want": None}
    later = {**case["answer"], "account": nothing, "plan": None, "answer": "Here it is, shorter."}
    answers.answer = {**later, "draft": "Five minutes this week?"}
    shorter = _planned(await _turn(parts, "Make it shorter.", conversation))
    assert shorter is not None
    assert shorter.plan.draft is not None
    assert shorter.plan.draft.text == "Five minutes this week?"
    step = {**case["answer"]["plan"]["first_step"], "replaces": 1}
    texts = dict.fromkeys(("headline", "missing", "if_badly", "stop", "sign"))
    answers.answer = {**later, "draft": None, "patch": {"next": [step], "drop": [], "texts": texts}}
    changed = _planned(await _turn(parts, "I would rather say it in person.", conversation))
    assert changed is not None
    assert changed.plan.draft is None


async def test_what_came_of_a_step_puts_it_last_and_what_it_settles_takes_the_place_of_a_guess(
    parts: Parts, answers: Answers
) -> None:
    case = _planning()
    answers.answer = case["answer"]
    events = await _turn(parts, "\n".join(case["sentences"]))
    made = _planned(events)
    assert made is not None
    first = made.plan.steps[0]
    nothing: dict[str, Any] = {"people": [], "events": [], "facts": [], "corrects": [], "asked": [], "want": None}
    came = "I did it and they said not now."
    step = {**case["answer"]["plan"]["first_step"], "replaces": 0, "cue": "When you next meet", "rests_on": [1]}
    readings = [
        {"text": "They may need time.", "mine": False},
        {"text": "They may have felt rushed by you.", "mine": True},
    ]
    texts = dict.fromkeys(("headline", "missing", "if_badly", "stop", "sign"))
    patch = {"next": [step], "drop": [], "texts": texts, "guessed": [], "readings": readings}
    answers.answer = {
        **case["answer"], "account": nothing, "plan": None, "patch": patch,
        "answer": "Then leave it with them for now.",
        "outcome": {"step": 1, "happened": "mixed", "words": came.rstrip(".")},
    }  # fmt: skip
    changed = _planned(await _turn(parts, came, events[0].conversation_id))  # type: ignore[union-attr]
    assert changed is not None
    assert changed.plan.steps[0].cue == "When you next meet"
    assert changed.plan.steps[-1].id == first.id
    assert changed.plan.guessed == ()
    assert [each.text for each in changed.plan.readings] == [each["text"] for each in readings]
    assert "What the coach had answered before" in answers.looked_at


async def test_what_is_wished_is_not_called_seen(parts: Parts, answers: Answers) -> None:
    case = _planning()
    wish = {
        "event": "keep_good", "from": None, "to": None, "told_by": "me", "words": "keep it that way",
        "sentence": len(case["sentences"]) + 1, "channel": None, "landed": None,
    }  # fmt: skip
    case["answer"]["account"]["events"].append(wish)
    case["answer"]["account"]["asked"] = [len(case["sentences"]) + 1]
    answers.answer = case["answer"]
    plan = _planned(await _turn(parts, "\n".join([*case["sentences"], "How do I keep it that way?"])))
    assert plan is not None
    assert "keep it that way" not in {each.text for each in plan.plan.seen}


async def test_an_answer_where_someone_is_harmed_is_said_only_when_nothing_in_it_is_flagged(
    parts: Parts, answers: Answers
) -> None:
    case = next(copy.deepcopy(each) for each in FIRST if each["answer"]["fits"] == "needs_help")
    letter, said = "\n".join(case["sentences"]), case["answer"]["answer"]
    answers.answer = case["answer"]
    assert said in _said(await _turn(parts, letter))
    first = said.split(". ")[0]
    answers.flags = [{"part": "answer 1", "words": first[:20], "sort": "conduct", "why": "a meeting alone"}]
    events = await _turn(parts, letter)
    assert said[:60] not in _said(events)
    assert len(_said(events)) > 200


async def test_help_does_not_wait_for_a_silent_language_model(
    parts: Parts, answers: Answers, server: ScriptedServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("coach.answering.author.SILENT", 0.05)
    case = next(copy.deepcopy(each) for each in FIRST if each["answer"]["fits"] == "needs_help")
    server.always = lambda _: Good(json.dumps(case["answer"]), first_token=0.4, piece=60)
    events = await _turn(parts, "I want to kill myself.")
    assert not any(isinstance(event, Asked) for event in events)
    assert _planned(events) is None
    assert "112" in _said(events)


async def test_a_harm_of_the_users_own_that_was_tapped_is_told_to_the_language_model(
    parts: Parts, answers: Answers
) -> None:
    case = _planning()
    await _chosen(parts, answers, case, "i_snapped", Want.PUT_RIGHT, lambda: answers.says(case["answer"]))
    assert "It is established that the user did a harm" in answers.given
