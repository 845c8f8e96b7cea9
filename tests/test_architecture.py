"""The house rules that a machine can hold us to."""

import ast
import re
import socket
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest
import pytest_socket

import ceilings
from many import many

ROOT = Path(__file__).parent.parent
MODULES = sorted((ROOT / "coach").rglob("*.py"))


@pytest.mark.slow  # make contracts says it, too
def test_imports_point_inwards_and_the_core_names_no_vendor():
    # In a process of its own: the linter silences every logger of the process it runs in.
    command = [sys.executable, "-c", "from importlinter.cli import lint_imports_command as run; run()", "--no-cache"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("word", ["utils", "util", "helpers", "helper", "common", "manager", "service", "misc"])
def test_no_module_has_a_name_that_says_nothing(word: str):
    assert [path for path in MODULES if word in {path.stem, path.parent.name}] == []


@many("path", MODULES)
def test_nothing_is_left_for_later_and_every_module_opens_by_saying_what_it_is(path: Path):
    text = path.read_text(encoding="utf-8")
    assert not re.search(r"NotImplementedError|TODO|FIXME|XXX", text)
    assert text.startswith('"""') or not text.strip()


def test_no_file_has_more_than_400_lines():
    assert [name for name, lines in ceilings.measured()["lines of a file"].items() if lines > 400] == []


@pytest.mark.parametrize("what", ceilings.LIMITS)
def test_sizes_only_fall_and_the_table_of_ceilings_follows(what: str):
    now, before = ceilings.measured()[what], ceilings.kept()[what]
    grown = {key: (before.get(key, f"at most {ceilings.LIMITS[what]}"), now[key]) for key in now.keys() - before.keys()}
    grown |= {key: (before[key], now[key]) for key in now.keys() & before.keys() if now[key] > before[key]}
    assert grown == {}, f"more {what} than (ceiling, now)"
    assert now == before, f"fewer {what}: run make ceilings"


def test_patterns_are_counted_and_texts_are_not():
    text = '''r"""A docstring \\w."""
import re
WORD = re.compile("ab" "cd", re.I)
PART = r"\\w+"
BOTH = (rf"{PART}|{'x'}" r"yz")
SAID = f"no {WORD} at all" + "none"
'''
    assert list(ceilings.patterns(text, ast.parse(text))) == [2, 2, 3, 12, 2]


_NAMED_FOR_WHAT_THEY_SERVE = ("coach/web/api/", "coach/web/pages/", "coach/cli/", "coach/journal/migrations/")


def test_no_two_modules_have_one_name():
    paths = [path.relative_to(ROOT).as_posix() for path in MODULES if path.stem != "__init__"]
    names = Counter(Path(path).stem for path in paths if not path.startswith(_NAMED_FOR_WHAT_THEY_SERVE))
    assert [name for name, times in names.items() if times > 1] == []


_STILL_ING = {
    *("wording", "wordings"),
    *("everything", "opening", "ranking", "readings", "settings", "verifying"),  # nouns
}
"""Modules named for what is done rather than for what is there; the last line has nouns that only look like it."""


def test_no_further_module_is_named_for_what_is_done():
    assert {path.stem for path in MODULES if re.search("ings?$", path.stem)} == _STILL_ING


def test_no_file_names_a_registry_or_this_machine():
    for file in [*ROOT.glob("*.lock"), ROOT / "pyproject.toml", ROOT / "Makefile", ROOT / ".ci/run"]:
        assert not re.search(
            r"--index-url|--extra-index|--find-links|://\S*(pypi|hosted|simple)|file:/", file.read_text()
        )


def test_every_version_is_locked_with_hashes_and_both_locks_agree():
    runs, tests = (_locked(ROOT / name) for name in ("requirements.lock", "requirements-dev.lock"))
    assert {name: tests[name] for name in runs.keys() & tests.keys()} == {
        name: runs[name] for name in runs.keys() & tests.keys()
    }


@pytest.mark.filterwarnings("ignore:A test tried to use")
def test_no_test_reaches_another_machine():
    with socket.socket() as far, pytest.raises(pytest_socket.SocketConnectBlockedError):
        far.connect(("192.0.2.1", 80))


def test_tests_reach_this_machine():
    with socket.socket() as here, socket.socket() as there:
        here.bind(("127.0.0.1", 0))
        here.listen()
        there.connect(here.getsockname())


def _locked(file: Path) -> dict[str, str]:
    found = {}
    for entry in re.split(r"\n(?=[A-Za-z0-9])", file.read_text(encoding="utf-8").split("\n", 2)[2]):
        name, version = re.match(r"([\w.-]+)(?:\[[\w,-]+\])?==([\w.!+-]+)", entry).groups()
        assert "--hash=sha256:" in entry, name
        found.setdefault(name, set()).add(version)
    return found
