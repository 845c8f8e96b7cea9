"""Commitments as they are offered: the sentences of a message that say what the leader will do, whole. Pure.

Nothing is cut out of a sentence. The day finder proposes the day, and nothing is kept before the leader says so.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from datetime import date, timedelta

from coach.domain.letters import pieces, straight
from coach.domain.people import Person
from coach.domain.sessions import Intention
from coach.domain.workdays import workday
from coach.reading import choices
from coach.reading.days import Lean, day, days
from coach.reading.times import clock
from coach.rows import rows, where, words

LONGEST = 600
"""Characters of a commitment."""

FEW = 4
"""A piece of so few words that names a day belongs to the sentence beside it."""

_JOINTS = 12
"""So many places of a sentence are tried for where one act ends and the next begins; each costs its length."""

_BULLET = re.compile(r"^\s*(?:[-*•]|\(?\d{1,2}[.)])\s+")
_AND = re.compile(r",?\s+and\s+(?:then\s+|(?:before|after) that,?\s+)?|,?\s+then\s+|,\s+", re.IGNORECASE)


def shows(what: str, text: str) -> bool:
    """Return whether words show something (``shows`` in words/session_offers)."""
    return bool(where("words/session_offers", "shows", what).search(straight(text)))


def sentences(text: str, today: date) -> tuple[str, ...]:
    """Return what of a message says what will be done, each as it stands in it; () when nothing does."""
    every = _with_their_days(_meant_in_earnest(tuple(_pieces(text, today))), today)
    if len(every) > 1 and all(_BULLET.match(line) for line in text.splitlines() if line.strip()):
        return tuple(piece for piece in every if not _unmeant(piece))
    whole = [straight(text)[a:b].strip(" ;") for a, b in pieces(straight(text))]
    parts = [piece for piece in every if piece not in whole and day(piece, today, Lean.PLANNED)]  # two days, two acts
    acts = [piece for piece in every if _acts(piece, today) or (piece in parts and not shows("statement", piece))]
    beside = [piece for piece in every if piece not in acts and _named_only(piece, today)]
    if shows("several", text) or not acts:
        acts = [piece for piece in every if piece in acts or (piece in beside and len(beside) + len(acts) > 1)]
    acts = [piece for piece in every if piece in acts or (piece in beside and shows("another", piece))]
    acts = [piece for piece in acts if not shows("condition", piece)] or acts[:1]
    if len(acts) > 1:
        return tuple(acts)
    if not acts and (not every or any(_unmeant(piece) or shows("refusal", piece) for piece in every)):
        return ()
    if len(every) == 1 or (acts and max(len(every), len(whole)) > 2):
        return (acts[0] if acts else every[0],)
    return (text.strip(),)


def _with_their_days(every: Sequence[str], today: date) -> list[str]:
    """The pieces, each act with the day that stands alone before it: "Tuesday, 7:15. I tell him that it was on me."."""
    found: list[str] = []
    for piece in every:
        first = [word.casefold() for word in piece.split()[:2]]
        does = first[:1] in (["i"], ["we"]) and first[1] in words("words/act_verbs") and not shows("statement", piece)
        if found and does and bare_when(found[-1], today) and day(piece, today, Lean.PLANNED) is None:
            found[-1] = f"{found[-1]} {piece}"
        else:
            found.append(piece)
    return found


def _unmeant(piece: str) -> bool:
    """Whether a piece is a joke, an outburst, or something the leader only thinks about."""
    return shows("no_plan", piece) or shows("hedged", piece)


def _named_only(piece: str, today: date) -> bool:
    """Whether a piece names something with its day, and no verb: "a card for Kim by Friday"."""
    off = any(shows(what, piece) for what in ("statement", "refusal", "condition", "otherwise", "taken"))
    return not off and not _unmeant(piece) and bool(day(piece, today, Lean.PLANNED) and _besides(piece, today))


def with_acts(text: str, today: date) -> tuple[str, ...]:
    """Return the sentence of a message that only says when, and then its acts; () where it does not hold both."""
    every = list(_pieces(text, today))
    found = [piece for piece in every if _acts(piece, today)]
    when = [piece for piece in every if piece not in found and names_when(piece, today)]
    return (when[0], *found) if when and found else ()


def with_doubt(text: str, today: date) -> tuple[str, str]:
    """Return a plan without the question it ends in, and that question; "" where no plan is left without it."""
    hit = where("words/session_offers", "shows", "doubt").search(text)
    left = text[: hit.start()].strip() if hit else ""
    if hit is None or not left or not (acts(left, today) or names_when(left, today)):
        return text, ""
    return left, text[hit.start() :].strip(" ,;.–-")


def reminder(text: str, today: date, act: str = "") -> str:
    """Return what of an answer to "when?" reminds the leader: all of it, "" where it says a time and ``act`` alone."""
    known = {"on", "by", "this", "next", "at", *re.findall(r"[^\W_]{2,}", act.casefold())}
    more = {word.casefold() for word in _besides(text, today, {"time"})} - known
    return text.strip().rstrip(".") if more else ""


def bare_when(text: str, today: date) -> bool:
    """Whether a message says when, and where at most, but not what: "Today. Gate. 6pm"."""
    return names_when(text, today) and not acts(text, today) and len(_besides(text, today)) < 2


def _besides(text: str, today: date, when: Collection[str] = ("time", "when")) -> list[str]:
    """The words there are beside those that name a day, or say ``when``."""
    even = straight(text)
    for each in reversed(days(even, today, Lean.PLANNED)):
        even = f"{even[: each.start]} {even[each.end :]}"
    for row in rows("words/session_offers"):
        if row.more["shows"] in when:
            even = row.pattern.sub(" ", even)
    return re.findall(r"[^\W_]{2,}", even)


def _meant_in_earnest(every: Sequence[str]) -> list[str]:
    """The pieces without those that the next one calls a joke, or takes back."""
    jokes = [shows("no_plan", piece) and len(piece.split()) <= FEW + 1 for piece in every]
    return [piece for at, piece in enumerate(every) if not (jokes[at] or any(jokes[at + 1 : at + 2]))]


def without_lead(text: str) -> str:
    """Return a message without what only leads in: "Yes,", "I just told you,"; all of it where nothing else is said."""
    rest = whole = straight(text).strip()
    for it in ("said_so", "lead"):
        rest = where("words/session_offers", "shows", it).sub("", rest, count=1).strip() or rest
    return rest if rest == whole else rest[:1].upper() + rest[1:]


def sure(text: str, today: date) -> tuple[str, ...]:
    """Return the sentences that say "I will" and name a day: those are offered before they are asked for."""
    return tuple(
        piece
        for piece in _pieces(text, today)
        if shows("act", piece)
        and not any(shows(what, piece) for what in ("no_plan", "hedged", "condition", "refusal"))
        and day(piece, today, Lean.PLANNED)
    )


def offer(id_: str, plan_id: str, said: str, whole: str, today: date, people: Sequence[Person]) -> Intention:
    """Return an offer of a sentence. ``whole``: the message it stands in, whose one day is its day."""
    due = _meant(said, today) if shows("turn", said) else day(said, today, Lean.PLANNED)
    at = clock(said)
    if due is None and len({each.on for each in days(whole, today, Lean.PLANNED) if each.fits(today)}) == 1:
        due = day(whole, today, Lean.PLANNED) if len(sentences(whole, today)) == 1 else None
        at = at or (clock(whole) if due else "")
    places = [(place, each.id) for each in people if (place := choices.named(said, each.name)) is not None]
    return Intention(id_, plan_id, said[:LONGEST], due, at, "", min(places)[1] if places else None)


def mended(made: Intention, text: str, today: date) -> Intention:
    """Return an offer as a message corrects it: another day or time, else the sentence as it is said now."""
    due, at = _meant(text, today), clock(text)
    if due and made.cue and due not in {each.on for each in days(made.cue, today, Lean.PLANNED)}:
        made = replace(made, cue="")  # it told of another day
    if due is None and not at:
        return replace(made, words=text.strip()[:LONGEST])
    if _acts(text, today) and not shows("otherwise", text):
        return replace(made, words=text.strip()[:LONGEST], due=due or made.due, at=at or made.at)
    cue = reminder(text, today) if bare_when(text, today) and not shows("otherwise", text) else ""
    return replace(made, due=due or made.due, at=at or made.at, cue=cue or made.cue)


def says_another_day(made: Intention, today: date) -> bool:
    """Return whether the words of an offer, which stay as they were said, name another day than it has by now."""
    named = [each.on for each in days(made.words, today, Lean.PLANNED) if not each.topic]
    return bool(named) and made.due not in named


def as_put_right(made: Intention, whole: str, acts: Sequence[str], today: date) -> Intention:
    """Return an offer as the sentences right after it put it right: "I ring him on Monday. No wait, Tuesday."."""
    every = list(_pieces(whole, today))
    at = next((n for n, piece in enumerate(every) if made.words.strip() in (piece, piece.strip())), len(every))
    for piece in every[at + 1 :]:
        if piece in acts or not shows("otherwise", piece):
            break
        made = mended(made, piece, today)
    return made


def with_more(text: str, today: date) -> tuple[str, tuple[str, ...]]:
    """Return a message without its later sentences that add one more thing with its day, and those sentences."""
    every = [text[a:b].strip() for a, b in pieces(text)]
    more = tuple(
        piece
        for piece in every[1:]
        if shows("another", piece)
        and not (_unmeant(piece) or shows("statement", piece))
        and day(piece, today, Lean.PLANNED)
    )
    return (" ".join(piece for piece in every if piece not in more), more) if more else (text, ())


def timed(made: Intention, text: str, today: date) -> Intention:
    """Return an offer with the day that answers when; what else the answer says is what reminds the leader of it."""
    due = _meant(text, today) or made.due
    return replace(
        made, due=due, at=clock(text) or made.at, cue=made.cue or (reminder(text, today, made.words) if due else "")
    )


def which(text: str, kept: Sequence[Intention]) -> int:
    """Return the place of the one that a message is about: by the words they share, else the last."""
    shared = [len(_telling(text) & _telling(each.words)) for each in kept]
    return max(range(len(kept)), key=lambda at: (shared[at], at))


def shares(text: str, kept: Sequence[Intention]) -> bool:
    """Whether a message has a telling word in common with any of them."""
    return any(_telling(text) & _telling(it.words) for it in kept)


def acts(text: str, today: date) -> bool:
    """Return whether any sentence of a message says that something will be done."""
    return any(_acts(piece, today) for piece in _pieces(text, today))


def names_when(text: str, today: date) -> bool:
    """Return whether a message names a day or a time for it."""
    return _meant(text, today) is not None or bool(clock(text))


def days_to_tap(today: date) -> tuple[date, ...]:
    """Return four days to choose from: today, tomorrow, and two of the working days after."""
    found = [today, today + timedelta(days=1)]
    while len(found) < 4:
        found.append(workday(found[-1] + timedelta(days=1 if len(found) == 2 else 2)))
    return tuple(found)


def _pieces(text: str, today: date) -> Iterator[str]:
    """Yield the sentences, lines and list items of a message; one with two acts on two days is two."""
    for start, end in pieces(straight(text)):
        piece = _BULLET.sub("", text[start:end]).strip(" ;")
        if not any(letter.isalpha() for letter in piece):
            continue
        yield from _apart(piece, today) if len(piece) <= 2 * LONGEST else (piece,)


def _apart(piece: str, today: date) -> Iterator[str]:
    """Yield the parts of a sentence that say what is done on a day of its own each."""
    for joint in reversed(list(_AND.finditer(piece))[:_JOINTS]):
        left, right = piece[: joint.start()], piece[joint.end() :]
        on = [day(part, today, Lean.PLANNED) for part in (left, right)]
        if not all(on):
            continue
        named = on[0] != on[1] and joint.group().strip(" ,") and all(_named_only(it, today) for it in (left, right))
        if _acts(right, today) or named:
            yield from _apart(left, today)
            yield right
            return
    yield piece


def _acts(piece: str, today: date) -> bool:
    """Whether a piece says that something will be done: "I will", or it begins with what is done, or with its day."""
    if _unmeant(piece):
        return False
    named = day(piece, today, Lean.PLANNED) is not None
    if shows("refusal", piece):
        return named
    if shows("act", piece) or (named and shows("wish", piece)):
        return True
    first = [word.casefold().strip(",.:;!") for word in straight(piece).split()] or [""]
    if first[0] in words("words/act_verbs"):
        return True
    opens = next((each for each in days(piece, today, Lean.PLANNED) if each.start <= FEW), None)
    rest = straight(piece[opens.end :]).split() if opens else []
    starts = rest[0].casefold().strip(",.:;") if rest else ""
    return starts in {"i", "we"} or starts in words("words/act_verbs")


def _meant(text: str, today: date) -> date | None:
    """The day a message means: the one that puts another right, and not the one after "not"."""
    even = straight(text)
    for turn in reversed(list(where("words/session_offers", "shows", "turn").finditer(even))):
        if (after := _meant(even[turn.end() :], today)) is not None:
            return after
    found = [each for each in days(even, today, Lean.PLANNED) if each.fits(today)]
    even = even.casefold()
    fit = [each for each in found if not re.search(r"\bnot (?:on |this )?$", even[: each.start])]
    fit = [each for each in fit if not shows("taken", even[each.start :])] or fit
    return fit[0].on if fit else None


def _telling(text: str) -> set[str]:
    """The words of four letters or more, and names; not those that name a day."""
    every = (it for it in re.findall(r"[^\W\d_]+", straight(text)) if len(it) > 3 or it[:1].isupper())
    return {word for it in every if not (word := it.casefold()).endswith("day")}
