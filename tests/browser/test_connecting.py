"""A single sign-on in Chromium, on two sites: connected on a member's page, and used to come in."""

from __future__ import annotations

import importlib
import warnings
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from browser.test_passkeys import joined
from fakes import fake_parts
from groups import CHEAP
from serving import serving

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # the provider for tests uses what its own library will drop
    mock = importlib.import_module("oidc_provider_mock")

pytestmark = [pytest.mark.browser, pytest.mark.filterwarnings("ignore::DeprecationWarning")]


@pytest.fixture
def address(tmp_path: Path) -> Iterator[str]:
    """A coach with members and a provider; they are under two names, and so two sites."""
    (tmp_path / "secret").write_text("a secret that was agreed on")
    with mock.run_server_in_thread(user_claims=[mock.User(sub="z-1")]) as provider:
        given = {"oidc_client": "coach", "oidc_secret_file": str(tmp_path / "secret")}
        issuer = f"http://localhost:{provider.server_port}"
        with serving(lambda: fake_parts(tmp_path, members=True, cost=CHEAP, oidc_issuer=issuer, **given)) as made:
            yield made


@pytest.mark.slow
def test_a_member_connects_their_sign_on_and_comes_in_by_it(chromium: Browser, address: str, tmp_path: Path) -> None:
    context = chromium.new_context(service_workers="block")
    page = context.new_page()
    page.set_default_timeout(8000)
    joined(page, address, tmp_path)
    page.goto(f"{address}/member")
    page.get_by_role("button", name="Connect").click()
    page.locator("input[name=sub]").fill("z-1")
    page.locator("input[name=sub]").press("Enter")
    page.wait_for_url(f"{address}/member?done=connected")
    context.clear_cookies()
    page.goto(f"{address}/people")
    page.get_by_role("link", name="Sign on with your company").click()
    page.locator("input[name=sub]").fill("z-1")
    page.locator("input[name=sub]").press("Enter")
    page.wait_for_url(f"{address}/signin?to=%2Fpeople")
    expect(page.get_by_text("Only these words open your journal")).to_be_visible()
    context.close()
