"""Turns a person's moments into an account: the user's own unmended harm first, then theirs, then what a pattern shows.

Every moment that an account rests on is told in it, so that a plan can show them. Pure. ``by`` and ``landed`` of the
moments decide; no word of a moment is interpreted.
"""

from __future__ import annotations

from collections.abc import Sequence

from coach.domain.accounts import ME, OTHER, Account, Established, Fact, Party, Standing, Told
from coach.domain.events import Want
from coach.domain.moments import By, Landed, Moment
from coach.domain.people import Person, Relation
from coach.domain.plans import Finding, Pattern
from coach.noticing.between import unmended

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
_SHOWN = 4
"""The newest moments of a pattern that an account tells."""

_STANDINGS = {Relation.MANAGER: Standing.ABOVE, Relation.REPORT: Standing.LED}


def account(person: Person, moments: Sequence[Moment], findings: Sequence[Finding]) -> Account:
    """Return the account of a person's moments, oldest first. ``findings``: the main pattern first."""
    by_id = {moment.id: moment for moment in moments}
    facts: tuple[str, ...]
    mine, theirs = _unmended(moments, findings, by_id)
    shown = next((finding for finding in findings if finding.pattern is not None), None)
    if mine:
        told, want, facts = _told(OTHER, By.ME, mine), Want.PUT_RIGHT, ("journal_harm_by_me",)
    elif shown is not None and shown.pattern is not None:
        told, want, facts = _pattern(shown.pattern, [by_id[each] for each in shown.moments if each in by_id])
    elif theirs:
        told, want, facts = _told(OTHER, By.THEM, theirs), Want.CLEAR_UP, ("journal_harm_by_them",)
    else:
        told, want, facts = _few(moments)
    if want is not Want.PUT_RIGHT and not theirs and (slip := _passed(moments)):
        facts = (*facts, "journal_mine_passed")
        told = (*(each for each in told if each.moment_id != slip.id), _one(OTHER, slip))
    if person.remote is not None:
        facts = (*facts, "remote" if person.remote else "here")
    standing = _STANDINGS.get(person.relation or Relation.PEER)
    party = Party("p1", person.name, None, person.id, person.relation, True, standing=standing)
    established = tuple(Fact(fact, Established.JOURNAL) for fact in facts)
    return Account((party,), told, established, first=told[0].event, want=want)


def _pattern(pattern: Pattern, shown: Sequence[Moment]) -> tuple[tuple[Told, ...], Want, tuple[str, ...]]:
    by = By.ME if sum(moment.by is By.ME for moment in shown) * 2 > len(shown) else By.THEM
    want = _WANTS[pattern]
    if want is Want.PUT_RIGHT and by is By.THEM:
        want = Want.CLEAR_UP
    facts = (f"journal_{pattern.value}", f"journal_by_{by.value}")
    return _told(_EVENTS.get((pattern, by), OTHER), by, shown), want, facts


def _few(moments: Sequence[Moment]) -> tuple[tuple[Told, ...], Want, tuple[str, ...]]:
    """Return what is told where nothing shows: how the last moment landed, and whose it was."""
    if not moments:
        return (Told(OTHER, Established.JOURNAL),), Want.KEEP_WARM, ("journal_few",)
    last = moments[-1]
    landed = (f"journal_last_{last.landed.value}",) if last.landed in {Landed.HELPED, Landed.INDIFFERENT} else ()
    return _told(OTHER, last.by, moments), Want.KEEP_WARM, ("journal_few", f"journal_by_{last.by.value}", *landed)


def _passed(moments: Sequence[Moment]) -> Moment | None:
    """Return the user's last act if it passed without a sign: whether it fell short, only they can say."""
    mine = [moment for moment in moments if moment.by is By.ME]
    return mine[-1] if mine and mine[-1].landed is Landed.INDIFFERENT else None


def _told(event: str, by: By, moments: Sequence[Moment]) -> tuple[Told, ...]:
    """Return the newest of these moments; the event is theirs whose it mostly was, the others' stays unnamed."""
    if not moments:
        return (Told(event, Established.JOURNAL),)
    newest = moments[-_SHOWN:]
    if not any(moment.by is by for moment in newest):
        event = OTHER
    told = [_one(event if moment.by is by else OTHER, moment) for moment in newest]
    return tuple(sorted(told, key=lambda each: each.event == OTHER))


def _one(event: str, moment: Moment) -> Told:
    mine = moment.by is By.ME
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


def _unmended(
    moments: Sequence[Moment], findings: Sequence[Finding], by_id: dict[str, Moment]
) -> tuple[list[Moment], list[Moment]]:
    """Return the harms that no repair followed, my own and theirs: as the findings tell it, else each side's last."""
    named = [
        by_id[each] for f in findings if f.pattern is Pattern.HARM_UNREPAIRED for each in f.moments if each in by_id
    ]
    left = unmended(moments)
    last = [next((it for it in reversed(left) if it.by is by), None) for by in By]
    harmed = [moment for moment in named if moment.landed is Landed.HARMED] or [it for it in last if it is not None]
    return [m for m in harmed if m.by is By.ME], [m for m in harmed if m.by is By.THEM]
