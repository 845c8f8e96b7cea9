"""Harm on the page, with the real coach: one tap a question, by keyboard too, on a small screen and in the dark."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from browser.accessibility import accessible, fits, unfold
from coach.knowledge.library import Library
from serving import serving
from talks import wired

pytestmark = pytest.mark.browser
Open = Callable[..., Page]
LETTER = "Nadia has not answered my last two mails about the rota."


@pytest.fixture
def site(tmp_path: Path, library: Library) -> Any:
    """The coach as it is shipped, with an empty journal."""

    class Site:
        address = ""

    with serving(lambda: wired(tmp_path, library)) as Site.address:
        yield Site


def say(page: Page, text: str) -> None:
    """Write and send, and wait for the end of the answer."""
    turns = page.locator(".turn").count()
    page.get_by_label("What happened, in your own words").fill(text)
    page.get_by_role("button", name="Send", exact=True).click()
    whole(page, turns + 1)


def whole(page: Page, turns: int) -> Locator:
    """The last of so many turns, once it is there to its end."""
    expect(page.locator(".turn")).to_have_count(turns)
    expect(page.locator(".turn").last.locator(".tools")).to_be_visible()
    return page.locator(".turn").last


def harmed(page: Page) -> None:
    """Press the quiet line of the card: I am."""
    page.get_by_text("Somebody is being harmed", exact=True).click()
    page.get_by_role("button", name="I am", exact=True).click()


@pytest.mark.sampled(2)
@pytest.mark.parametrize("width", [320, 1280])
def test_the_quiet_line_asks_what_it_is_about_and_one_tap_gives_the_text(open_page: Open, width: int) -> None:
    page = open_page(width=width)
    say(page, LETTER)
    harmed(page)
    whole(page, 2)
    question = page.get_by_role("group", name="What is it about?")
    expect(question.get_by_role("button")).to_have_count(7)
    fits(page)
    accessible(page)
    question.get_by_role("button", name="Threats or violence").click()
    turn = whole(page, 3)
    expect(turn.get_by_role("group", name="What you tapped")).to_contain_text("Threats or violence")
    expect(turn.locator(".reply")).to_contain_text("emergency number")
    expect(page.locator("form.doubt, form.askcard, form.later")).to_have_count(0)
    unfold(page)
    fits(page)
    accessible(page)
    page.reload()
    expect(page.locator(".turn").last.locator(".reply")).to_contain_text("emergency number")


def test_a_question_is_answered_by_keyboard(open_page: Open) -> None:
    page = open_page()
    say(page, LETTER)
    harmed(page)
    whole(page, 2)
    wanted = page.get_by_role("button", name="Being put down again and again")
    for _ in range(40):
        if wanted.evaluate("it => it === document.activeElement"):
            break
        page.keyboard.press("Tab")
    expect(wanted).to_be_focused()
    page.keyboard.press("Enter")
    expect(whole(page, 3).get_by_role("group", name="What you tapped")).to_contain_text("put down")


def test_a_text_of_help_is_left_by_one_tap_that_brings_the_card_back(open_page: Open) -> None:
    page = open_page()
    say(page, "My manager shouts at me every day and calls me worthless in front of everybody.")
    expect(page.locator("form.askcard")).to_have_count(0)
    page.get_by_text("This is not it").click()
    page.get_by_role("button", name="It was only a way of speaking").click()
    whole(page, 2)
    expect(page.locator("form.askcard")).to_be_visible()


def test_without_script_each_tap_shows_the_conversation_with_the_next_question(open_page: Open) -> None:
    page = open_page(java_script_enabled=False)
    page.get_by_label("What happened, in your own words").fill(LETTER)
    page.get_by_role("button", name="Send", exact=True).click()
    harmed(page)
    page.get_by_role("button", name="Sexual or unwanted closeness").click()
    expect(page.locator(".turn")).to_have_count(3)
    expect(page.locator(".turn").last.locator(".reply")).to_contain_text("not yours to repair")
    expect(page.get_by_text("This is not it")).to_be_visible()
