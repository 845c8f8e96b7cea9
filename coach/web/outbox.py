"""Messages on their way: made from a plan, kept while they are worked on, and noted as a moment once they were sent."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

import anyio.to_thread

from coach.domain.drafts import Draft
from coach.domain.moments import By, Channel, Landed, Moment
from coach.errors import BadInput
from coach.messages import variants
from coach.reading import notes
from coach.web.namesakes import called
from coach.web.parts import Parts, if_there


async def from_plan(parts: Parts, user: str, plan_id: str, channel: Channel) -> Draft:
    """Make the message that goes with a plan and keep it. Raises NotFound, and BadInput when there is none."""
    plan = await parts.journal.plan(user, plan_id)
    skeleton = await anyio.to_thread.run_sync(variants.of_plan, plan, channel, parts.texts)
    if skeleton is None:
        raise BadInput("There is no message for this plan. Write your own on the page Messages.")
    text = skeleton.text
    draft = Draft(
        parts.new_id(), parts.clock(), skeleton.purpose, channel, text, plan.person_id, plan.id, suggested=text
    )
    await parts.journal.keep_draft(user, draft)
    return draft


async def sent(parts: Parts, user: str, draft: Draft, who: str | None, landed: Landed | None) -> Draft:
    """Note that a message was sent and, once that is known, how it landed: then it is a moment. Returns the draft.

    Said again, the later one holds. Raises BadInput when nobody is named.
    """
    now = parts.clock()
    person_id = draft.person_id
    if who:
        person_id = (await called(parts, user, who, now)).id
    if person_id is None:
        raise BadInput("Say who it went to, then it can be noted.")
    to = partial(replace, person_id=person_id)
    draft = await parts.journal.change(user, Draft, draft.id, lambda it: to(it, sent_at=it.sent_at or now))
    if landed is not None:
        await _keep_moment(parts, user, draft, person_id, landed)
    return draft


def moment_id(draft: Draft) -> str:
    """Return the id of the moment a sent message becomes."""
    return f"{draft.id}-sent"


async def _keep_moment(parts: Parts, user: str, draft: Draft, person_id: str, landed: Landed) -> None:
    now = parts.clock()
    what = parts.texts.render("noted.fixed", form="me", who="", words=notes.brief(draft.text))
    moment = Moment(
        moment_id(draft), person_id, draft.sent_at or now, draft.channel, By.ME, what, landed, now, turn_id=None
    )
    if await if_there(parts.journal.change(user, Moment, moment.id, lambda _: moment)) is None:
        await parts.journal.add_moment(user, moment)


async def better_said(parts: Parts, user: str, draft: Draft) -> bool:
    """Whether a voice would carry a message better."""
    plan = await if_there(parts.journal.plan(user, draft.plan_id)) if draft.plan_id else None
    return variants.better_said(draft.purpose, draft.channel, plan.stance if plan else None)
