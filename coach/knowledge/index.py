"""The Chroma index: one collection a pack, holding a vector for every passage. A cache, never the truth.

Knows Chroma and one folder (or one server). A collection's name carries the hash of what it was built from, so a
changed card or embedder makes a new one. If anything is wrong in the folder, it is wiped and built again, by one
program at a time; nothing outside it is touched. On a server nothing is ever deleted: other coaches may be using it,
or be building the same at this moment, which comes to the same. Does not know cards or embedders: it is given the
vectors of texts and returns places.
"""

from __future__ import annotations

import logging
import re
import shutil
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

import numpy as np
from numpy.typing import NDArray

from coach.addresses import keep_direct
from coach.errors import KnowledgeTrouble
from coach.files import alone
from coach.knowledge.embedder import Vectors
from coach.knowledge.features import Progress
from coach.omissions import without

log = logging.getLogger(__name__)


_BATCH = 1000
_MOST_HITS = 60
_WAIT_S = 120.0
"""How long another program may be building in the same folder."""
_ATTEMPTS, _PAUSE_S = 6, 0.5


_SPARED = (
    "opentelemetry.exporter.otlp.proto.grpc.trace_exporter",
    "opentelemetry.sdk.resources",
    "opentelemetry.sdk.trace",
    "opentelemetry.sdk.trace.export",
    "jsonschema",
    "httpx._main",
)
"""What Chroma's import would bring along and nothing here asks for: traces and their exporter (gRPC), a check of what
embedders of its own are set to, a command of httpx (Rich, Pygments); 19 MB, and a fifth of its time."""


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
        self._collections: dict[str, tuple[Any, int]] = {}

    def ensure(self, shelves: Sequence[Shelf], progress: Progress | None = None, *, anew: bool = False) -> int:
        """Make every shelf searchable and drop collections of other versions; return how many passages were built.

        A damaged folder is wiped and built again, once. ``anew``: build all. Raises KnowledgeTrouble.
        """
        if self.url:
            return self._ensure_there(shelves, progress, anew)
        with alone(self.folder.parent / "lock", _WAIT_S):
            try:
                if anew:
                    self._wipe()
                return self._ensure(shelves, progress)
            except BaseException as error:
                if not _is_chromas(error):
                    raise
                log.warning("index damaged (%s); building it again", type(error).__name__)
            try:
                self._wipe()
                return self._ensure(shelves, progress)
            except BaseException as error:
                if not _is_chromas(error):
                    raise
                raise KnowledgeTrouble(
                    "The index could not be built; 'coach doctor' says what is in the way."
                ) from error

    def _ensure_there(self, shelves: Sequence[Shelf], progress: Progress | None, anew: bool) -> int:
        """On a server: its answers may be wrong for a moment while others build the same collection."""
        for left in reversed(range(_ATTEMPTS)):
            try:
                return self._ensure(shelves, progress, anew)
            except BaseException as error:
                if not _is_chromas(error):
                    raise
                self.reopen()
                if not left or isinstance(error, ValueError):  # Chroma's way to say that nothing is there
                    sentence = "The Chroma server at COACH_CHROMA_URL did not answer as expected."
                    raise KnowledgeTrouble(sentence) from error
                time.sleep(_PAUSE_S * (_ATTEMPTS - left))
        raise AssertionError

    def search(
        self, pack: str, vector: NDArray[np.float32], k: int = _MOST_HITS
    ) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
        """Return places and cosines of a pack's k nearest passages, nearest first. Raises KnowledgeTrouble."""
        collection, size = self._collections.get(pack, (None, 0))
        if not size:
            return np.zeros(0, np.int64), np.zeros(0, np.float32)
        try:
            found = collection.query(query_embeddings=[vector], n_results=min(k, size), include=["distances"])
        except BaseException as error:
            if not _is_chromas(error):
                raise
            raise KnowledgeTrouble("The index could not be read; 'coach index' builds it again.") from error
        places, far = np.array(found["ids"][0], np.int64), np.array(found["distances"][0], np.float32)
        if not len(places):
            raise KnowledgeTrouble("The index is empty; it is built again.")
        ours = places < size
        return places[ours], 1.0 - far[ours]

    def home(self) -> bool:
        """Whether the data folder is there, or a server is used."""
        return bool(self.url) or self.folder.parents[1].is_dir()

    def reach(self) -> int:
        """Ask the folder or the server how many collections there are. Raises KnowledgeTrouble."""
        try:
            return len(self._open().list_collections())
        except BaseException as error:
            if not _is_chromas(error):
                raise
            where = f"The Chroma server {self.url}" if self.url else "The index of cards"
            raise KnowledgeTrouble(f"{where} does not answer as expected ({type(error).__name__}).") from error
        finally:
            self.reopen()

    def whole(self) -> bool:
        """Whether each shelf is there and finds its last passage. Takes some milliseconds."""
        kept = None if self.url else list(self.folder.glob("chroma-*/chroma.sqlite3"))
        try:
            return kept != [] and all(_answers(*each) for each in self._collections.values())
        except BaseException as error:
            if not _is_chromas(error):
                raise
            return False

    def reopen(self) -> None:
        """Let go of the folder or server, whatever state it is in; the next ``ensure`` opens it anew."""
        try:
            self.close()
        except BaseException as error:
            if not _is_chromas(error):
                raise
            self._client = None
            self._collections = {}

    def close(self) -> None:
        """Let go of the folder."""
        if self._client is not None:
            self._client.close()
        self._client = None
        self._collections = {}

    def _ensure(self, shelves: Sequence[Shelf], progress: Progress | None, anew: bool = False) -> int:
        client = self._open()
        existing = {collection.name for collection in client.list_collections()}
        built, made = 0, {}
        for shelf in shelves:
            collection = client.get_collection(shelf.name, embedding_function=None) if shelf.name in existing else None
            if anew or collection is None or not _holds(collection, shelf.size):
                if collection is not None and not self.url:
                    client.delete_collection(shelf.name)
                collection = self._build(shelf, progress)
                built += shelf.size
            made[shelf.pack] = collection, shelf.size
        wanted = {shelf.name for shelf in shelves}
        for name in existing - wanted:
            if not self.url:  # a server may hold other coaches' collections
                client.delete_collection(name)
        self._collections = made
        return built

    def _build(self, shelf: Shelf, progress: Progress | None) -> Any:
        vectors = shelf.vectors()
        collection = self._open().get_or_create_collection(
            shelf.name, embedding_function=None, configuration={"hnsw": {"space": "cosine"}}
        )
        began = time.monotonic()
        for start in range(0, shelf.size, _BATCH):
            end = min(start + _BATCH, shelf.size)
            collection.upsert(ids=[str(place) for place in range(start, end)], embeddings=vectors[start:end])
            if progress and time.monotonic() - began > 1:
                progress(end, shelf.size)
        if self.url and not _holds(collection, shelf.size):
            raise RuntimeError("what was written is not there yet")
        return collection

    def _open(self) -> Any:
        if self._client is None:
            with without(*_SPARED):
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

    def _wipe(self) -> None:
        """Leave nothing of the folder; ``ensure`` builds it again."""
        self.reopen()
        if self.folder.is_dir():
            shutil.rmtree(self.folder)
        elif self.folder.exists():
            self.folder.unlink()


def _holds(collection: Any, size: int) -> bool:
    """Say whether a collection holds all passages, and finds them."""
    return bool(collection.count() >= size) and _answers(collection, size)


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
