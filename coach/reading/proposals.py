"""Proposals: the moments that could be kept, from what was tapped. Pure; the user confirms what is saved."""

from __future__ import annotations

from collections.abc import Sequence

from coach.domain.accounts import Account, Told, doer_of
from coach.domain.events import Catalogue
from coach.domain.moments import By, ProposedMoment

LONGEST = 400
"""Characters of a letter that can stand as the moment itself; a longer one gives way to the tapped line."""


def proposed(account: Account, catalogue: Catalogue, letters: Sequence[str]) -> tuple[ProposedMoment, ...]:
    """Return a proposal an event that one of two people did; the only event of a short letter is told in its words."""
    acts = [told for told in account.events if _by(told, catalogue) is not None]
    text = " ".join(" ".join(letters).split())
    own_words = text if len(acts) == 1 and 0 < len(text) <= LONGEST else ""
    return tuple(_proposal(told, account, catalogue, own_words) for told in acts)


def _proposal(told: Told, account: Account, catalogue: Catalogue, own_words: str) -> ProposedMoment:
    by = _by(told, catalogue)
    assert by is not None
    other = account.party(told.receiver if by is By.ME else told.doer) or account.main
    who, person_id = (other.name or other.role, other.person_id) if other else (None, None)
    what = own_words or told.words or catalogue.entry(told.event).named(who or "")
    return ProposedMoment(what, by, told.landed, who, person_id, told.channel, told.day, told.event)


def _by(told: Told, catalogue: Catalogue) -> By | None:
    if told.event not in catalogue:
        return None
    doer = doer_of(told, catalogue)
    return By(doer.value) if doer else None
