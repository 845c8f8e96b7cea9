"""Looking back: what became of last time's commitments. Pure."""

from __future__ import annotations

from dataclasses import replace

from coach.domain.letters import plain
from coach.domain.sessions import Told
from coach.noticing import wording
from coach.noticing.follow_ups import Came
from coach.reading.days import Lean, day
from coach.rows import rows
from coach.sessions import asides, questions, sequence
from coach.sessions.questions import LOOK
from coach.sessions.talk import Talk

SHORT = 22
"""More words than this tell of something; how it came out is not looked for in them."""


def looked_back(talk: Talk, id_: str, text: str) -> Talk:
    """Take what is said of a commitment of an earlier session."""
    step_id, _, which = id_.removeprefix(LOOK).partition(":")
    earlier = next((each for each in talk.view.earlier if each.step_id == step_id), None)
    told = next((each for each in talk.session.told if each.step_id == step_id), None)
    told = told or Told(step_id, earlier.words if earlier else "")
    if which == "what":
        return sequence.go_on(_told(talk, replace(told, note=text)))
    if which == "keep":
        return _keep_or_drop(talk, told, text)
    if asides.says("let_go", text):
        return sequence.go_on(_told(talk.tell("let_go"), replace(told, happened=False, let_go=True)))
    if asides.says("move", text) or _undone(text):
        told = replace(told, happened=False)
        if day(text, talk.view.today, Lean.PLANNED) is None:
            return _asked(talk, told, "keep")
        return _moved(talk, told, text)
    if asides.says("keep", text):
        return _asked(talk, replace(told, happened=True), "what")
    return sequence.go_on(_told(talk, replace(told, happened=True, note=text)))


def came_out(text: str) -> Came | None:
    """Return how something came out, where a short answer says so in one of the listed ways, else None."""
    words = plain(text)
    if len(words.split()) > SHORT:
        return None
    return next((Came(row.more["came"]) for row in rows("words/outcomes") if row.pattern.search(words)), None)


def _asked(talk: Talk, told: Told, which: str) -> Talk:
    talk = talk.now(told=(*_others(talk, told.step_id), told))
    return sequence.put(talk, questions.own(f"{LOOK}{told.step_id}:{which}", talk.session, talk.texts))


def _keep_or_drop(talk: Talk, told: Told, text: str) -> Talk:
    if day(text, talk.view.today, Lean.PLANNED) is not None:
        return _moved(talk, told, text)
    if any(asides.says(what, text) for what in ("let_go", "no", "drop")):
        return sequence.go_on(_told(talk.tell("let_go"), replace(told, let_go=True)))
    return talk.point("no_day")


def _moved(talk: Talk, told: Told, text: str) -> Talk:
    due = day(text, talk.view.today, Lean.PLANNED)
    assert due is not None
    return sequence.go_on(_told(talk.tell("moved", day=wording.day(due)), replace(told, new_due=due)))


def _told(talk: Talk, told: Told) -> Talk:
    looking = tuple(id_ for id_ in talk.session.looking if id_ != told.step_id)
    return talk.now(told=(*_others(talk, told.step_id), told), looking=looking)


def _others(talk: Talk, step_id: str) -> tuple[Told, ...]:
    return tuple(each for each in talk.session.told if each.step_id != step_id)


def _undone(text: str) -> bool:
    came = came_out(text)
    if came in {Came.WELL, Came.BADLY, Came.NO_REPLY}:
        return False
    return asides.says("no", text) or came is Came.NOT_YET
