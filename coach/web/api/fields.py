"""The kinds of value a request may hold, with their limits. Lengths are in characters."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, BeforeValidator, Field, StrictBool, StringConstraints
from pydantic_core import PydanticCustomError


class Body(BaseModel, extra="forbid"):
    """A request's body. Unknown fields are refused: what the coach does not know it would lose."""


def example(body: dict[str, Any]) -> dict[str, Any]:
    """Return what shows a body in the API's description, for its class: ``json_schema_extra=example(…)``."""
    return {"examples": [body]}


def _text(value: object) -> object:
    if not isinstance(value, str):
        raise PydanticCustomError("not_a_time", "not a time")
    return value


def _in_utc(value: datetime) -> datetime:
    try:
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)
    except (OverflowError, ValueError):
        raise PydanticCustomError("not_a_time", "not a time") from None


Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]
Note = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=4000)]
Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=20_000)]
Id = Annotated[str, StringConstraints(min_length=1, max_length=200)]
Time = Annotated[datetime, BeforeValidator(_text), AfterValidator(_in_utc)]
"""ISO 8601; a time without a zone is taken as UTC."""
YesNo = StrictBool
Days = Annotated[int, Field(ge=1, le=730)]
Months = Annotated[int, Field(ge=1, le=240)]

UNCHANGED: Any = None
"""The default of a field that may be left out but not cleared."""
