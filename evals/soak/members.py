"""Three members over two workers on PostgreSQL, each killed in between: all goes on, and no word is found anywhere.

Behind nginx as deploy/ has it, where it is installed; else every request goes to the other worker than the one before.
Words that stand nowhere else are written into every kind of row that a member can write; then the database, its log
with all statements, the data folders and what the workers and nginx said are searched for them, and for every
password, code, token and key.
"""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from itertools import count
from pathlib import Path

import httpx

from evals.bars import Bar
from evals.clusters import Cluster, cluster
from evals.grouped import Workers
from evals.proxied import NAME, nginx
from evals.served import free_port

BARS: Mapping[str, Bar] = {"failed": Bar(0, False), "found": Bar(0, False), "planted": Bar(200, True)}

_LOGINS = ("zoe", "yuri", "xenia")
_WRONG = "not the password"
_FORM = {"accept": "text/html"}


@dataclass(frozen=True, slots=True)
class _Way:
    """How browsers reach the workers: the address of each next request, its origin, and the name of the cookie."""

    next: Callable[[], str]
    origin: str
    cookie: str


class _Browser:
    """A browser. Secrets it saw are remembered."""

    def __init__(self, way: _Way) -> None:
        self.cookie, self.secrets = "", []  # type: str, list[str]
        self._way = way
        self._client = httpx.Client(timeout=60, verify=False)  # noqa: S501  our own certificate, on this machine

    def ask(self, method: str, path: str, **given: object) -> httpx.Response:
        """Send a request with the cookie, and keep the one that comes back."""
        address = self._way.next()
        origin = self._way.origin or address
        headers = {"host": origin.partition("//")[2], "origin": origin, "cookie": f"{self._way.cookie}={self.cookie}"}
        headers |= dict(given.pop("headers", {}))  # type: ignore[call-overload]
        self._client.cookies.clear()
        response = self._client.request(method, f"{address}{path}", headers=headers, **given)  # type: ignore[arg-type]
        if found := re.search(r"coach=([\w-]+)", response.headers.get("set-cookie", "")):
            self.cookie = found[1]
            self.secrets.append(found[1])
        return response

    def send(self, path: str, **data: str) -> httpx.Response:
        """Send a form."""
        return self.ask("POST", path, data=data, headers=_FORM)


class _Member:
    """A member who writes everywhere they can, with words that stand nowhere else."""

    def __init__(self, browser: _Browser, login: str, words: Iterator[str]) -> None:
        self.browser, self.login, self._words = browser, login, words
        self.password, self.code, self.person = f"{next(words)} {next(words)}", "", ""

    def join(self, link: str) -> Iterator[bool]:
        """Join, and write down the code."""
        given = {"login": self.login, "password": self.password, "again": self.password}
        yield self.browser.send(link, **given).headers.get("location") == "/member/code"
        shown = re.search(r'id="code">([^<]+)<', self.browser.ask("GET", "/member/code", headers=_FORM).text)
        self.code = shown[1] if shown else ""
        yield self.browser.send("/member/code", code=self.code, typed=self.code[-4:]).status_code == 303

    def write(self) -> Iterator[bool]:
        """Keep a person, moments, a turn, a plan, a draft, a session, a program's name; yield what went well."""
        say, ask = self._words, self.browser.ask
        made = ask(
            "POST", "/api/people", json={name: next(say) for name in ("name", "role", "matters", "plate", "beyond")}
        )
        yield made.status_code == 201
        self.person = made.json()["id"]
        for _ in range(10):
            more = {name: next(say) for name in ("name", "role", "matters", "plate", "beyond")}
            yield ask("POST", "/api/people", json=more).status_code == 201
        forms = {"promises": {"by": "me", "what": next(say)}, "points": {"by": "them", "what": next(say)},
                 "days": {"label": next(say), "month": "3", "day": "4"}}  # fmt: skip
        for path, given in forms.items():
            yield self.browser.send(f"/people/{self.person}/{path}", **given).status_code == 303
        moment = {"person_id": self.person, "what": f"They {next(say)} me", "by": "them", "channel": "meeting",
                  "landed": "harmed", "happened_at": "2026-11-27T10:00:00Z"}  # fmt: skip
        yield ask("POST", "/api/moments", json=moment).status_code == 201
        told = f"{next(say)} has not answered my mail about the {next(say)}. How do I ask?"
        yield ask("POST", "/api/chat", json={"text": told}).text.count("event: finished") == 1
        yield ask("POST", "/api/plans", json={"person_id": self.person}).status_code == 201
        draft = {"text": f"Dear {next(say)}, thank you for the {next(say)}.", "purpose": "thanks"}
        yield ask("POST", "/api/drafts", json=draft).status_code == 201
        begun = ask("POST", "/api/sessions", json={"kind": "weekly_review"})
        yield begun.status_code == 201
        answer = {"text": f"I met {next(say)} and it was {next(say)}."}
        yield ask("POST", f"/api/sessions/{begun.json()['session_id']}/turns", json=answer).status_code == 200
        shown = self.browser.send("/member/programs", kind="chat", label=next(say)).text
        token = re.search(r'id="token">([^<]+)<', shown)
        yield token is not None
        self.browser.secrets.append(token[1] if token else "")

    def mine(self) -> str:
        """Return everything of theirs, as the server gives it back."""
        return self.browser.ask("GET", "/api/export").text


def measure(folder: Path) -> dict[str, float]:
    """Return how many checks went wrong and how many of the planted words, secrets and keys were found."""
    with cluster() as database, ExitStack() as stack:
        workers, way = _workers(folder, database, stack)
        words = (f"Quill{n}feather" for n in count())
        members = [_Member(_Browser(way), login, words) for login in _LOGINS]
        right = list(_story(workers, members, way))
        workers.stop()
        planted = [f"Quill{n}feather" for n in range(int(next(words)[5:-7]))]
        secrets = [each for it in members for each in (*it.browser.secrets, it.code, it.code.replace("-", ""))]
        secrets.append((folder / "pepper").read_text().strip())
        found = _found(_traces(folder, database), [*planted, *secrets])
    figures = {"checks": len(right), "failed": right.count(False), "planted": len(planted), "found": found}
    return {**figures, "behind_nginx": float(bool(way.origin))}


def _workers(folder: Path, database: Cluster, stack: ExitStack) -> tuple[Workers, _Way]:
    """Return two workers that run, and how they are reached."""
    port = free_port()
    public = f"https://{NAME}:{port}" if shutil.which("nginx") else ""
    behind = {"COACH_PUBLIC_URL": public, "COACH_TRUSTED_PROXIES": "localhost"} if public else {}
    workers = Workers(folder, database, 2, **behind)
    stack.callback(workers.stop)
    for n in (0, 1):
        workers.start(n)
    if not public:
        turns = count()
        return workers, _Way(lambda: workers.address(next(turns) % 2), "", "coach")
    stack.enter_context(nginx(folder, port, workers.ports))
    return workers, _Way(lambda: f"https://127.0.0.1:{port}", public, "__Host-coach")


def _story(workers: Workers, members: list[_Member], way: _Way) -> Iterator[bool]:
    zoe, *others = members
    yield from zoe.join(_path(workers.command("first")))
    for each in others:
        invited = zoe.browser.send("/members", role="member").text
        link = re.search(r'id="link">[^<]+(/join/[\w-]+)<', invited)
        yield from each.join(link[1] if link else "")
    for each in members:
        yield from each.write()
    before = [each.mine() for each in members]
    workers.kill(1)
    workers.start(1)
    workers.kill(0)
    workers.start(0)
    yield [each.mine() for each in members] == before
    for one in members:
        for other in members:
            if one is not other:
                yield one.browser.ask("GET", f"/api/people/{other.person}/findings").status_code == 404
                yield one.browser.ask("DELETE", f"/api/people/{other.person}").status_code == 404
    yield from _locked(zoe)
    yield from _tries(way, others[0])
    yield from _left(workers, others[1])
    zoe.browser.send("/member/everywhere")
    yield zoe.browser.ask("GET", "/api/people").status_code == 401


def _locked(member: _Member) -> Iterator[bool]:
    member.browser.send("/lock")
    yield member.browser.ask("GET", "/api/people").status_code == 423
    member.browser.send("/signin", password=member.password)
    yield member.browser.ask("GET", "/api/people").status_code == 200


def _tries(way: _Way, member: _Member) -> Iterator[bool]:
    """Try eleven wrong passwords over both workers: the eleventh and the right one after it are told to wait."""
    stranger = _Browser(way)
    for _ in range(10):
        yield stranger.send("/signin", login=member.login, password=_WRONG).status_code == 403
    yield stranger.send("/signin", login=member.login, password=_WRONG).status_code == 429
    yield stranger.send("/signin", login=member.login, password=member.password).status_code == 429
    yield member.browser.ask("GET", "/api/people").status_code == 200


def _left(workers: Workers, member: _Member) -> Iterator[bool]:
    given = {"confirm": "leave for good", "password": member.password}
    yield member.browser.send("/member/leave", **given).headers.get("location") == "/signin"
    yield member.browser.ask("GET", "/api/people").status_code == 401
    yield member.login not in workers.command("list")


def _path(printed: str) -> str:
    found = re.search(r"/join/[\w-]+", printed)
    return found[0] if found else ""


def _traces(folder: Path, database: Cluster) -> bytes:
    """Return all bytes that are left anywhere once nobody is signed in: rows, log, folders, what was said."""
    kept = [file.read_bytes() for file in sorted(folder.rglob("*")) if file.is_file() and file.name != "pepper"]
    base = [file.read_bytes() for file in sorted((database.folder / "data" / "base").rglob("*")) if file.is_file()]
    wal = [file.read_bytes() for file in sorted((database.folder / "data" / "pg_wal").glob("0*")) if file.is_file()]
    return b"\n".join([database.dump(), database.log(), *kept, *base, *wal])


def _found(traces: bytes, secrets: list[str]) -> int:
    return sum(each.encode() in traces or json.dumps(each).encode()[1:-1] in traces for each in secrets if each)
