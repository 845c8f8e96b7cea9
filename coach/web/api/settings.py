"""Settings that are kept: which language model is asked, and what it may do."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import Annotated, Any, Literal

from pydantic import BaseModel, Field, StringConstraints

from coach.connection import Connection
from coach.domain.preferences import MINE, ChosenModel, FirstDay, Preferences, Tone
from coach.domain.readings import Level
from coach.errors import BadInput
from coach.web import routers, zones
from coach.web.api.documents import READ, SETTINGS, WRITE, documented
from coach.web.api.fields import Body, example
from coach.web.parts import In, User

router = routers.of_api("Settings")

Short = Annotated[str, StringConstraints(strip_whitespace=True, max_length=500)]


class Model(Body):
    """A language model: its server's address ("" for another provider of LangChain), its name there, and a key."""

    address: Short = ""
    name: Annotated[Short, StringConstraints(min_length=1)]
    key: Short = Field("", description="Kept sealed and never shown. Left out: the one that is kept goes on.")


class Mine(Body):
    """The user's own settings. Fields that are left out stay as they are."""

    call: Annotated[str, StringConstraints(strip_whitespace=True, max_length=80)] = Field(
        "", description="What the coach calls them."
    )
    leads: bool | None = Field(None, description="Whether they lead people; null: not said.")
    zone: Short = Field("", description="Time zone, such as Europe/Berlin; empty: this machine's.")
    week: FirstDay = Field(FirstDay.MONDAY, description="The day on which a week begins.")
    hour: Annotated[int, Field(ge=6, le=20)] = Field(9, description="The hour at which steps stand in the calendar.")
    tone: Tone = Field(Tone.FULL, description="How much the coach says.")


class Wanted(Body, json_schema_extra=example({"level": "suggests"})):
    """What to change. Fields that are left out stay as they are."""

    language_model: Model | None = Field(None, description="null: let go of the one that was chosen.")
    level: Literal["", "plans", "suggests", "off"] = Field("", description="Empty: its exam decides.")
    mine: Mine | None = Field(None, description="The user's own settings; null: they stay as they are.")


class Kept(BaseModel):
    """What is set. ``from_environment``: COACH_* variables say which language model it is."""

    language_model: str
    destination: str
    from_environment: bool
    level: Level
    level_set: str
    sitting: bool
    failed: dict[str, str] | None = Field(description="What failed in its exam; null: it has sat none.")
    mine: Mine


@router.get("/settings", summary="Show the settings", responses=documented(200, SETTINGS, *READ))
async def settings(parts: In, user: User) -> Kept:
    """Which language model is asked, what it may do, and what failed in its exam. Keys are never shown."""
    return _kept(parts.connected(), await parts.journal.preferences(user))


@router.put("/settings", summary="Change the settings", responses=documented(200, SETTINGS, *WRITE))
async def change(wanted: Wanted, parts: In, user: User) -> Kept:
    """Ask another language model from now on, if it answers a small request, or set what it may do."""
    connection, given = parts.connected(), wanted.model_fields_set
    if given & {"language_model", "level"}:
        connection.check_own()
    if "language_model" in given and wanted.language_model is None:
        await connection.choose(None)
    elif wanted.language_model is not None:
        chosen = ChosenModel(**wanted.language_model.model_dump())
        trial = await connection.tried(chosen)
        if trial.trouble:
            raise BadInput(trial.trouble)
        await connection.choose(chosen)
    if "level" in given:
        connection.levels.choose(connection.destination, connection.name, wanted.level)
    mine = await parts.journal.preferences(user)
    if wanted.mine is not None:
        if wanted.mine.zone and wanted.mine.zone not in zones.zones():
            raise BadInput("That is no time zone this machine knows; one is Europe/Berlin.")
        changed = partial(replace, changed_at=parts.clock(), **wanted.mine.model_dump(exclude_unset=True))
        mine = await parts.journal.change(user, Preferences, MINE, changed)
        if parts.members is None:
            zones.settle(mine.zone)
    return _kept(connection, mine)


def _kept(connection: Connection, mine: Preferences) -> Kept:
    values: dict[str, Any] = {
        "mine": {name: getattr(mine, name) for name in Mine.model_fields},
        "language_model": connection.name, "destination": connection.destination,
        "from_environment": connection.settled, "level": connection.level,
        "level_set": connection.levels.chosen(connection.destination, connection.name),
        "sitting": connection.sitting,
        "failed": dict(connection.result.failed) if connection.result else None,
    }  # fmt: skip
    return Kept(**values)
