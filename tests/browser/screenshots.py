"""Pictures of the main pages, for docs/ and for looking at: ``python -m tests.browser.screenshots [FOLDER]``.

Every page at 360, 768 and 1280 px, light and dark, around a scripted coach; docs/ gets two of them.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

sys.path.insert(0, str(Path(__file__).parents[1]))
import fakes
from browser.conftest import FLAGS
from serving import fake_parts, serving

DOCS = Path(__file__).parents[2] / "docs"
SIZES = {360: 780, 768: 1024, 1280: 900}


def main(folder: Path) -> None:
    """Take all pictures into a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=FLAGS.split())
        for width in SIZES:
            for scheme in ("light", "dark"):
                _tour(browser, width, scheme, folder)
        browser.close()


def _tour(browser: Browser, width: int, scheme: str, folder: Path) -> None:
    with tempfile.TemporaryDirectory() as data, serving(lambda: fake_parts(Path(data))) as address:
        _pages(browser, address, width, scheme, folder)


def _pages(browser: Browser, address: str, width: int, scheme: str, folder: Path) -> None:
    context = browser.new_context(viewport={"width": width, "height": SIZES[width]}, color_scheme=scheme)  # type: ignore[arg-type]
    page = context.new_page()

    def take(name: str, *, whole: bool = True) -> None:
        page.wait_for_load_state("load")
        page.screenshot(path=folder / f"{name}-{width}-{scheme}.png", full_page=whole)

    page.goto(f"{address}/")
    take("home")
    page.get_by_label("What happened, in your own words").fill(fakes.STORY)
    page.get_by_role("button", name="Send").click()
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
    context.close()


def _open_everything(page: Page) -> None:
    page.locator(".steps .source summary").first.click()
    page.locator(".steps .more summary").first.click()
    page.locator(".plan .actions summary").first.click()
    page.locator(".proposal .more summary").first.click()
    page.locator(".plan > .more summary").click()


if __name__ == "__main__":
    if len(sys.argv) > 1:
        main(Path(sys.argv[1]))
    else:
        with tempfile.TemporaryDirectory() as taken:
            main(Path(taken))
            DOCS.mkdir(exist_ok=True)
            for name in ("chat-1280-light", "chat-360-dark"):
                (DOCS / f"{name}.png").write_bytes((Path(taken) / f"{name}.png").read_bytes())
