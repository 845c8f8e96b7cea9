"""An errand: one call to a language model, for whom and why. The record of what left this machine names it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Errand:
    """Why a language model is asked.

    ``why`` is a word: plan, answer, lint, exercise, other_side, session, exam, trial, lines.

    ``whole``: health, union, religion and the like are needed for it, so nothing is left out of what is sent.
    ``ours``: the words are the coach's own and nobody's, so that no journal need be there.
    """

    user: str
    turn_id: str
    why: str
    whole: bool = False
    ours: bool = False
