"""The pictures in docs/, of the real coach on a phone and on a desk: ``python -m tests.browser.pictures [FOLDER]``.

The journal is made up. Pictures of everything, around a scripted coach, are taken by ``screenshots``.
"""

from __future__ import annotations

import sys
import tempfile
from functools import partial
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

sys.path.insert(0, str(Path(__file__).parents[1]))
import fakes
from browser.test_ask_page import answered, planned, question
from browsers import FLAGS, KNOWN, installed
from coach.app import build, new_id
from coach.app import now as clock
from coach.settings import read
from coach.web import Parts
from coach.web.outcomes import take_on
from sample_circle import fill_circle
from sample_team import fill_team
from serving import serving

DOCS = Path(__file__).parents[2] / "docs"
SIZES = {"phone": (360, 780, "dark"), "desk": (1280, 860, "light")}
WEEK = (
    "A long week. The audit ate it, and I cancelled two one-to-ones.",
    "I want nobody in the team to go a month without a real talk with me.",
)


async def _parts(data: Path) -> Parts:
    parts = await build(read({"COACH_DATA": str(data)}), clock=clock, new_id=new_id)
    now = clock()
    await fill_circle(parts.journal, now)
    await fill_team(parts.journal, now)
    plan = await parts.conversation.plan("me", "p2", now)
    await take_on(parts.journal, "me", plan.steps[0].id, now.date(), now)
    return parts


def main(folder: Path = DOCS) -> None:
    """Take the pictures into a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=installed(), args=FLAGS.split())
        for name in SIZES:
            with tempfile.TemporaryDirectory() as data, serving(partial(_parts, Path(data))) as address:
                _tour(browser, address, name, folder)
        browser.close()


def _tour(browser: Browser, address: str, name: str, folder: Path) -> None:
    width, height, scheme = SIZES[name]
    context = browser.new_context(
        storage_state=KNOWN,
        viewport={"width": width, "height": height},
        color_scheme=scheme,
        service_workers="block",
        reduced_motion="reduce",
    )  # type: ignore[arg-type]
    page = context.new_page()

    def take(what: str) -> None:
        page.wait_for_load_state("load")
        page.screenshot(path=folder / f"{what}-{name}.png")

    page.goto(f"{address}/")
    _say(page, fakes.STORY)
    card = page.locator("form.askcard")
    answered(card)
    question(card, "What happened?")
    card.evaluate("it => it.scrollIntoView({block: 'start'})")
    take("ask")
    card.get_by_role("button", name="Make the plan").click()
    planned(page)
    page.locator("#stop").wait_for(state="hidden")
    page.locator(".plan .headline").last.evaluate("it => it.scrollIntoView({block: 'start'})")
    page.evaluate("window.scrollBy(0, -16)")
    take("chat")
    for what, path in (
        ("today", "today"),
        ("journal", "journal"),
        ("person", "people/p3"),
        ("map", "map"),
        ("team", "team"),
    ):
        page.goto(f"{address}/{path}")
        take(what)
    page.goto(f"{address}/messages")
    page.get_by_label("To", exact=True).fill("Maya Quill")
    page.get_by_text("An apology").click()
    page.locator("#words").fill(
        "Hi Maya,\n\nI am sorry if you felt left out on Monday, but I was in a hurry. I should have asked you before."
    )
    page.locator(".warnings li").first.wait_for()
    take("message")
    page.goto(f"{address}/sessions")
    page.get_by_role("button", name="Start").first.click()
    for said in WEEK:
        _say(page, said)
    take("session")
    context.close()


def _say(page: Page, text: str) -> None:
    before = page.locator("article.turn").count()
    page.locator("textarea").last.fill(text)
    page.get_by_role("button", name="Send", exact=True).click()
    page.locator(f"article.turn >> nth={before}").wait_for()
    page.locator("article.turn").last.locator("[data-slot=status]").wait_for(state="hidden")
    page.locator("#stop").wait_for(state="hidden")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else DOCS)
