"""How many connections there may be, and how long a half-sent request may take. Knows sockets; no route and no user.

Mixed into the server's own protocol. A request's head has to come within seconds and in a small size, its body has to
go on coming, and a reader has to go on reading. Where there are too many connections, the one that has waited longest
without having asked for anything makes room for the next.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

HEAD_SECONDS = 10.0
BODY_SECONDS = 15.0
"""Within so many seconds at least LEAST_BODY bytes more have to come, until the body is whole."""

READER_SECONDS = 60.0
"""So long a reader may take nothing of what waits for them."""

LEAST_BODY = 1024
LARGEST_HEAD = 64 * 1024
_LOOKS = 2.5
"""Seconds between two looks at a connection."""

_MOST = 4_096
_WANTED = 8_192
_FEWEST = 32
_RESERVED = 192
"""Descriptors that are not for connections: the database, the index, files of packs, what is accepted meanwhile."""

BACKLOG = 64
"""So many connections are accepted in one go; more would leave no descriptor before one can be dropped."""

_BUSY = (
    b"HTTP/1.1 503 Service Unavailable\r\nRetry-After: 5\r\nContent-Type: application/json\r\nConnection: close\r\n"
    b'Content-Length: 81\r\n\r\n{"error": "The coach has too many connections.", "what_next": "Try again soon."}\n'
)
_SLOW = b"HTTP/1.1 408 Request Timeout\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"
_LARGE = b"HTTP/1.1 431 Request Header Fields Too Large\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"


def room() -> int:
    """Return how many connections this process can have, once it may open as many files as the system allows."""
    try:
        import resource
    except ImportError:
        return 512  # Windows: what its select can look at
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = _WANTED if hard == resource.RLIM_INFINITY else min(_WANTED, hard)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
        soft = wanted
    return max(_FEWEST, _MOST if soft == resource.RLIM_INFINITY else min(_MOST, soft - _RESERVED))


@dataclass
class Bounds:
    """What holds for all connections of one server. ``silent``: those that have not sent a whole head, oldest first."""

    most: int = field(default_factory=room)
    head_seconds: float = HEAD_SECONDS
    body_seconds: float = BODY_SECONDS
    reader_seconds: float = READER_SECONDS
    looks: float = _LOOKS
    silent: dict[Any, None] = field(default_factory=dict)


class Bounded:
    """Mixed in before a protocol of uvicorn's, whose attributes it reads; ``bounds`` is set on the class."""

    bounds: Bounds
    transport: Any
    cycle: Any
    connections: set[Any]
    flow: Any

    def connection_made(self, transport: Any) -> None:
        """Take a connection; where there are too many, the oldest silent one goes, else this one."""
        super().connection_made(transport)  # type: ignore[misc]
        self._clock: Callable[[], float] = asyncio.get_running_loop().time
        self._since = self._moved = self._read = self._clock()
        self._head = self._body = self._unread = 0
        self._timer = asyncio.get_running_loop().call_later(self.bounds.looks, self._look)
        if len(self.connections) > self.bounds.most:
            oldest = next(iter(self.bounds.silent), None)
            if oldest is None:
                self._end(_BUSY)
                return
            oldest._end(_BUSY)
        self.bounds.silent[self] = None

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget a connection."""
        self._timer.cancel()
        self.bounds.silent.pop(self, None)
        super().connection_lost(exc)  # type: ignore[misc]

    def data_received(self, data: bytes) -> None:
        """Take what comes, and count it: as part of a head or of a body."""
        if self.transport.is_closing():
            return
        if self._idle and not self._head:
            self._since = self._clock()
            self.bounds.silent[self] = None
        super().data_received(data)  # type: ignore[misc]
        if self._idle:
            self._head += len(data)
            if self._head > LARGEST_HEAD:
                self._end(_LARGE)
            return
        if self._head or self in self.bounds.silent:
            self._head = 0
            self._moved = self._clock()
            self.bounds.silent.pop(self, None)
        self._body += len(data)

    @property
    def _idle(self) -> bool:
        """Whether no request is under way: none yet, or the last one is answered."""
        return self.cycle is None or bool(self.cycle.response_complete)

    def _look(self) -> None:
        """End a connection on which nothing moves; else look again later."""
        if self.transport.is_closing():
            return
        now = self._clock()
        if self._idle:
            if self in self.bounds.silent and now - self._since >= self.bounds.head_seconds:
                self._end(_SLOW)
        elif self.cycle.more_body and not self.flow.read_paused:
            if self._body >= LEAST_BODY:
                self._moved, self._body = now, 0
            elif now - self._moved >= self.bounds.body_seconds:
                self._end(_SLOW if not self.cycle.response_started else b"")
        self._mind_the_reader(now)
        self._timer = asyncio.get_running_loop().call_later(self.bounds.looks, self._look)

    def _mind_the_reader(self, now: float) -> None:
        waiting = self.transport.get_write_buffer_size()
        if not waiting or waiting != self._unread:
            self._unread, self._read = waiting, now
        elif now - self._read >= self.bounds.reader_seconds:
            self.transport.abort()

    def _end(self, told: bytes) -> None:
        self.bounds.silent.pop(self, None)
        if told:
            self.transport.write(told)
        self.transport.close()
