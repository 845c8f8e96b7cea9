"""Looking back: what became of last time's commitments. Pure.

Words are kept as they were said, and only the plain ways of saying how it came out count ("done", "not yet" …); of any
others the leader taps what they mean.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from coach.domain.letters import pieces, plain
from coach.domain.moments import By, Landed
from coach.domain.sessions import Told
from coach.noticing import wording
from coach.noticing.between import shows, unmended
from coach.reading.days import Lean, day, days
from coach.sessions import asides, questions, sequence
from coach.sessions.questions import LOOK
from coach.sessions.talk import Talk
from coach.sessions.view import View

_WAYS = ("let_go", "move", "not_yet", "badly", "well", "did")
"""The plain ways of saying what became of something (``says`` in words/session_answers); "yes" counts last."""

_LANDED = {"well": Landed.HELPED, "badly": Landed.HARMED}

_FEW = 4
"""In so few words a day that is named is the one meant."""


def looked_back(talk: Talk, id_: str, text: str) -> Talk:
    """Take what is said of a commitment of an earlier session."""
    step_id, _, which = id_.removeprefix(LOOK).partition(":")
    told = next((each for each in talk.session.told if each.step_id == step_id), None)
    told = told or Told(
        step_id, next((wording.dated(it.words, it.due) for it in talk.view.earlier if it.step_id == step_id), "")
    )
    if which == "note":
        return _noted(talk, told, text)
    if which == "keep":
        return _keep_or_drop(talk, told, text)
    way = _way(text)
    if way is None:
        told = replace(told, note=f"{told.note} {text}".strip())
        talk = talk.now(told=(*_others(talk, step_id), told))
        return talk.point("look_tap") if which else _ask(talk, f"{LOOK}{step_id}:which", "look_which")
    if way in {"move", "not_yet"}:
        return _not_yet(talk, told, text)
    if way == "let_go":
        return sequence.go_on(_told(talk.tell("let_go"), replace(told, happened=False, let_go=True)))
    alone = way == "did" and len(pieces(text)) == 1 and len(text.split()) <= _FEW
    return _done(talk, replace(told, happened=True, note=told.note or ("" if alone else text)), _LANDED.get(way))


def passed(talk: Talk, id_: str) -> Talk:
    """Leave a commitment as it stands: it is asked about next time."""
    step_id = id_.removeprefix(LOOK).partition(":")[0]
    left = tuple(each for each in talk.session.looking if each != step_id)
    return sequence.go_on(talk.tell("skip").now(looking=left, asking=None))


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
    """Return which plain way a message begins with; None: with none, or what follows says otherwise."""
    every = [next((way for way in _WAYS if asides.says(way, text[a:b])), None) for a, b in pieces(text)]
    return every[0] if every and not {*every[1:]} - {None, every[0]} else None


def _done(talk: Talk, told: Told, landed: Landed | None) -> Talk:
    """Keep that it was done, and ask whether it is to be noted as a moment; how it landed may have been said."""
    earlier = next((each for each in talk.view.earlier if each.step_id == told.step_id), None)
    person = talk.view.person(earlier.person_id) if earlier else None
    if earlier is None or person is None:
        return sequence.go_on(_told(talk.tell("done"), told))
    on = _day_of(told.note, earlier.due, talk.view.today)
    told = replace(told, on=on)
    values: dict[str, object] = {"name": person.name.split()[0], "day": wording.day(on)}
    if landed is not None:
        return sequence.go_on(_told(talk.tell("noted", **values), replace(told, landed=landed)))
    talk = _told(talk, told).about([person.id])
    values |= {"words": told.note, "mends": mends(told, talk.view)}
    return _ask(talk, f"{LOOK}{told.step_id}:note", "look_note", **values)


def mends(told: Told, view: View) -> bool:
    """Whether something the leader did to someone is open, and what was done since is told as a repair of it."""
    person_id = next((each.person_id for each in view.earlier if each.step_id == told.step_id), None)
    harms = unmended([it for it in view.moments if it.person_id == person_id]) if person_id else ()
    return any(it.by is By.ME for it in harms) and bool(shows("repair", f"{told.words} {told.note}"))


def _day_of(note: str, due: date, today: date) -> date:
    """The day something was done: the one that is named, else the one it was for, else today."""
    named = [each.on for each in days(note, today) if each.lean is Lean.TOLD and each.fits(today)]
    return named[0] if named else min(due, today)


def _noted(talk: Talk, told: Told, text: str) -> Talk:
    """Take the answer to "Shall I note that?"; other words stand with what was told, and are asked about once."""
    if plain(text) == plain(talk.texts.render("session/choice.fixed", which="note_open")):
        return sequence.go_on(_told(talk, replace(told, landed=Landed.INDIFFERENT)))
    if asides.says("keep", text):
        return sequence.go_on(_told(talk, replace(told, landed=Landed.HELPED)))
    if asides.says("no", text) or talk.session.tries:
        return sequence.go_on(talk.now(asking=None))
    told = replace(told, note=f"{told.note} {text}".strip())
    return _told(talk, told).now(tries=1).point("look_note_tap")


def _ask(talk: Talk, id_: str, which: str, **values: object) -> Talk:
    """Ask about what was told; unlike a question of the template it comes once for each commitment."""
    talk = talk.now(asking=id_, asked=(*talk.session.asked, id_), tries=0)
    return talk.point(which, n=len(talk.session.told) - 1, **values)


def _not_yet(talk: Talk, told: Told, text: str) -> Talk:
    """Keep that it is still to be done: for the day that is named, else one is asked for."""
    told = replace(told, happened=False, note=told.note or text)
    if (due := another_day(text, talk.view.today)) is not None:
        return _moved(talk, told, due)
    talk = talk.now(told=(*_others(talk, told.step_id), told))
    return sequence.put(talk, questions.own(f"{LOOK}{told.step_id}:keep", talk.session, talk.texts))


def _moved(talk: Talk, told: Told, due: date) -> Talk:
    return sequence.go_on(_told(talk.tell("moved", day=wording.day(due)), replace(told, new_due=due)))


def _keep_or_drop(talk: Talk, told: Told, text: str) -> Talk:
    if (due := day(text, talk.view.today, Lean.PLANNED)) is not None:
        return _moved(talk, told, due)
    if any(asides.says(what, text) for what in ("let_go", "no", "drop")):
        return sequence.go_on(_told(talk.tell("let_go"), replace(told, let_go=True)))
    return talk.point("no_day")


def _told(talk: Talk, told: Told) -> Talk:
    looking = tuple(id_ for id_ in talk.session.looking if id_ != told.step_id)
    return talk.now(told=(*_others(talk, told.step_id), told), looking=looking)


def _others(talk: Talk, step_id: str) -> tuple[Told, ...]:
    return tuple(each for each in talk.session.told if each.step_id != step_id)
