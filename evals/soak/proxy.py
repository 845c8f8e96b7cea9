"""Behind a proxy that speaks TLS: who is let in, cookies for TLS alone, links, a stream, an upload.

Through every proxy that is there: a small one of Python's own, and Caddy and nginx where they are installed, set up as
docs/hosting.md says.
"""

from __future__ import annotations

import asyncio
import re
import shutil
import ssl
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, suppress
from functools import partial
from pathlib import Path
from textwrap import dedent

import httpx

from coach.door import Token
from evals.bars import Bar
from evals.cases import HERE, load_cases
from evals.proxied import NAME, certificate, client_of, started
from evals.served import bearer, free_port, running

Proxy = Callable[[int, int], AbstractContextManager[None]]

DOCS = Path(__file__).parents[2] / "docs" / "hosting.md"
BARS: Mapping[str, Bar] = {"failed": Bar(0, False), "python_right": Bar(1.0, True)}

_PATIENCE = 30.0


def measure(folder: Path) -> dict[str, float]:
    """Return the share of checks that were right by proxy, and the number that failed."""
    figures: dict[str, float] = {"failed": 0}
    for name, through in _THROUGH.items():
        if name == "python" or shutil.which(name):
            right, wrong = _checked(folder / name, partial(through, folder))
            figures |= {f"{name}_right": right / (right + wrong), "failed": figures["failed"] + wrong}
    return figures


def _checked(folder: Path, through: Proxy) -> tuple[int, int]:
    port = free_port()
    public = f"https://{NAME}:{port}"
    found: list[bool] = []
    with (
        running(folder, COACH_PUBLIC_URL=public, COACH_TRUSTED_PROXIES="localhost") as (_, inner),
        through(port, int(inner.rpartition(":")[2])),
        client_of(port, NAME) as client,
        client_of(port, "evil.example") as other,
    ):
        _wait(client)
        found += _checks(client, folder, public)
        with suppress(httpx.TransportError):  # a proxy may refuse the name itself
            found.append(other.get("/api/people", headers=bearer(folder)).status_code >= 400)
    return sum(found), len(found) - sum(found)


def _checks(client: httpx.Client, folder: Path, public: str) -> Iterator[bool]:
    """Yield of each check whether it is right."""
    page = {"Accept": "text/html", "Origin": public}
    yield client.get("/", headers=page).status_code == 401
    yield client.get("/api/export").status_code == 401
    let_in = client.get(Token(folder).link(""), headers=page)
    yield (let_in.status_code, let_in.headers["location"]) == (303, "/")
    yield {"Secure", "HttpOnly"} <= set(let_in.headers["set-cookie"].split("; "))
    yield client.get("/people", headers=page).status_code == 200
    yield client.post("/people", data={"name": "Tom"}, headers=page).status_code == 303
    foreign = {**page, "Origin": "https://evil.example"}
    yield client.post("/people", data={"name": "Eve"}, headers=foreign).status_code == 403
    client.post("/calendar", data={"feed": "new"}, headers=page)
    feed = re.search(rf"{re.escape(public)}(/calendar/[\w-]+\.ics)", client.get("/calendar", headers=page).text)
    yield feed is not None and client.get(feed[1], headers={"Cookie": ""}).status_code == 200
    yield _streams(client, public)
    export = {"format": "coach-export", "version": 1, "people": [{"id": "x", "name": "x" * 3_000_000}]}
    yield client.post("/api/import", json=export, headers=page).status_code in {400, 422}
    yield [each["name"] for each in client.get("/api/people").json()["people"]] == ["Tom"]


def _streams(client: httpx.Client, public: str) -> bool:
    """Whether the events of a turn come whole, and the first one before the last one."""
    body = {"text": load_cases(HERE / "dev_cases.jsonl")[0].message}
    names: list[str] = []
    pieces = 0
    with client.stream("POST", "/api/chat", json=body, headers={"Origin": public}) as reply:
        for text in reply.iter_text():
            pieces += 1
            names += re.findall(r"^event: (\w+)", text, re.MULTILINE)
    return pieces > 1 and (names[0], names[-1]) == ("started", "finished")


def _wait(client: httpx.Client) -> None:
    until = time.monotonic() + _PATIENCE
    while time.monotonic() < until:
        with suppress(httpx.TransportError):
            if client.get("/readyz").status_code == 200:
                return
        time.sleep(0.05)
    raise RuntimeError("the proxy did not answer")


@contextmanager
def _python(folder: Path, port: int, inner: int) -> Iterator[None]:
    """A proxy in a thread: it ends TLS, says what it saw, and passes bytes on."""
    speaking = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    speaking.load_cert_chain(*certificate(folder))
    stop: list[Callable[[], object]] = []

    async def pass_on(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        async def copy(source: asyncio.StreamReader, target: asyncio.StreamWriter) -> None:
            while data := await source.read(65536):
                target.write(data)
                await target.drain()
            target.close()

        head = await reader.readuntil(b"\r\n\r\n")
        kept = [each for each in head.split(b"\r\n") if not each.lower().startswith((b"x-forwarded", b"connection:"))]
        kept[1:1] = [b"X-Forwarded-Proto: https", b"X-Forwarded-For: 203.0.113.7", b"Connection: close"]
        there, back = await asyncio.open_connection("127.0.0.1", inner)
        back.write(b"\r\n".join(kept))
        with suppress(OSError, asyncio.CancelledError):
            await asyncio.gather(copy(reader, back), copy(there, writer))

    async def serve() -> None:
        loop, stopped = asyncio.get_running_loop(), asyncio.Event()
        stop.append(lambda: loop.call_soon_threadsafe(stopped.set))
        async with await asyncio.start_server(pass_on, "127.0.0.1", port, ssl=speaking):
            await stopped.wait()
            for each in asyncio.all_tasks() - {asyncio.current_task()}:
                each.cancel()

    thread = threading.Thread(target=lambda: asyncio.run(serve()), daemon=True)
    thread.start()
    try:
        yield
    finally:
        for each in stop:
            each()
        thread.join(_PATIENCE)


@contextmanager
def _caddy(folder: Path, port: int, inner: int) -> Iterator[None]:
    site = _example("coach.example.org {", inner).replace(
        "{", f":{port} {{\n    tls {' '.join(certificate(folder))}", 1
    )
    off = "{\n    admin off\n    auto_https off\n}\n"
    (folder / "Caddyfile").write_text(off + site)
    with started(["caddy", "run", "--config", "Caddyfile", "--adapter", "caddyfile"], folder):
        yield


@contextmanager
def _nginx(folder: Path, port: int, inner: int) -> Iterator[None]:
    public, key = certificate(folder)
    site = _example("server {", inner).replace("listen 443", f"listen 127.0.0.1:{port}")
    site = re.sub(r"(ssl_certificate) .*?;", rf"\1 {public};", site, count=1)
    site = re.sub(r"(ssl_certificate_key) .*?;", rf"\1 {key};", site)
    around = f"daemon off; pid {folder}/pid; error_log stderr; events {{}} http {{ {site} }}"
    (folder / "nginx.conf").write_text(around)
    with started(["nginx", "-p", str(folder), "-c", str(folder / "nginx.conf")], folder):
        yield


def _example(head: str, inner: int) -> str:
    """Return an example of docs/hosting.md by its first line, for a coach on another port."""
    block = next(each for each in re.findall(r"(?:^    .*\n|^\n)+", DOCS.read_text(), re.MULTILINE) if head in each)
    return dedent(block).replace("127.0.0.1:8000", f"127.0.0.1:{inner}")


_THROUGH: dict[str, Callable[[Path, int, int], AbstractContextManager[None]]] = {
    "python": _python,
    "caddy": _caddy,
    "nginx": _nginx,
}
