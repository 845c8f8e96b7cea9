"""Single sign-on with a real provider on this machine: it says who somebody is, and opens no journal."""

from __future__ import annotations

import importlib
import re
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from html import unescape
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from starlette.testclient import TestClient

from certified_provider import certified
from groups import PASSWORD
from test_members_pages import BASE, FORM, Site, site

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # the provider for tests uses what its own library will drop
    mock = importlib.import_module("oidc_provider_mock")


pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")  # of that provider


@pytest.fixture(scope="module", params=["plain", "certified"])
def issuer(request: pytest.FixtureRequest) -> Iterator[str]:
    """The address of a provider that asks nobody for a password, with two people in it; on each kind."""
    if request.param == "certified":
        with certified(f"{BASE}/oidc/callback") as address:
            yield address
        return
    users = [mock.User(sub="z-1", claims={"groups": ["coach"], "email": "yuri@example.org"}),
             mock.User(sub="y-2", claims={"groups": ["other"], "email": "yuri@example.org"})]  # fmt: skip
    with mock.run_server_in_thread(user_claims=users) as server:
        yield f"http://localhost:{server.server_port}"


def given(folder: Path, issuer: str) -> dict[str, Any]:
    """The settings of a coach with that provider."""
    (folder / "secret").write_text("a secret that was agreed on\n")
    return {"oidc_issuer": issuer, "oidc_client": "coach", "oidc_secret_file": str(folder / "secret")}


@contextmanager
def signing_on(folder: Path, issuer: str, **settings: Any) -> Iterator[tuple[Site, TestClient]]:
    """A coach with that provider, and its first member."""
    with site(folder, **given(folder, issuer), **settings) as group:
        portal = group.browser().portal
        assert portal is not None
        link = f"/join/{portal.call(group.app.state.parts.members.roster.first)}"
        yield group, group.join(link, "zoe")[0]


def at_provider(address: str, subject: str) -> str:
    """Sign on there as somebody; return where the browser is sent back to, without the host."""
    with httpx.Client() as browser:
        asked = browser.get(address, follow_redirects=True)
        answered = browser.post(asked.url, data={"sub": subject})
        while not answered.headers["location"].startswith(BASE):
            answered = browser.get(answered.headers["location"])
    return str(answered.headers["location"].removeprefix(BASE))


def signed_on(client: TestClient, subject: str, start: str = "/oidc/start") -> httpx.Response:
    """Go through the whole of it; return the answer to the way back."""
    begun = client.get(start, headers=FORM, follow_redirects=False)
    assert begun.status_code == 303
    return client.get(at_provider(begun.headers["location"], subject), headers=FORM, follow_redirects=False)  # type: ignore[return-value]


def onward(client: TestClient) -> str:
    """Begin to connect a sign-on; return where the page sends the browser."""
    found = re.search(r'id="onward" href="([^"]+)"', client.post("/oidc/connect", headers=FORM).text)
    assert found is not None
    return unescape(found[1])


def connect(client: TestClient, subject: str = "z-1") -> None:
    sent = onward(client)
    back = client.get(at_provider(sent, subject), headers=FORM, follow_redirects=False)
    assert back.headers["location"] == "/member?done=connected"


def test_it_says_who_and_the_password_opens_once_a_device(tmp_path: Path, issuer: str) -> None:
    with signing_on(tmp_path, issuer) as (group, zoe):
        zoe.post("/api/people", json={"name": "Priya"})
        connect(zoe)
        laptop = group.browser()
        assert signed_on(laptop, "z-1").headers["location"].startswith("/signin")
        assert laptop.get("/api/people").status_code == 423
        shown = group.page(laptop, "/signin")
        assert "Only these words open your journal" in shown
        assert "Priya" not in shown
        assert group.send(laptop, "/signin", password=PASSWORD, device="yes") == "/"
        assert laptop.get("/api/people").json()["people"][0]["name"] == "Priya"
        group.send(laptop, "/signout")
        assert laptop.get("/api/people").status_code == 401, "the device alone opens nothing"
        assert signed_on(laptop, "z-1").headers["location"] == "/"
        assert laptop.get("/api/people").status_code == 200
        assert signed_on(group.browser(), "z-1").headers["location"].startswith("/signin"), "another device"
        assert "A remembered device" in group.page(laptop, "/member")


def test_a_device_counts_beside_the_sign_on_of_its_own_member_alone(tmp_path: Path, issuer: str) -> None:
    with signing_on(tmp_path, issuer) as (group, zoe):
        yuri, _ = group.join(group.invite(zoe), "yuri")
        connect(zoe)
        connect(yuri, "y-2")
        laptop = group.browser()
        signed_on(laptop, "z-1")
        group.send(laptop, "/signin", password=PASSWORD, device="yes")
        group.send(laptop, "/signout")
        assert signed_on(laptop, "y-2").headers["location"].startswith("/signin")
        assert laptop.get("/api/people").status_code == 423
        group.send(zoe, "/member/everywhere")
        group.send(laptop, "/signout")
        assert signed_on(laptop, "z-1").headers["location"].startswith("/signin"), "signed out everywhere"


def test_nobody_is_let_in_by_a_mail_address_or_uninvited(tmp_path: Path, issuer: str) -> None:
    with signing_on(tmp_path, issuer) as (group, zoe):
        group.join(group.invite(zoe), "yuri@example.org")
        refused = signed_on(group.browser(), "y-2")
        assert refused.status_code == 403
        assert "nobody has invited you" in refused.text


def test_a_group_that_is_asked_for_is_looked_at_wherever_the_provider_says_it(tmp_path: Path, issuer: str) -> None:
    with signing_on(tmp_path, issuer, oidc_group="coach") as (group, zoe):
        yuri, _ = group.join(group.invite(zoe), "yuri")
        sent = onward(yuri)
        back = yuri.get(at_provider(sent, "y-2"), headers=FORM, follow_redirects=False)
        assert back.status_code == 403
        assert "not in the group" in back.text
        connect(zoe)


def test_an_identity_belongs_to_one_member(tmp_path: Path, issuer: str) -> None:
    with signing_on(tmp_path, issuer) as (group, zoe):
        yuri, _ = group.join(group.invite(zoe), "yuri")
        connect(zoe)
        sent = onward(yuri)
        assert yuri.get(at_provider(sent, "z-1"), headers=FORM, follow_redirects=False).status_code == 400
        group.send(zoe, "/oidc/disconnect")
        assert signed_on(group.browser(), "z-1").status_code == 403


def test_a_way_back_that_is_forged_foreign_or_used_is_refused(tmp_path: Path, issuer: str) -> None:
    with signing_on(tmp_path, issuer) as (group, zoe):
        connect(zoe)
        client = group.browser()
        begun = client.get("/oidc/start", headers=FORM, follow_redirects=False).headers["location"]
        asked = parse_qs(urlsplit(begun).query)
        assert asked["code_challenge_method"] == ["S256"]
        assert asked["response_type"] == ["code"]
        assert asked["nonce"][0]
        back = at_provider(begun, "z-1")
        assert group.browser().get(back, headers=FORM).status_code == 403, "another browser's"
        forged = re.sub(r"state=[\w-]+", "state=x", back)
        assert client.get(forged, headers=FORM).status_code == 403
        assert client.get(back, headers=FORM, follow_redirects=False).status_code == 303
        assert client.get(back, headers=FORM, follow_redirects=False).status_code == 403, "twice"


def test_a_sign_on_that_was_begun_for_a_member_needs_their_open_journal(tmp_path: Path, issuer: str) -> None:
    with signing_on(tmp_path, issuer) as (group, zoe):
        sent = onward(zoe)
        group.send(zoe, "/lock")
        assert zoe.get(at_provider(sent, "z-1"), headers=FORM, follow_redirects=False).status_code == 403
        assert signed_on(group.browser(), "z-1").status_code == 403


def test_signing_in_here_can_be_switched_off(tmp_path: Path, issuer: str) -> None:
    with signing_on(tmp_path, issuer) as (group, zoe):
        connect(zoe)
    with site(tmp_path, **given(tmp_path, issuer), local_signin=False) as group:
        client = group.browser()
        assert 'name="password"' not in group.page(client, "/signin")
        refused = client.post("/signin", data={"login": "zoe", "password": PASSWORD}, headers=FORM)
        assert refused.status_code == 403
        assert "company first" in refused.text
        signed_on(client, "z-1")
        assert group.send(client, "/signin", password=PASSWORD) == "/"
        assert client.get("/api/people").status_code == 200


def test_where_it_is_switched_off_a_sign_on_lets_nobody_in_but_its_own_member(tmp_path: Path, issuer: str) -> None:
    with signing_on(tmp_path, issuer) as (group, zoe):
        connect(zoe)
        _, code = group.join(group.invite(zoe), "yuri")
    with site(tmp_path, **given(tmp_path, issuer), local_signin=False) as group:
        client = group.browser()
        signed_on(client, "z-1")
        yuri = {"login": "yuri", "password": PASSWORD}
        assert client.post("/recover", data={**yuri, "code": code}, headers=FORM).status_code == 403
        assert group.send(client, "/signin", **yuri) == "/"
        assert "zoe" in group.page(client, "/member"), "the password opens what it opens: hers"


def test_a_provider_that_is_away_or_somebody_else_is_told(tmp_path: Path) -> None:
    with signing_on(tmp_path, "http://localhost:9") as (group, _):
        answered = group.browser().get("/oidc/start", headers=FORM, follow_redirects=False)
        assert answered.status_code == 403
        assert "does not answer" in answered.text


def test_without_a_provider_there_is_no_such_address(tmp_path: Path) -> None:
    with site(tmp_path) as group:
        assert group.browser().get("/oidc/start", headers=FORM).status_code == 404
