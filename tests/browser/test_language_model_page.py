"""A turn with a language model on the page: chips while it is read, the answer as it comes, what was taken back."""

from __future__ import annotations

import asyncio
import copy
import json
import re
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from browser.accessibility import accessible, fits, unfold
from coach.knowledge.library import Library
from evals.behaviours import EVENTS, Asked, Good, Line, delta
from evals.scripted import scripted_server
from serving import serving
from talks import wired
from test_answering import FIRST, LATER, Answers

pytestmark = pytest.mark.browser
Open = Callable[..., Page]


class Site:
    """A coach with a language model that says what it is told. ``answers`` is the script."""

    def __init__(self, url: str) -> None:
        self.address, self.model_url, self.answers = "", url, Answers()
        self.server: Any = None

    def says(self, pause: float = 0.0, **more: Any) -> None:
        """Say the answer with a pause before each piece of 60 characters, in seconds."""

        def script(request: Any) -> Good:
            if "fits" in (request.schema or {}).get("properties", {}):
                return Good(json.dumps(self.answers.answer, ensure_ascii=False), piece=60, pause=pause, **more)
            return self.answers.of(request)

        self.server.always = script


class Murmuring:
    """Sends events that say nothing, until the caller hangs up."""

    async def answer(self, line: Line, _: Asked, /) -> bool:
        """Go on and on."""
        line.head(200, EVENTS)
        while True:
            await line.event(delta({}))
            await asyncio.sleep(0.05)


@pytest.fixture
def site(tmp_path: Path, library: Library) -> Iterator[Site]:
    """Serve a fresh coach with a scripted language model."""
    with scripted_server() as server:
        it = Site(server.url)
        it.server = server
        it.says()

        model = {"llm_base_url": server.url, "llm_model": "scripted", "llm_level": "plans"}
        with serving(lambda: wired(tmp_path, library, **model)) as it.address:
            yield it


def case(name: str = "g01") -> dict[str, Any]:
    """One of the good answers."""
    return copy.deepcopy(next(each for each in FIRST if each["id"] == name))


def say(page: Page, text: str) -> None:
    """Write and send."""
    page.get_by_label("What happened, in your own words").fill(text)
    page.get_by_role("button", name="Send", exact=True).click()


def told(page: Page, site: Site, one: dict[str, Any]) -> None:
    """Tell a case, and wait for the end; the first call of a process takes its time."""
    site.answers.answer = one["answer"]
    say(page, "\n".join(one["sentences"]))
    expect(page.locator(".turn").last.locator(".tools")).to_be_visible(timeout=20_000)


def sentences(answer: str) -> list[str]:
    """Return an answer's sentences, roughly: enough to name one."""
    return [f"{each}." for each in answer.rstrip(".?").split(". ")]


def test_what_was_read_stands_as_chips_and_the_plan_as_a_card(open_page: Open, site: Site) -> None:
    page = open_page(width=390)
    page.set_viewport_size({"width": 390, "height": 844})
    told(page, site, case())
    expect(page.locator(".read-account > summary")).to_contain_text("Ruben · 4 things")
    for seen in (".headline", ".ifthen", ".say", ".take .main", ".another > summary"):
        expect(page.locator(".plan").locator(seen).first).to_be_in_viewport(ratio=1)
    expect(page.locator(".plan .question")).to_have_count(0)  # it is for the user, and closes the answer
    expect(page.locator(".reply .rest")).to_be_hidden()
    page.get_by_role("button", name="Read on").click()
    expect(page.locator(".reply .rest")).to_contain_text("Did anybody from the team hear it?")
    for _ in ("as it arrived", "after a reload"):
        expect(page.locator(".plan > details").last).to_have_text(re.compile("^Practise it"))
        page.reload()
    expect(page.locator(".reply .rest")).to_be_hidden()
    expect(page.locator(".plan > details[open]")).to_have_count(0)
    page.get_by_role("button", name="Take it on", exact=True).click()
    expect(page.locator(".take")).to_contain_text("It is on Today for")


@pytest.mark.slow
def test_a_sentence_that_does_not_hold_stays_struck_through(open_page: Open, site: Site) -> None:
    one = case()
    first = sentences(one["answer"]["answer"])[0]
    site.answers.flags = [{"part": "answer 1", "words": first[5:25], "sort": "circumstance", "why": "nobody said so"}]
    site.answers.again = {"answer": [{"was": first, "instead": "Say it once, and leave it there."}]}
    page = open_page()
    told(page, site, one)
    for _ in ("as it arrived", "after a reload"):
        expect(page.locator(".reply del")).to_have_text(f"Struck out: {first}")
        expect(page.locator(".reply ins")).to_have_text("Instead: Say it once, and leave it there.")
        expect(page.locator(".struckword")).to_be_visible()
        accessible(page)
        page.reload()
    page.get_by_text("Words the coach did not say").click()
    expect(page.locator(".tools")).to_contain_text("Instead: Say it once")


def test_the_page_says_what_is_happening_while_the_answer_is_checked(open_page: Open, site: Site) -> None:
    one = case()
    answers = site.answers

    def script(request: Any) -> Good:
        found = answers.of(request)
        checks = "flags" in (request.schema or {}).get("properties", {})
        return Good(found.said, piece=400, first_token=0.5) if checks else found

    site.server.always = script
    page = open_page(width=390)
    answers.answer = one["answer"]
    say(page, "\n".join(one["sentences"]))
    expect(page.get_by_text("I check that nothing in it goes beyond")).to_be_in_viewport()
    expect(page.locator(".plan")).to_have_count(0)
    expect(page.locator(".tools")).to_be_visible()
    expect(page.get_by_text("I check that nothing in it goes beyond")).to_have_count(0)


@pytest.mark.sampled(2)
@pytest.mark.parametrize("scripted", [True, False])
def test_a_chip_is_put_right_with_one_tap_and_the_plan_made_anew(open_page: Open, site: Site, scripted: bool) -> None:
    page = open_page(width=390, java_script_enabled=scripted)
    told(page, site, case())
    if scripted:
        page.locator(".read-account > summary").click()
    page.locator(".read-line > summary", has_text="Ruben has gone cool towards me").click()
    rather = page.locator(".read-line[open] [data-rather] button").first
    words = rather.inner_text()
    rather.click()
    expect(page.locator(".turn")).to_have_count(2)
    for _ in ("as it arrived", "after a reload"):
        last = page.locator(".turn").last
        expect(last.locator(".tapped").first).to_contain_text(f"Rather: {words}")
        expect(last.locator(".plan .take")).to_be_visible()
        expect(last.locator(".read-line > summary", has_text="Ruben has gone cool")).to_have_count(0)
        expect(last.locator(".read-account > summary")).to_contain_text("Ruben · 4 things")
        page.reload()


@pytest.mark.slow
def test_who_and_what_is_wanted_are_put_right_too(open_page: Open, site: Site) -> None:
    page = open_page()
    told(page, site, case())
    page.locator(".read-line > summary", has_text="Ruben").first.click()
    page.get_by_label("Somebody else").fill("Rubina")
    page.get_by_role("button", name="That is it").click()
    expect(page.locator(".turn").last.locator(".tools")).to_be_visible()
    page.reload()
    expect(page.locator(".turn").last.locator(".tapped").first).to_contain_text("It is about Rubina")
    unfold(page)
    accessible(page)
    fits(page)


def test_stopped_or_reloaded_a_turn_is_there_as_far_as_it_came(open_page: Open, site: Site) -> None:
    one = case()
    site.answers.answer = one["answer"]
    site.says(pause=0.05)
    page = open_page()
    say(page, "\n".join(one["sentences"]))
    expect(page.locator(".reply")).to_contain_text(sentences(one["answer"]["answer"])[0])
    other = open_page(page.url.removeprefix(site.address))
    expect(other.locator(".read-account")).to_be_visible()
    expect(other.locator(".turn")).to_contain_text("still being answered, in another tab")
    page.get_by_role("button", name="Stop").click()
    expect(page.get_by_text("Stopped. Your words")).to_be_visible()
    page.wait_for_timeout(200)
    page.reload()
    expect(page.locator(".reply")).to_contain_text(sentences(one["answer"]["answer"])[0])
    expect(page.locator(".read-account")).to_be_visible()
    expect(page.locator(".turn")).to_contain_text("This reply was cut short")
    assert site.server.hung_up >= 1


def test_the_card_offered_meanwhile_gives_way_to_the_answer(
    open_page: Open, site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("coach.answering.author.SILENT", 0.1)
    one = case()
    site.answers.answer = one["answer"]
    site.says(first_token=1.0)
    page = open_page()
    say(page, "\n".join(one["sentences"]))
    expect(page.locator("form.askcard")).to_be_visible()
    expect(page.locator(".plan .take")).to_be_visible()
    expect(page.get_by_text("The answer came, so the card offered meanwhile is put away.")).to_be_visible()
    expect(page.locator("form.askcard")).to_have_count(0)


def test_who_taps_while_the_language_model_is_silent_ends_its_stream(
    open_page: Open, site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("coach.answering.author.SILENT", 0.1)
    one = case()
    site.answers.answer = one["answer"]
    site.server.always = Murmuring()
    page = open_page()
    say(page, "\n".join(one["sentences"]))
    card = page.locator("form.askcard")
    expect(card).to_be_visible()
    site.says()
    card.get_by_role("radio", name="Ruben").click()
    card.locator("summary", has_text="What happened?").click()
    card.locator("[data-lines] input").first.click()
    card.get_by_role("button", name="Make the plan").click()
    expect(page.locator(".turn")).to_have_count(2)
    expect(page.locator(".turn").first).to_contain_text("so the language model was stopped")
    expect(page.locator(".turn").last.locator(".plan .take")).to_be_visible()
    deadline = time.monotonic() + 5
    while not site.server.hung_up and time.monotonic() < deadline:
        page.wait_for_timeout(50)
    assert site.server.hung_up == 1


@pytest.mark.slow
def test_what_was_told_of_a_step_and_what_was_agreed_are_noted_with_one_press(open_page: Open, site: Site) -> None:
    page = open_page(width=390)
    told(page, site, case())
    later = copy.deepcopy(LATER["g01"][0])
    later["answer"] |= {"patch": None, "agreed": {"day": "Thursday", "time": "at 4", "place": None, "channel": None}}
    later["answer"]["agreed"]["wording"] = None
    later["answer"]["outcome"] |= {"happened": "went_well", "words": "Told him before we opened"}
    site.answers.answer = later["answer"]
    say(page, later["user"] + " We agreed on Thursday at 4.")
    offered = page.locator(".turn").last.locator(".offers")
    expect(offered.get_by_role("button", name="Put it on Today for Thursday")).to_be_visible()
    accessible(page)
    offered.get_by_role("button", name="Put it on Today for Thursday").click()
    expect(offered).to_contain_text("It is on Today for Thursday")
    offered.get_by_role("button", name="Note: step 1, it went well").click()
    expect(offered).to_contain_text("Noted.")
    page.reload()
    expect(page.locator(".offers")).to_contain_text("Noted.")


@pytest.mark.slow
def test_a_turn_that_goes_on_by_taps_says_why(open_page: Open, site: Site) -> None:
    one = case()
    one["answer"]["plan"]["first_step"]["minutes"] = 45
    site.answers.answer = one["answer"]
    site.answers.again = {"first_step": one["answer"]["plan"]["first_step"]}
    page = open_page(width=320)
    say(page, "\n".join(one["sentences"]))
    for _ in ("as it arrived", "after a reload"):
        expect(page.locator("form.askcard")).to_be_visible()
        expect(page.locator(".turn")).to_contain_text("so I go on by taps")
        page.reload()
    accessible(page)
    fits(page)


@pytest.mark.slow
def test_a_changed_plan_shows_the_step_that_is_new(open_page: Open, site: Site) -> None:
    page = open_page()
    told(page, site, case())
    later = copy.deepcopy(LATER["g01"][0])
    told(page, site, {"answer": later["answer"], "sentences": [later["user"]]})
    for _ in ("as it arrived", "after a reload"):
        card = page.locator(".turn").last.locator(".plan")
        expect(card.locator(".first")).to_contain_text("If you see my initials on a mistake")
        expect(card.locator(".first .main")).to_be_visible()
        page.reload()
