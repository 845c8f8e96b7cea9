"""Turns a person's moments into an account: the user's own unmended harm first, then theirs, then what a pattern shows.

Pure. ``by`` and ``landed`` of the moments decide; no word of a moment is interpreted.
"""

from __future__ import annotations

from collections.abc import Sequence

from coach.domain.accounts import ME, OTHER, Account, Established, Fact, Party, Standing, Told
from coach.domain.events import Want
from coach.domain.moments import By, Landed, Moment
from coach.domain.people import Person, Relation
from coach.domain.plans import Finding, Pattern

_EVENTS: dict[tuple[Pattern, By], str] = {
    (Pattern.CANCELLED_MEETINGS, By.ME): "i_moved_meeting",
    (Pattern.CANCELLED_MEETINGS, By.THEM): "they_moved_meeting",
    (Pattern.TAKING_WITHOUT_GIVING, By.ME): "i_took",
    (Pattern.TAKING_WITHOUT_GIVING, By.THEM): "they_only_take",
}
"""Patterns whose moments are one event of the catalogue, by who acted in most of them."""

_WANTS: dict[Pattern, Want] = {
    Pattern.NEGLECTED_GOOD_RELATIONSHIP: Want.KEEP_WARM,
    Pattern.INDIFFERENCE: Want.GET_CLOSER,
    Pattern.ONLY_UPWARD: Want.GET_CLOSER,
    Pattern.TEXT_ONLY_CHANNEL: Want.GET_CLOSER,
    Pattern.ONLY_BIG_EVENTS: Want.KEEP_WARM,
    Pattern.IMPROVING: Want.KEEP_WARM,
    Pattern.STEADY_GOOD: Want.KEEP_WARM,
    Pattern.TAKING_WITHOUT_GIVING: Want.PUT_RIGHT,
    Pattern.CANCELLED_MEETINGS: Want.PUT_RIGHT,
    Pattern.HARMS_IN_ONE_CHANNEL: Want.CLEAR_UP,
    Pattern.HARMS_WHEN_THEY_ARE_OVERLOADED: Want.CLEAR_UP,
    Pattern.HARM_UNREPAIRED: Want.CLEAR_UP,
}
_STANDINGS = {Relation.MANAGER: Standing.ABOVE, Relation.REPORT: Standing.LED}


def account(person: Person, moments: Sequence[Moment], findings: Sequence[Finding]) -> Account:
    """Return the account of a person's moments. ``findings``: the main pattern first."""
    by_id = {moment.id: moment for moment in moments}
    facts: tuple[str, ...]
    unmended = _unmended(moments, findings, by_id)
    shown = next((finding for finding in findings if finding.pattern is not None), None)
    if unmended is not None and unmended.by is By.ME:
        told, want, facts = _told(OTHER, unmended), Want.PUT_RIGHT, ("journal_harm_by_me",)
    elif shown is not None and shown.pattern is not None:
        told, want, facts = _pattern(shown.pattern, [by_id[each] for each in shown.moments if each in by_id])
    elif unmended is not None:
        told, want, facts = _told(OTHER, unmended), Want.CLEAR_UP, ("journal_harm_by_them",)
    else:
        told, want, facts = _told(OTHER, moments[-1]), Want.KEEP_WARM, ("journal_few",)
    party = Party(
        "p1",
        person.name,
        None,
        person.id,
        person.relation,
        True,
        standing=_STANDINGS.get(person.relation or Relation.PEER),
    )
    return Account((party,), (told,), tuple(Fact(fact, Established.JOURNAL) for fact in facts), want=want)


def _pattern(pattern: Pattern, shown: Sequence[Moment]) -> tuple[Told, Want, tuple[str, ...]]:
    by = By.ME if sum(moment.by is By.ME for moment in shown) * 2 > len(shown) else By.THEM
    event = _EVENTS.get((pattern, by), OTHER)
    want = _WANTS[pattern]
    if want is Want.PUT_RIGHT and by is By.THEM:
        want = Want.CLEAR_UP
    facts = (f"journal_{pattern.value}", f"journal_by_{by.value}")
    return _told(event, shown[-1], by) if shown else Told(event, Established.JOURNAL), want, facts


def _told(event: str, moment: Moment, by: By | None = None) -> Told:
    mine = (by or moment.by) is By.ME
    return Told(
        event,
        Established.JOURNAL,
        ME if mine else "p1",
        "p1" if mine else ME,
        channel=moment.channel,
        day=moment.happened_at.date(),
        landed=moment.landed,
        words=moment.what,
        moment_id=moment.id,
    )


def _unmended(moments: Sequence[Moment], findings: Sequence[Finding], by_id: dict[str, Moment]) -> Moment | None:
    """Return the harm that no repair followed, my own before theirs, as the findings tell it; else the last one."""
    told = [
        by_id[each] for f in findings if f.pattern is Pattern.HARM_UNREPAIRED for each in f.moments if each in by_id
    ]
    harmed = [moment for moment in told if moment.landed is Landed.HARMED]
    if not harmed:
        last = next((at for at in reversed(range(len(moments))) if moments[at].landed is Landed.HARMED), None)
        after = moments[last + 1 :] if last is not None else ()
        mended = any(moment.landed is Landed.HELPED for moment in after)
        harmed = [moments[last]] if last is not None and not mended else []
    mine = [moment for moment in harmed if moment.by is By.ME]
    return next(reversed(mine or harmed), None)
