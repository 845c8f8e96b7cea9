"""The form of the cards in knowledge/: what knowledge/README.md promises, checked on the files alone.

Knows YAML, the files and the table of sources and grades. Must not import coach: a card is right or wrong by itself.
"""

from __future__ import annotations

import re
from functools import cache
from itertools import combinations
from pathlib import Path
from typing import Any

import yaml

from many import many

KNOWLEDGE = Path(__file__).resolve().parents[1] / "knowledge"

# id: sources, grade, whether the card carries a grade_note, whether it carries a caution
TABLE: dict[str, tuple[list[str], str, bool, bool]] = {
    "every-touchpoint-helps-or-harms": (["B", "A"], "B", False, False),
    "no-neutral-indifference": (["B"], "D", False, True),
    "small-consistent-over-big": (["B"], "B", False, False),
    "use-existing-touchpoints": (["B", "C"], "C", False, False),
    "do-not-take-good-ones-for-granted": (["A", "C"], "B", False, False),
    "reach-out-directly-not-publicly": (["A"], "B", False, False),
    "know-their-work": (["A", "C"], "B", False, False),
    "intentions-vary-ask": (["A"], "A", True, False),
    "journal-moments": (["A"], "B", False, True),
    "repay-negatives-with-positives": (["A"], "B", True, True),
    "start-small-one-or-two": (["C"], "B", False, False),
    "block-time": (["C"], "C", False, False),
    "open-remote-calls-with-small-talk": (["C", "D"], "C", False, False),
    "give-before-you-take": (["C"], "C", False, False),
    "not-only-upward": (["C"], "C", False, False),
    "not-politics": (["C"], "C", False, False),
    "keep-results-in-view": (["C"], "C", False, False),
    "widen-the-circle": (["C"], "C", False, False),
    "map-your-relationships": (["C"], "C", False, False),
    "lunch-listen": (["C"], "C", False, False),
    "authenticity-not-faking": (["C", "B"], "B", False, False),
    "work-talk-counts": (["C"], "C", False, False),
    "two-kinds-of-support": (["C"], "B", False, False),
    "ask-questions": (["C", "D"], "B", False, False),
    "personal-check-in": (["D"], "C", False, False),
    "really-listen": (["D"], "B", False, False),
    "listen-to-appreciate": (["D"], "B", False, False),
    "virtual-coffee": (["D"], "C", False, False),
    "do-something-unvirtual": (["D"], "C", False, False),
    "share-celebrations-with-remote": (["D"], "C", False, False),
    "deliberate-moments": (["D"], "C", False, False),
    "turn-text-into-call": (["E"], "C", False, False),
    "offer-time": (["E"], "C", False, False),
    "keep-the-meeting": (["E"], "C", False, False),
    "shrink-the-meeting": (["E"], "C", False, False),
    "reach-out-without-agenda": (["E"], "B", False, False),
    "connection-over-efficiency": (["E"], "C", False, False),
}
EVIDENCE_GRADES = {
    "if-then-plans": "A",
    "apology-parts": "A",
    "ask-dont-imagine": "A",
    "negatives-weigh-more": "B",
    "ai-flattery-harms-repair": "A",
    "ai-written-warmth": "B",
    "sbi": "C",
    "grow": "C",
    "nvc": "C",
}

KEYS = {
    "id", "title", "sources", "grade", "grade_note", "caution", "statement", "applies_when", "asks", "moves",
}  # fmt: skip
MOVE_KEYS = {"cue", "action", "say", "avoid", "channel", "minutes", "needs"}
CHANNELS = {"in_person", "video", "call", "chat", "email", "meeting", "any"}
STANCES = {"repair_own_harm", "ask_first", "set_boundary", "tend", "reach_out", "wait"}
SLOTS = {"{name}", "{them}", "{their}", "{topic}"}

NUMBER = r"(?:[2-9]|\d{2,}|\d+[.,]\d+|two|three|four|five|six|seven|eight|nine|ten)"
RATIO = re.compile(
    rf"\b{NUMBER}[ -]?(?:to|:)[ -]?(?:1|one)\b(?!\d|-to-one)"
    rf"|\b{NUMBER} (?:good|positive|kind|warm)\b[^.]{{0,40}}\bfor (?:every|each)\b"
    rf"|\b{NUMBER} times as many (?:good|positive|kind|warm)\b",
    re.IGNORECASE,
)
HEDGED_APOLOGY = re.compile(r"\b(?:sorry|apologi[sz]e)\b[^.;?]*\b(?:if|but)\b|\bsorry you\b", re.IGNORECASE)
ASKS_FORGIVENESS = re.compile(r"\bforgiv", re.IGNORECASE)


def split(path: Path) -> tuple[str, str]:
    """The front matter and the body of a card, as text."""
    match = re.fullmatch(r"---\n(.*?\n)---\n(.*)", path.read_text(encoding="utf-8"), re.DOTALL)
    assert match, f"{path.name}: no front matter between two lines of ---"
    return match[1], match[2]


@cache
def front(path: Path) -> dict[str, Any]:
    loaded = yaml.safe_load(split(path)[0])
    assert isinstance(loaded, dict), path.name
    return loaded


def paragraphs(path: Path) -> list[str]:
    return [block.strip("\n") for block in re.split(r"\n\s*\n", split(path)[1].strip("\n"))]


def words(text: str) -> int:
    return len(text.split())


PRINCIPLES = sorted(path for path in KNOWLEDGE.glob("*.md") if path.name != "README.md")
EVIDENCE = sorted((KNOWLEDGE / "evidence").glob("*.md"))
CARDS = PRINCIPLES + EVIDENCE

every_card = many("path", CARDS)
every_principle = many("path", PRINCIPLES)


def test_the_table_holds_every_entry() -> None:
    assert len(TABLE) == 37


def test_ids_are_unique_and_known() -> None:
    stems = [path.stem for path in CARDS]
    assert len(stems) == len(set(stems))
    assert {path.stem for path in PRINCIPLES} <= set(TABLE)


@every_card
def test_keys(path: Path) -> None:
    card = front(path)
    assert set(card) == KEYS
    assert card["id"] == path.stem
    assert 0 < len(card["title"]) <= 60
    assert card["grade"] in {"A", "B", "C", "D"}


@every_principle
def test_sources_grade_and_caution_are_the_tables(path: Path) -> None:
    card, (sources, grade, noted, cautioned) = front(path), TABLE[path.stem]
    assert card["sources"] == sources
    assert card["grade"] == grade
    assert bool(card["grade_note"]) == noted
    assert not cautioned or card["caution"]


@many("path", EVIDENCE)
def test_evidence_names_its_studies(path: Path) -> None:
    card = front(path)
    assert card["grade"] == EVIDENCE_GRADES.get(path.stem, card["grade"])
    assert card["sources"]
    assert all(isinstance(study, str) and len(study) > 1 for study in card["sources"])


@every_card
def test_statement_is_one_quotable_line(path: Path) -> None:
    statement = front(path)["statement"]
    assert f"\nstatement: {statement}\n" in path.read_text(encoding="utf-8"), (
        "a quote must be an exact span of the file"
    )
    assert 20 <= words(statement) <= 60
    assert 1 <= len(re.findall(r"[.?](?:\s|$)", statement)) <= 3
    assert statement.endswith((".", "?"))


@every_card
def test_caution_is_an_exact_span(path: Path) -> None:
    caution = front(path)["caution"]
    assert caution is None or f"\ncaution: {caution}\n" in path.read_text(encoding="utf-8")


@every_card
def test_body_is_two_to_four_paragraphs_of_one_line(path: Path) -> None:
    blocks = paragraphs(path)
    assert 2 <= len(blocks) <= 4
    assert not [block for block in blocks if "\n" in block]


@every_card
def test_situations_and_asks(path: Path) -> None:
    card = front(path)
    least, most = (5, 10) if path in PRINCIPLES else (3, 6)
    for key in ("applies_when", "asks"):
        lines = card[key]
        assert least <= len(lines) <= most, key
        assert all(isinstance(line, str) and words(line) >= 3 for line in lines), key
        assert len({line.casefold() for line in lines}) == len(lines), key


@every_card
def test_moves(path: Path) -> None:
    moves = front(path)["moves"] or []
    assert len(moves) <= 5
    if path in PRINCIPLES:
        assert len(moves) >= 2
    assert not moves or min(move["minutes"] for move in moves) <= 10
    for move in moves:
        assert set(move) == MOVE_KEYS
        assert move["cue"].startswith(("If ", "When "))
        assert re.match(r"[a-z]", move["action"]), move["action"]
        assert not re.match(r"(?:i|to|then|you)\b", move["action"]), move["action"]
        assert not move["avoid"].startswith("avoid")
        assert move["channel"] in CHANNELS
        assert isinstance(move["minutes"], int)
        assert 1 <= move["minutes"] <= 60
        needs = move["needs"]
        assert set(needs) == {"remote", "leader", "stance"}
        assert needs["remote"] in {True, False, None}
        assert needs["leader"] in {True, False, None}
        assert not (move["channel"] == "in_person" and needs["remote"])
        assert needs["stance"]
        assert set(needs["stance"]) <= STANCES
        assert len(set(needs["stance"])) == len(needs["stance"])


@every_card
def test_what_is_said_can_be_said(path: Path) -> None:
    for move in front(path)["moves"] or []:
        say = move["say"]
        assert words(say) <= 30, say
        assert say.endswith((".", "?")), say
        assert not re.search(r"[.?]\s", say), f"more than one sentence: {say}"
        assert not HEDGED_APOLOGY.search(say), say
        assert not ASKS_FORGIVENESS.search(say), say
        assert "{name}" not in say, f"said to that person, who may stand as 'your boss': {say}"


@every_card
def test_slots(path: Path) -> None:
    card = front(path)
    for move in card["moves"] or []:
        for key in ("cue", "action", "say", "avoid"):
            assert set(re.findall(r"\{[^}]*\}?|\}", re.sub("|".join(map(re.escape, SLOTS)), "", move[key]))) == set()
    elsewhere = [card["title"], card["statement"], card["caution"] or "", *card["applies_when"], *card["asks"]]
    assert not [text for text in [*elsewhere, *paragraphs(path)] if "{" in text or "}" in text]


@every_card
def test_voice(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert "!" not in text
    ratio = RATIO.search(text)
    assert ratio is None, f"a target ratio: {ratio[0] if ratio else ''}"


def test_statements_and_titles_are_pairwise_different() -> None:
    cards = [front(path) for path in CARDS]
    for one, other in combinations(cards, 2):
        assert one["title"].casefold() != other["title"].casefold()
        first, second = (set(re.findall(r"[a-z']+", card["statement"].casefold())) for card in (one, other))
        overlap = len(first & second) / len(first | second)
        assert overlap < 0.5, f"{one['id']} and {other['id']} say nearly the same"


def test_no_line_is_typed_twice_across_cards() -> None:
    seen: dict[str, str] = {}
    for path in CARDS:
        card = front(path)
        for line in [*card["applies_when"], *card["asks"], *(move["say"] for move in card["moves"] or [])]:
            key = line.casefold()
            assert key not in seen, f"{path.stem} repeats a line of {seen[key]}: {line}"
            seen[key] = path.stem
