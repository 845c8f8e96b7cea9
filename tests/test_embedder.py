"""Vectors: their shape, their sameness, and what happens when there are none."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from coach.errors import KnowledgeTrouble
from coach.knowledge.embedder import Kept, MiniLm, OpenAiEmbedder, unit

TOKENIZER = Path(__file__).parents[1] / "knowledge" / "minilm" / "tokenizer.json"


@pytest.fixture(scope="module")
def minilm() -> MiniLm:
    return MiniLm(TOKENIZER)


def test_vectors_have_384_numbers_and_length_one(minilm: MiniLm) -> None:
    vectors = np.array(minilm.embed(["hello", "a longer text about a meeting", ""]))
    assert vectors.shape == (3, 384)
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)


def test_meaning_is_nearer_than_words(minilm: MiniLm) -> None:
    asked, same, other = np.array(
        minilm.embed(["he ignores my emails", "no reply to anything I send him", "he emails a recipe for cake"])
    )
    assert asked @ same > asked @ other


def test_a_vector_does_not_depend_on_its_company(minilm: MiniLm) -> None:
    alone = np.array(MiniLm(TOKENIZER).embed(["a small text"])[0])
    among = np.array(minilm.embed(["a small text", "a much longer text " * 30])[0])
    assert np.allclose(alone, among, atol=1e-5)


def test_long_texts_are_cut(minilm: MiniLm) -> None:
    one, two = np.array(minilm.embed(["word " * 300, "word " * 3000]))
    assert np.allclose(one, two, atol=1e-5)


def test_nothing_gives_nothing(minilm: MiniLm) -> None:
    assert minilm.embed([]) == []


def test_the_weights_are_the_expected_ones(minilm: MiniLm) -> None:
    minilm.check()


def test_weights_that_cannot_be_loaded_are_a_knowledge_trouble(tmp_path: Path) -> None:
    bad = tmp_path / "weights.onnx"
    bad.write_bytes(b"nothing")
    with pytest.raises(KnowledgeTrouble):
        MiniLm(TOKENIZER, bad)
    with pytest.raises(KnowledgeTrouble):
        MiniLm(tmp_path / "none.json")


def test_recent_texts_are_computed_once() -> None:
    asked: list[list[str]] = []

    def embed(texts: list[str]) -> np.ndarray:
        asked.append(texts)
        return np.ones((len(texts), 2), np.float32)

    kept = Kept(embed, most=2)
    kept(["a"])
    kept(["a", "b", "b"])
    kept(["c"])
    kept(["a"])
    assert asked == [["a"], ["b"], ["c"], ["a"]]


def test_rows_of_zeros_stay() -> None:
    assert np.array_equal(unit(np.zeros((1, 3))), np.zeros((1, 3)))


def test_a_server_that_does_not_answer_is_a_knowledge_trouble() -> None:
    embedder = OpenAiEmbedder("http://127.0.0.1:9/v1", "key", "some-embedding")
    with pytest.raises(KnowledgeTrouble, match="COACH_EMBED_BASE_URL"):
        embedder.embed(["hello"])
    assert "some-embedding" in embedder.fingerprint
