"""What a worker's memory holds of a member who signed out, after 300 requests of somebody else.

Told, and no promise: Python cannot wipe memory. The key is found from the cookie as a request finds it; then every
page of the process's memory that can be read is searched for it, for the password and for words that were written.
"""

from __future__ import annotations

import base64
from collections.abc import Iterator, Mapping
from pathlib import Path
from urllib.parse import quote_plus

from sqlalchemy import create_engine, select

from coach.members import wraps
from coach.members.columns import DOORS
from coach.members.peppers import Peppers
from coach.members.row_forms import door_of
from evals import served
from evals.bars import Bar
from evals.grouped import Visitor, first_link

REQUESTS = 300
_PASSWORD, _WORD, _OTHERS = "Quill1feather and rain", "Quill2feather", "rain on another roof"

BARS: Mapping[str, Bar] = {"requests": Bar(REQUESTS, True), "key_seen_while_open": Bar(1, True), "key": Bar(2, False)}


def measure(folder: Path) -> Mapping[str, float]:
    """Return how often the key, the password and a word are in memory while somebody is there, and long after."""
    with served.running(folder, COACH_MEMBERS="1") as (process, url):
        one, other = Visitor(url), Visitor(url)
        one.join(first_link(folder), "zoe", _PASSWORD)
        other.join(one.invite(), "yuri", _OTHERS)
        key = _key(folder, one.cookie)
        said = f"{_WORD} has not answered my mail about the rota. How do I ask?"
        one.client.post("/api/chat", json={"text": said}).raise_for_status()
        open_ = _copies(process.pid, key, _PASSWORD, _WORD)
        one.send("/member/everywhere")
        asked = sum(other.client.get("/api/people").status_code == 200 for _ in range(REQUESTS))
        left = _copies(process.pid, key, _PASSWORD, _WORD)
    names = ("key", "password", "word")
    return {
        "requests": asked,
        **{f"{name}_seen_while_open": n for name, n in zip(names, open_, strict=True)},
        **dict(zip(names, left, strict=True)),
    }


def _key(folder: Path, token: str) -> bytes:
    """Return the data key that a session's token opens."""
    engine = create_engine(f"sqlite:///{folder / 'journal.db'}")
    with engine.connect() as connection:
        row = connection.execute(select(DOORS).where(DOORS.c.id == wraps.token_id(token))).one()
    engine.dispose()
    key = wraps.opened_door(door_of(row), token, Peppers.read(folder / "pepper", make=False))
    assert key is not None
    return key


def _copies(pid: int, key: bytes, *texts: str) -> list[int]:
    """Return how often a key (bytes, hexadecimal, base64) and each text stand in a process's memory. Linux only."""
    keys = (key, key.hex().encode(), base64.b64encode(key))
    found = [0] * (1 + len(texts))
    for part in _memory(pid):
        found[0] += sum(part.count(each) for each in keys)
        for n, text in enumerate(texts, 1):
            found[n] += sum(part.count(each) for each in _spelt(text))
    return found


def _memory(pid: int) -> Iterator[bytes]:
    """Yield what can be read of a process's own memory, region by region."""
    with open(f"/proc/{pid}/mem", "rb", buffering=0) as memory:
        for line in Path(f"/proc/{pid}/maps").read_text().splitlines():
            span, rights, *_ = line.split()
            if rights.startswith("rw"):
                start, end = (int(each, 16) for each in span.split("-"))
                try:
                    memory.seek(start)
                    yield memory.read(end - start)
                except (OSError, ValueError, OverflowError):
                    continue


def _spelt(text: str) -> set[bytes]:
    """Return a text as it may stand in memory: in one or two bytes a letter, and as a form sends it."""
    return {text.encode(), text.encode("utf-16-le"), quote_plus(text).encode()}
