"""Where somebody who is not let in pastes the token, for browsers in which the link cannot be opened."""

from __future__ import annotations

from typing import Annotated

from fastapi import Request
from pydantic import Field
from starlette.responses import Response

from coach.web import routers
from coach.web.entrance import PLACE, closed, entered
from coach.web.pages.forms import Form, Posted
from coach.web.renderer import back_to

router = routers.of_pages()


class Pasted(Form):
    """A token or the whole link, and the page that was wanted."""

    token: Annotated[str, Field(max_length=400)] = ""
    to: Annotated[str, Field(max_length=400)] = "/"


@router.get(PLACE)
async def door() -> Response:
    """Nothing is here but a form's answer; the first page says what there is to say."""
    return back_to("/")


@router.post(PLACE)
async def paste(form: Posted[Pasted], request: Request) -> Response:
    """Let the browser in when the token is right, and send it where it wanted to go."""
    token = form.token.strip().rpartition("token=")[2]
    here = form.to.startswith("/") and not form.to.startswith(("//", "/\\"))
    let_in = await entered(request.scope, token, form.to if here else "/")
    return let_in or await closed(request.scope, wrong=bool(token))
