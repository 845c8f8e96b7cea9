"""What must not be in the coach's words and yet breaks no gate by itself: counted, sentence by sentence. Pure.

Evals' own list, so that the coach's checker is not the only judge of its work.
"""

from __future__ import annotations

from evals import phrases
from evals.gates import Shown
from evals.words import own_words, says

_ANYWHERE = {
    "mind_or_label": (phrases.MIND_OR_LABEL, True),
    "verdict": (phrases.VERDICT, True),
    "sorry_if": (phrases.SORRY_IF, False),
    "forgiveness": (phrases.FORGIVENESS, False),
    "ratio": (phrases.RATIO, False),
    "score": (phrases.SCORE, False),
    "generic": (phrases.GENERIC, False),
    "exclamation": (phrases.SHOUTED, False),
}
_IN_THE_REPLY = {"flattery": (phrases.FLATTERY, False), "intimacy": (phrases.INTIMACY, False)}


def found(shown: Shown) -> list[str]:
    """Return a name with its sentence for every text of a turn that breaks a rule."""
    texts = [*(own_words(shown.plan) if shown.plan else ())]
    hits = [hit for text in (shown.reply, *texts) for hit in _in(text, _ANYWHERE)]
    return [*hits, *_in(shown.reply, _IN_THE_REPLY)]


def _in(text: str, rules: dict[str, tuple[phrases.Pattern, bool]]) -> list[str]:
    hits = []
    for name, (pattern, hedged) in rules.items():
        sentence = says(text, pattern, hedged=hedged)
        if sentence:
            hits.append(f"{name} ({sentence})")
    return hits
