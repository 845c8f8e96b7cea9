"""The journal on SQLite and PostgreSQL: what is kept comes back, to its user alone, and what is erased is gone."""

from __future__ import annotations

import asyncio
import inspect
import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from sqlalchemy import create_engine, text

from coach.domain.drafts import Draft, Purpose
from coach.domain.moments import By, Channel, Landed, Moment
from coach.domain.people import Person
from coach.domain.plans import Outcome
from coach.domain.preferences import Preferences
from coach.domain.searches import Search, words_of
from coach.domain.turns import Conversation
from coach.errors import BadInput, NotFound, StorageTrouble
from coach.journal import SqlJournal
from coach.journal.database import Database
from coach.journal.imports import parse
from coach.journal.keys import KeyFile
from coach.journal.schema import Base
from coach.journal.trouble import translated
from coach.ports import Journal
from sample_journal import JOURNALS, NOW, commitment, fill, moment, person, plan, sent, session, turn

EMPTY = dict.fromkeys(("people", "conversations", "turns", "moments", "plans", "drafts", "sent", "outcomes"), 0)
EMPTY |= {"commitments": 0, "preferences": 0, "sessions": 0}


@pytest_asyncio.fixture
async def journal(database_url: str, tmp_path: Path) -> AsyncIterator[SqlJournal]:
    opened = await SqlJournal.open(database_url, tmp_path)
    yield opened
    await opened.close()


@pytest_asyncio.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    """The same database beside the journal, as another program sees it."""
    opened = Database(database_url)
    yield opened
    await opened.close()


async def execute(database: Database, statement: str, **values: object) -> None:
    async with database.writing() as connection:
        await connection.execute(text(statement), values)


async def everything(database: Database) -> bytes:
    """All cells of all rows, as bytes."""
    cells = []
    async with database.reading() as connection:
        for table in Base.metadata.sorted_tables:
            for row in await connection.execute(text(f"SELECT * FROM {table.name}")):
                cells += [bytes(cell) if isinstance(cell, bytes | memoryview) else str(cell).encode() for cell in row]
    return b"|".join(cells)


def files(folder: Path) -> bytes:
    """All bytes of all files in a folder: database, log, shared memory, key."""
    return b"".join(path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file())


class TestKeeping:
    async def test_what_is_kept_comes_back(self, journal: SqlJournal) -> None:
        await fill(journal)
        assert await journal.people("me") == [await journal.person("me", "maya"), person()]
        assert await journal.moments("me") == [moment("m2", "maya", -1), moment(turn_id="t1")]
        assert await journal.moments("me", "tom") == [await journal.moment("me", "m1")]
        assert await journal.conversations("me") == [await journal.conversation("me", "c1")]
        assert await journal.turns("me", "c1") == [turn(about=plan()), turn("t2", minutes=3)]
        assert await journal.turn("me", "t1") == turn(about=plan())
        assert await journal.plans("me") == await journal.plans("me", "tom") == [await journal.plan("me", "plan1")]
        assert await journal.plan("me", "plan1") == plan()
        assert await journal.outcomes("me", "plan1") == [Outcome("s1", True, NOW, "He smiled", Landed.HELPED)]
        assert [draft.id for draft in await journal.drafts("me")] == ["d1", "d2"]
        assert [draft.id for draft in await journal.drafts("me", "tom")] == ["d1"]
        assert not any((await journal.states()).values())

    async def test_it_is_there_after_opening_anew(self, journal: SqlJournal, database_url: str, tmp_path: Path) -> None:
        await fill(journal)
        again = await SqlJournal.open(database_url, tmp_path)
        assert await again.export("me") == await journal.export("me")
        await again.close()

    async def test_changes_hold(self, journal: SqlJournal) -> None:
        await fill(journal)
        await journal.change("me", Person, "tom", lambda it: replace(it, remote=True, plate=None))
        await journal.change("me", Moment, "m1", lambda _: replace(moment(days=9), person_id="maya"))
        await journal.change("me", Conversation, "c1", lambda _: Conversation("c1", "Approvals", NOW))
        assert (await journal.person("me", "tom")).remote is True
        assert await journal.moments("me", "tom") == []
        assert [it.id for it in await journal.moments("me", "maya")] == ["m2", "m1"]
        assert await journal.conversation("me", "c1") == Conversation("c1", "Approvals", NOW)

    async def test_a_turn_kept_again_is_replaced(self, journal: SqlJournal) -> None:
        await journal.add_conversation("me", Conversation("c1", "x", NOW))
        await journal.keep_turn("me", replace(turn(), reply="That so", complete=False))
        await journal.keep_turn("me", turn())
        assert await journal.turns("me", "c1") == [turn()]

    async def test_a_plan_kept_again_keeps_outcomes(self, journal: SqlJournal) -> None:
        """The plan drops s1, which has an outcome, and s2, which has none, and gains s3."""
        await fill(journal)
        await journal.keep_plan("me", plan(steps=("s3",)))
        assert await journal.plan("me", "plan1") == plan(steps=("s3",))
        assert [it.step_id for it in await journal.outcomes("me", "plan1")] == ["s1"]
        with pytest.raises(NotFound, match="step"):
            await journal.add_outcome("me", Outcome("s2", True, NOW))
        await journal.add_outcome("me", Outcome("s3", False, NOW))
        await journal.add_outcome("me", Outcome("s3", True, NOW + timedelta(hours=1), "later"))
        assert [(it.step_id, it.note) for it in await journal.outcomes("me", "plan1")] == [
            ("s1", "He smiled"),
            ("s3", "later"),
        ]

    async def test_a_draft_kept_again_is_replaced(self, journal: SqlJournal) -> None:
        await fill(journal)
        sent = Draft("d2", NOW, Purpose.THANKS, Channel.EMAIL, "Thank you, Maya", "maya", None, NOW)
        await journal.keep_draft("me", sent)
        assert await journal.drafts("me", "maya") == [sent]

    async def test_times_come_back_in_utc_to_the_microsecond(self, journal: SqlJournal) -> None:
        await journal.add_person("me", person())
        paris = replace(moment(), happened_at=NOW.astimezone(timezone(timedelta(hours=2))))
        await journal.add_moment("me", paris)
        kept = await journal.moment("me", "m1")
        assert kept.happened_at == NOW
        assert kept.happened_at.isoformat() == "2024-05-06T09:30:15.123456+00:00"

    async def test_the_newest_moments(self, journal: SqlJournal) -> None:
        await journal.add_person("me", person())
        for day in (3, 1, 4, 2):
            await journal.add_moment("me", moment(f"m{day}", days=day))
        assert [it.id for it in await journal.recent_moments("me", 3)] == ["m2", "m3", "m4"]
        assert await journal.recent_moments("me", 0) == []

    def test_it_is_the_journal_of_the_ports(self) -> None:
        for name, method in inspect.getmembers(Journal, inspect.isfunction):
            if not name.startswith("_"):
                theirs, ours = inspect.signature(method), inspect.signature(getattr(SqlJournal, name))
                assert list(theirs.parameters) == list(ours.parameters), name


class TestRefusing:
    async def test_unknown_ids_are_not_found(self, journal: SqlJournal) -> None:
        await fill(journal)
        for id_ in ("nobody", "", "x" * 300, "a\0b", "\ud800", "'; DROP TABLE people; --"):
            await self.not_found(journal, id_)

    async def not_found(self, journal: SqlJournal, id_: str) -> None:
        asks: list[Awaitable[object]] = [
            journal.person("me", id_),
            journal.moment("me", id_),
            journal.conversation("me", id_),
            journal.turn("me", id_),
            journal.plan("me", id_),
            journal.forget_person("me", id_),
            journal.forget_moment("me", id_),
            journal.forget_conversation("me", id_),
            journal.forget_turn("me", id_),
            journal.draft("me", id_),
            journal.forget_draft("me", id_),
            journal.add_outcome("me", Outcome(id_, True, NOW)),
            journal.add_moment("me", moment("m9", id_)),
            journal.add_moment("me", moment("m9", turn_id=id_)),
            journal.keep_turn("me", turn("t9", id_)),
            journal.keep_plan("me", plan("p9", id_)),
            journal.keep_draft("me", Draft("d9", NOW, Purpose.ASK, Channel.CHAT, "x", None, id_)),
        ]
        for ask in asks:
            with pytest.raises(NotFound, match="no such"):
                await ask
        lists: list[Awaitable[object]] = [
            journal.moments("me", id_),
            journal.turns("me", id_),
            journal.plans("me", id_),
            journal.outcomes("me", id_),
            journal.drafts("me", id_),
        ]
        for listed in lists:
            assert await listed == []

    async def test_changing_what_is_not_there(self, journal: SqlJournal) -> None:
        await fill(journal)
        with pytest.raises(NotFound, match="person"):
            await journal.change("me", Person, "ann", lambda it: it)
        with pytest.raises(NotFound, match="moment"):
            await journal.change("me", Moment, "m9", lambda it: it)
        with pytest.raises(NotFound, match="conversation"):
            await journal.change("me", Conversation, "c9", lambda it: it)

    async def test_a_taken_id_is_refused_and_the_first_stays(self, journal: SqlJournal) -> None:
        await fill(journal)
        with pytest.raises(BadInput, match="person with this id"):
            await journal.add_person("me", person(name="Another"))
        with pytest.raises(BadInput, match="step"):
            await journal.keep_plan("me", plan("plan2", steps=("s1",)))
        with pytest.raises(BadInput, match="Two steps"):
            await journal.keep_plan("me", plan("plan2", steps=("s8", "s8")))
        assert (await journal.person("me", "tom")).name == "Tom Ashdown"
        assert [it.id for it in await journal.plans("me")] == ["plan1"]

    async def test_ids_that_no_database_can_hold(self, journal: SqlJournal) -> None:
        for id_ in ("", "x" * 201, "a\0b", "\ud800"):
            with pytest.raises(BadInput, match="id of a person"):
                await journal.add_person("me", person(id_))
            with pytest.raises(BadInput, match="user's name"):
                await journal.add_person(id_, person())
            assert await journal.people(id_) == []
            await journal.forget(id_)

    async def test_what_cannot_be_kept_is_refused_and_nothing_stays(self, journal: SqlJournal) -> None:
        with pytest.raises(BadInput, match="time zone"):
            await journal.add_person("me", replace(person(), created_at=datetime(2024, 5, 6)))
        far = datetime.max.replace(tzinfo=timezone(-timedelta(hours=5)))
        with pytest.raises(BadInput, match="too far away"):
            await journal.add_person("me", replace(person(), plate_noted_at=far))
        with pytest.raises(BadInput, match="broken character"):
            await journal.add_person("me", person(name="Tom \ud83c"))
        assert await journal.people("me") == []

    async def test_odd_words_are_kept_as_they_are(self, journal: SqlJournal) -> None:
        for n, name in enumerate(
            ["", "a\0b", "שלום", "👩🏽‍💻", "x" * 100_000, "'); --", "\n\t\r", "{{ 7 * 7 }}", "\ufeff\u202e"]
        ):
            await journal.add_person("me", person(f"p{n}", name))
            assert (await journal.person("me", f"p{n}")).name == name


class TestUsers:
    async def test_nobody_reaches_anothers_rows(self, journal: SqlJournal) -> None:
        """Every method of the port, with ids that are mine, called by you."""
        await fill(journal, "me")
        mine = await journal.export("me")
        await journal.add_person("you", person("ann", "Ann"))
        calls: dict[str, Callable[[], Awaitable[object]]] = {
            "person": lambda: journal.person("you", "tom"),
            "change": lambda: journal.change("you", Person, "tom", lambda it: replace(it, name="Taken")),
            "forget_person": lambda: journal.forget_person("you", "tom"),
            "about": lambda: journal.about("you", "tom"),
            "forget_before": lambda: journal.forget_before("you", "tom", NOW + timedelta(days=9)),
            "add_moment": lambda: journal.add_moment("you", moment("m9")),
            "moment": lambda: journal.moment("you", "m1"),
            "forget_moment": lambda: journal.forget_moment("you", "m1"),
            "add_conversation": lambda: journal.add_conversation("you", Conversation("c9", "x", NOW, "tom")),
            "conversation": lambda: journal.conversation("you", "c1"),
            "forget_conversation": lambda: journal.forget_conversation("you", "c1"),
            "keep_turn": lambda: journal.keep_turn("you", turn("t1")),
            "continue_turn": lambda: journal.continue_turn("you", turn("t1")),
            "turn": lambda: journal.turn("you", "t1"),
            "keep_plan": lambda: journal.keep_plan("you", plan()),
            "keep_commitment": lambda: journal.keep_commitment("you", commitment()),
            "keep_sent": lambda: journal.keep_sent("you", sent()),
            "plan": lambda: journal.plan("you", "plan1"),
            "plan_with": lambda: journal.plan_with("you", "s1"),
            "add_outcome": lambda: journal.add_outcome("you", Outcome("s1", False, NOW)),
            "keep_draft": lambda: journal.keep_draft("you", Draft("d9", NOW, Purpose.ASK, Channel.CHAT, "x", "tom")),
            "draft": lambda: journal.draft("you", "d1"),
            "forget_draft": lambda: journal.forget_draft("you", "d1"),
            "forget_turn": lambda: journal.forget_turn("you", "t1"),
            "keep_session": lambda: journal.keep_session("you", session()),
            "session": lambda: journal.session("you", "ses1"),
            "forget_session": lambda: journal.forget_session("you", "ses1"),
            "take_out": lambda: journal.take_out("you", "intake1"),
        }
        for name, call in calls.items():
            with pytest.raises(NotFound):
                await call()
            assert name
        lists: dict[str, Callable[[], Awaitable[object]]] = {
            "moments": lambda: journal.moments("you", "tom"),
            "recent_moments": lambda: journal.recent_moments("you", 9),
            "moments_since": lambda: journal.moments_since("you", NOW - timedelta(days=99), ["tom"]),
            "sessions": lambda: journal.sessions("you"),
            "conversations": lambda: journal.conversations("you"),
            "turns": lambda: journal.turns("you", "c1"),
            "plans": lambda: journal.plans("you"),
            "outcomes": lambda: journal.outcomes("you", "plan1"),
            "plans_taken_on": lambda: journal.plans_taken_on("you"),
            "commitments": lambda: journal.commitments("you"),
            "outcomes_about": lambda: journal.outcomes_about("you", "tom"),
            "drafts": lambda: journal.drafts("you"),
            "sent": lambda: journal.sent("you", "t1"),
            "intakes": lambda: journal.intakes("you"),
        }
        for call in lists.values():
            assert await call() == []
        assert [it.id for it in await journal.people("you")] == ["ann"]
        assert await journal.preferences("you") == Preferences()
        assert await journal.contacts("you") == {}
        assert (await journal.search_moments("you", Search(person_id="tom"), 9)).n == 0
        assert (await journal.counts("you"))["moments"] == 0
        assert await journal.export("me") == mine
        covered = {
            *calls,
            *lists,
            "answered",
            "generation",
            "forget_on",
            "depart",
            "newest",
            "older",
            "goes_on",
            "keep_answer",
            "forget_answer",
            "begin",
            "take_in",
            "preferences",
            "contacts",
            "counts",
            "people",
            "add_person",
            "search_moments",
            "export",
            "import_",
            "give_back",  # an import of one person
            "forget",
            "states",
        }
        assert covered == {name for name, _ in inspect.getmembers(Journal, inspect.isfunction) if name[0] != "_"}

    async def test_ids_of_others_are_free_and_tell_nothing(self, journal: SqlJournal) -> None:
        await fill(journal, "me")
        await fill(journal, "you")
        await journal.change("you", Person, "tom", lambda it: replace(it, name="Your Tom"))
        assert (await journal.person("me", "tom")).name == "Tom Ashdown"
        await journal.forget_person("you", "tom")
        assert await journal.plan("me", "plan1") == plan()
        await journal.forget("you")
        assert await journal.turn("me", "t1") == turn(about=plan())

    async def test_reading_makes_nobody(self, journal: SqlJournal, database: Database, tmp_path: Path) -> None:
        assert await journal.people("me") == []
        assert (await journal.export("me"))["people"] == []
        assert await everything(database) == b""
        assert not (tmp_path / "key").exists()


class TestSealing:
    async def test_the_database_holds_no_words(
        self, journal: SqlJournal, database: Database, database_url: str, tmp_path: Path
    ) -> None:
        await fill(journal)
        cells = await everything(database)
        assert b"plan1" in cells
        words = [
            b"Ashdown",
            b"quiet",
            b"meeting",
            b"harmed",
            b"apology",
            b"chat",
            b"smiled",
            b"approver",
            b"repair",
            b"ask",
        ]
        assert [word for word in words if word in cells] == []
        if database_url.startswith("sqlite"):
            assert [word for word in words[:4] if word in files(tmp_path)] == []

    async def test_changed_or_swapped_rows_do_not_open(self, journal: SqlJournal, database: Database) -> None:
        await fill(journal)
        for statement, values in (
            ("UPDATE moments SET payload = (SELECT payload FROM moments m WHERE m.id = 'm2') WHERE id = 'm1'", {}),
            ("UPDATE moments SET payload = (SELECT payload FROM turns WHERE id = 't1') WHERE id = 'm1'", {}),
            ("UPDATE moments SET payload = :it WHERE id = 'm1'", {"it": b"\x01" * 60}),
            ("UPDATE moments SET payload = :it WHERE id = 'm1'", {"it": b""}),
            ("DELETE FROM moments WHERE id = 'm1'", {}),
            ("UPDATE moments SET id = 'm1' WHERE id = 'm2'", {}),
        ):
            await execute(database, statement, **values)
            if statement.startswith("DELETE"):
                continue
            for ask in (journal.moment, journal.moments):
                with pytest.raises(StorageTrouble, match=r"\(id m1\)"):
                    await ask("me", "m1" if ask == journal.moment else None)
        assert await journal.turn("me", "t2") == turn("t2", minutes=3)

    async def test_rows_of_another_user_do_not_open(self, journal: SqlJournal, database: Database) -> None:
        for user in ("me", "you"):
            await journal.add_person(user, person())
        await execute(
            database,
            "UPDATE people SET payload = (SELECT payload FROM people p WHERE p.user_id = 'me') WHERE user_id = 'you'",
        )
        with pytest.raises(StorageTrouble, match="tom"):
            await journal.person("you", "tom")

    async def test_a_missing_key_file_is_asked_for(
        self, journal: SqlJournal, database_url: str, tmp_path: Path
    ) -> None:
        await fill(journal)
        kept = (tmp_path / "key").read_bytes()
        (tmp_path / "key").unlink()
        again = await SqlJournal.open(database_url, tmp_path)
        assert "key is gone" in ((await again.states())["key"] or "")
        for ask in (again.people("me"), again.add_person("me", person("ann"))):
            with pytest.raises(
                StorageTrouble, match=r"The key file .*key is gone: nothing .* can be read until it is back"
            ):
                await ask
        assert not (tmp_path / "key").exists()
        (tmp_path / "key").write_bytes(kept)
        assert len(await again.people("me")) == 2
        await again.close()

    async def test_a_wrong_key_file_is_told(self, journal: SqlJournal, database_url: str, tmp_path: Path) -> None:
        await fill(journal)
        (tmp_path / "key").unlink()
        KeyFile(tmp_path / "key").make("me")
        again = await SqlJournal.open(database_url, tmp_path)
        assert "is not the one" in ((await again.states())["key"] or "")
        for ask in (again.people("me"), again.add_person("me", person("ann"))):
            with pytest.raises(StorageTrouble, match="not the one this journal was written with"):
                await ask
        await again.forget("me")
        assert await again.people("me") == []
        await again.close()


class TestErasing:
    async def test_what_goes_with_a_person(self, journal: SqlJournal) -> None:
        """Tom's own conversation goes whole; of a shared one, what told of him; of Maya's turn, the sentence."""
        await fill(journal)
        await journal.add_conversation("me", Conversation("shared", "Tom never replied", NOW))
        await journal.add_conversation("me", Conversation("only", "Tom again", NOW))
        await journal.keep_turn("me", turn("t3", "shared"))
        of_maya = {"said": "Maya was kind to Tom. She brought tea.", "reading": None}
        await journal.keep_turn("me", replace(turn("t4", "shared", 1, plan("plan4", "maya", ("s8",))), **of_maya))
        await journal.keep_plan("me", plan("plan4", "maya", ("s8",)))
        await journal.keep_turn("me", turn("t6", "shared", 2))
        await journal.keep_turn("me", turn("t5", "only", about=plan("plan5")))
        await journal.add_moment("me", moment("m3", "tom", turn_id="t3"))
        await journal.add_moment("me", moment("m4", "maya", turn_id="t3"))
        await journal.keep_plan("me", plan("plan2", "maya", ("s7",)))
        await journal.keep_draft("me", Draft("d3", NOW, Purpose.ASK, Channel.CHAT, "x", None, "plan1"))
        await journal.forget_person("me", "tom")
        left = await journal.export("me")
        assert {name: [it.get("id") for it in value] for name, value in left.items() if isinstance(value, list)} == {
            "people": ["maya"],
            "conversations": ["shared"],
            "turns": ["t4"],
            "moments": ["m2", "m4"],
            "plans": ["plan2", "plan4"],
            "drafts": ["d2"],
            "sent": [],
            "commitments": [],
            "preferences": ["mine"],
            "sessions": [],
            "outcomes": [],
        }
        assert (await journal.turn("me", "t4")).said == "… She brought tea."
        assert "Tom" not in json.dumps(left, ensure_ascii=False)
        assert (await journal.conversation("me", "shared")).title == ""
        assert (await journal.moment("me", "m4")).turn_id is None
        assert [it.moment_id for it in (await journal.plan("me", "plan2")).seen] == [None]
        with pytest.raises(NotFound):
            await journal.person("me", "tom")
        await journal.add_person("me", person())
        assert await journal.moments("me", "tom") == []

    async def test_what_was_sent_goes_with_its_turn_and_what_no_turn_sent_with_any_person(
        self, journal: SqlJournal
    ) -> None:
        await fill(journal)
        await journal.keep_sent("me", sent("call2", "t2"))
        await journal.keep_sent("me", sent("call3", None))
        await journal.keep_sent("me", replace(sent("call2", "t2"), outcome="slow", ms=9))
        assert [(it.id, it.outcome) for it in await journal.sent("me", "t2")] == [("call2", "slow")]
        assert [it.id for it in await journal.sent("me", limit=2)] == ["call2", "call3"]
        with pytest.raises(NotFound):
            await journal.keep_sent("me", sent("call4", "nowhere"))
        await journal.forget_turn("me", "t2")
        assert [it.id for it in await journal.sent("me")] == ["call1", "call3"]
        await journal.forget_person("me", "maya")
        assert [it.id for it in await journal.sent("me")] == ["call1"]
        await journal.forget_conversation("me", "c1")
        assert await journal.sent("me") == []

    async def test_what_goes_with_a_conversation(self, journal: SqlJournal) -> None:
        await fill(journal)
        await journal.forget_conversation("me", "c1")
        assert await journal.turns("me", "c1") == await journal.conversations("me") == []
        assert await journal.moment("me", "m1") == moment()
        assert await journal.plan("me", "plan1") == plan()

    async def test_what_goes_with_a_moment(self, journal: SqlJournal) -> None:
        await fill(journal)
        await journal.forget_moment("me", "m1")
        assert [it.id for it in await journal.moments("me")] == ["m2"]
        assert [it.turn_id for it in (await journal.plan("me", "plan1")).seen] == ["t1"]

    async def test_what_goes_with_a_turn_that_is_said_anew(self, journal: SqlJournal) -> None:
        await fill(journal)
        await journal.forget_draft("me", "d1")
        await journal.keep_plan("me", plan("plan2", steps=("s3",)))
        made = turn("t3", minutes=5, about=replace(plan("plan2", steps=("s3",)), created_at=NOW + timedelta(minutes=5)))
        await journal.keep_turn("me", made)
        await journal.forget_turn("me", "t3")
        assert [it.id for it in await journal.turns("me", "c1")] == ["t1", "t2"]
        assert [it.id for it in await journal.plans("me")] == ["plan1"]
        await journal.forget_turn("me", "t1")  # its plan has an outcome, and its moment was kept
        assert await journal.plan("me", "plan1") == plan()
        assert await journal.moment("me", "m1") == moment()
        assert [it.id for it in await journal.drafts("me")] == ["d2"]

    async def test_erased_rows_leave_the_files(self, sqlite_url: str, tmp_path: Path) -> None:
        """The sealed bytes themselves are planted text: after erasing, no file holds them, key or no key."""
        journal = await SqlJournal.open(sqlite_url, tmp_path)
        await fill(journal)
        await fill(journal, "you")
        for _ in range(3):
            await journal.change(
                "me", Moment, "m1", lambda it: replace(it, happened_at=it.happened_at + timedelta(days=2))
            )
        with sqlite3.connect(tmp_path / "journal.db") as beside:
            parts = {
                name: [row[0][20:52] for row in beside.execute(f"SELECT {column} FROM {name} WHERE {where}")]
                for name, column, where in (
                    ("people", "payload", "user_id = 'me' AND id = 'tom'"),
                    ("moments", "payload", "user_id = 'me' AND id = 'm1'"),
                    ("turns", "payload", "user_id = 'me'"),
                    ("plans", "payload", "user_id = 'me'"),
                    ("steps", "outcome", "user_id = 'me' AND outcome IS NOT NULL"),
                )
            }
            maya = beside.execute("SELECT payload FROM people WHERE user_id = 'me' AND id = 'maya'").fetchone()[0][
                20:52
            ]
        beside.close()
        tom = [part for found in parts.values() for part in found]
        assert len(tom) >= 6
        assert all(part in files(tmp_path) for part in tom)
        await journal.forget_person("me", "tom")
        assert not any(part in files(tmp_path) for part in tom)
        assert maya in files(tmp_path)
        await journal.forget("me")
        assert maya not in files(tmp_path)
        assert [it.id for it in await journal.people("you")] == ["maya", "tom"]
        assert (tmp_path / "journal.db-wal").stat().st_size == 0
        await journal.close()

    async def test_forgetting_a_user_leaves_nothing(
        self, journal: SqlJournal, database: Database, tmp_path: Path
    ) -> None:
        await fill(journal)
        key = json.loads((tmp_path / "key").read_text())["keys"]["me"]
        await journal.forget("me")
        assert await everything(database) == b""
        assert not (tmp_path / "key").exists()
        assert await journal.import_("me", await journal.export("me")) == EMPTY
        await fill(journal)
        assert json.loads((tmp_path / "key").read_text())["keys"]["me"] != key
        await journal.forget("nobody")

    async def test_forgetting_works_without_the_key(
        self, journal: SqlJournal, database: Database, tmp_path: Path
    ) -> None:
        await fill(journal)
        (tmp_path / "key").write_text("damaged")
        await journal.forget("me")
        assert await everything(database) == b""
        assert not (tmp_path / "key").exists()

    async def test_a_program_that_slept_does_not_use_a_dropped_key(
        self, journal: SqlJournal, database_url: str, tmp_path: Path
    ) -> None:
        await fill(journal)
        other = await SqlJournal.open(database_url, tmp_path)
        await other.forget("me")
        await journal.add_person("me", person("ann", "Ann"))
        assert [it.name for it in await other.people("me")] == ["Ann"]
        await other.forget("me")
        await other.add_person("me", person("bo", "Bo"))
        assert [it.name for it in await journal.people("me")] == ["Bo"]
        await other.close()

    async def test_a_reader_in_the_way_is_told_and_the_second_try_scrubs(self, sqlite_url: str, tmp_path: Path) -> None:
        journal = SqlJournal(Database(sqlite_url, busy_seconds=0.1), KeyFile(tmp_path / "key"))
        await fill(journal)
        reader = sqlite3.connect(tmp_path / "journal.db", isolation_level=None)
        reader.execute("BEGIN")
        reader.execute("SELECT count(*) FROM people").fetchone()
        with pytest.raises(StorageTrouble, match="It is erased, but traces may be left"):
            await journal.forget("me")
        reader.close()
        await journal.forget("me")
        assert (tmp_path / "journal.db-wal").stat().st_size == 0
        await journal.close()


def _without(name: str) -> Callable[[dict[str, Any]], object]:
    return lambda data: data.pop(name)


def _set(path: str, value: object) -> Callable[[dict[str, Any]], object]:
    def change(data: dict[str, Any]) -> None:
        *way, last = [int(part) if part.isdigit() else part for part in path.split(".")]
        spot: Any = data
        for part in way:
            spot = spot[part]
        spot[last] = value

    return change


class TestExporting:
    async def test_an_export_is_readable_json(self, journal: SqlJournal) -> None:
        await fill(journal)
        data = json.loads(json.dumps(await journal.export("me"), ensure_ascii=False))
        assert (data["format"], data["version"]) == ("coach-export", 1)
        assert data["people"][1]["name"] == "Tom Ashdown"
        assert data["moments"][0]["happened_at"] == "2024-05-05T09:30:15.123456Z"
        assert data["moments"][1]["landed"] == "harmed"
        assert data["plans"][0]["steps"][0]["due"] == "2024-05-08"
        assert data["outcomes"] == [
            {
                "plan_id": "plan1",
                "step_id": "s1",
                "happened": True,
                "noted_at": "2024-05-06T09:30:15.123456Z",
                "note": "He smiled",
                "landed": "helped",
                "on": None,
            }
        ]

    async def test_export_forget_import_gives_the_same(self, journal: SqlJournal) -> None:
        await fill(journal)
        await journal.keep_plan("me", plan(steps=("s2", "s3")))  # s1 is dropped, but has an outcome
        data = json.loads(json.dumps(await journal.export("me")))
        await journal.forget("me")
        counts = {"people": 2, "conversations": 1, "turns": 2, "moments": 2, "plans": 1, "drafts": 2, "sent": 1}
        counts |= {"outcomes": 1, "commitments": 1, "preferences": 1, "sessions": 1}
        assert await journal.import_("me", data) == counts
        assert await journal.export("me") == data
        assert await journal.import_("me", data) == EMPTY
        assert await journal.import_("you", data) == counts
        assert await journal.export("you") == data

    async def test_what_is_there_stays_as_it_is(self, journal: SqlJournal) -> None:
        await fill(journal)
        data = json.loads(json.dumps(await journal.export("me")))
        await journal.change("me", Person, "tom", lambda it: replace(it, name="Tom Renamed"))
        await journal.forget_moment("me", "m2")
        assert await journal.import_("me", data) == EMPTY | {"moments": 1}
        assert (await journal.person("me", "tom")).name == "Tom Renamed"

    @pytest.mark.parametrize(
        ("spoil", "sentence"),
        [
            (_set("format", "diary"), "not an export"),
            (_set("version", 2), '"version" should be 1'),
            (_without("turns"), "turns is missing"),
            (_set("secrets", []), "does not know"),
            (_set("moments", {}), "moments does not have the right form"),
            (_set("moments.1", "SECRET"), r"moments\[1\] does not have"),
            (_set("moments.1.landed", "SECRET"), r"moments\[1\]\.landed should be 'helped', 'harmed' or 'indifferent'"),
            (_set("moments.1.SECRET", 1), r"moments\[1\] has a field"),
            (_set("moments.0.happened_at", "SECRET"), r"moments\[0\]\.happened_at does not have"),
            (_set("moments.0.what", "SECRET \ud800"), r"moments\[0\]: The text holds a broken character"),
            (_set("moments.1.id", "m2"), r"moments\[1\] has the id of an earlier one"),
            (_set("moments.1.id", ""), r"moments\[1\] has an id that"),
            (_set("turns.0.reading.kind", "SECRET"), r"turns\[0\]\.reading\.kind should be"),
            (_set("turns.0.plan.steps.0.minutes", "SECRET"), r"turns\[0\]\.plan\.steps\[0\]\.minutes"),
            (_set("plans.0.steps.1.id", "s1"), r"plans\[…\]\.steps\[1\] has the id of an earlier one"),
        ],
    )
    def test_a_spoiled_export_is_refused_by_its_form(
        self, spoil: Callable[[dict[str, Any]], object], sentence: str
    ) -> None:
        data = json.loads((JOURNALS / "0001.json").read_text())["export"]
        assert parse(data)
        spoil(data)
        with pytest.raises(BadInput, match=sentence) as caught:
            parse(data)
        assert "SECRET" not in str(caught.value)

    async def test_an_export_that_hangs_in_the_air_is_refused_whole(
        self, journal: SqlJournal, database: Database
    ) -> None:
        for spoil, sentence in (
            (_set("moments.0.person_id", "SECRET"), r"moments\[0\]\.person_id: no such person"),
            (_set("moments.1.turn_id", "SECRET"), r"moments\[1\]\.turn_id: no such turn"),
            (_set("turns.0.conversation_id", "SECRET"), r"turns\[0\]\.conversation_id"),
            (_set("outcomes.0.plan_id", "SECRET"), r"outcomes\[0\]\.plan_id"),
            (_set("drafts.0.plan_id", "SECRET"), r"drafts\[0\]\.plan_id: no such plan"),
        ):
            data = json.loads((JOURNALS / "0001.json").read_text())["export"]
            spoil(data)
            with pytest.raises(BadInput, match=sentence) as caught:
                await journal.import_("me", data)
            assert "SECRET" not in str(caught.value)
            assert await everything(database) == b""

    async def test_steps_of_another_plan_are_refused_whole(self, journal: SqlJournal) -> None:
        await fill(journal)
        data = json.loads(json.dumps(await journal.export("me")))
        await journal.forget("me")
        await journal.keep_plan("me", plan("other", None, ("s2",)))
        before = await journal.export("me")
        with pytest.raises(BadInput, match=r"plans\[0\]\.steps"):
            await journal.import_("me", data)
        assert await journal.export("me") == before

    @pytest.mark.parametrize("data", [{}, [], "x", None, {"format": "coach-export", "version": True}])
    def test_what_is_no_export_is_refused(self, data: Any) -> None:
        with pytest.raises(BadInput):
            parse(data)


WRITER = """
import asyncio, sys
from pathlib import Path
from coach.journal import SqlJournal
from sample_journal import moment, person

async def main(url, data):
    journal = await SqlJournal.open(url, Path(data))
    await journal.add_person("me", person())
    n = 0
    while True:
        await journal.add_moment("me", moment(f"m{n}", days=n % 365))
        print(n, flush=True)
        n += 1

asyncio.run(main(*sys.argv[1:]))
"""


class TestLasting:
    @pytest.mark.slow
    async def test_what_was_acknowledged_survives_kill_9(self, database_url: str, tmp_path: Path) -> None:
        here = Path(__file__).parent
        environment = os.environ | {"PYTHONPATH": os.pathsep.join([str(here), str(here.parent)])}
        writer = subprocess.Popen(  # noqa: ASYNC220
            [sys.executable, "-c", WRITER, database_url, str(tmp_path)],
            stdout=subprocess.PIPE,
            text=True,
            env=environment,
        )
        assert writer.stdout is not None
        acknowledged = [int(writer.stdout.readline()) for _ in range(20)]
        writer.send_signal(signal.SIGKILL)
        acknowledged += [int(line) for line in writer.stdout.read().split()]
        writer.stdout.close()
        assert writer.wait(10) == -signal.SIGKILL
        journal = await SqlJournal.open(database_url, tmp_path)
        kept = {it.id for it in await journal.moments("me")}
        assert kept >= {f"m{n}" for n in acknowledged}
        assert len(kept) <= len(acknowledged) + 1
        await journal.close()

    async def test_many_write_at_once(self, journal: SqlJournal, database_url: str, tmp_path: Path) -> None:
        """Two programs, ten tasks each, from the very first write of the user on."""
        other = await SqlJournal.open(database_url, tmp_path)
        await asyncio.gather(
            *(it.add_person("me", person(f"{n}{m}")) for n, it in enumerate((journal, other)) for m in range(10)),
        )
        await asyncio.gather(*(journal.add_moment("me", moment(f"m{n}", "05")) for n in range(10)), other.people("me"))
        assert len(await other.people("me")) == 20
        assert len(await other.moments("me", "05")) == 10
        await other.close()

    async def test_the_same_turn_kept_by_many_is_one(self, journal: SqlJournal) -> None:
        await journal.add_conversation("me", Conversation("c1", "x", NOW))
        await asyncio.gather(*(journal.keep_turn("me", turn(minutes=n)) for n in range(10)))
        assert len(await journal.turns("me", "c1")) == 1

    async def test_of_many_who_add_the_same_one_wins(self, journal: SqlJournal) -> None:
        await journal.add_person("me", person("maya"))
        adds = [journal.add_person("me", person()) for _ in range(8)]
        outcomes = await asyncio.gather(*adds, return_exceptions=True)
        assert outcomes.count(None) == 1
        assert all(isinstance(it, BadInput) for it in outcomes if it is not None)

    async def test_cancelled_calls_happen_wholly_or_not_at_all_and_hold_nothing_up(
        self, journal: SqlJournal, database_url: str, tmp_path: Path
    ) -> None:
        """Cancelled at every stage; the next call, and another program, go on at once."""
        await journal.add_person("me", person())
        started = time.monotonic()
        for n in range(24):
            call = journal.add_moment("me", moment(f"m{n}")) if n % 2 else journal.moments("me")
            task = asyncio.create_task(call)
            await asyncio.sleep(n / 4000)
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task
        other = await SqlJournal.open(database_url, tmp_path)
        await other.add_moment("me", moment("last"))
        await other.close()
        assert "last" in {it.id for it in await journal.moments("me")}
        assert time.monotonic() - started < 5

    async def test_a_long_journal_opens_only_what_is_asked(self, journal: SqlJournal, database: Database) -> None:
        """10,000 moments; those of others are spoiled, so that opening any of them would raise."""
        await journal.add_person("me", person())
        await journal.add_person("me", person("maya"))
        data: dict[str, Any] = json.loads(json.dumps(await journal.export("me")))
        like = json.loads(json.dumps(await _one(journal)))
        data["moments"] = [
            like | {"id": f"x{n}", "person_id": "tom" if n % 500 == 0 else "maya", "happened_at": when(n)}
            for n in range(10_000)
        ]
        assert (await journal.import_("me", data))["moments"] == 10_000
        await execute(
            database, "UPDATE moments SET payload = :junk WHERE person_id = 'maya' AND happened_at < :t", junk=b"", t=0
        )
        spoil = "UPDATE moments SET payload = :junk WHERE person_id = 'maya' AND id <> 'x9999'"
        await execute(database, spoil, junk=b"")
        assert len(await journal.moments("me", "tom")) == 21
        assert [it.id for it in await journal.recent_moments("me", 1)] == ["x9999"]

    async def test_the_database_finds_moments_by_index(self, sqlite_url: str, tmp_path: Path) -> None:
        with sqlite3.connect(tmp_path / "journal.db") as beside:
            for where, order, index in (
                ("user_id = 'me' AND person_id = 'tom'", "happened_at, id", "ix_moments_user_id_person_id_happened_at"),
                ("user_id = 'me'", "happened_at DESC, id DESC LIMIT 9", "ix_moments_user_id_happened_at"),
            ):
                query = f"EXPLAIN QUERY PLAN SELECT id, payload FROM moments WHERE {where} ORDER BY {order}"
                assert any(index in row[3] for row in beside.execute(query))
        beside.close()


async def _one(journal: SqlJournal) -> dict[str, Any]:
    await journal.add_moment("me", moment("x"))
    moments = (await journal.export("me"))["moments"]
    assert isinstance(moments, list)
    found: dict[str, Any] = moments[0]
    return found


def when(n: int) -> str:
    return (NOW + timedelta(minutes=n + 1)).isoformat()


class TestTrouble:
    async def test_a_locked_database_is_told(self, sqlite_url: str, tmp_path: Path) -> None:
        journal = SqlJournal(Database(sqlite_url, busy_seconds=0.05), KeyFile(tmp_path / "key"))
        await journal.add_person("me", person())
        other = sqlite3.connect(tmp_path / "journal.db", isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(StorageTrouble, match="Another program is using the journal"):
            await journal.add_person("me", person("maya"))
        assert len(await journal.people("me")) == 1
        other.close()
        await journal.add_person("me", person("maya"))
        await journal.close()

    def test_a_full_disk_is_told(self, tmp_path: Path) -> None:
        engine = create_engine(f"sqlite:///{tmp_path}/small.db")
        with engine.connect() as small:
            small.execute(text("PRAGMA max_page_count = 3"))
            small.execute(text("CREATE TABLE words (word BLOB)"))
            with pytest.raises(StorageTrouble, match=r"The disk is full.*small"), translated("small"):
                small.execute(text("INSERT INTO words VALUES (zeroblob(99999))"))
        engine.dispose()

    async def test_a_damaged_database_is_told(self, sqlite_url: str, tmp_path: Path) -> None:
        path = tmp_path / "journal.db"
        content = bytearray(path.read_bytes())
        content[4096:] = b"\x5a" * (len(content) - 4096)
        path.write_bytes(content)
        journal = SqlJournal(Database(sqlite_url), KeyFile(tmp_path / "key"))
        with pytest.raises(StorageTrouble, match="is damaged"):
            await journal.people("me")
        await journal.close()

    async def test_sentences_and_their_causes_hold_no_words(self, empty_url: str, tmp_path: Path) -> None:
        """Even what a traceback would print, when the table is gone."""
        journal, database = await SqlJournal.open(empty_url, tmp_path), Database(empty_url)
        await journal.add_person("me", person())
        await execute(database, "DROP TABLE moments")
        with pytest.raises(StorageTrouble) as caught:
            await journal.add_moment("me", moment())
        cause: BaseException | None = caught.value
        while cause is not None:
            assert "approval" not in f"{cause} {cause.args!r}"
            cause = cause.__cause__ or cause.__context__
        await execute(database, "DROP TABLE alembic_version")
        assert "Restart" in ((await journal.states())["database"] or "")
        await database.close()
        await journal.close()


def test_times_of_the_sample_are_utc() -> None:
    assert NOW.tzinfo is UTC
    assert isinstance(moment(), Moment)


async def test_a_search_over_many_moments_makes_nouns_only_of_what_it_gives_back(journal: SqlJournal) -> None:
    await journal.add_person("me", Person("p", "Tom Ashdown", NOW))
    for n in range(30):
        at = datetime(2024, 5, 1, tzinfo=UTC) + timedelta(hours=n)
        what = "I thanked him for the figures" if n % 3 else "He was late"
        await journal.add_moment("me", Moment(f"m{n}", "p", at, Channel.MEETING, By.ME, what, Landed.HELPED, at))
    people = await journal.people("me")
    found = await journal.search_moments("me", Search(words_of("figures ash", people)), 5)
    assert (found.n, [it.id for it in found.moments]) == (20, ["m29", "m28", "m26", "m25", "m23"])
    assert (await journal.search_moments("you", Search(words_of("figures", ())), 5)).n == 0
