"""The message that goes with a plan: the draft of its scene, filled for the person, fitted to a channel.

Knows plans, readings and scenes. A plan that was worded from no scene (an old one) gets that of its reading.
"""

from __future__ import annotations

from coach.domain.drafts import Purpose
from coach.domain.moments import Channel
from coach.domain.people import Person
from coach.domain.plans import RepairPlan
from coach.domain.readings import Reading
from coach.messages import variants
from coach.messages.variants import Skeleton
from coach.planning import scenes
from coach.ports import Texts

VARIANTS = ("shorter", "warmer", "plainer")
"""What can be asked of a message that is there."""


def suggest(
    plan: RepairPlan, reading: Reading, person: Person | None, channel: Channel, texts: Texts
) -> Skeleton | None:
    """Return a message to start from, or None when there is none the linter has nothing to say of."""
    name = plan.scene if plan.scene in texts.scenes else scenes.choose(reading, texts.scenes)
    scene = texts.scenes[name]
    return variants.draft(scene, scenes.values(reading, person, reading.about, scene), channel, texts)


def varied(text: str, purpose: Purpose, how: str, texts: Texts) -> str:
    """Return a message shorter, warmer or plainer, or as it is when that cannot be had. ``how``: one of VARIANTS."""
    if how == "shorter":
        return variants.shorter(text, purpose)
    if how == "warmer":
        return variants.warmer(text, texts, purpose)
    return variants.plainer(text, purpose)
