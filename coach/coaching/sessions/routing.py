"""Which route an answer in a session takes. Pure.

An answer is short and leans on its question, so the tables alone may take it for anything: harm has to show in its own
words, or when it is read together with the question. A leader who tells of an act of their own is no victim of it.
"""

from __future__ import annotations

from dataclasses import replace

from coach.coaching import dangers, lexicon, orders, triage
from coach.coaching.clauses import plain
from coach.coaching.sessions import own_harm
from coach.domain.moments import By, Landed
from coach.domain.readings import ROUTES, Kind, Reading, Route
from coach.ports import Likeness

SHORT = 14
"""Words of an answer that is too short for the tables."""

OFF_TOPIC_FROM = 6
"""Words a message needs to be off topic: fewer are an answer."""

_GRAVE = ("touch", "sexual", "blow", "weapon", "menace", "own_rage", "despair", "insult", "domination")
_HELP = {Route.GET_HELP, Route.DECLINE}


def routed(read: Reading, asked: str, likeness: Likeness) -> Reading:
    """Return the reading of an answer with the route it takes in a session. ``asked``: what the coach said before."""
    if read.route is Route.IN_SCOPE:
        return read
    words = triage.without_idioms(plain(read.text))
    if any(triage.worded(kind, words) for kind in dangers.SURE if ROUTES[kind] is read.route):
        return read if not _own(read) else replace(read, kind=Kind.LEADER_SESSION)
    if read.route in _HELP:
        return read if _grave(read, words, asked, likeness) else replace(read, kind=Kind.LEADER_SESSION)
    if read.route is Route.INJECTION:
        return read if orders.is_order(read.text) else replace(read, kind=Kind.LEADER_SESSION)
    answers = len(words.split()) < OFF_TOPIC_FROM or read.people or read.moments
    groups = lexicon.counts(words)
    if answers or groups["leading"] or (groups["workplace"] and not groups["not_work"]):
        return replace(read, kind=Kind.LEADER_SESSION)
    return read


def _grave(read: Reading, words: str, asked: str, likeness: Likeness) -> bool:
    """Whether harm that only the tables see is to be believed."""
    if read.kind is Kind.SELF_HARM:
        return True
    if _own(read):
        return False
    groups = lexicon.counts(words)
    if any(groups[name] for name in _GRAVE):
        return True
    if len(words.split()) > SHORT:
        return True
    together = triage.judge(f"{asked}\n\n{read.text}", likeness).kind
    return ROUTES[together] in _HELP


def _own(read: Reading) -> bool:
    """Whether a message tells only of a bad moment of the user's own, and of no harm meant."""
    if read.kind in {Kind.SELF_HARM, Kind.VIOLENCE, Kind.SURVEILLANCE, Kind.MANIPULATION} or own_harm.told(read.text):
        return False
    harmed = [moment for moment in read.moments if moment.landed is Landed.HARMED]
    return bool(harmed) and all(moment.by is By.ME for moment in harmed)
