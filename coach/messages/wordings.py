"""Ways of putting things that land badly, gathered from their tables. Knows English wordings; says nothing itself.

Patterns match lower-case text with straight quotes. A wording has a ``form``, which chooses the rewrite in ``prompts/lint/``, and named
groups, which the rewrite is built from.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from coach.domain.drafts import Purpose
from coach.messages import accusing, half_sorry, needling, pressing
from coach.messages.vocabulary import NOT_SAID


@cache
def compiled(pattern: str) -> re.Pattern[str]:
    """Return a pattern, compiled when it is first looked for; most never are, and to compile all takes 0.2 s."""
    return re.compile(pattern)


@dataclass(frozen=True, slots=True)
class Wording:
    """One way of putting a thing that earns a warning.

    ``unless`` excuses it when found in the same sentence, ``told`` when found there before it, ``not_for`` when the message
    serves one of these purposes. ``needs``: without one of these the text cannot hold it, which saves looking.
    """

    warning: str
    form: str
    pattern: str
    unless: str | None = None
    told: re.Pattern[str] | None = None
    not_for: tuple[Purpose, ...] = ()
    needs: tuple[str, ...] | None = None


_NEEDS: dict[str, tuple[str, ...]] = {
    "conditional_apology": ("sorry", "apolog"),
    "conditional_apology/any.2": ("regret",),
    "conditional_apology/if_i.2": ("regret",),
    "apology_but": ("sorry", "apolog"),
    "apology_but/same.2": ("but ", "however", "though", "only"),
    "always_never": ("you", "every"),
    "mind_reading": ("you",),
    "label/someone": ("someone", "somebody", "person", "colleague", " who", "people", "anyone", "man"),
    "label/vocative.2": ("such a", "what a", "that's a", "it's a", "that was a", "just ", "so "),
    "label/stop.2": ("grow up", "act your", "over yourself", "be such", "stop"),
    "label/vocative.3": ("only a", "what a", "such a", "typical", "like a", "call", "what", "word"),
    "label/act": ("was ", "is ", "'s ", "are ", "were "),
    "label": ("you", "stop", "quit", "be ", "what a", "how "),
    "sarcasm/nothing": ("for ",),
    "sarcasm/gerund": ("ing",),
    "sarcasm/usual": ("usual", "again", "einstein", "genius", "sherlock", "captain"),
    "sarcasm/late": ("finally", "at last", "another", "actually", "decided", "managed", "deigned", "remembered", "bothered", "look who", "of you to"),
    "sarcasm/nice": ("must be", "would love", "only dream", "wish"),
    "sarcasm/quotes": ('"', "'", "*"),
    "sarcasm/so_called": ("so-called", "self-"),
    "passive_aggression/last": ("per ", "as ", "see "),
    "passive_aggression/already": ("as i", "as we", "times", "again", "more than once", "over and over", "how often", "once more", "slowly", "out", "those", "people", "anyone", "hearing"),
    "passive_aggression/saw": ("you",),
    "passive_aggression/reminder": ("reminder", "time", "request", "attempt"),
    "passive_aggression/actually": ("actually", "all", "bother", "remember", "reading", "listening", "thinking", "checking", "learning", "looking", "read", "listen", "think", "check", "learn", "look"),
    "passive_aggression/myself": ("i guess", "i suppose", "myself", "as always", "as usual", "as ever", "on my own", "alone", "again"),
    "disguised_demand/soft": ("could", "would", "might", "can ", "may "),
    "disguised_demand/great_if": (" if ",),
    "disguised_demand/wondering": ("wonder", "suppose"),
    "disguised_demand/pressure": ("no ",),
    "disguised_demand/checking": ("checking in", "circling", "following up", "touching", "popping", "nudg", "chasing", "poking", "pinging", "bumping"),
    "disguised_demand/whenever": ("when", "if you", "at your"),
    "disguised_demand/free": ("free", "welcome", "hesitate"),
    "disguised_demand/sure": ("sure", "certain", "confident", "trust", "assume", "presume", "take it", "expect", "hope", "won't mind"),
    "disguised_demand/choice": ("but ",),
    "disguised_demand/someone": ("someone", "somebody", "one of"),
    "guilt_trip/because": ("because of", "thanks to", "account of", "due to", "sake of"),
    "guilt_trip/matter": ("matter", "count", "exist", "deserve", "important", "worth", "good enough", "priority", "invited"),
    "guilt_trip/sacrifice": ("you", "team", "cry", "because", "just for this"),
    "asks_forgiveness/please": ("forgiv", "pardon", "accept", "hate", "angry", "mad", "cross", "upset", "chance", "tell me", "say you", "say that", "move"),
    "public_correction_cc/channel": ("@",),
    "asks_forgiveness/please.2": ("forgiv", "pardon", "accept", "angry", "mad", "hate", "chance", "cross", "upset", "tell me", "say ", "promise", "swear", "prove", "show me", "move"),
    "sarcasm/late.2": ("look who", "of you to"),
    "sarcasm/late.3": ("of you to",),
    "sarcasm/love_how": ("love", "adore", "admire", "enjoy", "like", "appreciate"),
    "sarcasm/late.6": ("late", "after", "overdue", "behind"),
    "passive_aggression/fine.3": ("whatever", "as you", "have it", "do as", "do what"),
    "passive_aggression/fine": ("fine", "noted", "whatever", "sure", "right", "k", "suit", "understood", "received", "know", "interesting"),
    "passive_aggression/fine.2": ("noted", "to know", "suit", "your way", "fine", "whatever", "so be it", "insist"),
    "passive_aggression/last.2": ("previously", "already", "repeatedly", "clearly", "often", "frequently", "before", "occasion"),
    "passive_aggression/reference": ("for your", "for every", "for all", "for future"),
    "passive_aggression/already.3": ("as i", "as we", "i ", "we "),
    "public_correction_cc/cc": ("cc", "copy", "copi", "loop", "add", "includ", "tag", "forward"),
    "public_correction_cc/cc.2": ("cc", "copy", "copi", "loop", "add", "includ", "tag", "forward"),
    "public_correction_cc/cc.4": ("put", "bring", "keep", "hav", "get"),
    "guilt_trip/while.2": ("you ",),
    "guilt_trip/while.3": ("while", "whilst", "so you", "so that you"),
    "guilt_trip/rest": ("the rest of us", "we others"),
    "guilt_trip/if_really": ("if you",),
    "guilt_trip/a_real": ("would",),
    "guilt_trip/some": ("some of us",),
    "disguised_demand/soft.3": ("if you",),
    "disguised_demand/great_if.2": ("if ",),
    "disguised_demand/soft.5": ("perhaps", "maybe", "so kind", "so good"),
    "disguised_demand/choice.2": ("but", "though", "however", "only", "just", "although", "except"),
}  # fmt: skip
"""What a warning's wordings cannot do without, by warning or by warning/form."""


def _gathered() -> Iterator[Wording]:
    for module in (half_sorry, accusing, needling, pressing):
        for warning, rows in module.TABLE.items():
            for form, pattern, unless in rows:
                yield Wording(
                    warning,
                    form.partition(".")[0],
                    pattern,
                    module.UNLESS[unless] if unless else None,
                    NOT_SAID if warning == "mind_reading" else None,
                    (Purpose.THANKS,) if warning in {"always_never", "guilt_trip"} or form == "usual" else (),
                    _NEEDS.get(f"{warning}/{form}", _NEEDS.get(warning)),
                )


WORDINGS: tuple[Wording, ...] = tuple(_gathered())
"""Every wording."""
