"""What a language model is given of a session: what waits, what was said, and what the journal showed. Pure."""

from __future__ import annotations

from itertools import islice

from coach.domain.sessions import Session, State, Template
from coach.hearing.heard import Question, Talked
from coach.noticing import wording
from coach.ports import Texts
from coach.sessions import advice, offer, questions, summary
from coach.sessions.questions import FIRST, HAPPENED, LOOK, OFFER, Next
from coach.sessions.view import View
from coach.sessions.worksheet import form

LAST_TURNS, AHEAD = 4, 8


def recited(template: Template, session: Session, view: View, text: str, texts: Texts) -> Talked | None:
    """Return what a message is heard with; None for a tap, where only taps count, or where the session rests."""
    waits = questions.waiting(template, session, texts)
    if session.state is not State.OPEN or waits is None:
        return None
    shown = form(template, session, view, texts)
    if shown is not None and (text in shown.choices or advice.fits(shown.frame, text)):  # a tap says what it says
        return None
    replied = waits.asked.id.startswith(OFFER) and not offer.understood(text, view.today)
    if _of_the_form(waits.asked.id) and not replied:
        return None

    def question(each: Next) -> Question:
        asked = each.asked
        return Question(asked.id, questions.as_put(asked, session), asked.listens.value)

    ahead = (each for each in questions.ahead(template, session, view, texts) if not _of_the_form(each.asked.id))
    put = {asked.id: asked for _, asked in template.questions}
    answered = tuple(
        (questions.as_put(put[given.question], session), given.text)
        for given in session.answers
        if given.text and given.question in put
    )
    cited = dict.fromkeys(each.principle for turn in session.turns for each in turn.citations)
    return Talked(
        title=template.title,
        about=session.about,
        text=text,
        waits=question(waits),
        ahead=tuple(question(each) for each in islice(ahead, AHEAD) if each.asked.id != waits.asked.id),
        answered=answered,
        taken=tuple(f"{each.action} ({wording.day(each.due)})" for each in session.taken_on if each.due),
        exchanged=tuple((turn.said, turn.text) for turn in session.turns[-LAST_TURNS:]),
        before=tuple(turn.said for turn in session.turns if turn.said),
        shown=_shown(template, session, view, texts),
        cards=tuple(card for name in cited if (card := view.principle(name)) is not None),
        people=view.people,
    )


def _shown(template: Template, session: Session, view: View, texts: Texts) -> tuple[str, ...]:
    """Return the lines from the journal that were told; what else stood in the message is no ground for anything."""
    told = any(turn.moments for turn in session.turns)
    found = summary.shown(session, template, view)
    lines = summary.facts(found, session, template, view, texts)[0].splitlines() if told else []
    return tuple(line.removeprefix("- ") for line in lines if line.startswith("- "))


def _of_the_form(id_: str) -> bool:
    """Whether a question is settled by taps and short words alone: an offer, a look back, what happened."""
    return questions.offered(id_) or id_ in {HAPPENED, FIRST} or id_.startswith(LOOK)
