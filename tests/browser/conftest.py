"""A served coach, and pages that report what a page must not do."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from browser.sites import Site, site_in
from browsers import DRIVEN


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    """Serve a fresh coach."""
    with site_in(tmp_path) as it:
        yield it


@pytest.fixture
def open_page(chromium: Browser, site: Site) -> Iterator[Callable[..., Page]]:
    """Open the site's pages; fails when one logs an error or asks anything of another address."""
    wrong: list[str] = []
    pages = []

    heard: dict[Any, Callable[[Any], None]] = {
        "pageerror": lambda error: wrong.append(str(error)),
        "console": lambda said: wrong.append(said.text) if said.type == "error" else None,
        "request": lambda it: None if it.url.startswith(site.address) else wrong.append(f"asked {it.url}"),
    }

    def opened(path: str = "/", width: int = 1280, **options: Any) -> Page:
        options.setdefault("service_workers", "block")  # one test lets it run; the others want their requests untouched
        page = DRIVEN.page(width, **options)
        pages.append(page)
        page.set_default_timeout(8000)
        for event, hear in heard.items():
            page.on(event, hear)
        page.goto(site.address + path)
        return page

    yield opened
    for page in pages:
        for event, hear in heard.items():
            page.remove_listener(event, hear)
        DRIVEN.put_back(page, f"{site.address}/healthz")
    meant = (
        "ERR_FAILED",
        "ERR_INTERNET_DISCONNECTED",
        "ERR_NETWORK_CHANGED",
        "fetching the script",
    )  # tests that cut the connection
    assert [each for each in wrong if not any(name in each for name in meant)] == []
