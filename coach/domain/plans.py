"""The RepairPlan and its parts, typed as the contract gives it. The API's schema is made from these."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from coach.domain.acts import Act, Follows
from coach.domain.drafts import Purpose
from coach.domain.events import Want
from coach.domain.moments import Landed
from coach.domain.principles import Citation, Stance
from coach.domain.readings import Kind


class OwnPartLevel(StrEnum):
    """The user's own part in what happened."""

    NONE = "none"
    POSSIBLE = "possible"
    CLEAR = "clear"


class Pattern(StrEnum):
    """What a series of moments may show."""

    HARM_UNREPAIRED = "harm_unrepaired"
    NEGLECTED_GOOD_RELATIONSHIP = "neglected_good_relationship"
    INDIFFERENCE = "indifference"
    TAKING_WITHOUT_GIVING = "taking_without_giving"
    ONLY_UPWARD = "only_upward"
    TEXT_ONLY_CHANNEL = "text_only_channel"
    CANCELLED_MEETINGS = "cancelled_meetings"
    ONLY_BIG_EVENTS = "only_big_events"
    HARMS_IN_ONE_CHANNEL = "harms_in_one_channel"
    HARMS_WHEN_THEY_ARE_OVERLOADED = "harms_when_they_are_overloaded"
    IMPROVING = "improving"
    STEADY_GOOD = "steady_good"


@dataclass(frozen=True, slots=True)
class Seen:
    """What was seen or heard, in the user's words, with the moment or turn it stands in."""

    text: str
    moment_id: str | None = None
    turn_id: str | None = None
    sentence: int | None = None


@dataclass(frozen=True, slots=True)
class Guessed:
    """What the user inferred, and the open question it becomes."""

    text: str
    question: str


@dataclass(frozen=True, slots=True)
class OtherSide:
    """One live reading of the other side. ``user_had_part`` marks those where the user had one."""

    text: str
    user_had_part: bool


@dataclass(frozen=True, slots=True)
class OwnPart:
    """The user's own part, said plainly; level none when harm was done to them. ``rests_on``: events or sentences."""

    level: OwnPartLevel
    sentence: str
    rests_on: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Missing:
    """The one fact that would tell the readings apart, and the open question that gets it.

    ``ask``: whom it is for, "them" or "me" (the user).
    """

    fact: str
    question: str
    ask: str = "them"


@dataclass(frozen=True, slots=True)
class Finding:
    """A pattern with the moments that show it. ``pattern`` None: too few moments to say."""

    pattern: Pattern | None
    moments: tuple[str, ...]
    n: int
    sentence: str


@dataclass(frozen=True, slots=True)
class Step:
    """One small if–then step. ``due`` is the day it is for.

    ``act``: what it does, where its move says so. ``follows``: on which outcome of the step before it is for.
    """

    id: str
    cue: str
    action: str
    say: str
    avoid: str
    channel: str
    minutes: int
    due: date
    why: str
    citations: tuple[Citation, ...]
    rests_on: tuple[str, ...] = ()
    act: Act | None = None
    follows: Follows | None = None


@dataclass(frozen=True, slots=True)
class Checked:
    """What the checker did to this plan. ``language_model`` is its name, or "none"."""

    violations_found: int
    sentences_replaced: int
    language_model: str = "none"
    parts_asked_again: int = 0
    parts_left_out: int = 0


@dataclass(frozen=True, slots=True)
class Swap:
    """What came of telling the same event from the other side: whether the advice stays, and the sentence for it."""

    agrees: bool
    sentence: str


class MadeBy(StrEnum):
    """Whose words a plan is made of: a language model's, a scene's whole move, or the one that presupposes nothing."""

    LANGUAGE_MODEL = "language_model"
    SCENE = "scene"
    SKELETON = "skeleton"


@dataclass(frozen=True, slots=True)
class Suggested:
    """The message that goes with a plan; ``[blanks]`` are for the user alone."""

    purpose: Purpose
    text: str


@dataclass(frozen=True, slots=True)
class RepairPlan:
    """A micro-moment repair plan: one to three steps, and two or three readings where two people are at odds.

    ``answer`` says directly what was asked, at most 120 words and, behind a scene's, a line or two on what else was
    tapped; None when nothing was asked and no language model is there. ``scene`` names the move it was worded from.
    ``swap`` is None until the event was told from the other side, which needs a language model.
    """

    id: str
    created_at: datetime
    person_id: str | None
    kind: Kind
    stance: Stance
    headline: str
    seen: tuple[Seen, ...]
    guessed: tuple[Guessed, ...]
    readings: tuple[OtherSide, ...]
    own_part: OwnPart
    missing: Missing
    findings: tuple[Finding, ...]
    steps: tuple[Step, ...]
    if_it_goes_badly: str
    stop_rule: str
    check_on: date
    sign_of_success: str
    unknowns: tuple[str, ...]
    citations: tuple[Citation, ...]
    checked: Checked
    swap: Swap | None = None
    scene: str = ""
    answer: str | None = None
    want: Want | None = None
    made_by: MadeBy = MadeBy.SCENE
    draft: Suggested | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a step: whether it was done, what they did, how it landed. ``on``: the day, where it was named."""

    step_id: str
    happened: bool
    noted_at: datetime
    note: str | None = None
    landed: Landed | None = None
    on: date | None = None
