"""Who reaches what: every route of the API and of the pages, asked by everyone who could ask."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.routing import APIRoute
from starlette.testclient import TestClient

from test_members_pages import FORM, Site, site

OPEN = {
    "/healthz", "/readyz", "/manifest.webmanifest", "/sw.js", "/offline", "/door",
    "/signin", "/signout", "/recover", "/join/{token}", "/passkey", "/passkey/begin",
}  # fmt: skip
"""What everybody may have; a calendar has a token of its own, and a single sign-on is not set here."""

_IDS = re.compile(r"\{[^}]+\}")


@pytest.fixture
def group(tmp_path: Path) -> Iterator[Site]:
    with site(tmp_path, mcp=True) as made:
        yield made


def routes(group: Site) -> list[tuple[str, str, str]]:
    """Every route: method, path as it is declared, and one address of it."""
    found = []
    for route in group.app.routes:
        if isinstance(route, APIRoute):
            found += [(each, route.path, _IDS.sub("none", route.path)) for each in sorted(route.methods)]
    return found


def ask(client: TestClient, method: str, path: str, **headers: str) -> int:
    sent = {**FORM, "accept": "application/json", "x-part": "1", **headers}
    return client.request(method, path, headers=sent, follow_redirects=False).status_code


def first(group: Site) -> tuple[TestClient, str]:
    portal = group.browser().portal
    assert portal is not None
    return group.join(f"/join/{portal.call(group.app.state.parts.members.roster.first)}", "zoe")


def token_of(client: TestClient, kind: str) -> str:
    shown = client.post("/member/programs", data={"kind": kind, "label": "x"}, headers=FORM).text
    found = re.search(r'id="token">([^<]+)<', shown)
    assert found is not None
    return found[1]


def test_only_what_is_written_here_answers_somebody_unknown(group: Site) -> None:
    first(group)
    stranger = group.browser()
    reached = {path for method, path, address in routes(group) if ask(stranger, method, address) not in {401, 403}}
    assert reached - OPEN - {"/calendar/{token}.ics"} == set()
    assert len(routes(group)) > 120


@pytest.mark.parametrize(("kind", "reach"), [("chat", "/v1/"), ("mcp", "/mcp")])
def test_a_program_s_token_reaches_what_it_is_for_and_nothing_else(group: Site, kind: str, reach: str) -> None:
    zoe, _ = first(group)
    bearer = f"Bearer {token_of(zoe, kind)}"
    program = group.browser()
    reached = set()
    for method, path, address in routes(group):
        if ask(program, method, address, authorization=bearer) not in {401, 403}:
            reached.add(path)
    assert {path for path in reached - OPEN if not path.startswith(reach)} - {"/calendar/{token}.ics"} == set()
    other = {"chat": "/mcp", "mcp": "/v1/models"}[kind]
    assert ask(program, "GET", other, authorization=bearer) == 403


def test_a_session_s_token_as_a_bearer_and_a_program_s_as_a_cookie_reach_nothing(group: Site) -> None:
    zoe, _ = first(group)
    session, chat = zoe.cookies["coach"], token_of(zoe, "chat")
    by_bearer, by_cookie = group.browser(), group.browser()
    by_cookie.cookies.set("coach", chat)
    for method, path, address in routes(group):
        if path in OPEN or path == "/calendar/{token}.ics":
            continue
        assert ask(by_bearer, method, address, authorization=f"Bearer {session}") in {401, 403}, path
        assert ask(by_cookie, method, address) in {401, 403}, path


def test_a_locked_session_reaches_nothing_of_the_journal(group: Site) -> None:
    zoe, _ = first(group)
    group.send(zoe, "/lock")
    reached = {path for method, path, address in routes(group) if ask(zoe, method, address) not in {401, 403, 423}}
    assert reached - OPEN - {"/calendar/{token}.ics"} == set()


def test_a_guessed_id_of_somebody_else_s_is_nobody_s(group: Site) -> None:
    zoe, _ = first(group)
    yuri, _ = group.join(group.invite(zoe), "yuri")
    person = zoe.post("/api/people", json={"name": "Priya"}).json()["id"]
    plan = zoe.post("/api/plans", json={"person_id": person}).json()
    ids = {"person_id": person, "plan_id": plan["id"], "step_id": plan["steps"][0]["id"]}
    asked = 0
    for method, path, _ in routes(group):
        named = set(re.findall(r"\{(\w+)\}", path))
        if named and named <= ids.keys():
            address = _IDS.sub(lambda hit: ids[hit[0][1:-1]], path)
            status = ask(yuri, method, address)
            assert status in {400, 404, 409, 415, 422}, (method, path, status)
            asked += 1
    assert asked > 15
    assert "Priya" in zoe.get("/api/people").text


@pytest.mark.slow
def test_without_members_nothing_of_them_is_imported() -> None:
    code = (
        "import sys, coach.app, coach.cli, coach.cli.startup, coach.web.factory; "
        "found = [it for it in sys.modules if it.split('.')[0] in {'mcp', 'authlib', 'joserfc', 'webauthn'} "
        "or it.startswith(('coach.members', 'coach.web.membership', 'coach.web.porter', 'coach.web.programs', "
        "'coach.group'))]; print(found)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
