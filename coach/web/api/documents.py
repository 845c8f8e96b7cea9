"""How the API describes itself: an example and the problems of each operation, for OpenAPI."""

from __future__ import annotations

from typing import Any

from coach.web.problems import Problem

_PROBLEMS: dict[int, tuple[str, dict[str, Any]]] = {
    400: ("The input cannot be taken as it is.", {"error": "The body is not readable as JSON."}),
    401: (
        "The token is missing or wrong.",
        {"error": "This needs the coach's token.", "what_next": "Send it as Authorization: Bearer."},
    ),
    403: (
        "The request came from another site or host.",
        {"error": "This request came from another site, so it was not carried out."},
    ),
    404: ("There is no such thing in this journal.", {"error": "There is no such person in this journal."}),
    409: (
        "It was changed since it was read, or something it belongs to was erased.",
        {"error": "This was changed since you read it.", "now": {"role": "approver"}, "yours": {"role": "head"}},
    ),
    413: ("The body is too large.", {"error": "This is more than the 256 KiB the coach takes at once."}),
    415: (
        "The body is not JSON.",
        {"error": "The API takes JSON.", "what_next": "Send it with Content-Type: application/json."},
    ),
    422: (
        "A field is missing or wrong.",
        {"error": "Name is missing.", "what_next": "Correct this and send it again.", "fields": ["name"]},
    ),
    503: (
        "The journal or the index cannot be used now.",
        {"error": "The disk is full.", "what_next": "`coach doctor` says what is wrong with the journal."},
    ),
}
WRITE = (400, 401, 403, 409, 413, 415, 422, 503)
READ = (401, 403, 422, 503)


def documented(
    status: int, example: object, *problems: int, media: str = "application/json"
) -> dict[int | str, dict[str, Any]]:
    """Return the responses of a route: what success looks like, and the problems that may come instead."""
    success: dict[str, Any] = {} if example is None else {"content": {media: {"example": example}}}
    found: dict[int | str, dict[str, Any]] = {status: success} if success else {}
    for each in problems:
        sentence, told = _PROBLEMS[each]
        found[each] = {
            "model": Problem,
            "description": sentence,
            "content": {"application/json": {"example": told}},
        }
    return found
