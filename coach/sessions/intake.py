"""Takes an answer, whole, and moves on to the next question; or goes back to one that is put otherwise. Pure.

Knows questions and answers. How a message changes the talk itself is decided in ``message``.
"""

from __future__ import annotations

from dataclasses import replace

from coach.domain.drafts import Purpose, Warning
from coach.domain.letters import plain, straight
from coach.domain.people import Person
from coach.domain.sessions import Asked, Bound, Listens, Phase
from coach.domain.violations import Context
from coach.messages import linter
from coach.noticing import wording
from coach.planning import checks
from coach.reading import offers
from coach.rows import where
from coach.sessions import advice, asides, offer, questions, retrospect, sequence, will
from coach.sessions.questions import FIRST, HAPPENED, LOOK, OTHER, SAID, WHO
from coach.sessions.talk import Talk


def take(talk: Talk, waits: Asked, text: str) -> Talk:
    """Take a message as the answer to a question."""
    talk, asked = _bound(talk), waits
    if asked.id.startswith(LOOK):
        return retrospect.looked_back(talk, asked.id, text)
    if questions.offered(asked.id):
        return offer.answered(talk, text)
    if asked.id == HAPPENED:
        return _happened(talk, asked, text)
    if asked.id in {WHO, OTHER, FIRST}:
        return _of_talk(talk, asked, text)
    if advice.fits(advice.frame(talk), text):
        talk = talk.now(sentence=text)
    if asked.listens is Listens.COMMITMENT:
        return will.commit(talk, text)
    if asked.listens is Listens.OBSTACLE:
        return will.obstacle(talk, waits, text)
    if asked.listens is Listens.ANOTHER:
        return will.another(talk, waits, text)
    if asked.listens is Listens.SENTENCE and not asides.says("nothing", text):
        before = talk.session.answer(asked.id)
        if asked.purpose in SAID and before and offers.bare_when(text, talk.view.today):
            return will.commit(kept(talk, asked, before.text), text)
        if len(text.split()) < asked.words and not talk.session.tries and asked.smaller:
            talk = kept(talk, asked, text).now(asking=asked.id, tries=1)
            return talk.ask(questions.worded(talk, replace(asked, text=asked.smaller)))
        if asked.purpose and text != talk.session.sentence and (again := _looked_over(talk, asked, text)):
            return again
        if talk.session.tries > 1 and plain(text) == plain(talk.chip("as_it_is")):
            return sequence.go_on(talk.now(asking=None, tries=0))
    return _taken(talk, waits, text)


def _happened(talk: Talk, asked: Asked, text: str) -> Talk:
    """Take what was tapped as having happened; own words stand, and once the lines nearest to them are shown."""
    event = advice.event(text, talk)
    none = plain(text) == plain(talk.chip("none_of_these"))
    none = none or (asides.says("no", text) and len(text.split()) <= offers.FEW)
    before = talk.session.answer(asked.id)
    if event:
        talk = talk.record(asked, text).now(event=event)
        made = advice.plan(talk)
        return sequence.go_on(sequence.thought(talk, made) if made else talk)
    if none:
        kept_before = before.text if before else ""
        return sequence.go_on(talk.record(asked, kept_before, skipped=not kept_before))
    talk = talk.record(asked, text)
    ideas = [it for it in talk.template.questions if it.phase is Phase.OPTIONS and it.listens is Listens.IDEA]
    if ideas and offers.acts(text, talk.view.today):
        talk = kept(talk, ideas[0], text)
        return will.early(talk, text) or sequence.go_on(talk)
    if before is None:
        return talk.now(asking=asked.id, tries=1).point("nearest")
    return sequence.go_on(talk)


def _bound(talk: Talk) -> Talk:
    """Where a session may be about someone, the only one who is named is that person."""
    if talk.template.bound is not Bound.MAYBE or talk.session.about or talk.read is None:
        return talk
    people = talk.view.people_in(talk.read.text)
    return _about(talk, people[0]) if len(people) == 1 else talk


def _about(talk: Talk, person: Person) -> Talk:
    return talk.now(about=wording.called(person.name), person_id=person.id).about([person.id])


def _taken(talk: Talk, waits: Asked, text: str) -> Talk:
    """Keep an answer, say what has to be said to it, and go on."""
    asked = waits
    if asked.listens is Listens.EVIDENCE and asides.says("otherwise", text):
        talk = talk.tell("contradicts")
    if asked.listens in {Listens.IDEA, Listens.SENTENCE}:
        talk = _warned(talk, text)
    talk = kept(talk, asked, text)
    if waits.phase is Phase.OPTIONS and text != talk.session.sentence and (offered := will.early(talk, text)):
        return offered
    return sequence.go_on(talk)


def kept(talk: Talk, asked: Asked, text: str) -> Talk:
    """Keep an answer, whole, and what it is for."""
    last = talk.session.answers[-1].text if talk.session.answers else ""
    talk = talk.record(asked, text)
    if asides.says("nothing", text):
        words = talk.texts.render("session/remark.fixed", which="may_stop")
        before = any(words in turn.text for turn in talk.session.turns)
        return talk.say(words) if last and asides.says("nothing", last) and not before else talk
    if asked.listens is Listens.GOAL and not talk.session.goal:
        talk = talk.now(goal=text)
    if asked.listens is Listens.SENTENCE and asked.purpose in SAID:
        talk = talk.now(sentence=text)
    if asked.listens is Listens.IDEA and any(
        asked.id == each.id for each in talk.template.questions if each.phase is Phase.OPTIONS
    ):
        talk = talk.now(ideas=(*talk.session.ideas, text)[:5])
    return talk


def forgotten(talk: Talk, asked: Asked) -> Talk:
    """Drop what was kept of an answer that is now given again."""
    given = talk.session.answer(asked.id)
    words = given.text if given else ""
    return talk.now(
        answers=tuple(each for each in talk.session.answers if each.question != asked.id),
        ideas=tuple(idea for idea in talk.session.ideas if idea != words),
        goal="" if asked.listens is Listens.GOAL else talk.session.goal,
        sentence="" if words == talk.session.sentence else talk.session.sentence,
        event="" if asked.id == HAPPENED else talk.session.event,
    )


def back(talk: Talk) -> Talk:
    """Go back to the question answered before, or to what a commitment came to."""
    asking = (talk.session.asking or "").split(":")
    if asking[0] == LOOK.strip(":") and len(asking) > 2:  # from how it is put down back to what became of it
        return retrospect.again(talk, f"{LOOK}{asking[1]}")
    found = questions.previous(talk)
    if found is None:
        return sequence.hold(talk.tell("no_back"))
    before = found
    talk = talk.now(phase=found.phase, offers=(), because=None)
    if before.id.startswith(LOOK):
        return retrospect.again(talk, before.id)
    given = talk.session.answer(before.id)
    words = given.text if given and not given.skipped else ""
    talk = forgotten(talk, before).now(asking=before.id, tries=1)
    question = questions.worded(talk, before)
    if words:
        return talk.point("back", question=question, words=words[: sequence.LONGEST_SHOWN])
    return talk.point("back_bare", question=question)


def changed(talk: Talk, text: str) -> Talk:
    """Put the rest of the message in place of the answer before, or of the commitment it is about."""
    rest = where("words/sessions", "of", "taken_back").sub("", text, count=1).strip()
    found = questions.previous(talk)
    before = found if found and not found.id.startswith(LOOK) else None
    if talk.session.offers and len(rest.split()) < 2:
        return offer.change(talk)
    if len(rest.split()) < 2 or before is None:
        return back(talk)
    if talk.session.offers or (will.listens_to_will(before.listens) and talk.session.intentions):
        return offer.correct(talk, rest)
    asking = talk.session.asking
    talk = kept(forgotten(talk, before), before, rest).now(asking=asking)
    return sequence.hold(talk.tell("changed", words=rest[: sequence.LONGEST_SHOWN]))


def _of_talk(talk: Talk, asked: Asked, text: str) -> Talk:
    """Take the answer to a question of the talk itself: who, with whom first, what else."""
    if asked.id == OTHER and where("words/sessions", "of", "resumes").match(plain(text)):
        return sequence.hold(talk)
    talk = talk.record(asked, text)
    person = next(iter(talk.view.people_in(text)), None)
    if asked.id == FIRST:
        return sequence.go_on(_about(talk, person) if person and talk.template.bound is Bound.MAYBE else talk)
    if asked.id == WHO:
        about = wording.called(person.name) if person else talk.named[0] if talk.named else " ".join(text.split()[:4])
        talk = talk.now(about=about, person_id=person.id if person else None).about([person.id if person else None])
    elif not talk.session.goal:
        goal = next((each for each in talk.template.questions if each.listens is Listens.GOAL), asked)
        talk = kept(talk, goal, text)
    return sequence.go_on(talk)


def _warned(talk: Talk, text: str) -> Talk:
    """Remark on a favour or on forgiveness asked for, where something is to be owned."""
    if not any(asked.purpose == Purpose.APOLOGY for asked in talk.template.questions):
        return talk
    if where("words/sessions", "of", "favour").search(plain(text)):
        return talk.tell("favour")
    if "asks_forgiveness" in linter.names(text, Purpose.APOLOGY):
        return talk.tell("forgiveness")
    return talk


def _looked_over(talk: Talk, asked: Asked, text: str) -> Talk | None:
    """Look a proposed sentence over, once; None: it can stand, or it is theirs to leave as it is."""
    if talk.session.tries > 1:
        return None
    every = linter.lint(straight(text), Purpose(asked.purpose), talk.texts)
    found = sorted(every, key=lambda each: each.warning.startswith("missing"))[:2]
    if not found:
        return None
    talk = talk.tell("lint", notes=list(dict.fromkeys(_note(talk, text, each) for each in found)))
    talk = talk.record(asked, text).now(asking=asked.id, tries=2)
    if asked.purpose in SAID:
        talk = talk.now(sentence=text)
    return talk.say(talk.texts.render("session/ask.fixed", which="again"), asks=True)


def _note(talk: Talk, text: str, warning: Warning) -> str:
    lacking = warning.warning.startswith("missing")
    span = "" if lacking else straight(text)[warning.start : warning.end].strip(" .,;")
    rewrite = "" if lacking else warning.rewrite.strip(" .,;")
    left = [name for name in linter.names(rewrite, Purpose.APOLOGY) if not name.startswith("missing")]
    if left or checks.violations(rewrite, Context(part="draft")):  # it mends one thing and leaves another
        rewrite = ""
    return talk.texts.render("session/note.fixed", span=span[:140], why=warning.why, rewrite=rewrite)
