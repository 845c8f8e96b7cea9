"""What programs that speak MCP can do with the coach: tell, choose, log, see what is due, look over, prepare, search.

One server for both ways in: over HTTP, where each request is whole in itself, and on stdio for one user. No moment and
no outcome is kept without a second call that repeats the first one with the consent it answered with. Not here, on
purpose: export, erasing, sharing, members.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Sequence
from functools import wraps
from typing import Any

from mcp.server import MCPServer
from mcp.server.mcpserver.exceptions import ToolError
from mcp_types import ToolAnnotations
from pydantic import ValidationError
from pydantic_core import to_jsonable_python

from coach.domain.asks import Happened, TappedEvent, TappedPerson, Taps
from coach.domain.drafts import Purpose
from coach.domain.events import Want
from coach.domain.moments import By, Channel, Landed
from coach.domain.turns import Asked, Doubted, Event, Failed, Piece, Planned, Started
from coach.errors import CoachError
from coach.reading.choices import typed
from coach.web.api import moments
from coach.web.api.chat import shape
from coach.web.api.messages import MessageGiven, lint
from coach.web.api.principles import apply
from coach.web.namesakes import found
from coach.web.pages.today_page import chosen_things, open_steps
from coach.web.parts import Parts
from coach.web.programs.made_up import mask_of
from coach.web.renderer import fragment
from coach.web.streams import opened

_READS = ToolAnnotations(read_only_hint=True, open_world_hint=False)
_KEEPS = ToolAnnotations(read_only_hint=False, destructive_hint=False, open_world_hint=False)
_MOST = 8


class Tools:
    """The tools. ``who`` says whose journal the call at hand is about."""

    def __init__(self, parts: Parts, who: Callable[[], str]) -> None:
        self._parts, self._who = parts, who

    async def tell(self, words: str, conversation_id: str | None = None) -> dict[str, Any]:
        """Tell the coach what happened, in the user's own words. Returns its answer, and a plan or what it must ask.

        Where it asks, show the user the choices under "ask" as they stand and call ``choose`` with what they chose;
        never choose for them.
        """
        return await self._turn(words, None, conversation_id)

    async def choose(
        self,
        conversation_id: str,
        ask_id: str,
        person: str | None = None,
        events: Sequence[str] = (),
        want: Want | None = None,
    ) -> dict[str, Any]:
        """Give what the user chose: a person by id, or another one by name, events by id, and what they want."""
        turns = await self._parts.journal.turns(self._who(), conversation_id)
        ask = next((it.ask for it in reversed(turns) if it.ask is not None and it.ask.id == ask_id), None)
        listed = next((each for each in ask.people if each.id == person), None) if ask is not None else None
        who = None
        if listed is not None:
            who = TappedPerson(listed.id, listed.name, listed.role, listed.person_id, standing=listed.standing)
        elif person:
            who = typed(person)
        taps = Taps(
            ask_id=ask_id,
            people=(who,) if who else (),
            main=who.id if who else None,
            events=tuple(TappedEvent(each) for each in events),
            want=want,
        )
        return await self._turn("", taps, conversation_id)

    async def log_moment(
        self, person: str, what: str, by: By, landed: Landed, channel: Channel, consent: str | None = None
    ) -> dict[str, Any]:
        """Note a small moment with somebody: who acted, how it landed, where. Nothing is kept by the first call.

        Show the user what would be kept; when they agree, call again with the same values and the consent returned.
        """
        given = {"person": person, "what": what, "by": by, "landed": landed, "channel": channel}
        if (asked := self._unconsented("log_moment", given, consent)) is not None:
            return asked
        told = {"who": person, **{name: value for name, value in given.items() if name != "person"}}
        moment = await moments.add(moments.MomentGiven.model_validate(told), self._parts, self._who())
        return {"kept": _plain(moment)}

    async def due(self) -> dict[str, Any]:
        """Return what is for today: at most three things, and the steps that were taken on with their days."""
        user, parts = self._who(), self._parts
        steps = await open_steps(parts, user)
        today = await chosen_things(parts, user, steps, parts.clock())
        told = [{"step_id": it.step.id, "cue": it.step.cue, "action": it.step.action, "due": it.commitment.due}
                for it in steps]  # fmt: skip
        return {"today": _plain(today), "steps": _plain(told)}

    async def done(
        self, step_id: str, happened: Happened, words: str | None = None, consent: str | None = None
    ) -> dict[str, Any]:
        """Note how a step went. The first call keeps nothing; when the user agrees, call again with the consent."""
        given = {"step_id": step_id, "happened": happened, "words": words}
        if (asked := self._unconsented("done", given, consent)) is not None:
            return asked
        plan = await self._parts.journal.plan_with(self._who(), step_id)
        at = await self._conversation_of(plan.id)
        return await self._turn("", Taps(step_id=step_id, happened=happened, words=words), at)

    async def _conversation_of(self, plan_id: str) -> str | None:
        """Return the conversation in which a plan was made, None for one that was made elsewhere."""
        for conversation in list(await self._parts.journal.conversations(self._who()))[::-1]:
            turns = await self._parts.journal.turns(self._who(), conversation.id)
            if any(it.plan is not None and it.plan.id == plan_id for it in turns):
                return conversation.id
        return None

    async def look_over(self, text: str, purpose: Purpose = Purpose.OTHER) -> dict[str, Any]:
        """Look over a message before it is sent: what in it may land badly, why, and another way. Nothing is kept."""
        looked = await lint(
            MessageGiven.model_validate({"text": text, "purpose": purpose, "quick": True}), self._parts, self._who()
        )
        return {"warnings": _plain(looked.warnings)}

    async def prepare_one_to_one(self, person: str) -> dict[str, Any]:
        """Return what the journal has for a talk with somebody: points, open promises, and the last moments."""
        user, journal = self._who(), self._parts.journal
        somebody = found(await journal.people(user), person)
        if somebody is None:
            raise ToolError("Nobody in the journal has that name, or more than one.")
        lately = list(await journal.moments(user, somebody.id))[-_MOST:]
        promises = [each for each in somebody.promises if each.kept_at is None]
        return {
            "name": somebody.name,
            "points": _plain(somebody.points),
            "open_promises": _plain(promises),
            "last_moments": [_plain({"what": it.what, "by": it.by, "landed": it.landed, "on": it.happened_at.date()})
                             for it in lately],
        }  # fmt: skip

    async def search_principles(self, words: str) -> dict[str, Any]:
        """Return the principles that apply to a situation, each with what supports it, and how well."""
        matches = await apply(self._parts, words, _MOST)
        return {"principles": [{"id": it.principle.id, "title": it.principle.title, "statement": it.principle.statement,
                                "grade": it.principle.grade.value, "caution": it.principle.caution}
                               for it in matches]}  # fmt: skip

    # ---- resources

    def principle(self, id_: str) -> str:
        """One card, whole."""
        return self._parts.knowledge.principle(id_).text

    async def today(self) -> str:
        """What is for today, as JSON."""
        return json.dumps(await self.due(), ensure_ascii=False)

    # ---- a turn

    async def _turn(self, words: str, taps: Taps | None, conversation_id: str | None) -> dict[str, Any]:
        answer, told = "", dict[str, Any]()
        async with opened(self._parts, self._who(), words, conversation_id, None, taps) as events:
            async for event in events:
                answer += event.text if isinstance(event, Piece) else ""
                told |= _told(event)
        if (plan := told.get("plan")) is not None:
            kept = await self._parts.journal.plan(self._who(), plan["id"])
            told["plan_text"] = fragment("_chat_plan.txt", plan=kept).strip()
        return {"answer": answer.strip(), **told}

    # ---- consent

    def _unconsented(self, tool: str, given: dict[str, Any], consent: str | None) -> dict[str, Any] | None:
        """Return what to show the user first, None when this call repeats one with its consent."""
        said = json.dumps([self._who(), tool, _plain(given)], sort_keys=True)
        right = hashlib.sha256(said.encode()).hexdigest()[:12]
        if consent == right:
            return None
        return {"would_keep": _plain(given), "consent": right, "kept": None}


def _told(event: Event) -> dict[str, Any]:
    match event:
        case Started():
            return {"turn_id": event.turn_id, "conversation_id": event.conversation_id}
        case Asked():
            return {"ask": shape(event)}
        case Doubted():
            return {"doubt": shape(event)}
        case Planned():
            return {"plan": shape(event)}
        case Failed():
            raise ToolError(event.message)
        case _:
            return {}


def _plain(value: object) -> Any:
    return to_jsonable_python(value)


def server(parts: Parts, who: Callable[[], str]) -> MCPServer:
    """Return a server with the tools, two resources, and a prompt for each kind of session."""
    tools = Tools(parts, who)
    made = MCPServer("coach", title="Coach", instructions=fragment("_mcp.txt").strip(), log_level="WARNING")
    for tool, about in (
        (tools.tell, _KEEPS), (tools.choose, _KEEPS), (tools.log_moment, _KEEPS), (tools.due, _READS),
        (tools.done, _KEEPS), (tools.look_over, _READS), (tools.prepare_one_to_one, _READS),
        (tools.search_principles, _READS),
    ):  # fmt: skip
        made.add_tool(_plainly(tool, parts, who), name=tool.__name__, annotations=about)
    made.resource("coach://principles/{id_}", mime_type="text/markdown")(tools.principle)
    made.resource("coach://today", mime_type="application/json")(_plainly(tools.today, parts, who))
    return made


def _plainly(tool: Callable[..., Any], parts: Parts, who: Callable[[], str]) -> Callable[..., Any]:
    """Return a tool as programs see it: with made-up names where the token says so, its coach's errors as sentences.

    Other errors hold nothing that anyone wrote.
    """

    @wraps(tool)
    async def told(**named: Any) -> Any:
        try:
            mask = await mask_of(parts, who())
            if mask is None:
                return await tool(**named)
            real = {
                name: mask.restored(given) if type(given) in {str, list} else given for name, given in named.items()
            }
            return await mask.data(await tool(**real))
        except (CoachError, ValidationError) as error:
            said = str(error) if isinstance(error, CoachError) else "A value is missing, too long or of the wrong kind."
            raise ToolError(said) from None

    return told
