"""Session templates: the shipped ones hold, a bad file is named with its line and mend, nothing half-added stays."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from coach.domain.sessions import Bound, Listens, Phase
from coach.errors import BadCard, BadInput, NotFound
from coach.knowledge.cards import load_cards
from coach.knowledge.session_templates import Sessions, load_templates, parse_template
from coach.shipped import shipped

FOLDER = shipped("knowledge") / "sessions"
KINDS = {
    "weekly_review", "prepare_one_to_one", "own_bad_moment", "new_team", "remote_team", "back_from_leave",
    "hard_feedback", "bad_news",
}  # fmt: skip
GOAL = "What should {name} be able to do once the talk is over?"
GOOD = (FOLDER / "hard_feedback.yaml").read_text(encoding="utf-8")


def test_the_shipped_kinds_hold_and_name_cards_that_are_there() -> None:
    cards = {card.id for card in load_cards(shipped("knowledge"))}
    found = load_templates(FOLDER, cards)
    assert {template.id for template in found} == KINDS
    for template in found:
        assert template.questions[-1].phase is Phase.WILL
        listened = [asked.listens for asked in template.questions]
        assert listened.count(Listens.COMMITMENT) == 1
        assert Listens.PRINCIPLE in listened
        assert template.bound is not Bound.NEEDED or any("{name}" in asked.text for asked in template.questions)


def test_the_example_of_the_readme_is_one(tmp_path: Path) -> None:
    text = (FOLDER / "README.md").read_text(encoding="utf-8")
    example = re.search(r"```yaml\n(.*?)```", text, re.DOTALL)
    assert example is not None
    (tmp_path / "first_week_of_an_apprentice.yaml").write_text(example[1], encoding="utf-8")
    assert load_templates(tmp_path)[0].minutes == 10


@pytest.mark.parametrize(
    ("old", "new", "line", "problem"),
    [
        ("id: hard_feedback", "id: other", 1, "not the file's name"),
        ("minutes: 10", "minutes: 90", 4, "from 5 to 30"),
        ("person: needed", "person: none", 0, "{name} needs somebody"),
        ("person: needed", "person: perhaps", 5, "one of the words it can be"),
        ("principles: [sbi,", "principles: [no-such-card,", 7, "no card of that name"),
        ("      listens: goal", "      listens: moods", 0, "one of the words it can be"),
        ("      listens: commitment", "      listens: idea", 0, "would not end in a commitment"),
        ("  goal:\n", "  aims:\n", 0, "there is no phase 'aims'"),
        (GOAL, "Say what {name} should do.", 0, "question mark"),
        (GOAL, "Is {name} lazy or is {name} slow? Say?", 0, "question mark"),
        (GOAL, "You should always remember what {team} is?", 0, "does not speak"),
        (GOAL, "What should {team} do?", 0, "slot that does not exist"),
        ("    - id: behaviour", "    - id: event", 0, "same id"),
        ("      words: 6", "      words: many", 0, "number from 1 to 12"),
        ("search:", "serch:", 6, "'serch' is not part of this"),
        ("about: Ten", "about: {Ten", 4, "not readable as YAML"),
    ],
)  # fmt: skip
def test_a_bad_file_is_named_with_line_and_mend(old: str, new: str, line: int, problem: str) -> None:
    assert old in GOOD
    with pytest.raises(BadCard) as told:
        parse_template(GOOD.replace(old, new, 1), "hard_feedback.yaml", {card.id for card in load_cards(FOLDER.parent)})
    assert told.value.file == "hard_feedback.yaml"
    assert problem in told.value.problem
    assert told.value.line == line or (not line and told.value.line > 1)
    assert told.value.mend


class TestOnesOwn:
    """Kinds of one's own: all of a folder or nothing."""

    @pytest.fixture
    def kinds(self, tmp_path: Path) -> Sessions:
        return Sessions(FOLDER, tmp_path / "own")

    @pytest.fixture
    def ours(self, tmp_path: Path) -> Path:
        folder = tmp_path / "Our House"
        folder.mkdir()
        (folder / "stock_talk.yaml").write_text(GOOD.replace("id: hard_feedback", "id: stock_talk"), encoding="utf-8")
        return folder

    def test_a_folder_is_added_listed_and_removed(self, kinds: Sessions, ours: Path) -> None:
        assert kinds.add(ours) == ("our-house", 1)
        assert kinds.template("stock_talk").pack == "our-house"
        assert len(kinds.templates()) == len(KINDS) + 1
        with pytest.raises(BadInput, match="taken"):
            kinds.add(ours)
        kinds.remove("our-house")
        with pytest.raises(NotFound):
            kinds.template("stock_talk")
        with pytest.raises(NotFound):
            kinds.remove("our-house")

    def test_one_bad_file_and_nothing_stays(self, kinds: Sessions, ours: Path, tmp_path: Path) -> None:
        (ours / "worse.yaml").write_text("id: worse\n", encoding="utf-8")
        with pytest.raises(BadCard, match="worse"):
            kinds.add(ours)
        assert not (tmp_path / "own").exists()
        assert kinds.packs() == {}

    def test_a_shipped_kind_is_not_replaced(self, kinds: Sessions, ours: Path) -> None:
        (ours / "hard_feedback.yaml").write_text(GOOD, encoding="utf-8")
        with pytest.raises(BadInput, match="already"):
            kinds.add(ours)

    def test_an_empty_folder_is_said_to_be_one(self, kinds: Sessions, tmp_path: Path) -> None:
        (tmp_path / "empty").mkdir()
        with pytest.raises(BadInput, match="no template"):
            kinds.add(tmp_path / "empty")
        with pytest.raises(BadInput, match="no folder"):
            kinds.add(tmp_path / "nowhere")
