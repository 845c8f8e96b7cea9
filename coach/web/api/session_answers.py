"""What the API of sessions answers with. Knows the nouns and pydantic."""

from __future__ import annotations

from datetime import date, datetime

from pydantic import BaseModel, Field

from coach.domain.sessions import Because, Intention, Phase, SessionTurn, State


class Begun(BaseModel):
    """Where a session stands, and what the coach said last."""

    session_id: str
    phase: Phase
    state: State
    text: str


class Asking(BaseModel):
    """What stands under the question that waits: why it is asked, what can be tapped, what is offered to be kept."""

    reason: str
    choices: list[str]
    offer: Intention | None
    days: list[date]


class TakenOn(BaseModel, from_attributes=True, populate_by_name=True):
    """Something taken on, in the user's words. It is a commitment like any other: its id is the step's."""

    step_id: str = Field(validation_alias="id")
    plan_id: str
    cue: str
    action: str = Field(validation_alias="words")
    due: date
    person_id: str | None
    obstacle: str
    at: str


class Shown(Begun):
    """A whole session."""

    kind: str
    title: str
    person_id: str | None
    because: Because | None
    started_at: datetime
    finished_at: datetime | None
    goal: str
    commitments: list[TakenOn]
    summary: str
    turns: list[SessionTurn]
    form: Asking | None


class Listed(BaseModel, from_attributes=True):
    """A session in a list."""

    session_id: str = Field(validation_alias="id")
    kind: str
    title: str
    person_id: str | None
    phase: Phase
    state: State
    because: Because | None
    started_at: datetime
    finished_at: datetime | None
    commitments: list[TakenOn] = Field(validation_alias="intentions")


class Every(BaseModel):
    """A list of sessions."""

    sessions: list[Listed]


class KindOf(BaseModel, from_attributes=True):
    """A kind of session. ``person``: none, maybe or needed."""

    kind: str = Field(validation_alias="id")
    title: str
    about: str
    minutes: int
    person: str = Field(validation_alias="bound")
    pack: str


class Kinds(BaseModel):
    """The kinds of session there are."""

    kinds: list[KindOf]
