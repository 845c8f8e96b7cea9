"""The pages of a coach with members, asked as browsers and programs ask them, on a journal that is real."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from time import sleep
from typing import Any

import pytest
from starlette.testclient import TestClient

from coach.door import Token
from coach.web import Parts, create_app
from fakes import fake_parts
from groups import CHEAP, PASSWORD

BASE = "http://127.0.0.1:8000"
FORM = {"origin": BASE, "accept": "text/html"}


@dataclass
class Site:
    """A coach with members, and a browser for each of them."""

    app: Any
    browser: Callable[[], TestClient]

    def page(self, client: TestClient, path: str) -> str:
        response = client.get(path, headers=FORM)
        assert response.status_code == 200, (path, response.status_code, response.text[:300])
        return response.text

    def send(self, client: TestClient, path: str, **data: str) -> str:
        """Send a form as a page does; return where it leads."""
        response = client.post(path, data=data, headers=FORM, follow_redirects=False)
        assert response.status_code == 303, (path, response.status_code, re.sub("<[^>]+>", " ", response.text)[:400])
        return response.headers["location"]

    def join(self, link: str, login: str) -> tuple[TestClient, str]:
        """Join by a link in a fresh browser; return it and the recovery code that was written down."""
        client = self.browser()
        assert self.send(client, link, login=login, password=PASSWORD, again=PASSWORD) == "/member/code"
        shown = self.page(client, "/member/code")
        found = re.search(r'id="code">([^<]+)<', shown)
        assert found is not None
        assert self.send(client, "/member/code", code=found[1], typed=found[1][-4:]) == "/member?done=code"
        return client, found[1]

    def invite(self, admin: TestClient, role: str = "member") -> str:
        page = admin.post("/members", data={"role": role}, headers=FORM).text
        found = re.search(rf'id="link">{re.escape(BASE)}(/join/[\w-]+)<', page)
        assert found is not None
        return found[1]

    def sign_in(self, login: str, password: str = PASSWORD, **more: str) -> TestClient:
        client = self.browser()
        self.send(client, "/signin", login=login, password=password, **more)
        return client


@contextmanager
def site(folder: Path, **settings: object) -> Iterator[Site]:
    """Serve a coach with members in this process."""
    with served(lambda: fake_parts(folder, members=True, cost=CHEAP, **settings)) as made:
        yield made


@contextmanager
def served(parts: Callable[[], Awaitable[Parts]]) -> Iterator[Site]:
    """Serve what is made of some parts with members in this process."""
    app = create_app(parts)
    clients: list[TestClient] = []

    with TestClient(app, base_url=BASE, raise_server_exceptions=False) as first:

        def browser() -> TestClient:
            client = TestClient(app, base_url=BASE, raise_server_exceptions=False)
            client.portal = first.portal  # one loop, as in a server
            clients.append(client)
            return client

        yield Site(app, browser)


@pytest.fixture
def group(tmp_path: Path) -> Iterator[Site]:
    with site(tmp_path) as made:
        yield made


@pytest.fixture
def first(group: Site) -> str:
    """The link with which the first admin joins, as ``coach members first`` prints it."""
    portal = group.browser().portal
    assert portal is not None
    token = portal.call(group.app.state.parts.members.roster.first)
    return f"/join/{token}"


def test_a_member_joins_writes_down_a_code_and_has_a_journal_of_their_own(group: Site, first: str) -> None:
    zoe, _ = group.join(first, "zoe")
    yuri, _ = group.join(group.invite(zoe), "yuri")
    for client, name in ((zoe, "Priya"), (yuri, "Marek")):
        assert client.post("/api/people", json={"name": name}).status_code == 201
    assert [each["name"] for each in zoe.get("/api/people").json()["people"]] == ["Priya"]
    assert [each["name"] for each in yuri.get("/api/people").json()["people"]] == ["Marek"]
    assert "zoe" in group.page(zoe, "/people")


def test_nobody_who_is_not_signed_in_gets_anything(group: Site, first: str) -> None:
    group.join(first, "zoe")
    stranger = group.browser()
    for path in ("/", "/people", "/member", "/members", "/privacy"):
        response = stranger.get(path, headers=FORM, follow_redirects=False)
        assert (response.status_code, response.headers["location"].split("?")[0]) == (303, "/signin"), path
    for path in ("/api/people", "/api/export", "/api/openapi.json", "/metrics"):
        answered = stranger.get(path)
        assert (answered.status_code, answered.headers["www-authenticate"]) == (401, "Bearer"), path
    assert stranger.get("/healthz").status_code == stranger.get("/readyz").status_code == 200
    assert stranger.post("/log", data={"text": "x"}, headers=FORM).status_code == 401


def test_after_signing_in_the_page_that_was_wanted_comes(group: Site, first: str) -> None:
    group.join(first, "zoe")
    client = group.browser()
    asked = client.get("/people?q=a%26b", headers=FORM, follow_redirects=False).headers["location"]
    shown = group.page(client, asked)
    to = re.search(r'name="to" value="([^"]+)"', shown)
    assert to is not None
    assert group.send(client, "/signin", login="zoe", password=PASSWORD, to=to[1]) == "/people?q=a%26b"
    for elsewhere in ("//evil.example", "https://evil.example", "/\\evil.example", "/x\r\ny: z"):
        assert group.send(group.browser(), "/signin", login="zoe", password=PASSWORD, to=elsewhere) == "/"


def test_a_wrong_password_is_told_on_the_form_without_being_repeated(group: Site, first: str) -> None:
    group.join(first, "zoe")
    said = []
    for login in ("zoe", "nobody"):
        response = group.browser().post("/signin", data={"login": login, "password": "rain on the tent"}, headers=FORM)
        assert response.status_code == 403
        assert "rain on the tent" not in response.text
        assert f'value="{login}"' in response.text
        said.append(response.text.replace(f'value="{login}"', ""))
    assert said[0] == said[1]


def test_the_cookie_is_out_of_reach_of_scripts_and_other_sites(tmp_path: Path) -> None:
    with site(tmp_path, public_url="https://coach.example.org") as group:
        portal = group.browser().portal
        assert portal is not None
        link = f"/join/{portal.call(group.app.state.parts.members.roster.first)}"
        given = {"login": "zoe", "password": PASSWORD, "again": PASSWORD}
        plain = group.browser().post(link, data=given, headers=FORM, follow_redirects=False).headers["set-cookie"]
        assert plain.startswith("coach=")
        assert {"HttpOnly", "SameSite=lax", "Path=/"} <= set(plain.split("; "))
        outside = {**FORM, "host": "coach.example.org", "origin": "https://coach.example.org"}
        secure = group.browser().post(
            "/signin", data={"login": "zoe", "password": PASSWORD, "long": "yes"}, headers=outside,
            follow_redirects=False,
        ).headers["set-cookie"]  # fmt: skip
        assert secure.startswith("__Host-coach=")
        assert {"Secure", "HttpOnly", "SameSite=lax", "Path=/"} <= set(secure.split("; "))
        assert "Max-Age=" in secure
        assert "Max-Age=" not in plain
        assert "Domain=" not in secure


def test_locking_asks_for_the_password_only_and_opens_again(group: Site, first: str) -> None:
    zoe, _ = group.join(first, "zoe")
    zoe.post("/api/people", json={"name": "Priya"})
    assert group.send(zoe, "/lock") == "/signin"
    assert zoe.get("/api/people").status_code == 423
    assert zoe.get("/people", headers=FORM, follow_redirects=False).headers["location"] == "/signin?to=%2Fpeople"
    shown = group.page(zoe, "/signin?to=/people")
    assert "Your journal is locked" in shown
    assert "Priya" not in shown
    assert group.send(zoe, "/signin", password=PASSWORD, to="/people") == "/people"
    assert "Priya" in group.page(zoe, "/people")


def test_signing_out_ends_this_browser_and_everywhere_ends_all(group: Site, first: str) -> None:
    group.join(first, "zoe")
    one, two, three = (group.sign_in("zoe") for _ in range(3))
    kept = dict(one.cookies)
    assert group.send(one, "/signout") == "/signin"
    one.cookies.update(kept)
    assert one.get("/api/people").status_code == 401
    assert two.get("/api/people").status_code == 200
    assert group.send(three, "/member/everywhere") == "/signin"
    assert two.get("/api/people").status_code == 401


def test_the_sentence_about_whom_it_protects_from_whom_stands_on_the_page(group: Site, first: str) -> None:
    zoe, _ = group.join(first, "zoe")
    words = " ".join(group.page(zoe, "/member").split())
    assert "Whoever runs this server cannot read your journal while it is locked" in words
    assert "If you do not trust them that far, run the coach on your own machine." in words


def test_a_recovery_code_opens_the_journal_and_a_new_one_is_shown(group: Site, first: str) -> None:
    zoe, code = group.join(first, "zoe")
    zoe.post("/api/people", json={"name": "Priya"})
    client = group.browser()
    slip = code[:-1] + ("0" if code[-1] != "0" else "1")
    given = {"login": "zoe", "code": slip, "password": "a new one of words"}
    assert "a character is wrong or missing" in client.post("/recover", data=given, headers=FORM).text
    assert group.send(client, "/recover", **{**given, "code": code.lower()}) == "/member/code"
    assert [each["name"] for each in client.get("/api/people").json()["people"]] == ["Priya"]
    assert zoe.get("/api/people").status_code == 401
    again = group.browser().post("/recover", data={**given, "code": code}, headers=FORM)
    assert again.status_code == 403
    assert "You have none yet" in group.page(client, "/member")


def test_a_code_takes_the_place_of_another_with_the_password_alone(group: Site, first: str) -> None:
    zoe, code = group.join(first, "zoe")
    shown = re.search(r'id="code">([^<]+)<', group.page(zoe, "/member/code"))
    assert shown is not None
    given = {"code": shown[1], "typed": shown[1][-4:]}
    for password in ("", "not the password"):
        refused = zoe.post("/member/code", data={**given, "password": password}, headers=FORM)
        assert refused.status_code == 403
        assert shown[1] in refused.text, "it can be sent once more"
    new = {"login": "zoe", "password": "a new one of words"}
    assert group.browser().post("/recover", data={**new, "code": shown[1]}, headers=FORM).status_code == 403
    assert group.send(zoe, "/member/code", **given, password=PASSWORD) == "/member?done=code"
    assert group.browser().post("/recover", data={**new, "code": code}, headers=FORM).status_code == 403
    assert group.send(group.browser(), "/recover", **new, code=shown[1]) == "/member/code"


def test_a_changed_password_keeps_this_browser_and_ends_the_others(group: Site, first: str) -> None:
    zoe, _ = group.join(first, "zoe")
    other = group.sign_in("zoe")
    given = {"old": PASSWORD, "new": "a new one of words", "again": "a new one of words"}
    assert "differ" in zoe.post("/member/password", data={**given, "again": "x"}, headers=FORM).text
    assert group.send(zoe, "/member/password", **given) == "/member?done=password"
    assert zoe.get("/api/people").status_code == 200
    assert other.get("/api/people").status_code == 401


def test_a_program_s_token_reaches_what_it_was_made_for_and_no_cookie_is_a_token(group: Site, first: str) -> None:
    zoe, _ = group.join(first, "zoe")
    shown = zoe.post("/member/programs", data={"kind": "chat", "label": "laptop"}, headers=FORM).text
    found = re.search(r'id="token">([^<]+)<', shown)
    assert found is not None
    assert found[1] not in group.page(zoe, "/member")
    program = group.browser()
    for path in ("/api/people", "/api/export", "/member", "/", "/mcp"):
        assert program.get(path, headers={"authorization": f"Bearer {found[1]}"}).status_code == 403, path
    assert program.get("/v1/nothing", headers={"authorization": f"Bearer {found[1]}"}).status_code == 404
    session = zoe.cookies["coach"]
    assert program.get("/api/people", headers={"authorization": f"Bearer {session}"}).status_code == 401
    program.cookies.set("coach", found[1])
    assert program.get("/api/people").status_code == 401


def test_an_admin_sees_who_is_here_and_nobody_else_does(group: Site, first: str) -> None:
    zoe, _ = group.join(first, "zoe")
    yuri, _ = group.join(group.invite(zoe), "yuri")
    assert ">yuri<" in group.page(zoe, "/members")
    assert ">zoe<" not in group.page(yuri, "/members").replace('href="/member">', "")
    assert yuri.post("/members", data={"role": "admin"}, headers=FORM).status_code == 403
    assert yuri.post("/members/zoe", data={"act": "lock"}, headers=FORM).status_code == 403
    assert "zoe invited somebody, as member" in " ".join(group.page(yuri, "/members").split())


def test_one_who_is_locked_out_is_told_so_and_let_in_again(group: Site, first: str) -> None:
    zoe, _ = group.join(first, "zoe")
    yuri, _ = group.join(group.invite(zoe), "yuri")
    assert group.send(zoe, "/members/yuri", act="lock") == "/members?done=lock"
    assert yuri.get("/api/people").status_code == 401
    refused = group.browser().post("/signin", data={"login": "yuri", "password": PASSWORD}, headers=FORM)
    assert "locked you out" in refused.text
    group.send(zoe, "/members/yuri", act="unlock")
    assert yuri.get("/api/people").status_code == 200


def test_leaving_needs_the_words_and_the_password_and_leaves_nothing(group: Site, first: str) -> None:
    zoe, _ = group.join(first, "zoe")
    yuri, _ = group.join(group.invite(zoe), "yuri")
    yuri.post("/api/people", json={"name": "Marek"})
    assert yuri.post("/member/leave", data={"password": PASSWORD}, headers=FORM).status_code == 403
    wrong = {"confirm": "leave for good", "password": "rain on the tent"}
    assert yuri.post("/member/leave", data=wrong, headers=FORM).status_code == 403
    assert yuri.get("/api/export").json()["people"]
    assert group.send(yuri, "/member/leave", confirm="Leave for good", password=PASSWORD) == "/signin"
    assert (
        group.browser().post("/signin", data={"login": "yuri", "password": PASSWORD}, headers=FORM).status_code == 403
    )


def test_an_admin_erases_a_member_after_typing_their_login(group: Site, first: str) -> None:
    zoe, _ = group.join(first, "zoe")
    yuri, _ = group.join(group.invite(zoe), "yuri")
    assert zoe.post("/members/yuri", data={"act": "erase", "confirm": "yur"}, headers=FORM).status_code == 400
    assert yuri.get("/api/people").status_code == 200
    group.send(zoe, "/members/yuri", act="erase", confirm="yuri")
    assert yuri.get("/api/people").status_code == 401


def test_a_member_is_reached_by_an_admin_whatever_their_login(group: Site, first: str) -> None:
    zoe, _ = group.join(first, "zoe")
    invite, _ = group.join(group.invite(zoe), "invite")
    assert group.send(zoe, "/members/invite", act="lock") == "/members?done=lock"
    assert invite.get("/api/people").status_code == 401


def test_another_site_can_neither_sign_in_nor_lock_anybody(group: Site, first: str) -> None:
    zoe, _ = group.join(first, "zoe")
    foreign = {"origin": "https://evil.example", "accept": "text/html"}
    for path in ("/signin", "/lock", "/signout", "/member/everywhere", "/members", first):
        assert zoe.post(path, data={"login": "zoe", "password": PASSWORD}, headers=foreign).status_code == 403, path
    assert zoe.get("/api/people").status_code == 200


@pytest.mark.parametrize("path", ["/api/people", "/people", "/v1/models"])
def test_tokens_that_are_none_open_nothing(group: Site, path: str) -> None:
    for token in ("x", "", "ä", "0" * 43, "a" * 100_00):
        answered = group.browser().get(path, headers={"authorization": f"Bearer {token}".encode()})
        assert answered.status_code in {401, 303}, token[:10]


def test_erasing_the_journal_keeps_the_member(group: Site, first: str) -> None:
    zoe, _ = group.join(first, "zoe")
    zoe.post("/api/people", json={"name": "Priya"})
    assert zoe.delete("/api/me").status_code == 204
    assert zoe.get("/api/people").json()["people"] == []
    assert zoe.post("/api/people", json={"name": "Marek"}).status_code == 201
    assert group.sign_in("zoe").get("/api/people").json()["people"][0]["name"] == "Marek"


def test_counts_are_for_the_operator_alone(group: Site, first: str) -> None:
    zoe, _ = group.join(first, "zoe")
    assert zoe.get("/metrics").status_code == 401
    token = Token(group.app.state.parts.settings.data).value()
    assert group.browser().get("/metrics", headers={"authorization": f"Bearer {token}"}).status_code == 200
    assert group.browser().get("/api/people", headers={"authorization": f"Bearer {token}"}).status_code == 401


def test_an_export_needs_the_form_of_ones_own_page(group: Site, first: str) -> None:
    zoe, _ = group.join(first, "zoe")
    yuri, _ = group.join(group.invite(zoe), "yuri")
    stamps = [re.findall('name="stamp" value="([^"]+)"', group.page(each, "/privacy"))[0] for each in (zoe, yuri)]
    answers = [zoe.post("/privacy/export", data={"stamp": each}, headers=FORM).status_code for each in stamps]
    assert answers == [200, 400]


def taken_on(client: TestClient, name: str = "Priya") -> None:
    """Make a plan for somebody and take its first step on for today."""
    person = client.post("/api/people", json={"name": name}).json()
    plan = client.post("/api/plans", json={"person_id": person["id"]}).json()
    step = plan["steps"][0]["id"]
    assert client.post(f"/steps/{step}/take", data={"due": "2024-05-06"}, headers=FORM).status_code < 400


def test_a_calendar_answers_while_the_journal_is_locked_and_holds_no_name(group: Site, first: str) -> None:
    zoe, _ = group.join(first, "zoe")
    group.send(zoe, "/calendar", feed="new")
    found = re.search(r'id="feed">[^<]*(/calendar/[^<]+\.ics)<', group.page(zoe, "/calendar"))
    assert found is not None
    taken_on(zoe)
    group.send(zoe, "/member/everywhere")
    answered = group.browser().get(found[1])
    assert answered.status_code == 200
    assert answered.headers["content-type"].startswith("text/calendar")
    assert answered.text.count("BEGIN:VEVENT") == 1
    assert "Priya" not in answered.text
    token = found[1].removeprefix("/calendar/").removesuffix(".ics")
    assert group.browser().get("/api/people", headers={"authorization": f"Bearer {token}"}).status_code == 401
    assert group.browser().get(f"/calendar/{token[:-1]}x.ics").status_code == 404
    again = group.sign_in("zoe")
    group.send(again, "/calendar", feed="off")
    assert group.browser().get(found[1]).status_code == 404


def test_a_new_address_ends_the_old_one(group: Site, first: str) -> None:
    zoe, _ = group.join(first, "zoe")
    addresses = []
    for _ in range(2):
        group.send(zoe, "/calendar", feed="new")
        found = re.search(r'id="feed">[^<]*(/calendar/[^<]+\.ics)<', group.page(zoe, "/calendar"))
        assert found is not None
        addresses.append(found[1])
    assert [group.browser().get(each).status_code for each in addresses] == [404, 200]


def test_a_chat_program_talks_as_its_member_and_sees_nobody_else(group: Site, first: str) -> None:
    zoe, _ = group.join(first, "zoe")
    yuri, _ = group.join(group.invite(zoe), "yuri")
    tokens = []
    for client in (zoe, yuri):
        shown = client.post("/member/programs", data={"kind": "chat", "label": "laptop"}, headers=FORM).text
        found = re.search(r'id="token">([^<]+)<', shown)
        assert found is not None
        tokens.append({"authorization": f"Bearer {found[1]}"})
    said = {"model": "coach", "messages": [{"role": "user", "content": "Priya has gone quiet on me."}]}
    answered = group.browser().post("/v1/chat/completions", json=said, headers=tokens[0])
    assert answered.status_code == 200
    assert answered.json()["choices"][0]["message"]["content"]
    assert [each["said"] for each in zoe.get("/api/export").json()["turns"]] == ["Priya has gone quiet on me."]
    assert yuri.get("/api/export").json()["turns"] == []
    assert zoe.get("/v1/models").status_code == 401, "a browser's session is for pages"
    refused = group.browser().get("/v1/models", headers={"authorization": "Bearer x"}).json()
    assert refused["error"]["type"] == "authentication_error"
    group.send(zoe, "/member/everywhere")
    assert group.browser().get("/v1/models", headers=tokens[0]).status_code == 401


def test_the_language_model_of_a_group_is_nobody_s_to_settle_on_a_page(group: Site, first: str) -> None:
    zoe, _ = group.join(first, "zoe")
    inside = {"address": "http://127.0.0.1:9/v1", "name": "x"}
    for do in ("use", "try", "exam", "level", "forget"):
        answered = zoe.post("/settings/language-model", data={"do": do, **inside}, headers=FORM)
        assert answered.status_code == 400, do
    for wanted in ({"level": "off"}, {"language_model": inside}, {"language_model": None}):
        assert zoe.put("/api/settings", json=wanted).status_code == 400, wanted
    assert zoe.put("/api/settings", json={}).status_code == 200
    assert zoe.get("/settings/language-model", headers=FORM).status_code == 200


def test_a_file_that_was_chosen_at_one_worker_is_looked_at_and_taken_at_another(tmp_path: Path) -> None:
    card = b"BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Rosa Lang\r\nEND:VCARD\r\n"
    with site(tmp_path) as one, site(tmp_path) as two:
        portal = one.browser().portal
        assert portal is not None
        zoe, _ = one.join(f"/join/{portal.call(one.app.state.parts.members.roster.first)}", "zoe")
        yuri, _ = one.join(one.invite(zoe), "yuri")
        there = two.browser()
        there.cookies.update(zoe.cookies)
        chosen = zoe.post("/import", files={"file": ("a.vcf", card)}, headers=FORM, follow_redirects=False)
        address = chosen.headers["location"]
        while "This page looks again" in (ready := one.page(there, address)):
            sleep(0.1)
        assert yuri.get(address, headers=FORM).status_code == 404
        assert there.get("/import/another", headers=FORM).status_code == 404
        shown = re.findall(r'name="shown" value="([^"]+)"', ready)
        assert one.send(there, address, shown=shown[0], tick=shown[0]) == address
        while "This page looks again" in (done := one.page(zoe, address)):
            sleep(0.1)
        assert "1 person is new" in " ".join(done.split())
        assert one.send(zoe, address, shown=shown[0], tick=shown[0]) == address
        assert [each["name"] for each in there.get("/api/people").json()["people"]] == ["Rosa Lang"]
        assert one.send(there, f"{address}/drop") == "/import"
        assert zoe.get(address, headers=FORM).status_code == 404
