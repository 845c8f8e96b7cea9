"""Puts the parts together: the one place where they meet. Knows every part's constructor; decides nothing else."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from anyio import to_thread

from coach.coaching import replies
from coach.coaching.desk import Desk
from coach.conversation import Conversation
from coach.domain.drafts import Purpose, Warning
from coach.domain.moments import Moment
from coach.domain.people import Person
from coach.domain.plans import Finding
from coach.errors import CoachError, KnowledgeTrouble
from coach.journal import SqlJournal
from coach.knowledge.embedder import MiniLm, OpenAiEmbedder
from coach.knowledge.library import Library
from coach.knowledge.session_templates import Sessions as Templates
from coach.messages import linter
from coach.noticing import patterns
from coach.ports import Embedder
from coach.prompts import Prompts
from coach.sessions.turns import Sessions
from coach.settings import Settings
from coach.shipped import shipped
from coach.speaking.voice import Voice
from coach.web.outcomes import note_outcome
from coach.web.parts import Parts
from coach.web.tally import Tally

if TYPE_CHECKING:
    from coach.llm import Vault


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


async def build(settings: Settings, progress: Callable[[int, int], None] | None = None) -> Parts:
    """Return the parts, ready to serve: migrated, indexed, connected. Raises a CoachError that says what to mend."""
    settings.data.mkdir(parents=True, exist_ok=True, mode=0o700)
    knowledge = library(settings)
    await to_thread.run_sync(lambda: knowledge.prepare(progress))
    journal = await SqlJournal.open(settings.journal_url, settings.data)
    prompts = Prompts(shipped("prompts"))
    tally = Tally()
    vault = await _vault(settings, journal, prompts, tally)
    opening = asyncio.create_task(vault.warm()) if vault else None
    voice = _voice(settings, vault, prompts) if vault else None
    templates = Templates(shipped("knowledge") / "sessions", settings.data / "sessions")
    sessions = Sessions(
        journal, knowledge, knowledge, templates, prompts, new_id, note_outcome, settings.helps, now, voice
    )
    conversation = Conversation(journal, knowledge, knowledge, prompts, new_id, settings.helps, now, voice)

    async def ready() -> Mapping[str, str | None]:
        try:
            await journal.ready()
            database = None
        except CoachError as error:
            database = str(error)
        return {"database": database, "index": None if knowledge.ready else "The index of cards is not ready yet."}

    async def close() -> None:
        if vault and opening:
            opening.cancel()
            await vault.close()
        await journal.close()
        knowledge.close()

    return Parts(
        settings=settings,
        journal=journal,
        knowledge=knowledge,
        conversation=conversation,
        sessions=sessions,
        lint=_linter(prompts),
        findings=_finder(prompts),
        desk=Desk(prompts, knowledge),
        texts=prompts,
        clock=now,
        new_id=new_id,
        ready=ready,
        note=knowledge.note,
        language_model=vault.name if vault else "none",
        tally=tally,
        close=close,
    )


async def _vault(settings: Settings, journal: SqlJournal, prompts: Prompts, tally: Tally) -> Vault | None:
    """Return the configured language model, None without one: then nothing of it is imported either."""
    if not settings.language_model:
        return None
    from coach.llm import Outside, language_models

    vault = language_models(settings, Outside(journal, prompts, now, new_id, tally.call))
    if not settings.llm_base_url:  # whether a provider's package is there is better known now than in a turn
        await vault.warm()
    return vault


def _voice(settings: Settings, vault: Vault, prompts: Prompts) -> Voice:
    patience = timedelta(seconds=settings.llm_timeout_s)
    return Voice(vault, prompts, now, patience, swaps=settings.role_swap == "on")


def _linter(prompts: Prompts) -> Callable[[str, Purpose], Sequence[Warning]]:
    def lint(text: str, purpose: Purpose) -> Sequence[Warning]:
        return linter.lint(text, purpose, prompts)

    return lint


def _finder(prompts: Prompts) -> Callable[[Person, Sequence[Moment], Sequence[Person], datetime], Sequence[Finding]]:
    def find(person: Person, moments: Sequence[Moment], people: Sequence[Person], at: datetime) -> Sequence[Finding]:
        return patterns.findings(person, moments, people, at, replies.finding_sentence(prompts, moments))

    return find
