"""The journal in a real browser: found from anywhere, read by everybody, and what is erased comes back."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from browser.accessibility import accessible, fits, unfold

pytestmark = pytest.mark.browser
Open = Callable[..., Page]


def note(page: Page, what: str) -> None:
    made = page.evaluate(
        """(what) => fetch("/api/moments", {method: "POST", headers: {"Content-Type": "application/json"},
        body: JSON.stringify({who: "Tom", what, channel: "meeting", by: "them", landed: "helped"})})
        .then((it) => it.status)""",
        what,
    )
    assert made == 201


@pytest.mark.sampled(2)
@pytest.mark.parametrize("width", [320, 1280])
def test_it_is_found_by_a_key_from_anywhere_and_what_is_erased_comes_back(open_page: Open, width: int) -> None:
    page = open_page("/privacy", width=width)
    accessible(page)
    note(page, "Tom thanked me for the early figures")
    note(page, "Tom asked how the move went")
    page.keyboard.press("/")
    expect(page.get_by_label("Search your moments")).to_be_focused()
    page.keyboard.type("figures")
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_contain_text("1 moment.")
    unfold(page)
    accessible(page)
    fits(page)
    page.get_by_role("link", name="early figures").click()
    expect(page.get_by_role("button", name="Erase this moment")).to_be_visible()  # the next page is there
    accessible(page)
    fits(page)
    page.get_by_role("button", name="Erase this moment").click()
    expect(page.get_by_role("status")).to_contain_text("Erased.")
    expect(page.locator(".day .what")).to_have_count(1)
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_role("status")).to_contain_text("It is back.")
    expect(page.locator(".day .what")).to_have_count(2)
    accessible(page)


def test_an_empty_journal_teaches_and_takes_the_first_moment(open_page: Open) -> None:
    page = open_page("/journal", width=390)
    expect(page.locator("main")).to_contain_text("is a whole moment")
    expect(page.locator("#note")).to_be_focused()
    accessible(page)
    fits(page)
