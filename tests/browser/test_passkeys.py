"""A passkey in Chromium, with a virtual authenticator: it opens the journal, and without it the password still does."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from coach.app import new_id, now
from coach.domain.members import Role
from coach.group import group
from coach.settings import Settings
from fakes import fake_parts
from groups import CHEAP, PASSWORD
from postgres import in_thread
from serving import serving

pytestmark = pytest.mark.browser


@pytest.fixture
def address(tmp_path: Path) -> Iterator[str]:
    """A coach with members, under a name: there are no passkeys for bare numbers."""
    with serving(lambda: fake_parts(tmp_path, members=True, cost=CHEAP)) as made:
        yield made.replace("127.0.0.1", "localhost")


@contextmanager
def visiting(chromium: Browser, *, prf: bool) -> Iterator[tuple[BrowserContext, Page]]:
    """A browser with an authenticator; ``prf``: it can work out a secret."""
    context = chromium.new_context(service_workers="block")
    page = context.new_page()
    page.set_default_timeout(8000)
    devices = context.new_cdp_session(page)
    devices.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2", "ctap2Version": "ctap2_1", "transport": "internal", "hasResidentKey": True,
        "hasUserVerification": True, "isUserVerified": True, "automaticPresenceSimulation": True, "hasPrf": prf,
    }  # fmt: skip
    devices.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    yield context, page
    context.close()


def joined(page: Page, address: str, folder: Path) -> None:
    """Join by a link from the terminal, and write down the code."""
    links: list[str] = []

    async def invited() -> None:
        there = await group(Settings(data=folder, members=True), now, new_id, CHEAP)
        links.append(await there.roster.invite(None, Role.ADMIN))
        await there.close()

    in_thread(invited())
    page.goto(f"{address}/join/{links[0]}")
    page.locator("#login").fill("zoe")
    page.locator("#password").fill(PASSWORD)
    page.locator("#again").fill(PASSWORD)
    page.locator("main form button").last.click()
    code = page.locator("#code").inner_text()
    page.locator("#typed").fill(code[-4:])
    page.locator("main form button").last.click()
    page.wait_for_url("**/member?done=code")


def test_a_passkey_opens_the_journal_and_when_it_is_removed_the_password_does(
    chromium: Browser, address: str, tmp_path: Path
) -> None:
    with visiting(chromium, prf=True) as (context, page):
        joined(page, address, tmp_path)
        page.get_by_role("button", name="Make a passkey").click()
        page.wait_for_url("**/member?done=passkey")
        expect(page.get_by_text("A passkey since")).to_be_visible()
        context.clear_cookies()
        page.goto(f"{address}/people")
        page.get_by_role("button", name="Use a passkey").click()
        page.wait_for_url(f"{address}/people")
        page.goto(f"{address}/member")
        page.get_by_role("button", name="Remove").click()
        page.wait_for_url("**/member?done=passkey")
        context.clear_cookies()
        page.goto(f"{address}/signin")
        page.get_by_role("button", name="Use a passkey").click()
        expect(page.get_by_text("opens nothing here")).to_be_visible()
        page.get_by_label("Login").fill("zoe")
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("button", name="Sign in", exact=True).click()
        page.wait_for_url(f"{address}/")


def test_one_that_works_out_no_secret_is_not_taken(chromium: Browser, address: str, tmp_path: Path) -> None:
    with visiting(chromium, prf=False) as (_, page):
        joined(page, address, tmp_path)
        page.get_by_role("button", name="Make a passkey").click()
        expect(page.get_by_text("works out no secret")).to_be_visible()
        page.goto(f"{address}/member")
        expect(page.get_by_text("A passkey since")).to_have_count(0)
