"""A sheet that one member shares with another: sealed for them, shown whole before, to be taken back until opened."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text
from starlette.testclient import TestClient

from test_members_pages import FORM, Site, site

SHEET = "The rota for December.\nWhat Xyloquist asked about the audit."


@pytest.fixture
def three(tmp_path: Path) -> Iterator[tuple[Site, dict[str, TestClient], Path]]:
    with site(tmp_path) as group:
        portal = group.browser().portal
        assert portal is not None
        link = f"/join/{portal.call(group.app.state.parts.members.roster.first)}"
        zoe, _ = group.join(link, "zoe")
        others = {name: group.join(group.invite(zoe), name)[0] for name in ("yuri", "xenia")}
        yield group, {"zoe": zoe, **others}, tmp_path / "journal.db"


def shared(group: Site, sender: TestClient, to: str) -> str:
    """Share the sheet; return its address."""
    looked = sender.post("/shares", data={"to": to, "text": SHEET, "days": "7", "act": "look"}, headers=FORM).text
    assert "will see this, and nothing else" in looked
    assert "Xyloquist" in looked
    assert group.send(sender, "/shares", to=to, text=SHEET, days="7", act="send") == "/shares?done=sent"
    found = re.search(r'action="(/shares/[^/"]+)/open"', group.page(sender, "/shares"))
    assert found is not None
    return found[1]


def test_only_the_one_it_is_for_opens_it_and_the_sender_sees_when(
    three: tuple[Site, dict[str, TestClient], Path],
) -> None:
    group, who, database = three
    sheet = shared(group, who["zoe"], "Yuri")
    assert "not opened" in group.page(who["zoe"], "/shares")
    assert who["xenia"].post(f"{sheet}/open", headers=FORM).status_code == 404
    assert who["xenia"].post(f"{sheet}/withdraw", headers=FORM).status_code == 400
    assert "Xyloquist" in who["zoe"].post(f"{sheet}/open", headers=FORM).text
    assert "not opened" in group.page(who["zoe"], "/shares")
    assert "Xyloquist" in who["yuri"].post(f"{sheet}/open", headers=FORM).text
    assert "opened on" in group.page(who["zoe"], "/shares")
    assert who["zoe"].post(f"{sheet}/withdraw", headers=FORM).status_code == 400
    assert b"Xyloquist" not in database.read_bytes()


def test_it_can_be_taken_back_until_it_is_opened(three: tuple[Site, dict[str, TestClient], Path]) -> None:
    group, who, _ = three
    sheet = shared(group, who["zoe"], "yuri")
    assert group.send(who["zoe"], f"{sheet}/withdraw") == "/shares?done=gone"
    assert who["yuri"].post(f"{sheet}/open", headers=FORM).status_code == 404


@pytest.mark.parametrize(
    "edit",
    ["receiver_id = (SELECT id FROM members WHERE login = 'xenia')", "ends_at = ends_at + 1",
     "sender_id = (SELECT id FROM members WHERE login = 'xenia')", "id = 'other'"],
)  # fmt: skip
def test_a_sheet_whose_row_was_edited_opens_for_nobody(
    three: tuple[Site, dict[str, TestClient], Path], edit: str
) -> None:
    group, who, database = three
    sheet = shared(group, who["zoe"], "yuri")
    engine = create_engine(f"sqlite:///{database}")
    with engine.begin() as connection:
        connection.execute(text(f"UPDATE shares SET {edit}"))
        id_ = connection.execute(text("SELECT id FROM shares")).scalar_one()
    engine.dispose()
    for name in ("yuri", "xenia"):
        answered = who[name].post(f"/shares/{id_}/open", headers=FORM)
        assert "Xyloquist" not in answered.text, (name, sheet)


@pytest.mark.parametrize(("to", "words"), [("nobody", SHEET), ("zoe", SHEET), ("yuri", "  ")])
def test_what_cannot_be_sent_is_said_and_nothing_typed_is_lost(
    three: tuple[Site, dict[str, TestClient], Path], to: str, words: str
) -> None:
    _, who, _ = three
    answered = who["zoe"].post("/shares", data={"to": to, "text": words, "days": "7", "act": "send"}, headers=FORM)
    assert answered.status_code == 400
    assert ("Xyloquist" in answered.text) == ("Xyloquist" in words)


def test_it_begins_with_what_is_open_with_somebody(three: tuple[Site, dict[str, TestClient], Path]) -> None:
    group, who, _ = three
    person = who["zoe"].post("/api/people", json={"name": "Yuri"}).json()["id"]
    who["zoe"].post(f"/people/{person}/points", data={"by": "me", "what": "the rota"}, headers=FORM)
    assert group.page(who["zoe"], f"/shares?person={person}")
    assert who["yuri"].get(f"/shares?person={person}", headers=FORM).status_code == 404


def test_a_member_who_leaves_takes_what_they_sent_and_got_with_them(
    three: tuple[Site, dict[str, TestClient], Path],
) -> None:
    group, who, _ = three
    sheet = shared(group, who["zoe"], "yuri")
    assert group.send(who["zoe"], "/members/yuri", act="erase", confirm="yuri")
    assert who["zoe"].post(f"{sheet}/open", headers=FORM).status_code == 404
