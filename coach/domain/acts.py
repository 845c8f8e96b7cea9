"""What a step does, and on which outcome of the first one a second step is for.

What is said when a step has its outcome follows from these, never from the words of the step. Nouns only.
"""

from __future__ import annotations

from enum import StrEnum

from coach.domain.asks import Happened


class Act(StrEnum):
    """What a step does: what it asks for, says, gives, owns, or keeps back."""

    ASKED = "asked"
    """What is behind it, how they are, how they see it: theirs to answer or not."""
    ASKED_TALK = "asked_talk"
    """For a time to talk."""
    ASKED_DUE = "asked_due"
    """For something the user needs an answer to: a piece, a day, a reason, a decision."""
    ASKED_AGAIN = "asked_again"
    """The same, after it had gone unanswered."""
    ASKED_VIEW = "asked_view"
    """How they find the user's work or manner, or what would have to be different."""
    ASKED_CHANGE = "asked_change"
    """For something to be done otherwise from now on."""
    ASKED_CORRECTION = "asked_correction"
    """For what was said or shown wrongly to be put right."""
    ASKED_FAVOUR = "asked_favour"
    """For something that nobody owes."""
    PROPOSED = "proposed"
    """A way to do it that binds both."""
    LIMITED = "limited"
    SAID = "said"
    """Something plainly, with nothing asked."""
    ANSWERED = "answered"
    GREETED = "greeted"
    INVITED = "invited"
    PLEASED = "pleased"
    """A small kind thing, done or said."""
    THANKED = "thanked"
    CONDOLED = "condoled"
    OFFERED = "offered"
    OWNED = "owned"
    """A harm of the user's own."""
    OWNED_OFFER = "owned_offer"
    """The same, with something offered that is still to be done."""
    OWNED_QUESTION = "owned_question"
    """The same, with a question about what they would like."""
    SET_STRAIGHT = "set_straight"
    """The true version told to those who had the wrong one from the user."""
    MADE_GOOD = "made_good"
    """Put right by what is done, without a further sorry."""
    DELIVERED = "delivered"
    """A piece of work, a line that holds what was said, a thing that was promised."""
    NOTED = "noted"
    """For oneself, to choose by."""
    KEPT_BACK = "kept_back"
    """Written or thought, and left unsent."""
    REPORTED = "reported"
    """To somebody who can act in it."""
    CONFIDED = "confided"
    """To somebody trusted who is not part of it."""
    LEAD_ASKED = "lead_asked"
    """Asked by the one who leads them."""
    LEAD_EXPECTED = "lead_expected"
    """What the one who leads them expects, and by when."""


REMINDED = frozenset({Act.ASKED_TALK, Act.ASKED_DUE, Act.ASKED_CORRECTION})
"""What may be asked for once more after silence, since it is due to the user."""


class Follows(StrEnum):
    """On which outcome of the first step a second one is for. None: after it was done, answered or not."""

    ANSWERED = "answered"
    """Only once they have answered, or said yes."""
    UNANSWERED = "unanswered"
    """Only if nothing came of it."""
    ALWAYS = "always"
    """Whatever came of it: it is due to somebody, or costs them nothing."""
    STANDBY = "standby"
    """When it happens a further time."""


_FITS: dict[Follows | None, frozenset[Happened]] = {
    None: frozenset({Happened.WENT_WELL, Happened.MIXED, Happened.NO_ANSWER}),
    Follows.ANSWERED: frozenset({Happened.WENT_WELL, Happened.MIXED}),
    Follows.UNANSWERED: frozenset({Happened.NO_ANSWER, Happened.WENT_BADLY}),
    Follows.ALWAYS: frozenset(Happened) - {Happened.NOT_DONE},
    Follows.STANDBY: frozenset(Happened) - {Happened.NOT_DONE},
}


def fits(follows: Follows | None, happened: Happened) -> bool:
    """Whether a second step is for this outcome of the first."""
    return happened in _FITS[follows]
