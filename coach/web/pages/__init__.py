"""The pages: ``web/templates`` filled with what the journal holds. Every one works without script, except streaming."""

from fastapi import APIRouter
from starlette.responses import HTMLResponse

from coach.web.pages import (
    calendar,
    chat,
    conversations,
    importing,
    log,
    map,
    messages,
    moments,
    noting,
    one_to_one,
    people,
    plans,
    principles,
    privacy,
    report,
    sessions,
    shell,
    team,
    today,
)

router = APIRouter(include_in_schema=False, default_response_class=HTMLResponse)
for module in (
    chat,
    conversations,
    log,
    messages,
    shell,
    people,
    noting,
    one_to_one,
    team,
    map,
    importing,
    moments,
    plans,
    today,
    calendar,
    report,
    sessions,
    principles,
    privacy,
):
    router.include_router(module.router)
