"""An errand: one call to a language model, for whom and why. The record of what left this machine names it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Errand:
    """Why a language model is asked. ``why`` is a word: reading, wording, plan, again, answer, swap or session.

    ``whole``: health, union, religion and the like are needed for it, so nothing is left out of what is sent.
    """

    user: str
    turn_id: str
    why: str
    whole: bool = False
