"""Finds what it was about: a short noun phrase from the user's words, and when something must happen. Knows words only."""

from __future__ import annotations

import re
from datetime import date, timedelta

_THINGS = (
    r"(?:(?:project|team|budget|sales|staff|client|board|planning|monthly|weekly|quarterly|annual|birthday|leaving|christmas|summer|work|status|progress|test|lab|exam|site|safety|"
    r"shift|holiday|training|audit|grant|launch|design|data|customer|marketing|year[- ]end|month[- ]end|job|night|morning|group|first|last|next|final|second)\s+)?"
    r"(?:report|figures|numbers|actions|action list|budget|invoice|slides|presentation|proposal|draft|plan|schedule|rota|roster|handover|deadline|project|meeting|stand-?up|briefing|workshop|review|"
    r"appraisal|promotion|barbecue|party|lunch|dinner|drinks|birthday|idea|order|delivery|paperwork|form|document|summary|minutes|spreadsheet|code|release|ticket|design|contract|application|grant|paper|"
    r"article|audit|inspection|assignment|shift|holiday|leave|training|interview|call|one[- ]to[- ]one|one[- ]on[- ]one|catch[- ]?up|agenda|approval|results|samples?|stock|order list|menu|lesson|class|exam|"
    r"performance|joke|argument|row|disagreement|kitchen|fridge|noise|desk|key|tools?|van|machine|database|website|account|complaint|feedback|reference|payment|expenses|move|reorganisation|restructure|seating|parking|"
    r"collection|card|cake|gift|trip|conference|event|show|rehearsal|season|harvest|repair job|quote|estimate|tender|bid|case|file|brief|hearing|ward round|medication round|discharge)"
)
_PHRASE = re.compile(
    rf"\b(?P<det>the|my|our|his|her|their|that|this|a|an|some)\s+(?P<thing>{_THINGS})s?\b(?!\s+(?:friend|buddy|mate|manager|lead|leader|hours|place))",
    re.IGNORECASE,
)
_DEAD = re.compile(
    r"\b(?:for|into|at|on|about|with|over|of|did|do|doing|sent|send|finish\w*|from|need\w*|the)\s+$", re.IGNORECASE
)
_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


def topic(text: str) -> str | None:
    """Return a noun phrase such as "the report", or None. ``text`` has straight quotes."""
    best: tuple[float, str] | None = None
    for hit in _PHRASE.finditer(text):
        det = hit["det"].casefold()
        thing = " ".join(text[hit.start("thing") : hit.end()].casefold().split())
        if thing in {"a call", "lunch", "desk", "call", "kitchen", "key"} and det in {"a", "an", "some"}:
            continue
        weight = (
            1.0
            + 0.5 * bool(_DEAD.search(text[: hit.start()]))
            + 0.4 * (" " in thing)
            - 0.4 * (det in {"a", "an", "some"})
            - hit.start() / (3 * max(len(text), 1))
        )
        owner = {"my": "my", "our": "our", "his": "your", "her": "your", "their": "your"}.get(det, "the")
        if owner == "your":
            owner, weight = "the", weight - 0.3
        if best is None or weight > best[0]:
            best = (weight, f"{owner} {thing}")
    return best[1] if best else None


def deadline(text: str, today: date) -> date | None:
    """Return the day by which the user has to act, if the text names one within the next week."""
    words = text.casefold()
    if re.search(r"\btomorrow\b", words):
        return today + timedelta(days=1)
    hit = re.search(
        r"\b(?:by|on|this|until|before|next|coming)\s+("
        + "|".join(_DAYS)
        + r")\b(?![^.!?]{0,30}\b(?:said|told|was|were|did|called)\b)",
        words,
    )
    if hit:
        ahead = (_DAYS.index(hit.group(1)) - today.weekday()) % 7 or 7
        return today + timedelta(days=ahead)
    return None
