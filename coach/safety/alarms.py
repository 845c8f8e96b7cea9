"""Decides which route an answer in a session takes. Pure.

An answer is short and leans on its question, so the tables alone may take it for anything: harm has to show in words
of its own, unless the tables are quite sure. A leader who tells of an act of their own is no victim of it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from functools import cache

from coach.domain.letters import plain
from coach.domain.readings import GET_HELP, IN_SCOPE, ROUTES, Kind, Reading, Route
from coach.ports import Likeness
from coach.rows import any_of, joined, rows
from coach.safety import floor, harms, own_harm

OFF_TOPIC_FROM = 6
"""Words a message needs to be off topic: fewer are an answer."""

STRAYS = 0.99
"""A question is off topic when the tables are so sure of it; what asks nothing is an answer."""

LONG = 30
"""An answer with more words than this counts as a full message: the tables are believed as in a chat."""

SURELY = 0.9
"""Without a word of harm, the tables are believed from here on, and of harm done to someone only."""

WITH_WORDS = 0.15
"""With sure words of harm by someone else, this much from the tables is enough; they may be mentioned in passing."""

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
"""Groups of words, some of which have to stand in a message for the tables to be believed: every sort of harm's."""

_NEVER_OWN = {Kind.SELF_HARM, Kind.VIOLENCE, Kind.SURVEILLANCE, Kind.MANIPULATION, Kind.LEGAL_MEDICAL}
_ACTS = re.compile(r"i (?!(?:get|got|was|am|have been|keep being|'ve been)\b)")
_DONE_TO_US = re.compile(r"\b(?:he|she|they|who|boss|manager|director|colleague)\b[^.!?]*\b(?:me|my|us|our)\b")


def routed(read: Reading, likeness: Likeness, *, named: bool) -> Reading:
    """Return the reading of an answer with the route it takes in a session. ``named``: someone is named in it."""
    words = harms.without_idioms(plain(read.text))
    if read.orders and not _ordered(words, likeness.kinds(read.text)):
        read = replace(read, kind=floor.judge(read.text, likeness), orders=())
    for row in rows("words/harm_of_others"):
        kind = Kind(row.more["kind"])
        if row.pattern.search(read.text) and (read.route is not Route.GET_HELP or kind is Kind.SELF_HARM):
            return replace(read, kind=kind)
    if read.route is Route.DOUBT:
        return _doubted(read, words)
    if read.route is Route.IN_SCOPE:
        return _told_of(read, words, likeness)
    if read.kind in _GROUPS and len(words.split()) > LONG:
        return replace(read, kind=Kind.LEADER_SESSION) if _own(read, words) else read
    if read.kind in _GROUPS:
        return read if _grave(read, words, likeness) else replace(read, kind=Kind.LEADER_SESSION)
    if read.kind is Kind.NOT_ENGLISH:
        kind = floor.judge(read.text, likeness)
        return replace(read, kind=kind) if harms.worded(kind, words) else read
    strays = not named and _strays(read, words, likeness)
    return read if read.orders or strays else replace(read, kind=Kind.LEADER_SESSION)


def done_to_us(text: str) -> bool:
    """Return whether a message tells of something that someone did to the user."""
    return _DONE_TO_US.search(plain(text)) is not None


def _doubted(read: Reading, words: str) -> Reading:
    """A doubt about an answer stands where what is doubted has words of its kind: an answer leans on its question."""
    words = harms.without_idioms(plain(read.doubt)) if read.doubt else words
    hinted = read.kind in GET_HELP and _hints(read.kind).search(words) is not None
    if not _own(read, words) and (hinted or harms.worded(read.kind, words)):
        return read
    return replace(read, kind=Kind.LEADER_SESSION, doubt=None, toward=None)


def _ordered(words: str, odds: Mapping[Kind, float]) -> bool:
    """Whether orders in an answer are meant for a machine: sure words say so, or the tables find nothing else in it."""
    if harms.worded(Kind.INJECTION, words):
        return True
    ordered = odds.get(Kind.INJECTION, 0.0)
    return ordered >= odds.get(Kind.OFF_TOPIC, 0.0) and ordered > sum(odds.get(kind, 0.0) for kind in IN_SCOPE)


def _told_of(read: Reading, words: str, likeness: Likeness) -> Reading:
    """A message the tables find ordinary, with sure words of a harm someone else does, is about that harm."""
    sure = [kind for kind in _GROUPS if ROUTES[kind] is Route.GET_HELP and harms.worded(kind, words)]
    if not sure or _own(read, words) or _ACTS.match(words):
        return read
    return read if _odds(read, likeness) < WITH_WORDS else replace(read, kind=sure[0])


def _grave(read: Reading, words: str, likeness: Likeness) -> bool:
    """Whether harm is to be believed: it has words of its own, or the tables are sure of harm done to someone."""
    if _own(read, words):
        return False
    if harms.worded(read.kind, words):
        return True
    hinted = _hints(read.kind).search(words) is not None
    if hinted and read.route is Route.GET_HELP and read.kind is not Kind.LEGAL_MEDICAL:
        return True
    sure = _odds(read, likeness) >= SURELY
    return sure and (hinted or (read.route is Route.GET_HELP and read.kind is not Kind.SELF_HARM))


@cache
def _hints(kind: Kind) -> re.Pattern[str]:
    """Return what finds words that have to stand in a message for the tables to be believed of a kind."""
    return joined(row for row in rows("harms/groups") if row.more["group"] in _GROUPS[kind])


def _odds(read: Reading, likeness: Likeness) -> float:
    """How sure the tables are of any harm."""
    odds = likeness.kinds(read.text)
    return sum(odds.get(kind, 0.0) for kind in _GROUPS)


def _strays(read: Reading, words: str, likeness: Likeness) -> bool:
    """Whether a message has nothing to do with the talk: a question that the tables are sure is off topic."""
    if len(words.split()) < OFF_TOPIC_FROM or "?" not in read.text:
        return False
    return likeness.kinds(read.text).get(Kind.OFF_TOPIC, 0.0) >= STRAYS


def _own(read: Reading, words: str) -> bool:
    """Whether a message tells only of a bad moment of the user's own, and of no harm meant."""
    if read.kind in _NEVER_OWN or own_harm.told(read.text):
        return False
    return any_of("words/own_acts").search(words) is not None and not _DONE_TO_US.search(words)
