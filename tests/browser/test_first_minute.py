"""The first minute on a phone, with the real coach: ask card and plan fit one screen each, and nothing stands twice."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from browser.accessibility import accessible, fits
from browser.test_ask_page import asked, planned, question, site

__all__ = ["site"]
pytestmark = pytest.mark.browser
Open = Callable[..., Page]

BAR = 57
"""How high the bar at the bottom of a phone's screen is."""

PLANS = (
    "I shouted at Marta in the stand-up yesterday and she left without a word.",
    "Ben cancelled our one-to-one again, the third time in a row. I do not know why.",
    "Priya stayed late to help me with the release and I have not thanked her yet.",
)
"""Three letters about different things."""

_WORDS = """() => {
  const turn = [...document.querySelectorAll(".turn")].at(-1), card = turn.querySelector(".plan");
  const shown = [turn.querySelector(".reply"), ...card.children].filter((each) => !each.matches("details"));
  return shown.map((each) => each.innerText).join("\\n");
}"""


@pytest.fixture
def phone(open_page: Open) -> Page:
    page = open_page(width=390)
    page.set_viewport_size({"width": 390, "height": 844})
    return page


def bottom(page: Page, wanted: Locator) -> float:
    """How far down the screen something ends, where the reply begins at its top."""
    start = page.locator(".turn").last.bounding_box()
    end = wanted.bounding_box()
    assert start
    assert end
    return end["y"] + end["height"] - start["y"]


def plan_of(page: Page, text: str) -> Locator:
    """Tell it, tap the first of everything, and give the card of the plan."""
    card = asked(page, text)
    question(card, "Who is it about?").get_by_role("radio").first.click()
    lines = question(card, "What happened?").locator("[data-lines]").get_by_role("checkbox")
    lines.first.click()
    question(card, "What would you like?").get_by_role("radio").first.click()
    card.get_by_role("button", name="Make the plan").click()
    planned(page)
    return page.locator(".turn").last.locator(".plan")


@pytest.mark.sampled(3)
@pytest.mark.parametrize("text", PLANS)
def test_a_plan_stands_within_the_first_screen_with_its_words_and_its_press(phone: Page, text: str) -> None:
    card = plan_of(phone, text)
    for part in (".headline", ".ifthen", ".say", ".take .main", ".another > summary", ".change > summary"):
        for seen in card.locator(part).all():
            if seen.is_visible():
                assert bottom(phone, seen) <= 844 - BAR, part
    said = phone.evaluate(_WORDS)
    assert len(said.split()) <= 200
    sentences = Counter(each.strip() for each in re.split(r"(?<=[.?!])\s+|\n", said) if len(each.split()) > 4)
    assert [each for each, n in sentences.items() if n > 1] == []
    assert card.locator("> details.part[open]").count() == 0
    fits(phone)


def test_each_question_of_the_ask_card_fits_one_screen(phone: Page) -> None:
    card = asked(phone, PLANS[0])
    for fold in card.locator("details.q").all():
        if fold.get_attribute("open") is None:
            fold.locator("> summary").click()
        box = card.bounding_box()
        assert box
        assert box["height"] <= 844 - BAR


def test_the_moments_stand_under_the_first_step_and_are_put_aside_for_good(phone: Page) -> None:
    card = plan_of(phone, PLANS[0])
    for _ in ("as it came", "after a reload"):
        assert card.evaluate("it => [...it.children].map((each) => each.className || each.tagName).join(' ')").index(
            "firstplace"
        ) < card.evaluate("it => it.innerHTML.indexOf('proposals')")
        phone.reload()
    moments = card.locator(".proposals")
    moments.locator("summary").first.click()
    moments.get_by_role("button", name="Leave out").first.click()
    expect(moments).to_contain_text("Left out.")
    moments.get_by_role("button", name="Undo").click()
    moments.get_by_role("button", name="Leave out").first.click()
    expect(moments).to_contain_text("Left out.")
    phone.reload()
    expect(card).to_be_visible()
    expect(card.locator(".proposal")).to_have_count(0)


@pytest.mark.slow
def test_day_channel_and_words_are_changed_in_place_and_stay(phone: Page) -> None:
    card = plan_of(phone, PLANS[0])
    card.get_by_text("Change", exact=True).click()
    accessible(phone)
    fits(phone)
    form: Any = card.locator("form.stack")
    day = form.get_by_label("Day").input_value()
    form.get_by_label("How").select_option("call")
    form.get_by_label("What you will say").fill("Marta, that was me, and I am sorry.")
    form.get_by_role("button", name="Save the change").click()
    for _ in ("as it was pressed", "after a reload"):
        expect(card.locator(".first")).to_contain_text("“Marta, that was me, and I am sorry.”")
        expect(card.locator(".first .facts")).to_contain_text("Call")
        phone.reload()
    card.get_by_role("button", name="Take it on", exact=True).click()
    expect(card.locator(".take .on")).to_contain_text("It is on Today")
    card.get_by_text("Change", exact=True).click()
    expect(card.locator("form.stack").get_by_label("Day")).to_have_value(day)
