"""Errors → a status and a plain sentence, in one table. Never repeats what someone wrote.

The API answers ``{"error": …, "what_next"?: …, "fields"?: […]}``; a page gets the same as a page.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, ConfigDict, Field
from pydantic_core import to_jsonable_python
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse, Response
from starlette.types import Scope

from coach.errors import (
    BadInput,
    Busy,
    CoachError,
    Conflict,
    Erased,
    KnowledgeTrouble,
    LanguageModelTrouble,
    Locked,
    MissingPrompt,
    NotFound,
    Refused,
    StorageTrouble,
    TooMany,
)
from coach.web.etags import conflict_page
from coach.web.renderer import problem_page

STATUS: dict[type[CoachError], int] = {
    BadInput: 400,
    Conflict: 409,
    Erased: 409,
    Refused: 403,
    NotFound: 404,
    Locked: 423,
    TooMany: 429,
    Busy: 503,
    MissingPrompt: 500,
    LanguageModelTrouble: 503,
    StorageTrouble: 503,
    KnowledgeTrouble: 503,
    CoachError: 500,
}
"""The status of each error. A child that is not named has its parent's."""

UNEXPECTED = "Something went wrong in the coach. What was kept before is still there."
TRY_AGAIN = "Try again. If it happens a second time, run `coach doctor`."

TRY_AGAIN_SOON = "Try again."
MERGE = "Read it again, and send your change with its new ETag."

_SENTENCES = {
    400: ("The request cannot be read.", "Send JSON in UTF-8."),
    404: ("There is nothing at this address.", "Check the address."),
    405: ("This address does not take that method.", None),
}
_WHAT_NEXT = {
    StorageTrouble: "`coach doctor` says what is wrong with the journal.",
    KnowledgeTrouble: "`coach index` builds the index anew; `coach doctor` says what is wrong.",
    MissingPrompt: "Install the coach again; a text of it is missing.",
}


class Problem(BaseModel):
    """What every error of the API looks like."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"error": "There is no such person in this journal.", "what_next": None}]}
    )

    error: str = Field(description="What happened, in a plain sentence.")
    what_next: str | None = Field(None, description="What to do about it, if there is something.")
    fields: list[str] | None = Field(None, description="The fields to mend, when the input was wrong.")
    now: dict[str, Any] | None = Field(None, description="With 409: what is there now.")
    yours: dict[str, Any] | None = Field(None, description="With 409: what you sent.")


def status_of(error: CoachError) -> int:
    """Return the status of an error, by its nearest ancestor in the table."""
    return next(STATUS[kind] for kind in type(error).__mro__ if kind in STATUS)


def answer(
    scope: Scope, status: int, error: str, what_next: str | None = None, fields: Sequence[str] | None = None
) -> Response:
    """Return the response for a problem: a page for those who read pages, else JSON."""
    if reads_pages(scope):
        return problem_page(status, error, what_next)
    if scope["path"].startswith("/v1/"):
        return JSONResponse({"error": openai_error(status, error)}, status)
    told = {"error": error, "what_next": what_next, "fields": list(fields) if fields else None}
    return JSONResponse({name: value for name, value in told.items() if value is not None}, status)


def reads_pages(scope: Scope) -> bool:
    """Whether whoever asks reads pages, and is no program."""
    accepted = next((value for name, value in scope.get("headers", []) if name == b"accept"), b"")
    return b"text/html" in accepted and not scope["path"].startswith(("/api/", "/static/", "/v1/"))


_OPENAI = {
    401: "authentication_error",
    403: "permission_error",
    404: "not_found_error",
    423: "journal_locked",
    429: "rate_limit_error",
}


def openai_error(status: int, error: str) -> dict[str, str | None]:
    """Return a problem as programs that speak OpenAI's API expect it."""
    other = "server_error" if status >= 500 else "invalid_request_error"
    kind = _OPENAI.get(status, other)
    code = "invalid_api_key" if status == 401 else None
    return {"message": error, "type": kind, "param": None, "code": code}


def add_handlers(app: FastAPI) -> None:
    """Let the app answer the coach's errors, wrong input and the framework's own errors."""
    app.add_exception_handler(CoachError, _coach_error)
    app.add_exception_handler(RequestValidationError, _wrong_input)
    app.add_exception_handler(HTTPException, _http_error)


async def _coach_error(request: Request, error: Exception) -> Response:
    assert isinstance(error, CoachError)
    what_next = next((_WHAT_NEXT[kind] for kind in type(error).__mro__ if kind in _WHAT_NEXT), None)
    if isinstance(error, Conflict):
        return _conflict(request.scope, error)
    response = answer(request.scope, status_of(error), str(error), what_next)
    if isinstance(error, Busy):
        response.headers["Retry-After"] = str(error.seconds)
    return response


def _conflict(scope: Scope, error: Conflict) -> Response:
    """Show both: what is there now, and what was to be."""
    if error.now is None:
        return answer(scope, 409, str(error), TRY_AGAIN_SOON)
    if reads_pages(scope) and isinstance(error.now, Mapping) and isinstance(error.yours, Mapping):
        return conflict_page(scope["path"], error.now, error.yours)
    told = {"error": str(error), "what_next": MERGE, "now": error.now, "yours": error.yours}
    return JSONResponse(to_jsonable_python(told), 409)


async def _http_error(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    sentence, what_next = _SENTENCES.get(error.status_code, ("The request was refused.", None))
    response = answer(request.scope, error.status_code, sentence, what_next)
    response.headers.update(error.headers or {})
    return response


async def _wrong_input(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    problems = error.errors()
    if any(problem["type"] == "json_invalid" for problem in problems):
        return answer(request.scope, 400, "The body is not readable as JSON.", "Check its quotes, commas and brackets.")
    fields = list(dict.fromkeys(_field(problem) for problem in problems))
    sentence = "; ".join(dict.fromkeys(f"{_field(problem)} {_wrong(problem)}" for problem in problems[:5]))
    return answer(
        request.scope, 422, f"{sentence[:1].upper()}{sentence[1:]}.", "Correct this and send it again.", fields
    )


def _field(problem: Mapping[str, Any]) -> str:
    """Name the place as it stands in the request, without names the sender made up."""
    path = [part for part in problem["loc"] if part not in ("body", "query", "path", "header")]
    if problem["type"] == "extra_forbidden":
        path = path[:-1]
    return ".".join(map(str, path)) or "the body"


_WRONG = {
    "missing": "is missing",
    "string_too_short": "is empty",
    "string_type": "should be text",
    "string_unicode": "holds a broken character",
    "bool_parsing": "should be true or false",
    "bool_type": "should be true or false",
    "dict_type": "should be a JSON object",
    "mapping_type": "should be a JSON object",
    "model_attributes_type": "should be a JSON object",
    "extra_forbidden": "has a field the coach does not know",
    "datetime_from_date_parsing": "should be a time such as 2024-05-01T09:30:00Z",
    "datetime_parsing": "should be a time such as 2024-05-01T09:30:00Z",
    "datetime_type": "should be a time such as 2024-05-01T09:30:00Z",
    "either": "should give either plan_id or text",
    "somebody": "should name somebody: person_id or who, one of them",
    "no_such_day": "should be a day that there is",
    "not_a_time": "should be a time such as 2024-05-01T09:30:00Z",
}


def _wrong(problem: Mapping[str, Any]) -> str:
    context = problem.get("ctx", {})
    match problem["type"]:
        case "enum" | "literal_error":
            return f"should be {context['expected']}"
        case "string_too_long":
            return f"is longer than {context['max_length']} characters"
        case "greater_than_equal":
            return f"should be at least {context['ge']}"
        case "less_than_equal":
            return f"should be at most {context['le']}"
        case kind:
            return _WRONG.get(kind, "does not have the right form")
