"""Noting a moment in a real browser: in ten seconds, by keyboard, pasted, taken back, and while nobody answers."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from browser.accessibility import accessible, unfold

pytestmark = pytest.mark.browser
Open = Callable[..., Page]

HUMAN_MS = 200
"""Between two keys: sixty words of five letters a minute."""


def moments(page: Page) -> list[dict[str, Any]]:
    """What the journal holds."""
    found: list[dict[str, Any]] = page.evaluate(
        "fetch('/api/moments').then((it) => it.json()).then((it) => it.moments)"
    )
    return found


def until(page: Page, true: str) -> None:
    """Wait for an expression, which the page's own policy would not let Playwright poll inside of it."""
    for _ in range(100):
        if page.evaluate(true):
            return
        page.wait_for_timeout(50)
    raise AssertionError(true)


@pytest.mark.slow
def test_from_an_empty_start_to_a_confirmed_moment_in_ten_seconds(open_page: Open) -> None:
    page = open_page()
    began = time.monotonic()
    page.get_by_role("link", name="Journal").click()
    page.wait_for_url("**/journal")
    expect(page.locator("#note")).to_be_focused()
    page.keyboard.type("Tom thanked me", delay=HUMAN_MS)
    page.keyboard.press("Enter")
    expect(page.get_by_label("Who", exact=True)).to_be_focused()
    page.keyboard.type("Tom", delay=HUMAN_MS)
    page.get_by_text("They did", exact=True).click()
    page.locator(".record").get_by_text("helped").click()
    page.get_by_text("Meeting", exact=True).click()
    page.get_by_role("button", name="Keep").click()
    expect(page.locator(".kept")).to_contain_text("Kept with Tom")
    assert time.monotonic() - began <= 10
    [moment] = moments(page)
    assert (moment["by"], moment["channel"], moment["landed"]) == ("them", "meeting", "helped")


def test_by_keyboard_from_any_page_and_taken_back(open_page: Open) -> None:
    page = open_page("/principles")
    page.keyboard.press("n")
    page.wait_for_url("**/log")
    expect(page.locator("#note")).to_be_focused()
    page.keyboard.type("coffee with Ben")
    page.keyboard.press("Enter")
    expect(page.get_by_label("Who", exact=True)).to_be_focused()
    accessible(page)
    page.keyboard.type("Ben")
    for choice in ("I did", "helped", "In person"):
        page.keyboard.press("Tab")
        page.keyboard.press("Space")
        expect(page.get_by_role("radio", name=choice)).to_be_checked()
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Keep")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator(".kept")).to_be_focused()
    expect(page.locator(".kept")).to_contain_text("In person")
    expect(page.locator("#note")).to_have_value("")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Undo")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator(".record").get_by_label("What happened")).to_have_value("coffee with Ben")
    assert moments(page) == []
    assert page.evaluate("fetch('/api/people').then((it) => it.json())") == {"people": []}
    page.get_by_text("Change", exact=False).first.click()
    page.get_by_label("Who acted").select_option("me")
    page.get_by_label("Who", exact=True).fill("Ben Ortega")
    page.get_by_text("Video").click()
    page.get_by_role("button", name="Keep").click()
    expect(page.locator(".kept")).to_contain_text("Kept with Ben Ortega")
    assert [(each["by"], each["channel"]) for each in moments(page)] == [("me", "video")]


def test_a_pasted_thread_gives_its_moments(open_page: Open) -> None:
    page = open_page("/log", width=360)
    lines = ("Tom: Thanks so much for Friday, you saved us", "Bea: Can you send it?", "Tom: Then do what you want")
    page.locator("#note").fill("\n".join(lines))
    page.get_by_role("button", name="Read it").click()
    page.get_by_role("button", name="Bea").click()
    expect(page.get_by_role("button", name="Bea")).to_have_attribute("aria-pressed", "true")
    expect(page.locator(".record")).to_have_count(2)
    expect(page.locator("#records")).to_contain_text("1 more message left out")
    unfold(page)
    accessible(page)
    page.get_by_role("button", name="Keep").last.click()
    expect(page.locator(".kept")).to_contain_text("harmed")
    page.get_by_role("button", name="Leave out").click()
    expect(page.locator(".record")).to_have_count(0)
    assert [each["channel"] for each in moments(page)] == ["chat"]


@pytest.mark.slow
def test_without_script(open_page: Open) -> None:
    page = open_page("/log", java_script_enabled=False)
    page.locator("#note").fill("Tom thanked me")
    page.get_by_role("button", name="Read it").click()
    page.get_by_label("Who", exact=True).fill("Tom")
    page.get_by_text("They did", exact=True).click()
    page.locator(".record").get_by_text("helped").click()
    page.get_by_text("Call", exact=True).click()
    page.get_by_role("button", name="Keep").click()
    expect(page.get_by_role("status")).to_contain_text("Kept with Tom")
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_role("status")).to_contain_text("Taken back")


def test_what_is_written_while_nobody_answers_comes_in_later(open_page: Open) -> None:
    page = open_page("/log", service_workers="allow")
    page.evaluate("navigator.serviceWorker.ready.then(() => null)")
    page.locator("#note").fill("Tom thanked me in the meeting")
    page.get_by_role("button", name="Read it").click()
    page.get_by_label("Who", exact=True).fill("Tom")
    page.get_by_text("They did", exact=True).click()
    page.locator(".record").get_by_text("helped").click()
    page.context.set_offline(True)
    page.get_by_role("button", name="Keep").click()
    expect(page.get_by_role("status").first).to_contain_text("waits in this browser")
    page.goto(page.url.replace("/log", "/people"))
    expect(page.get_by_role("heading", level=1)).to_have_text("The coach is not running just now")
    accessible(page)
    page.get_by_label("What happened").fill("Maya brought me a coffee")
    page.get_by_role("button", name="Keep in this browser").click()
    expect(page.get_by_role("status")).to_contain_text("2 waiting")
    page.get_by_label("What happened").fill("I snapped at Ben")
    page.get_by_label("Who (if you like)").fill("Ben")
    page.get_by_text("I did").click()
    page.get_by_text("harmed").click()
    page.get_by_text("Call", exact=True).click()
    page.get_by_role("button", name="Keep in this browser").click()
    expect(page.get_by_role("status")).to_contain_text("3 waiting")
    page.context.set_offline(False)
    page.goto(re.sub("/people$", "/log", page.url))
    expect(page.locator("#waiting")).to_contain_text("Maya brought me a coffee")
    until(page, "JSON.parse(localStorage.getItem('coach.waiting')).length === 1")  # the rest went in by itself
    assert sorted((each["what"], each["by"], each["landed"]) for each in moments(page)) == [
        ("I snapped at Ben", "me", "harmed"),
        ("Tom thanked me in the meeting", "them", "helped"),
    ]
    page.get_by_role("button", name="Read it in").click()
    record = page.locator(".record")
    expect(record.get_by_label("What happened")).to_have_value("Maya brought me a coffee")
    record.get_by_label("Who", exact=True).fill("Maya")
    record.get_by_text("They did", exact=True).click()
    record.get_by_text("helped").click()
    record.get_by_text("In person").click()
    record.get_by_role("button", name="Keep").click()
    expect(page.locator(".kept")).to_contain_text("Maya")
    assert page.evaluate("localStorage.getItem('coach.waiting')") is None
    page.evaluate("localStorage.setItem('coach.waiting', JSON.stringify([{id: 'x', what: 'planted'}]))")
    page.goto(re.sub("/log$", "/privacy?done=forget", page.url))  # where erasing everything leads
    until(page, "localStorage.getItem('coach.waiting') === null")
