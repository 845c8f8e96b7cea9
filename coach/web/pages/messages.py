"""Messages: one to work on, with what may land badly in it; those kept; what became of those that were sent."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Annotated

import anyio.to_thread
from fastapi import Form as FromForm
from fastapi import Request
from starlette.responses import HTMLResponse, Response

from coach.domain.drafts import Draft, Purpose, Warning
from coach.domain.moments import By, Channel, Landed
from coach.errors import BadInput
from coach.messages import variants
from coach.messages.variants import VARIANTS, share
from coach.web import outbox, routers
from coach.web.api.fields import Id, Name
from coach.web.etags import merged, was
from coach.web.namesakes import found
from coach.web.pages.forms import Changing, Form, Posted
from coach.web.parts import In, Parts, User, if_there
from coach.web.renderer import back_to, page

router = routers.of_pages()

_AFTER = {(By.ME, Landed.HARMED): Purpose.APOLOGY, (By.THEM, Landed.HELPED): Purpose.THANKS}
"""What a message after a moment is most likely for."""

_LISTED = 50


class FromPlan(Form):
    """Which plan a message is for, and where it is to go."""

    plan_id: Id
    turn_id: Id | None = None
    channel: Channel = Channel.CHAT


class MessageForm(Changing):
    """The message, and what is to be done: ``look``, ``keep``, a variant, ``use:<n>``, or ``sent[:<landed>]``."""

    text: Annotated[str, FromForm(max_length=20_000)] = ""
    purpose: Purpose = Purpose.OTHER
    channel: Channel = Channel.CHAT
    who: Name | None = None
    draft_id: Id | None = None
    do: Annotated[str, FromForm(max_length=40)] = "look"


class Landing(Form):
    """How a message landed that was sent earlier."""

    landed: Landed


@dataclass(frozen=True, slots=True)
class Kept:
    """A draft in a list, with the name of who it is for."""

    draft: Draft
    name: str


@router.get("/messages")
async def messages(request: Request, parts: In, user: User, moment: str = "", person: str = "") -> HTMLResponse:
    """An empty message, and those kept; after a ``moment``, or to a ``person``, to whom it goes is filled in."""
    purpose = Purpose.OTHER
    if moment:
        after = await parts.journal.moment(user, moment)
        person, purpose = after.person_id, _AFTER.get((after.by, after.landed), Purpose.OTHER)
    who = (await parts.journal.person(user, person)).name if person else ""
    return await _page(request, parts, user, Draft("", parts.clock(), purpose, Channel.CHAT, "", person or None), who)


@router.post("/messages/from-plan")
async def begin(form: Posted[FromPlan], parts: In, user: User) -> Response:
    """Begin with the message that goes with a plan."""
    draft = await outbox.from_plan(parts, user, form.plan_id, form.channel)
    return back_to(f"/messages/{draft.id}")


@router.get("/messages/{draft_id}")
async def one(draft_id: str, request: Request, parts: In, user: User) -> HTMLResponse:
    """One that is kept."""
    draft = await parts.journal.draft(user, draft_id)
    return await _page(request, parts, user, draft, await _name(parts, user, draft))


@router.post("/messages")
async def work(form: Posted[MessageForm], request: Request, parts: In, user: User) -> Response:
    """Do what a button says with a message; only keeping and sending write it down."""
    draft = await _draft(form, parts, user)
    name = form.who or await _name(parts, user, draft)
    if form.do == "keep":
        await _keep(parts, user, draft, form)
        return back_to(f"/messages/{draft.id}")
    if form.do.startswith("sent"):
        landed = form.do.partition(":")[2]
        if landed and landed not in list(Landed):
            raise BadInput("Say how it landed by one of the buttons.")
        await outbox.sent(parts, user, await _keep(parts, user, draft, form), name, Landed(landed) if landed else None)
        return back_to(f"/messages/{draft.id}")
    changed = await anyio.to_thread.run_sync(_changed, parts, draft, form.do)
    return await _page(request, parts, user, changed, name, form.was)


@router.post("/messages/{draft_id}/landed")
async def landed(draft_id: str, form: Posted[Landing], parts: In, user: User) -> Response:
    """Note how a message landed that was sent earlier."""
    await outbox.sent(parts, user, await parts.journal.draft(user, draft_id), None, form.landed)
    return back_to(f"/messages/{draft_id}")


@router.post("/messages/{draft_id}/forget")
async def forget(draft_id: str, parts: In, user: User) -> Response:
    """Erase one that is kept."""
    await parts.journal.forget_draft(user, draft_id)
    return back_to("/messages")


async def _draft(form: MessageForm, parts: Parts, user: str) -> Draft:
    """Return the draft of a form, not yet kept."""
    person = found(await parts.journal.people(user), form.who) if form.who else None
    if form.draft_id is None:
        empty = Draft(parts.new_id(), parts.clock(), form.purpose, form.channel, form.text)
        return replace(empty, person_id=person.id if person else None)
    draft = await parts.journal.draft(user, form.draft_id)
    person_id = person.id if person else (None if form.who else draft.person_id)
    return replace(draft, text=form.text, purpose=form.purpose, channel=form.channel, person_id=person_id)


async def _keep(parts: Parts, user: str, draft: Draft, form: MessageForm) -> Draft:
    if not draft.text.strip():
        raise BadInput("There is nothing to keep yet. Write the message first.")
    if form.draft_id is None:
        await parts.journal.keep_draft(user, draft)
        return draft
    yours = {name: str(it) for name, it in form.model_dump(exclude_none=True).items()}

    def how(old: Draft) -> Draft:
        kept = MessageForm.model_validate(merged(_shown(old), {**yours, **_shown(draft)}))
        person_id = draft.person_id if form.who else old.person_id
        return replace(old, text=kept.text, purpose=kept.purpose, channel=kept.channel, person_id=person_id)

    return await parts.journal.change(user, Draft, form.draft_id, how)


def _shown(draft: Draft) -> dict[str, str]:
    return {"text": draft.text, "purpose": draft.purpose.value, "channel": draft.channel.value}


def _changed(parts: Parts, draft: Draft, do: str) -> Draft:
    """Return a draft put otherwise, or with the nth rewrite in place of what it warns of."""
    if do in VARIANTS:
        return replace(draft, text=variants.varied(draft.text, draft.purpose, do, parts.texts))
    if do.startswith("use:") and do[4:].isdecimal():
        warnings = parts.lint(draft.text, draft.purpose)
        if int(do[4:9]) < len(warnings):
            it = warnings[int(do[4:9])]
            return replace(draft, text=draft.text[: it.start] + it.rewrite + draft.text[it.end :])
    return draft


async def _name(parts: Parts, user: str, draft: Draft) -> str:
    person = await if_there(parts.journal.person(user, draft.person_id)) if draft.person_id else None
    return person.name if person else ""


async def _page(
    request: Request, parts: Parts, user: str, draft: Draft, who: str, seen: str | None = None
) -> HTMLResponse:
    warnings = await anyio.to_thread.run_sync(parts.lint, draft.text, draft.purpose)
    people = {each.id: each.name for each in await parts.journal.people(user)}
    kept = [] if draft.suggested or draft.sent_at else (await parts.journal.drafts(user))[-_LISTED:]
    listed = [Kept(each, people.get(each.person_id or "", "")) for each in reversed(kept) if each.id != draft.id]
    there = {it.id for it in kept}
    pending = [it for it in listed if it.draft.sent_at and not await _noted(parts, user, it.draft)]
    return page(
        request,
        "messages.html",
        "messages",
        draft=draft,
        was=seen or was(_shown(draft)),
        kept_id=draft.id if draft.suggested or draft.sent_at or draft.id in there else "",
        who=who,
        names=sorted(set(people.values())),
        warnings=warnings,
        marked=in_spans(draft.text, warnings),
        share=share(draft.text, draft.suggested) if draft.suggested else None,
        reads=parts.reviewer is not None and parts.reviewer.on,
        better_said=await outbox.better_said(parts, user, draft) if draft.text else False,
        noted=bool(draft.sent_at) and await _noted(parts, user, draft),
        open_drafts=[it for it in listed if not it.draft.sent_at],
        pending=pending,
        sent=[it for it in listed if it.draft.sent_at and it not in pending],
    )


async def _noted(parts: Parts, user: str, draft: Draft) -> bool:
    return await if_there(parts.journal.moment(user, outbox.moment_id(draft))) is not None


def in_spans(text: str, warnings: Sequence[Warning]) -> list[tuple[str, bool]]:
    """Return a message in parts, each with whether something is said of it."""
    spans, at = [], 0
    for each in warnings:
        if each.start >= at:
            spans += [(text[at : each.start], False), (text[each.start : each.end], True)]
            at = each.end
    return [span for span in (*spans, (text[at:], False)) if span[0]]
