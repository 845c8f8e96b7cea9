"""The JSON API under /api, one noun a module. Routes parse, call and answer; errors are mapped in ``problems``."""

from coach.web.api import (
    chat,
    conversations,
    drafts,
    events,
    everything,
    messages,
    moments,
    people,
    plans,
    practice,
    principles,
    sent,
    sessions,
    settings,
    turns,
)

routes = [
    route
    for module in (
        chat, conversations, turns, sessions, people, moments, plans, practice, principles, events, messages, drafts,
        sent, settings, everything,
    )
    for route in module.router.routes
]  # fmt: skip
