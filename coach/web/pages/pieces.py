"""One turn's events as pieces of the page."""

from __future__ import annotations

from typing import Any

from coach.domain.accounts import Account, Fact, Told
from coach.domain.asks import Ask, EventChoice, GroupChoice
from coach.domain.events import Catalogue
from coach.domain.plans import MadeBy, RepairPlan
from coach.domain.principles import Citation
from coach.domain.readings import Level, Reading, Route
from coach.domain.turns import Asked, Doubted, Event, Finished, Planned, Read, Sources, Started
from coach.planning.composition import tapped_line
from coach.reading import choices
from coach.web.api.chat import shape
from coach.web.pages.turns import message_of, proposals, standing, stood
from coach.web.parts import Parts
from coach.web.renderer import fragment


class Pieces:
    """Remembers what the earlier events of a turn held."""

    def __init__(self, parts: Parts, user: str) -> None:
        self._parts, self._user, self._asked = parts, user, False
        self._started = Started("", "")
        self._route = Route.IN_SCOPE
        self._plan: RepairPlan | None = None
        self._continued = self._written = False

    async def of(self, event: Event) -> dict[str, Any]:
        """Return what the page gets for an event."""
        match event:
            case Started():
                self._started = event
            case Read(reading):
                return self._read(reading)
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

    def _read(self, reading: Reading) -> dict[str, Any]:
        self._route, self._written = reading.route, reading.level is Level.PLANS
        made = proposals(self._started.turn_id, reading, self._parts.clock())
        account = reading.account if reading.moments or reading.account else None
        given = page_words(self._parts.knowledge.catalogue)
        read = ""
        if account is not None and account.want is not None:
            read = self._fragment("_account.html", account=account, ask=None, **given)
        return {"html": fragment("_proposals.html", proposals=made, names=()), "read": read, "level": reading.level}

    def _card(self, ask: Ask) -> str:
        given = page_words(self._parts.knowledge.catalogue)
        return self._fragment("_ask.html", ask=ask, **given)

    async def _plan_card(self, plan: RepairPlan) -> str:
        if plan.made_by is MadeBy.SKELETON:
            return fragment("_small.html", plan=plan)
        if self._continued and not self._written:
            return fragment("_continued.html", plan=plan)
        taken, done = await stood(self._parts, self._user, plan)
        values = {"turn_id": self._started.turn_id, "alone": False, "taken": taken, "done": done}
        return fragment("_plan.html", plan=plan, **values)

    async def _sources(self, citations: tuple[Citation, ...]) -> dict[str, Any]:
        """The card shows a plan's sources itself; what comes now is the message that goes with it."""
        if self._plan is None or self._continued:
            html = fragment("_sources.html", citations=citations) if citations else ""
            return {"html": html, "later": await self._later()}
        message = await message_of(self._parts, self._plan)
        values = {"plan": self._plan, "message": message, "turn_id": self._started.turn_id}
        return {"html": "", "message": fragment("_message.html", **values), "later": await self._later()}

    async def _later(self) -> str:
        """What can be tapped under the plan, which goes on standing under its answers; or under a text of help."""
        if self._route is Route.GET_HELP:
            return self._fragment("_held.html")
        if self._route is not Route.IN_SCOPE:
            return ""
        plan = self._plan if self._plan and self._plan.made_by is not MadeBy.SKELETON else None
        if plan is None and not self._asked:
            plan = standing(await self._parts.journal.turns(self._user, self._started.conversation_id))
        return self._fragment("_later.html", plan=plan) if plan else ""

    def _finished(self, event: Finished) -> dict[str, Any]:
        data = shape(event)
        data["tools"] = fragment(
            "_tools.html", turn_id=event.turn_id, opinion=None, has_reply=True, replaced=event.replaced
        )
        return data


def page_words(catalogue: Catalogue) -> dict[str, Any]:
    """Return what the templates of card and account ask of the catalogue."""

    def more_of(group: GroupChoice) -> tuple[EventChoice, ...]:
        shown = {each.id for each in group.options}
        return tuple(choices.choice(entry, catalogue, "") for entry in catalogue.of(group.id) if entry.id not in shown)

    def event_words(told: Told, account: Account) -> str:
        return told.words or tapped_line(told, account, catalogue)

    def fact_words(fact: Fact) -> str:
        return fact.words or catalogue.facts.get(fact.fact, fact.fact)

    return {"more_of": more_of, "event_words": event_words, "fact_words": fact_words}
