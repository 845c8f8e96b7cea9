"""Moves: a plan's words as a whole, with the facts they need. Chooses the one that fits an account. Pure.

A scene file holds the moves of one event or of one group; ``_closers`` those for facts that shut other moves out (they
want distance, I said sorry …), ``_journal`` those for what a person's moments show. The best move whose needs all hold
is taken whole: parts are never mixed, so that no line says what another one's needs did not ask for. Knows accounts and
the catalogue; words nothing.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from coach.domain.accounts import Account, Established, Number
from coach.domain.acts import Act, Follows
from coach.domain.events import Catalogue, Want
from coach.errors import MissingPrompt

CLOSERS, AFTER, SKELETON, JOURNAL, TAPPED = "_closers", "_after", "_skeleton", "_journal", "_tapped"
"""Files that belong to no event."""

STEPS = ("first", "then")
_STEP = ("card", "cue", "do", "why", "channel", "minutes", "days")
_MOVE = ("id", "wants", "headline", "answer", "first", "stop", "sign")
_KNOWN = {
    *_MOVE, "needs", "unless", "despite", "number", "question", "guessed", "readings", "own_part", "then", "badly",
    "unknown", "draft", "acts", "knows", "after",
}  # fmt: skip
_OUTCOMES, _SAID_AFTER = {"went_well", "went_badly", "no_answer", "not_done"}, {"say", "last", "draft"}


@dataclass(frozen=True)
class Move:
    """One whole move. ``source``: the event or group it was written for; ``covers``: the facts its words rest on.

    ``despite``: closers it was written for. ``words`` holds the texts as written, for ``plans`` to fill. ``acts``: what
    each of its steps does, in order; ``follows``: on which outcome of the first the second is for.
    """

    id: str
    source: str
    wants: frozenset[Want]
    needs: frozenset[str]
    unless: frozenset[str]
    despite: frozenset[str]
    numbers: frozenset[Number]
    covers: frozenset[str]
    words: Mapping[str, Any] = field(compare=False)
    acts: tuple[Act, ...] = ()
    follows: Follows | None = None

    @property
    def name(self) -> str:
        """The name a plan keeps: file and move."""
        return f"{self.source}/{self.id}"

    @property
    def cards(self) -> tuple[str, ...]:
        """The ids of the cards that its steps rest on."""
        return tuple(self.words[step]["card"] for step in STEPS if self.words.get(step))


@dataclass(frozen=True)
class Book:
    """Every move, by file. ``closers``: facts that bar a move that was not written for them, gravest first.

    ``beside``: the line on an event in another one's answer; ``beside_with``: what stands in its place with a fact.
    ``tapped``: the lines on facts, those that only name a tap, and which facts weigh less in the choice of a move.
    ``weigh``: by event, which way to lean and what speaks for it. ``after``: what is said when a step has its outcome,
    by act and outcome; ``own_after``: the same in an event's or group's own words, by file.
    """

    catalogue: Catalogue
    files: Mapping[str, tuple[Move, ...]]
    closers: tuple[str, ...]
    beside: Mapping[str, str]
    beside_with: Mapping[str, Mapping[str, str]]
    after: Mapping[str, Any]
    tapped: Mapping[str, Any] = field(default_factory=dict)
    weigh: Mapping[str, str] = field(default_factory=dict)
    own_after: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)

    @cached_property
    def moves(self) -> tuple[Move, ...]:
        """All of them."""
        return tuple(move for moves in self.files.values() for move in moves)

    def move(self, name: str) -> Move | None:
        """Return a move by the name a plan kept, or None when it is gone."""
        return self._named.get(name)

    @cached_property
    def _named(self) -> Mapping[str, Move]:
        return {move.name: move for move in self.moves}

    def words_after(self, name: str) -> Iterator[Mapping[str, Any]]:
        """Yield what is said after the steps of a move, by act: its own words first, its file's, then its groups'."""
        file, move = name.partition("/")[0], self.move(name)
        if move is not None:
            yield move.words.get("after", {})
        yield self.own_after.get(file, {})
        if file in self.catalogue:
            entry = self.catalogue.entry(file)
            yield from (self.own_after.get(f"_{group}", {}) for group in (entry.group, *entry.also_groups))


def book(scenes: Mapping[str, Mapping[str, Any]], catalogue: Catalogue) -> Book:
    """Return the moves of all scene files. Raises MissingPrompt, naming file, move and what is wrong."""
    groups = {group.id for group in catalogue.groups}
    files: dict[str, tuple[Move, ...]] = {}
    for name, scene in scenes.items():
        if name in {AFTER, SKELETON, TAPPED}:
            continue
        event = name in catalogue
        if not event and name not in {CLOSERS, JOURNAL} and name.removeprefix("_") not in groups:
            raise MissingPrompt(f"The scene file {name}.yaml belongs to no event and no group.")
        premises = frozenset(catalogue.entry(name).premises) if event else frozenset()
        files[name] = tuple(_move(name, each, premises, catalogue) for each in scene["moves"])
        done = {act for move in files[name] for act in move.acts} if event else set(Act)
        _check_after(f"{name}.yaml", scene.get("after", {}), done)
    closers = tuple(scenes[CLOSERS]["closers"]) if CLOSERS in scenes else ()
    if AFTER in scenes and (silent := [act.value for act in Act if act not in scenes[AFTER]]):
        raise MissingPrompt(f"{AFTER}.yaml has no entry for the act {silent[0]}.")
    beside = {name: scene["beside"] for name, scene in scenes.items() if scene.get("beside")}
    beside_with = {name: scene["beside_with"] for name, scene in scenes.items() if scene.get("beside_with")}
    for name, lines in beside_with.items():
        if unknown := sorted(fact for fact in lines if fact not in catalogue.facts and fact not in catalogue):
            raise MissingPrompt(f"{name}.yaml, beside_with: there is no fact or event '{unknown[0]}'.")
    tapped = scenes.get(TAPPED, {})
    if unknown := sorted(fact for fact in tapped.get("facts", ()) if fact not in catalogue.facts):
        raise MissingPrompt(f"{TAPPED}.yaml: there is no fact '{unknown[0]}'.")
    weigh = {name: scene["weigh"] for name, scene in scenes.items() if scene.get("weigh")}
    after, own = scenes.get(AFTER, {}), {name: scenes[name]["after"] for name in files if scenes[name].get("after")}
    return Book(catalogue, files, closers, beside, beside_with, after, tapped, weigh, own)


def choose(account: Account, book: Book, ruled_out: Sequence[str] = ()) -> Move | None:
    """Return the best move whose needs all hold, or None. ``ruled_out``: names of moves that were turned down.

    Moves of the first event come first, then those of the others that need it, its groups, and the closers; within
    one file the move that needs most, and of two that need as many the one that needs fewer of the ``lighter`` facts.
    What was with somebody else is no ground for what is said to this one, where anything was with this one.
    """
    account = account.of_main()
    held = account.held(book.catalogue)
    shut = frozenset(closer for closer in book.closers if closer in held)
    number = account.main.number if account.main else Number.ONE
    lighter = frozenset(book.tapped.get("lighter", ()))
    for pool in _pools(account, book):
        fit = [
            move
            for move in pool
            if account.want in move.wants
            and move.needs <= held
            and not move.unless & held
            and number in move.numbers
            and shut <= move.covers | move.despite
            and move.name not in ruled_out
        ]
        if fit:
            return max(fit, key=lambda move: (len(move.needs), len(move.needs - lighter)))
    return None


def _pools(account: Account, book: Book) -> Iterator[tuple[Move, ...]]:
    if any(told.established is Established.JOURNAL for told in account.events):
        yield book.files.get(JOURNAL, ())
    events = [event for event in account.event_ids if event in book.catalogue]
    if events:
        first, *others = events
        needing = (move for event in others for move in book.files.get(event, ()) if first in move.needs)
        yield (*book.files.get(first, ()), *needing)
        entry = book.catalogue.entry(first)
        for group in (entry.group, *entry.also_groups):
            yield book.files.get(f"_{group}", ())
    yield book.files.get(CLOSERS, ())


def _move(file: str, held: Mapping[str, Any], premises: frozenset[str], catalogue: Catalogue) -> Move:
    name = f"{file}.yaml, move {held.get('id', '?')}"
    if missing := [key for key in _MOVE if key not in held]:
        raise MissingPrompt(f"{name}: lacks {', '.join(missing)}.")
    if odd := sorted(held.keys() - _KNOWN):
        raise MissingPrompt(f"{name}: nobody reads '{odd[0]}'.")
    for step in STEPS:
        if step in held and (missing := [key for key in _STEP if key not in held[step]]):
            raise MissingPrompt(f"{name}: the step '{step}' lacks {', '.join(missing)}.")
    sets = {key: frozenset(held.get(key, ())) for key in ("needs", "unless", "despite")}
    for fact in sorted(frozenset().union(*sets.values())):
        if fact not in catalogue.facts and fact not in catalogue:
            raise MissingPrompt(f"{name}: there is no fact or event '{fact}'.")
    try:
        wants = frozenset(Want(want) for want in held["wants"])
        numbers = frozenset(Number(each) for each in held.get("number", ("one",)))
        acts = tuple(Act(held["acts"][step]) for step in STEPS if step in held.get("acts", {}))
        follows = Follows(held["acts"]["follows"]) if held.get("acts", {}).get("follows") else None
    except ValueError as error:
        raise MissingPrompt(f"{name}: {error}.") from None
    told = (catalogue.entry(need).premises for need in sets["needs"] if need in catalogue)
    covers = premises.union(sets["needs"], *told)
    if acts and len(acts) != sum(step in held for step in STEPS):
        raise MissingPrompt(f"{name}: 'acts' names {len(acts)}, and there are more or fewer steps.")
    _check_after(name, held.get("after", {}), acts)
    return Move(held["id"], file, wants, **sets, numbers=numbers, covers=covers, words=held, acts=acts, follows=follows)


def _check_after(name: str, held: Mapping[str, Any], done: Collection[Act]) -> None:
    """Check what a file or a move says after its steps. ``done``: what these do; words for another act nobody hears."""
    for act, outcomes in held.items():
        if act not in done:
            raise MissingPrompt(f"{name}, after: no step does '{act}'.")
        for outcome, words in outcomes.items():
            if outcome not in _OUTCOMES:
                raise MissingPrompt(f"{name}, after {act}: there is no outcome '{outcome}'.")
            if "say" not in words or not words.keys() <= _SAID_AFTER:
                raise MissingPrompt(f"{name}, after {act}, {outcome}: it holds 'say', and may hold 'last' and 'draft'.")
