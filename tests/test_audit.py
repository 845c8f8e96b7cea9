"""What ``make audit`` makes of pip-audit's answers, and of none."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

import audit


def said(tmp_path: Path, told: object) -> str:
    """The path of a program that answers as pip-audit would."""
    program = tmp_path / "pip-audit"
    program.write_text(f"#!{sys.executable}\nprint({json.dumps(json.dumps(told))})\n")
    program.chmod(0o755)
    return str(program)


def package(name: str, *holes: str) -> dict[str, object]:
    return {"name": name, "version": "1.0", "vulns": [{"id": hole, "fix_versions": ["1.1"]} for hole in holes]}


def test_a_known_hole_is_named_and_fails(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    told = {"dependencies": [package("lxml"), package("urllib3", "CVE-2026-1")]}
    assert audit.main(said(tmp_path, told)) == 1
    assert "requirements.lock: urllib3 1.0: CVE-2026-1, mended in 1.1" in capsys.readouterr().out


def test_no_known_hole_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert audit.main(said(tmp_path, {"dependencies": [package("lxml")]})) == 0
    assert capsys.readouterr().out == "No hole is known in any locked package.\n"


@pytest.mark.parametrize("told", [{}, {"dependencies": [{"name": "lxml", "skip_reason": "not found"}]}, "nonsense"])
def test_where_nothing_is_known_the_ages_are_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], told: object
) -> None:
    audit.main(said(tmp_path, told))
    out = capsys.readouterr().out
    assert "nothing is known of holes" in out
    assert "requirements.lock: " in out
