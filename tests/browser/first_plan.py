"""How much later the page shows a plan than the API sends it: ``python -m tests.browser.first_plan``. A benchmark.

The real server, dev cases told in turn to each, once before to warm it: what both share is then least. API: from the
request to the whole ``plan`` event. Page: from the click on Send to the plan in the document, by its clock.
"""

from __future__ import annotations

import sys
import tempfile
import time
from pathlib import Path
from statistics import median

import httpx
from playwright.sync_api import Page, sync_playwright

sys.path.insert(0, str(Path(__file__).parents[1]))
from browsers import FLAGS, installed
from coach.door import Token
from evals.cases import HERE, load_cases
from evals.served import bearer, running

CASES = 12
_WATCH = """() => {
  window.shown = new Promise((done) => {
    const look = () => document.querySelector(".plan") && done(performance.now());
    new MutationObserver(look).observe(document.body, {childList: true, subtree: true});
  });
  const send = document.querySelector("#send");
  send.addEventListener("click", () => { window.clicked = performance.now(); }, {capture: true});
}"""


def main() -> None:
    """Print the median of each way, and their ratio."""
    messages = [case.message for case in load_cases(HERE / "dev_cases.jsonl") if case.kind in {"repair", "maintain"}]
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright, running(Path(folder)) as (_, url):
        browser = playwright.chromium.launch(executable_path=installed(), args=FLAGS.split())
        page = browser.new_context(service_workers="block").new_page()
        page.goto(Token(Path(folder)).link(url))
        known = bearer(Path(folder))
        api, seen = [], []
        for n, message in enumerate(messages[: CASES + 2]):
            _asked(url, message, known)  # from here on its vectors are known to both
            pair = (_asked(url, message, known), _shown(page, url, message))
            if n >= 2:  # the first two warm both
                api.append(pair[0])
                seen.append(pair[1])
        browser.close()
    print(f"plan sent by the API {median(api):.0f} ms, on the page {median(seen):.0f} ms: ", end="")
    print(f"{median(s / a for s, a in zip(seen, api, strict=True)):.2f} times (median of {len(api)})")


def _asked(url: str, message: str, known: dict[str, str]) -> float:
    began = time.perf_counter()
    with httpx.stream("POST", f"{url}/api/chat", json={"text": message}, headers=known, timeout=60) as reply:
        planned = False
        for line in reply.iter_lines():
            planned = planned or line == "event: plan"
            if planned and not line:
                return (time.perf_counter() - began) * 1000
    raise RuntimeError("no plan came")


def _shown(page: Page, url: str, message: str) -> float:
    page.goto(url)
    page.get_by_label("What happened, in your own words").fill(message)
    page.evaluate(_WATCH)
    page.locator("#send").click()
    took: float = page.evaluate("window.shown.then((at) => at - window.clicked)")
    page.locator("#stop").wait_for(state="hidden")
    return took


if __name__ == "__main__":
    main()
