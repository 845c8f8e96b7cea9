"""Which lines of the ask card a letter most likely tells, by a language model: one small multiple choice.

All that level "suggests" may do. What it names is marked and moved up; only what the user presses counts.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import zip_longest

from coach.domain.asks import Ask, EventChoice
from coach.ports import LanguageModel, Texts

SECONDS = 15.0
"""After which nobody waits for it any more."""
MOST_LINES = 24
MOST_LETTER = 4_000
"""Characters; of more the end is read, where the question stands."""
NONE = "none"


async def likely(model: LanguageModel, letter: str, ask: Ask, texts: Texts, now: datetime) -> tuple[str, ...]:
    """Return up to two ids of events on the card, likeliest first. Raises LanguageModelTrouble."""
    choices = lines(ask)
    ids = [line.id for line in choices]
    schema = {
        "type": "object",
        "properties": {
            "likeliest": {"type": "string", "enum": [*ids, NONE]},
            "second": {"type": "string", "enum": [*ids, NONE]},
        },
        "required": ["likeliest", "second"],
        "additionalProperties": False,
    }
    prompt = [
        ("system", texts.render("answering/suggestion.system")),
        ("user", texts.render("answering/suggestion.user", letter=letter[-MOST_LETTER:], choices=choices)),
    ]
    found = await model.fill(prompt, schema, now + timedelta(seconds=SECONDS))
    return tuple(dict.fromkeys(str(each) for each in found.values() if each in ids))


def lines(ask: Ask) -> list[EventChoice]:
    """Return the lines it chooses from, each once: the likeliest, the first of each group, the second of each …"""
    rounds = zip_longest(*(group.options for group in ask.groups))
    every = (*ask.best, *(each for some in rounds for each in some if each is not None))
    return list({line.id: line for line in every}.values())[:MOST_LINES]
