"""Behind a proxy: its word counts where it is named, the public name is answered, links lead to the public address."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from coach.errors import BadInput
from coach.settings import read
from coach.web.proxies import Trusted
from fakes import fake_parts
from serving import BEARER, COOKIES, TOKEN, app_of

PUBLIC = "https://coach.example.org"
TOLD = {"X-Forwarded-Proto": "https", "X-Forwarded-Host": "coach.example.org", "X-Forwarded-For": "203.0.113.7"}
HOST = {"Host": "coach.example.org"}
PAGE = {"Accept": "text/html"}


@contextmanager
def behind(
    folder: Path, peer: str = "10.0.0.2", cookies: dict[str, str] | None = None, **settings: Any
) -> Iterator[TestClient]:
    """A client that reaches the coach from the address ``peer``, as a proxy would."""
    with (
        app_of(lambda: fake_parts(folder, **settings)) as app,
        TestClient(app, base_url="http://127.0.0.1:8000", client=(peer, 50_000), cookies=cookies) as it,
    ):
        yield it


def test_the_public_name_is_answered_and_no_other(tmp_path: Path) -> None:
    with behind(tmp_path, public_url=PUBLIC) as client:
        assert client.get("/api/people", headers={**HOST, **BEARER}).status_code == 200
        assert client.get("/api/people", headers={"Host": "COACH.example.org:443", **BEARER}).status_code == 200
        for other in ("example.org", "evil.example", "coach.example.org.evil.example", "192.168.1.4"):
            assert client.get("/api/people", headers={"Host": other, **BEARER}).status_code == 403


def test_a_coach_that_listens_for_others_answers_to_addresses_by_number_and_to_no_name(tmp_path: Path) -> None:
    with behind(tmp_path, host="0.0.0.0") as client:
        assert client.get("/api/people", headers={"Host": "192.168.1.4:8000", **BEARER}).status_code == 200
        assert client.get("/api/people", headers={"Host": "evil.example", **BEARER}).status_code == 403
        assert client.get("/api/people", headers={"Host": "192.168.1.4:8000"}).status_code == 401


def test_under_the_public_name_cookies_are_for_tls_alone(tmp_path: Path) -> None:
    with behind(tmp_path, public_url=PUBLIC) as client:
        public = client.get(f"/?token={TOKEN}", headers={**HOST, **PAGE}, follow_redirects=False)
        local = client.get(f"/?token={TOKEN}", headers=PAGE, follow_redirects=False)
    assert ("Secure" in public.headers["set-cookie"], "Secure" in local.headers["set-cookie"]) == (True, False)


@pytest.mark.parametrize(
    ("named", "peer", "counts"),
    [
        ("10.0.0.2", "10.0.0.2", True),
        ("10.0.0.0/24, ::1", "10.0.0.2", True),
        ("localhost", "127.0.0.1", True),
        ("10.0.0.2", "::ffff:10.0.0.2", True),
        ("10.0.0.3", "10.0.0.2", False),
        ("no-such-host.invalid", "10.0.0.2", False),
        ("", "127.0.0.1", False),
    ],
)
def test_only_the_word_of_a_named_proxy_counts(tmp_path: Path, named: str, peer: str, counts: bool) -> None:
    with behind(tmp_path, peer, trusted_proxies=named, public_url=PUBLIC) as client:
        told = {**TOLD, "X-Forwarded-Host": "127.0.0.1"}  # a name that is answered, without the public one's scheme
        answer = client.get(f"/?token={TOKEN}", headers={**PAGE, **told}, follow_redirects=False)
        foreign = client.get("/healthz", headers={"X-Forwarded-Host": "evil.example"})
    assert ("Secure" in answer.headers["set-cookie"]) is counts
    assert foreign.status_code == (403 if counts else 200)


def test_the_name_a_proxy_was_asked_by_is_the_one_that_is_looked_at(tmp_path: Path) -> None:
    inner = {"Host": "inner:8000", **TOLD, **BEARER}
    with behind(tmp_path, trusted_proxies="10.0.0.2", public_url=PUBLIC) as client:
        assert client.get("/api/people", headers=inner).status_code == 200
    with behind(tmp_path, trusted_proxies="10.0.0.9", public_url=PUBLIC) as client:
        assert client.get("/api/people", headers=inner).status_code == 403


def test_wrong_tokens_count_against_who_sent_them_and_not_the_proxy(tmp_path: Path) -> None:
    wrong = {"Authorization": "Bearer x", **HOST, **TOLD, "X-Forwarded-For": "203.0.113.7, 10.0.0.3"}
    with behind(tmp_path, trusted_proxies="10.0.0.0/24", public_url=PUBLIC) as client:
        for _ in range(10):
            assert client.get("/api/people", headers=wrong).status_code == 401
        tries = client.app.state.tries  # type: ignore[attr-defined]
        found = [tries.too_many({"client": (each, 1)}) for each in ("203.0.113.7", "203.0.113.8", "10.0.0.2")]
    assert found == [True, False, False]


@pytest.mark.parametrize(
    ("origin", "status"), [(PUBLIC, 200), ("https://evil.example", 403), ("http://127.0.0.1:9", 403), ("null", 403)]
)
def test_forms_of_the_public_page_write_even_where_the_proxy_changes_the_host(
    tmp_path: Path, origin: str, status: int
) -> None:
    with behind(tmp_path, public_url=PUBLIC, cookies=COOKIES) as client:
        sent = client.post("/people", data={"name": "Tom"}, headers={"Origin": origin})
    assert sent.status_code == status


def test_the_calendars_address_is_the_public_one(tmp_path: Path) -> None:
    with behind(tmp_path, public_url=f"{PUBLIC}/", cookies=COOKIES) as client:
        page = client.post("/calendar", data={"feed": "new"}, headers={"Origin": PUBLIC, **PAGE}).text
    assert re.search(rf"{PUBLIC}/calendar/[\w-]+\.ics", page)


@pytest.mark.parametrize("given", ["*", "0.0.0.0/0", "::/0", "10.0.0.300", "a b", "https://proxy", "proxy:80"])
def test_what_names_no_proxy_is_refused(given: str) -> None:
    with pytest.raises(BadInput, match="COACH_TRUSTED_PROXIES"):
        read({"COACH_TRUSTED_PROXIES": given})


async def test_something_that_is_no_address_is_no_proxy() -> None:
    trusted = Trusted(["localhost", "10.0.0.0/8"])
    assert [await trusted.has(each) for each in ("127.0.0.1", "10.1.2.3", "", "testclient", "unix:")] == [
        True, True, False, False, False,
    ]  # fmt: skip
