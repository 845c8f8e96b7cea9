"""One turn's events as pieces of the page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import reduce
from typing import Any

from coach.domain.accounts import Account
from coach.domain.asks import Ask, Taps
from coach.domain.plans import MadeBy, RepairPlan
from coach.domain.principles import Citation
from coach.domain.readings import Level, Reading, Route
from coach.domain.turns import Asked, Doubted, Event, Finished, Part, Planned, Read, Sources, Started, Turn, grown
from coach.web.api.chat import shape
from coach.web.pages.lines import page_words
from coach.web.pages.offers import offers
from coach.web.pages.turns import Stood, ahead, before, besides, message_of, proposals, standing, stood
from coach.web.parts import Parts
from coach.web.renderer import fragment


class Pieces:
    """Remembers what the earlier events of a turn held."""

    def __init__(self, parts: Parts, user: str, taps: Taps | None = None) -> None:
        """``taps``: what was pressed, where nothing was written."""
        self._taps = taps
        self._parts, self._user, self._asked = parts, user, False
        self._started = Started("", "")
        self._route = Route.IN_SCOPE
        self._account: Account | None = None
        self._plan: RepairPlan | None = None
        self._told: list[Event] = []
        self._continued = self._written = False

    async def of(self, event: Event) -> dict[str, Any]:
        """Return what the page gets for an event."""
        if isinstance(event, Part | Planned):
            self._told.append(event)
        match event:
            case Started():
                self._started = event
            case Read(reading):
                return await self._read(reading)
            case Asked(ask):
                self._asked = True
                return {"html": self._card(ask)}
            case Doubted(doubt):
                return {"html": self._fragment("_doubt.html", doubt=doubt)}
            case Planned(plan, continued):
                self._plan, self._continued = plan, continued
                return {"html": await self._plan_card(plan), "small": plan.made_by is MadeBy.SKELETON}
            case Sources(citations):
                return await self._sources(citations)
            case Finished():
                return self._finished(event)
        return shape(event)

    def _fragment(self, name: str, **values: Any) -> str:
        return fragment(name, conversation_id=self._started.conversation_id, **values)

    async def _read(self, reading: Reading) -> dict[str, Any]:
        self._route, self._written = reading.route, reading.level is Level.PLANS
        self._account = reading.account
        made = proposals(self._started.turn_id, reading, self._parts.clock())
        html = fragment("_proposals.html", proposals=made, names=())
        return {"html": html, "read": await self._chips(reading), "level": reading.level}

    async def _chips(self, reading: Reading) -> str:
        """What was tapped, as chips; or what a language model read that is new, each to be put right."""
        account = reading.account
        given = page_words(self._parts.knowledge.catalogue)
        if account is None:
            return ""
        corrects = self._taps is not None and self._taps.corrects is not None
        if self._written and (self._taps is None or corrects):
            turns = await self._parts.journal.turns(self._user, self._started.conversation_id)
            known = None if corrects else before(turns, self._started.turn_id)
            values = {"turn_id": self._started.turn_id, "known": known, "open": reading.route is Route.IN_SCOPE}
            return self._fragment("_read.html", account=account, **values, **given)
        return self._fragment("_account.html", account=account, ask=None, **given) if account.want else ""

    def _card(self, ask: Ask) -> str:
        given = page_words(self._parts.knowledge.catalogue)
        return self._fragment("_ask.html", ask=ask, **given)

    async def _plan_card(self, plan: RepairPlan) -> str:
        if plan.made_by is MadeBy.SKELETON:
            return fragment("_small.html", plan=plan)
        turns, turn = await self._turn()
        how = await stood(self._parts, self._user, turns, replace(turn, plan=plan)) if turn else Stood()
        if self._continued and not self._written:
            return fragment("_continued.html", plan=plan, taken=how.taken, done=how.done)
        level = self._parts.level.value
        values = {"turn_id": self._started.turn_id, "alone": False, "language_model_level": level}
        return fragment("_plan.html", plan=plan, taken=how.taken, done=how.done, fresh=how.fresh, **values)

    async def _sources(self, citations: tuple[Citation, ...]) -> dict[str, Any]:
        """The card shows a plan's sources itself; what comes now is the message that goes with it."""
        if self._plan is None or self._continued:
            html = fragment("_sources.html", citations=citations) if citations else ""
            return {"html": html, "later": await self._later(), "offers": await self._offers()}
        message = await message_of(self._parts, self._plan)
        values = {"plan": self._plan, "message": message, "turn_id": self._started.turn_id}
        shown = {"html": "", "message": fragment("_message.html", **values)}
        return {**shown, "later": await self._later(), "offers": await self._offers()}

    async def _offers(self) -> str:
        """What was told of a step, or agreed, with one press each."""
        turns, turn = await self._turn()
        return fragment("_offers.html", offers=await offers(self._parts, self._user, turns, turn)) if turn else ""

    async def _turn(self) -> tuple[Sequence[Turn], Turn | None]:
        """Return the turns of the conversation, and this one with what was told of it so far."""
        turns = await self._parts.journal.turns(self._user, self._started.conversation_id)
        turn = next((each for each in turns if each.id == self._started.turn_id), None)
        if turn is not None:
            turn = reduce(grown, self._told, turn)
        return turns, turn

    async def _later(self) -> str:
        """What can be tapped under the plan, which goes on standing under its answers; or under a text of help."""
        if self._route is Route.GET_HELP:
            return self._fragment("_held.html")
        if self._route is not Route.IN_SCOPE:
            return ""
        plan = self._plan if self._plan and self._plan.made_by is not MadeBy.SKELETON else None
        turns = (await self._turn())[0]
        if plan is None and not self._asked:
            plan = standing(turns)
        step = await ahead(self._parts, self._user, plan)
        return (
            self._fragment("_later.html", plan=plan, step=step, besides=besides(turns, self._account)) if plan else ""
        )

    def _finished(self, event: Finished) -> dict[str, Any]:
        data = shape(event)
        data["tools"] = fragment(
            "_tools.html", turn_id=event.turn_id, opinion=None, has_reply=not self._asked, replaced=event.replaced
        )
        return data
