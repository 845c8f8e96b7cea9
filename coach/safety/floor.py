"""Decides what kind of message this is, and so which route it takes. Orders to a machine are a separate finding.

Knows words of harm (``harms``) and, through ``Likeness``, how alike a text is to the authored exemplars of every kind.
Between sure and harmless there is doubt. Never lowers a severity because a message is calm. Knows nothing of cards,
plans or people.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from coach.domain.letters import plain
from coach.domain.readings import GET_HELP, ROUTES, Kind, Reading, Route
from coach.ports import Likeness
from coach.rows import any_of
from coach.safety import harms, language, long_texts, orders, told

_GRAVEST_FIRST = (
    Kind.SELF_HARM,
    Kind.VIOLENCE,
    Kind.HARASSMENT,
    Kind.DISCRIMINATION,
    Kind.ABUSE,
    Kind.MANIPULATION,
    Kind.SURVEILLANCE,
    Kind.LEGAL_MEDICAL,
)
_IN_SCOPE = tuple(kind for kind, route in ROUTES.items() if route is Route.IN_SCOPE)
_UNSAFE = tuple(kind for kind, route in ROUTES.items() if route in {Route.GET_HELP, Route.DECLINE})


@dataclass(frozen=True, slots=True)
class Bars:
    """From which odds of any harm on a message without words of harm is what it is, by the table of whole messages.

    ``doubt``: harm is possible; ``unsafe``: it is harm, where a clause bears it out; ``sure``: where none does.
    ``alone``: from here on a short message is doubted though no clause sounds like harm.
    """

    doubt: float
    alone: float
    unsafe: float
    sure: float


LETTER = Bars(doubt=0.15, alone=0.15, unsafe=0.8, sure=0.85)

LONG_LETTER, MANY_WORDS = Bars(doubt=0.35, alone=0.35, unsafe=0.8, sure=0.85), 120
"""Those of a letter with more than so many words: much is told in it, and the odds of any harm rise with that."""

SENTENCE, MOST_WORDS = Bars(doubt=0.5, alone=0.85, unsafe=0.9, sure=0.97), 24
"""Those of a message with at most so many words: the table was taught on letters and is too sure of less."""

UNSAFE_ABOVE_WITH_WORDS = 0.3
"""With words of harm in it, this is enough. DECISIONS.md says how both were chosen."""

DOUBT_ABOVE_WITH_WORDS = 0.1
"""With words of harm in it, harm is possible from here on, and always where a clause tells of it (``PLAINLY``)."""

FAINT, FAINTLY = 0.2, 0.6
"""Up to these odds even words of harm count only where the likeliest clause has at least the second.

Not so for what is done to somebody's face."""

_TO_ONES_FACE = {Kind.SELF_HARM, Kind.VIOLENCE, Kind.HARASSMENT, Kind.ABUSE}

SURE_ALONE, SURE_TO_DECLINE = 0.85, 0.95
"""Beside a way of speaking that only sounds like harm, and to decline, the tables have to be so sure."""

LEFT_OUT = 0.4
"""From these odds on a message is doubted as one of discrimination, or to decline, though no clause sounds like it.

Whoever is left out for an ordinary reason, or wishes somebody would come round, tells of it in the same words.
"""

HINTED, TOLD, PLAINLY = 0.4, 0.2, 0.9
"""From these odds of its likeliest clause on, a message hints at harm, tells of it, or tells of it plainly."""

CLEAR_KIND, LIKELY_KIND = 0.45, 0.65
"""The kind is unclear when its share of what the tables give all unsafe kinds is less than this.

The second holds where no clause sounds like that kind.
"""


_WORDS_COUNT = 0.3
"""How much its own words add to the probability of a kind, when one of the unsafe kinds is chosen."""


OFF_TOPIC_ABOVE = 0.75
"""An off-topic message that is asked about loses nothing; one of work that is sent away does."""

FEWEST_WORDS = 4
"""A message with fewer words is never called off topic, nor harm without words of harm."""


@dataclass(frozen=True, slots=True)
class Judged:
    """What a text is taken for. ``doubtful``: harm of this kind is possible and not certain. ``unclear``: see Reading.

    ``words``: the words of a long text that tell of the harm, where they are known already.
    """

    kind: Kind
    doubtful: bool = False
    unclear: bool = False
    words: str | None = None


def read(text: str, likeness: Likeness) -> Reading:
    """Return what a message is: its language, the orders in it, its kind. Deterministic for one set of tables.

    A message in another language, and one that is nothing but orders, is served elsewhere.
    """
    likeness.foresee(text)  # what its words are like is under way while the words themselves are looked at
    code = language.foreign(text, likeness.language(text))
    if code and not harms.sure(Kind.SELF_HARM, harms.without_idioms(plain(text))):
        return Reading(text, Kind.NOT_ENGLISH, language=code)
    found = orders.found(text)
    whole = judged(text, likeness)  # harm is looked for in all of it: an order beside a harm hides nothing
    if not found:
        return _reading(text, whole, likeness)
    rest = orders.without_orders(text)
    fair = whole if len(text) > long_texts.LONG else judged(rest, likeness)
    if whole.kind in _UNSAFE and (fair.kind in _UNSAFE or (whole.kind in GET_HELP and not whole.doubtful)):
        return replace(_reading(text, whole, likeness), orders=found)
    if len(rest.replace(orders.LEFT_OUT, " ").split()) < FEWEST_WORDS:
        return Reading(text, Kind.OFF_TOPIC, orders=found)
    return replace(_reading(text, fair, likeness), orders=found)


def _reading(text: str, judged_: Judged, likeness: Likeness) -> Reading:
    if judged_.kind not in _UNSAFE:
        return Reading(text, judged_.kind)
    words = judged_.words or told.words(text, judged_.kind, likeness)
    about = f"{long_texts.beginning(text)}\n{words}" if len(text) > long_texts.LONG else text
    return Reading(
        text,
        judged_.kind,
        toward=told.toward(about, judged_.kind, likeness),
        doubt=words if judged_.doubtful else None,
        unclear=judged_.unclear,
        harm_words=words,
    )


def judge(text: str, likeness: Likeness) -> Kind:
    """Return the kind of an English message; where harm is in doubt, that of the ordinary matter it may be."""
    found = judged(text, likeness)
    return _ordinary(text, likeness.kinds(text)) if found.doubtful else found.kind


def judged(text: str, likeness: Likeness) -> Judged:
    """Return what an English text is taken for.

    Literal words of harming oneself or of violence decide alone; other words of harm lower the bars that the tables
    have to reach. Without any, the tables are asked again without the ways of speaking that only sound like it, and the
    milder answer counts. A long text is looked at line by line.
    """
    said = plain(text)
    words = harms.without_idioms(said)
    for kind in (Kind.SELF_HARM, Kind.VIOLENCE):
        if harms.sure(kind, words):
            return Judged(kind)
    if len(text) > long_texts.LONG:
        return _long(text, likeness)
    left = harms.without_harmless(text)
    if left != text:
        enough = len(left.split()) >= FEWEST_WORDS
        return judged(left, likeness) if enough else Judged(_ordinary(text, likeness.kinds(text)))
    return _message(text, said, words, likeness)


def _message(text: str, said: str, words: str, likeness: Likeness) -> Judged:
    """Return what a message of usual length is. ``said``: its plain text; ``words``: that without idioms."""
    found = [kind for kind in _GRAVEST_FIRST if harms.worded(kind, words)]
    length = len(said.split())
    idiom = words != said and not found
    odds = likeness.kinds(text)
    if idiom and _unsafe(odds) > LETTER.doubt:
        odds = min(odds, likeness.kinds(words), key=_unsafe)
    unsafe = _unsafe(odds)
    heard = told.heard(text, likeness) if found else {}
    told_of = sum(heard.values()) > PLAINLY
    letter = LONG_LETTER if length > MANY_WORDS else LETTER
    least = DOUBT_ABOVE_WITH_WORDS if found else letter.doubt if length > MOST_WORDS else SENTENCE.doubt
    if (unsafe <= least and not told_of) or (length < FEWEST_WORDS and not found):
        return Judged(_ordinary(text, odds))
    harm = max(_UNSAFE, key=lambda kind: odds.get(kind, 0.0) + _WORDS_COUNT * (kind in found))
    heard = heard or told.heard(text, likeness)
    plainly = bool(found) or sum(heard.values()) > PLAINLY
    bars = letter if plainly or length > MOST_WORDS else SENTENCE
    share = odds.get(harm, 0.0) / unsafe
    hinted = bool(found) or (sum(heard.values()) if harm in GET_HELP else heard.get(harm, 0.0)) > HINTED
    lightly = harm is Kind.DISCRIMINATION or harm not in GET_HELP
    enough = max(bars.alone, LEFT_OUT) if lightly else bars.alone
    alone = unsafe > enough and (bars is letter or share > LIKELY_KIND)
    if found and harm not in _TO_ONES_FACE and unsafe <= FAINT and sum(heard.values()) < FAINTLY:
        return Judged(_ordinary(text, odds))
    faint = unsafe <= bars.doubt and not found
    if faint or not (hinted or alone):
        return Judged(_ordinary(text, odds))
    passing = harms.passing(said)
    above = UNSAFE_ABOVE_WITH_WORDS if plainly and not passing else bars.unsafe
    if unsafe > above and not (idiom and unsafe < SURE_ALONE):
        sure = Judged(harm) if harm in found else _sure(harm, share, unsafe, heard, bars.sure)
        return replace(sure, doubtful=sure.doubtful or passing)
    if passing or (any_of("words/to_weigh").search(said) and not found):
        return Judged(_ordinary(text, odds))
    return Judged(harm, doubtful=True)


def _sure(harm: Kind, share: float, unsafe: float, heard: Mapping[Kind, float], alone: float) -> Judged:
    """Return what the tables find harmful, in doubt where nothing else in the message bears them out.

    ``share``: the kind's of all unsafe ones; ``heard``: the odds of the clause that is likest to harm; ``alone``: how
    sure the table of whole messages has to be where no clause bears it out.
    """
    declined = harm not in GET_HELP
    borne_out = heard.get(harm, 0.0) if declined else sum(heard.values())
    alone = max(alone, SURE_TO_DECLINE) if declined else alone
    likely = share >= LIKELY_KIND
    if (borne_out < TOLD and (unsafe < alone or not likely)) or (declined and not likely):
        return Judged(harm, doubtful=True)
    return Judged(harm, unclear=share < CLEAR_KIND or (not likely and heard.get(harm, 0.0) < HINTED))


def _long(text: str, likeness: Likeness) -> Judged:
    """Return what a long text is: its worst lines say whether there is harm, its beginning what it asks for."""
    for each in long_texts.suspects(text, likeness)[: long_texts.READ]:
        odds = likeness.kinds(each.around)
        alone = each.odds > long_texts.TELLS_ALONE
        surely = alone or (each.odds > long_texts.TELLS and _unsafe(odds) > long_texts.BORNE_OUT)
        if surely or (each.odds > long_texts.STANDS_OUT and _unsafe(odds) > long_texts.TELLS):
            return Judged(max(_UNSAFE, key=odds.__getitem__), doubtful=not surely, words=each.words)
    beginning = long_texts.beginning(text)
    return Judged(_ordinary(beginning, likeness.kinds(beginning)))


def _ordinary(text: str, odds: Mapping[Kind, float]) -> Kind:
    """Return the kind of a message in which no harm is seen."""
    if any_of("words/to_weigh").search(plain(text)):
        return Kind.MESSAGE
    if odds.get(Kind.OFF_TOPIC, 0.0) > OFF_TOPIC_ABOVE and len(text.split()) >= FEWEST_WORDS:
        return Kind.OFF_TOPIC
    return max(_IN_SCOPE, key=lambda kind: odds.get(kind, 0.0))


def _unsafe(odds: Mapping[Kind, float]) -> float:
    return sum(odds.get(kind, 0.0) for kind in _UNSAFE)
