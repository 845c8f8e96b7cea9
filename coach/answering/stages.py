"""What happens in a turn with a language model, one noun a step; ``reply`` yields them, ``teller`` shows them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from coach.domain.accounts import Account
from coach.domain.plans import RepairPlan
from coach.domain.turns import Part, Piece, Struck
from coach.domain.violations import Replaced
from coach.planning.verdict import Ruling


@dataclass(frozen=True, slots=True)
class Routed:
    """What the message is, as the floor and the language model see it together."""

    ruling: Ruling


@dataclass(frozen=True, slots=True)
class Established:
    """The account is read and checked."""

    account: Account


@dataclass(frozen=True, slots=True)
class Made:
    """The end of a turn. ``plan`` None: none is wanted. ``later``: outcome and agreement, as quoted.

    ``stands``: outside coaching the answer is held until it was looked at; whether it may be said.
    """

    plan: RepairPlan | None
    continued: bool
    later: Mapping[str, Any]
    replaced: tuple[Replaced, ...]
    stands: bool = True


Step = Routed | Established | Piece | Part | Struck | Made
"""What is said, struck or being done is an event of the turn already."""


class Unusable(Exception):
    """The language model's turn cannot be used: the answer or the first step failed twice, or it broke off."""
