"""Messages in a real browser: marked while somebody types, put otherwise, from a plan, sent and noted."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Browser, Page, expect

import fakes
from browser.accessibility import accessible, unfold
from browsers import DRIVEN
from coach.app import build, new_id, now
from coach.settings import Settings
from coach.web import Parts
from evals.scripted import scripted_server
from fakes import FakeLibrary
from serving import BEARER, serving
from test_reviewing import TEXT, reads

pytestmark = pytest.mark.browser
Open = Callable[..., Page]


def test_a_message_is_marked_mended_and_noted_once_it_was_sent(open_page: Open) -> None:
    page = open_page("/messages", width=360)
    box = page.get_by_label("The message")
    page.get_by_label("To", exact=True).fill("Tom")
    page.get_by_text("An apology").click()
    box.focus()
    page.keyboard.type("🙂 I am sorry if you felt left out on Monday.")
    expect(page.locator(".marks mark")).to_have_text("sorry if")
    warning = page.locator(".warnings li")
    expect(warning).to_contain_text("If puts the harm in doubt.")
    expect(page.get_by_role("status")).to_contain_text("1 place may land badly")
    expect(page.locator("#better")).to_be_visible()  # an apology, by chat
    accessible(page)
    warning.get_by_role("button", name="Use this").click()
    expect(box).to_have_value("🙂 I am sorry that you felt left out on Monday.")
    expect(page.locator("#looked")).to_be_hidden()
    page.keyboard.press("Control+z")
    expect(box).to_have_value("🙂 I am sorry if you felt left out on Monday.")
    page.keyboard.press("Control+Shift+z")
    page.get_by_label("How", exact=True).select_option("in_person")
    expect(page.locator("#better")).to_be_hidden()
    expect(page.get_by_role("link", name="Open in mail")).to_have_attribute("href", re.compile("body=.*left%20out"))
    page.get_by_role("button", name="Not known yet").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("A message you sent")
    accessible(page)
    page.goto(re.sub("/messages/.*", "/messages", page.url))
    expect(page.get_by_role("heading", name="Sent, and not known how it landed")).to_be_visible()
    accessible(page)
    page.get_by_role("link", name="To Tom").click()
    page.get_by_role("button", name="helped").click()
    expect(page.get_by_role("status")).to_contain_text("noted as a moment with Tom")
    [moment] = page.evaluate("fetch('/api/moments').then((it) => it.json())")["moments"]
    assert (moment["by"], moment["channel"], moment["landed"]) == ("me", "in_person", "helped")
    assert moment["what"] == "I wrote: “🙂 I am sorry that you felt left out on Monday.”"


@pytest.mark.slow
def test_the_message_that_goes_with_a_plan_becomes_ones_own(open_page: Open) -> None:
    page = open_page()
    page.get_by_label("What happened, in your own words").fill(fakes.STORY)
    page.keyboard.press("Control+Enter")
    page.locator("summary", has_text="A message to start from").click()
    expect(page.locator(".draft .blank").first).to_be_visible()
    page.get_by_role("button", name="As an email").click()
    box = page.get_by_label("The message")
    expect(box).to_have_value(re.compile(r"^Hi Tom,\n\n.*\[how you sign off\]$", re.DOTALL))
    expect(page.locator("#share")).to_contain_text("About 100 %")
    expect(page.locator("#blanks")).to_contain_text("only you can fill")
    accessible(page)
    whole = len(box.input_value())
    page.get_by_role("button", name="Shorter").click()
    expect(page.locator("#told")).to_contain_text("Changed.")
    assert len(box.input_value()) < whole
    box.fill("Tom, Monday was my doing, and I should have asked you first. Coffee tomorrow?")
    expect(page.locator("#share")).not_to_contain_text("About 100 %")
    page.wait_for_timeout(400)  # what is written is kept as it is written
    page.reload()
    expect(box).to_have_value(re.compile("^Tom, Monday was my doing"))
    page.get_by_label("To", exact=True).fill("Tom")
    page.get_by_role("button", name="indifferent").click()
    expect(page.get_by_role("status")).to_contain_text("noted as a moment with Tom")
    page.get_by_role("button", name="Erase this message").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("A message")


def test_without_script(open_page: Open) -> None:
    page = open_page("/messages", java_script_enabled=False)
    page.get_by_label("The message").fill("I am sorry if you felt left out.")
    page.get_by_role("button", name="Look it over").click()
    expect(page.locator("mark")).to_have_text("sorry if")
    page.get_by_role("button", name="Use this").click()
    expect(page.get_by_label("The message")).to_have_value("I am sorry that you felt left out.")
    page.get_by_label("To", exact=True).fill("Tom")
    page.get_by_role("button", name="Keep for later").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("A message")
    page.get_by_label("To", exact=True).fill("Tom")
    page.get_by_role("button", name="helped").click()
    expect(page.get_by_role("status")).to_contain_text("noted as a moment with Tom")
    unfold(page)


@pytest.mark.slow
def test_a_language_model_looks_when_asked_and_what_it_found_stays_while_its_words_stand(
    chromium: Browser, tmp_path: Path
) -> None:
    import langchain_openai  # noqa: F401 - takes longer on a busy machine than looking a message over may

    with scripted_server() as server:
        server.always = reads
        settings = Settings(data=tmp_path, llm_base_url=server.url, llm_model="scripted", llm_level="plans")

        async def made() -> Parts:
            return await build(settings, clock=now, new_id=new_id, knowledge=FakeLibrary())

        with serving(made) as address:
            for _ in range(6):  # the first calls may be late on a busy machine
                if (
                    "mind_reading"
                    in httpx.post(f"{address}/api/messages/lint", json={"text": TEXT}, headers=BEARER, timeout=30).text
                ):
                    break
            page = DRIVEN.page(height=900)
            page.goto(f"{address}/messages")
            box = page.get_by_label("The message")
            box.fill(TEXT)
            warnings = page.locator(".warnings li")
            expect(warnings).to_have_count(1)
            page.get_by_role("button", name="Look it over").last.click()
            expect(warnings).to_have_count(2)
            expect(warnings.first).to_contain_text("so that Anna would be pleased")
            expect(warnings.first).to_contain_text("and I do not know why")
            accessible(page)
            warnings.last.get_by_role("button", name="Use this").click()
            expect(warnings).to_have_count(1)
            expect(warnings).to_contain_text("so that Anna would be pleased")
            warnings.get_by_role("button", name="Use this").click()
            expect(page.locator("#looked")).to_be_hidden()
            expect(box).to_have_value(re.compile("off the list again, and I do not know why. As I wrote on"))
            page.close()
