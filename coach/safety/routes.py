"""Words the answer of every route but the one in scope. Pure; the texts stand in ``prompts/harms`` and ``languages``.

Knows kinds, routes, whom a harm is done to, and the rows that give a matter a text of its own; makes no plan.
"""

from __future__ import annotations

from collections.abc import Sequence

from coach.domain.letters import Letter, plain
from coach.domain.readings import Kind, Reading, Route, Toward
from coach.ports import Texts
from coach.rows import Row, any_of, rows
from coach.safety import harms, language, own_harm
from coach.safety.hold import ANSWERS, Says

_LONGEST_QUOTE = 22
_LONGEST_TOLD = 2_500
"""Characters of a message that is one person's own telling; a longer one is mostly other people's talk."""

_ALIKE = {Says.BYE: Says.THANKS, Says.NO: Says.MORE, Says.OK: Says.MORE, Says.RETOLD: Says.MORE}
"""What is answered as something else is."""

_LATER = {"domestic_violence": "still_home", "forced_labour": "still_held", "papers_kept": "still_held"}
"""The topics with a later text of their own: what is said of reports and notes at work could endanger there."""

_HEALTH = ("medicine", "confusion", "health")
"""The topics that are about how somebody is, and not about a harm that somebody does."""


def said(read: Reading, texts: Texts, helps: Sequence[str], *, leads: bool = False) -> str:
    """Return the reply of a route that is not in scope: for harm, that of its topic, or of its kind and direction.

    ``leads``: the user leads the people it is about, whether their words say so or not.
    """
    if read.route in {Route.GET_HELP, Route.DECLINE}:
        topic = _topic(read, _told(read))
        name = f"topic_{_of(topic)}" if topic else f"{_kind(read)}_{_toward(read).value}"
        return _rendered(name, read, texts, helps, leads=leads)
    if read.kind is Kind.NOT_ENGLISH:
        told = read.harm or language.harm(read.text, read.language)
        name = f"languages/{language.spoken(read.language)}.fixed"
        return texts.render(name, harm=told.value if told else "", helps=list(helps))
    if read.orders:
        return texts.render("injection.fixed", fair=False)
    return texts.render("off_topic.fixed")


def later(grave: Reading, words: str, says: Says, texts: Texts, helps: Sequence[str]) -> str:
    """Return the shorter reply to a message after harm was told. ``grave``: what was told; ``words``: the message."""
    new, told = _topic(grave, plain(words)), _topic(grave, _told(grave))
    says = _ALIKE.get(says, says)
    about = _of(told) if told else ""
    if new is not None and new.more["urgent"]:
        name = f"topic_{_of(new)}"
    elif says in {Says.ONLY_TALK, Says.PRIVATE}:
        name = f"reply_{says.value}"
    elif grave.route is Route.DECLINE and (_toward(grave) is Toward.BY_USER or says not in ANSWERS):
        name = "still_decline"
    elif about in _LATER and says not in {Says.FORM, Says.THANKS}:
        name = _LATER[about]
    elif says not in ANSWERS or (about in _HEALTH and says is not Says.THANKS):
        name = f"still_{_kind(grave)}" if _kind(grave) in {Kind.SELF_HARM, Kind.VIOLENCE} else "still_other"
    else:
        name = "still_self_harm" if _kind(grave) == Kind.SELF_HARM else f"reply_{says.value}"
    return _rendered(name, grave, texts, helps, about=about, says=says.value)


def beside(read: Reading, texts: Texts, helps: Sequence[str]) -> str:
    """Return where help is, for under an answer that a language model has written."""
    return _rendered("beside", read, texts, helps)


def of_health(grave: Reading) -> bool:
    """Return whether a matter is about how somebody is, so that talk of the work with them may follow."""
    topic = _topic(grave, _told(grave))
    return topic is not None and _of(topic) in _HEALTH


def _rendered(name: str, read: Reading, texts: Texts, helps: Sequence[str], *, leads: bool = False, **more: str) -> str:
    values = {"about": "", "says": "", **more, "kind": _kind(read), "toward": _toward(read).value}
    leads = leads or any_of("harms/leading").search(plain(read.text)) is not None
    return texts.render(f"harms/{name}.fixed", quote=harm_quote(read), helps=list(helps), leads=leads, **values)


def _kind(read: Reading) -> str:
    return "unclear" if read.unclear else read.kind.value


def _toward(read: Reading) -> Toward:
    """Return whom a harm is done to; where nobody has said so, what is declined is what the user is about to do."""
    by_user = read.route is Route.DECLINE or own_harm.told(read.text) is not None
    return read.toward or (Toward.BY_USER if by_user else Toward.USER)


def _told(read: Reading) -> str:
    """Return the words in which a topic is looked for: of a long thread only those of the harm."""
    return plain(read.text if len(read.text) <= _LONGEST_TOLD else harm_quote(read))


def _topic(read: Reading, words: str) -> Row | None:
    """Return the row of the topic that has a text of its own, the gravest of several; None where none has."""
    toward = _toward(read)
    for row in rows("harms/topics"):
        if read.kind in row.more["kinds"] and toward in row.more["toward"] and row.pattern.search(words):
            return row
    return None


def _of(row: Row) -> str:
    return str(row.more["topic"])


def harm_quote(read: Reading) -> str:
    """Return the words of a message that tell of its harm, "" where nothing tells of it or they are many."""
    told = (sentence.text for sentence in Letter(read.text).sentences if harms.telling(sentence.text, read.kind))
    words = read.harm_words or next(told, "")
    return words.strip(" .!?") if len(words.split()) <= _LONGEST_QUOTE else ""
