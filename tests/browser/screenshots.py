"""Pictures of all pages, for looking at: ``python -m tests.browser.screenshots FOLDER``.

Every page at 360, 768 and 1280 px, light and dark, around a scripted coach.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

sys.path.insert(0, str(Path(__file__).parents[1]))
import fakes
from browsers import FLAGS, KNOWN, installed
from coach.web import Parts
from coach.web.outcomes import take_on
from sample_circle import fill_circle
from sample_team import fill_team
from serving import fake_parts, serving
from test_session_pages import ANSWERS

Take = Callable[..., None]
FOREIGN = Path(__file__).parents[1] / "foreign"
SIZES = {360: 780, 768: 1024, 1280: 900}


def main(folder: Path) -> None:
    """Take all pictures into a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=installed(), args=FLAGS.split())
        for width in SIZES:
            for scheme in ("light", "dark"):
                _tour(browser, width, scheme, folder)
                _circle(browser, width, scheme, folder)
                _team(browser, width, scheme, folder)
        browser.close()


def _circle(browser: Browser, width: int, scheme: str, folder: Path) -> None:
    """The pages about people, with the journal of somebody a year on."""

    async def make(data: Path) -> Parts:
        parts = await fake_parts(data)
        await fill_circle(parts.journal, fakes.NOW)
        plan = await parts.conversation.plan("me", "p2", fakes.NOW)
        await take_on(parts.journal, "me", plan.steps[0].id, fakes.NOW.date(), fakes.NOW)
        await take_on(parts.journal, "me", plan.steps[1].id, None, fakes.NOW)
        return parts

    with tempfile.TemporaryDirectory() as data, serving(lambda: make(Path(data))) as address:
        size = {"width": width, "height": SIZES[width]}
        context = browser.new_context(storage_state=KNOWN, viewport=size, color_scheme=scheme)  # type: ignore[arg-type]
        page = context.new_page()
        for name in ("today", "people", "people/p3", "people/p3/report", "map", "map/stock", "calendar", "import"):
            page.goto(f"{address}/{name}")
            page.screenshot(path=folder / f"circle-{name.replace('/', '-')}-{width}-{scheme}.png", full_page=True)
        page.get_by_label("A file from another program").set_input_files(FOREIGN / "monica.json")
        page.get_by_role("button", name="Look inside").click()
        page.screenshot(path=folder / f"circle-import-file-{width}-{scheme}.png", full_page=True)
        context.close()


def _team(browser: Browser, width: int, scheme: str, folder: Path) -> None:
    """The pages of somebody who leads."""

    async def make(data: Path) -> Parts:
        parts = await fake_parts(data)
        await fill_team(parts.journal, fakes.NOW)
        return parts

    with tempfile.TemporaryDirectory() as data, serving(lambda: make(Path(data))) as address:
        size = {"width": width, "height": SIZES[width]}
        context = browser.new_context(storage_state=KNOWN, viewport=size, color_scheme=scheme)  # type: ignore[arg-type]
        page = context.new_page()
        for name in ("team", "people/r3/one-to-one", "sessions"):
            page.goto(f"{address}/{name}")
            page.screenshot(path=folder / f"team-{name.replace('/', '-')}-{width}-{scheme}.png", full_page=True)
        page.locator("#weekly_review button").click()
        page.locator("#answer").wait_for()
        for n, text in enumerate(ANSWERS):
            if not page.locator("#answer").count():
                break
            page.locator("#answer").fill(text)
            page.locator("#send").click()
            page.locator("#turns .turn").nth(n + 1).locator(".reply:not([aria-busy])").wait_for()
            if n == 2:
                page.screenshot(path=folder / f"team-session-{width}-{scheme}.png")
        page.screenshot(path=folder / f"team-session-over-{width}-{scheme}.png")
        page.get_by_role("link", name="The summary").click()
        page.wait_for_url("**/summary")
        page.screenshot(path=folder / f"team-summary-{width}-{scheme}.png", full_page=True)
        context.close()


def _tour(browser: Browser, width: int, scheme: str, folder: Path) -> None:
    with tempfile.TemporaryDirectory() as data, serving(lambda: fake_parts(Path(data))) as address:
        _pages(browser, address, width, scheme, folder)


def _pages(browser: Browser, address: str, width: int, scheme: str, folder: Path) -> None:
    context = browser.new_context(
        storage_state=KNOWN,
        viewport={"width": width, "height": SIZES[width]},
        color_scheme=scheme,
        service_workers="block",
    )  # type: ignore[arg-type]
    page = context.new_page()

    def take(name: str, *, whole: bool = True) -> None:
        page.wait_for_load_state("load")
        page.screenshot(path=folder / f"{name}-{width}-{scheme}.png", full_page=whole)

    page.goto(f"{address}/")
    take("home")
    page.get_by_label("What happened, in your own words").fill(fakes.STORY)
    page.get_by_role("button", name="Send", exact=True).click()
    page.locator(".proposal").nth(1).wait_for()
    page.locator("#stop").wait_for(state="hidden")
    take("chat", whole=False)
    take("chat-whole")
    _open_everything(page)
    take("chat-open")
    page.get_by_role("button", name="Keep this moment").click()
    page.locator(".kept a").first.wait_for()
    for name in ("conversations", "people", "principles", "principles/intentions-vary-ask", "privacy"):
        page.goto(f"{address}/{name}")
        take(name.replace("/", "-"))
    page.goto(f"{address}/people")
    page.locator(".lines a").first.click()
    take("person")
    page.get_by_role("button", name="Make a plan").click()
    page.locator(".outcomes").wait_for()
    take("plan")
    _noting(page, address, take)
    _message(page, address, take)
    context.close()


def _noting(page: Page, address: str, take: Take) -> None:
    """A moment to confirm, a pasted thread, and the page for when nobody answers."""
    page.goto(f"{address}/log")
    page.locator("#note").fill("Ben thanked me in the meeting")
    page.get_by_role("button", name="Read it").click()
    page.locator(".record").wait_for()
    take("log")
    page.get_by_role("button", name="Keep").click()
    page.locator(".kept").wait_for()
    take("log-kept")
    page.locator("#note").fill("Tom: Thanks so much for Friday\nBea: Can you send it?\nTom: Then do what you want")
    page.get_by_role("button", name="Read it").click()
    page.locator(".record").nth(1).wait_for()
    take("log-thread")
    page.goto(f"{address}/offline")
    take("offline")


def _message(page: Page, address: str, take: Take) -> None:
    """An empty message, one with a mark, and the one that goes with a plan."""
    page.goto(f"{address}/messages")
    take("messages")
    page.get_by_label("To", exact=True).fill("Tom")
    page.get_by_text("An apology").click()
    page.locator("#words").fill("Hi Tom,\n\nI am sorry if you felt left out on Monday. I should have asked you before.")
    page.locator(".warnings li").wait_for()
    take("message")
    page.goto(f"{address}/conversations")
    page.locator(".lines a").first.click()
    page.locator("summary", has_text="A message to start from").click()
    page.get_by_role("button", name="Work on it").click()
    page.locator("#share").wait_for()
    take("message-from-plan")
    page.get_by_role("button", name="Not known yet").click()
    take("message-sent")
    page.goto(f"{address}/messages")
    take("messages-kept")


def _open_everything(page: Page) -> None:
    for fold in page.locator("details.part:not([open]) > summary").all():
        fold.click()
    page.locator(".plan .source summary").first.click()
    page.locator(".plan .another summary").click()
    page.locator(".proposal .more summary").first.click()
    for words in ("A message to start from", "Was this of use?"):
        page.locator("summary", has_text=words).click()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
