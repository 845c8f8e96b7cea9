"""What can be done with what was said: say it again otherwise, find it, say whether it was of use."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

import pytest
from playwright.sync_api import Page, expect

import fakes
from browser.accessibility import accessible, unfold

pytestmark = pytest.mark.browser
Open = Callable[..., Page]


class Site(Protocol):
    """The ``site`` fixture: its coach can be scripted."""

    coach: fakes.ScriptedCoach


def say(page: Page, text: str = fakes.STORY) -> None:
    """Write, send, and wait for the end."""
    page.locator("#text").fill(text)
    page.get_by_role("button", name="Send", exact=True).click()
    expect(page.locator(".turn").last.locator(".tools")).to_be_visible()


def test_the_last_words_are_edited_and_said_anew(open_page: Open) -> None:
    page = open_page()
    say(page)
    first = page.url
    page.locator(".edit summary").click()
    page.get_by_role("textbox", name="What you wrote").fill("Tom thanked me.")
    page.get_by_role("button", name="Send again").click()
    expect(page.locator(".said")).to_have_text("Tom thanked me.")
    expect(page.locator(".tools")).to_be_visible()
    assert page.url == first
    page.reload()
    expect(page.locator(".said")).to_have_text("Tom thanked me.")
    expect(page.get_by_role("heading", level=1)).to_have_text("Tom thanked me.")
    assert len(page.evaluate("fetch('/api/plans').then((it) => it.json())")["plans"]) == 1


@pytest.mark.slow
def test_a_reply_that_broke_off_is_tried_again_in_its_place(open_page: Open, site: Site) -> None:
    site.coach.fails_after = 1
    page = open_page()
    page.locator("#text").fill("Tom went quiet.")
    page.get_by_role("button", name="Send", exact=True).click()
    expect(page.get_by_role("alert")).to_be_visible()
    page.reload()
    expect(page.locator(".turn")).to_contain_text("This reply was cut short")
    site.coach.fails_after = None
    page.get_by_role("button", name="Try again").click()
    expect(page.locator(".tools")).to_be_visible()
    site.coach.pause = 1.0
    page.locator("#text").fill("And then?")
    page.get_by_role("button", name="Send", exact=True).click()
    expect(page.locator(".reply").last).to_contain_text("You named Tom")
    page.get_by_role("button", name="Stop").click()
    site.coach.pause = 0
    page.wait_for_timeout(300)
    page.get_by_role("button", name="Try again").click()
    expect(page.locator(".tools")).to_have_count(2)
    page.reload()
    expect(page.locator(".said")).to_have_text(["Tom went quiet.", "And then?"])


@pytest.mark.slow
def test_whether_it_was_of_use_is_kept_with_its_reason(open_page: Open) -> None:
    page = open_page(width=360)
    say(page)
    page.get_by_text("Was this of use?").click()
    page.get_by_text("No", exact=True).click()
    page.get_by_label("Why?").fill("We hardly ever meet")
    page.get_by_role("button", name="Keep", exact=True).click()
    expect(page.locator(".opinion")).to_contain_text("Not of use: We hardly ever meet")
    page.reload()
    expect(page.locator(".opinion")).to_contain_text("Not of use: We hardly ever meet")
    page.get_by_text("Not of use").click()
    page.get_by_text("Yes", exact=True).click()
    page.get_by_role("button", name="Keep", exact=True).click()
    expect(page.locator(".opinion")).to_contain_text("Of use: We hardly ever meet")
    export = page.evaluate("fetch('/api/export').then((it) => it.text())")
    assert "We hardly ever meet" in export


@pytest.mark.slow
def test_conversations_are_found_renamed_and_erased_by_keyboard(open_page: Open) -> None:
    page = open_page()
    home = page.url
    say(page)
    page.goto(home)
    say(page, "Priya brought me a coffee.")
    page.goto(f"{home}conversations")
    page.keyboard.press("/")
    page.keyboard.type("coffee priya")
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_contain_text("1 conversation with “coffee priya”")
    page.locator("summary", has_text="Rename or erase").focus()
    page.keyboard.press("Enter")
    page.get_by_label("Title").fill("Coffee")
    page.keyboard.press("Enter")
    expect(page.get_by_role("link", name="Coffee")).to_be_visible()
    page.goto(f"{home}conversations?q=water+cooler")
    expect(page.locator(".around")).to_contain_text("at the water cooler")
    unfold(page)
    accessible(page)
    page.get_by_role("button", name="Erase this conversation").click()
    expect(page.locator(".lines > li")).to_have_count(1)


def test_a_beginning_is_put_into_the_box(open_page: Open) -> None:
    page = open_page()
    page.get_by_role("link", name="I said something I regret").click()
    expect(page.locator("#text")).to_be_focused()
    page.keyboard.type("snapped at Ben")
    expect(page.locator("#text")).to_have_value("I said something I regret. In the meeting I snapped at Ben")


@pytest.mark.slow
def test_without_script_the_last_words_are_edited(open_page: Open) -> None:
    page = open_page("/?begin=1", java_script_enabled=False)
    expect(page.locator("#text")).to_have_value("Somebody I work with has gone quiet on me. It began when ")
    page.get_by_role("button", name="Send", exact=True).click()
    page.get_by_label("What happened, in your own words").fill("It was by email")
    page.get_by_role("button", name="Send", exact=True).click()
    expect(page.locator(".turn")).to_have_count(2)
    expect(page.locator(".edit")).to_have_count(1)  # only what was said last
    page.locator(".edit summary").click()
    page.get_by_role("textbox", name="What you wrote").fill("It was on the phone")
    page.get_by_role("button", name="Send again").click()
    expect(page.locator(".said").last).to_have_text("It was on the phone")
    expect(page.locator(".turn")).to_have_count(2)
    page.get_by_text("Was this of use?").last.click()
    page.get_by_text("Yes", exact=True).last.click()
    page.get_by_role("button", name="Keep", exact=True).last.click()
    expect(page.locator(".opinion").last).to_contain_text("Of use")
