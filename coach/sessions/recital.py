"""What a language model is given of a session: what waits, what was said, and what the journal showed. Pure."""

from __future__ import annotations

from itertools import islice

from coach.domain.sessions import Asked, State
from coach.hearing.heard import Question, Talked
from coach.noticing import wording
from coach.sessions import offer, questions, summary
from coach.sessions.questions import FIRST, HAPPENED, LOOK, OFFER
from coach.sessions.talk import Talk
from coach.sessions.worksheet import tapped

LAST_TURNS, AHEAD = 4, 8


def recited(talk: Talk, text: str) -> Talked | None:
    """Return what a message is heard with; None for a tap, where only taps count, or where the session rests."""
    session, waits = talk.session, questions.waiting(talk)
    if session.state is not State.OPEN or waits is None:
        return None
    if tapped(talk, text):  # it says what it says
        return None
    replied = waits.id.startswith(OFFER) and not offer.understood(text, talk.view.today)
    if _of_the_form(waits) and not replied:
        return None

    def question(asked: Asked) -> Question:
        return Question(asked.id, questions.as_put(asked, session), asked.listens.value)

    ahead = (it for it in questions.ahead(talk) if not _of_the_form(it))
    put = {asked.id: questions.as_put(asked, session) for asked in talk.template.questions}
    cited = dict.fromkeys(each.principle for turn in session.turns for each in turn.citations)
    return Talked(
        title=talk.template.title,
        about=session.about,
        text=text,
        waits=question(waits),
        ahead=tuple(question(it) for it in islice(ahead, AHEAD) if it.id != waits.id),
        answered=tuple((put[it.question], it.text) for it in session.answers if it.text and it.question in put),
        taken=tuple(f"{each.words} ({wording.day(each.due)})" for each in session.intentions if each.due),
        exchanged=tuple((turn.said, turn.text) for turn in session.turns[-LAST_TURNS:]),
        before=tuple(turn.said for turn in session.turns if turn.said),
        shown=_shown(talk),
        cards=tuple(card for name in cited if (card := talk.view.principle(name)) is not None),
        people=talk.view.people,
    )


def _shown(talk: Talk) -> tuple[str, ...]:
    """Return the lines from the journal that were told; what else stood in the message is no ground for anything."""
    told = any(turn.moments for turn in talk.session.turns)
    lines = summary.facts(summary.shown(talk), talk)[0].splitlines() if told else []
    return tuple(line.removeprefix("- ") for line in lines if line.startswith("- "))


def _of_the_form(asked: Asked) -> bool:
    """Whether a question is settled by taps and short words alone: an offer, a look back, what happened."""
    return questions.offered(asked.id) or asked.id in {HAPPENED, FIRST} or asked.id.startswith(LOOK)
