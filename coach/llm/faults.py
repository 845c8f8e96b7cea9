"""What goes wrong with a language model's server: retries, time limits, and leaving it alone for a while.

Knows the ways servers fail, by the names vendors' errors have; knows no vendor's package and no prompt. Everything that
goes wrong leaves here as LanguageModelTrouble, whose ``fault`` is one of FAULTS.
"""

from __future__ import annotations

import asyncio
import itertools
import time
from collections.abc import AsyncGenerator, Callable, Iterator, Mapping
from contextlib import aclosing, contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

from coach.errors import CoachError, LanguageModelTrouble
from coach.llm.pieces import Bit
from coach.rows import pattern, rows

FAULTS: Mapping[str, str] = {
    "unreachable": "The language model's server cannot be reached. Check that it runs, and its address.",
    "slow": "The language model took too long to begin.",
    "stalled": "The language model stopped in the middle.",
    "late": "The language model did not finish in time.",
    "busy": "The language model's server has too much to do.",
    "crowded": "The language model is busy with others just now.",
    "broken": "The language model's server failed.",
    "cut": "The connection to the language model was cut.",
    "key": "The language model's server refused the key. Check it.",
    "moved": "The language model's server sends its callers elsewhere. Give the address it names instead.",
    "unknown": "The server does not know this language model. Check its name, and the server's address.",
    "too_long": "The text was longer than the language model takes.",
    "refused": "The language model's server refused the request.",
    "empty": "The language model said nothing.",
    "unfinished": "The language model's answer did not come to its end.",
    "repeating": "The language model said the same words again and again.",
    "garbled": "The language model's answer could not be read.",
    "resting": "The language model's server failed several times and is left alone for a while.",
}
"""Every fault by name, and its sentence."""

_BY_NAME = {
    "ModelTimeoutError": "slow",
    "APITimeoutError": "slow",
    "TimeoutException": "slow",
    "ContextOverflowError": "too_long",
    "LengthFinishReasonError": "too_long",
    "ModelAuthenticationError": "key",
    "ModelPermissionDeniedError": "key",
    "ModelNotFoundError": "unknown",
    "ModelRateLimitError": "busy",
    "RemoteProtocolError": "cut",
    "ReadError": "cut",
    "WriteError": "cut",
    "ConnectError": "unreachable",
    "ModelConnectionError": "unreachable",
    "APIConnectionError": "unreachable",
    "ModelAPIError": "broken",
    "ModelInvalidRequestError": "refused",
    "TimeoutError": "slow",
    "ConnectionError": "unreachable",
    "OSError": "unreachable",
    "JSONDecodeError": "garbled",
    "ValueError": "garbled",
    "ValidationError": "garbled",
    "OutputParserException": "garbled",
}
"""The name of an error's class, or of an ancestor's → the fault. The first in the error's own order holds."""

_BY_STATUS = {400: "refused", 401: "key", 403: "key", 404: "unknown", 408: "slow", 413: "too_long", 429: "busy"}

_PASSING = frozenset({"unreachable", "busy", "broken", "cut"})
"""Faults that may pass when asked again, as long as nothing of the reply has come."""
_OURS = frozenset({"empty", "unfinished", "repeating", "garbled", "too_long", "resting", "crowded"})
"""Faults of an answer, not of a server: it is not left alone for them."""

_ATTEMPTS = 3
_LONGEST_PAUSE = 4.0


@dataclass(frozen=True, slots=True)
class Patience:
    """How long to wait, in seconds: for the first sign of a reply, between signs, after ``strikes`` failures in a row,
    and before asking again (then longer each time)."""

    first: float = 30.0
    between: float = 15.0
    strikes: int = 3
    rest: float = 60.0
    pause: float = 0.25

    @classmethod
    def within(cls, seconds: float) -> Patience:
        """Return the patience for replies that may take so long in all."""
        return cls(first=seconds / 2, between=max(1.0, seconds / 4))


def trouble(fault: str) -> LanguageModelTrouble:
    """Return the error of a fault."""
    return LanguageModelTrouble(FAULTS[fault], fault)


def fault_of(error: BaseException) -> str:
    """Return the fault an error of a vendor's means, by its cause where that says more."""
    if isinstance(error, LanguageModelTrouble):
        return error.fault
    cause = error.__cause__
    while cause is not None:
        if (name := type(cause).__name__) in {"RemoteProtocolError", "ReadError", "WriteError", "JSONDecodeError"}:
            return _BY_NAME[name]
        cause = cause.__cause__
    named = next((_BY_NAME[kind.__name__] for kind in type(error).__mro__ if kind.__name__ in _BY_NAME), None)
    if named not in {None, "refused", "broken"}:
        return str(named)
    if pattern("words/error_causes", "too_long").search(str(error).casefold()):
        return "too_long"
    status = getattr(error, "status_code", None) or status_in(getattr(error, "body", None))
    return _BY_STATUS.get(status, "broken" if status >= 500 else "moved" if status < 400 else "refused")


def status_in(told: Any) -> int:
    """Return the status that an error in the body of an answer stands for: its code if that is one, else by words."""
    code = told.get("code") if isinstance(told, Mapping) else None
    if str(code).isdecimal() and 400 <= int(str(code)) < 600:
        return int(str(code))
    said = str(told).casefold()
    return next((int(row.more["status"]) for row in rows("words/error_causes") if row.pattern.search(said)), 500)


class Server:
    """Asks one server with patience. Shared by all turns, so that all leave it alone together."""

    def __init__(self, destination: str, patience: Patience, clock: Callable[[], datetime]) -> None:
        self.destination, self._patience, self._clock = destination, patience, clock
        self._failures = 0
        self._rests_until = 0.0
        """On the clock that nobody sets: a wall clock put back must not make a rest of hours."""

    async def pieces(self, ask: Callable[[], AsyncGenerator[Bit]], deadline: datetime) -> AsyncGenerator[Bit]:
        """Yield a reply piece by piece; ``ask`` is called for each attempt. Raises LanguageModelTrouble.

        Pieces of blank text are signs of life. Until another comes, what may pass is asked again.
        """
        with self._counted():
            for attempt in itertools.count(1):
                begun = False
                try:
                    async with aclosing(self._timed(ask(), deadline)) as bits:
                        async for bit in bits:
                            begun = begun or bool(bit.text.strip())
                            yield bit if begun else replace(bit, text="")
                    return
                except LanguageModelTrouble as error:
                    if begun or attempt == _ATTEMPTS or not self._again(error, deadline):
                        raise
                    pause = self._pause(error, attempt)
                await asyncio.sleep(pause)

    @contextmanager
    def _counted(self) -> Iterator[None]:
        """Count failures in a row: after ``strikes`` of them the server rests, and after its rest one more is enough.

        Someone who leaves says nothing of the server, so the count stays; an answer that is no use is an answer.
        """
        if time.monotonic() < self._rests_until:
            raise trouble("resting")
        try:
            yield
        except Exception as error:
            answered = isinstance(error, LanguageModelTrouble) and error.fault in _OURS
            self._failures = 0 if answered else self._failures + 1
            if self._failures >= self._patience.strikes:
                self._rests_until = time.monotonic() + self._patience.rest
            raise
        self._failures = 0

    def _left(self, deadline: datetime) -> float:
        return (deadline - self._clock()).total_seconds()

    async def _timed(self, bits: AsyncGenerator[Bit], deadline: datetime) -> AsyncGenerator[Bit]:
        """Yield the bits as long as they come in time."""
        begun = False
        async with aclosing(bits):
            while True:
                limit, fault = (self._patience.between, "stalled") if begun else (self._patience.first, "slow")
                left = self._left(deadline)
                bit = await _next(bits, min(limit, left), fault if limit < left else "late")
                if bit is None:
                    return
                begun = begun or bool(bit.text.strip())
                yield bit

    def _again(self, error: LanguageModelTrouble, deadline: datetime) -> bool:
        """Whether asking again may help, and there is time to wait as long as the server wants."""
        return error.fault in _PASSING and (retry_after(error.__cause__) or 0.0) < self._left(deadline)

    def _pause(self, error: LanguageModelTrouble, attempt: int) -> float:
        """Seconds before the next attempt: what the server asked for, else longer each time."""
        wanted = retry_after(error.__cause__)
        growing: float = self._patience.pause * 3 ** (attempt - 1)
        return wanted if wanted is not None else min(growing, _LONGEST_PAUSE)


async def _next(bits: AsyncGenerator[Bit], seconds: float, fault: str) -> Bit | None:
    """Return the next bit, None at the end. Raises LanguageModelTrouble, the given fault when time is up."""
    if seconds <= 0:
        raise trouble("late")
    try:
        async with asyncio.timeout(seconds):
            return await anext(bits, None)
    except TimeoutError as error:
        raise trouble(fault) from error
    except CoachError:
        raise
    except Exception as error:
        raise trouble(fault_of(error)) from error


def retry_after(error: BaseException | None) -> float | None:
    """Return the seconds a server asked to be left alone (Retry-After: seconds or a date), None when it did not."""
    headers = getattr(getattr(error, "response", None), "headers", None) or {}
    value = headers.get("retry-after")
    if value is None:
        return None
    try:
        return max(0.0, float(value))
    except ValueError:
        try:
            return max(0.0, (parsedate_to_datetime(value) - datetime.now(UTC)).total_seconds())
        except (TypeError, ValueError):
            return None
