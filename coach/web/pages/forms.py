"""Values that forms send: empty means not given, a yes or no is a word, line ends are one character."""

from __future__ import annotations

from typing import Annotated, Any, TypeVar

from fastapi import Form as FromForm
from pydantic import BaseModel, Field, model_validator

T = TypeVar("T")
Posted = Annotated[T, FromForm()]
"""A form in a route's arguments, as ``form: Posted[Changing]``."""


class Form(BaseModel, extra="forbid"):
    """A form's fields."""

    @model_validator(mode="before")
    @classmethod
    def _given(cls, data: Any) -> Any:
        if not isinstance(data, dict):
            return data
        return {name: _one_line_end(value) for name, value in data.items() if value != ""}


class Changing(Form):
    """A form that changes something; ``was`` is what it showed, so that what came there since is not written over."""

    was: str | None = Field(None, max_length=60_000)


def _one_line_end(value: Any) -> Any:
    return value.replace("\r\n", "\n") if isinstance(value, str) else value
