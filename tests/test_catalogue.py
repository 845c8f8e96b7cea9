"""The catalogue of events: whole, and plain about what is wrong in a file."""

from pathlib import Path

import pytest
import yaml

from coach.domain.events import Doer
from coach.errors import BadInput
from coach.knowledge.catalogue import load_catalogue
from many import many
from scenes import cards, catalogue

GROUPS = [{"id": "us", "text": "Between us"}]
EVENT = {
    "id": "shift_swapped", "group": "us", "by": "them", "chip": "{name} swapped my shift unasked",
    "they": "They swapped my shift unasked",
    "means": "They changed my shift without asking.", "premises": ["shift_was_swapped"], "wants": ["clear_up"],
    "principles": ["intentions-vary-ask"],
}  # fmt: skip


def written(folder: Path, *events: dict, facts: dict | None = None) -> Path:
    held = {"groups": GROUPS, "events": list(events), "facts": facts or {"shift_was_swapped": "my shift was swapped"}}
    (folder / "events.yaml").write_text(yaml.safe_dump(held), encoding="utf-8")
    return folder


def test_every_event_says_who_acted_and_what_a_tap_confirms():
    for entry in catalogue().entries:
        assert entry.premises, entry.id
        assert len(entry.like) >= 4, entry.id
        assert entry.wants, entry.id


def test_a_mirror_is_the_same_act_from_the_other_side():
    for entry in catalogue().entries:
        if entry.mirror and entry.by in {Doer.ME, Doer.THEM}:
            assert catalogue().entry(entry.mirror).by not in {entry.by}, entry.id


@many("fact", lambda: catalogue().facts.items())
def test_a_fact_is_a_clause_that_can_be_tapped(fact: tuple[str, str]):
    assert 2 <= len(fact[1].split()) <= 14
    assert fact[1][-1] not in ".!?"


def test_a_chip_names_the_person():
    assert catalogue().entry("no_answer").named("Tom") == "Tom has not answered me"
    assert catalogue().entry("no_answer").named("the others", several=True) == "They have not answered me"
    assert catalogue().entry("i_snapped").named("my boss") == "I was sharp or rude to my boss"
    assert catalogue().entry("boss_closer").named("my line manager") == "I'd like to know my boss better"
    assert catalogue().entry("boss_closer").named("Ada") == "I'd like to know my boss Ada better"


def test_a_pack_adds_events_of_its_own(tmp_path: Path):
    shipped = written(tmp_path, EVENT)
    pack = tmp_path / "hospital"
    pack.mkdir()
    more = {**EVENT, "id": "handover_cut", "premises": ["handover_was_cut"]}
    held = {"events": [more], "facts": {"handover_was_cut": "the handover was cut short"}}
    (pack / "events.yaml").write_text(yaml.safe_dump(held), encoding="utf-8")
    found = load_catalogue(shipped, cards(), {"hospital": pack})
    assert (found.entry("handover_cut").pack, found.entry("shift_swapped").pack) == ("hospital", "coach")


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"premises": ["not_there"]}, "no fact 'not_there'"),
        ({"premises": []}, "confirms nothing"),
        ({"they": None}, "give it 'they'"),
        ({"group": "them"}, "no group 'them'"),
        ({"principles": ["no-card"]}, "no card 'no-card'"),
        ({"wants": ["revenge"]}, "'revenge' is not a valid Want"),
        ({"by": "he"}, "'he' is not a valid Doer"),
        ({"mirror": "nothing"}, "no event 'nothing'"),
        ({"ask": ["shift_was_swapped"] * 6}, "more than 5 facts"),
    ],
)
def test_what_is_wrong_with_an_event_is_said_with_its_name(change: dict, told: str, tmp_path: Path):
    with pytest.raises(BadInput, match=told):
        load_catalogue(written(tmp_path, {**EVENT, **change}), cards())


def test_an_event_that_stands_twice_or_lacks_a_field_is_named(tmp_path: Path):
    with pytest.raises(BadInput, match="shift_swapped stands twice"):
        load_catalogue(written(tmp_path, EVENT, EVENT), cards())
    with pytest.raises(BadInput, match="shift_swapped lacks chip"):
        load_catalogue(written(tmp_path, {key: each for key, each in EVENT.items() if key != "chip"}), cards())


def test_a_file_that_holds_no_events_is_refused(tmp_path: Path):
    (tmp_path / "events.yaml").write_text("hello", encoding="utf-8")
    with pytest.raises(BadInput, match="no list of events"):
        load_catalogue(tmp_path, cards())
