"""The plan card: on a phone what to do stands in the first screen, and one press takes it on."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from browser.accessibility import accessible, fits, unfold
from browser.test_chat_page import say

pytestmark = pytest.mark.browser
Open = Callable[..., Page]

_BEFORE_THE_FOLDS = """() => {
  const card = document.querySelector(".plan");
  const shown = [document.querySelector(".reply"), ...card.children].filter((each) => !each.matches("details"));
  return shown.map((each) => each.innerText).join(" ").split(/\\s+/).length;
}"""


def phone(open_page: Open) -> Page:
    """A plan on a phone."""
    page = open_page(width=390)
    page.set_viewport_size({"width": 390, "height": 844})
    say(page)
    expect(page.locator(".tools")).to_be_visible()
    return page


def test_on_a_phone_the_first_step_and_its_button_stand_within_one_screen(open_page: Open) -> None:
    page = phone(open_page)
    page.locator(".reply").evaluate("it => it.scrollIntoView({block: 'start', behavior: 'instant'})")
    for seen in (".headline", ".question", ".ifthen", ".say", ".take .main", ".another > summary"):
        expect(page.locator(".plan").locator(seen).first).to_be_in_viewport(ratio=1)
    assert page.locator(".plan > details[open]").count() == 0
    assert page.locator(".plan > details").count() == 3
    assert page.evaluate(_BEFORE_THE_FOLDS) <= 200


def test_one_press_takes_the_step_on_and_a_reload_shows_it(open_page: Open) -> None:
    page = phone(open_page)
    page.get_by_role("button", name="Take it on", exact=True).click()
    for _ in ("as it was pressed", "after a reload"):
        expect(page.locator(".take")).to_contain_text("It is on Today for Wednesday 8 May")
        page.reload()
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_role("button", name="Take it on", exact=True)).to_be_visible()
    page.reload()
    expect(page.get_by_role("button", name="Take it on", exact=True)).to_be_visible()


def test_another_day_is_picked_in_place(open_page: Open) -> None:
    page = phone(open_page)
    page.locator(".another > summary").click()
    page.locator(".another").get_by_label("Day").fill("2024-05-10")
    page.get_by_role("button", name="Take it on for that day").click()
    for _ in ("as it was pressed", "after a reload"):
        expect(page.locator(".take")).to_contain_text("It is on Today for Friday 10 May")
        page.reload()


@pytest.mark.slow
@pytest.mark.parametrize("width", [320, 390, 1280])
def test_the_card_is_accessible_and_fits(open_page: Open, width: int) -> None:
    page = open_page(width=width)
    say(page)
    expect(page.locator(".tools")).to_be_visible()
    accessible(page)
    page.get_by_role("button", name="Take it on", exact=True).click()
    expect(page.locator(".take .on")).to_be_visible()
    unfold(page)
    accessible(page)
    fits(page)


@pytest.mark.slow
def test_without_script_the_step_is_taken_on(open_page: Open) -> None:
    page = open_page(width=390, java_script_enabled=False)
    say(page)
    page.get_by_role("button", name="Take it on", exact=True).click()
    expect(page.locator("main")).to_contain_text("It is on Today for Wednesday 8 May")
