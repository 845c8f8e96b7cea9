"""axe-core finds nothing on the pages, in light and dark, with their folds open."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

import fakes
from browser.accessibility import accessible, unfold
from many import some

pytestmark = pytest.mark.browser
Open = Callable[..., Page]


def test_the_empty_pages(open_page: Open) -> None:
    page = open_page()
    home = page.url
    for path in some(("", "conversations", "people", "principles", "privacy"), 2):
        page.goto(home + path)
        unfold(page)
        accessible(page)


@pytest.mark.slow
def test_a_conversation_and_what_came_of_it(open_page: Open) -> None:
    page = open_page(width=360)
    home = page.url
    page.get_by_label("What happened, in your own words").fill(fakes.STORY)
    page.get_by_role("button", name="Send").click()
    expect(page.locator(".proposal")).to_have_count(2)
    accessible(page)
    unfold(page)
    page.get_by_role("button", name="Keep this moment").click()
    expect(page.locator(".kept")).to_have_count(1)
    accessible(page)
    page.goto(f"{home}conversations")
    unfold(page)
    accessible(page)
