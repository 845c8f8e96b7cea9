"""The one-to-one: what to ask, what to thank for, promises in notes, the sheet and what becomes of it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from starlette.testclient import TestClient

import fakes
from blank import blank_journal
from coach.domain.moments import By, Channel, Landed, Moment
from coach.domain.people import Person, Point, Promise, Relation
from coach.domain.readings import Kind
from coach.noticing.one_to_ones import OPEN_QUESTIONS, Ask, question, recognition
from coach.reading.promises import promised, without
from coach.web import Parts
from coach.web.retention import expire
from serving import app_of, browsing, fake_parts
from test_pages import OWN, post

TODAY = date(2024, 5, 6)
NOON = datetime(2024, 5, 6, 12, tzinfo=UTC)
DANA = Person("d", "Dana Whitfield", NOON, None, Relation.REPORT, False, matters="clear rotas")


def moment(ago: int, by: By, what: str, landed: Landed = Landed.HELPED) -> Moment:
    at = NOON - timedelta(days=ago)
    return Moment(f"m{ago}{by}", "d", at, Channel.MEETING, by, what, landed, at)


class TestQuestion:
    def test_an_open_plans_question_comes_first_but_not_while_it_rests(self) -> None:
        plan = fakes.plan("a", "d")
        assert question(DANA, [plan], True, TODAY).plan is plan
        resting = replace(DANA, rest_until=TODAY, plate="audits")
        assert question(resting, [plan], False, TODAY).ask is Ask.PLATE

    def test_what_went_stale_then_what_is_not_known(self) -> None:
        assert question(replace(DANA, plate="audits"), [], False, TODAY).ask is Ask.PLATE
        weeks = [question(replace(DANA, matters=None), [], True, TODAY + timedelta(weeks=n)).ask for n in range(2)]
        assert set(weeks) == {Ask.MATTERS, Ask.OPEN}

    def test_open_questions_take_turns_by_the_week(self) -> None:
        weeks = [question(DANA, [], True, TODAY + timedelta(weeks=n)).n for n in range(OPEN_QUESTIONS)]
        assert sorted(weeks) == list(range(OPEN_QUESTIONS))


class TestRecognition:
    def test_the_newest_thing_they_did_that_no_thanks_came_after(self) -> None:
        old, new = moment(20, By.THEM, "covered for me"), moment(5, By.THEM, "took the new one under her wing")
        assert recognition([old, new], TODAY) is new
        assert recognition([old, new, moment(2, By.ME, "I thanked Dana for Friday")], TODAY) is None
        assert recognition([old, new, moment(10, By.ME, "I thanked her")], TODAY) is new

    def test_nothing_old_nothing_that_hurt_nothing_of_ones_own(self) -> None:
        some = [
            moment(100, By.THEM, "stayed late"),
            moment(3, By.THEM, "snapped", Landed.HARMED),
            moment(2, By.ME, "I helped"),
        ]
        assert recognition(some, TODAY) is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("I'll ask for the budget by Friday.", [(By.ME, "Ask for the budget by Friday", date(2024, 5, 10))]),
        ("She will write it down, and I promised to read it tomorrow.",
         [(By.THEM, "Write it down", None), (By.ME, "Read it tomorrow", date(2024, 5, 7))]),
        ("Me: book the room\nDana: send the list", [(By.ME, "Book the room", None), (By.THEM, "Send the list", None)]),
        ("Dana agreed to show Emre the ropes.", [(By.THEM, "Show Emre the ropes", None)]),
        ("Dana said she would call the supplier", [(By.THEM, "Call the supplier", None)]),
        ("Actions: I'll ask finance. Dana to write the handover.",
         [(By.ME, "Ask finance", None), (By.THEM, "Write the handover", None)]),
        ("Next time I'll bring coffee and she'll bring the photos",
         [(By.ME, "Bring coffee", None), (By.THEM, "Bring the photos", None)]),
        ("I owe her an answer about pay", [(By.ME, "An answer about pay", None)]),
        ("I have to say she was great. She will be on holiday. He'll quit.", []),
        ("She told me about the move. It went well.", []),
        ("She'll be angry. I'll never understand it. If she asks, I'll help.", []),
        ("Will she do it? I won't say a word.", []),
        ("", []),
    ],
)  # fmt: skip
def test_promises_in_notes(text: str, expected: list[tuple[By, str, date | None]]) -> None:
    found = promised(text, "Dana Whitfield", TODAY)
    assert [(it.by, it.what, it.due) for it in found] == expected


def test_the_rest_is_left_to_read() -> None:
    text = "She told me about the move. I’ll ask for the budget by Friday. She smiled."
    rest = without(text, promised(text, "Dana", TODAY))
    assert "budget" not in rest
    assert "told me about the move" in rest
    assert "She smiled" in rest


def added(client: TestClient, **fields: object) -> str:
    given = {"name": "Dana Whitfield", "relation": "report", "remote": True, **fields}
    return str(client.post("/api/people", json=given).json()["id"])


def words(page: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", page))


def test_a_sheet_of_nothing_asks_and_teaches(client: TestClient) -> None:
    page = words(client.get(f"/people/{added(client)}/one-to-one", headers=OWN).text)
    for said in ("Nothing yet", "No promise is open", "Not noted. Ask.", "What matters most", "Nothing is noted that"):
        assert said in page


def test_the_sheet_holds_both_sides_and_what_to_thank_for(client: TestClient) -> None:
    person = added(client, matters="clear rotas", plate="The audit")
    post(client, f"/people/{person}/promises", by="me", what="Ask for the budget", due="2024-05-03")
    post(client, f"/people/{person}/promises", by="them", what="Write the handover")
    given = {"person_id": person, "channel": "meeting", "by": "them", "landed": "helped", "what": "took Emre along"}
    client.post("/api/moments", json={**given, "happened_at": "2024-05-02T09:00:00Z"})
    page = words(client.get(f"/people/{person}/one-to-one", headers=OWN).text)
    assert "Ask for the budget was for Friday 3 May" in page
    assert page.index("You promised") < page.index("Ask for the budget") < page.index("Dana Whitfield promised")
    assert "took Emre along" in page
    client.post("/api/plans", json={"person_id": person})
    assert "Did my message about the actions reach you" in client.get(f"/people/{person}/one-to-one", headers=OWN).text


def test_points_are_carried_over_until_they_were_talked_about(client: TestClient) -> None:
    person = added(client)
    page = post(client, f"/people/{person}/points", by="them", what="The on-call week <b>")
    assert "The on-call week &lt;b&gt;" in page
    [point] = client.get(f"/api/people/{person}").json()["points"]
    assert "The on-call week" in client.get(f"/people/{person}/report", headers=OWN).text
    assert "The on-call week" not in post(client, f"/people/{person}/points/{point['id']}/off")
    assert client.post(f"/people/{person}/points/none/off", headers=OWN).status_code == 404
    assert client.post("/people/nobody/points", data={"by": "me", "what": "x"}, headers=OWN).status_code == 404


def test_notes_become_promises_and_moments_to_confirm_and_nothing_is_kept_before(client: TestClient) -> None:
    person = added(client)
    notes = "She thanked me for the rota. I'll ask for the budget by Friday. Dana will send the list."
    page = post(client, f"/people/{person}/one-to-one", text=notes)
    assert page.count('class="record"') == 3
    assert 'value="Ask for the budget by Friday"' in page
    assert 'value="2024-05-10"' in page
    assert 'value="video" required checked' in page
    assert client.get("/api/moments").json()["moments"] == []
    assert client.get(f"/api/people/{person}").json()["promises"] == []
    part = client.post(
        f"/people/{person}/promises", data={"by": "me", "what": "Ask"}, headers={**OWN, "X-Part": "1"}
    ).text
    assert "Noted as yours" in part
    assert "<html" not in part


class Harm(fakes.FakeLibrary):
    """Everything is violence."""

    def kinds(self, text: str) -> Mapping[Kind, float]:
        return {kind: float(kind is Kind.VIOLENCE) for kind in Kind}


def test_in_notes_of_harm_no_promise_is_looked_for(tmp_path: Path) -> None:
    async def made() -> Parts:
        return await fake_parts(tmp_path, knowledge=Harm())

    with app_of(made) as app, browsing(app) as client:
        page = words(
            post(client, f"/people/{added(client)}/one-to-one", text="He said he will break my arm if I tell.")
        )
    assert "names who can help" in page
    assert "Who promised" not in page


async def test_what_is_older_than_a_persons_limit_goes_with_the_points_and_kept_promises(tmp_path: Path) -> None:
    journal = await blank_journal(tmp_path)
    old, new = NOON - timedelta(days=100), NOON - timedelta(days=10)
    points = (Point("1", By.ME, "old", old), Point("2", By.ME, "new", new))
    promises = (Promise("3", By.ME, "kept", old, None, old), Promise("4", By.ME, "open", old))
    person = replace(DANA, points=points, promises=promises, keep_months=2)
    await journal.add_person("me", person)
    assert await expire(journal, "me", person, NOON) == 2
    left = await journal.person("me", "d")
    assert (left.points, left.promises) == (points[1:], promises[1:])
    await journal.close()


def test_erasing_the_person_erases_the_points(client: TestClient) -> None:
    person = added(client)
    post(client, f"/people/{person}/points", by="me", what="The vermilion rota")
    post(client, f"/people/{person}/forget")
    assert "vermilion" not in client.get("/api/export").text
    assert client.get(f"/people/{person}/one-to-one", headers=OWN).status_code == 404
