"""People, the map, Today, the calendar and import in a real browser: by keyboard, without script, for axe-core."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

import fakes
from browser.accessibility import accessible, unfold
from sample_circle import fill_circle
from serving import fake_parts, serving

pytestmark = pytest.mark.browser
Open = Callable[..., Page]
DAY = "2024-03-04"
FILES = Path(__file__).parents[1] / "foreign"


@pytest.fixture
def site(tmp_path: Path) -> Any:
    """A coach with a circle of twelve, one plan with a step for today and one for another day."""
    from coach.web.outcomes import take_on

    class Site:
        address = ""
        plan = ""

    it = Site()

    async def make() -> Any:
        parts = await fake_parts(tmp_path)
        await fill_circle(parts.journal, fakes.NOW)
        plan = await parts.conversation.plan("me", "p2", fakes.NOW)
        await take_on(parts.journal, "me", plan.steps[0].id, fakes.NOW.date(), fakes.NOW)
        it.plan = plan.id
        return parts

    with serving(make) as it.address:
        yield it


def press(page: Page, name: str) -> None:
    """Reach a button, link or fold by its name and press it, by keyboard, once the page is there whole."""
    page.wait_for_load_state("load")
    target = page.locator("main").locator(
        f"button:has-text('{name}'), summary:has-text('{name}'), a:has-text('{name}')"
    )
    target = target.first
    target.focus()
    page.keyboard.press("Enter")


def test_a_step_for_today_is_told_in_one_key_and_the_moment_is_on_the_persons_page(open_page: Open) -> None:
    page = open_page("/people")
    page.get_by_role("link", name="Privacy").first.focus()
    page.keyboard.press("g")
    page.keyboard.press("t")
    page.wait_for_url("**/today")
    expect(page.locator(".things > li")).to_have_count(3)
    expect(page.locator(".things > li.step")).to_contain_text("Tom Ashdown")
    press(page, "It went well")
    expect(page.get_by_role("status")).to_contain_text("The next step is on")
    page.get_by_role("link", name="Tom Ashdown").or_(page.get_by_role("link", name="I ask whether")).first.click()
    page.goto(page.url.split("/plans")[0].split("/people")[0] + "/people/p2")
    expect(page.locator(".moments").first).to_contain_text("I tell him I should have asked him first")
    expect(page.locator("#worked + ul, #worked ~ ul").first).to_contain_text("1 of 1 steps you did helped")


@pytest.mark.slow
def test_a_person_is_added_noted_and_erased_by_keyboard(open_page: Open) -> None:
    page = open_page("/people")
    press(page, "Add a person")
    page.get_by_label("Name", exact=True).focus()
    page.keyboard.type("Zwetlana Quarndon")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Zwetlana Quarndon")
    press(page, "Note a promise")
    page.get_by_label("What", exact=True).focus()
    page.keyboard.type("the vermilion folder")
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_contain_text("the vermilion folder")
    press(page, "Everything stored about")
    expect(page.locator("main")).to_contain_text("From you, 6 May 2024: the vermilion folder")
    page.go_back(wait_until="load")
    expect(page.get_by_role("heading", level=1)).to_have_text("Zwetlana Quarndon")
    press(page, "Erase Zwetlana Quarndon")
    expect(page.get_by_role("button", name="Yes, erase it all")).to_be_visible()
    press(page, "Yes, erase it all")
    expect(page.locator("main")).not_to_contain_text("Zwetlana")


def test_the_map_leads_through_three_questions(open_page: Open) -> None:
    page = open_page("/map")
    page.get_by_role("link", name=re.compile("Take stock")).click()
    first = page.get_by_role("heading", level=1).inner_text()
    expect(page.locator("#matters")).to_be_focused()
    page.keyboard.type("Being asked first")
    page.get_by_label("neutral").check()
    page.get_by_label(re.compile("Start with ")).check()
    press(page, "Save, and the next")
    expect(page.get_by_role("heading", level=1)).not_to_have_text(first)
    page.get_by_role("link", name="The map").click()
    expect(page.locator(".lines")).to_contain_text(first)


def test_a_file_is_looked_at_and_taken(open_page: Open) -> None:
    page = open_page("/import", java_script_enabled=False)
    page.get_by_label("A file from another program").set_input_files(FILES / "monica.json")
    page.get_by_role("button", name="Look inside").click()
    expect(page.locator("main")).to_contain_text("Nothing is kept yet")
    page.get_by_role("button", name="Take what is ticked").click()
    expect(page.get_by_role("status")).to_contain_text("2 people and 7 moments are new")


@pytest.mark.slow
def test_axe_finds_nothing_and_nothing_is_wider_than_the_screen(open_page: Open, site: Any) -> None:
    page = open_page("/today")
    page.goto(f"{site.address}/import")
    rows = (
        f"Name,Date,Channel,By,What,Landed\nTom Ashdown,{DAY},call,me,rang,helped\nIda Moe,{DAY},call,them,rang,bad\n"
    )
    table = {"name": "moments.csv", "mimeType": "text/csv", "buffer": rows.encode()}
    page.get_by_label("A file from another program").set_input_files(table)  # a namesake, somebody new, their moments
    page.get_by_role("button", name="Look inside").click()
    expect(page.locator("main")).to_contain_text("Who are these?", timeout=20_000)
    looked = page.url.removeprefix(site.address)
    places = (
        "/today", "/people", "/people/p3", "/people/p3/report", "/map", "/map/stock", "/calendar", "/import", looked,
        f"/plans/{site.plan}", "/today?plan=" + site.plan + "&then=stop&on=2024-06-05",
    )  # fmt: skip
    for place in places:
        page.goto(site.address + place)
        for width in (320, 360, 768, 1280):
            page.set_viewport_size({"width": width, "height": 800})
            assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0, (place, width)
        unfold(page)
        accessible(page)
