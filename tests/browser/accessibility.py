"""axe-core on an open page, in light and dark: ``accessible(page)`` in any browser test.

axe-core itself (MPL-2.0) comes with the package axe-playwright-python; nothing is fetched. It is evaluated by the
browser's own tools, so the page's Content-Security-Policy stays as it is.
"""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import Any

from playwright.sync_api import Page

_RUN = """async (rules) => {
  const only = rules.length ? {runOnly: {type: "rule", values: rules}} : {};
  const found = await axe.run(document, {resultTypes: ["violations"], ...only});
  const told = (node) => node.target.join(" ") + ": " + node.failureSummary;
  return found.violations.map(({id, help, nodes}) => ({id, help, nodes: nodes.map(told)}));
}"""


_SETTLED = '; axe.configure({checks: [{id: "color-contrast", options: {ignorePseudo: true}}]}); null'
"""Contrast is told even where something drawn before or after an element might lie behind it: axe-core would leave that
undecided, and looks for it at every element, which takes a third of its time."""


_UNFOLD = """() => {
  for (const each of document.querySelectorAll("main details")) { each.removeAttribute("name"); each.open = true; }
}"""


@cache
def _axe() -> str:
    return (files("axe_playwright_python") / "axe.min.js").read_text(encoding="utf-8")


_OF_COLOUR = ("color-contrast", "link-in-text-block")
"""The rules whose answer depends on the colour scheme; all others need asking once."""


def violations(page: Page, rules: tuple[str, ...] = ()) -> list[str]:
    """Return what axe-core finds wrong on a page as it stands, a line for each rule with the first places.

    ``rules``: ask these alone; all of them when empty.
    """
    if not page.evaluate("'axe' in window"):
        page.evaluate(_axe() + _SETTLED)
    found: list[dict[str, Any]] = page.evaluate(_RUN, rules)
    return [f"{each['id']}: {each['help']}\n    " + "\n    ".join(each["nodes"][:3]) for each in found]


def unfold(page: Page) -> None:
    """Open every fold of the page."""
    page.evaluate(_UNFOLD)


def accessible(page: Page, schemes: tuple[str, ...] = ("light", "dark")) -> None:
    """Fail when axe-core finds anything, in any of the colour schemes. Folds are looked at as they stand."""
    wrong = []
    for n, scheme in enumerate(schemes):
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        wrong += [f"{page.url} ({scheme}) {each}" for each in violations(page, _OF_COLOUR if n else ())]
    assert not wrong, "\n".join(wrong)


def fits(page: Page) -> None:
    """Nothing is wider than the screen."""
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), page.url
