"""The pages: ``web/templates`` filled with what the journal holds. Every one works without script, except streaming."""

from fastapi import APIRouter
from starlette.responses import HTMLResponse

from coach.web.pages import chat, conversations, moments, people, plans, principles, privacy

router = APIRouter(include_in_schema=False, default_response_class=HTMLResponse)
for module in (chat, conversations, people, moments, plans, principles, privacy):
    router.include_router(module.router)
