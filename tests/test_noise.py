"""Curly quotes, wide letters, odd spaces, capitals and misspelling change neither the kind nor the route of a message.

The messages are every other one of the development cases; what is checked is sameness, not rightness. Each way of
typing gets a share of them, so that all together every message is typed oddly at least once.
"""

from __future__ import annotations

import json
import random
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from coach.domain.letters import placed
from coach.domain.readings import ROUTES, Kind
from coach.knowledge.library import Library
from coach.safety.floor import judge, judged

CASES = Path(__file__).parents[1] / "evals" / "cases" / "dev_cases.jsonl"
MESSAGES = [json.loads(line)["message"] for line in CASES.read_text(encoding="utf-8").splitlines()][::2]


def curly(text: str) -> str:
    return re.sub(r'"([^"]*)"', "“\\1”", text.replace("'", "’"))


def wide(text: str) -> str:
    return "".join(chr(ord(mark) + 0xFEE0) if mark.isascii() and mark.isalnum() else mark for mark in text)


def spaced(text: str) -> str:
    return "  " + text.replace(" ", " \u00a0") + " \n"


def hidden(text: str) -> str:
    return re.sub(r"(\w{3})(?=\w)", "\\1\u200b", text)


@pytest.fixture(scope="module")
def kinds(library: Library) -> list[Kind]:
    return [judge(text, library) for text in MESSAGES]


def share(n: int, of: int) -> slice:
    return slice(n, None, of)


EXACT = [curly, wide, spaced, hidden]


@pytest.mark.parametrize("odd", EXACT, ids=lambda each: each.__name__)
def test_how_it_is_typed_changes_no_kind(odd: Callable[[str], str], kinds: list[Kind], library: Library) -> None:
    some = share(EXACT.index(odd), len(EXACT))
    assert [judge(odd(text), library) for text in MESSAGES[some]] == kinds[some]


@pytest.mark.parametrize("odd", [str.upper, str.lower], ids=lambda each: each.__name__)
def test_capitals_change_hardly_a_route(odd: Callable[[str], str], kinds: list[Kind], library: Library) -> None:
    some = share(odd is str.lower, 2)
    routes = [ROUTES[judge(odd(text), library)] for text in MESSAGES[some]]
    assert sum(one is ROUTES[two] for one, two in zip(routes, kinds[some], strict=True)) >= len(routes) - 1


def misspelt(text: str, seed: int) -> str:
    """Swap two letters inside every sixth long word or so."""
    chance = random.Random(seed)

    def swapped(word: re.Match[str]) -> str:
        if chance.random() > 1 / 6:
            return word[0]
        at = chance.randrange(1, len(word[0]) - 2)
        return word[0][:at] + word[0][at + 1] + word[0][at] + word[0][at + 2 :]

    return re.sub(r"[a-z]{6,}", swapped, text)


def test_misspelling_changes_hardly_a_route(library: Library) -> None:
    some = MESSAGES[share(0, 2)]
    found = [(judged(text, library), judged(misspelt(text, 1), library)) for text in some]
    same = [ROUTES[one.kind] is ROUTES[two.kind] for one, two in found]  # harm that is asked about is not lost
    assert sum(same) >= 0.8 * len(same)


def test_plain_text_keeps_its_places() -> None:
    assert placed("I said hello.") == ("I said hello.", range(14))
    assert placed("ａ\u200bb  c")[0] == "ab c"
    assert list(placed("ａ\u200bb  c")[1]) == [0, 2, 3, 5, 6]
