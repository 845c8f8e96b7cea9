"""Serves prompts/: every sentence the coach says or a language model reads. Knows Jinja2; knows nothing of turns.

Texts are ``<purpose>.<role>.j2`` (role: system, user or fixed) and ``scenes/<name>.yaml``,
whose strings are Jinja2 too. What a user wrote enters as a value and is never compiled as a template.
"""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from typing import Any

import yaml
from jinja2 import (
    Environment,
    FileSystemLoader,
    StrictUndefined,
    Template,
    TemplateNotFound,
    TemplateSyntaxError,
    UndefinedError,
)
from jinja2.exceptions import SecurityError
from jinja2.sandbox import SandboxedEnvironment

from coach.domain.letters import as_data
from coach.errors import MissingPrompt


class _Loader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]
    """Reads YAML; words that are alike are kept once, for scenes name the same few fields thousands of times."""


_Loader.add_constructor("tag:yaml.org,2002:str", lambda _, node: sys.intern(node.value))


class Prompts:
    """A ``ports.Texts``: those of one folder. Raises MissingPrompt when a text or one of its values is missing."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._environment: Environment = SandboxedEnvironment(  # scenes of packs are filled too
            loader=FileSystemLoader(folder),
            undefined=StrictUndefined,
            autoescape=False,  # plain text; pages escape
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._environment.filters["data"] = as_data
        self._compiled: dict[str, Template] = {}

    @cached_property
    def fingerprint(self) -> str:
        digest = hashlib.sha256()
        for file in sorted(self._folder.rglob("*")):
            if file.is_file():
                digest.update(file.relative_to(self._folder).as_posix().encode() + b"\0" + file.read_bytes() + b"\0")
        return digest.hexdigest()[:16]

    def render(self, text: str, /, **values: Any) -> str:
        """Return the text of ``<text>.j2`` with its values, paragraphs kept, stray spaces gone."""
        try:
            return _tidy(self._environment.get_template(f"{text}.j2").render(**values))
        except TemplateNotFound as error:
            raise MissingPrompt(f"There is no text {error.name} in prompts/.") from None
        except (UndefinedError, TemplateSyntaxError) as error:
            raise MissingPrompt(f"The text {text}.j2 cannot be used: {type(error).__name__}.") from error

    def fill(self, source: str, values: Mapping[str, Any]) -> str:
        """Return a string of a scene with its values. ``source`` comes from prompts/ only, never from a user."""
        if "{" not in source:
            return _tidy(source)
        template = self._compiled.get(source)
        try:
            if template is None:
                template = self._compiled[source] = self._environment.from_string(source)
            return _tidy(template.render(**values))
        except (UndefinedError, TemplateSyntaxError, SecurityError) as error:
            raise MissingPrompt(f"A text of a scene cannot be used: {error.message}.") from error

    @cached_property
    def moves(self) -> dict[str, dict[str, Any]]:
        """Every scene file of scenes/*.yaml by name, as written."""
        files = sorted((self._folder / "scenes").glob("*.yaml"))
        return {file.stem: yaml.load(file.read_text(encoding="utf-8"), _Loader) for file in files}  # noqa: S506

    @cached_property
    def letters(self) -> list[dict[str, Any]]:
        """The letters of a language model's exam, with what has to be right about each answer."""
        text = (self._folder / "exam" / "letters.yaml").read_text(encoding="utf-8")
        found: list[dict[str, Any]] = yaml.load(text, _Loader)  # noqa: S506
        return found


def _tidy(text: str) -> str:
    lines = [" ".join(line.split()) for line in text.strip().splitlines()]
    return "\n".join(line for i, line in enumerate(lines) if line or (i and lines[i - 1]))
