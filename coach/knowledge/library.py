"""Finds the cards that apply: cards, packs, index and learned tables behind KnowledgeBase and Likeness.

Knows how the parts work together. Does not know turns, users or the web. Safe to ask from several threads; adding and
removing packs is for one at a time.
"""

from __future__ import annotations

import logging
import zipfile
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path
from threading import RLock

import numpy as np

from coach.domain import letters as clauses_in
from coach.domain.principles import Match, Principle
from coach.domain.readings import Kind, Toward
from coach.errors import BadInput, KnowledgeTrouble, MissingPrompt, NotFound
from coach.knowledge import stamps
from coach.knowledge.ahead import Ahead
from coach.knowledge.cards import fingerprint, load_cards
from coach.knowledge.catalogue import load_catalogue, load_scenes
from coach.knowledge.features import Floats, Progress, embedded, text_hash
from coach.knowledge.index import Index, Shelf
from coach.knowledge.languages import language
from coach.knowledge.layers import both
from coach.knowledge.machine import give_back_memory, one_core_for_sums
from coach.knowledge.packs import EVIDENCE, SHIPPED, Packs
from coach.knowledge.plain import plain, shortened
from coach.knowledge.ranking import TABLE, Ranking, Said
from coach.knowledge.shelves import Hits, PackShelf
from coach.knowledge.tables import KINDS, Seen, Tables, load_tables, nearness, save_tables
from coach.knowledge.tells import Ear
from coach.knowledge.upkeep import Upkeep
from coach.planning.moves import book
from coach.ports import Embedder

log = logging.getLogger(__name__)

WORDS_ALONE = (
    "The weights that read meaning could not be loaded, so cards are found by their words alone; "
    "'coach doctor' says how to mend it."
)
_SEEN_KEPT = 8


class Library:
    """A ``ports.Knowledge``: everything the coach knows, searchable."""

    def __init__(self, folder: Path, data: Path, embedder: Embedder | None, chroma_url: str | None = None) -> None:
        """Read cards, packs and tables; the index is opened by ``prepare``.

        ``folder`` is the shipped ``knowledge/``; ``data`` the coach's data folder. ``embedder`` None: words alone.
        Raises BadCard.
        """
        self.folder, self.data, self._embedder = folder, data, embedder
        self._packs = Packs(data / "packs")
        self._index = Upkeep(Index(data / "index" / "chroma", chroma_url), self._chroma_shelves)
        self._lock = RLock()
        self._seen: OrderedDict[str, Seen] = OrderedDict()
        self.tells, self._ahead = Ear(folder, embedder), Ahead(embedder, lambda text: text in self._seen)
        self._tables: Tables | None = None
        self.ready = False
        one_core_for_sums()
        self._load()

    # ---- opening

    def _load(self) -> None:
        cards = [*load_cards(self.folder)]
        self.pack_trouble: dict[str, str] = {}
        for name in self._packs.names():
            try:
                more = self._packs.load(name)
                self._check_scenes(self._packs.folder / name, [*cards, *more])
                cards.extend(more)
            except Exception as error:  # a pack that was edited into something unreadable must not stop the coach
                self.pack_trouble[name] = str(error)
        self._take(cards)

    def _check_scenes(self, pack: Path, cards: Sequence[Principle]) -> None:
        """Raise BadInput for a pack's events or scenes that cannot be used."""
        ids = {card.id for card in cards}
        catalogue = load_catalogue(self.folder, ids, {pack.name: pack})
        try:
            moves = book(load_scenes(pack), catalogue).moves
        except MissingPrompt as error:
            raise BadInput(str(error)) from error
        own = {entry.id for entry in catalogue.entries if entry.pack == pack.name}
        for move in moves:
            if move.source not in own:
                raise BadInput(f"The scene {move.source}.yaml belongs to no event of this pack.")
            if missing := [card for card in move.cards if card not in ids]:
                raise BadInput(f"The scene {move.source}.yaml cites the card '{missing[0]}', which is not there.")

    def _take(self, cards: Sequence[Principle]) -> None:
        by_id = {card.id: card for card in reversed(cards)}  # of one id the first
        by_id = {card.id: by_id[card.id] for card in cards}
        groups: dict[str, list[Principle]] = {SHIPPED: [], EVIDENCE: []}
        for card in by_id.values():
            groups.setdefault(EVIDENCE if card.evidence else card.pack, []).append(card)
        packs = {name: self._packs.folder / name for name in self._packs.names() if name not in self.pack_trouble}
        catalogue = load_catalogue(self.folder, by_id, packs)
        scenes = {event: scene for pack in packs.values() for event, scene in load_scenes(pack).items()}
        ranking = Ranking(catalogue, self._said(), self._embedder)
        shelves = {name: PackShelf(name, some, self.data / "index") for name, some in groups.items()}
        self._cards, self.catalogue, self.scenes = by_id, catalogue, scenes  # at the end: others read meanwhile
        self._ranking, self._shelves = ranking, shelves

    def _said(self) -> Said | None:
        try:
            return Said.load(self.folder / "labels" / TABLE)
        except (OSError, ValueError, KeyError, zipfile.BadZipFile):
            return None

    def prepare(self, progress: Progress | None = None) -> int:
        """Load or fit the tables and open or build the index; return how many passages were indexed again.

        A part that is not available is left out and named in ``note``; the coach works with the rest. Raises BadCard
        for a bad exemplar.
        """
        self.prepare_tables(progress)
        return self.prepare_index(progress)

    def prepare_tables(self, progress: Progress | None = None) -> None:
        """Load the tables, or fit them. From then on shipped cards are found, index or not. Raises BadCard."""
        with self._lock:
            if self._tables is None:
                self._tables = self._find_tables(progress)

    def prepare_index(self, progress: Progress | None = None) -> int:
        """Open or build the index; return how many passages were indexed again.

        It takes a second, for Chroma's import alone. Until then shipped cards are found by their own vectors, with the
        same result, and those of packs by their words.
        """
        built = 0
        if self._embedder is not None:
            try:
                built = self._index.ensure(progress)
            except KnowledgeTrouble as error:
                log.warning("%s", error)
        self.ready = True
        give_back_memory()
        return built

    @property
    def note(self) -> str | None:
        return WORDS_ALONE if self._embedder is None else self._index.trouble if self.ready else None

    def check(self) -> str | None:
        return WORDS_ALONE if self._embedder is None else self._index.check()

    @property
    def tables(self) -> Tables:
        """The learned tables, loaded or fitted at first use."""
        if self._tables is None:
            self.prepare_tables()
        assert self._tables is not None
        return self._tables

    def _find_tables(self, progress: Progress | None) -> Tables:
        own = [card for card in self._cards.values() if card.pack == SHIPPED]
        wanted = stamps.stamps(own, stamps.exemplar_sources(self.folder / "exemplars"), self._embedder)
        mine = self.data / "index" / f"fitted-{fingerprint([wanted['embedder']])[:8]}.npz"
        before = None
        for file in (self.folder / "exemplars" / "fitted.npz", mine):
            try:
                tables = load_tables(file)
            except (OSError, ValueError, KeyError, zipfile.BadZipFile):
                continue
            if stamps.fits(tables.stamps, wanted):
                return tables
            before = tables
        from coach.knowledge.exemplars import load_exemplars
        from coach.knowledge.fit import fit

        exemplars = load_exemplars(self.folder / "exemplars", [card.id for card in own])
        tables = fit(own, exemplars, wanted, self._embedder, before, progress)
        try:
            save_tables(tables, mine)
        except OSError:
            log.warning("the tables could not be kept; they are fitted again at the next start")
        return tables

    def _chroma_shelves(self, progress: Progress | None) -> list[Shelf]:
        assert self._embedder is not None
        key = self._embedder.fingerprint
        return [
            Shelf(name, fingerprint([key, shelf.key]), len(shelf.passages), partial(self._vectors, shelf, progress))
            for name, shelf in self._shelves.items()
        ]

    def _vectors(self, shelf: PackShelf, progress: Progress | None) -> Floats:
        """Return a vector a passage of a shelf, for building its collection."""
        assert self._embedder is not None
        known: dict[int, Floats] = {}
        if shelf.pack == SHIPPED and self.tables.whole is not None:
            kept = self.tables.hashes[len(self.tables.exemplar_vectors) :]
            known = dict(zip(map(int, kept), self.tables.passage_vectors, strict=True))
        if any(text_hash(passage.text) not in known for passage in shelf.passages):
            getattr(self._embedder, "check", lambda: None)()
        return embedded([passage.text for passage in shelf.passages], self._embedder, known, progress)

    def rebuild(self, progress: Progress | None = None) -> int:
        """Rebuild the index, not the tables; return how many passages it holds. Raises KnowledgeTrouble."""
        if self._embedder is None:
            raise KnowledgeTrouble(WORDS_ALONE)
        with self._lock:
            return self._index.ensure(progress, anew=True)

    def close(self) -> None:
        """Let go of the index."""
        self._ahead.close()
        self._index.close()

    # ---- KnowledgeBase

    def principle(self, principle_id: str) -> Principle:
        try:
            return self._cards[principle_id]
        except KeyError:
            raise NotFound("There is no card of that name.") from None

    def principles(self) -> Sequence[Principle]:
        return sorted(self._cards.values(), key=lambda card: (card.pack != SHIPPED, card.id))

    def retrieve(self, text: str, k: int = 5) -> Sequence[Match]:
        """Return the k principles that apply best to a message, best first; evidence cards are left out.

        Cards of packs compete with the shipped ones by the gain that is expected of a card with passages as near.
        """
        tables = self.tables
        seen = self._see(text)
        hits = {name: self._hits(shelf, seen) for name, shelf in self._shelves.items() if name != EVIDENCE}
        scores: dict[str, float] = {}
        for name, hit in hits.items():
            if name == SHIPPED:
                order = [hit.place[card] for card in tables.ids]
                gains = tables.rank(seen, self._kinds(seen), hit.cosines[order], hit.shares[order])
                scores.update(zip(tables.ids, map(float, gains), strict=True))
            else:
                near = np.flatnonzero(hit.near)
                gains = tables.expected_gain(nearness(hit.cosines[near], hit.shares[near]))
                ids = self._shelves[name].ids
                scores.update((ids[at], float(gain)) for at, gain in zip(near, gains, strict=True))
        best = sorted(scores, key=lambda card: (-scores[card], card))[:k]
        return [self._match(card, scores[card], hits[self._cards[card].pack], seen) for card in best]

    def search(self, text: str, k: int = 10) -> Sequence[Match]:
        """Return the k cards whose passages are nearest to a query, evidence and packs among them."""
        seen = self._see(text)
        found: list[tuple[float, str, Hits]] = []
        for shelf in self._shelves.values():
            hit = self._hits(shelf, seen)
            near = nearness(hit.cosines, hit.shares)
            found.extend((float(near[at]), shelf.ids[at], hit) for at in np.flatnonzero(hit.near))
        found.sort(key=lambda each: (-each[0], each[1]))
        return [self._match(card, score, hit, None) for score, card, hit in found[:k]]

    # ---- Likeness

    def foresee(self, text: str) -> None:
        self._ahead.begin(text)

    def kinds(self, text: str) -> Mapping[Kind, float]:
        self.foresee(text)  # on the other core, while the words are counted
        odds = dict(zip(KINDS, map(float, self._kinds(self._see(text))), strict=True))
        hear = getattr(self._embedder, "heard", None)  # only MiniLM has layers that were taught
        return both(odds, hear(plain(text))) if hear else odds

    def lines(self, lines: Sequence[str], most: int) -> Sequence[Mapping[Kind, float]]:
        return self.tables.lines.each(lines, most, self.tables.grams, self._clause_vectors)

    def toward(self, text: str) -> Mapping[Toward, float]:
        seen = self._see(text)
        return self.tables.lines.toward(seen.row, seen.tones, seen.vector)

    def language(self, text: str) -> tuple[str, float]:
        return language(text)

    # ---- Events

    def ranked(self, text: str) -> Sequence[tuple[str, float]]:
        return self._ranking.ranked(text)

    # ---- packs

    def packs(self) -> Mapping[str, int]:
        """Return every pack of the user's own and how many cards it has."""
        return {name: sum(card.pack == name for card in self._cards.values()) for name in self._packs.names()}

    def add_pack(self, source: Path, progress: Progress | None = None) -> tuple[str, int]:
        """Check every card, event and scene of a folder, then copy and index it; return its name and how many cards.

        Raises BadCard or BadInput, and then nothing of it stays.
        """
        with self._lock:
            name, cards = self._packs.check(source, self._cards.values())
            self._check_scenes(source, [*self._cards.values(), *cards])
            self._packs.copy(source, name)
            before = list(self._cards.values())
            try:
                self._take([*before, *cards])
                if self._embedder is not None:
                    self._index.ensure(progress)
            except BaseException:
                self._packs.remove(name)
                self._take(before)
                raise
            return name, len(cards)

    def remove_pack(self, name: str) -> None:
        """Forget a pack and its collection. Raises NotFound."""
        with self._lock:
            self._packs.remove(name)
            self._take([card for card in self._cards.values() if card.pack != name])
            if self._embedder is not None:
                self._index.ensure()

    # ---- within

    def _see(self, text: str) -> Seen:
        """Return what the tables see of a text; kept for the few last texts, as a turn asks several times."""
        with self._lock:
            if text in self._seen:
                return self._seen[text]
        seen = self.tables.see(text, lambda: self._vector(text))
        with self._lock:
            self._seen[text] = seen
            while len(self._seen) > _SEEN_KEPT:
                self._seen.popitem(last=False)
        return seen

    def _vector(self, text: str) -> Floats | None:
        return None if self._embedder is None else np.asarray(self._embedder.embed([plain(text)])[0], np.float32)

    def _kinds(self, seen: Seen) -> Floats:
        """Return a probability a kind; the clauses' vectors are those that ``foresee`` computed."""
        even = clauses_in.cleaned(seen.text)
        return self.tables.kinds(seen, self._clause_vectors([even[a:b] for a, b in clauses_in.clauses(even)] or [even]))

    def _clause_vectors(self, clauses: Sequence[str]) -> Floats | None:
        if self._embedder is None or self.tables.whole is None or not clauses:
            return None
        return np.asarray(self._embedder.embed([plain(clause) for clause in clauses]), np.float32)

    def _hits(self, shelf: PackShelf, seen: Seen) -> Hits:
        places, cosines = np.zeros(0, np.int64), np.zeros(0, np.float32)
        if seen.vector is not None:
            places, cosines = self._index.search(shelf.pack, seen.vector)
            if not len(places) and shelf.pack == SHIPPED and self.tables.whole is not None:
                places, cosines = shelf.exact(self.tables.passage_vectors.astype(np.float32) @ seen.vector)
        return shelf.hits(seen.text, places, cosines)

    def _match(self, card: str, score: float, hit: Hits, seen: Seen | None) -> Match:
        near = hit.passages(card)
        because: list[str | None] = [shortened(passage.text) for passage in near[:1]]
        if seen is not None and card in self.tables.place:
            because.insert(0, self.tables.nearest_exemplar(seen, card))
        return Match(self._cards[card], score, tuple(reason for reason in because if reason), tuple(near))
