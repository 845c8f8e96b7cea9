"""Changes of one thing at the same time: none is lost, and two who want different things are shown both."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import date
from html import unescape
from pathlib import Path

import httpx
import pytest
import pytest_asyncio
from starlette.testclient import TestClient

import fakes
from coach.domain.changes import rebased
from coach.domain.moments import By
from coach.domain.people import Celebration, Person, Promise
from coach.domain.plans import RepairPlan
from coach.domain.preferences import MINE, Preferences
from coach.domain.sessions import Session
from coach.errors import BadInput, Conflict
from coach.journal import SqlJournal
from coach.web.factory import create_app
from sample_journal import NOW, fill, person, session
from serving import BEARER, FILE, TOKEN


@pytest_asyncio.fixture
async def two(database_url: str, tmp_path: Path) -> AsyncIterator[tuple[SqlJournal, SqlJournal]]:
    """One journal, filled, opened by two programs."""
    first, second = await SqlJournal.open(database_url, tmp_path), await SqlJournal.open(database_url, tmp_path)
    await fill(first)
    yield first, second
    await first.close()
    await second.close()


def promise(n: int) -> Promise:
    return Promise(f"pr{n}", By.ME, f"thing {n}", NOW)


async def test_of_many_changes_at_once_from_two_programs_none_is_lost(two: tuple[SqlJournal, SqlJournal]) -> None:
    fields = ("role", "matters", "beyond", "plate", "ideal_days", "longest_days", "keep_months")
    changes = [lambda it, n=n: replace(it, promises=(*it.promises, promise(n))) for n in range(20)]
    changes += [lambda it, name=name: replace(it, **{name: 7 if "_" in name else "new"}) for name in fields]
    await asyncio.gather(*(two[n % 2].change("me", Person, "tom", how) for n, how in enumerate(changes)))
    tom = await two[0].person("me", "tom")
    assert {it.id for it in tom.promises} == {f"pr{n}" for n in range(20)}
    assert [getattr(tom, name) for name in fields] == ["new"] * 4 + [7] * 3


async def test_of_first_preferences_set_at_once_none_is_lost(two: tuple[SqlJournal, SqlJournal]) -> None:
    await asyncio.gather(
        two[0].change("you", Preferences, MINE, lambda it: replace(it, hour=14)),
        two[1].change("you", Preferences, MINE, lambda it: replace(it, names=True)),
    )
    kept = await two[0].preferences("you")
    assert (kept.hour, kept.names) == (14, True)


async def test_a_change_that_is_refused_leaves_all_as_it_was(two: tuple[SqlJournal, SqlJournal]) -> None:
    def refused(it: Person) -> Person:
        raise BadInput("no")

    before = await two[0].export("me")
    with pytest.raises(BadInput):
        await two[0].change("me", Person, "tom", refused)
    await two[0].change("me", Person, "tom", lambda it: it)
    assert await two[1].export("me") == before


async def test_a_changed_plan_has_its_new_steps(two: tuple[SqlJournal, SqlJournal]) -> None:
    changed = await two[0].change(
        "me", RepairPlan, "plan1", lambda it: replace(it, steps=(*it.steps, replace(it.steps[0], id="s9")))
    )
    assert (await two[1].plan_with("me", "s9")).steps == changed.steps


async def test_a_session_that_went_on_is_not_written_over(two: tuple[SqlJournal, SqlJournal]) -> None:
    before = await two[0].session("me", "ses1")
    await two[0].keep_session("me", replace(before, goal="calm"), before=before)
    with pytest.raises(Conflict, match="came first"):
        await two[1].keep_session("me", replace(before, goal="speed"), before=before)
    assert (await two[1].session("me", "ses1")).goal == "calm"
    assert await two[0].change("me", Session, "ses1", lambda it: it) == replace(session(), goal="calm")


def test_a_change_is_put_on_top_of_what_came_since() -> None:
    was = replace(person(), promises=(promise(1), promise(2)), celebrations=(Celebration("birthday", 3, 14),))
    mine = replace(was, role="head", promises=(replace(promise(1), due=date(2024, 6, 1)), promise(3)))
    since = replace(was, plate="the audit", promises=(promise(1), promise(2), promise(4)), celebrations=())
    kept = rebased(was, mine, since)
    assert (kept.role, kept.plate, kept.celebrations) == ("head", "the audit", ())
    assert [(it.id, it.due) for it in kept.promises] == [("pr1", date(2024, 6, 1)), ("pr4", None), ("pr3", None)]
    assert rebased(was, was, since) is since


@pytest.fixture
def browser(client: TestClient) -> TestClient:
    """A client that sends forms from the coach's own pages."""
    client.headers["Origin"] = str(client.base_url).rstrip("/")
    return client


async def test_promises_points_and_fields_sent_at_once_are_all_kept(tmp_path: Path) -> None:
    parts = await fakes.fake_parts(tmp_path)
    (tmp_path / FILE).write_text(TOKEN)
    app = create_app(parts)
    here = "http://127.0.0.1:8000"
    there = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=there, base_url=here, headers={**BEARER, "Origin": here}) as client:
        id_ = (await client.post("/api/people", json={"name": "Tom"})).json()["id"]
        page, api = f"/people/{id_}", f"/api/people/{id_}"
        sent = [client.post(f"{page}/promises", data={"by": "me", "what": f"thing {n}"}) for n in range(10)]
        sent += [client.post(f"{page}/points", data={"by": "me", "what": f"point {n}"}) for n in range(10)]
        sent += [client.post(f"{page}/days", data={"label": f"d{n}", "month": 3, "day": n + 1}) for n in range(5)]
        sent += [client.patch(api, json={name: "new"}) for name in ("role", "matters", "plate")]
        sent += [client.post(page, data={"name": "Tom", "beyond": "choir"})]
        assert {it.status_code for it in await asyncio.gather(*sent)} <= {200, 303}
        tom = (await client.get(api)).json()
    await parts.close()
    assert (len(tom["promises"]), len(tom["points"]), len(tom["celebrations"])) == (10, 10, 5)
    assert [tom[name] for name in ("role", "matters", "plate", "beyond")] == ["new", "new", "new", "choir"]


def test_a_change_of_what_is_no_longer_so_is_answered_with_both(browser: TestClient) -> None:
    id_ = browser.post("/api/people", json={"name": "Tom", "role": "approver"}).json()["id"]
    at = f"/api/people/{id_}"
    tag = browser.get(at).headers["etag"]
    first = browser.patch(at, json={"role": "head"}, headers={"If-Match": tag})
    assert first.headers["etag"] == browser.get(at).headers["etag"] != tag
    late = browser.patch(at, json={"role": "lead"}, headers={"If-Match": tag})
    assert late.status_code == 409
    assert late.json()["now"]["role"] == "head"
    assert late.json()["yours"] == {"role": "lead"}
    again = browser.patch(at, json={"role": "lead"}, headers={"If-Match": first.headers["etag"]})
    assert again.json()["role"] == "lead"


def seen(browser: TestClient, at: str) -> str:
    """What the form on a page says it showed."""
    found = re.search(r'name="was" value="([^"]*)"', browser.get(at).text)
    assert found is not None
    return unescape(found[1])


def test_a_form_changes_only_what_was_changed_in_it(browser: TestClient) -> None:
    at = (
        "/people/"
        + browser.post("/api/people", json={"name": "Tom", "role": "approver", "matters": "calm"}).json()["id"]
    )
    was = seen(browser, at)
    shown = json.loads(was)
    browser.patch(f"/api{at}", json={"matters": "quiet"})
    assert browser.post(at, data={**shown, "role": "", "plate": "audits", "was": was}).status_code == 200
    tom = browser.get(f"/api{at}").json()
    assert (tom["role"], tom["matters"], tom["plate"]) == (None, "quiet", "audits")


def test_a_form_that_met_another_change_shows_both_and_lets_the_user_choose(browser: TestClient) -> None:
    at = "/people/" + browser.post("/api/people", json={"name": "Tom", "role": "approver"}).json()["id"]
    was = seen(browser, at)
    browser.patch(f"/api{at}", json={"role": "head", "beyond": "choir"})
    sent = {**json.loads(was), "role": "<lead>", "matters": "calm", "was": was}
    page = browser.post(at, data=sent, headers={"Accept": "text/html"})
    assert page.status_code == 409
    assert "As it is now: head" in page.text
    assert "Yours: &lt;lead&gt;" in page.text
    assert browser.get(f"/api{at}").json()["role"] == "head"
    hidden = {name: unescape(it) for name, it in re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', page.text)}
    browser.post(at, data={**hidden, "role": "<lead>"})
    tom = browser.get(f"/api{at}").json()
    assert [tom[name] for name in ("role", "matters", "beyond")] == ["<lead>", "calm", "choir"]


def test_moments_titles_and_messages_meet_in_the_same_way(browser: TestClient) -> None:
    id_ = browser.post("/api/people", json={"name": "Tom"}).json()["id"]
    given = {"person_id": id_, "channel": "call", "by": "me", "what": "I rang him", "landed": "helped"}
    moment = "/moments/" + browser.post("/api/moments", json=given).json()["id"]
    draft = browser.post("/api/drafts", json={"text": "Thanks."}).json()["id"]
    was = seen(browser, moment)
    browser.patch(f"/api{moment}", json={"what": "I rang him twice"})
    met = browser.post(moment, data={**json.loads(was), "what": "I wrote", "was": was})
    assert met.status_code == 409
    assert browser.get(f"/api{moment}").json()["what"] == "I rang him twice"
    was = seen(browser, f"/messages/{draft}")
    browser.patch(f"/api/drafts/{draft}", json={"text": "Thanks a lot."})
    form = {"draft_id": draft, "do": "keep", "text": "Thank you.", "purpose": "other", "channel": "chat"}
    assert browser.post("/messages", data={**form, "was": was}).status_code == 409
    assert browser.get(f"/api/drafts/{draft}").json()["text"] == "Thanks a lot."


def test_a_day_is_taken_out_by_its_name_when_others_came_before_it(browser: TestClient) -> None:
    at = "/people/" + browser.post("/api/people", json={"name": "Tom"}).json()["id"]
    for label, month in (("birthday", 5), ("jubilee", 3)):
        browser.post(f"{at}/days", data={"label": label, "month": month, "day": 1})
    browser.post(f"{at}/days/0/forget", data={"label": "birthday"})  # it was the first when the page was loaded
    assert [it["label"] for it in browser.get(f"/api{at}").json()["celebrations"]] == ["jubilee"]
