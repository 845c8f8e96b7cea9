"""Answers a turn with a language model: gathers what it is given, and turns what comes into a turn's events.

Knows the ports, the case of the turn, and when to offer the ask card instead of waiting. Names no vendor.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncGenerator, Callable, Sequence
from dataclasses import dataclass, replace

from coach.answering import suggestions
from coach.answering.dossier import Dossier, Outside
from coach.answering.reply import steps
from coach.answering.stages import Routed, Step, Unusable
from coach.answering.teller import Close, Teller
from coach.domain.asks import Ask
from coach.domain.readings import Level, Reading, Route
from coach.domain.sent import Errand
from coach.domain.turns import Event, Part, Read
from coach.errors import LanguageModelTrouble
from coach.reading.case import Case

SILENT = 4.0
"""Seconds without anything to show, after which the ask card is offered."""

SLOW = 12.0
"""Seconds that an answer to taps may take where it has begun; then the plan that the taps make comes instead."""


@dataclass(frozen=True, slots=True)
class Ways:
    """How a turn goes on where the language model does not.

    ``offer``: the ask card, for when nothing comes for long. ``close``: the words of a route that is not in scope, told
    whether the language model has said something. ``instead``: the whole turn by taps. ``ready``: the answer to what
    was tapped, which then comes in place of card and turn.
    """

    offer: Callable[[Case], AsyncGenerator[Event]]
    close: Close
    instead: Callable[[Unanswered], AsyncGenerator[Event]]
    ready: AsyncGenerator[Event] | None = None


class Author:
    """Writes turns with the configured language model. Holds no state of its own."""

    def __init__(self, outside: Outside, level: Callable[[], Level]) -> None:
        self._out, self._dossier, self.level = outside, Dossier(outside), level

    @property
    def name(self) -> str:
        """The language model's name."""
        return self._out.models.name

    async def turn(self, case: Case, floor: Reading, ways: Ways, tapped: str = "") -> AsyncGenerator[Event]:
        """Yield the events of a turn, whatever the language model does. ``tapped``: what was pressed, not written."""
        rest: AsyncGenerator[Event] | None = None
        try:
            async with contextlib.aclosing(self._reply(case, floor, ways, tapped)) as events:
                async for event in events:
                    yield event
            return
        except Unanswered as gone:
            yield Part("notice", gone.notice or self._out.texts.render("unanswered.fixed"))
            raised = gone.read is not None and gone.read.route is not Route.IN_SCOPE
            rest = ways.instead(gone) if ways.ready is None or raised else ways.ready
        finally:
            if ways.ready is not None and rest is not ways.ready:
                await ways.ready.aclose()
        async with contextlib.aclosing(rest) as events:
            async for event in events:
                yield event

    async def likely(self, case: Case, ask: Ask) -> tuple[str, ...]:
        """Return the lines of a card to mark as likely, where that is what the language model may do."""
        if self.level() is not Level.SUGGESTS:
            return ()
        try:
            errand = Errand(case.user, case.turn.id, "lines")
            model = self._out.models.bound(errand, case.people, tuple(case.names_of(case.text)))
            return await suggestions.likely(model, case.text, ask, self._out.texts, self._out.clock())
        except LanguageModelTrouble:
            return ()

    async def _reply(self, case: Case, floor: Reading, ways: Ways, tapped: str) -> AsyncGenerator[Event]:
        """Yield what the language model makes of a turn. Raises Unanswered where it has to go on otherwise."""
        teller = Teller(case, self._out.knowledge.catalogue, self._out.journal, ways.close)
        offered, helped = False, None
        marks = (SILENT, SLOW) if ways.ready is not None else (SILENT,)
        if ways.ready is not None and floor.account is not None:
            yield Read(replace(floor, level=Level.PLANS), case.person(floor.account))
        try:
            course = await self._dossier.course(case, floor, tapped)
            async with contextlib.aclosing(_patient(steps(course), marks)) as moves:
                async for waited, move in moves:
                    if move is None and ways.ready is not None and (teller.read is None or waited >= SLOW):
                        raise Unanswered(self._out.texts.render("slow.fixed"), offered=False, read=teller.read)
                    if move is None:
                        helped = self._helped(teller.read or floor)
                        offered = helped is None and ways.ready is None
                        async for event in _meanwhile(case, helped or floor, ways, offered=offered):
                            yield event
                    elif helped is None:
                        async for event in teller.told(move):
                            yield event
                    elif isinstance(move, Routed) and self._differs(move.ruling.reading, helped):
                        async for event in _meanwhile(case, move.ruling.reading, ways, offered=False):
                            yield event
                    if helped is not None and (teller.read is not None or isinstance(move, Routed)):
                        return
        except (LanguageModelTrouble, Unusable) as error:
            if helped is not None:
                return
            notice = str(error) if isinstance(error, LanguageModelTrouble) else ""
            raise Unanswered(notice, offered=offered, read=teller.read) from error

    def _helped(self, read: Reading) -> Reading | None:
        """Return a reading whose own words are said when the language model is slow; None where it is in scope."""
        return read if read.route is not Route.IN_SCOPE else None

    def _differs(self, read: Reading, helped: Reading) -> bool:
        """Whether the language model raises or corrects what was already answered."""
        return read.route is not Route.IN_SCOPE and (read.route, read.kind) != (helped.route, helped.kind)


async def _meanwhile(case: Case, read: Reading, ways: Ways, *, offered: bool) -> AsyncGenerator[Event]:
    """Yield what stands on the page while the language model is silent: help at once, else the ask card."""
    if read.route is not Route.IN_SCOPE:
        yield Read(read)
        async for event in ways.close(case, read, False):
            yield event
    elif offered:
        yield Read(replace(read, account=case.matter.account), case.person(None))
        async for event in ways.offer(case):
            yield event


class Unanswered(Exception):
    """The turn goes on by taps.

    ``notice`` says why, ``offered`` whether the ask card is out, ``read`` what was read.
    """

    def __init__(self, notice: str, *, offered: bool, read: Reading | None) -> None:
        super().__init__(notice)
        self.notice, self.offered, self.read = notice, offered, read


async def _patient(moves: AsyncGenerator[Step], marks: Sequence[float]) -> AsyncGenerator[tuple[float, Step | None]]:
    """Yield the steps, and None at each of ``marks`` (seconds from the beginning) while none came that can be shown.

    Each comes with the seconds waited so far, 0 beside a step. They are made in a task of their own, so that waiting
    for one does not break it off.
    """
    queue: asyncio.Queue[Step | BaseException | None] = asyncio.Queue()

    async def made() -> None:
        try:
            async with contextlib.aclosing(moves):
                async for move in moves:
                    queue.put_nowait(move)
            queue.put_nowait(None)
        except Exception as error:
            queue.put_nowait(error)

    made_by = asyncio.create_task(made())
    try:
        loop, ahead = asyncio.get_running_loop(), list(marks)
        began = loop.time()
        while True:
            coming = asyncio.ensure_future(queue.get())
            while ahead and not (await asyncio.wait({coming}, timeout=max(0.0, began + ahead[0] - loop.time())))[0]:
                yield ahead.pop(0), None
            move = await coming
            if move is None:
                return
            if isinstance(move, BaseException):
                raise move
            if not isinstance(move, Routed):
                ahead.clear()
            yield 0.0, move
    finally:
        made_by.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await made_by
