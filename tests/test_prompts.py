"""The texts: each renders or names what it lacks, and what a user wrote is never compiled as a template."""

from __future__ import annotations

import itertools
import re
from datetime import date
from functools import cache
from pathlib import Path

import pytest
from jinja2 import Environment, FileSystemLoader, meta

from coach.domain.letters import as_data
from coach.errors import MissingPrompt
from coach.prompts import Prompts
from coach.shipped import shipped
from many import many

FOLDER = shipped("prompts")
TEXTS = sorted(file.relative_to(FOLDER).with_suffix("").as_posix() for file in FOLDER.rglob("*.j2"))
LISTS = {
    *("helps", "kept", "seen", "guessed", "sources", "faults", "notes", "cards", "findings", "facts"),
    *("moments", "established", "names", "answered"),
}
GIVEN: dict[str, object] = {
    "lines": [{"number": 1, "text": "A line."}],
    "failed": [{"name": "say_1", "said": "Words", "faults": ["mind"], "kept": "Word"}],
    "texts": {"say_1": "Word"},
    "intentions": [
        {
            "day": "Friday",
            "words": "you ask",
            "obstacle": "rain",
            "at": "09:00",
            "cue": "",
            "plan": None,
            "who": "Ola",
            "matter": "",
            "step": None,
        }
    ],
    "named": [{"words": "Ask", "day": "Friday", "at": "09:00"}, {"words": "Ring", "day": "", "at": ""}],
    "told": [{"words": "Ask", "let_go": False, "happened": True, "note": "he smiled", "new_due": "", "landed": None}],
    "answers": [{"question": "What?", "text": "This"}],
    "other_events": [("me", ["i_snapped"])],
    "choices": [{"id": "no_answer", "chip": "No answer"}],
    "floor": {"route": "in_scope", "kind": "repair", "doubt": "words", "language": ""},
    "people": [{"id": "p1", "call": "Tom", "relation": "peer", "main": True}],
    "plan": {
        "headline": "Ask once.",
        "missing": {"question": "What?"},
        "stop_rule": "Ask once.",
        "if_it_goes_badly": "",
        "draft": None,
    },
    "steps": [{"number": 1, "cue": "If", "action": "ask", "say": "Word", "due": "Friday", "came": ""}],
    "events": [{"id": "no_answer", "by": "them", "chip": "No answer"}],
    "letters": [
        {"reply": "", "new": True, "sentences": [{"left_out": "", "number": 1, "text": "One.", "order": False}]}
    ],
    "sentences": [{"number": 1, "text": "One."}],
    "step": {"cue": "If", "action": "ask", "say": "Word"},
    "readings": ["It may be."],
    "flaws": [{"part": "stop", "rule": "length", "words": "so many", "why": ""}],
    "cards_whole": [{"id": "ask", "title": "Ask", "grade": "A", "sentences": [{"quotable": True, "text": "Ask."}]}],
    "parts": [("headline", "Ask once.")],
    "message": {"purpose": "apology", "channel": "chat", "text": "Sorry about Monday."},
    "talked": {
        "title": "A session",
        "about": "Tom",
        "shown": ["A line."],
        "answered": [("What?", "This")],
        "taken": ["Ask (Friday)"],
        "exchanged": [("Words", "What?")],
        "waits": {"id": "mind", "listens": "mood", "text": "What?"},
        "ahead": [{"id": "goal", "listens": "goal", "text": "What for?"}],
    },
    "ordered": [1],
    "deadline": date(2026, 12, 4),
    "cited": [{"quote": "Ask", "principle": "ask", "grade": "A"}],
}
NUMBERS = {"n", "total", "variant", "minutes"}
FLAGS = {
    "hurt",
    "helped",
    "own_clear",
    "own",
    "leads",
    "fair",
    "continued",
    "spoken",
    "second_hand",
    "culture",
    "plate",
    "apology",
}


@cache
def _environment() -> Environment:
    environment = Environment(loader=FileSystemLoader(FOLDER), autoescape=True)
    environment.filters["data"] = as_data
    return environment


@cache
def _named(name: str) -> tuple[set[str], list[str]]:
    """Return the values a file of texts names, and the files it includes."""
    tree = _environment().parse((FOLDER / name).read_text(encoding="utf-8"))
    return meta.find_undeclared_variables(tree), [each for each in meta.find_referenced_templates(tree) if each]


def wanted(text: str) -> set[str]:
    names: set[str] = set()
    todo = [f"{text}.j2"]
    while todo:
        named, included = _named(todo.pop())
        names |= named
        todo += included
    return names


def values(names: set[str], on: bool) -> dict[str, object]:
    return {name: _value(name, on) for name in names}


def _value(name: str, on: bool) -> object:
    if name in LISTS:
        return ["one line"] if on else []
    if name in FLAGS:
        return on
    return 2 if name in NUMBERS else GIVEN.get(name, "Word")


@many("text, on", itertools.product(TEXTS, (True, False)))
def test_every_text_renders_with_its_values(text: str, on: bool, prompts: Prompts) -> None:
    said = prompts.render(text, **values(wanted(text), on))
    assert "{{" not in said
    assert "{%" not in said
    assert "  " not in said


@many("text", lambda: [text for text in TEXTS if wanted(text)])
def test_a_missing_value_is_an_error_and_names_the_text(text: str, prompts: Prompts) -> None:
    """Some value is always needed, whatever branch is taken."""
    with pytest.raises(MissingPrompt, match=re.escape(text)):
        prompts.render(text)


def test_a_missing_text_is_named(prompts: Prompts) -> None:
    with pytest.raises(MissingPrompt, match="no_such"):
        prompts.render("no_such.fixed")


HOSTILE = ("{{ 7*7 }}", "{% raise %}", "{{ ''.__class__.__mro__ }}", "{# gone #}")


@pytest.mark.parametrize("words", HOSTILE)
def test_what_a_user_wrote_is_never_a_template(words: str, prompts: Prompts) -> None:
    assert words in prompts.render("_told", quote=words)
    assert words in prompts.fill("You said {{ quote }}.", {"quote": words})


def test_a_string_of_a_scene_needs_its_values(prompts: Prompts) -> None:
    with pytest.raises(MissingPrompt):
        prompts.fill("Ask {{ name }}.", {})


def test_the_fingerprint_changes_with_any_text(tmp_path: Path) -> None:
    (tmp_path / "scenes").mkdir()
    (tmp_path / "a.fixed.j2").write_text("One.", encoding="utf-8")
    first = Prompts(tmp_path).fingerprint
    assert Prompts(tmp_path).fingerprint == first
    (tmp_path / "scenes" / "b.yaml").write_text("about: x", encoding="utf-8")
    second = Prompts(tmp_path).fingerprint
    (tmp_path / "a.fixed.j2").write_text("Two.", encoding="utf-8")
    assert len({first, second, Prompts(tmp_path).fingerprint}) == 3


def test_what_scenes_say_alike_is_kept_once(prompts: Prompts) -> None:
    names = {}
    for scene in prompts.moves.values():
        for move in scene.get("moves", ()):
            names |= {id(key): key for key in move}
    assert len(names) == len(set(names.values()))


def test_stray_spaces_and_empty_lines_go(tmp_path: Path) -> None:
    (tmp_path / "a.fixed.j2").write_text("One   two \n\n\n\n  three.\n", encoding="utf-8")
    assert Prompts(tmp_path).render("a.fixed") == "One two\n\nthree."
