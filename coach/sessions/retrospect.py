"""Looking back: what became of what was taken on. Pure.

Words are kept as they were said. The plain ways of saying how it came out ("I did it, it went well", "not yet" …) count
at once; of others the likeliest reading is offered first, as one tap for all that one message tells of.
"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date

from coach.domain.letters import pieces, plain
from coach.domain.moments import By, Landed
from coach.domain.sessions import Told
from coach.noticing import wording
from coach.reading.days import Lean, day, days
from coach.rows import where
from coach.sessions import asides, questions, sequence
from coach.sessions.asides import Move
from coach.sessions.questions import LOOK
from coach.sessions.talk import Earlier, Talk, View

WAYS = ("let_go", "move", "not_yet", "badly", "well", "did")
"""The plain ways of saying what became of something (``says`` in words/session_answers); "yes" counts last."""

_LANDED = {"well": Landed.HELPED, "badly": Landed.HARMED}
_OPEN_WAYS = {"move", "not_yet"}

_FEW = 4
"""In so few words a day that is named is the one meant, and nothing is told beside how it came out."""

_TURN = re.compile(r"(?<=[.;!?])\s+|(?<=,)\s+(?=(?:and|but)\s)", re.IGNORECASE)
"""Where somebody may go on to tell of another thing."""

_QUOTED = re.compile(r"[“\"‘][^“”\"]*[”\"’]|(?<!\w)'[^']*'(?!\w)")

_CLAUSE = re.compile(r"[,;:.!]\s+(?:and |but )?|\s+and\s+")


def looked_back(talk: Talk, id_: str, text: str) -> Talk:
    """Take what is said of a commitment that is looked back at."""
    step_id, _, which = id_.removeprefix(LOOK).partition(":")
    told = _told_of(talk, step_id)
    if which == "keep":
        return _keep_or_drop(talk, told, text)
    above = [it for it in talk.session.told if it.step_id not in talk.session.looking]
    if asides.move(text) is Move.SAID and above:  # the same talk is not noted twice
        done = above[-1].happened
        return (
            sequence.go_on(_told(talk.tell("done"), replace(told, happened=True))) if done else _not_yet(talk, told, "")
        )
    if way := _way(text):
        return _settled(talk, told, way, text)
    if which:
        return passed(talk, id_) if talk.session.tries else talk.now(tries=1).point("look_tap")
    if asides.move(text) is not Move.UNSURE:
        for each, words in _shared(talk, step_id, text).items():
            before = _told_of(talk, each)
            talk = _put(talk, replace(before, note=f"{before.note} {words}".strip()))
    note = _told_of(talk, step_id).note
    id_ = f"{LOOK}{step_id}:which"
    n = sum(each.endswith(":which") for each in talk.session.asked)
    talk = talk.now(asking=id_, asked=(*talk.session.asked, id_), tries=0)
    return talk.point(
        "look_which",
        n=min(n, 2),
        told=bool(note),
        done=bool(note) and asides.says("did", note[slice(*pieces(note)[0])]),
    )


def passed(talk: Talk, id_: str) -> Talk:
    """Leave a commitment as it stands: it is asked about next time."""
    step_id = id_.removeprefix(LOOK).partition(":")[0]
    left = tuple(each for each in talk.session.looking if each != step_id)
    return sequence.go_on(talk.tell("skip").now(looking=left, asking=None))


def again(talk: Talk, id_: str) -> Talk:
    """Ask once more of a commitment that was told of; what is noted stands until it is told otherwise."""
    step_id = id_.removeprefix(LOOK)
    told = _told_of(talk, step_id)
    looking = (step_id, *(each for each in talk.session.looking if each != step_id))
    settled = tuple(each for each in talk.session.told if each.step_id not in looking)
    talk = talk.now(told=settled, looking=looking, asking=id_, tries=1)
    return talk.point("look_again", words=told.words)


def likely(note: str) -> str:
    """Return the likeliest of the plain ways for what was told of a commitment; it is only offered."""
    words = plain(note)
    found = (it for it in ("not_yet", "badly", "well") if where("words/session_answers", "likely", it).search(words))
    return next(found, "did")


def another_day(text: str, today: date) -> date | None:
    """Return the one day from today on that words name for doing it; None: none, or several."""
    found = {
        each.on
        for a, b in pieces(text)
        for each in days(text[a:b], today, _leaning(text[a:b]))
        if each.lean is Lean.PLANNED and each.fits(today)
    }
    return found.pop() if len(found) == 1 else None


def _leaning(piece: str) -> Lean | None:
    return Lean.PLANNED if len(piece.split()) <= _FEW or asides.says("move", piece) else None


def _way(text: str) -> str | None:
    """Return which plain way a message begins with; None: with none, or what follows says otherwise.

    "I did it, it went well" is how it went: that something was done is told by it, too.
    """
    every = [next((way for way in WAYS if asides.says(way, text[a:b])), None) for a, b in pieces(text)]
    if (
        not every
        or (every[0] is None and likely(text) == "not_yet")
        or {*every[1:]} - {None, every[0], "well", "badly"}
    ):
        return None
    clauses = {way for each in _CLAUSE.split(text) for way in _LANDED if asides.says(way, each)}
    if every[0] == "did" and not clauses and likely(text) in _LANDED:
        return None  # that it was done is known; how it landed is asked
    if every[0] not in {"did", None} or not clauses:
        return every[0] if not clauses - {every[0]} else None
    return clauses.pop() if len(clauses) == 1 else None


def _shared(talk: Talk, step_id: str, text: str) -> dict[str, str]:
    """Return what of a message is told of which commitment: of another one where a sentence names whom it is with."""
    every = (step_id, *(each for each in talk.session.looking if each != step_id))
    if asides.says("both", text):
        return dict.fromkeys(every, text)
    shared: dict[str, str] = {}
    at = step_id
    for piece in _TURN.split(text):
        at = next((each for each in every if _named(talk.view, earlier(talk.view, each), piece)), at)
        shared[at] = f"{shared.get(at, '')} {piece}".strip()
    return shared if step_id in shared else {step_id: text}


def _named(view: View, of: Earlier | None, piece: str) -> bool:
    """Whether a sentence names somebody whom a commitment is with, or names."""
    theirs = {of.person_id, *(it.id for it in view.people_in(of.words))} if of else set()
    return any(it.id in theirs for it in view.people_in(piece))


def _settled(talk: Talk, told: Told, way: str, text: str = "") -> Talk:
    """Put down how it came out; ``text``: what said so."""
    alone = len(pieces(text)) == 1 and len(text.split()) <= _FEW
    told = replace(told, note=told.note or ("" if alone else text))
    if way in _OPEN_WAYS:
        return _not_yet(talk, told, text)
    if way == "let_go":
        return sequence.go_on(_told(talk.tell("let_go"), replace(told, happened=False, let_go=True)))
    return sequence.go_on(_done(talk, told, _LANDED.get(way)))


def _done(talk: Talk, told: Told, landed: Landed | None) -> Talk:
    """Keep that it was done, and on which day. How it landed is noted as a moment; so is what mends something."""
    of = earlier(talk.view, told.step_id)
    person = talk.view.person(of.person_id) if of else None
    told = replace(told, happened=True, landed=landed)
    if of is None or person is None:
        return _told(talk.tell("done"), told)
    told = replace(told, on=_day_of(told.note, of.due, talk.view.today))
    if landed is None and not _noted(talk.view, person.id, of.due):
        told = replace(told, landed=Landed.INDIFFERENT)
    name, badly = wording.called(person.name), told.landed is Landed.HARMED
    values = {"name": name, "day": wording.day(told.on or talk.view.today), "badly": badly}
    return _told(talk.tell("noted" if told.landed else "done", **values), told).about([person.id])


def _noted(view: View, person_id: str, due: date) -> bool:
    """Whether the leader has noted something of theirs with them since then: it is not noted twice."""
    mine = (it for it in view.moments if it.person_id == person_id and it.by is By.ME)
    return any(it.happened_at.astimezone().date() >= due for it in mine)


def earlier(view: View, step_id: str) -> Earlier | None:
    """Return what was taken on before, by its step."""
    return next((each for each in view.earlier if each.step_id == step_id), None)


def _day_of(note: str, due: date, today: date) -> date:
    """The day something was done: the one the leader names, not what was said to them; else the one it was for."""
    even = _QUOTED.sub("", note)
    own = (even[a:b] for a, b in pieces(even) if not where("words/sessions", "of", "reported").search(plain(even[a:b])))
    named = [each.on for piece in own for each in days(piece, today) if each.lean is Lean.TOLD and each.fits(today)]
    return named[0] if named else min(due, today)


def _not_yet(talk: Talk, told: Told, text: str) -> Talk:
    """Keep that it is still to be done: for the day that is named, else one is asked for."""
    told = replace(told, happened=False)
    if (due := another_day(text, talk.view.today)) is not None:
        return _moved(talk, told, due)
    talk = _put(talk, told)
    return sequence.put(talk, questions.own(f"{LOOK}{told.step_id}:keep", talk))


def _moved(talk: Talk, told: Told, due: date) -> Talk:
    return sequence.go_on(_told(talk.tell("moved", day=wording.day(due)), replace(told, new_due=due)))


def _keep_or_drop(talk: Talk, told: Told, text: str) -> Talk:
    if (due := day(text, talk.view.today, Lean.PLANNED)) is not None:
        return _moved(talk, told, due)
    if any(asides.says(what, text) for what in ("let_go", "no", "drop")):
        return sequence.go_on(_told(talk.tell("let_go"), replace(told, let_go=True)))
    return talk.point("no_day")


def _told_of(talk: Talk, step_id: str) -> Told:
    """Return what was told of a commitment so far."""
    of = earlier(talk.view, step_id)
    known = next((each for each in talk.session.told if each.step_id == step_id), None)
    return known or Told(step_id, wording.for_day(of.words.rstrip("."), of.due) if of else "")


def _told(talk: Talk, told: Told) -> Talk:
    left = tuple(id_ for id_ in talk.session.looking if id_ != told.step_id)
    return _put(talk, told).now(looking=left)


def _put(talk: Talk, told: Told) -> Talk:
    others = (each for each in talk.session.told if each.step_id != told.step_id)
    return talk.now(told=(*others, told))
