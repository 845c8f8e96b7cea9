"""The Chroma index: one collection a pack, holding a vector for every passage. A cache, never the truth.

Knows Chroma and one folder (or one server). A collection's name carries the hash of what it was built from, so a
changed card or embedder makes a new one. If anything is wrong in the folder, it is wiped and built again; nothing
outside it is touched. Does not know cards or embedders: it is given the vectors of texts and returns places.
"""

from __future__ import annotations

import logging
import re
import shutil
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

import numpy as np
from numpy.typing import NDArray

from coach.addresses import keep_direct
from coach.errors import KnowledgeTrouble
from coach.knowledge.embedder import Vectors
from coach.knowledge.features import Progress

log = logging.getLogger(__name__)


_BATCH = 1000
_MOST_HITS = 60


_EXPORTER = "opentelemetry.exporter.otlp.proto.grpc.trace_exporter"


@contextmanager
def _untraced() -> Iterator[None]:
    """Spare Chroma's import its exporter of traces, which is never asked for: 12 MB (gRPC) and a tenth of the time."""
    spared = ModuleType(_EXPORTER)
    spared.OTLPSpanExporter = None  # type: ignore[attr-defined]
    known = sys.modules.setdefault(_EXPORTER, spared)
    try:
        yield
    finally:
        if known is spared:
            del sys.modules[_EXPORTER]


@dataclass(frozen=True, slots=True)
class Shelf:
    """What one pack's collection should hold: ``key`` changes with the cards or the embedder."""

    pack: str
    key: str
    size: int
    vectors: Callable[[], Vectors]

    @property
    def name(self) -> str:
        """The collection's name."""
        return f"{re.sub(r'[^a-zA-Z0-9-]', '-', self.pack)[:40]}.{self.key}"


class Index:
    """Opens, builds, mends and searches the collections."""

    def __init__(self, folder: Path, url: str | None = None) -> None:
        """Use a folder of this machine, or the Chroma server at ``url``. Opens nothing yet."""
        self.folder, self.url = folder, url
        self._client: Any = None
        self._collections: dict[str, Any] = {}
        self._sizes: dict[str, int] = {}

    def ensure(self, shelves: Sequence[Shelf], progress: Progress | None = None) -> int:
        """Make every shelf searchable and drop collections of other versions; return how many passages were built.

        A damaged folder is wiped and built again, once. Raises KnowledgeTrouble.
        """
        try:
            return self._ensure(shelves, progress)
        except BaseException as error:
            if not _is_chromas(error):
                raise
            if self.url:
                raise KnowledgeTrouble("The Chroma server at COACH_CHROMA_URL did not answer as expected.") from error
            log.warning("index damaged (%s); building it again", type(error).__name__)
        try:
            self.wipe()
            return self._ensure(shelves, progress)
        except BaseException as error:
            if not _is_chromas(error):
                raise
            raise KnowledgeTrouble("The index could not be built; 'coach doctor' says what is in the way.") from error

    def search(
        self, pack: str, vector: NDArray[np.float32], k: int = _MOST_HITS
    ) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
        """Return places and cosines of a pack's k nearest passages, nearest first. Raises KnowledgeTrouble."""
        if pack not in self._collections or not self._sizes[pack]:
            return np.zeros(0, np.int64), np.zeros(0, np.float32)
        try:
            found = self._collections[pack].query(
                query_embeddings=[vector], n_results=min(k, self._sizes[pack]), include=["distances"]
            )
        except BaseException as error:
            if not _is_chromas(error):
                raise
            raise KnowledgeTrouble("The index could not be read; 'coach index' builds it again.") from error
        return np.array(found["ids"][0], np.int64), 1.0 - np.array(found["distances"][0], np.float32)

    def close(self) -> None:
        """Let go of the folder."""
        if self._client is not None:
            self._client.close()
        self._client = None
        self._collections.clear()

    def _ensure(self, shelves: Sequence[Shelf], progress: Progress | None) -> int:
        client = self._open()
        existing = {collection.name for collection in client.list_collections()}
        built = 0
        for shelf in shelves:
            collection = client.get_collection(shelf.name, embedding_function=None) if shelf.name in existing else None
            if collection is None or collection.count() != shelf.size or not _answers(collection, shelf.size):
                collection = self._build(shelf, replace=collection is not None, progress=progress)
                built += shelf.size
            self._collections[shelf.pack], self._sizes[shelf.pack] = collection, shelf.size
        wanted = {shelf.name for shelf in shelves}
        for name in existing - wanted:
            if not self.url:  # a server may hold other coaches' collections
                client.delete_collection(name)
        for pack in self._collections.keys() - {shelf.pack for shelf in shelves}:
            del self._collections[pack]
        return built

    def _build(self, shelf: Shelf, *, replace: bool, progress: Progress | None) -> Any:
        client = self._open()
        if replace:
            client.delete_collection(shelf.name)
        vectors = shelf.vectors()
        collection = client.create_collection(
            shelf.name, embedding_function=None, configuration={"hnsw": {"space": "cosine"}}
        )
        began = time.monotonic()
        for start in range(0, shelf.size, _BATCH):
            end = min(start + _BATCH, shelf.size)
            collection.add(ids=[str(place) for place in range(start, end)], embeddings=vectors[start:end])
            if progress and time.monotonic() - began > 1:
                progress(end, shelf.size)
        return collection

    def _open(self) -> Any:
        if self._client is None:
            with _untraced():
                import chromadb
            from chromadb.config import Settings

            settings = Settings(anonymized_telemetry=False)
            if self.url:
                parts = urlsplit(self.url)
                secure = parts.scheme == "https"
                keep_direct(parts.hostname or "localhost")
                self._client = chromadb.HttpClient(
                    host=parts.hostname or "localhost",
                    port=parts.port or (443 if secure else 8000),
                    ssl=secure,
                    settings=settings,
                )
            else:
                self._client = chromadb.PersistentClient(str(self._place()), settings=settings)
        return self._client

    def _place(self) -> Path:
        """Return the one folder in the folder.

        Chroma keeps one system a path and process, even a broken one: so a rebuilt index gets a new path.
        """
        self.folder.mkdir(parents=True, exist_ok=True)
        kept = sorted(self.folder.glob("chroma-*"))
        return kept[0] if kept else self.folder / f"chroma-{uuid4().hex[:8]}"

    def wipe(self) -> None:
        """Forget every collection of this coach; ``ensure`` builds them again."""
        if self.url:
            for collection in self._collections.values():
                self._open().delete_collection(collection.name)
        try:
            self.close()
        except BaseException as error:
            if not _is_chromas(error):
                raise
            self._client = None
        if self.folder.is_dir():
            shutil.rmtree(self.folder)
        elif self.folder.exists():
            self.folder.unlink()


def _answers(collection: Any, size: int) -> bool:
    """Say whether a passage's own vector finds that passage: it does not when files of the index are missing."""
    if not size:
        return True
    probe = collection.get(ids=[str(size - 1)], include=["embeddings"])["embeddings"]
    if probe is None or not len(probe):
        return False
    found = collection.query(query_embeddings=[probe[0]], n_results=min(3, size), include=["distances"])
    return bool(found["ids"][0]) and found["distances"][0][0] < 0.01


def _is_chromas(error: BaseException) -> bool:
    """True for errors of Chroma and the disk; its Rust part panics with a BaseException of its own."""
    if isinstance(error, KnowledgeTrouble):
        return False
    return isinstance(error, Exception) or type(error).__name__ == "PanicException"
