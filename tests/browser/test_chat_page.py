"""The chat page in a real browser: the story, by mouse, by keyboard, without script, and when things go wrong."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Protocol

import pytest
from playwright.sync_api import Page, expect

import fakes

pytestmark = pytest.mark.browser
Open = Callable[..., Page]


class Site(Protocol):
    """The ``site`` fixture: its coach can be scripted."""

    coach: fakes.ScriptedCoach


def say(page: Page, text: str = fakes.STORY) -> None:
    """Write and send."""
    page.get_by_label("What happened, in your own words").fill(text)
    page.get_by_role("button", name="Send").click()


def test_the_story_gives_a_plan_with_sources_and_moments_to_keep(open_page: Open) -> None:
    page = open_page()
    say(page)
    plan = page.locator(".plan")
    expect(plan.get_by_role("heading", name=re.compile("Own the remark to Tom"))).to_be_visible()
    expect(page.locator(".reply")).to_have_text("".join(fakes.PIECES), use_inner_text=True)
    expect(page).to_have_url(re.compile("/conversations/c-1"))
    plan.locator(".letters summary").first.click()
    expect(plan.locator(".letters blockquote").first).to_contain_text("quiet, private nudge")
    expect(plan.locator(".letters blockquote").first).to_contain_text("Some studies support this")
    page.get_by_role("button", name="Keep this moment").click()
    expect(page.locator(".kept")).to_contain_text("Kept with Tom")
    page.get_by_role("button", name="In person").click()
    expect(page.locator(".kept")).to_have_count(2)
    expect(page.locator(".tools")).to_be_visible()  # the turn is whole
    page.reload()
    expect(page.locator(".kept")).to_have_count(2)
    expect(page.locator(".plan")).to_have_count(1)


def test_the_card_keeps_the_order_a_hurried_reader_needs(open_page: Open) -> None:
    page = open_page()
    say(page)
    expect(page.locator(".plan .take")).to_be_visible()
    text = page.locator(".plan").inner_text()
    order = [
        "Own the remark",
        "The one question to ask",
        "First step",
        "Take it on",
        "Another day",
        "Their side",
        "Not known from here",
        "What comes next",
        "If it goes badly",
        "When to stop",
        "Check on",
        "Why, and the sources",
    ]
    places = [text.index(each) for each in order]
    assert places == sorted(places)


def test_a_moment_is_edited_before_it_is_kept(open_page: Open) -> None:
    page = open_page()
    say(page)
    proposal = page.locator(".proposal").first
    proposal.get_by_text("Edit", exact=True).click()
    proposal.get_by_label("Who", exact=True).fill("Thomas")
    proposal.get_by_label("What happened").fill("I named him in the meeting")
    proposal.get_by_text("indifferent").last.click()
    proposal.get_by_label("Where").select_option("video")
    proposal.get_by_role("button", name="Keep it as edited").click()
    kept = page.locator(".kept")
    for words in ("I named him in the meeting", "indifferent", "Video", "Thomas"):
        expect(kept).to_contain_text(words)


def test_everything_is_reached_by_keyboard(open_page: Open) -> None:
    page = open_page()
    expect(page.locator("#text")).to_be_focused()
    page.keyboard.type("He went quiet.")
    page.keyboard.press("Enter")
    expect(page.locator(".proposal")).to_have_count(2)
    page.get_by_role("button", name="Keep this moment").focus()
    page.keyboard.press("Enter")
    expect(page.locator(".kept")).to_be_focused()
    page.get_by_role("button", name="Take it on", exact=True).focus()
    page.keyboard.press("Space")
    expect(page.locator(".plan .take")).to_be_focused()
    expect(page.locator(".plan .take")).to_contain_text("It is on Today for Wednesday 8 May")
    page.goto(page.url.rsplit("/", 2)[0] + "/people")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the page")).to_be_focused()
    page.keyboard.press("/")  # from any page
    expect(page.get_by_label("Search your moments")).to_be_focused()
    page.get_by_role("link", name="Privacy").focus()
    page.keyboard.press("g")
    page.keyboard.press("c")
    page.wait_for_load_state("load")
    expect(page.get_by_label("What happened, in your own words")).to_be_focused()
    page.goto(f"{page.url}principles")
    page.keyboard.press("/")
    expect(page.get_by_label("Search the principles")).to_be_focused()


@pytest.mark.slow
def test_a_reply_that_is_stopped_is_kept_as_far_as_it_came(open_page: Open, site: Site) -> None:
    site.coach.pause = 1.0
    page = open_page()
    say(page)
    expect(page.locator(".reply")).to_contain_text("You named Tom")
    page.get_by_role("button", name="Stop").click()
    expect(page.get_by_role("status").first).to_contain_text("Stopped.")
    page.wait_for_timeout(300)
    page.reload()
    expect(page.locator(".said")).to_have_text(fakes.STORY)
    expect(page.locator(".reply")).to_contain_text("You named Tom")
    expect(page.locator(".turn")).to_contain_text("This reply was cut short")


def test_a_failed_reply_says_what_is_kept_and_can_be_tried_again(open_page: Open, site: Site) -> None:
    site.coach.fails_after = 1
    page = open_page()
    say(page)
    problem = page.get_by_role("alert")
    expect(problem).to_contain_text("stopped half-way")
    expect(problem).to_contain_text("Your words are kept.")
    site.coach.fails_after = None
    problem.get_by_role("button", name="Try again").click()
    expect(page.get_by_role("alert")).to_have_count(0)
    expect(page.locator(".reply")).to_contain_text(fakes.PIECES[2])


def test_a_coach_that_cannot_be_reached_loses_nothing(open_page: Open) -> None:
    page = open_page()
    page.route("**/chat/stream", lambda route: route.abort())
    say(page)
    expect(page.get_by_role("alert")).to_contain_text("Your words are still here")
    expect(page.locator(".said")).to_have_text(fakes.STORY)
    page.unroute("**/chat/stream")
    page.get_by_role("button", name="Try again").click()
    expect(page.locator(".plan")).to_be_visible()


def test_what_is_written_is_shown_and_never_run(open_page: Open) -> None:
    page = open_page()
    nasty = '<img src="x" onerror="document.title=1"><b>bold</b>'
    say(page, nasty)
    expect(page.locator(".plan")).to_be_visible()
    expect(page.locator(".said")).to_have_text(nasty)
    assert page.locator(".said b, .said img").count() == 0


@pytest.mark.slow
def test_without_script_everything_but_streaming_works(open_page: Open) -> None:
    page = open_page(java_script_enabled=False)
    say(page)
    expect(page.locator(".plan")).to_be_visible()
    page.wait_for_load_state()  # the reply comes with the page, and the plan stands before its end
    page.get_by_role("button", name="Keep this moment").click()
    expect(page.locator(".kept")).to_have_count(1)
    page.get_by_role("link", name="People").click()
    page.get_by_role("link", name="Tom").click()
    expect(page.locator(".moments")).to_contain_text("the only approval missing")
    page.get_by_role("button", name="Make a plan").click()
    page.get_by_text("Yes", exact=True).first.click()
    page.get_by_role("button", name="Save").first.click()
    expect(page.locator(".outcomes")).to_contain_text("it happened")
    page.get_by_role("link", name="Privacy").click()
    page.get_by_label("Type forget everything").fill("forget everything")
    page.get_by_role("button", name="Erase everything").click()
    expect(page.get_by_role("status")).to_contain_text("Everything will be erased on")


def test_the_empty_page_teaches_by_one_example(open_page: Open) -> None:
    page = open_page()
    page.get_by_role("link", name="Try this example").click()
    expect(page.get_by_label("What happened, in your own words")).to_have_value(re.compile("Priya"))
    expect(page.locator("main")).to_contain_text("What you write stays on this machine.")


@pytest.mark.slow
def test_no_page_is_wider_than_the_screen(open_page: Open) -> None:
    page = open_page()
    say(page, f"{fakes.STORY} {'x' * 120}")
    page.get_by_role("button", name="Keep this moment").click()
    expect(page.locator(".kept")).to_have_count(1)
    conversation = page.url
    home = conversation.rsplit("/", 2)[0]
    person = page.locator(".kept a").first.get_attribute("href")
    for address in (
        conversation,
        *(
            home + each
            for each in (
                "/",
                "/log",
                "/messages",
                "/conversations",
                "/offline",
                "/people",
                person or "",
                "/principles",
                "/privacy",
            )
        ),
    ):
        page.goto(address)
        for width in (320, 360, 768, 1280):
            page.set_viewport_size({"width": width, "height": 800})
            wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
            assert wide <= 0, (address, width)
