"""Puts the parts together: the one place where they meet, for the program, its tests and its evals.

Knows every part's constructor; decides nothing else. Time and ids come from whoever builds.
"""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import AsyncExitStack, suppress
from dataclasses import replace
from datetime import UTC, datetime
from functools import cache
from typing import TYPE_CHECKING, Any

from anyio import to_thread

from coach.answering.author import Author
from coach.answering.dossier import Outside as AuthorsOutside
from coach.care import Care
from coach.connection import Connection
from coach.counsel import Counsel
from coach.errors import CoachError, KnowledgeTrouble
from coach.exam import Exam
from coach.hearing.listener import Listener
from coach.hearing.listener import Outside as Ears
from coach.journal import SqlJournal
from coach.journal.backups.folder import using
from coach.journal.backups.restore import finish
from coach.journal.backups.rotation import Backups
from coach.knowledge.embedder import MiniLm, OpenAiEmbedder
from coach.knowledge.library import Library
from coach.knowledge.session_templates import Sessions as Templates
from coach.messages import linter
from coach.messages.reviewer import Reviewer
from coach.noticing import patterns
from coach.noticing.wording import finding_sentence
from coach.planning.moves import Book, book
from coach.ports import Embedder, Knowledge, LanguageModels, Mask
from coach.prompts import Prompts
from coach.sessions.exchange import Sessions
from coach.sessions.records import Records
from coach.settings import Settings
from coach.shipped import shipped
from coach.turn import Conversation
from coach.web.health import readiness
from coach.web.outcomes import note_outcome
from coach.web.parts import USER, Parts
from coach.web.tally import Tally
from coach.web.zones import settle

if TYPE_CHECKING:
    from coach.group import Group
    from coach.llm import Vault
    from coach.members.wraps import Cost

Clock = Callable[[], datetime]
NewId = Callable[[], str]
Progress = Callable[[int, int], None]
"""Called with (done, total) while something takes over a second."""


def new_id() -> str:
    """Return an id nobody can guess."""
    return uuid.uuid4().hex


def now() -> datetime:
    """Return the time, UTC."""
    return datetime.now(UTC)


def library(settings: Settings) -> Library:
    """Return the library of the settings, not yet prepared."""
    return Library(shipped("knowledge"), settings.data, _embedder(settings), settings.chroma_url or None)


def _embedder(settings: Settings) -> Embedder | None:
    try:
        if settings.embed_base_url:
            return OpenAiEmbedder(settings.embed_base_url, settings.embed_api_key or None, settings.embed_model)
        return MiniLm(shipped("knowledge") / "minilm" / "tokenizer.json")
    except KnowledgeTrouble:
        return None


@cache
def texts() -> Prompts:
    """Return the shipped texts, read and compiled once a process."""
    return Prompts(shipped("prompts"))


async def build(
    settings: Settings,
    *,
    clock: Clock,
    new_id: NewId,
    language_models: LanguageModels | None = None,
    knowledge: Knowledge | None = None,
    progress: Progress | None = None,
    cost: Cost | None = None,
) -> Parts:
    """Return the parts, ready to serve: migrated, indexed, connected. Raises a CoachError that says what to mend.

    ``language_models`` are used instead of the configured one and ``knowledge`` instead of a library of its own; what
    is given is not closed. ``progress`` is called with (done, total) while the index is built. ``cost``: see ``group``.
    """
    settings.data.mkdir(parents=True, exist_ok=True, mode=0o700)
    async with AsyncExitStack() as opened:
        await finish(settings)
        opened.enter_context(using(settings.data))
        known = knowledge if knowledge is not None else await _library(settings, progress, opened)
        members = await _group(settings, clock, new_id, cost, known) if settings.members else None
        journal = members.journal if members else await SqlJournal.open(settings.journal_url, settings.data)
        opened.push_async_callback(journal.close)
        if members is None:
            await _in_their_zone(journal)
            await journal.depart(clock())
        tally = Tally()
        opener = _Opener(journal, clock, new_id, tally)
        opened.push_async_callback(opener.close)
        connection = Connection(settings, None if settings.members else USER, journal, texts(), clock, opener)
        opened.push_async_callback(connection.close)
        if language_models is not None:
            connection.use(language_models)
        else:
            await connection.reread()
        parts = _assembled(settings, clock, new_id, journal, known, connection, tally)
        return replace(parts, members=members, masks=_masks(journal), close=opened.pop_all().aclose)


async def _in_their_zone(journal: SqlJournal) -> None:
    """Tell days by the zone the user chose; a journal that cannot be read says so elsewhere."""
    with suppress(CoachError):
        if zone := (await journal.preferences(USER)).zone:
            settle(zone)


def _assembled(
    settings: Settings,
    clock: Clock,
    new_id: NewId,
    journal: SqlJournal,
    knowledge: Knowledge,
    connection: Connection,
    tally: Tally,
) -> Parts:
    prompts, helps = texts(), settings.helps
    counsel = Counsel(journal, knowledge, prompts, lambda: _book(knowledge), new_id, note_outcome)
    care = Care(knowledge, prompts, new_id, helps)
    outside = AuthorsOutside(
        journal, knowledge, prompts, counsel, connection, new_id, clock, float(settings.llm_timeout_s)
    )
    connection.set_exam(Exam(outside, prompts.letters, _misfit))
    author = Author(outside, lambda: connection.level)
    listener = Listener(Ears(knowledge, prompts, connection, clock), lambda: connection.level)
    templates, records = _templates(settings), Records(journal, knowledge, prompts, new_id, helps, counsel)
    return Parts(
        settings=settings,
        journal=journal,
        knowledge=knowledge,
        conversation=Conversation(journal, knowledge, prompts, new_id, clock, counsel, care, author),
        sessions=Sessions(records, templates, note_outcome, clock, listener),
        lint=lambda text, purpose: linter.lint(text, purpose, prompts, knowledge.tells),
        findings=lambda person, moments, at: patterns.findings(person, moments, at, finding_sentence(prompts, moments)),
        texts=prompts,
        clock=clock,
        new_id=new_id,
        ready=readiness(journal, knowledge),
        backups=Backups(settings, clock),
        connection=connection,
        reviewer=Reviewer(connection, prompts, clock, lambda: connection.level),
        tally=tally,
    )


async def _group(settings: Settings, clock: Clock, new_id: NewId, cost: Cost | None, knowledge: Knowledge) -> Group:
    """Return the journal of a coach with members, and what the web asks about them. Only then it is imported."""
    from coach.domain.members import HandoutKind
    from coach.group import group
    from coach.members.handouts import Shelf

    templates = _templates(settings)
    shelves = {HandoutKind.SESSIONS: Shelf(templates.add, templates.remove)}
    if isinstance(knowledge, Library):
        shelves[HandoutKind.PACK] = Shelf(knowledge.add_pack, knowledge.remove_pack)
    return await group(settings, clock, new_id, cost, shelves)


def _templates(settings: Settings) -> Templates:
    return Templates(shipped("knowledge") / "sessions", settings.data / "sessions")


async def _library(settings: Settings, progress: Progress | None, opened: AsyncExitStack) -> Library:
    found = library(settings)
    opened.callback(found.close)
    await to_thread.run_sync(lambda: found.prepare(progress))
    return found


class _Opener:
    """Opens language models, and closes all of them at the end. Without one nothing of theirs is imported."""

    def __init__(self, journal: SqlJournal, clock: Clock, new_id: NewId, tally: Tally) -> None:
        self._outside = (journal, clock, new_id, tally)
        self._opened: list[tuple[Vault, asyncio.Task[None]]] = []

    async def open(self, settings: Settings) -> Vault:
        """Return the language model of some settings. Raises BadInput when they cannot serve."""
        from coach.llm import Outside, language_models

        journal, clock, new_id, tally = self._outside
        vault = language_models(settings, Outside(journal, texts(), clock, new_id, tally.call))
        if not settings.llm_base_url:  # whether a provider's package is there is better known now than in a turn
            await vault.warm()
        self._opened.append((vault, asyncio.create_task(vault.warm())))
        return vault

    async def nearby(self, but: int) -> Sequence[tuple[str, str, tuple[str, ...]]]:
        """Return program, address and language models of the servers on this machine but for one port."""
        from coach.llm.nearby import nearby

        return await nearby(but)

    async def close(self) -> None:
        """Close the connections."""
        for vault, warming in self._opened:
            warming.cancel()
            await vault.close()


def _masks(journal: SqlJournal) -> Callable[[str], Awaitable[Mask]]:
    async def masks(user: str) -> Mask:
        from coach.llm import masks as made_up

        return made_up.Mask(await journal.people(user), await journal.secret(user, "pseudonyms"))

    return masks


def _misfit(value: Mapping[str, Any], schema: Mapping[str, object]) -> str | None:
    from coach.llm.answers import misfit

    return misfit(value, schema)


_BOOKS: list[Book] = []
"""The last one made: coaches of one process with the same catalogue share it."""


def _book(knowledge: Knowledge) -> Book:
    """Return the moves for the catalogue as it now is; packs may add events while the coach runs."""
    if not _BOOKS or _BOOKS[0].catalogue is not knowledge.catalogue:
        _BOOKS[:] = [book({**knowledge.scenes, **texts().moves}, knowledge.catalogue)]
    return _BOOKS[0]
