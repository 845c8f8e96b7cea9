"""What goes wrong with a language model's server: retries, time limits, and leaving it alone for a while.

Knows the ways servers fail, by the names vendors' errors have; knows no vendor's package and no prompt. Everything that
goes wrong leaves here as LanguageModelTrouble, whose ``fault`` is one of FAULTS.
"""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import AsyncGenerator, Callable, Iterator, Mapping
from contextlib import aclosing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from functools import partial

from tenacity import AsyncRetrying, RetryCallState, retry_if_exception, stop_after_attempt

from coach.errors import CoachError, LanguageModelTrouble
from coach.llm.chat import Bit
from coach.llm.repetition import Loop

FAULTS: Mapping[str, str] = {
    "unreachable": "The language model's server cannot be reached. Check that it runs, and COACH_LLM_BASE_URL.",
    "slow": "The language model took too long to begin.",
    "stalled": "The language model stopped in the middle.",
    "late": "The language model did not finish in time.",
    "busy": "The language model's server has too much to do.",
    "broken": "The language model's server failed.",
    "cut": "The connection to the language model was cut.",
    "key": "The language model's server refused the key. Check COACH_LLM_API_KEY.",
    "unknown": "The server does not know this language model. Check COACH_LLM_MODEL and COACH_LLM_BASE_URL.",
    "too_long": "The text was longer than the language model takes.",
    "refused": "The language model's server refused the request.",
    "empty": "The language model said nothing.",
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

_TOO_LONG = re.compile(r"context (?:size|length|window)|maximum context|prompt is too long", re.IGNORECASE)
"""How servers say it that have no error of their own for it."""

_PASSING = frozenset({"unreachable", "busy", "broken", "cut"})
"""Faults that may pass when asked again, as long as nothing of the reply has come."""
_OURS = frozenset({"empty", "repeating", "garbled", "too_long", "resting"})
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
    status = getattr(error, "status_code", None)
    if named in {None, "refused", "broken"} and _TOO_LONG.search(str(error)):
        return "too_long"
    if named in {None, "refused", "broken"} and isinstance(status, int):
        return _BY_STATUS.get(status, "broken" if status >= 500 else "refused")
    return named or "broken"


class Server:
    """Asks one server with patience. Shared by all turns, so that all leave it alone together."""

    def __init__(self, destination: str, patience: Patience, clock: Callable[[], datetime]) -> None:
        self.destination, self._patience, self._clock = destination, patience, clock
        self._failures = 0
        self._rests_until = 0.0
        """On the clock that nobody sets: a wall clock put back must not make a rest of hours."""

    async def pieces(self, ask: Callable[[], AsyncGenerator[Bit]], deadline: datetime) -> AsyncGenerator[Bit]:
        """Yield a reply piece by piece; ``ask`` is called for each attempt. Raises LanguageModelTrouble."""
        with self._counted():
            bits, first = await self._begin(ask, deadline)
            try:
                async for bit in self._rest(bits, first, deadline):
                    yield bit
            finally:
                await bits.aclose()

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

    async def _begin(
        self, ask: Callable[[], AsyncGenerator[Bit]], deadline: datetime
    ) -> tuple[AsyncGenerator[Bit], Bit | None]:
        """Return a reply that has begun, and its first bit; None for one that is over already."""

        async def attempt() -> tuple[AsyncGenerator[Bit], Bit | None]:
            bits = _unlooped(ask())
            try:
                bit = await self._first(bits, deadline)
                while bit is not None and not bit.text.strip():  # it thinks, or says only that it is there
                    bit = await self._first(bits, deadline)
                return bits, bit
            except BaseException:
                await bits.aclose()
                raise

        retrying = AsyncRetrying(
            stop=stop_after_attempt(_ATTEMPTS),
            wait=partial(_pause, self._patience.pause),
            retry=retry_if_exception(lambda error: self._again(error, deadline)),
            reraise=True,
        )
        return await retrying(attempt)

    def _again(self, error: BaseException, deadline: datetime) -> bool:
        """Whether asking again may help, and there is time to wait as long as the server wants."""
        if not isinstance(error, LanguageModelTrouble) or error.fault not in _PASSING:
            return False
        return (retry_after(error.__cause__) or 0.0) < self._left(deadline)

    async def _first(self, bits: AsyncGenerator[Bit], deadline: datetime) -> Bit | None:
        left = self._left(deadline)
        return await _next(bits, min(self._patience.first, left), "slow" if self._patience.first < left else "late")

    async def _rest(self, bits: AsyncGenerator[Bit], bit: Bit | None, deadline: datetime) -> AsyncGenerator[Bit]:
        if bit is None:
            raise trouble("empty")
        while bit is not None:
            yield bit
            left = self._left(deadline)
            between = self._patience.between
            bit = await _next(bits, min(between, left), "stalled" if between < left else "late")


async def _unlooped(bits: AsyncGenerator[Bit]) -> AsyncGenerator[Bit]:
    """Yield the bits as long as they say something new."""
    loop = Loop()
    async with aclosing(bits):
        async for bit in bits:
            if loop.grown(bit.text):
                raise trouble("repeating")
            yield bit


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


def _pause(shortest: float, state: RetryCallState) -> float:
    """Seconds before the next attempt: what the server asked for, else longer each time."""
    error = state.outcome.exception() if state.outcome else None
    wanted = retry_after(error.__cause__) if error is not None else None
    growing: float = shortest * 3 ** (state.attempt_number - 1)
    return wanted if wanted is not None else min(growing, _LONGEST_PAUSE)


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
