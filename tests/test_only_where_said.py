"""Servers that the settings name are asked directly where they are on this machine, and send nobody elsewhere.

Language models have the same tests in ``test_odd_servers``; that nobody else is reached at all, over a whole story,
is in ``test_nothing_is_logged``.
"""

from __future__ import annotations

import gc
import warnings
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from coach.errors import KnowledgeTrouble
from coach.knowledge.embedder import OpenAiEmbedder
from coach.knowledge.index import Index
from evals.behaviours import Status
from evals.scripted import ScriptedServer, scripted_server

Ask = Callable[[str, Path], object]


def embeddings(url: str, folder: Path) -> object:
    """Ask an embeddings server."""
    del folder
    with closing(OpenAiEmbedder(url, "key", "some-embedding")) as embedder:
        return embedder.embed(["Tom went quiet."])


def chroma(url: str, folder: Path) -> object:
    """Ask a Chroma server."""
    with closing(Index(folder, url.removesuffix("/v1"))) as index:
        return index.ensure([])


@pytest.fixture(autouse=True)
def left_open() -> Iterator[None]:
    """Chroma's client leaves its connection to the collector when its first request fails; what is old holds none."""
    yield
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)
        gc.collect(1)


SERVERS = pytest.mark.parametrize("ask", [embeddings, chroma])


@SERVERS
def test_on_this_machine_no_proxy_is_asked(
    ask: Ask, scripted: ScriptedServer, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    with scripted_server() as proxy:
        for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
            monkeypatch.setenv(name, proxy.url.removesuffix("/v1"))
        monkeypatch.setenv("NO_PROXY", "")
        monkeypatch.setenv("no_proxy", "")
        with pytest.raises(KnowledgeTrouble):  # it is no server of that kind
            ask(scripted.url, tmp_path)
        assert proxy.asked == []
    assert scripted.asked


@SERVERS
@pytest.mark.parametrize("status", [302, 307, 308])
def test_no_redirect_is_followed(ask: Ask, scripted: ScriptedServer, tmp_path: Path, status: int) -> None:
    with scripted_server() as elsewhere:
        scripted.always = Status(status, location=elsewhere.url)
        with pytest.raises(KnowledgeTrouble):
            ask(scripted.url, tmp_path)
        assert elsewhere.asked == []
    assert scripted.asked
