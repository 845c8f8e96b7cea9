"""Finds patterns in a person's moments, and across people. Pure; computed after decryption, never stored.

Each finding names its moments and n, and stays silent under three: too few to say. Direction of change counts for more
than totals, and there is no score of a person anywhere.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from itertools import pairwise

from coach.domain.moments import By, Channel, Landed, Moment
from coach.domain.people import Person, Relation
from coach.domain.plans import Finding, Pattern
from coach.noticing.between import in_order, lately, shows, unmended
from coach.rows import where

FEWEST = 3
"""Under this many moments nothing is said."""

_TEXT = {Channel.EMAIL, Channel.CHAT}


Sentence = Callable[[Pattern | None, Person, Sequence[Moment]], str]
"""Words one finding; made from prompts/ by the caller."""


def findings(person: Person, moments: Sequence[Moment], now: datetime, sentence: Sentence) -> tuple[Finding, ...]:
    """Return what one person's moments show, the main pattern first; too few give one finding without a pattern.

    ``moments`` are this person's.
    """
    ordered = sorted(moments, key=in_order)
    few: list[tuple[Pattern | None, list[Moment]]] = [(None, ordered)] if ordered else []
    return tuple(
        Finding(pattern, tuple(moment.id for moment in shown), len(shown), sentence(pattern, person, shown))
        for pattern, shown in (few if len(ordered) < FEWEST else _all(ordered, now))
    )


def _all(moments: list[Moment], now: datetime) -> list[tuple[Pattern, list[Moment]]]:
    harmed = [m for m in moments if m.landed is Landed.HARMED]
    helped = [m for m in moments if m.landed is Landed.HELPED]
    cool = [m for m in moments if m.landed is Landed.INDIFFERENT]
    found: list[tuple[Pattern, list[Moment]]] = []
    loaded = _harms_under_load(moments, harmed)
    one_channel = [] if loaded else _harms_in_one_channel(moments, harmed)
    improving = _improving(moments, harmed)
    unrepaired = [m for m in unmended(moments) if lately(m, now.astimezone().date())]
    cancelled = _cancelled(moments, cool)
    big = _only_big(moments, helped)
    neglected = _neglected(moments, helped, now)
    taking = _taking(moments)
    upward = _upward(moments)
    if loaded:
        found.append((Pattern.HARMS_WHEN_THEY_ARE_OVERLOADED, loaded))
    if one_channel:
        found.append((Pattern.HARMS_IN_ONE_CHANNEL, one_channel))
    if improving:
        found.append((Pattern.IMPROVING, improving))
    if unrepaired and not loaded and not improving and (not one_channel or moments[-1] is unrepaired[-1]):
        found.append((Pattern.HARM_UNREPAIRED, unrepaired))
    if len(cancelled) >= FEWEST or (len(cancelled) == 2 and len(moments) <= 5):
        found.append((Pattern.CANCELLED_MEETINGS, cancelled))
    if big:
        found.append((Pattern.ONLY_BIG_EVENTS, big))
    if neglected and not big and not harmed and not upward and not taking and len(cancelled) < FEWEST:
        found.append((Pattern.NEGLECTED_GOOD_RELATIONSHIP, neglected))
    if taking:
        found.append((Pattern.TAKING_WITHOUT_GIVING, taking))
    if upward:
        found.append((Pattern.ONLY_UPWARD, upward))
    texts = [m for m in moments if m.channel in _TEXT]
    if len(texts) == len(moments) and len(moments) >= 4:
        found.append((Pattern.TEXT_ONLY_CHANNEL, texts))
    plain_cool = [m for m in cool if m not in cancelled]
    named = {pattern for pattern, _ in found}
    if len(cool) * 2 > len(moments) and len(plain_cool) >= FEWEST and not named & {*_SAYS_MORE, Pattern.ONLY_UPWARD}:
        found.append((Pattern.INDIFFERENCE, cool))
    if _steady(moments, harmed, helped) and not named & {*_SAYS_MORE, Pattern.HARM_UNREPAIRED, Pattern.IMPROVING}:
        found.append((Pattern.STEADY_GOOD, helped))
    return found


_SAYS_MORE = {Pattern.NEGLECTED_GOOD_RELATIONSHIP, Pattern.TAKING_WITHOUT_GIVING, Pattern.ONLY_BIG_EVENTS}
"""Patterns that say more of the cool moments, and of the good ones, than that there are many."""


def _harms_under_load(moments: list[Moment], harmed: list[Moment]) -> list[Moment]:
    under = [m for m in harmed if shows("load", m.what)]
    if len(harmed) >= FEWEST and all(_at_month_end(m) for m in harmed):
        others = [m for m in moments if m not in harmed]
        if others and sum(_at_month_end(m) for m in others) * 3 <= len(others):
            return harmed
    calm_harm = len(harmed) - len(under)
    return under if len(under) >= 2 and calm_harm * 3 <= len(under) else []


def _cancelled(moments: list[Moment], cool: list[Moment]) -> list[Moment]:
    """Meetings that did not take place: by their words, or all cool ones of a kind once some say so."""
    said = [m for m in moments if shows("cancelled", m.what)]
    meetings = [m for m in cool if m.channel in _MEETINGS]
    if said and len(said) < FEWEST <= len(meetings) and len(meetings) == len(cool):
        return meetings
    return said


_MEETINGS = {Channel.MEETING, Channel.VIDEO}


def _at_month_end(moment: Moment) -> bool:
    """In the last five days of a month or on its first: when wages, invoices and reports are due."""
    day = moment.happened_at
    return day.day == 1 or (day + timedelta(days=5)).month != day.month


def _harms_in_one_channel(moments: list[Moment], harmed: list[Moment]) -> list[Moment]:
    if len(harmed) < FEWEST or len({m.channel for m in harmed}) != 1:
        return []
    elsewhere = [m for m in moments if m.channel is not harmed[0].channel and m.landed is Landed.HELPED]
    return harmed if elsewhere else []


def _improving(moments: list[Moment], harmed: list[Moment]) -> list[Moment]:
    if not harmed:
        return []
    after = [m for m in moments if m.happened_at > harmed[-1].happened_at]
    good = [m for m in after if m.landed is Landed.HELPED]
    before = [m for m in moments if m.happened_at < harmed[0].happened_at and m.landed is Landed.HELPED]
    hard_start = len(before) < 2 or len(harmed) >= 2
    turned = (
        len(good) >= 2
        and moments[-1].landed is Landed.HELPED
        and len(good) >= len(after) - 2
        and len(good) > len(harmed) - 1
    )
    return [*harmed, *good] if hard_start and turned else []


def _only_big(moments: list[Moment], helped: list[Moment]) -> list[Moment]:
    big = [m for m in helped if shows("big", m.what)]
    if len(big) >= 2 and len(big) >= len(helped) - (len(helped) >= 5):
        return big
    # Occasions however worded: some are named, the good moments lie far apart, and it is cool in between.
    far = all(later.happened_at - earlier.happened_at >= _FAR for earlier, later in pairwise(helped))
    between = (
        [m for m in moments if m.landed is Landed.INDIFFERENT and m.happened_at > helped[0].happened_at]
        if helped
        else []
    )
    return helped if big and far and len(helped) >= FEWEST and len(between) >= 2 else []


_FAR = timedelta(days=45)
"""Good moments so far apart are occasions."""


def _neglected(moments: list[Moment], helped: list[Moment], now: datetime) -> list[Moment]:
    if len(helped) < 2:
        return []
    gaps = [later.happened_at - earlier.happened_at for earlier, later in pairwise(moments)]
    last_good = helped[-1].happened_at
    recent = [m for m in moments if m.happened_at > last_good and not shows("cancelled", m.what)]
    usual = sorted(gaps)[len(gaps) // 2] if gaps else timedelta(days=14)
    silent = now - moments[-1].happened_at
    faded = (
        bool(recent)
        and len(recent) <= max(3, len(helped))
        and all(m.landed is Landed.INDIFFERENT for m in recent)
        and now - last_good > timedelta(days=60)
    )
    quiet = silent > max(timedelta(days=60), 3 * usual)
    gap = bool(gaps) and max(gaps) > max(timedelta(days=60), 4 * usual) and len(recent) <= 2
    return helped if quiet or faded or gap else []


def _taking(moments: list[Moment]) -> list[Moment]:
    asks = [
        m
        for m in moments
        if m.by is By.ME
        and not where("words/patterns", "of", "give").match(m.what.lower())
        and (shows("ask", m.what) or shows("served", m.what))
    ]
    gives = [
        m for m in moments if m.by is By.ME and m not in asks and (shows("give", m.what) or m.landed is Landed.HELPED)
    ]
    if len(asks) >= FEWEST and len(gives) * 3 <= len(asks):
        return asks
    served = _served(moments)
    return served if len(served) >= FEWEST and not gives else []


_ANSWERED_WITHIN = timedelta(days=5)


def _served(moments: list[Moment]) -> list[Moment]:
    """What I did that helped nobody, when their help mostly followed within days: asked for, however worded."""
    cool = [m for m in moments if m.by is By.ME and m.landed is Landed.INDIFFERENT and not shows("up", m.what)]
    answered = [
        mine
        for mine in cool
        if any(
            m.by is By.THEM
            and m.landed is Landed.HELPED
            and timedelta(0) <= m.happened_at - mine.happened_at <= _ANSWERED_WITHIN
            for m in moments
        )
    ]
    return cool if len(answered) >= 2 and len(answered) * 3 >= len(cool) * 2 else []


def _upward(moments: list[Moment]) -> list[Moment]:
    passed = [m for m in moments if shows("up", m.what)]
    mine = [m for m in passed if m.by is By.ME]
    all_mine = [m for m in moments if m.by is By.ME]
    most = len(passed) * 2 >= len(moments) or len(mine) * 5 >= len(all_mine) * 3
    return passed if len(mine) >= FEWEST and most else []


def _steady(moments: list[Moment], harmed: list[Moment], helped: list[Moment]) -> bool:
    if len(helped) * 4 < len(moments) * 3 or len(harmed) > 1:
        return False
    return not harmed or any(m.happened_at > harmed[0].happened_at and m.landed is Landed.HELPED for m in moments)


def across(people: Sequence[Person], moments: Sequence[Moment]) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Return what shows only over all people, as (name, person ids).

    The names: only_upward, circle_too_narrow, good_ones_neglected, asked_more_than_given.
    """
    if len(moments) < FEWEST or len(people) < 2:
        return ()
    by_me = Counter(moment.person_id for moment in moments if moment.by is By.ME)
    total = by_me.total()
    up = only_upward(people, moments)
    found: list[tuple[str, tuple[str, ...]]] = [("only_upward", up)] if up else []
    busiest = sorted(by_me, key=lambda pid: -by_me[pid])[:2]
    if len(people) >= 5 and total >= 6 and sum(by_me[pid] for pid in busiest) * 5 >= total * 4:
        found.append(("circle_too_narrow", tuple(busiest)))
    now = max(moment.happened_at for moment in moments)
    of: dict[str, list[Moment]] = {person.id: [] for person in people}
    for moment in sorted(moments, key=in_order):
        if moment.person_id in of:
            of[moment.person_id].append(moment)
    neglected = tuple(sorted(pid for pid, theirs in of.items() if _left_alone(theirs, now)))
    if neglected:
        found.append(("good_ones_neglected", neglected))
    asked = tuple(sorted(pid for pid, theirs in of.items() if _taking(theirs)))
    if asked:
        found.append(("asked_more_than_given", asked))
    return tuple(found)


def only_upward(people: Sequence[Person], moments: Sequence[Moment]) -> tuple[str, ...]:
    """Return the ids of the user's managers where two thirds of what they did was towards those, though others are."""
    relation = {person.id: person.relation for person in people}
    mine = [moment.person_id for moment in moments if moment.by is By.ME]
    up = [id_ for id_ in mine if relation.get(id_) is Relation.MANAGER]
    fits = len(mine) >= FEWEST and len(up) * 3 >= len(mine) * 2 and len(people) > len(set(up))
    return tuple(sorted(set(up))) if fits else ()


def _left_alone(moments: Sequence[Moment], now: datetime) -> bool:
    """Say whether it was mostly good with somebody, and nothing has happened for two months while others were seen."""
    helped = [moment for moment in moments if moment.landed is Landed.HELPED]
    good = len(helped) >= FEWEST and len(helped) * 2 >= len(moments)
    return good and now - moments[-1].happened_at > timedelta(days=60)
