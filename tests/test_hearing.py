"""Sessions with a language model behind a real server: it hears and words; the leader's sentences stay whole."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from coach.domain.moments import By, Channel, Landed, Moment
from coach.domain.people import Person, Relation
from coach.domain.readings import Route
from coach.domain.sessions import Because, Session, State
from coach.domain.turns import Event, Finished, Piece, Read
from coach.knowledge.library import Library
from coach.sessions.asides import Move
from coach.web import Parts
from evals.behaviours import Asked, Good, Stalled
from evals.scripted import ScriptedServer, scripted_server
from talks import NOW, built

SILENT: dict[str, Any] = {
    "fits": "coach", "kind": "leader_session", "harm_words": None, "toward": None, "answers": [], "acts": [],
    "corrects": [], "move": "none", "reply": "", "reflection": "", "question": "", "wording": "",
}  # fmt: skip


class Ear:
    """What the scripted language model returns: what it heard, and flags of the second call."""

    def __init__(self) -> None:
        self.heard: dict[str, Any] = dict(SILENT)
        self.flags: list[dict[str, str]] = []
        self.calls = 0

    def of(self, request: Asked) -> Good:
        self.calls += 1
        if "flags" in (request.schema or {}).get("properties", {}):
            return Good(json.dumps({"flags": self.flags, "own_harm": "no", "own_sentence": None}))
        return Good(json.dumps(self.heard))


@pytest.fixture(scope="module")
def server() -> Iterator[ScriptedServer]:
    with scripted_server() as server:
        yield server


@pytest.fixture
def ear(server: ScriptedServer) -> Ear:
    found = Ear()
    server.always = found.of
    return found


@pytest.fixture(autouse=True)
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """The first call of a process imports the client, which may take longer than a leader should wait."""
    monkeypatch.setattr("coach.hearing.listener.SECONDS", 60.0)


@pytest.fixture
async def parts(server: ScriptedServer, library: Library, tmp_path: Path) -> AsyncIterator[Parts]:
    async with built(tmp_path, library, llm_base_url=server.url, llm_model="scripted", llm_level="plans") as made:
        yield made


async def _begun(parts: Parts) -> Session:
    return await parts.sessions.begin("me", "new_team", None, NOW)


async def _said(parts: Parts, session: Session, text: str) -> tuple[Session, list[Event]]:
    events = [each async for each in parts.sessions.reply("me", session.id, text, NOW)]
    return await parts.sessions.session("me", session.id), events


def _text(events: list[Event]) -> str:
    return "".join(each.text for each in events if isinstance(each, Piece))


def _ahead(session: Session, parts: Parts) -> list[str]:
    known = [asked.id for asked in parts.sessions.templates.template(session.kind).questions]
    return [each for each in known if each != session.asking and session.answer(each) is None]


async def test_an_answer_is_kept_whole_and_taken_up_in_a_sentence(parts: Parts, ear: Ear) -> None:
    session = await _begun(parts)
    first, second = session.asking, _ahead(session, parts)[0]
    text = "Two of them knew each other before. I feel like the guest, frankly."
    ear.heard = {
        **SILENT, "answers": [{"question": first, "sentences": [1, 2]}], "reflection": "You feel like the guest.",
        "question": second, "wording": "What would tell you that you are no guest any more?",
    }  # fmt: skip
    after, events = await _said(parts, session, text)
    assert first is not None
    given = after.answer(first)
    assert given is not None
    assert given.text == text
    assert "You feel like the guest." in _text(events)
    assert "What would tell you that you are no guest any more?" in _text(events)
    assert after.turns[-1].language_model == "scripted"
    assert isinstance(events[-1], Finished)


async def test_a_sentence_may_answer_a_question_that_is_still_ahead(parts: Parts, ear: Ear) -> None:
    session = await _begun(parts)
    first, second = session.asking, _ahead(session, parts)[0]
    ear.heard = {
        **SILENT,
        "answers": [{"question": first, "sentences": [1]}, {"question": second, "sentences": [2]}],
    }
    after, _ = await _said(parts, session, "I am new here. I want them to tell me early when things slip.")
    assert after.answer(second).text == "I want them to tell me early when things slip."  # type: ignore[union-attr]
    assert after.asking not in {first, second}


async def test_what_rests_on_nothing_is_not_said(parts: Parts, ear: Ear) -> None:
    session = await _begun(parts)
    ear.heard = {
        **SILENT, "answers": [{"question": session.asking, "sentences": [1]}],
        "reflection": "They went quiet in your last meeting.",
    }  # fmt: skip
    ear.flags = [{"part": "reflection", "words": "in your last meeting", "sort": "circumstance", "why": "no meeting"}]
    after, events = await _said(parts, session, "They went quiet.")
    assert "meeting" not in _text(events)
    assert [each.where for each in after.turns[-1].replaced] == ["reflection"]


async def test_an_act_is_offered_and_nothing_is_kept_without_the_tap(parts: Parts, ear: Ear) -> None:
    session = await _begun(parts)
    said = "The rota is a mess. On Thursday I ask Lena how she would cut it."
    ear.heard = {**SILENT, "answers": [{"question": session.asking, "sentences": [1]}], "acts": [2]}
    after, events = await _said(parts, session, said)
    assert [each.words for each in after.offers] == ["On Thursday I ask Lena how she would cut it."]
    assert not after.intentions
    assert "On Thursday I ask Lena how she would cut it" in _text(events)
    kept = await parts.sessions.act("me", after.id, Move.KEEP, NOW)
    assert [each.words for each in kept.intentions] == ["On Thursday I ask Lena how she would cut it."]


async def test_a_question_to_the_coach_is_answered_and_the_question_stands(parts: Parts, ear: Ear) -> None:
    session = await _begun(parts)
    ear.heard = {**SILENT, "reply": "You alone read it, in your own journal on this machine."}
    after, events = await _said(parts, session, "Before I say more, does any of it end up with somebody else?")
    assert "You alone read it" in _text(events)
    assert after.asking == session.asking


async def test_a_stop_needs_no_language_model(parts: Parts, ear: Ear) -> None:
    session = await _begun(parts)
    before = ear.calls
    after, _ = await _said(parts, session, "Let's stop here.")
    assert after.state is State.CLOSED
    assert ear.calls == before


async def test_a_silent_language_model_leaves_the_form(
    parts: Parts, ear: Ear, server: ScriptedServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("coach.hearing.listener.SECONDS", 0.2)
    session = await _begun(parts)
    server.always = Stalled(said="", seconds=2.0)
    after, events = await _said(parts, session, "Two of them knew each other before.")
    assert after.answer(session.asking or "").text == "Two of them knew each other before."  # type: ignore[union-attr]
    assert after.turns[-1].language_model == "none"
    assert isinstance(events[-1], Finished)


async def test_a_language_model_may_raise_harm_and_never_lowers_it(parts: Parts, ear: Ear) -> None:
    session = await _begun(parts)
    ear.heard = {
        **SILENT, "fits": "needs_help", "kind": "harassment", "harm_words": "asks the new ones to sit on his lap",
        "toward": "third_person",
    }  # fmt: skip
    after, events = await _said(parts, session, "One of my shift leads asks the new ones to sit on his lap.")
    read = next(each.reading for each in events if isinstance(each, Read))
    assert read.route is Route.GET_HELP
    assert (after.state, after.because) == (State.PAUSED, Because.HARM)


async def test_who_reads_this_names_the_language_model(parts: Parts, ear: Ear, server: ScriptedServer) -> None:
    session = await _begun(parts)
    _, events = await _said(parts, session, "Who reads this?")
    assert server.url.partition("//")[2].partition("/")[0] in _text(events)
    assert "No language model" not in _text(events)


async def test_an_act_beside_what_may_get_in_the_way_asks_nothing_twice(parts: Parts, ear: Ear) -> None:
    session = await _begun(parts)
    ear.heard = {**SILENT, "answers": [{"question": session.asking, "sentences": [1]}], "acts": [1]}
    after, _ = await _said(parts, session, "On Thursday I ask Lena how she would cut it.")
    kept = await parts.sessions.act("me", after.id, Move.KEEP, NOW)
    while kept.asking != "obstacle":
        kept = await parts.sessions.act("me", kept.id, Move.SKIP, NOW)
    ear.heard = {**SILENT, "answers": [{"question": "obstacle", "sentences": [2]}], "acts": [3]}
    after, _ = await _said(parts, kept, "That I babble. And on Friday I give her an answer about the pilot.")
    assert after.intentions[0].obstacle == "That I babble."
    assert [each.words for each in after.offers] == ["And on Friday I give her an answer about the pilot."]
    assert after.answer("obstacle") is not None


async def test_a_correction_beside_a_new_act_leaves_what_was_kept_alone(parts: Parts, ear: Ear) -> None:
    session = await _begun(parts)
    ear.heard = {**SILENT, "answers": [{"question": session.asking, "sentences": [1]}], "acts": [1]}
    after, _ = await _said(parts, session, "On Thursday I ask Lena how she would cut it.")
    kept = await parts.sessions.act("me", after.id, Move.KEEP, NOW)
    ear.heard = {**SILENT, "acts": [2], "corrects": [3]}
    after, _ = await _said(
        parts, kept, "I will talk to Kim on Wednesday. No wait, Wednesday is the offsite, Friday at 9."
    )
    assert [(str(each.due), each.at) for each in after.offers] == [("2024-05-10", "09:00")]
    assert after.intentions == kept.intentions


async def test_an_answer_about_the_coach_may_name_the_language_model(parts: Parts, ear: Ear) -> None:
    session = await _begun(parts)
    ear.heard = {**SILENT, "reply": "You alone read it; it also goes to the language model, with made-up names."}
    after, events = await _said(parts, session, "Before I say more, does any of it end up with somebody else?")
    assert "also goes to the language model" in _text(events)
    assert not after.turns[-1].replaced


async def test_what_it_said_itself_is_not_given_back_as_what_the_journal_showed(
    parts: Parts, ear: Ear, server: ScriptedServer
) -> None:
    await parts.journal.add_person("me", Person("kim", "Kim", NOW - timedelta(days=200), relation=Relation.REPORT))
    at = NOW - timedelta(days=3)
    moment = Moment("m1", "kim", at, Channel.MEETING, By.ME, "I snapped at Kim in the stand-up", Landed.HARMED, at)
    await parts.journal.add_moment("me", moment)
    session = await parts.sessions.begin("me", "weekly_review", None, NOW)
    for question, reflection in (("mind", ""), ("goal", "You want it lighter."), ("seen", "")):
        ear.heard = {**SILENT, "answers": [{"question": question, "sentences": [1, 2, 3]}], "reflection": reflection}
        session, _ = await _said(parts, session, "It was a full week and I want it lighter.")
    asked = [json.dumps(each.messages) for each in server.asked]
    shown = [each for each in asked if "The journal showed" in each]
    assert shown
    told = shown[-1].partition("The journal showed")[2].partition("Answered so far")[0]
    assert "I snapped at" in told
    assert "You want it lighter" not in told


async def test_a_reply_to_an_offer_that_the_form_does_not_understand_is_heard(parts: Parts, ear: Ear) -> None:
    session = await _begun(parts)
    ear.heard = {**SILENT, "acts": [1]}
    session, _ = await _said(parts, session, "On Thursday I ask Lena how she would cut it.")
    assert len(session.offers) == 1
    calls = ear.calls
    ear.heard = {**SILENT, "reply": "It stands in Today for Thursday, and you can move it there."}
    after, events = await _said(parts, session, "Where would I find it afterwards, then?")
    assert ear.calls > calls
    assert "It stands in Today" in _text(events)
    assert (after.offers, after.intentions) == (session.offers, ())
    calls = ear.calls
    after, _ = await _said(parts, session, "keep")
    assert (ear.calls, len(after.intentions)) == (calls, 1)


async def test_a_tap_needs_no_language_model(parts: Parts, ear: Ear) -> None:
    session = await parts.sessions.begin("me", "own_bad_moment", None, NOW)
    ear.heard = {**SILENT, "answers": [{"question": session.asking, "sentences": [1]}]}
    session, _ = await _said(parts, session, "I barked at them over the report.")
    calls = ear.calls
    session, _ = await _said(parts, session, "I was sharp or rude to them")
    assert (session.event, ear.calls) == ("i_snapped", calls)
