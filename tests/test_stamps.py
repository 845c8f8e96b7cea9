"""What learned tables depend on: whoever changes a feature is told, and knows what to run."""

from __future__ import annotations

import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from coach.knowledge import fit
from coach.knowledge.stamps import fits
from coach.knowledge.tables import Tables, load_tables, save_tables
from knowledge_sample import write_knowledge

ROOT = Path(__file__).parents[1]
STAMP = "from coach.knowledge.stamps import stamps; print(stamps([], [], None)['features'])"
CHANGES = {
    "nothing": ("coach/errors.py", ""),
    "a word group": ("knowledge/harms/groups.yaml", "  - {id: music-1, group: music, match: 'music|songs?'}\n"),
    "a row of harm": ("knowledge/harms/abuse.yaml", "  - {id: spat, match: 'spat at me'}\n"),
    "an idiom": ("knowledge/harms/idioms.yaml", "  - {id: heels, match: 'killer heels'}\n"),
}


@pytest.fixture(scope="module")
def changed(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Every change of a copy of the code → the stamp of its features."""
    root = tmp_path_factory.mktemp("copy")
    for folder in ("coach", "knowledge"):
        left = shutil.ignore_patterns("__pycache__", "web", "journal", "*.npz")
        shutil.copytree(ROOT / folder, root / folder, ignore=left)
    found = {}
    for change, (name, line) in CHANGES.items():
        file = root / name
        kept = file.read_text(encoding="utf-8")
        file.write_text(f"{kept}\n{line}", encoding="utf-8")
        done = subprocess.run([sys.executable, "-c", STAMP], cwd=root, capture_output=True, text=True, check=True)
        found[change] = done.stdout.strip()
        file.write_text(kept, encoding="utf-8")
    return found


@pytest.mark.slow
@pytest.mark.parametrize("change", [change for change in CHANGES if change != "nothing"])
def test_a_changed_feature_changes_the_stamp(changed: dict[str, str], change: str) -> None:
    assert changed[change] != changed["nothing"]


def test_tables_of_other_features_do_not_fit_nor_do_those_from_before_features_were_stamped() -> None:
    wanted = {"cards": "a", "exemplars": "b", "features": "c", "embedder": "d"}
    assert fits(wanted, wanted)
    assert fits(wanted, {**wanted, "embedder": ""})
    assert not fits({**wanted, "features": "x"}, wanted)
    assert not fits({name: stamp for name, stamp in wanted.items() if name != "features"}, wanted)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small knowledge folder whose tables are fitted."""
    folder = tmp_path_factory.mktemp("sample") / "knowledge"
    write_knowledge(folder)
    (folder / "minilm").symlink_to(ROOT / "knowledge" / "minilm")
    fit.main([str(folder)])
    return folder


def _marked(folder: Path, **changes: str) -> Tables:
    """Put other stamps on the tables, and a mark into them that fitting again would remove."""
    file = folder / "exemplars" / "fitted.npz"
    tables = load_tables(file)
    curve = tables.curve.copy()
    curve[1, 0] = 0.125
    save_tables(replace(tables, stamps={**tables.stamps, **changes}, curve=curve), file)
    return load_tables(file)


@pytest.mark.slow
def test_tables_that_fit_are_left_alone(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = folder / "exemplars" / "fitted.npz"
    before = file.read_bytes()
    fit.main([str(folder)])
    assert file.read_bytes() == before
    assert "up to date" in capsys.readouterr().out


@pytest.mark.slow
def test_patterns_put_another_way_only_need_a_stamp(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    right = load_tables(folder / "exemplars" / "fitted.npz").stamps
    before = _marked(folder, features="of other patterns")
    fit.main([str(folder)])
    after = load_tables(folder / "exemplars" / "fitted.npz")
    assert after.stamps == right
    assert after.curve[1, 0] == 0.125
    assert np.array_equal(after.exemplar_vectors, before.exemplar_vectors)
    assert "nothing was fitted again" in capsys.readouterr().out


@pytest.mark.slow
def test_patterns_that_find_something_else_are_fitted_again(folder: Path) -> None:
    right = load_tables(folder / "exemplars" / "fitted.npz").stamps
    _marked(folder, features="of other patterns", rows="of other hits")
    fit.main([str(folder)])
    after = load_tables(folder / "exemplars" / "fitted.npz")
    assert after.stamps == right
    assert after.curve[1, 0] != 0.125
