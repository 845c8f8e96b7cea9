"""A headless Chromium for the browser tests. Skipped where there is none; COACH_CI=1 insists."""

from __future__ import annotations

import os
import shutil
from contextlib import ExitStack
from typing import TYPE_CHECKING, Any

import pytest

from coach.web.keeper import COOKIE
from serving import COOKIES

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page

KNOWN: Any = {
    "cookies": [
        {
            "name": COOKIE,
            "value": COOKIES[COOKIE],
            "domain": "127.0.0.1",
            "path": "/",
            "expires": -1,
            "httpOnly": True,
            "secure": False,
            "sameSite": "Lax",
        }
    ]
}
"""What a browser has kept in which the link of a coach in a test was opened."""

FLAGS = (
    "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run "
    "--disable-background-networking --disable-component-update --disable-sync "
    "--force-prefers-reduced-motion"  # no frame is drawn of scrolling that glides: a tenth of the time
)


def installed() -> str | None:
    """The Chromium to drive: Debian's build without windows if it is there, for it takes half the time."""
    names = ("chromium-headless-shell", "chromium", "chromium-browser")
    return next((found for name in names if (found := shutil.which(name))), None)


class Driven:
    """One Chromium for all browser tests of a worker.

    It is closed before the first other test: while Playwright's synchronous API is open, its event loop runs in the
    main thread, and no other test on the same worker could start one.
    """

    def __init__(self) -> None:
        self.open: ExitStack | None = None
        self.browser: Browser | None = None
        self.contexts: dict[str, BrowserContext] = {}
        self.free: dict[str, list[Page]] = {}
        self.taken: dict[Page, str] = {}

    def launch(self, path: str) -> Browser:
        from playwright.sync_api import sync_playwright

        if self.browser is None:
            self.open = ExitStack()
            playwright = self.open.enter_context(sync_playwright())
            self.browser = playwright.chromium.launch(executable_path=path, args=FLAGS.split())
            self.open.callback(self.browser.close)
        return self.browser

    def page(self, width: int = 1280, height: int = 800, **options: Any) -> Page:
        """Give a page: one that was put back, or a new one, which takes twice the time.

        Pages with the same options share a context; every test's server is an origin of its own.
        """
        assert self.browser is not None
        key = repr(sorted(options.items()))
        if key not in self.contexts:
            self.contexts[key] = self.browser.new_context(storage_state=KNOWN, **options)
        free = self.free.setdefault(key, [])
        page = free.pop() if free else self.contexts[key].new_page()
        page.set_viewport_size({"width": width, "height": height})
        self.taken[page] = key
        return page

    def put_back(self, page: Page, quiet: str) -> None:
        """Take a page back, and leave it as a new one is. ``quiet``: an address of its server where nothing goes on."""
        key = self.taken.pop(page)
        if page.is_closed():
            return
        page.unroute_all(behavior="ignoreErrors")
        page.emulate_media(media="null", color_scheme="null")
        page.mouse.move(-1, -1)
        page.goto(quiet)
        self.free[key].append(page)

    def close(self) -> None:
        if self.open is not None:
            self.open.close()
        self.open = self.browser = None
        self.contexts.clear()
        self.free.clear()
        self.taken.clear()


DRIVEN = Driven()


@pytest.fixture
def chromium() -> Browser:
    """Debian's Chromium."""
    found = installed()
    if found is None:
        if os.environ.get("COACH_CI") == "1":
            pytest.fail("Chromium is missing. Install it: apt install chromium-headless-shell")
        pytest.skip("needs Chromium (apt install chromium-headless-shell, or chromium)")
    return DRIVEN.launch(found)


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """Close Chromium once no browser test is left."""
    if item.get_closest_marker("browser") is None:
        DRIVEN.close()


def pytest_sessionfinish() -> None:
    """Close Chromium when browser tests came last."""
    DRIVEN.close()
