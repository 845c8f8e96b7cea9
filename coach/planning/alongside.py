"""Says, behind a move's answer, what was tapped as well and its move was not written for: no tap vanishes. Pure.

The lines on events stand in the scenes (``beside``), those on facts in ``_tapped``. Where a line does not fit any more,
or would bring up what is settled, the tap is named and left for later.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, replace

from coach.domain.accounts import ME, Account, Established, Number, Party, Told
from coach.domain.events import Catalogue, Doer, Want
from coach.domain.letters import pieces
from coach.domain.phrases import bare
from coach.domain.plans import OwnPart, OwnPartLevel
from coach.planning.moves import Book, Move, choose
from coach.planning.slots import slots
from coach.rows import pattern

LONGEST_ANSWER, MOST_BEHIND = 120, 50
"""Words of an answer, and of the lines in it on what else was tapped; what is weighty, or only named, may go beyond."""

FEWEST = 2
"""So many sentences of the move's own answer stay, whatever else was tapped; its steps say the rest."""

Say = Callable[..., str]

_SAID = {Established.TAP, Established.JOURNAL}
"""How a fact has to be known for a line on it: no quote says a fact alone, and a premise came with its event."""


def answer(move: Move, account: Account, book: Book, say: Say) -> str:
    """Return a move's answer, with a line on each event and fact that was tapped and the move does not know.

    Under the gravest closer (they want distance) no line advises anything: such lines speak of saying something.
    """
    held = account.of_main().held(book.catalogue)
    weighty = {book.catalogue.facts[fact] for fact in book.tapped.get("weighty", ())}
    behind: list[str] = []
    left: list[str] = []
    lines = [*_facts(move, account, book, say, weighty=True), *_events(move, account, book, say)]
    for line, tap in (*lines, *_facts(move, account, book, say, weighty=False)):
        fits = tap in weighty or len(" ".join((*behind, line)).split()) <= MOST_BEHIND
        if line and fits and not _apart(book, held):
            behind.append(line)
        else:
            left.append(tap)
    own = _weighed(say(move.words["answer"]), move, account, book, say)
    another = book.tapped.get("another")
    owned = bool(account.of_main().by_me(book.catalogue))
    for it in _others(account, book, say, {move.source, *move.needs}) if another else ():
        given = {"taps": it.tap, "who": it.who.call or "somebody else", "heading": it.heading}
        with_words, without = (
            say(another, first=it.mine and not owned, begin=words, **given).strip() for words in (it.words, "")
        )
        room = len(_in_room(own, " ".join((*behind, with_words))).split()) <= LONGEST_ANSWER
        behind.append(with_words if room else without)
    if left and book.tapped:
        behind.append(say(book.tapped["apart" if _apart(book, held) else "left"], taps="”, “".join(left)))
    return _in_room(own, " ".join(behind))


def still_due(move: Move, account: Account, book: Book, say: Say) -> tuple[str, str]:
    """Return what else was tapped and stays to be done once a move's own matter went well: with whom, and its line.

    What was with somebody else who has a name comes first, the user's own harm before the rest, then a deed of the
    user's own with the same one (""), each as in the plan's answer. Two empty strings for neither, or under distance.
    """
    if _apart(book, account.of_main().held(book.catalogue)):
        return "", ""
    others = [it for it in _others(account, book, say, {move.source, *move.needs}) if it.who.name and it.heading]
    if others:
        first = max(others, key=lambda it: it.mine)
        return first.who.call, first.heading
    mine = {tapped_line(told, account, book.catalogue) for told in account.by_me(book.catalogue)}
    return "", next((line for line, tap in _events(move, account, book, say) if line and tap in mine), "")


def _in_room(own: str, behind: str) -> str:
    """Return a move's own answer with what stands behind it; its last sentences make room where both are too long."""
    sentences = [own[start:end].strip() for start, end in pieces(own)]
    while len(sentences) > FEWEST and len(" ".join((*sentences, behind)).split()) > LONGEST_ANSWER:
        sentences.pop()
        sentences[-1] = f"{sentences[-1].rstrip(' ;:,')}." if sentences[-1][-1] in ";:," else sentences[-1]
    return " ".join((*sentences, behind)).strip()


def own_part(own: OwnPart, move: Move, account: Account, book: Book, say: Say) -> OwnPart:
    """Return a move's own part, or that of a deed of the user's which was tapped and the move was not written for.

    Whoever was wronged and did a harm as well has a part; so has one who is to keep away. The sentence is the one that
    the deed's own file has for every case.
    """
    for told in account.by_me(book.catalogue) if own.level is not OwnPartLevel.CLEAR else ():
        another = account.with_another(told)
        if not another and (told.event == move.source or told.event in move.needs):
            continue
        words = _own_words(told, book)
        if words and (words["level"] == OwnPartLevel.CLEAR or own.level is OwnPartLevel.NONE):
            given = slots(account.party(told.receiver), account.want) if another else {}
            return OwnPart(OwnPartLevel(words["level"]), say(words["sentence"], **given), (told.event,))
    return own


def _own_words(told: Told, book: Book) -> Mapping[str, str]:
    """Return the own part that the file of a deed has for every case; nothing where it has none."""
    default = next(iter(book.files.get(told.event, ())), None)
    return (default.words.get("own_part") or {}) if default and not default.needs else {}


def _weighed(said: str, move: Move, account: Account, book: Book, say: Say) -> str:
    """Return an answer with what speaks for each way, where the want is to decide and the answer does not weigh them.

    What holds for the event in general may say the opposite of a move for a fact that shuts others out, begins with
    another act, or opens with what to do.
    """
    weigh = book.weigh.get(move.source) if account.want is Want.DECIDE else None
    if not weigh or pattern("words/weighing", "weighs").search(said.lower()):
        return said
    general = next(each for each in book.files[move.source] if not each.needs and Want.DECIDE in each.wants)
    other = general.acts[:1] != move.acts[:1] or not move.needs.isdisjoint(book.closers)
    if move.needs and (other or pattern("words/weighing", "leans").search(said.lower())):
        return said
    return f"{say(weigh)} {said}"


def tapped_line(told: Told, account: Account, catalogue: Catalogue) -> str:
    """Return the line that was tapped, with the person in it."""
    if told.event not in catalogue:
        return ""
    party = account.party(told.doer) or account.party(told.receiver) or account.main
    several = party is not None and party.number is not Number.ONE
    return catalogue.entry(told.event).named((party.name or bare(party.role or "")) if party else "", several=several)


def _events(move: Move, account: Account, book: Book, say: Say) -> Iterator[tuple[str, str]]:
    """Yield the line on every further event, and how it was tapped."""
    held, events = account.of_main().held(book.catalogue), {told.event: told for told in account.events}
    _, *others = account.event_ids or ("",)
    known = {move.source, *move.needs}
    known |= {event for event in others if move.needs & book.catalogue.premises([event])}
    if "i_apologised" in move.covers:  # what the sorry was for has been owned; a line on it would own it a second time
        known |= {told.event for told in account.by_me(book.catalogue)}
    for event in others:
        if event in known or event not in book.catalogue or account.with_another(events[event]):
            continue
        instead = (words for fact, words in book.beside_with.get(event, {}).items() if fact in held)
        line = next(instead, book.beside.get(event))
        if line != "":
            yield say(line), tapped_line(events[event], account, book.catalogue)


def _facts(move: Move, account: Account, book: Book, say: Say, *, weighty: bool) -> Iterator[tuple[str, str]]:
    """Yield the line on every tapped fact, weighty or not, that neither the move nor an event covers."""
    held, lines = account.of_main().held(book.catalogue), book.tapped.get("facts", {})
    known = move.covers | move.despite | {*move.words.get("knows", ())} | book.catalogue.premises(account.event_ids)
    events = [book.catalogue.entry(event) for event in account.event_ids if event in book.catalogue]
    quiet = bool(held & frozenset(book.tapped.get("quiet", ())))
    for fact in account.facts:
        words = lines.get(fact.fact)
        if words is None or fact.fact in known or fact.established not in _SAID:
            continue
        if weighty is not (fact.fact in book.tapped.get("weighty", ())):
            continue
        sides = {"any": words} if isinstance(words, str) else words
        asking = next((entry for entry in events if fact.fact in entry.ask), next(iter(events), None))
        by = asking.by if asking else Doer.NOBODY  # whose act it tells more of: that of the event it was asked for
        line = sides.get("quiet", "") if quiet else sides.get(by, sides.get("any"))
        yield say(line), book.catalogue.facts[fact.fact]


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """An event with somebody else than the one a plan is for: its tap, who, what its own plan begins with, in words.

    ``mine``: it is a harm by the user. ``words`` are "" where nothing is to be said, or a secret stands beside it.
    """

    tap: str
    who: Party
    heading: str
    words: str
    mine: bool


def _others(account: Account, book: Book, say: Say, known: Collection[str]) -> Iterator[Elsewhere]:
    """Yield each event with somebody else than the one the plan is for."""
    held = account.of_main().held(book.catalogue)
    for told in account.events:
        party = account.party(told.doer) or account.party(told.receiver)
        for_main = any(each.event == told.event and not account.with_another(each) for each in account.events)
        if not party or not account.with_another(told) or (told.event in known and not for_main):
            continue
        wants = book.catalogue.entry(told.event).wants if told.event in book.catalogue else ()
        want = account.want if account.want in wants else next(iter(wants), account.want)
        alone = Account((replace(party, main=True),), (told,), want=want)
        own = choose(alone, book)
        instead = [words for fact, words in book.beside_with.get(told.event, {}).items() if fact in held]
        line = instead[0] if instead else own.words["headline"] if own else None
        first = own.words["first"] if own and not instead else None
        given = slots(party, want)
        yield Elsewhere(
            tapped_line(told, account, book.catalogue), party, say(line, **given),
            say(first.get("say"), **given) if first else "",
            told.doer == ME and _own_words(told, book).get("level") == OwnPartLevel.CLEAR,
        )  # fmt: skip


def _apart(book: Book, held: frozenset[str]) -> bool:
    return bool(book.closers) and book.closers[0] in held
