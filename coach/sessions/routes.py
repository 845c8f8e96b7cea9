"""Which route an answer in a session takes. Pure.

An answer is short and leans on its question, so the tables alone may take it for anything: harm has to show in words
of its own, unless the tables are quite sure. A leader who tells of an act of their own is no victim of it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace

from coach.cues import lexicon
from coach.domain.letters import plain
from coach.domain.moments import By, Landed
from coach.domain.readings import ROUTES, Kind, Reading, Route
from coach.ports import Likeness
from coach.rows import where
from coach.safety import floor, orders, own_harm

OFF_TOPIC_FROM = 6
"""Words a message needs to be off topic: fewer are an answer."""

LONG = 30
"""More words than this are a message of its own: the tables are believed as in a chat."""

SURELY = 0.9
"""Without a word of harm, the tables are believed from here on, and of harm done to somebody only."""

WITH_WORDS = 0.15
"""With sure words of harm by somebody else, so much from the tables is enough: somebody may be told of in passing."""

_HELP = {Route.GET_HELP, Route.DECLINE}
_GROUPS: Mapping[Kind, tuple[str, ...]] = {
    Kind.HARASSMENT: ("touch", "body", "sexual", "pursuit"),
    Kind.DISCRIMINATION: (
        "identity_race", "identity_faith", "identity_gender", "identity_body", "identity_age", "unequal"
    ),
    Kind.ABUSE: ("shouting", "insult", "domination", "sustained", "menace"),
    Kind.VIOLENCE: ("blow", "weapon", "menace", "own_rage"),
    Kind.SELF_HARM: ("despair",),
    Kind.LEGAL_MEDICAL: ("law", "medicine"),
    Kind.SURVEILLANCE: ("watching", "how_to_act_on"),
    Kind.MANIPULATION: ("deceit", "how_to_act_on"),
}  # fmt: skip
"""Words that have to stand in a message for the tables to be believed."""

_ACTS = re.compile(r"i (?!(?:get|got|was|am|have been|keep being|'ve been)\b)")
_SOMEBODY = (Kind.VIOLENCE, Kind.SELF_HARM, Kind.HARASSMENT)


_NEVER_OWN = {Kind.SELF_HARM, Kind.VIOLENCE, Kind.SURVEILLANCE, Kind.MANIPULATION, Kind.LEGAL_MEDICAL}


def routed(read: Reading, likeness: Likeness) -> Reading:
    """Return the reading of an answer with the route it takes in a session."""
    words = floor.without_idioms(plain(read.text))
    for kind in _SOMEBODY:
        harm = where("words/sessions", "of", kind.value).search(read.text)
        if harm and (read.route is not Route.GET_HELP or kind is Kind.SELF_HARM):
            return replace(read, kind=kind)
    if read.route is Route.IN_SCOPE:
        return _told_of(read, words, likeness)
    if read.route in _HELP and len(words.split()) > LONG:
        return replace(read, kind=Kind.LEADER_SESSION) if _own(read) else read
    if read.route in _HELP:
        return read if _grave(read, words, likeness) else replace(read, kind=Kind.LEADER_SESSION)
    if read.route is Route.INJECTION:
        return read if orders.is_order(read.text) else replace(read, kind=Kind.LEADER_SESSION)
    return read if _strays(read, words) else replace(read, kind=Kind.LEADER_SESSION)


def _told_of(read: Reading, words: str, likeness: Likeness) -> Reading:
    """A message the tables find ordinary, with sure words of a harm somebody else does, is about that harm."""
    sure = [kind for kind in _GROUPS if ROUTES[kind] is Route.GET_HELP and floor.worded(kind, words)]
    if not sure or _own(read) or _ACTS.match(words):
        return read
    odds = likeness.kinds(read.text)
    if sum(odds.get(kind, 0.0) for kind in _GROUPS) < WITH_WORDS:
        return read
    return replace(read, kind=sure[0])


def _grave(read: Reading, words: str, likeness: Likeness) -> bool:
    """Whether harm is to be believed: it has words of its own, or the tables are sure of harm done to somebody."""
    if floor.worded(read.kind, words):
        return not _own(read)
    if _own(read):
        return False
    groups = lexicon.counts(words)
    worded = any(groups[name] for name in _GROUPS.get(read.kind, ()))
    if worded and read.route is Route.GET_HELP and read.kind is not Kind.LEGAL_MEDICAL:
        return True
    odds = likeness.kinds(read.text)
    sure = sum(odds.get(kind, 0.0) for kind in _GROUPS) >= SURELY
    return sure and (worded or (read.route is Route.GET_HELP and read.kind is not Kind.SELF_HARM))


def _strays(read: Reading, words: str) -> bool:
    """Whether a message has nothing to do with the talk: no person, no moment, no work, and something else in it."""
    if len(words.split()) < OFF_TOPIC_FROM or read.people or read.moments:
        return False
    groups = lexicon.counts(words)
    return bool(groups["not_work"]) and not groups["leading"] and not groups["workplace"]


def _own(read: Reading) -> bool:
    """Whether a message tells only of a bad moment of the user's own, and of no harm meant."""
    if read.kind in _NEVER_OWN or own_harm.told(read.text):
        return False
    harmed = [moment for moment in read.moments if moment.landed is Landed.HARMED]
    return bool(harmed) and all(moment.by is By.ME for moment in harmed)
