"""The library: retrieval, likeness, packs, and what it does when something is missing."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from coach.domain.readings import Kind
from coach.errors import BadCard, BadInput, NotFound
from coach.knowledge.embedder import MiniLm
from coach.knowledge.library import Library
from coach.knowledge.lines import HARMS
from coach.planning.citations import quote
from knowledge_sample import SUBJECTS, card, write_cards, write_knowledge

TOKENIZER = Path(__file__).parents[1] / "knowledge" / "minilm" / "tokenizer.json"
MAIL = "Priya has ignored two mails of mine and I never get a reply. What now?"


@pytest.fixture(scope="module")
def minilm() -> MiniLm:
    return MiniLm(TOKENIZER)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    found = tmp_path_factory.mktemp("sample") / "knowledge"
    write_knowledge(found)
    return found


@pytest.fixture(scope="module")
def fitted(folder: Path, minilm: MiniLm, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with tables and index, made once."""
    data = tmp_path_factory.mktemp("fitted")
    library = Library(folder, data, minilm)
    library.prepare()
    library.close()
    return data


@pytest.fixture
def library(folder: Path, fitted: Path, minilm: MiniLm, tmp_path: Path) -> Iterator[Library]:
    shutil.copytree(fitted, tmp_path / "data")
    found = Library(folder, tmp_path / "data", minilm)
    found.prepare()
    yield found
    found.close()


def test_the_card_that_applies_comes_first_and_says_why(library: Library) -> None:
    found = library.retrieve(MAIL)
    assert found[0].principle.id == "answer-the-mail"
    assert any("email" in reason or "messages" in reason for reason in found[0].because)
    assert found[0].passages
    assert len(found) == 4
    assert [match.score for match in found] == sorted((match.score for match in found), reverse=True)


def test_the_same_text_finds_the_same(library: Library, folder: Path, fitted: Path, minilm: MiniLm) -> None:
    again = Library(folder, fitted, minilm)
    again.prepare()
    assert [(match.principle.id, round(match.score, 4)) for match in again.retrieve(MAIL)] == [
        (match.principle.id, round(match.score, 4)) for match in library.retrieve(MAIL)
    ]
    again.close()


def test_spelling_quotes_and_capitals_change_nothing(library: Library) -> None:
    odd = "PRIYA has ignored two mails of mine  and I never get a reply.\u200b What now?"
    assert library.kinds(odd) == pytest.approx(library.kinds(MAIL), abs=1e-5)


def test_evidence_is_never_retrieved_but_can_be_searched(library: Library) -> None:
    text = "a study of thanks at work"
    assert all(not match.principle.evidence for match in library.retrieve(text, 9))
    assert any(match.principle.id == "study-of-thanks" for match in library.search(text))


def test_kinds_are_probabilities_of_all_kinds(library: Library) -> None:
    found = library.kinds("My supervisor hit me, I am afraid of him.")
    assert set(found) == set(Kind) - {Kind.NOT_ENGLISH}
    assert sum(found.values()) == pytest.approx(1, abs=1e-4)
    assert max(HARMS, key=lambda kind: found[kind]) is Kind.VIOLENCE


def test_a_second_start_builds_nothing(folder: Path, fitted: Path, minilm: MiniLm) -> None:
    library = Library(folder, fitted, minilm)
    assert library.prepare() == 0
    library.close()


def test_a_changed_card_is_indexed_and_fitted_again(folder: Path, fitted: Path, minilm: MiniLm, tmp_path: Path) -> None:
    shutil.copytree(fitted, tmp_path / "data")
    shutil.copytree(folder, tmp_path / "knowledge")
    title, statement, asks = SUBJECTS["eat-together"]
    changed = card("eat-together", title, statement, ["noodles at the harbour", asks[0]])
    (tmp_path / "knowledge" / "eat-together.md").write_text(changed, encoding="utf-8")
    library = Library(tmp_path / "knowledge", tmp_path / "data", minilm)
    assert library.prepare() > 0
    assert library.search("noodles at the harbour", 1)[0].principle.id == "eat-together"
    library.close()


def test_without_weights_it_works_by_words_and_says_so(folder: Path, fitted: Path, tmp_path: Path) -> None:
    shutil.copytree(fitted, tmp_path / "data")
    library = Library(folder, tmp_path / "data", None)
    library.prepare()
    assert library.note
    assert "words alone" in library.note
    assert library.retrieve(MAIL)[0].principle.id == "answer-the-mail"
    assert max((found := library.kinds("My manager hit me")), key=lambda kind: found[kind]) is Kind.VIOLENCE


def test_without_an_index_it_works_and_says_so(folder: Path, fitted: Path, minilm: MiniLm, tmp_path: Path) -> None:
    shutil.copytree(fitted, tmp_path / "data")
    library = Library(folder, tmp_path / "data", minilm, chroma_url="http://127.0.0.1:9")
    library.prepare()
    assert library.note
    assert library.retrieve(MAIL)[0].principle.id == "answer-the-mail"


def test_shipped_cards_are_found_alike_before_the_index_is_open(
    library: Library, folder: Path, fitted: Path, minilm: MiniLm
) -> None:
    early = Library(folder, fitted, minilm)
    early.prepare_tables()
    assert not early.ready
    ours, theirs = early.retrieve(MAIL), library.retrieve(MAIL)
    assert [match.principle.id for match in ours] == [match.principle.id for match in theirs]
    assert [match.score for match in ours] == pytest.approx([match.score for match in theirs], abs=1e-3)


def test_a_pack_is_found_beside_the_shipped_cards(library: Library, tmp_path: Path) -> None:
    pack = tmp_path / "Harbour Rules"
    pack.mkdir()
    asks = ["the crane driver sounds his horn at us", "horn signals on the quay between crane and ground crew"]
    text = card("one-horn-signal", "One horn signal", "Agree on one horn signal for stop and keep to it. " * 2, asks)
    (pack / "one-horn-signal.md").write_text(text, encoding="utf-8")
    assert library.add_pack(pack) == ("harbour-rules", 1)
    assert library.packs() == {"harbour-rules": 1}
    found = library.retrieve("The crane driver keeps sounding his horn at the ground crew on the quay")
    assert "one-horn-signal" in [match.principle.id for match in found[:2]]
    assert library.retrieve(MAIL)[0].principle.id == "answer-the-mail"
    library.remove_pack("harbour-rules")
    assert library.packs() == {}
    with pytest.raises(NotFound):
        library.principle("one-horn-signal")


def test_a_pack_stays_after_a_restart(library: Library, folder: Path, minilm: MiniLm, tmp_path: Path) -> None:
    write_cards(tmp_path / "mine", "my-")
    library.add_pack(tmp_path / "mine")
    library.close()
    again = Library(folder, tmp_path / "data", minilm)
    assert again.prepare() == 0
    assert again.packs() == {"mine": 4}
    again.close()


def test_nothing_of_a_bad_pack_stays(library: Library, tmp_path: Path) -> None:
    write_cards(tmp_path / "mine", "my-")
    (tmp_path / "mine" / "bad-card.md").write_text(card("bad-card", "Bad", "Short.", ["a", "b"]), encoding="utf-8")
    with pytest.raises(BadCard, match=r"bad-card\.md, line 9"):
        library.add_pack(tmp_path / "mine")
    assert library.packs() == {}
    assert not list((tmp_path / "data").glob("packs/*"))


def test_ids_that_are_taken_are_refused(library: Library, tmp_path: Path) -> None:
    write_cards(tmp_path / "mine")
    with pytest.raises(BadCard, match="taken"):
        library.add_pack(tmp_path / "mine")


def test_folders_that_cannot_be_packs_are_refused(library: Library, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    for name in ("empty", "not-there"):
        with pytest.raises(BadInput):
            library.add_pack(tmp_path / name)
    with pytest.raises(NotFound):
        library.remove_pack("not-there")


def test_a_quote_is_an_exact_span_of_its_card(library: Library) -> None:
    for principle in library.principles():
        assert quote(principle, MAIL) in principle.text
    mail = library.principle("answer-the-mail")
    assert "without an answer" in quote(mail, "my mail is without an answer from the sender")
