"""Settings that are kept: which language model is asked, and what it may do."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from coach.connection import Connection
from coach.domain.preferences import ChosenModel
from coach.domain.readings import Level
from coach.errors import BadInput, NotFound
from coach.web import routers
from coach.web.api.documents import READ, WRITE, documented
from coach.web.api.examples import SETTINGS
from coach.web.api.fields import Body
from coach.web.parts import In, Parts

router = routers.of_api("Settings")

Short = Annotated[str, StringConstraints(strip_whitespace=True, max_length=500)]


class Model(Body):
    """A language model: its server's address ("" for another provider of LangChain), its name there, and a key."""

    address: Short = ""
    name: Annotated[Short, StringConstraints(min_length=1)]
    key: Short = Field("", description="Kept sealed and never shown. Left out: the one that is kept goes on.")


class Wanted(Body):
    """What to change. Fields that are left out stay as they are."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"level": "suggests"}]})

    language_model: Model | None = Field(None, description="null: let go of the one that was chosen.")
    level: Literal["", "plans", "suggests", "off"] = Field("", description="Empty: its exam decides.")


class Kept(BaseModel):
    """What is set. ``from_environment``: COACH_* variables say which language model it is."""

    language_model: str
    destination: str
    from_environment: bool
    level: Level
    level_set: str
    sitting: bool
    failed: dict[str, str] | None = Field(description="What failed in its exam; null: it has sat none.")


@router.get("/settings", summary="Show the settings", responses=documented(200, SETTINGS, *READ))
async def settings(parts: In) -> Kept:
    """Which language model is asked, what it may do, and what failed in its exam. Keys are never shown."""
    return _kept(_connection(parts))


@router.put("/settings", summary="Change the settings", responses=documented(200, SETTINGS, *WRITE))
async def change(wanted: Wanted, parts: In) -> Kept:
    """Ask another language model from now on, if it answers a small request, or set what it may do."""
    connection, given = _connection(parts), wanted.model_fields_set
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
    return _kept(connection)


def _kept(connection: Connection) -> Kept:
    values: dict[str, Any] = {
        "language_model": connection.name, "destination": connection.destination,
        "from_environment": connection.settled, "level": connection.level,
        "level_set": connection.levels.chosen(connection.destination, connection.name),
        "sitting": connection.sitting,
        "failed": dict(connection.result.failed) if connection.result else None,
    }  # fmt: skip
    return Kept(**values)


def _connection(parts: Parts) -> Connection:
    if parts.connection is None:
        raise NotFound("No language model can be connected here.")
    return parts.connection
