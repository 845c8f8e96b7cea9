"""What docstrings name is there."""

from __future__ import annotations

from pathlib import Path

import pytest

from docstrings import drifted
from many import many

MODULES = sorted((Path(__file__).parents[1] / "coach").rglob("*.py"))


@many("path", MODULES)
def test_every_name_in_a_docstring_is_there(path: Path) -> None:
    assert list(drifted(path)) == []


def module(says: str = "", of_class: str = "", of_method: str = "", of_constant: str = "") -> str:
    """Return a module with a class, a method and a constant, and what their docstrings say."""
    return (
        f'"""A module. {says}"""\n\nfrom coach.rows import rows\n\n'
        f'SURE = ("a word",)\n"""A constant. {of_constant}"""\n\n'
        f'class Reading:\n    """A class. {of_class}"""\n\n    kind: str\n\n'
        f'    def scores(self, text: str) -> float:\n        """A method. {of_method}"""\n'
        f'        return float(text in rows("words/thanks"))\n'
    )


@pytest.mark.parametrize(
    "text",
    [
        module(says="``SURE`` decides; ``HINTS`` only add weight."),  # a constant that is gone
        module(says="What is harm is told by ``dangers``."),  # a module that is gone
        module(says="See ``coach.triage``."),
        module(says="The rows are in ``words/dangers``."),
        module(says="As ``Reading.likeness`` has it."),
        module(of_class="``likeness`` is a probability."),  # a field that another class has
        module(of_method="Return a ``portion``."),  # a result of another name
        module(of_method="See ``rows.pattern_of``."),
        module(of_constant="Without ``HINTS``."),
    ],
)
def test_what_is_gone_is_found(text: str, tmp_path: Path) -> None:
    (tmp_path / "sample.py").write_text(text, encoding="utf-8")
    assert len(list(drifted(tmp_path / "sample.py"))) == 1


def test_what_is_there_is_left_alone(tmp_path: Path) -> None:
    text = module(
        says="``SURE``, ``Reading.kind``, ``coach.rows``, ``rows.joined``, ``floor``, ``words/thanks``, ``{name}``.",
        of_class="``kind``, ``scores``, ``Likeness`` and ``pydantic``.",
        of_method="Of ``text`` return ``thanks``; of a ``Reading``; ``knowledge/words/<name>.yaml``.",
        of_constant="``judge`` and ``ports.Journal`` know it.",
    )
    (tmp_path / "sample.py").write_text(text, encoding="utf-8")
    assert list(drifted(tmp_path / "sample.py")) == []


def test_a_package_lists_only_modules_that_it_has(tmp_path: Path) -> None:
    (tmp_path / "erasure.py").write_text('"""Erases."""\n', encoding="utf-8")
    package = tmp_path / "__init__.py"
    package.write_text('"""A package.\n\n    erasure    forgets\n    exporting  gives\n"""\n', encoding="utf-8")
    assert list(drifted(package)) == ["__init__.py:1: exporting"]
