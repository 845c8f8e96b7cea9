"""The team and the one-to-one in a real browser: for axe-core, on a phone, by keyboard, on paper."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from browser.accessibility import accessible, fits, unfold
from browser.sites import site_in
from sample_team import fill_team

pytestmark = pytest.mark.browser
Open = Callable[..., Page]


@pytest.fixture
def site(tmp_path: Path) -> Any:
    """A coach whose user leads a team of eight."""
    with site_in(tmp_path, fill_team) as it:
        yield it


@pytest.mark.sampled(2)
@pytest.mark.parametrize("width", [360, 1280])
def test_both_are_accessible_and_fit(open_page: Open, site: Any, width: int) -> None:
    page = open_page("/team", width=width)
    expect(page.locator(".member use")).to_have_count(22)
    for path in ("/team", "/people/r3/one-to-one"):
        page.goto(site.address + path)
        accessible(page)
        unfold(page)
        fits(page)
        accessible(page, ("light",))


def test_notes_become_a_promise_and_a_moment_by_keyboard(open_page: Open) -> None:
    page = open_page("/people/r3/one-to-one")
    page.keyboard.press("n")
    page.keyboard.type("She thanked me for the rota. I'll ask for the budget by Friday.")
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Note it")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator(".kept")).to_contain_text("Noted as yours")
    page.locator(".record").get_by_role("radio", name="They did").last.focus()
    page.keyboard.press("Space")
    page.get_by_role("radio", name="helped").focus()
    page.keyboard.press("Space")
    page.get_by_role("radio", name="In person").focus()
    page.keyboard.press("Space")
    keep = page.get_by_role("button", name="Keep")
    keep.focus()
    page.keyboard.press("Enter")
    expect(page.locator(".kept").last).to_contain_text("Kept with Dana Whitfield")
    kept = page.evaluate("fetch('/api/people/r3').then((it) => it.json())")
    assert kept["promises"][-1]["what"] == "Ask for the budget by Friday"
    assert kept["promises"][-1]["due"] == "2024-05-10"


def test_the_sheet_on_paper_is_one_page_without_what_is_for_the_leader_alone(open_page: Open) -> None:
    page = open_page("/people/r3/one-to-one")
    page.emulate_media(media="print")
    expect(page.get_by_text("Write down how the handover works")).to_be_visible()
    for hidden in ("One question worth asking", "After the talk", "Add a point"):
        expect(page.get_by_text(hidden, exact=True)).to_be_hidden()
    pdf = page.pdf(prefer_css_page_size=True)
    assert re.findall(rb"/Type\s*/Page\b", pdf) == [b"/Type /Page"]
    page.emulate_media(media="screen")
    page.get_by_label("Print what is for me alone as well").check()
    page.emulate_media(media="print")
    expect(page.get_by_text("One question worth asking")).to_be_visible()
