"""Goes back in a session: to the question before, or to an answer that is put otherwise. Pure."""

from __future__ import annotations

from coach.rows import where
from coach.sessions import intake, offer, questions, retrospect, sequence, will
from coach.sessions.questions import LOOK
from coach.sessions.talk import Talk


def back(talk: Talk) -> Talk:
    """Go back to the question answered before, or to what a commitment came to."""
    asking = (talk.session.asking or "").split(":")
    if asking[0] == LOOK.strip(":") and len(asking) > 2:  # from how it is put down back to what became of it
        return retrospect.again(talk, f"{LOOK}{asking[1]}")
    found = questions.previous(talk.template, talk.session, talk.texts)
    if found is None:
        return sequence.hold(talk.tell("no_back"))
    before = found.asked
    talk = talk.now(phase=found.phase, offers=(), because=None)
    if before.id.startswith(LOOK):
        return retrospect.again(talk, before.id)
    given = talk.session.answer(before.id)
    words = given.text if given and not given.skipped else ""
    talk = intake.forgotten(talk, before).now(asking=before.id, tries=1)
    question = talk.worded(before)
    if words:
        return talk.point("back", question=question, words=words[: sequence.LONGEST_SHOWN])
    return talk.point("back_bare", question=question)


def changed(talk: Talk, text: str) -> Talk:
    """Put the rest of the message in place of the answer before, or of the commitment it is about."""
    rest = where("words/sessions", "of", "taken_back").sub("", text, count=1).strip()
    found = questions.previous(talk.template, talk.session, talk.texts)
    before = found.asked if found and not found.asked.id.startswith(LOOK) else None
    if talk.session.offers and len(rest.split()) < 2:
        return offer.change(talk)
    if len(rest.split()) < 2 or before is None:
        return back(talk)
    if talk.session.offers or (will.listens_to_will(before.listens) and talk.session.taken_on):
        return offer.correct(talk, rest)
    asking = talk.session.asking
    talk = intake.kept(intake.forgotten(talk, before), before, rest).now(asking=asking)
    return sequence.hold(talk.tell("changed", words=rest[: sequence.LONGEST_SHOWN]))
