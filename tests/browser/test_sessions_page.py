"""Sessions in a real browser: whole by keyboard, for axe-core, and without script. After a kill: test_whole_story."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect

from browser.accessibility import accessible, fits, unfold
from browser.sites import site_in
from sample_team import fill_team
from test_session_pages import ANSWERS

pytestmark = pytest.mark.browser
Open = Callable[..., Page]
PATIENCE_MS = 20_000
"""A busy machine is no fault."""


@pytest.fixture
def site(tmp_path: Path) -> Any:
    """A coach whose user leads a team of eight."""
    with site_in(tmp_path, fill_team) as it:
        yield it


def answer(page: Page, text: str) -> None:
    """Type an answer and wait until the coach has said the next thing."""
    before = page.locator("#turns .turn").count()
    expect(page.locator("#answer")).to_be_focused(timeout=PATIENCE_MS)
    page.keyboard.type(text)
    page.keyboard.press("Enter")
    expect(page.locator("#turns .turn")).to_have_count(before + 1, timeout=PATIENCE_MS)
    reply = page.locator("#turns .turn").last.locator(".reply")
    expect(reply).not_to_have_attribute("aria-busy", "true", timeout=PATIENCE_MS)


def question(page: Page) -> str:
    """The question that waits: the last line of what the coach said last."""
    return page.locator("#turns .reply").last.inner_text().strip().splitlines()[-1]


@pytest.mark.slow
def test_a_whole_session_by_keyboard(open_page: Open) -> None:
    page = open_page("/today", width=360)
    page.get_by_role("link", name="Begin it").focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/sessions?kind=weekly_review")
    unfold(page)
    accessible(page)
    fits(page)
    page.locator("#weekly_review button").focus()
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/sessions/[^?]+$"))
    expect(page.locator(".phases [aria-current]")).to_have_text("Arrive")
    for n, text in enumerate(ANSWERS):
        if text == "keep":
            expect(page.get_by_role("button", name="Keep", exact=True)).to_be_focused(timeout=PATIENCE_MS)
            accessible(page)
            fits(page)
            with page.expect_navigation():
                page.keyboard.press("Enter")
            continue
        answer(page, text)
        if not page.locator("#answer").count():
            break
        expect(page.locator("#now")).to_be_in_viewport()
        if n == 1:
            for width in (1280, 360):
                page.set_viewport_size({"width": width, "height": 800})
                accessible(page)
                fits(page)
    expect(page.get_by_role("heading", name="On your list")).to_be_focused()
    unfold(page)
    accessible(page)
    page.get_by_role("link", name="The summary").focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/summary")
    unfold(page)
    accessible(page)
    fits(page)
    page.emulate_media(media="print")
    assert re.findall(rb"/Type\s*/Page\b", page.pdf(prefer_css_page_size=True)) == [b"/Type /Page"]
    with page.expect_download() as download:
        page.emulate_media(media="screen")
        page.get_by_role("link", name="Download as Markdown").click()
    assert "ring Chiara" in Path(download.value.path()).read_text(encoding="utf-8")


@pytest.mark.slow
def test_skip_back_and_pause_by_keyboard_and_without_script(open_page: Open) -> None:
    for script in (True, False):
        page = open_page("/sessions", java_script_enabled=script)
        page.locator("#remote_team button").click()
        page.wait_for_url(re.compile(r"/sessions/[^?]+$"))
        first = question(page)
        for name in ("Skip", "Back", "Later"):
            page.get_by_role("button", name=name, exact=True).focus()
            with page.expect_navigation():
                page.keyboard.press("Enter")
            if name == "Skip":
                expect(page.locator("#turns .turn")).to_have_count(2)
                assert question(page) != first
        expect(page.get_by_role("heading", name="This session rests")).to_be_visible()
        page.get_by_role("button", name="Go on").click()
        page.locator("#answer").fill("They hear of changes last.")
        page.get_by_role("button", name="Send").click()
        expect(page.locator("#turns .said").last).to_have_text("They hear of changes last.")


def test_what_is_typed_while_the_reply_comes_in_stays_in_the_box(open_page: Open) -> None:
    page = open_page("/sessions")
    page.locator("#weekly_review button").click()
    page.wait_for_url(re.compile(r"/sessions/[^?]+$"))
    held: list[Route] = []
    page.route("**/stream", lambda route: held.append(route), times=1)
    page.locator("#answer").fill(ANSWERS[0])
    page.keyboard.press("Enter")
    expect(page.locator("#turns .status").last).to_have_text("Reading your answer")
    page.locator("#answer").fill(ANSWERS[1])
    page.keyboard.press("Enter")
    held[0].continue_()
    expect(page.locator("#stop")).to_be_hidden(timeout=PATIENCE_MS)
    expect(page.locator("#turns .said")).to_have_text([ANSWERS[0]])
    expect(page.locator("#answer")).to_have_value(ANSWERS[1])
    expect(page.locator("#answer")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#turns .said")).to_have_text([ANSWERS[0], ANSWERS[1]], timeout=PATIENCE_MS)


def test_an_answer_that_did_not_arrive_stands_in_the_box_again(open_page: Open) -> None:
    page = open_page("/sessions")
    page.locator("#weekly_review button").click()
    page.wait_for_url(re.compile(r"/sessions/[^?]+$"))
    page.route("**/stream", lambda route: route.abort())
    page.locator("#answer").fill(ANSWERS[0])
    page.keyboard.press("Enter")
    expect(page.locator(".problem")).to_contain_text("cannot be reached")
    page.unroute("**/stream")
    page.get_by_role("button", name="Try again").click()
    expect(page.locator("#answer")).to_have_value(ANSWERS[0])
    page.keyboard.press("Enter")
    expect(page.locator("#turns .turn")).to_have_count(2)
    expect(page.locator(".problem")).to_have_count(0)
