"""README.md, CONTRIBUTING.md and the pages under docs/ say what is so."""

import re
import subprocess
from dataclasses import fields
from pathlib import Path

import pytest

import addresses
import book
import tree
from coach.cli import app
from coach.settings import Settings, variable
from many import many

ROOT = tree.ROOT
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").glob("*.md"))]
README = (ROOT / "README.md").read_text(encoding="utf-8")
CONFIGURATION = (ROOT / "docs" / "configuration.md").read_text(encoding="utf-8")
TREE = tree.PAGE.read_text(encoding="utf-8")
EVERYTHING = "\n".join(page.read_text(encoding="utf-8") for page in PAGES)
LONGEST_README, LONGEST_PAGE = 150, 300
"""Lines."""


def test_the_table_of_settings_is_that_of_the_program():
    rows = re.findall(r"^\| `(COACH_\w+)` \| (.*?) \| (.*?) \|$", CONFIGURATION, re.MULTILINE)
    shown = {False: "0", True: "1"}
    expected = []
    for field in fields(Settings):
        default = (
            shown.get(field.default, str(field.default)) if isinstance(field.default, bool) else str(field.default)
        )
        expected.append((variable(field.name), f"`{default}`" if default else "", field.metadata["meaning"]))
    assert rows == expected


def test_the_tree_of_the_program_is_current():
    assert tree.written()[1] == tree.tree(), "run: make tree"


def test_every_request_of_the_api_is_in_its_table():
    assert addresses.written()[1] == addresses.table(addresses.described()), "run: make tree"


@pytest.mark.slow  # make docs says it, too
def test_the_pages_build_as_a_site_without_a_dead_link_and_fetch_nothing_from_elsewhere(tmp_path: Path):
    book.laid_out(tmp_path)
    first = book.built(tmp_path)
    pages = [each.read_text(encoding="utf-8") for each in first.parent.rglob("*.html")]
    assert len(pages) > len(PAGES)
    fetched = [
        each for page in pages for each in re.findall(r"<(?:script|img|link)[^>]+(?:src|href)=.https?:[^>]*", page)
    ]
    assert fetched == []
    with (tmp_path / "source" / "docs" / "backup.md").open("a", encoding="utf-8") as page:
        page.write("\n\n[away](nowhere.md)\n")
    with pytest.raises(subprocess.CalledProcessError) as wrong:
        book.built(tmp_path)
    assert "nowhere.md" in wrong.value.stderr


@many("line", lambda: filter(None, tree.tree().splitlines()))
def test_every_module_says_in_its_first_sentence_what_it_is(line: str):
    assert re.fullmatch(r" *\S+/? +\S.{8,}", line)


def test_everything_listed_is_there_and_everything_there_is_listed():
    block = next(block for block in re.findall(r"```\n(.*?)```", TREE, re.DOTALL) if block.startswith("README.md"))
    paths, folder = [], ""
    for line in block.splitlines():
        name = line.split()[0]
        folder = folder if line.startswith(" ") else name
        paths.append(folder + name if line.startswith(" ") else name)
    assert [path for path in paths if not (ROOT / path).exists()] == []
    there = {each.name for each in ROOT.iterdir() if not each.name.startswith(".")} - {"dist", "build"}
    assert there - {path.strip("/") for path in paths} == set()


def test_every_command_is_named():
    names = {command.name or command.callback.__name__ for command in app.registered_commands}
    names |= {group.name for group in app.registered_groups}
    assert {name for name in names if f"coach {name}" not in CONFIGURATION} == set()


def test_every_make_target_that_a_page_names_exists():
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    named = set(re.findall(r"`make ([a-z]+)`|^ +make ([a-z]+) ", EVERYTHING, re.MULTILINE))
    assert {one or other for one, other in named} <= targets


@many("page", PAGES)
def test_every_link_and_picture_leads_somewhere(page: Path):
    links = re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)", page.read_text(encoding="utf-8"))
    assert [link for link in links if "://" not in link and not (page.parent / link).exists()] == []


def test_every_page_can_be_reached_from_the_readme():
    linked = {ROOT / link for link in re.findall(r"\]\(([^)#]+\.md)", README)}
    assert [page.name for page in PAGES[1:] if page not in linked] == []


RECORDS = {"plans-read.md"}
"""Pages that show what was read, whole; nobody learns the coach from them."""


@many("page", [page for page in PAGES if page.name not in RECORDS])
def test_no_page_is_longer_than_one_reads(page: Path):
    written = page.read_text(encoding="utf-8").replace(tree.tree(), "")  # the tree grows with the program
    assert len(written.splitlines()) <= (LONGEST_README if page.name == "README.md" else LONGEST_PAGE)
