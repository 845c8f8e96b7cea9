"""The session pages without a browser: starting, answering, the buttons, what is taken on, the summary, erasing."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from coach.web import Parts
from coach.web.pages.sessions import PHASES
from sample_team import fill_team
from serving import app_of, browsing, fake_parts
from test_pages import OWN, post
from test_team import NOON

ANSWERS = (
    "Chiara has been quiet since the move to the other floor.",
    "I want her to feel that she belongs to the team.",
    "I did not see how long it has been.",
    "I could ring her on Tuesday and ask how the move went.",
    "On Tuesday right after stand-up I'll ring Chiara and ask how the move went",
    "keep",
    "If the stand-up runs over I'll ring her before lunch",
    "That is enough",
)


@pytest.fixture
def leading(tmp_path: Path) -> Iterator[TestClient]:
    async def made() -> Parts:
        parts = await fake_parts(tmp_path)
        await fill_team(parts.journal, NOON)
        return parts

    with app_of(made) as app:
        yield browsing(app, raise_server_exceptions=False)


def words(page: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", page))


def begun(client: TestClient, kind: str = "weekly_review", **fields: str) -> tuple[str, str]:
    """Start a session; return its address and its page."""
    response = client.post("/sessions", data={"kind": kind, **fields}, headers=OWN)
    assert response.status_code == 200, response.text
    return response.url.path, response.text


def spoken(client: TestClient, address: str, answers: tuple[str, ...] = ANSWERS) -> str:
    """Answer until the session is over; return its page."""
    page = ""
    for answer in answers:
        page = post(client, f"{address}/turns", text=answer)
        if 'id="answer"' not in page:
            break
    return page


def test_eight_kinds_stand_with_their_line_and_time_and_the_asked_one_first(client: TestClient) -> None:
    page = client.get("/sessions", headers=OWN).text
    assert page.count('<li id="') == 8
    assert len(re.findall(r"\d+ min", page)) == 8
    assert page.index('id="weekly_review"') < page.index('id="back_from_leave"')
    page = client.get("/sessions?kind=remote_team", headers=OWN).text
    assert page.index('id="remote_team"') < page.index('id="weekly_review"')


def test_a_whole_session_by_forms_ends_on_todays_list_and_in_a_summary(client: TestClient) -> None:
    address, page = begun(client)
    assert 'aria-current="step">Arrive' in page
    page = spoken(client, address)
    assert "On your list" in page
    assert "aria-current" not in page.split('id="phases"')[1].split("</ol>")[0]
    assert "ring Chiara and ask how the move went" in words(client.get("/today", headers=OWN).text)
    summary = words(client.get(f"{address}/summary", headers=OWN).text)
    for said in (
        ANSWERS[0], "What you wanted I want her to feel that she belongs", "Tuesday 7 May", "before lunch"
    ):  # fmt: skip
        assert said in summary
    file = client.get(f"/api{address}/summary.md")
    assert "ring Chiara" in file.text
    listed = client.get("/sessions", headers=OWN).text
    assert "Earlier" in listed
    assert f'href="{address}/summary"' in listed


def test_another_day_and_taken_off(client: TestClient) -> None:
    address, _ = begun(client)
    page = spoken(client, address)
    step = re.search(rf'action="{address}/taken/([^"]+)"', page)
    assert step is not None
    page = post(client, f"{address}/taken/{step[1]}", due="2024-05-09")
    assert "Thursday 9 May" in page
    late = client.post(f"{address}/taken/{step[1]}", data={"due": "2024-05-01"}, headers=OWN)
    assert late.status_code == 400
    assert "Thursday 9 May" in client.get(f"/api{address}/summary.md").text
    page = post(client, f"{address}/taken/{step[1]}", off="yes")
    assert f"step-{step[1]}" not in page
    assert "[ ]" not in client.get(f"/api{address}/summary.md").text
    assert "ring Chiara" not in client.get("/today", headers=OWN).text
    assert client.post("/sessions/none/taken/none", data={"due": "2024-05-09"}, headers=OWN).status_code == 404


def test_skip_back_pause_and_going_on(client: TestClient) -> None:
    address, page = begun(client)
    first = words(page.split('id="turns"')[1].split("<template")[0])
    page = post(client, f"{address}/turns", move="skip")
    assert first not in words(page.split('<article class="turn"')[-1])
    page = post(client, f"{address}/turns", move="back")
    assert 'aria-current="step">Arrive' in page
    page = post(client, f"{address}/turns", move="pause")
    assert "This session rests" in page
    assert 'id="answer"' not in page
    listed = client.get("/sessions", headers=OWN).text
    assert "Resting since" in listed
    assert listed.index("Resting since") < listed.index("Start another")
    assert 'id="answer"' in post(client, f"{address}/turns", move="resume")
    assert client.post(f"{address}/turns", data={}, headers=OWN).status_code == 400
    assert client.post("/sessions/none/turns", data={"text": "x"}, headers=OWN).status_code == 404
    assert client.post("/sessions", data={"kind": "none"}, headers=OWN).status_code == 404


def test_having_to_go_rests_the_session_and_today_offers_to_go_on(client: TestClient) -> None:
    address, _ = begun(client, "own_bad_moment", who="Ron")
    go_on = "Go on with your session about Ron"
    assert go_on not in client.get("/today", headers=OWN).text
    post(client, f"{address}/turns", text="I barked at Ron over the mixer.")
    assert go_on in client.get("/today", headers=OWN).text
    page = post(client, f"{address}/turns", text="got to go, fire drill, back later")
    assert "This session rests" in page
    today = client.get("/today", headers=OWN).text
    assert go_on in today
    assert f'action="{address}/turns"' in today
    assert "Here is where we were" in words(post(client, f"{address}/turns", move="resume"))
    post(client, f"{address}/turns", move="end")
    assert go_on not in client.get("/today", headers=OWN).text


def test_one_about_a_person_takes_who_the_link_was_for(client: TestClient) -> None:
    ids = [client.post("/api/people", json={"name": "Dana Whitfield"}).json()["id"] for _ in range(2)]
    page = client.get(f"/people/{ids[1]}/one-to-one", headers=OWN).text
    assert f"/sessions?kind=prepare_one_to_one&amp;person={ids[1]}" in page
    page = client.get(f"/sessions?kind=prepare_one_to_one&person={ids[1]}", headers=OWN).text
    assert f'value="{ids[1]}"' in page
    address, _ = begun(client, "prepare_one_to_one", who="Dana Whitfield", person_id=ids[1])
    assert client.get(f"/api{address}").json()["person_id"] == ids[1]
    address, page = begun(client, "prepare_one_to_one", who="Zora", person_id=ids[1])
    assert "Zora" in page
    assert client.get(f"/api{address}").json()["person_id"] not in ids


def test_what_is_written_is_never_markup(client: TestClient) -> None:
    address, _ = begun(client)
    page = post(client, f"{address}/turns", text="<script>alert(1)</script> Chiara is quiet & far")
    assert "<script>alert" not in page
    assert "&lt;script&gt;" in page


def test_the_stream_brings_phases_and_what_comes_next(client: TestClient) -> None:
    address, _ = begun(client)
    told = client.post(f"{address}/stream", data={"text": ANSWERS[0]}, headers=OWN).text
    names = re.findall(r"^event: (\w+)$", told, re.MULTILINE)
    assert names[0] == "started"
    assert names[-1] == "finished"
    assert "reading" not in names
    assert "aria-current" in told
    assert client.post("/sessions/none/stream", data={"text": "x"}, headers=OWN).status_code == 404


def test_erasing_a_session_leaves_no_word_of_it_but_what_was_taken_on(client: TestClient) -> None:
    address, _ = begun(client)
    post(client, f"{address}/turns", text="The vermilion rota bothers me more than I said.")
    page = post(client, f"{address}/forget")
    assert "Start one" in page
    assert "vermilion" not in client.get("/api/export").text
    assert client.get(address, headers=OWN).status_code == 404


def test_the_report_shows_what_was_said_of_somebody_in_sessions_and_the_plan_is_in_their_words(
    client: TestClient,
) -> None:
    ids = [client.post("/api/people", json={"name": name}).json()["id"] for name in ("Chiara Lodi", "Bruno Keller")]
    address, _ = begun(client, "prepare_one_to_one", who="Chiara Lodi", person_id=ids[0])
    spoken(client, address, (ANSWERS[0],))
    assert ANSWERS[0] in client.get(f"/people/{ids[0]}/report", headers=OWN).text
    assert ANSWERS[0] not in client.get(f"/people/{ids[1]}/report", headers=OWN).text
    page = spoken(client, begun(client)[0])
    step = re.search(r"/taken/([^\"]+)", page)
    assert step is not None
    [plan] = [it for it in client.get("/api/export").json()["plans"] if it["steps"][0]["id"] == step[1]]
    page = client.get(f"/plans/{plan['id']}", headers=OWN).text
    assert "What you wanted" in page
    assert "What was seen" not in page
    assert "The one question to ask" not in page


def test_a_leader_who_does_harm_is_stopped_and_the_page_offers_no_answer_box(client: TestClient) -> None:
    address, _ = begun(client)
    page = post(client, f"{address}/turns", text="Chiara reported me to HR, so I cut her shifts to show her.")
    assert "This session rests" in page
    assert "Go on about another matter" in page
    assert 'id="answer"' not in page
    assert "On your list" not in page


def test_nothing_is_inline_on_the_pages_of_somebody_who_leads(leading: TestClient) -> None:
    with leading as client:
        address, _ = begun(client)
        spoken(client, address)
        for path in ("/team", "/people/r3/one-to-one", "/sessions", address, f"{address}/summary"):
            text = client.get(path, headers=OWN).text
            for inline in ("style=", "onclick=", "javascript:", "http://", "https://", "<script>", "<style>"):
                assert inline not in text, (path, inline)


def test_every_phase_has_a_label() -> None:
    from coach.domain.sessions import Phase

    assert set(PHASES) == set(Phase)


def test_a_review_that_was_had_is_not_due(leading: TestClient) -> None:
    with leading as client:
        assert "review of your team is due" in client.get("/today", headers=OWN).text
        begun(client)
        assert "review of your team is due" not in client.get("/today", headers=OWN).text


def test_what_the_journal_shows_opens_to_its_moments(leading: TestClient) -> None:
    with leading:
        address, _ = begun(leading)
        page = spoken(leading, address, ANSWERS[:2])
        assert "What the journal holds of that" in page
        link = re.search(r'href="(/people/[^"#]+)#(moment-[^"]+)"', page)
        assert link is not None
        assert f'id="{link[2]}"' in leading.get(link[1], headers=OWN).text


def test_what_is_offered_is_kept_with_what_was_changed_of_it(leading: TestClient) -> None:
    with leading:
        address, _ = begun(leading)
        page = spoken(leading, address, ANSWERS[:5])
        offer = re.search(r'name="offer" value="([^"]+)"', page)
        assert offer is not None
        fields = {"offer": offer[1], "words": "I ring Chiara", "due": "2024-05-08", "at": "09:30", "cue": "the bell"}
        page = post(leading, f"{address}/turns", move="keep", **fields)
        assert "Kept, for Wednesday 8 May at 09:30" in page
        again = leading.post(f"{address}/turns", data={"move": "keep", **fields}, headers=OWN)
        assert again.status_code == 400


def test_blanks_that_fill_no_sentence_are_refused(client: TestClient) -> None:
    address, _ = begun(client)
    wrong = client.post(f"{address}/turns", data={"blank": ["on Friday"]}, headers=OWN)
    assert wrong.status_code == 400
    assert "That was answered already" in wrong.text


def test_the_sheet_holds_what_was_prepared_for_the_talk_in_a_session(client: TestClient) -> None:
    person = client.post("/api/people", json={"name": "Chiara Lodi"}).json()["id"]
    address, _ = begun(client, "prepare_one_to_one", who="Chiara Lodi", person_id=person)
    lines = (
        "She is quiet.",
        "That she belongs.",
        "skip",
        "None of these",
        "I saw you stayed on Friday.",
        "What was the move like?",
    )
    spoken(client, address, lines)
    sheet = words(client.get(f"/people/{person}/one-to-one", headers=OWN).text)
    for line in ("What you prepared", "That she belongs.", *lines[4:]):
        assert line in sheet
