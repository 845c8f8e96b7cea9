"""What is simple enough to be beaten: dense search in plain Chroma, and always the five most frequent labels.

Knows Chroma and the coach's embedder; nothing of the coach's ranking.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from typing import Any, cast
from uuid import uuid4

import numpy as np

from coach.domain.principles import Principle
from coach.ports import Embedder
from coach.shipped import shipped

Rank = Callable[[str], list[str]]


def dense(cards: Iterable[Principle], embedder: Embedder | None = None) -> Rank:
    """Return a ranking by the cosine of the whole message with one embedded text a card: title, statement, body."""
    import chromadb
    from chromadb.config import Settings

    table = embedder or own_embedder()
    known = [card for card in cards if not card.evidence]
    client = chromadb.EphemeralClient(Settings(anonymized_telemetry=False))
    collection: Any = client.create_collection(
        f"dense-{uuid4().hex}", embedding_function=None, configuration={"hnsw": {"space": "cosine"}}
    )
    vectors = np.asarray(table.embed([f"{card.title}. {card.statement}\n\n{card.body}" for card in known]))
    collection.add(ids=[card.id for card in known], embeddings=vectors)

    def rank(text: str) -> list[str]:
        vector = np.asarray(table.embed([text]))
        return list(collection.query(query_embeddings=vector, n_results=len(known), include=[])["ids"][0])

    return rank


def constant(labels: Iterable[Sequence[str]]) -> Rank:
    """Return the ranking that is always the five most frequent labels; ties go by the alphabet."""
    counted = Counter(name for relevant in labels for name in relevant)
    most = sorted(counted, key=lambda name: (-counted[name], name))[:5]
    return lambda _text: list(most)


def own_embedder() -> Embedder:
    """Return a MiniLM of our own, that shares no cache with the coach."""
    from coach.knowledge.embedder import MiniLm

    return cast(Embedder, MiniLm(shipped("knowledge") / "minilm" / "tokenizer.json"))
