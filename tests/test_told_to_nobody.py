"""What a group's coach tells whoever watches it, or whoever asks wrongly: no login, no name, no id of a person."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from fastapi.routing import APIRoute
from starlette.testclient import TestClient

from coach.door import Token
from coach.postbox import letter
from coach.settings import Settings
from test_members_pages import FORM, Site, site

LOGIN, OTHER, NAME = "zenobia-of-the-seventh-floor", "yorick-of-the-third-floor", "Quillfeather"
_IDS = re.compile(r"\{(\w+)\}")


@pytest.fixture
def group(tmp_path: Path) -> Iterator[Site]:
    with site(tmp_path, mcp=True, programs=True) as made:
        yield made


def joined(group: Site) -> tuple[TestClient, TestClient]:
    """Two members: the first leads."""
    portal = group.browser().portal
    assert portal is not None
    first, _ = group.join(f"/join/{portal.call(group.app.state.parts.members.roster.first)}", LOGIN)
    return first, group.join(group.invite(first), OTHER)[0]


def written(client: TestClient) -> dict[str, str]:
    """Write a little of everything; return ids by the names that addresses give them."""
    person = client.post("/api/people", json={"name": NAME, "matters": f"{NAME} likes calm"}).json()["id"]
    moment = {"person_id": person, "what": f"{NAME} thanked me", "by": "them", "channel": "chat", "landed": "helped"}
    kept = client.post("/api/moments", json=moment).json()["id"]
    plan = client.post("/api/plans", json={"person_id": person}).json()
    session = client.post("/api/sessions", json={"kind": "weekly_review"}).json()["session_id"]
    said = client.post("/api/chat", json={"text": f"{NAME} has gone quiet since the call."}).text
    conversation = re.search(r'"conversation_id": ?"([^"]+)"', said)
    assert conversation is not None
    return {
        "person_id": person, "moment_id": kept, "plan_id": plan["id"], "step_id": plan["steps"][0]["id"],
        "session_id": session, "conversation_id": conversation[1], "login": LOGIN,
    }  # fmt: skip


def refusals(group: Site, client: TestClient, ids: dict[str, str]) -> Iterator[str]:
    """Ask every route with ids that are somebody's, as a page and as a program; yield what refused."""
    for route in group.app.routes:
        if not isinstance(route, APIRoute):
            continue
        address = _IDS.sub(lambda hit: ids.get(hit[1], "none"), route.path)
        for accept in ("text/html", "application/json"):
            for method in route.methods - {"DELETE"}:
                headers = {**FORM, "accept": accept}
                answer = client.request(method, address, headers=headers, follow_redirects=False, json={"name": 7})
                if answer.status_code >= 400:
                    yield answer.text


def test_no_refusal_names_a_member_or_an_id_of_what_somebody_wrote(group: Site) -> None:
    zoe, yuri = joined(group)
    ids = written(zoe)
    untold = {NAME, LOGIN, *ids.values()}
    asked = 0
    for client in (group.browser(), yuri):
        for text in refusals(group, client, ids):
            asked += 1
            assert not {each for each in untold if each in text}, re.sub("<[^>]+>", " ", text)[:400]
    assert asked > 200


def test_counts_and_readiness_name_nobody(group: Site, tmp_path: Path) -> None:
    zoe, yuri = joined(group)
    ids = {**written(zoe), **written(yuri)}
    headers = {"authorization": f"Bearer {Token(tmp_path).value()}"}
    told = group.browser().get("/metrics", headers=headers).text + group.browser().get("/readyz").text
    assert "coach_turns" in told
    assert not {each for each in (NAME, LOGIN, OTHER, *ids.values()) if each in told}


def test_the_letter_of_the_day_says_how_many_and_not_whose_or_about_whom() -> None:
    settings = Settings(public_url="https://coach.example.org", smtp_host="mail.example", smtp_from="coach@example.org")
    said = letter(3, 0, settings, datetime(2026, 11, 30, 7, tzinfo=UTC), "somebody@example.org").as_string()
    assert "For today: 3 steps." in said
    assert said.count("somebody@example.org") == 1  # its own address, which the letter needs
    assert "https://coach.example.org/today" in said
