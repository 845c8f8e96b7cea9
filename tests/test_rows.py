"""Every row of words under knowledge/ finds what it must and leaves alone what it must not."""

import re
from pathlib import Path

import pytest

from coach.domain.letters import plain, straight
from coach.errors import KnowledgeTrouble
from coach.rows import Row, any_of, joined, rows, where
from coach.shipped import shipped
from many import many

KNOWLEDGE = shipped("knowledge")
FOLDERS = ("harms", "wordings", "words", "names")
FILES = sorted(
    str(file.relative_to(KNOWLEDGE).with_suffix(""))
    for folder in FOLDERS
    for file in (KNOWLEDGE / folder).glob("*.yaml")
)
LISTS = sorted(str(file.relative_to(KNOWLEDGE)) for folder in FOLDERS for file in (KNOWLEDGE / folder).glob("*.txt"))


def found(row: Row, sentence: str) -> bool:
    """Whether the row finds the sentence, in any of the forms in which the coach looks at a text."""
    return any(row.pattern.search(form) for form in (sentence, straight(sentence), plain(sentence)))


@many("name", FILES)
def test_every_row_finds_what_it_must_and_leaves_alone_what_it_must_not(name: str):
    for row in rows(name):
        assert row.must, f"{row.id}: no sentence it has to find"
        assert row.must_not, f"{row.id}: no sentence it has to leave alone"
        assert [line for line in row.must if not found(row, line)] == [], row.id
        assert [line for line in row.must_not if found(row, line)] == [], row.id


@many("name", FILES)
def test_ids_are_told_apart_and_each_entry_stands_on_one_line(name: str):
    ids = [row.id for row in rows(name)]
    assert len(ids) == len(set(ids))
    text = (KNOWLEDGE / f"{name}.yaml").read_text(encoding="utf-8")
    assert re.findall(r"^  - \{id: ", text, re.MULTILINE) == ["  - {id: "] * len(ids)


@many("name", LISTS)
def test_every_list_of_words_is_sorted_and_says_each_word_once(name: str):
    lines = (KNOWLEDGE / name).read_text(encoding="utf-8").splitlines()
    entries = [line for line in lines if line and not line.startswith("#")]
    assert entries == sorted(set(entries))


def test_rows_joined_find_what_any_of_them_finds_and_the_first_wins():
    both = joined([Row("long", r"give up"), Row("short", r"give")])
    assert [hit[0] for hit in both.finditer("give up, give in")] == ["give up", "give"]


def test_what_any_row_of_a_file_finds_is_one_pattern_and_flags_are_heeded():
    assert any_of("words/owned") is any_of("words/owned")
    assert all(any_of("words/owned").search(plain(found)) for row in rows("words/owned") for found in row.must)
    assert any_of("words/thanks", re.IGNORECASE).search("THANKS, Maya")
    assert not any_of("words/thanks").search("THANKS, MAYA")


def test_a_part_is_shared_between_files_and_a_list_stands_for_any_of_its_entries(tmp_path: Path):
    (tmp_path / "people.yaml").write_text("parts:\n  boss: [boss, 'line manager']\n", encoding="utf-8")
    (tmp_path / "odd.yaml").write_text(
        "with: [people]\nparts:\n  my: 'my {{boss}}'\nrows:\n  - {id: a, match: '{{my}}s?'}\n", encoding="utf-8"
    )
    assert [row.match for row in rows("odd", tmp_path)] == ["my (?:boss|line manager)s?"]


def test_a_row_has_the_fields_of_all_rows_unless_it_gives_its_own(tmp_path: Path):
    text = "all: {form: short}\nrows:\n  - {id: a, match: a}\n  - {id: b, match: b, form: long}\n"
    (tmp_path / "odd.yaml").write_text(text, encoding="utf-8")
    assert [row.more["form"] for row in rows("odd", tmp_path)] == ["short", "long"]


def test_the_rows_with_a_value_for_a_key_are_one_pattern():
    assert where("words/session_answers", "says", "yes").search("well, sure")
    assert not where("words/session_answers", "says", "no").search("well, sure")
    with pytest.raises(KnowledgeTrouble, match="no row has says: perhaps"):
        where("words/session_answers", "says", "perhaps")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("rows:\n  - {id: a}\n", "lacks match"),
        ("rows:\n  - {id: a, match: '{{boss}}'}\n", "names the part boss"),
        ("rows: [", "cannot be read"),
        ("parts:\n  said: [yes, no]\n", "said holds something that is not text"),
        ("with: [nowhere]\n", "nowhere.yaml cannot be read"),
    ],
)
def test_a_row_that_cannot_be_used_is_named(text: str, told: str, tmp_path: Path):
    (tmp_path / "odd.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(KnowledgeTrouble, match=told):
        rows("odd", tmp_path)
