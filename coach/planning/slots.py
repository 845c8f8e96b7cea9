"""The words of a move that change with the person: how they are called, one or several. Knows grammar, nothing else.

A person is always "they", so that nobody's pronoun is guessed and the same account gives the same plan for every name.
"""

from __future__ import annotations

from textwrap import shorten

from coach.domain.accounts import Number, Party
from coach.domain.events import Want
from coach.noticing import wording

NOBODY = "this person"

_LONGEST_NOTE = 90
"""Characters of a note that a line quotes."""


def slots(party: Party | None, want: Want | None = None, noted: str = "") -> dict[str, object]:
    """Return the values that every line of a move may use.

    ``call`` is how they are spoken of ("Tom", "your boss", "the others"), ``Call`` the same at the head of a sentence,
    ``theirs`` its genitive; ``is``/``was``/``has``/``does``/``s`` agree with ``call``; ``hi`` greets by first
    name, or is empty; ``one`` is who a step is for, where there are several, ``whom`` who should hear it where all
    should, ``near`` who it is for where nobody need have been named ("Tom"; "somebody you work with"). ``several`` and
    ``place`` say how many there are; ``known`` whether anyone was named; ``asks`` whether the want is a question (is
    it me, shall I), ``weighs`` whether it is to decide; without a want it is both. ``words`` is whether it is words.
    ``noted``: the user's own note that the plan is about, begun; empty where nothing was noted.
    """
    known = bool(party and party.call)
    call = (party.call if party else "") or NOBODY
    number = party.number if party else Number.ONE
    several = number is Number.SEVERAL
    named = bool(party and party.name and number is Number.ONE)
    one = {Number.ONE: call, Number.SEVERAL: "one of them", Number.PLACE: "somebody there"}[number]
    return {
        "call": call,
        "Call": call[:1].upper() + call[1:],
        "theirs": call + ("'" if several and call.endswith("s") else "'s"),
        "one": one,
        "One": one[:1].upper() + one[1:],
        "whom": "whoever you can reach there" if number is Number.PLACE else call,
        "near": one if known or number is not Number.ONE else "somebody you work with",
        "known": known,
        "hi": f"{wording.called(call)}, " if named else "",
        "name": call if named else "",
        "noted": shorten(noted, _LONGEST_NOTE, placeholder=" …").rstrip("."),
        "asks": want in {None, Want.CLEAR_UP, Want.DECIDE},
        "weighs": want in {None, Want.DECIDE},
        "words": want is Want.FIND_WORDS,
        "several": several,
        "place": number is Number.PLACE,
        "is": "are" if several else "is",
        "was": "were" if several else "was",
        "has": "have" if several else "has",
        "does": "do" if several else "does",
        "s": "" if several else "s",
    }
