"""Gathers routes: one router for the modules of the API, one for those of the pages. Knows no route itself.

The app is given the routes themselves, never a router to include: FastAPI works out every included route a second
time, at the first request, and looks through each level of inclusion at every request.
"""

from __future__ import annotations

from fastapi import APIRouter, Depends
from fastapi.routing import APIRoute
from fastapi.security import HTTPBearer
from starlette.responses import HTMLResponse

from coach.web.once import Once

_TOKEN = Depends(
    HTTPBearer(scheme_name="token", description="What is in the file `token` of the data folder.", auto_error=False)
)
"""Describes how programs come in; who is let in is for ``coach.web.entrance``."""


def of_api(tag: str, prefix: str = "", route_class: type[APIRoute] = Once) -> APIRouter:
    """Return a router under /api, described in OpenAPI under ``tag``."""
    return APIRouter(prefix=f"/api{prefix}", tags=[tag], dependencies=[_TOKEN], route_class=route_class)


def of_pages(prefix: str = "", route_class: type[APIRoute] = APIRoute) -> APIRouter:
    """Return a router whose routes answer with HTML and stand in no description of the API."""
    return APIRouter(
        prefix=prefix, include_in_schema=False, default_response_class=HTMLResponse, route_class=route_class
    )
