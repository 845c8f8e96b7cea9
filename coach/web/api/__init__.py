"""The JSON API under /api, one noun a module. Routes parse, call and answer; errors are mapped in ``problems``."""

from fastapi import APIRouter

from coach.web.api import (
    chat,
    conversations,
    drafts,
    everything,
    messages,
    moments,
    people,
    plans,
    principles,
    sent,
    sessions,
    turns,
)

router = APIRouter(prefix="/api")
for module in (
    chat, conversations, turns, sessions, people, moments, plans, principles, messages, drafts, sent, everything,
):  # fmt: skip
    router.include_router(module.router)
