"""The pages of every day at their narrowest: read by everybody, light and dark, and no wider than the screen."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

import fakes
from browser.accessibility import accessible, fits, unfold
from browser.sites import site_in
from many import some
from sample_circle import fill_circle

pytestmark = pytest.mark.browser
Open = Callable[..., Page]


@pytest.fixture
def site(tmp_path: Path) -> Any:
    """A coach with a circle of twelve."""
    with site_in(tmp_path, fill_circle) as it:
        yield it


PATHS = ("week", "settings", "map", "moments/p2-m0", "messages?moment=p2-m0", "people/p3", "sessions")


def test_they_are_accessible_and_fit(open_page: Open) -> None:
    page = open_page("/today", width=320)
    home = page.url.removesuffix("today")
    for path in ("today", *some(PATHS, 2)):
        page.goto(home + path)
        accessible(page)
        unfold(page)
        fits(page)


def test_a_message_after_a_moment_is_begun_with_its_person_and_purpose(open_page: Open) -> None:
    page = open_page("/moments/p2-m2")  # I corrected them in front of the others, or a kindness of theirs
    page.get_by_role("link", name="Write Tom Ashdown a message").click()
    expect(page.get_by_label("To", exact=True)).to_have_value("Tom Ashdown")


def test_what_is_set_shorter_folds_on_a_desk_too(open_page: Open) -> None:
    page = open_page("/settings")
    page.get_by_text("Shorter and plainer", exact=True).click()
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("status")).to_contain_text("Saved.")
    page.goto(page.url.split("/settings")[0])
    expect(page.locator(".how")).to_be_hidden()
    page.get_by_label("What happened, in your own words").fill(fakes.STORY)
    page.get_by_role("button", name="Send", exact=True).click()
    expect(page.locator(".tools")).to_be_visible()
    assert page.locator(".plan > details[open]").count() == 0
    page.goto(page.url.split("/conversations")[0] + "/settings")
    page.get_by_text("As it comes", exact=True).click()
    page.get_by_role("button", name="Save").click()
    expect(page.locator("html")).not_to_have_class("brief")
