"""The ask card in a real browser, with the real coach: what happened is tapped, and a plan is made of that alone."""

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
STORY = (
    "In the next meeting I blamed Tom before everyone, and Maya saw it. Since then he has been cool and short with me, "
    "where he used to stop by my desk for a chat."
)
"""A story whose two events are among the first lines of its card."""
QUESTIONS = ("Who is it about?", "What happened?", "What have you tried?", "What would you like?")


@pytest.fixture
def site(tmp_path: Path, library: Library) -> Any:
    """The coach as it is shipped, with an empty journal."""

    class Site:
        address = ""

    with serving(lambda: wired(tmp_path, library)) as Site.address:
        yield Site


def asked(page: Page, text: str = STORY) -> Locator:
    """Write, send, and give the card."""
    page.get_by_label("What happened, in your own words").fill(text)
    page.get_by_role("button", name="Send", exact=True).click()
    card = page.locator("form.askcard")
    expect(card).to_be_visible()
    expect(page.locator(".tools")).to_be_visible()
    return card


def question(card: Locator, words: str) -> Locator:
    """One question of the card; it is opened unless it is open."""
    it = card.locator("details.q").filter(has=card.page.locator("summary", has_text=words))
    if it.get_attribute("open") is None:
        it.locator("> summary").click()
    return it


def answered(card: Locator) -> None:
    """Tap the story: Tom, blamed before others and cool since, to be put right."""
    question(card, "Who is it about?").get_by_role("radio", name="Tom").click()
    events = question(card, "What happened?").locator("[data-lines]")
    events.get_by_role("checkbox", name="I corrected or blamed them before others").click()
    events.get_by_role("checkbox", name="They have gone cool towards me").click()
    question(card, "What would you like?").get_by_role("radio", name="Put it right").click()


def planned(page: Page) -> None:
    """Wait until the plan and everything under it is there."""
    expect(page.locator(".turn").last.locator(".plan .take")).to_be_visible()
    expect(page.locator("form.later")).to_be_visible()


def press(page: Page, wanted: Locator, key: str) -> None:
    """Tab on to a control, and press it."""
    for _ in range(40):
        if wanted.evaluate("it => it === document.activeElement"):
            break
        page.keyboard.press("Tab")
    expect(wanted).to_be_focused()
    page.keyboard.press(key)


@pytest.mark.sampled(2)
@pytest.mark.parametrize("width", [390, 1280])
def test_what_is_tapped_becomes_a_plan_and_moments_that_outlive_a_reload(open_page: Open, width: int) -> None:
    page = open_page(width=width)
    card = asked(page)
    assert card.locator(":checked").count() == 0  # nothing is taken to have happened
    answered(card)
    question(card, "What happened?")
    first = card.get_by_role("group", name="Which of these came first?")
    first.get_by_role("radio", name="I corrected or blamed them before others").click()
    card.get_by_role("button", name="Make the plan").click()
    planned(page)
    expect(page.locator(".plan .headline").last).to_contain_text("Tom")
    tapped = page.get_by_role("group", name="What you tapped").locator(".tapped > li")
    told = ["Tom", "I corrected or blamed Tom before others", "Tom has gone cool towards me", "Put it right"]
    expect(tapped).to_have_text(told)
    unfold(page)
    proposal = page.locator(".proposal").first
    proposal.get_by_role("radio", name="harmed").first.click()
    proposal.get_by_role("button", name="Meeting").click()
    expect(page.locator(".kept")).to_contain_text("Kept with Tom")
    page.reload()
    expect(page.locator(".plan .headline").last).to_contain_text("Tom")
    expect(tapped).to_have_text(told)
    expect(page.locator(".kept")).to_contain_text("harmed")


@pytest.mark.slow
def test_what_went_well_leads_to_the_next_step_and_asks_about_that(open_page: Open) -> None:
    page = open_page()
    card = asked(page)
    answered(card)
    card.get_by_role("button", name="Make the plan").click()
    planned(page)
    unfold(page)
    first, following = page.locator("form.later [name=step_id]").input_value(), page.locator(".continued")
    page.get_by_role("button", name="It went well").click()
    expect(following).to_contain_text("Next in the plan")
    expect(page.get_by_text("When the next step is done")).to_be_attached()
    assert page.locator("form.later [name=step_id]").input_value() != first
    page.reload()
    expect(following).to_contain_text("Next in the plan")


@pytest.mark.slow
def test_whoever_else_a_letter_names_is_one_tap_away_from_a_card_of_their_own(open_page: Open) -> None:
    page = open_page()
    card = asked(page, f"{STORY} And Olga, my manager, cancelled our talk twice.")
    answered(card)
    card.get_by_role("button", name="Make the plan").click()
    planned(page)
    expect(page.locator(".besides")).to_contain_text("Olga")
    expect(page.locator(".besides")).not_to_contain_text("Tom")
    page.reload()
    page.get_by_role("button", name="Another card for that").click()
    expect(page.locator(".turn")).to_have_count(1)
    expect(card.get_by_role("radio", name="Olga")).to_be_visible()


def test_the_whole_path_by_keyboard_alone(open_page: Open) -> None:
    page = open_page()
    expect(page.locator("#text")).to_be_focused()
    page.keyboard.insert_text(f"Maya was there. {STORY}")
    page.keyboard.press("Enter")
    card = page.locator("form.askcard")
    expect(page.locator(".tools")).to_be_visible()
    onward = card.get_by_role("button", name="Next")
    lines = card.locator("[data-lines]")
    card.get_by_role("radio", name="Maya").focus()
    page.keyboard.press("ArrowRight")  # arrows only pass by: the question stays open
    expect(card.get_by_role("radio", name="Tom")).to_be_checked()
    expect(card.get_by_role("radio", name="Tom")).to_be_focused()
    press(page, onward, "Enter")
    expect(card.locator("summary", has_text="What happened?")).to_be_focused()
    for name in ("I corrected or blamed them before others", "They have gone cool towards me"):
        press(page, lines.get_by_role("checkbox", name=name), "Enter")  # Enter presses a chip, and makes no plan
        expect(lines.get_by_role("checkbox", name=name)).to_be_checked()
    press(page, onward, "Space")
    press(page, card.get_by_role("checkbox", name="I have tried nothing yet"), "Space")
    press(page, onward, "Enter")
    expect(card.locator("summary", has_text="What would you like?")).to_be_focused()
    card.get_by_role("radio").first.focus()
    press(page, card.get_by_role("radio", name="Clear it up"), "Space")
    press(page, card.get_by_role("button", name="Make the plan"), "Enter")
    planned(page)
    expect(page.locator(".plan .headline").last).to_contain_text("Tom")
    press(page, page.locator("form.later").get_by_role("button", name="It went well"), "Enter")
    expect(page.locator(".turn")).to_have_count(3)


def test_a_reload_keeps_what_was_pressed_so_far(open_page: Open) -> None:
    page = open_page(width=390)
    card = asked(page)
    question(card, "Who is it about?").get_by_role("radio", name="Somebody else").click()
    card.get_by_label("Their name, or who they are").fill("the new porter")
    lines = question(card, "What happened?").locator("[data-lines]")
    lines.get_by_role("checkbox", name="They have gone cool towards me").click()
    page.reload()
    expect(card.locator(".picked").first).to_have_text("the new porter")
    expect(card.locator(".picked").nth(1)).to_have_text("They have gone cool towards me")
    expect(lines).to_be_visible()  # where it was left
    question(card, "What would you like?").get_by_role("radio", name="Clear it up").click()
    card.get_by_role("button", name="Make the plan").click()
    planned(page)
    expect(page.locator(".tapped")).to_contain_text("new porter")


def test_a_chip_is_changed_and_the_plan_made_again(open_page: Open) -> None:
    page = open_page()
    card = asked(page)
    answered(card)
    card.get_by_role("button", name="Make the plan").click()
    planned(page)
    for _ in ("as it arrived", "after a reload"):
        page.get_by_text("Change a chip").click()
        expect(card.locator(".picked").first).to_have_text("Tom")
        expect(card.locator(".picked").nth(3)).to_have_text("Put it right")
        page.reload()
    page.get_by_text("Change a chip").click()
    question(card, "What would you like?").get_by_role("radio", name="Clear it up").click()
    card.get_by_role("button", name="Make the plan").click()
    expect(page.locator(".turn")).to_have_count(3)
    planned(page)
    expect(page.locator(".tapped").last).to_contain_text("Clear it up")
    expect(card).to_have_count(1)  # only what was tapped last


def test_lines_are_searched_and_enter_in_the_search_makes_no_plan(open_page: Open) -> None:
    page = open_page()
    card = asked(page, "Something odd happened at work with Ben.")
    question(card, "What happened?")
    card.get_by_label("Search all lines").fill("they thanked me")
    page.keyboard.press("Enter")
    expect(card.locator("[data-found]").first).to_be_visible()
    card.locator("[data-found]").first.get_by_role("checkbox").click()
    expect(card.locator(".picked").nth(1)).not_to_be_empty()
    expect(page.locator(".turn")).to_have_count(1)


@pytest.mark.sampled(3)
@pytest.mark.parametrize("width", [320, 390, 1280])
def test_card_and_plan_are_accessible_and_fit(open_page: Open, width: int) -> None:
    page = open_page(width=width)
    card = asked(page, f"{STORY} {'x' * 120}")
    for words in QUESTIONS:
        question(card, words)
        fits(page)
    answered(card)
    unfold(page)
    fits(page)
    accessible(page)
    card.get_by_role("button", name="Make the plan").click()
    planned(page)
    unfold(page)
    fits(page)
    accessible(page)


def test_harm_is_said_by_a_tap_and_makes_no_plan(open_page: Open) -> None:
    page = open_page(width=390)
    card = asked(page)
    card.get_by_text("Somebody is being harmed").click()
    card.get_by_role("button", name="I am", exact=True).click()
    expect(page.locator(".turn")).to_have_count(2)
    expect(page.locator(".turn").last.locator(".tools")).to_be_visible()
    expect(page.locator(".turn").last.locator(".reply")).not_to_be_empty()
    expect(page.locator(".turn").last.locator(".plan .take")).to_have_count(0)


def test_without_script_the_card_makes_the_plan(open_page: Open) -> None:
    page = open_page(java_script_enabled=False)
    page.get_by_label("What happened, in your own words").fill(STORY)
    page.get_by_role("button", name="Send").click()
    card = page.locator("form.askcard")
    answered(card)
    card.get_by_role("button", name="Make the plan").click()
    expect(page.locator(".plan .headline").last).to_contain_text("Tom")
    page.locator("form.later").get_by_role("button", name="No answer").click()
    expect(page.locator(".turn")).to_have_count(3)


@pytest.mark.slow
def test_what_was_pressed_under_a_plan_is_told_as_it_arrives_and_after_a_reload(open_page: Open) -> None:
    page = open_page(width=390)
    card = asked(page)
    answered(card)
    card.get_by_role("button", name="Make the plan").click()
    planned(page)
    expect(page.locator(".turn").last.locator(".account")).to_be_in_viewport()  # nobody has to look for the plan
    page.locator("form.later summary").click()
    page.locator("form.later").get_by_role("button", name="No answer").click()
    for _ in ("as it arrived", "after a reload"):
        expect(page.locator(".turn")).to_have_count(3)
        expect(page.locator(".turn").last.locator(".tapped > li")).to_have_text(["No answer"])
        expect(page.locator(".turn").last.locator(".tools")).to_be_visible()
        page.reload()
