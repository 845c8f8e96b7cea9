"""The door: a request goes on when its keeper knows who asks, or when what it wants is open to all. Knows no journal.

Last of the guards. It notes the user for the routes (``coach.web.parts.User``), takes the token out of the link that
a start prints, and answers everybody else with 401.
"""

from __future__ import annotations

from urllib.parse import parse_qs, urlencode

from starlette.datastructures import Headers
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.types import Receive, Scope, Send

from coach.errors import CoachError
from coach.web.keeper import Keeper, Tries, bearer
from coach.web.middleware import Layer
from coach.web.parts import ASKING
from coach.web.problems import answer, reads_pages, status_of
from coach.web.renderer import fragment

PLACE = "/door"
"""Where a token can be pasted."""

_OPEN = {"/healthz", "/readyz", "/manifest.webmanifest", "/sw.js", "/offline", PLACE}
_CLOSED = "This needs the coach's token. Open the link that `coach serve` printed; `coach link` prints it again."
_WHAT_NEXT = (
    "What you wrote is still here: open the link in another tab, then try again. Programs send what is in the file "
    "`token` of the data folder, as `Authorization: Bearer`."
)


class Entrance(Layer):
    """The guard that knows who asks."""

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer 401 to nobody known, else pass on with the user noted."""
        keeper: Keeper = scope["app"].state.keeper
        try:
            refusal = await self._refusal(keeper, scope)
        except CoachError as error:
            refusal = None if _is_open(scope) or keeper.opens(scope) else answer(scope, status_of(error), str(error))
        await (refusal or self.app)(scope, receive, send)
        if refusal is None:
            await keeper.done(scope)

    @staticmethod
    async def _refusal(keeper: Keeper, scope: Scope) -> Response | None:
        """Return what ends the request here; None: it goes on."""
        token = _in_link(scope)
        if token is not None and (let_in := await entered(scope, token)):
            return let_in
        scope[ASKING] = await keeper.who(scope)
        if scope[ASKING] is not None:
            return RedirectResponse(_without_token(scope), 303) if token is not None else None
        if _is_open(scope) or keeper.opens(scope):
            return None
        if answered := keeper.closed(scope):
            return answered
        wrong = token is not None or bearer(Headers(scope=scope)) is not None
        return await closed(scope, wrong=wrong)


async def entered(scope: Scope, token: str, to: str | None = None) -> Response | None:
    """Return the response that lets a browser in and sends it on, None when the token is wrong."""
    response = RedirectResponse(to or _without_token(scope), 303)
    keeper: Keeper = scope["app"].state.keeper
    return response if await keeper.admit(token, scope, response) else None


async def closed(scope: Scope, *, wrong: bool) -> Response:
    """Return the answer for nobody known: 401, and not at once after many wrong tokens."""
    tries: Tries = scope["app"].state.tries
    if wrong:
        await tries.wrong(scope)
    response: Response
    if reads_pages(scope):
        response = _page(scope, wrong=wrong)
    else:
        response = JSONResponse({"error": _CLOSED, "what_next": _WHAT_NEXT}, 401)
    response.headers["WWW-Authenticate"] = "Bearer"
    return response


def _page(scope: Scope, *, wrong: bool) -> HTMLResponse:
    sent = scope["method"] not in {"GET", "HEAD"} and scope["path"] != PLACE
    return HTMLResponse(fragment("door.html", wrong=wrong, place=PLACE, to=_back(scope), sent=sent), 401)


def _is_open(scope: Scope) -> bool:
    """Whether everybody may have this: health, the files of the pages, calendars that have a token of their own."""
    path: str = scope["path"]
    return path in _OPEN or path.startswith("/static/") or (path.startswith("/calendar/") and path.endswith(".ics"))


def _in_link(scope: Scope) -> str | None:
    """Return the token in the link that a start prints, None when this is no such link."""
    if scope["path"] != "/" or scope["method"] != "GET" or b"token=" not in scope["query_string"]:
        return None
    return next(iter(parse_qs(scope["query_string"].decode("latin-1")).get("token", [])), None)


def _without_token(scope: Scope) -> str:
    fields = parse_qs(scope["query_string"].decode("latin-1"), keep_blank_values=True)
    fields.pop("token", None)
    return str(scope["path"]) + (f"?{urlencode(fields, doseq=True)}" if fields else "")


def _back(scope: Scope) -> str:
    """Return where the browser wanted to go, where that can be asked for once more."""
    return _without_token(scope) if scope["method"] == "GET" and scope["path"] != PLACE else "/"
