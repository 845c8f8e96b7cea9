"""The language model: which one is asked, what it may do, its exam, and the servers that are found on this machine."""

from __future__ import annotations

from typing import Annotated, Literal
from urllib.parse import urlsplit

from fastapi import Form as FromForm
from fastapi import Request
from starlette.responses import HTMLResponse, Response

from coach.connection import Connection, Nearby, Trial
from coach.domain.preferences import ChosenModel
from coach.errors import BadInput
from coach.web import routers
from coach.web.labels import LABELS
from coach.web.pages.forms import Form, Posted
from coach.web.parts import In, Parts
from coach.web.renderer import back_to, fragment, page

router = routers.of_pages("/settings")

HERE = "/settings/language-model"


class ModelForm(Form):
    """What is to be done; for ``use`` and ``try`` with a server's address, a name there, and a key."""

    do: Literal["use", "try", "exam", "level", "forget"]
    address: Annotated[str, FromForm(max_length=500)] = ""
    name: Annotated[str, FromForm(max_length=200)] = ""
    key: Annotated[str, FromForm(max_length=500)] = ""
    level: Literal["", "plans", "suggests", "off"] = ""


@router.get("/language-model")
async def settings(request: Request, parts: In) -> HTMLResponse:
    """Which language model is connected, and what is found on this machine."""
    return await _page(request, parts)


@router.get("/language-model/exam")
async def exam(parts: In) -> HTMLResponse:
    """How far the exam has come, as the part of the page that tells it."""
    return HTMLResponse(fragment("_exam.html", connection=parts.connected()))


@router.post("/language-model")
async def settle(form: Posted[ModelForm], request: Request, parts: In) -> Response:
    """Try or use a language model, sit its exam, set its level, or let go of it."""
    connection = parts.connected()
    connection.check_own()
    if form.do in {"use", "try"}:
        return await _chosen(form, request, parts, connection)
    if form.do == "exam":
        connection.examine(again=True)
    elif form.do == "level":
        connection.levels.choose(connection.destination, connection.name, form.level)
    else:
        await connection.choose(None)
    return back_to(HERE)


async def _chosen(form: ModelForm, request: Request, parts: Parts, connection: Connection) -> Response:
    """Try a language model; where it is to be used and answers, use it."""
    if connection.settled and not form.address and not form.name:
        return await _page(request, parts, trial=await connection.tried())
    try:
        chosen = ChosenModel(addressed(form.address), form.name, form.key)
        trial = await connection.tried(chosen)
        if form.do == "use" and not trial.trouble:
            await connection.choose(chosen)
            return back_to(HERE)
    except BadInput as error:
        trial, chosen = Trial(str(error), 0), ChosenModel(form.address, form.name)
    return await _page(request, parts, trial=trial, tried=chosen)


def addressed(given: str) -> str:
    """Return a server's address as it is asked: with a scheme, and with /v1 where no path is given."""
    text = given.strip()
    if not text:
        return ""
    text = text if "://" in text else f"http://{text}"
    try:
        parts = urlsplit(text)
    except ValueError:
        parts = None
    if parts is None or not parts.hostname:
        raise BadInput("A server's address looks like http://127.0.0.1:11434/v1.")
    return text.rstrip("/") if parts.path.strip("/") else f"{text.rstrip('/')}/v1"


async def _page(
    request: Request, parts: Parts, *, trial: Trial | None = None, tried: ChosenModel | None = None
) -> HTMLResponse:
    connection = parts.connected()
    found: list[Nearby] = [] if connection.settled else await connection.nearby()
    return page(
        request,
        "language_model.html",
        "privacy",
        connection=connection,
        found=found,
        trial=trial,
        tried=tried or connection.chosen or ChosenModel("", ""),
        levels=LABELS["levels"],
        level_set=connection.levels.chosen(connection.destination, connection.name),
    )
