"""The pages: ``web/templates`` filled with what the journal holds. Every one works without script, except streaming."""

from coach.web.pages import (
    backup,
    calendar,
    chat,
    conversations,
    door,
    journal,
    language_model,
    log,
    map,
    messages,
    moments,
    one_to_one,
    particulars,
    people,
    plans,
    principles,
    privacy,
    report,
    sessions,
    settings_page,
    shell,
    takeover,
    team,
    today_page,
)

modules = (
    chat, conversations, log, journal, messages, shell, people, particulars, one_to_one, team, map, takeover, moments,
    plans, today_page, calendar, report, sessions, principles, privacy, backup, settings_page, language_model, door,
)  # fmt: skip
routes = [route for module in modules for route in module.router.routes]
