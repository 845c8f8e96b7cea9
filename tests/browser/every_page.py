"""Every page as axe-core sees it: ``python -m tests.browser.every_page``. By hand, for it takes more than a minute.

At 320 and 1280 px, light and dark, folds closed and open, in a full journal: what axe-core finds, what is wider than
the screen, and what a page says on the console. Returns 1 when there is anything.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator
from functools import partial
from pathlib import Path

from playwright.sync_api import ConsoleMessage, Page, sync_playwright

sys.path.insert(0, str(Path(__file__).parents[1]))
from browser.accessibility import _OF_COLOUR, unfold, violations
from browser.test_ask_page import answered, asked, planned
from browsers import FLAGS, installed
from coach.app import build, new_id
from coach.app import now as clock
from coach.settings import read
from coach.web import Parts
from sample_circle import fill_circle
from sample_team import fill_team
from serving import COOKIES, serving

PATHS = (
    "", "today", "week", "journal", "journal?q=corrected", "log", "people", "people/p3", "people/r1",
    "people/p3/report",
    "people/r1/one-to-one", "map", "map/stock", "team", "messages", "messages?moment=p2-m0", "sessions", "principles",
    "principles/intentions-vary-ask", "settings", "settings/language-model", "privacy", "calendar", "import",
    "conversations", "moments/p2-m0", "offline",
)  # fmt: skip
WIDTHS = (320, 1280)
NAMESAKES = Path(__file__).parents[1] / "foreign" / "others" / "macos.vcf"


async def _parts(folder: Path, made: dict[str, str]) -> Parts:
    parts = await build(read({"COACH_DATA": str(folder)}), clock=clock, new_id=new_id)
    await fill_circle(parts.journal, clock())
    await fill_team(parts.journal, clock())
    made["plan"] = (await parts.conversation.plan("me", "p2", clock())).id
    return parts


def wrong(page: Page) -> list[str]:
    """Return what is wrong with an open page."""
    found = []
    for n, scheme in enumerate(("light", "dark")):
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        found += [f"{scheme}: {each}" for each in violations(page, _OF_COLOUR if n else ())]
    unfold(page)
    found += [f"unfolded: {each}" for each in violations(page)]
    if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
        found.append("it is wider than the screen")
    return found


def states(page: Page, address: str) -> Iterator[str]:
    """Bring the page, with what is done there, into the states that no address shows; yield what each is."""
    page.goto(f"{address}/import")
    page.get_by_label("A file from another program").set_input_files(NAMESAKES)
    page.get_by_role("button", name="Look inside").click()
    page.get_by_role("heading", name="Who are these?").wait_for()
    yield "a file before it is taken"
    page.goto(f"{address}/sessions")
    page.locator("#weekly_review").get_by_role("button").click()
    page.get_by_role("button", name="Skip").wait_for()
    yield "a session"
    page.goto(f"{address}/messages")
    page.get_by_label("The message").fill("You never deliver. Sorry if you felt attacked.")
    page.get_by_role("heading", name="What may land badly").wait_for()
    yield "a message that may land badly"
    page.goto(f"{address}/")
    card = asked(page)
    yield "the card"
    answered(card)
    card.get_by_role("button", name="Make the plan").click()
    planned(page)
    yield "a plan"
    page.get_by_role("button", name="Take it on").first.click()
    page.get_by_text("Taken on.").wait_for()
    yield "a plan that is taken on"


def _heard(told: list[str], said: ConsoleMessage) -> None:
    if said.type == "error":
        told.append(f"console: {said.text}")


def main() -> int:
    """Look at every page; print what is wrong."""
    made: dict[str, str] = {}
    told: list[str] = []
    seen = 0
    with (
        sync_playwright() as playwright,
        tempfile.TemporaryDirectory() as folder,
        serving(partial(_parts, Path(folder), made)) as address,
    ):
        browser = playwright.chromium.launch(executable_path=installed(), args=FLAGS.split())
        for width in WIDTHS:
            context = browser.new_context(viewport={"width": width, "height": 844}, service_workers="block")
            context.add_cookies([{"name": name, "value": value, "url": address} for name, value in COOKIES.items()])
            page = context.new_page()
            page.on("console", partial(_heard, told))
            for path in (*PATHS, f"plans/{made['plan']}"):
                page.goto(f"{address}/{path}")
                told += [f"/{path} at {width} px: {each}" for each in wrong(page)]
            for state in states(page, address):
                told += [f"{state} at {width} px: {each}" for each in wrong(page)]
                seen += 1
        browser.close()
    pages = len(PATHS) + 1 + seen // len(WIDTHS)
    print("\n".join(told) or f"{pages} pages at {len(WIDTHS)} widths: nothing is wrong")
    return 1 if told else 0


if __name__ == "__main__":
    sys.exit(main())
