"""The scenes in prompts/scenes: their form, their limits, and that every string can be filled for everyone.

Knows prompts/scenes/README.md. Says nothing of which scene fits a message.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import combinations, product
from pathlib import Path
from typing import Any

import pytest

from coach.cues import signals
from coach.domain.drafts import Purpose
from coach.domain.moments import Channel
from coach.domain.plans import OwnPartLevel
from coach.domain.readings import ROUTES, Kind, Route
from coach.domain.stances import Stance
from many import many
from texts import PROMPTS

ROOT = Path(__file__).resolve().parents[1]
SCENES: dict[str, dict[str, Any]] = PROMPTS.scenes
CARDS = {file.stem for file in (ROOT / "knowledge").glob("*.md")} - {"README"}

FIELDS = {
    "about", "by", "signals", "kinds", "like", "stance", "part", "topic", "event", "headline", "open_question",
    "readings", "own_reading", "part_possible", "part_clear", "fact", "question", "steps", "badly", "stop", "sign",
    "unknown", "draft",
}  # fmt: skip
STEP_FIELDS = {"principle", "cue", "action", "say", "avoid", "channel", "minutes", "why"}
NEEDS = {"remote", "upward", "leader", "text", "friend"}
HARM_DONE_TO_THE_USER = (
    "public_correction", "credit_taken", "gossip", "joke_hurt", "confidence_broken", "harsh_words", "copied_boss",
)  # fmt: skip

_SINGULAR = {"is": "is", "was": "was", "has": "has", "does": "does", "s": "s", "es": "es"}
_PLURAL = {"is": "are", "was": "were", "has": "have", "does": "do", "s": "", "es": ""}
_ONE = {"nis": "is", "nhas": "has", "ns": "s", "nes": "es"}
_MANY = {"nis": "are", "nhas": "have", "ns": "", "nes": ""}
_WHO: tuple[dict[str, Any], ...] = (
    {
        "name": "Tom", "Name": "Tom", "call": "Tom", "he": "he", "He": "He", "him": "him",
        "his": "his", **_SINGULAR, **_ONE,
    },
    {
        "name": "Ana", "Name": "Ana", "call": "Ana", "he": "she", "He": "She", "him": "her",
        "his": "her", **_SINGULAR, **_ONE,
    },
    {
        "name": "your colleague", "Name": "Your colleague", "call": "[name]", "he": "they", "He": "They", "him": "them",
        "his": "their", **_PLURAL, **_ONE,
    },
    {
        "name": "the others", "Name": "The others", "call": "all", "he": "they", "He": "They", "him": "them",
        "his": "their", **_PLURAL, **_MANY,
    },
)  # fmt: skip


def _contexts(topic: str) -> Iterator[dict[str, Any]]:
    for who, remote, place in product(_WHO, (True, False), ("peer", "upward", "leader")):
        yield {
            **who,
            "topic": topic,
            "remote": remote,
            "upward": place == "upward",
            "leader": place == "leader",
            "group": who["name"] == "the others",
            "friend": remote,
            "busy": not remote,
            "text": remote,
        }


def _strings(value: Any, path: str = "") -> Iterator[tuple[str, str]]:
    if isinstance(value, str):
        yield path, value
    elif isinstance(value, dict):
        for key, inner in value.items():
            yield from _strings(inner, f"{path}.{key}" if path else str(key))
    elif isinstance(value, list):
        for i, inner in enumerate(value):
            yield from _strings(inner, f"{path}.{i}")


def _said(scene: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """What the coach says: every filled string, with its place. What people type (``like``) is not said."""
    for path, source in _strings({key: value for key, value in scene.items() if key not in {"about", "like"}}):
        tried = set()
        for topic in (scene["topic"], "the meeting on Monday"):
            for values in _contexts(topic):
                seen = tuple(value for name, value in values.items() if name in source)
                if seen not in tried:  # what it does not name makes no difference
                    tried.add(seen)
                    yield path, PROMPTS.fill(source, values)


@pytest.fixture(scope="module")
def said() -> dict[str, list[tuple[str, str]]]:
    return {name: list(dict.fromkeys(_said(scene))) for name, scene in SCENES.items()}


_UNGRAMMATICAL = re.compile(
    r"\bthey (?:is|was|has|does|needs|wants|says)\b|\bs?he (?:are|were|have|do)\b"
    r"|(?<!to )(?<!from )\bthe others (?:is|has|does|needs|says)\b|\bothers's\b|\b(\w+) \1\b"
    r"|\btheir(?:[.,;:?]| to\b| was\b| is\b)"
)


def _words(text: str) -> int:
    return len(text.split())


each = many("name", sorted(SCENES))


@each
def test_a_scene_has_its_fields_and_no_other(name: str) -> None:
    scene = SCENES[name]
    assert set(scene) == FIELDS
    assert set(scene["draft"]) == {"purpose", "text"}
    assert 3 <= len(scene["like"]) <= 6
    assert len(scene["readings"]) == 2
    assert 3 <= len(scene["steps"]) <= 5
    for step in scene["steps"]:
        assert step.keys() - {"needs"} == STEP_FIELDS
        assert step.get("needs", {}).keys() <= NEEDS
        assert all(isinstance(value, bool) for value in step.get("needs", {}).values())


@each
def test_a_scene_uses_the_agreed_words(name: str) -> None:
    scene = SCENES[name]
    assert scene["by"] in {"me", "them", "both", "none"}
    assert set(scene["signals"]) <= set(signals.NAMES)
    assert all(isinstance(weight, int) and weight > 0 for weight in scene["signals"].values())
    assert scene["kinds"]
    assert {ROUTES[Kind(kind)] for kind in scene["kinds"]} == {Route.IN_SCOPE}
    assert scene["stance"] in set(Stance)
    assert scene["part"] in set(OwnPartLevel)
    assert scene["draft"]["purpose"] in set(Purpose)
    assert 1 <= _words(scene["event"]) <= 5


@each
def test_steps_rest_on_cards_and_start_small(name: str) -> None:
    steps = SCENES[name]["steps"]
    assert {step["principle"] for step in steps} <= CARDS
    assert len({step["principle"] for step in steps}) == len(steps)
    assert all(1 <= step["minutes"] <= 60 for step in steps)
    assert steps[0]["minutes"] <= 10
    assert any(step["minutes"] <= 10 for step in steps[1:])


@each
def test_every_string_can_be_filled(name: str, said: dict[str, list[tuple[str, str]]]) -> None:
    assert all(text and "{" not in text and "%}" not in text for _, text in said[name])
    assert {text for path, text in said[name] if path.endswith(".channel")} <= {*Channel, "any"}


@each
def test_strings_keep_to_their_form(name: str, said: dict[str, list[tuple[str, str]]]) -> None:
    for path, text in said[name]:
        last = path.rsplit(".", 1)[-1]
        if path == "headline":
            assert _words(text) <= 25, text
            assert text.endswith("."), text
        if last == "say" or path == "question":
            assert _words(text) <= 30, text
        if path in {"question", "open_question"}:
            assert "?" in text, text
        if path == "draft.text":
            assert _words(text) <= 70, text
            assert "[" in text, text
        if path.startswith("readings") or path == "own_reading":
            assert text.startswith("It may be"), text
        if last == "cue":
            assert text.startswith(("If ", "When ")), text
        if path == "badly":
            assert text.startswith("If "), text
            assert ", then " in text, text


@each
def test_nothing_is_said_that_must_not_be(name: str, said: dict[str, list[tuple[str, str]]]) -> None:
    for path, text in said[name]:
        low = text.casefold()
        assert "!" not in text, text
        assert not re.search(r"\bsorry if\b|\bsorry[^.;?]*\bbut\b", low), text
        assert not re.search(r"\d\s*(?::|to|/|-)\s*\d", low), text
        assert not re.search(r"\bforgive\b|\bforgiveness\b", low), text
        assert not re.search(r"\b(?:toxic|narcissis\w*|lazy|bully|passive-aggressive|gaslight\w*)\b", low), text
        if path.endswith(".say") or path in {"question", "draft.text"}:
            assert not re.search(r"\byou(?:'ve|'re| are)? (?:always|never)\b", low), text


@each
def test_grammar_holds_for_everyone(name: str, said: dict[str, list[tuple[str, str]]]) -> None:
    for _, text in said[name]:
        assert not _UNGRAMMATICAL.search(text.casefold()), text
        assert " ," not in text, text
        assert " ." not in text, text


@pytest.mark.parametrize("name", HARM_DONE_TO_THE_USER)
def test_no_plan_after_harm_done_to_the_user_bends_the_user(name: str, said: dict[str, list[tuple[str, str]]]) -> None:
    scene = SCENES[name]
    assert scene["part"] == "none"
    assert scene["stance"] in {"ask_first", "set_boundary"}
    assert scene["draft"]["purpose"] == "feedback"
    for path, text in said[name]:
        if path.startswith(("headline", "steps", "draft", "question")):
            assert not re.search(r"\bsorry\b|\bapolog|\bmy fault\b|\bgrateful\b|\btheir side\b", text.casefold()), text


def test_there_is_a_scene_for_when_nothing_else_fits() -> None:
    assert SCENES["other_hurt"]["signals"] == {}


@pytest.mark.parametrize("field", ["headline", "question", "open_question", "event"])
def test_scenes_are_told_apart(field: str) -> None:
    assert len({scene[field] for scene in SCENES.values()}) == len(SCENES)


def test_no_line_to_say_serves_two_scenes() -> None:
    lines = {name: {step["say"] for step in scene["steps"]} for name, scene in SCENES.items()}
    assert not [(a, b) for a, b in combinations(lines, 2) if lines[a] & lines[b]]


def test_headlines_share_few_words() -> None:
    """Ten plans read in a row should not feel like one: no two headlines share over half their words."""
    plain = {name: re.sub(r"\{[{%].*?[%}]\}", "", scene["headline"]).casefold() for name, scene in SCENES.items()}
    words = {name: set(re.findall(r"[a-z']+", text)) for name, text in plain.items()}
    alike = [(a, b) for a, b in combinations(words, 2) if len(words[a] & words[b]) > 0.5 * len(words[a] | words[b])]
    assert not alike
