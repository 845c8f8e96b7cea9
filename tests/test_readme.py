"""README.md says what is so."""

import re
from dataclasses import fields
from pathlib import Path

import tree
from coach.cli import app
from coach.settings import Settings
from many import many

README = (tree.ROOT / "README.md").read_text(encoding="utf-8")


def test_the_table_of_settings_is_that_of_the_program():
    rows = re.findall(r"^\| `(COACH_\w+)` \| (.*?) \| (.*?) \|$", README, re.MULTILINE)
    shown = {False: "0", True: "1"}
    expected = []
    for field in fields(Settings):
        default = (
            shown.get(field.default, str(field.default)) if isinstance(field.default, bool) else str(field.default)
        )
        expected.append((field.metadata["variable"], f"`{default}`" if default else "", field.metadata["meaning"]))
    assert rows == expected


def test_the_tree_of_the_program_is_current():
    assert tree.written()[1] == tree.tree(), "run: make tree"


@many("line", lambda: filter(None, tree.tree().splitlines()))
def test_every_module_says_in_its_first_sentence_what_it_is(line: str):
    assert re.fullmatch(r" *\S+/? +\S.{8,}", line)


def test_everything_listed_is_there_and_everything_there_is_listed():
    block = next(block for block in re.findall(r"```\n(.*?)```", README, re.DOTALL) if block.startswith("README.md"))
    paths, folder = [], ""
    for line in block.splitlines():
        name = line.split()[0]
        folder = folder if line.startswith(" ") else name
        paths.append(folder + name if line.startswith(" ") else name)
    assert [path for path in paths if not (tree.ROOT / path).exists()] == []
    there = {each.name for each in tree.ROOT.iterdir() if not each.name.startswith(".")} - {"docs", "dist", "build"}
    assert there - {path.strip("/") for path in paths} == set()


def test_every_command_is_named():
    names = {command.name or command.callback.__name__ for command in app.registered_commands}
    names |= {group.name for group in app.registered_groups}
    assert {name for name in names if f"coach {name}" not in README} == set()


def test_every_make_target_named_in_the_readme_exists():
    targets = set(re.findall(r"^([a-z]+):", (tree.ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    named = set(re.findall(r"`make ([a-z]+)`|^ +make ([a-z]+) ", README, re.MULTILINE))
    assert {one or other for one, other in named} <= targets


def test_every_picture_is_there():
    for picture in re.findall(r"!\[[^\]]*\]\(([^)]+)\)", README):
        assert Path(tree.ROOT, picture).is_file()


def test_a_picture_that_was_taken_is_shown():
    picture = "docs/screenshot-chat.png"
    assert not (tree.ROOT / picture).exists() or f"]({picture})" in README
