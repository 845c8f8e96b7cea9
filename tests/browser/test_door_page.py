"""A browser at the door: let in by the link or by pasting, and nothing is lost when its cookie is an old one."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

import fakes
from browser.sites import Site
from coach.door import Token

pytestmark = pytest.mark.browser

BOX = "What happened, in your own words"


def test_a_stranger_pastes_the_token_and_comes_to_the_page_they_wanted(
    chromium: Browser, site: Site, tmp_path: Path
) -> None:
    context = chromium.new_context(service_workers="block")
    page = context.new_page()
    page.goto(f"{site.address}/people")
    expect(page.get_by_role("heading", name="does not know this browser")).to_be_visible()
    page.get_by_label("paste the link or the token").fill("wrong")
    page.get_by_role("button", name="Open the coach").click()
    expect(page.get_by_role("heading", name="That is not the token")).to_be_visible()
    page.get_by_label("paste the link or the token").fill(Token(tmp_path).value())
    page.get_by_role("button", name="Open the coach").click()
    page.wait_for_url(f"{site.address}/**")
    expect(page.get_by_role("link", name="People").first).to_be_visible()
    assert Token(tmp_path).value() not in page.url + page.evaluate("document.cookie + document.referrer")
    context.close()


def test_words_wait_in_the_browser_when_its_cookie_is_an_old_one(chromium: Browser, site: Site, tmp_path: Path) -> None:
    context = chromium.new_context(service_workers="block")
    page = context.new_page()
    page.goto(Token(tmp_path).link(site.address))
    Token(tmp_path).renew()
    page.get_by_label(BOX).fill(fakes.STORY)
    page.get_by_role("button", name="Send", exact=True).click()
    expect(page.get_by_text("coach link").first).to_be_visible()
    page.goto(Token(tmp_path).link(site.address))  # in this very tab
    expect(page.get_by_label(BOX)).to_have_value(fakes.STORY)
    assert page.url == f"{site.address}/"
    context.close()


def test_moments_that_wait_go_on_waiting_until_the_browser_is_known_again(
    chromium: Browser, site: Site, tmp_path: Path
) -> None:
    context = chromium.new_context(service_workers="block")
    page = context.new_page()
    page.goto(Token(tmp_path).link(site.address))
    entry = {"what": "Tom went quiet.", "who": "Tom", "by": "them", "channel": "chat", "landed": "harmed"}
    sync = """async (entry) => {
      const queue = await import(document.querySelector('script[src$="main.js"]').src.replace("main.js", "queue.js"));
      if (entry) queue.add(entry);
      return [await queue.sync(), queue.waiting().map((each) => each.who)];
    }"""
    Token(tmp_path).renew()
    assert page.evaluate(sync, entry) == [0, ["Tom"]]
    page.goto(Token(tmp_path).link(site.address))
    page.evaluate(sync, None)  # the page does it by itself, too; whichever comes first
    assert page.evaluate(sync, None) == [0, []]
    kept = page.evaluate("fetch('/api/moments').then((it) => it.json())")["moments"]
    assert [each["what"] for each in kept] == ["Tom went quiet."]
    context.close()
