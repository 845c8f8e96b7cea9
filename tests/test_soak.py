"""The drills' own command: what it finds and what it calls missed. The drills themselves are run by ``make soak``."""

import re
from collections.abc import Mapping
from pathlib import Path

import pytest

from evals import soak
from evals.bars import Bar
from evals.soak.__main__ import Drill, drills, main, run


def test_every_drill_says_what_it_is_and_has_bars():
    for drill in drills().values():
        assert drill.about.endswith("."), drill.name
        assert drill.bars, drill.name


def test_a_bar_that_is_missed_and_a_figure_that_is_not_there_are_named():
    def measured(folder: Path) -> Mapping[str, float]:
        return {"lost": 1.0, "kept": 3.0}

    bars = {"lost": Bar(0, False), "kept": Bar(2, True), "erased": Bar(1, True)}
    figures, missed = run(Drill("some", "About.", measured, bars))
    assert missed == ["lost", "erased"]
    assert figures["kept"] == 3.0


def test_a_drill_that_breaks_off_is_missed_with_its_error():
    def broken(folder: Path) -> Mapping[str, float]:
        assert not list(folder.iterdir())
        raise ValueError("no server")

    _, missed = run(Drill("some", "About.", broken, {}))
    assert missed == ["ValueError: no server"]


def test_a_drill_that_cannot_be_run_here_is_left_out_with_its_reason_and_missed_where_all_must_run(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
):
    def elsewhere(folder: Path) -> Mapping[str, float]:
        raise soak.LeftOut("nginx is not installed")

    drill = Drill("some", "About.", elsewhere, {"lost": Bar(0, False)})
    monkeypatch.delenv("COACH_CI", raising=False)
    assert run(drill) == ({}, [])
    assert "some is left out: nginx is not installed" in capsys.readouterr().out
    monkeypatch.setenv("COACH_CI", "1")
    assert run(drill) == ({}, ["nginx is not installed"])


def test_a_drill_nobody_wrote_is_refused_by_name(capsys: pytest.CaptureFixture[str]):
    with pytest.raises(SystemExit):
        main(["juggling"])
    assert "there is no drill juggling" in capsys.readouterr().err


def test_what_is_said_to_try_a_group_is_there():
    page = (Path(soak.__path__[0]) / "group.md").read_text(encoding="utf-8")
    tests = "".join(file.read_text(encoding="utf-8") for file in sorted(Path(__file__).parent.rglob("test_*.py")))
    for name in re.findall(r"`(test_\w+)`", page):
        assert f"def {name}(" in tests, name
    assert not [
        each for each in re.findall(r"`(test_\w+)\.py`", page) if not (Path(__file__).parent / f"{each}.py").is_file()
    ]
    named = set(re.findall(r"drill `(\w+)`", page))
    assert len(named) > 4
    assert named <= drills().keys()
    assert len(re.findall(r"^\| \d+ \|", page, re.MULTILINE)) == 22
