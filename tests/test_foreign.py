"""Files of other programs, as those programs write them: read whole, taken whole or not at all, never twice."""

from __future__ import annotations

import json
import re
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

import pytest
from httpx import Response
from hypothesis import given
from hypothesis import strategies as st
from starlette.testclient import TestClient

import fakes
from coach.domain.moments import By, Channel, Landed
from coach.domain.people import Celebration, Relation
from coach.errors import BadInput
from coach.foreign import Found, read
from coach.foreign.birthdays import read as day_read
from coach.foreign.found import ANOTHER, meet
from many import many
from test_pages import OWN, post
from test_people_pages import added

FILES = Path(__file__).parent / "foreign"
NOW = fakes.NOW


def found(name: str) -> Found:
    return read((FILES / name).read_bytes(), NOW)


class TestAddressBooks:
    def test_apple(self) -> None:
        book = found("apple.vcf")
        [person] = book.people
        assert (person.name, person.role) == ("Chidinma Okafor", "Head of planning, Harbour Freight Ltd, Planning")
        assert person.beyond == "Prefers a call to a mail, and mornings.\nHas twins; likes sailing on the weekend."
        assert person.celebrations == (Celebration("birthday", 11, 3), Celebration("anniversary", 6, 20))
        assert person.addresses == ("chidinma@example.com",)
        assert book.left_out == ("Card 2 is a company, not a person.",)

    def test_google_and_what_has_no_name_is_told(self) -> None:
        read_ = found("google.vcf")
        [person] = read_.people
        assert (person.name, person.role) == ("Jörg Müller-Lüdenscheidt", "Bauleiter, Straßenbau GmbH")
        assert person.celebrations == (Celebration("birthday", 5, 6),)
        assert read_.left_out == ("Card 2 has no name of a person.",)

    def test_outlook_in_the_letters_of_windows(self) -> None:
        [person] = found("outlook.vcf").people
        assert (person.name, person.role) == ("Åsa Løvgren", "Salgschef, Nordlys A/S, Salg")
        assert person.beyond == "Bor i Tromsø, sætter pris på korte mails."
        assert person.celebrations == (Celebration("birthday", 12, 31),)

    def test_thunderbird_old_and_new(self) -> None:
        [old] = found("thunderbird-old.vcf").people
        assert (old.name, old.role) == ("Marguerite de la Fontaine", "Librarian, Université de Lyon")
        assert old.beyond == "Ligne un\nLigne deux"
        new = found("thunderbird.vcf")
        assert [it.name for it in new.people] == ["Tomás Ó Súilleabháin"]
        assert new.people[0].celebrations == (Celebration("birthday", 2, 29), Celebration("anniversary", 6, 12))
        assert len(new.left_out) == 1

    def test_the_same_card_has_the_same_id(self) -> None:
        assert found("apple.vcf") == found("apple.vcf")

    def test_a_book_that_is_cut_off_says_so(self) -> None:
        raw = (FILES / "apple.vcf").read_bytes()
        assert "cut off" in read(raw[: raw.rindex(b"END")], NOW).left_out[-1]


class TestTables:
    def test_people_as_google_and_outlook_write_them(self) -> None:
        google = found("google.csv")
        [priya] = google.people
        assert (priya.name, priya.role) == ("Priya Raman", "Analyst, second line, Northwind")
        assert priya.beyond == "Likes maps\nand long walks"
        assert priya.celebrations == (Celebration("birthday", 2, 28),)
        assert google.left_out == ("Line 4 has no name.",)
        [bela] = found("outlook.csv").people
        assert (bela.name, bela.celebrations) == ("Béla Nagy", (Celebration("birthday", 12, 24),))

    def test_people_with_our_own_columns(self) -> None:
        [person] = read(b"name;relation;remote;matters\nAna;my manager;yes;quiet", NOW).people
        assert (person.relation, person.remote, person.matters) == (Relation.MANAGER, True, "quiet")

    def test_moments_and_each_line_that_is_left_out(self) -> None:
        table = found("moments.csv")
        assert [(it.channel, it.by, it.landed) for it in table.moments] == [
            (Channel.IN_PERSON, By.ME, Landed.HELPED),
            (Channel.CHAT, By.THEM, Landed.INDIFFERENT),
            (Channel.MEETING, By.ME, Landed.HARMED),
        ]
        assert table.moments[2].happened_at == datetime(2024, 3, 6, 14, 30, tzinfo=UTC)
        assert [it.name for it in table.people] == ["Priya Raman", "Béla Nagy"]
        assert [it.split(" has ")[0] for it in table.left_out] == ["Line 5", "Line 6"]


class TestMonica:
    def test_contacts_with_what_happened(self) -> None:
        export = found("monica.json")
        hedda, ola = export.people
        assert (hedda.name, hedda.role, hedda.ideal_days) == ("Hedda Storm", "buyer, Fjord AS", 30)
        assert hedda.celebrations == (Celebration("birthday", 10, 9),)
        told = [(it.channel, it.by, it.what) for it in export.moments if it.person_id == hedda.id]
        assert told == [
            (Channel.IN_PERSON, By.ME, "Lunch at the harbour. We planned the spring"),
            (Channel.CALL, By.THEM, "She asked for the new dates"),
            (Channel.CALL, By.ME, "I called them"),
            (Channel.CHAT, By.ME, "Can you send the list?"),
            (Channel.CHAT, By.THEM, "Here it is"),
        ]
        assert sum(it.person_id == ola.id for it in export.moments) == 2
        assert len(export.left_out) == 2
        assert export.unsaid

    def test_the_first_form_of_the_export(self) -> None:
        contact = {"uuid": "u1", "properties": {"first_name": "Ana", "activities": {"count": 1, "values": ["a1"]}}}
        activity = {"uuid": "a1", "properties": {"summary": "Coffee", "happened_at": "2021-03-04"}}
        account = {"contacts": {"count": 1, "values": [contact]}, "activities": {"count": 1, "values": [activity]}}
        export = read(json.dumps({"account": account}).encode(), NOW)
        assert [it.what for it in export.moments] == ["Coffee"]

    @pytest.mark.parametrize("raw", [b'{"format": "something"}', b"{]", b'{"account": 3}', b'{"account": {"data": 7}}'])
    def test_what_is_none_is_refused(self, raw: bytes) -> None:
        with pytest.raises(BadInput, match="of Monica"):
            read(raw, NOW)


@many(
    "text, day",
    [("1980-05-06", (5, 6)), ("19800506", (5, 6)), ("--0506", (5, 6)), ("--05-06", (5, 6)), ("5/6/1980", (5, 6)),
     ("24/12/1971", (12, 24)), ("1604-11-03T00:00:00Z", (11, 3)), ("", None), ("soon", None), ("1980-13-01", None),
     ("14.03.1980", (3, 14)), ("14. 3. 1980", (3, 14)), ("14 March 1980", (3, 14)), ("March 14, 1980", (3, 14)),
     ("14. März 1980", (3, 14)), ("14-Mar-80", (3, 14)), ("1980. 03. 14.", (3, 14)), ("1980年3月14日", (3, 14)),
     ("1980-03-14 00:00:00", (3, 14)), ("29.02.1980", (2, 29)), ("31.02.1980", None), ("31 February 1980", None),
     ("0/0/00", None), ("0000-00-00", None), ("1980", None)],
)  # fmt: skip
def test_birthdays(text: str, day: tuple[int, int] | None) -> None:
    assert day_read(text) == day


@given(st.binary(max_size=400) | st.text(max_size=200).map(lambda it: f"BEGIN:VCARD\n{it}\nEND:VCARD".encode()))
def test_whatever_the_bytes_it_is_read_or_refused(raw: bytes) -> None:
    with suppress(BadInput):
        assert read(raw, NOW).source


def test_people_of_the_same_name_are_asked_about_before_they_are_one() -> None:
    table, [priya] = found("moments.csv"), found("google.csv").people
    meeting = meet(table, [priya])
    [asked] = meeting.asked
    assert (asked.person.name, asked.others) == ("Priya Raman", (priya,))
    assert [it.name for it in meeting.people] == ["Béla Nagy"]
    assert (len(meeting.moments), meeting.waiting) == (1, 2)
    same = meet(table, [priya], answers={asked.person.id: priya.id})
    assert {it.person_id for it in same.moments} == {priya.id, same.people[0].id}
    another = meet(table, [priya], answers={asked.person.id: ANOTHER})
    assert [it.name for it in another.people] == ["Priya Raman", "Béla Nagy"]
    assert priya.id not in {it.person_id for it in another.moments}


def chosen(client: TestClient, raw: bytes, name: str = "x") -> str:
    """Choose a file; return the page that shows what is in it, once it is read."""
    return read_whole(client, client.post("/import", files={"file": (name, raw)}, headers=OWN))


def read_whole(client: TestClient, response: Response) -> str:
    """Return the page of a file once it is read."""
    while 'http-equiv="refresh"' in response.text:
        response = client.get(response.url)
    assert response.status_code == 200, response.text
    return response.text


def send(client: TestClient, name: str) -> str:
    """Choose one of the files that stand beside this test."""
    return chosen(client, (FILES / name).read_bytes(), name)


def token(page: str) -> str:
    match = re.search(r'action="(/import/[^"/]+)"', page)
    assert match
    return match[1]


def test_a_file_is_looked_at_and_then_taken_once(client: TestClient) -> None:
    hedda = added(client, "hedda storm")
    page = send(client, "monica.json")
    assert "1 new person, 1 to ask you about, 7 moments. Nothing is kept yet." in page
    assert client.get("/api/moments").json()["moments"] == []
    [asked] = set(re.findall(r'name="(who-[^"]+)"', page))
    done = post(client, token(page), landed="helped", **{asked: hedda})
    assert "1 person and 7 moments are new" in done
    assert {it["landed"] for it in client.get("/api/moments").json()["moments"]} == {"helped"}
    assert len(client.get("/api/moments", params={"person_id": hedda}).json()["moments"]) == 5
    again = send(client, "monica.json")
    assert "Nothing in it is new." in again
    assert len(client.get("/api/people").json()["people"]) == 2


def test_whoever_is_asked_about_stays_out_until_it_is_said_who_they_are(client: TestClient) -> None:
    added(client, "hedda storm")
    done = post(client, token(send(client, "monica.json")))
    assert "1 person was left out, for you did not say who they are" in done
    assert "1 person and 2 moments are new" in done


def test_what_is_not_ticked_stays_out_with_its_moments(client: TestClient) -> None:
    page = send(client, "monica.json")
    shown = re.findall(r'name="shown" value="([^"]+)"', page)
    assert re.findall(r'name="tick" value="([^"]+)" checked', page) == shown
    people, moments = shown[:2], shown[2:]
    done = post(client, token(page), shown=shown, tick=[people[0], *moments[1:]])
    assert "1 person and 4 moments are new" in done


def test_what_was_taken_in_can_be_taken_out_again_for_a_while(client: TestClient) -> None:
    ola = added(client, "Ola")
    page = send(client, "monica.json")
    [asked] = set(re.findall(r'name="(who-[^"]+)"', page))
    done = post(client, token(page), landed="helped", **{asked: ola})
    undo = re.search(r'action="(/import/undo/[^"]+)"', done)
    assert undo
    assert undo[1] in client.get("/import").text
    first = client.get("/api/moments").json()["moments"][0]
    client.patch(f"/api/moments/{first['id']}", json={"what": "I have put it my own way"}, headers=OWN)
    out = post(client, undo[1])
    assert "1 person and 6 moments are out again. 1 stays" in out
    assert [it["what"] for it in client.get("/api/moments").json()["moments"]] == ["I have put it my own way"]
    assert client.post(undo[1], headers=OWN).status_code == 404


def test_what_a_file_knows_about_people_who_are_here_fills_only_what_was_open(client: TestClient) -> None:
    rosa = added(client, "Rosa Lang")
    client.patch(f"/api/people/{rosa}", json={"role": "Buyer"}, headers=OWN)
    page = chosen(client, b"name,role,birthday\nRosa Lang,Seller,14.03.1980\n")
    [asked] = set(re.findall(r'name="(who-[^"]+)"', page))
    done = post(client, token(page), **{asked: rosa})
    assert "something about 1 you had already" in done
    told = client.get(f"/api/people/{rosa}").json()
    assert (told["role"], told["celebrations"]) == ("Buyer", [{"label": "birthday", "month": 3, "day": 14}])
    undo = re.search(r'action="(/import/undo/[^"]+)"', done)
    assert undo
    post(client, undo[1])
    assert client.get(f"/api/people/{rosa}").json()["celebrations"] == []


def test_a_long_file_is_ticked_in_parts(client: TestClient) -> None:
    rows = "".join(f"Person {n},Buyer\n" for n in range(230))
    page = chosen(client, f"name,role\n{rows}".encode())
    address = token(page)
    for part in (2, 3):
        shown = re.findall(r'name="shown" value="([^"]+)"', page)
        page = post(client, address, shown=shown, tick=shown[1:], part=str(part))
        assert f"Part {part} of 3" in page
    assert "228 people are new" in post(client, address)


def test_a_file_that_is_left_leaves_nothing(client: TestClient) -> None:
    page = send(client, "apple.vcf")
    address = token(page)
    post(client, f"{address}/drop")
    assert client.get(address, headers=OWN).status_code == 404
    assert client.get("/api/people").json()["people"] == []


def test_a_file_of_another_kind_is_told(client: TestClient) -> None:
    page = chosen(client, b'{"a": 1}')
    assert "Nothing was taken" in page
    assert "of Monica" in page
    assert client.post("/import", files={"file": ("x.csv", b"")}, headers=OWN).status_code == 400


def test_erasing_everything_drops_a_file_that_waits(client: TestClient) -> None:
    address = token(send(client, "apple.vcf"))
    post(client, "/privacy/forget", confirm="forget everything")
    assert client.get(address, headers=OWN).status_code == 404
