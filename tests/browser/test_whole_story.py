"""The whole coach as a new user meets it: ``coach serve`` on an empty folder, the story in the page, kill -9, and anew.

Nothing here is scripted: the real journal, the real cards and the real brain, in a process of their own.
"""

from __future__ import annotations

import re
import signal
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest
from playwright.sync_api import Browser, expect

from browser.test_ask_page import planned
from browser.test_ask_page import question as on_the_card
from browser.test_sessions_page import answer, question
from coach.door import Token
from running import STOP_S, bearer, running

pytestmark = [pytest.mark.browser, pytest.mark.slow]

STORY = (
    "After our first project meeting I sent round the actions and asked everyone to agree. Two people never replied. "
    "Maya told me at the water cooler she just forgot, fine. Tom never said a word, so in the next meeting I said his "
    "was the only approval missing. He went quiet and now barely looks at me. I need his help next month."
)
SAID = "I said his was the only approval missing, in front of everyone."


def test_a_story_becomes_moments_and_a_plan_and_a_session_that_outlive_a_kill(
    chromium: Browser, tmp_path: Path
) -> None:
    with running(tmp_path) as (address, process):
        page = chromium.new_page()
        page.goto(Token(tmp_path).link(address))
        page.get_by_label("What happened, in your own words").fill(STORY)
        page.get_by_role("button", name="Send").click()
        card = page.locator("form.askcard")
        card.wait_for()
        page.locator("#stop").wait_for(state="hidden")
        on_the_card(card, "Who is it about?").get_by_role("radio", name="Tom").click()
        happened = on_the_card(card, "What happened?")
        lines = happened.locator("[data-lines]")
        lines.get_by_role("checkbox", name="I corrected or blamed them before others").click()
        cool = happened.locator("details.group", has_text="It is cool, quiet or tense between us")
        cool.locator("summary").click()
        cool.get_by_role("checkbox", name="They have gone cool towards me").click()
        on_the_card(card, "What would you like?").get_by_role("radio", name="Put it right").click()
        card.get_by_role("button", name="Make the plan").click()
        planned(page)
        page.locator("#stop").wait_for(state="hidden")
        proposals = page.locator(".proposal")
        expect(proposals).to_have_count(2)
        for left, landed in ((1, "harmed"), (0, "indifferent")):
            proposals.first.get_by_role("radio", name=landed).first.click()
            proposals.first.get_by_role("button", name="Meeting").click()
            expect(proposals).to_have_count(left)
        page.goto(f"{address}/sessions")
        page.locator("#own_bad_moment button").first.click()
        page.wait_for_url(re.compile(r"/sessions/[^?]+$"))
        answer(page, SAID)
        asked, session = question(page), urlsplit(page.url).path
        page.close()
        process.send_signal(signal.SIGKILL)
        process.wait()
    with running(tmp_path) as (address, process):
        with httpx.Client(base_url=address, verify=False, headers=bearer(tmp_path)) as client:
            _moments_and_plan_are_there(client)
        page = chromium.new_page()
        page.goto(Token(tmp_path).link(address))
        page.goto(f"{address}/sessions")
        page.get_by_role("link", name="Go on").click()
        page.wait_for_url(f"{address}{session}#now")
        assert question(page) == asked
        expect(page.locator("#turns .said").last).to_have_text(SAID)
        answer(page, "I want Tom to know that I should have asked him first.")
        assert question(page) != asked
        page.close()
        process.send_signal(signal.SIGTERM)
        out, err = process.communicate(timeout=STOP_S)
    assert process.returncode == -signal.SIGTERM  # told to stop, it stopped by itself
    assert "Tom" not in out + err
    assert "Traceback" not in err


def _moments_and_plan_are_there(asked: httpx.Client) -> None:
    people = asked.get("/api/people").json()["people"]
    tom = next(person for person in people if person["name"] == "Tom")
    moments = asked.get("/api/moments", params={"person_id": tom["id"]}).json()["moments"]
    assert sorted((moment["by"], moment["landed"]) for moment in moments) == [("me", "harmed"), ("them", "indifferent")]
    plan: dict[str, Any] = asked.get("/api/plans").json()["plans"][0]
    cited = {citation["principle"] for citation in plan["citations"]}
    assert {"reach-out-directly-not-publicly", "apology-parts"} <= cited
    assert plan["steps"][0]["minutes"] <= 10
    assert "sorry" in plan["steps"][0]["action"]
    seen = [each["text"] for each in plan["seen"]]
    assert seen == ["I corrected or blamed Tom before others", "Tom has gone cool towards me"]  # what was tapped, alone
    assert any("coolness" in guess["text"] for guess in plan["guessed"])
    for citation in plan["citations"]:
        card = asked.get(f"/api/principles/{citation['principle']}").json()
        assert citation["quote"] in " ".join((card["statement"], card["body"]))
