"""Words the answer of every route but the one in scope. Pure; the texts stand in ``prompts/``.

Knows kinds and routes; makes no plan.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from coach.domain.letters import Letter, plain
from coach.domain.readings import Kind, Reading, Route
from coach.ports import Texts
from coach.rows import joined, rows
from coach.safety import harms

_LONGEST_QUOTE = 22
_I = re.compile(r"\bi(?:'m| am| will|'ll| want| could)\b")


def said(read: Reading, texts: Texts, helps: Sequence[str]) -> str:
    """Return the reply of a route that is not in scope."""
    quote = harm_quote(read)
    if read.unclear:
        return texts.render(
            "get_help_unclear.fixed", toward=read.toward.value if read.toward else "", helps=list(helps)
        )
    if read.route is Route.GET_HELP:
        even = plain(read.text)
        return texts.render(
            f"get_help_{read.kind.value}.fixed",
            quote=quote,
            helps=list(helps),
            own=read.kind is Kind.VIOLENCE and bool(_I.search(even)),
            medical=bool(joined(rows("words/medical")).search(even)),
        )
    if read.route is Route.DECLINE:
        return texts.render(f"decline_{read.kind.value}.fixed", quote=quote)
    if read.kind is Kind.NOT_ENGLISH:
        return texts.render("not_english.fixed", language=read.language, helps=list(helps))
    if read.orders:
        return texts.render("injection.fixed", fair=False)
    return texts.render("off_topic.fixed")


def harm_quote(read: Reading) -> str:
    """Return the sentence of a message that holds the words of its kind of harm, "" where none does or it is long."""
    for sentence in Letter(read.text).sentences:
        if harms.telling(sentence.text, read.kind):
            return sentence.text.strip(" .!?") if len(sentence.text.split()) <= _LONGEST_QUOTE else ""
    return ""
