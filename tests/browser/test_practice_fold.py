"""The two exercises under a plan: made up, said to be so, gone on from, and gone with a reload."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, Route, expect

import fakes
from browser.accessibility import accessible, fits
from browsers import DRIVEN
from coach.knowledge.library import Library
from coach.web import Parts
from coach.web.parts import USER
from evals.behaviours import Asked, Good, Status
from evals.scripted import ScriptedServer, scripted_server
from serving import serving
from talks import wired
from test_practice import PLAYED, TOLD

pytestmark = pytest.mark.browser
Open = Callable[..., Page]
PLAN = "/plans/p-1"
FIRST_CALL = 20_000
"""Milliseconds: the first call of a process takes its time."""


class Site:
    """A coach with a plan made by scenes and a scripted language model. ``asked`` are the model's requests."""

    def __init__(self, server: ScriptedServer) -> None:
        self.address, self.server, self.fails = "", server, False
        self.asked: list[str] = []
        server.always = self._script

    def _script(self, request: Asked) -> Good | Status:
        self.asked.append(request.text)
        if self.fails:
            return Status(401)
        properties = (request.schema or {}).get("properties", {})
        return Good(json.dumps(TOLD if "told" in properties else PLAYED), piece=200)


@pytest.fixture
def level() -> str:
    """What the language model may do."""
    return "plans"


@pytest.fixture
def site(tmp_path: Path, library: Library, level: str) -> Iterator[Site]:
    """Serve a coach with a plan and a scripted language model."""
    with scripted_server() as server:
        it = Site(server)

        async def make() -> Parts:
            model = {"llm_base_url": server.url, "llm_model": "scripted", "llm_level": level}
            parts = await wired(tmp_path, library, **model)
            await parts.journal.keep_plan(USER, fakes.plan("p-1"))
            return parts

        with serving(make) as it.address:
            yield it


def opened(page: Page) -> Locator:
    """The fold of exercises, opened by the keyboard."""
    fold = page.locator(".practice")
    fold.locator("summary").press("Enter")
    expect(fold.get_by_label("What you would say")).to_be_visible()
    return fold


@pytest.mark.slow
def test_three_answers_are_heard_and_gone_on_from(open_page: Open, site: Site) -> None:
    page = open_page(PLAN, width=320)
    held: list[Route] = []
    page.route("**/exercise", lambda route: held.append(route), times=1)
    fold = opened(page)
    box = fold.get_by_label("What you would say")
    expect(box).to_have_value("I named you in front of everyone. That was my mistake.")
    box.fill("Tom, you were the only one who had not answered. Is it me?")
    fold.get_by_role("button", name="Hear three answers").press("Enter")
    expect(fold.get_by_role("status").first).to_contain_text("It can take a minute")
    held[0].continue_()
    expect(fold.get_by_text("An exercise: nobody has said this")).to_be_visible(timeout=FIRST_CALL)
    expect(fold.get_by_role("button", name="Hear three answers")).to_be_focused()
    expect(fold.get_by_role("status").first).to_contain_text("Neither your words nor the answers are kept")
    fold.get_by_role("button", name="Take these words").press("Enter")
    expect(box).to_have_value(f"{PLAYED['debrief']['instead']} Is it me?")  # type: ignore[index]
    fold.get_by_role("button", name="Answer this one (angry)").click()
    expect(box).to_be_focused()
    expect(fold.locator(".sofar")).to_contain_text(str(PLAYED["angry"]))
    expect(fold.get_by_text("An exercise: nobody has said this")).to_be_hidden()
    box.fill("You are right.")
    fold.get_by_role("button", name="Hear three answers").click()
    expect(fold.get_by_text("An exercise: nobody has said this")).to_be_visible()
    assert all(each in site.asked[-1] for each in ("the only one who had not", "before everybody", "You are right"))
    expect(fold.get_by_text("On your own sentence")).to_be_hidden()  # what was quoted was not said
    fold.get_by_role("button", name="Begin again").click()
    expect(box).to_have_value("I named you in front of everyone. That was my mistake.")


def test_the_other_side_is_told_as_made_up_and_says_what_to_change(open_page: Open) -> None:
    fold = opened(open_page(PLAN))
    fold.get_by_role("button", name="Tell it from their side").click()
    expect(fold.get_by_text("Made up: they have not said this")).to_be_visible(timeout=FIRST_CALL)
    expect(fold).to_contain_text(str(TOLD["told"]))
    expect(fold.get_by_text("The step may not be right in both tellings.")).to_be_visible()
    expect(fold.get_by_text("The step may be right in both tellings.")).to_be_hidden()
    expect(fold).to_contain_text(f"What to change {TOLD['change']}")


def test_what_fails_is_said_and_the_words_stay(chromium: Browser, site: Site) -> None:
    page = DRIVEN.page(390, service_workers="block")  # it may log what fails
    page.goto(site.address + PLAN)
    fold = opened(page)
    box, press = fold.get_by_label("What you would say"), fold.get_by_role("button", name="Hear three answers")
    box.fill("I want to kill myself.")
    press.click()
    expect(fold.get_by_role("alert")).to_be_visible()
    expect(fold.get_by_role("alert")).not_to_contain_text("try again")
    assert site.asked == []
    site.fails = True
    box.fill("Have you got a minute?")
    press.click()
    expect(fold.get_by_role("alert")).to_contain_text("Your words are still in the box; try again", timeout=FIRST_CALL)
    expect(fold.get_by_role("status").first).to_have_text("Neither your words nor the answers are kept.")
    expect(box).to_have_value("Have you got a minute?")
    page.route("**/exercise", lambda route: route.abort())
    press.click()
    expect(fold.get_by_role("alert")).to_contain_text("cannot be reached just now")
    accessible(page)
    fits(page)
    page.close()


@pytest.mark.slow
@pytest.mark.parametrize("width", [320, 1280])
def test_the_exercises_are_accessible_and_fit_and_are_gone_with_a_reload(open_page: Open, width: int) -> None:
    page = open_page(PLAN, width=width)
    fold = opened(page)
    fold.get_by_label("What you would say").fill("You were the only one.")
    fold.get_by_role("button", name="Hear three answers").click()
    fold.get_by_role("button", name="Tell it from their side").click()
    expect(fold.locator("[data-shown]:not([hidden])")).to_have_count(2, timeout=FIRST_CALL)
    accessible(page)
    fits(page)
    page.reload()
    expect(page.get_by_text(str(PLAYED["angry"]))).to_have_count(0)


def test_without_script_no_exercise_is_offered(open_page: Open) -> None:
    page = open_page(PLAN, java_script_enabled=False)
    expect(page.locator(".plan")).to_be_visible()
    expect(page.locator(".practice")).to_be_hidden()


@pytest.mark.parametrize("level", ["off"])
def test_a_language_model_that_may_do_nothing_is_not_practised_with(open_page: Open) -> None:
    expect(open_page(PLAN).locator(".practice")).to_have_count(0)
