"""Offers that wait: asked about one by one or all at once, and kept, changed or dropped as the leader says. Pure.

Nothing becomes a commitment but by ``keep``: a tap, or a short answer to "Shall I keep that?".
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from coach.domain.letters import pieces, plain
from coach.domain.sessions import Because, Intention
from coach.domain.violations import Context
from coach.noticing import wording
from coach.planning import checks
from coach.reading import offers
from coach.rows import where
from coach.sessions import advice, asides, questions, sequence
from coach.sessions.questions import OFFER
from coach.sessions.talk import Earlier, Filled, Talk, standing


def offered(talk: Talk, acts: tuple[str, ...], whole: str, *, at: str = "", sentence: str = "") -> Talk:
    """Ask whether these sentences are to be kept: several all at once, or one after the other.

    ``at``: the one of them that says when ``sentence`` is said. What is on the list already is changed, not doubled.
    """
    view = talk.view
    made = []
    for words in acts[: questions.MOST_INTENTIONS]:
        told = words if at else whole  # the day in the whole message is when the sentence is said
        each = offers.offer(view.new_id(), view.new_id(), words, told, view.today, view.people)
        each = offers.as_put_right(each, whole, acts, view.today)
        if any(broken.name == "deceit" for broken in checks.violations(words, Context(quotes=(words,), part="draft"))):
            continue
        if words == at and sentence:
            each = replace(each, words=sentence[: offers.LONGEST], cue=offers.reminder(words, view.today))
        if old := next((it for it in talk.session.intentions if plain(it.words) == plain(each.words)), None):
            each = replace(each, id=old.id, plan_id=old.plan_id)
        made.append(_with(talk, each))
    if not made:
        return sequence.hold(talk.tell("no_plan"))
    talk = talk.now(offers=tuple(made))
    return put(talk, every=len(made) > 1)


def _shortly(talk: Talk, text: str) -> Talk | None:
    """Take a short reply to an offer: keep, no, all or none of them, change, or what is amiss with it."""
    first = talk.session.offers[0]
    if asides.says("keep", text) or asides.says("keep_all", text):
        return keep(talk, every=asides.says("keep_all", text))
    if asides.says("drop_all", text):
        return put(talk.tell("dropped").now(offers=()))
    if asides.says("drop", text):
        return drop(talk)
    if asides.says("change", text):
        return change(talk)
    if offers.shows("joined", text):
        first = talk.session.offers[offers.which(text, talk.session.offers)]
        return change(talk.now(offers=(first, *(it for it in talk.session.offers if it != first))))
    return _kept_with_more(talk, text)


def says_when(talk: Talk, acts: tuple[str, ...]) -> str:
    """Return the act that is no matter of its own but when the sentence is said, "" where there is none."""
    today, people = talk.view.today, talk.view.people
    for each in acts:
        person = offers.offer("", "", each, each, today, people).person_id
        own = offers.sure(each, today) and not offers.shows("says_it", each)
        if offers.names_when(each, today) and not own and person in {None, talk.session.person_id}:
            return each
    return ""


def made_of(talk: Talk, words: str) -> Intention:
    """Return an offer of a sentence; about whom the session is about where it names nobody."""
    view = talk.view
    return _with(talk, offers.offer(view.new_id(), view.new_id(), words, words, view.today, view.people))


def _with(talk: Talk, made: Intention) -> Intention:
    """Return an offer that names nobody as one about whom its message or the session is about, or has named alone."""
    named = talk.view.named(made.words)
    if made.person_id or (named and talk.session.about not in named):
        return made
    here = talk.view.people_in(talk.read.text) if talk.read and not talk.session.person_id else ()
    if len(here) == 1:  # "Dawid. Tell him about the tanker.", in a talk that began with somebody else
        return replace(made, person_id=here[0].id)
    said = " ".join(given.text for given in standing(talk.session))
    alone = asides.THEM & set(plain(made.words).split()) or len(talk.view.people_in(said)) == 1
    meant = advice.in_mind(talk) if alone else None
    return replace(made, person_id=talk.session.person_id or (meant.id if meant else None))


def put(talk: Talk, *, changed: bool = False, every: bool = False) -> Talk:
    """Ask about the first offer that waits, telling ``every`` one; go on when there is none."""
    return sequence.put_offer(talk, changed=changed, every=every) if talk.session.offers else settle(talk)


def same_talk(talk: Talk) -> Earlier | None:
    """Return what stands outside of sessions with the same person for the same day as the offer, and is not in it."""
    made = talk.session.offers[0]
    step = talk.view.step_with(made.person_id)
    ids = {made.id, *(it.id for it in talk.session.intentions)}
    return step if step is not None and step.due == made.due and step.step_id not in ids else None


def answered(talk: Talk, text: str) -> Talk:
    """Take what is said to an offer: keep, change, no, or how it should be."""
    today = talk.view.today
    text, more = offers.with_more(offers.without_lead(text) if len(text.split()) > offers.FEW else text, today)
    room = questions.MOST_INTENTIONS - len(talk.session.intentions) - len(talk.session.offers)
    talk = talk.now(offers=(*talk.session.offers, *(made_of(talk, words) for words in more[: max(0, room)])))
    first = talk.session.offers[0]
    same = same_talk(talk)
    tap = talk.chip("same_talk", words=same.words) if same else ""
    if same and same.plan and plain(text) == plain(tap):
        return put(_first(talk, replace(first, id=same.step_id, plan_id=same.plan.id)), changed=True)
    acts = offers.sentences(text, today)
    if said := _shortly(talk, text):
        return said
    if offers.shows("not_mine", text):
        left = " ".join(text[a:b] for a, b in pieces(text) if not offers.shows("not_mine", text[a:b]))
        told, acts = talk.tell("dropped").now(offers=talk.session.offers[1:]), offers.sentences(left, today)
        return offered(told, (*acts, *(each.words for each in told.session.offers)), left) if acts else put(told)
    if offers.shows("several", text) or (len(acts) > 1 and not offers.shows("otherwise", text)):
        if not acts:
            return change(talk)
        later = tuple(each.words for each in talk.session.offers[1:])
        if first.words == talk.session.sentence and (at := says_when(talk, acts)):
            others = tuple(made_of(talk, words) for words in acts if words != at)
            first = replace(offers.mended(first, at, today), words=first.words, cue=offers.reminder(at, today))
            return put(talk.now(offers=(first, *others, *talk.session.offers[1:])), every=True)
        return offered(talk, (*acts, *(words for words in later if words not in acts)), text)
    if offers.shows("another", text) and acts and len(text.split()) > offers.FEW:
        made = offers.offer(talk.view.new_id(), talk.view.new_id(), acts[0], text, today, talk.view.people)
        return put(talk.now(offers=(*talk.session.offers, made)))
    if first.due is None and len(talk.session.offers) == 1 and not offers.shows("otherwise", text):
        timed = offers.timed(first, text, today)
        if timed.due is not None:
            return keep(_first(talk, timed))
    return correct(talk, text) if understood(text, today) else talk.point("keep_or_not")


def understood(text: str, today: date) -> bool:
    """Whether the form takes a reply to an offer by itself: keep, no, change, another day, or another act."""
    plainly = any(asides.says(what, text) for what in ("keep", "keep_all", "drop", "drop_all", "change"))
    return plainly or offers.shows("otherwise", text) or offers.acts(text, today) or offers.names_when(text, today)


def _kept_with_more(talk: Talk, text: str) -> Talk | None:
    """Keep the offer where a message says so and goes on to another thing, which is offered next; None: it does not."""
    more = where("words/session_offers", "shows", "keep_and").sub("", text, count=1).strip()
    if more in {"", text.strip()} or offers.bare_when(more, talk.view.today) or offers.shows("otherwise", more):
        return None
    made = made_of(talk, more)
    on_list = offers.shares(more, talk.session.intentions)
    return keep(talk if on_list else talk.now(offers=(*talk.session.offers, made)))


def correct(talk: Talk, text: str) -> Talk:
    """Offer a commitment again as a message corrects it: the one it names; where it names none of them, ask which."""
    waiting, taken = talk.session.offers, talk.session.intentions
    there = (*taken, *waiting)
    people = talk.view.people_in(text[slice(*pieces(text)[0])])
    ids = {it.id for it in people}
    of_them = [
        at
        for at, it in enumerate(there)
        if it.person_id in ids or ids & {of.id for of in talk.view.people_in(it.words)}
    ]
    named = not waiting or offers.shows("otherwise", text) or offers.shares(text, waiting)
    at = of_them[-1] if len(of_them) == 1 else offers.which(text, there) if named else len(taken)
    if people and not of_them and there[at].person_id:
        kept = tuple(it for it in waiting if it.id not in {each.id for each in taken})
        plain_act = offers.acts(text, talk.view.today) and not offers.shows("otherwise", text)
        if talk.session.tries or plain_act or kept != waiting:
            return put(talk.now(offers=(made_of(talk, text), *kept)))
        return talk.now(tries=1).point("which_one", words=[it.words.rstrip(". ") for it in there])
    about = there[at]
    rest = tuple(each for each in waiting if each.id != about.id)
    return put(talk.now(offers=(offers.mended(about, text, talk.view.today), *rest)), changed=True)


def change(talk: Talk) -> Talk:
    """Say that an offer can be put otherwise: whatever is said next with an act or a day is how it should be."""
    return talk.point("change", words=talk.session.offers[0].words.rstrip("."))


def keep(talk: Talk, filled: Filled | None = None, *, every: bool = False) -> Talk:
    """Keep the offer that is asked about, with what was filled in, or ``every`` one; without a day it is asked for."""
    if not talk.session.offers:
        return sequence.hold(talk)
    talk = _first(talk, _filled(talk.session.offers[0], filled))
    some = talk.session.offers if every else talk.session.offers[:1]
    ready = [each for each in some if each.due is not None and each.due >= talk.view.today]
    if not ready:
        return put(talk) if every else talk.now(asking=f"{OFFER}{some[0].id}").point("no_day")
    for made in ready:
        talk = _kept(talk, made)
    if len(ready) > 1:
        return put(talk.tell("kept_all", n=len(ready)))
    return put(talk.tell("kept", day=wording.day(ready[0].due or talk.view.today), at=ready[0].at))


def _kept(talk: Talk, made: Intention) -> Talk:
    """Keep one offer that has a day; in place of what was kept before, where it changes that."""
    old = next((each for each in talk.session.intentions if each.id == made.id), None)
    made = replace(made, obstacle=old.obstacle) if old else made
    kept = (*(each for each in talk.session.intentions if each.id != made.id), made)
    left = tuple(each for each in talk.session.offers if each.id != made.id)
    return talk.now(intentions=kept, offers=left).about([made.person_id])


def drop(talk: Talk) -> Talk:
    """Leave the offer that is asked about; what was kept before stays as it was."""
    if not talk.session.offers:
        return sequence.hold(talk)
    return put(talk.tell("dropped").now(offers=talk.session.offers[1:]))


def settle(talk: Talk) -> Talk:
    """Go on once nothing is offered any more; a ready sentence stands to be asked when, unless they are met anyway."""
    asked, words = questions.commitment(talk.template), " ".join(each.words for each in talk.session.intentions)
    put_ = asked.id in talk.session.asked and talk.session.answer(asked.id) is None
    met = advice.in_mind(talk) in talk.view.people_in(words)
    if put_ and words and (met or not questions.ready(talk.session)):
        talk = talk.record(asked, words)
    return sequence.go_on(talk.now(asking=None))


def nothing_taken(talk: Talk) -> Talk:
    """Close the matter of commitments: nothing this time."""
    asked = questions.commitment(talk.template)
    talk = talk.record(asked, "", skipped=True).now(offers=())
    if not talk.session.intentions:
        talk = talk.now(because=Because.NOTHING_FITS)
    return sequence.go_on(talk)


def _first(talk: Talk, made: Intention) -> Talk:
    return talk.now(offers=(made, *talk.session.offers[1:]))


def _filled(made: Intention, filled: Filled | None) -> Intention:
    if filled is None:
        return made
    words = filled.words.strip()[: offers.LONGEST] or made.words
    return replace(made, words=words, due=filled.due or made.due, at=filled.at or made.at, cue=filled.cue.strip())
