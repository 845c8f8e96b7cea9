"""The pages: ``web/templates`` filled with what the journal holds. Every one works without script, except streaming."""

from fastapi import APIRouter
from starlette.responses import HTMLResponse

from coach.web.pages import chat, conversations, moments, noting, people, plans, principles, privacy, report

router = APIRouter(include_in_schema=False, default_response_class=HTMLResponse)
for module in (chat, conversations, people, noting, moments, plans, report, principles, privacy):
    router.include_router(module.router)
