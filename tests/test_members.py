"""Members of a group on SQLite and PostgreSQL: joining, signing in, locking, recovering, leaving, over two workers."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path
from statistics import median
from time import perf_counter

import pytest
import pytest_asyncio
from sqlalchemy import text

from callers import calling
from coach.caller import Caller
from coach.domain.members import DoorKind, Opened, Role
from coach.errors import BadInput, Locked, Refused, StorageTrouble, TooMany
from coach.members import codes, wraps
from coach.members.columns import METADATA
from coach.members.entry import LONG, named
from groups import HOME, PASSWORD, Worker, worker
from sample_journal import fill, person

PROGRAM_KINDS = (DoorKind.CHAT, DoorKind.MCP)


@pytest_asyncio.fixture
async def two(database_url: str, tmp_path: Path) -> AsyncIterator[tuple[Worker, Worker]]:
    """Two workers on one database and one pepper."""
    async with AsyncExitStack() as stack:
        one = await stack.enter_async_context(worker(database_url, tmp_path))
        yield one, await stack.enter_async_context(worker(database_url, tmp_path))


@pytest_asyncio.fixture
async def it(database_url: str, tmp_path: Path) -> AsyncIterator[Worker]:
    async with worker(database_url, tmp_path) as made:
        yield made


async def execute(it: Worker, statement: str, **values: object) -> None:
    async with it.database.writing() as connection:
        await connection.execute(text(statement), values)


async def everything(it: Worker) -> bytes:
    """All cells of all rows of members, as bytes."""
    cells = []
    async with it.database.reading() as connection:
        for table in METADATA.sorted_tables:
            for row in await connection.execute(table.select()):
                cells += [bytes(cell) if isinstance(cell, bytes | memoryview) else str(cell).encode() for cell in row]
    return b"|".join(cells)


class TestJoining:
    async def test_the_first_link_makes_an_admin_and_there_is_only_one(self, it: Worker) -> None:
        zoe = await it.joined("Zoe ")
        assert (zoe.member.login, zoe.member.role) == ("zoe", Role.ADMIN)
        with pytest.raises(Refused, match="no first link"):
            await it.roster.first()

    async def test_eight_at_once_with_one_invitation_are_one_member(self, two: tuple[Worker, Worker]) -> None:
        await two[0].joined("zoe")
        link = await two[0].roster.invite(None, Role.MEMBER)
        made = await asyncio.gather(
            *(two[n % 2].roster.join(link, f"member{n}", PASSWORD) for n in range(8)), return_exceptions=True
        )
        assert sorted(type(each).__name__ for each in made) == ["Refused"] * 7 + ["str"]
        assert len(await two[0].roster.members()) == 2

    async def test_an_invitation_ends_after_a_week(self, it: Worker) -> None:
        await it.joined("zoe")
        link = await it.roster.invite(None, Role.HOST)
        it.later(days=6, hours=23)
        assert await it.roster.invited(link) is Role.HOST
        it.later(hours=1)
        assert await it.roster.invited(link) is None
        with pytest.raises(Refused, match="used already or has ended"):
            await it.roster.join(link, "yuri", PASSWORD)

    async def test_a_login_that_is_taken_leaves_the_invitation_as_it_was(self, it: Worker) -> None:
        await it.joined("zoe")
        link = await it.roster.invite(None, Role.MEMBER)
        with pytest.raises(BadInput, match="already"):
            await it.roster.join(link, "ZOE", PASSWORD)
        assert (await it.opened(await it.roster.join(link, "yuri", PASSWORD))).member.login == "yuri"

    @pytest.mark.parametrize(("login", "password"), [("x", PASSWORD), ("two words", PASSWORD), ("a\0b", PASSWORD),
                                                     ("yuri", "short"), ("yuri", "aaaaaaaaaaaaaaa"),
                                                     ("yuri-of-the-office", "Yuri-of-the-office"), ("y" * 61, PASSWORD),
                                                     ("yuri", "x1y2" * 300)])  # fmt: skip
    async def test_a_login_or_password_that_cannot_serve_is_refused(
        self, it: Worker, login: str, password: str
    ) -> None:
        link = await it.roster.first()
        with pytest.raises(BadInput):
            await it.roster.join(link, login, password)

    @pytest.mark.parametrize("act", ["lock", "make", "erase"])
    async def test_what_an_admin_invited_ends_with_their_being_one(self, it: Worker, act: str) -> None:
        zoe = await it.joined("zoe")
        await it.joined("yuri")
        await it.roster.make(zoe.member, "yuri", Role.ADMIN)
        kept_back = await it.roster.invite(await it.roster.find("yuri"), Role.ADMIN)
        others = await it.roster.invite(zoe.member, Role.MEMBER)
        await getattr(it.roster, act)(zoe.member, "yuri", *([Role.MEMBER] if act == "make" else []))
        with pytest.raises(Refused):
            await it.roster.join(kept_back, "yuri2", PASSWORD)
        assert await it.roster.join(others, "wen", PASSWORD)

    @pytest.mark.parametrize("login", ["..", "-.", "a\x00b", "a b", "x" * 61, "x"])
    async def test_a_login_is_one_that_an_address_and_a_database_can_hold(self, it: Worker, login: str) -> None:
        await it.joined("zoe")
        link = await it.roster.invite(None, Role.MEMBER)
        with pytest.raises(BadInput, match="A login has"):
            await it.roster.join(link, login, PASSWORD)

    async def test_only_an_admin_invites(self, it: Worker) -> None:
        zoe, yuri = await it.joined("zoe"), await it.joined("yuri")
        assert await it.roster.invite(zoe.member, Role.HOST)
        with pytest.raises(Refused, match="Only an admin"):
            await it.roster.invite(yuri.member, Role.MEMBER)


class TestSigningIn:
    async def test_a_session_of_one_worker_opens_at_the_other_and_after_a_restart(
        self, two: tuple[Worker, Worker], database_url: str, tmp_path: Path
    ) -> None:
        zoe = await two[0].joined("zoe")
        token = await two[0].entry.sign_in("ZOE", PASSWORD, HOME)
        assert (await two[1].opened(token)).key == zoe.key
        async with worker(database_url, tmp_path) as third:
            assert (await third.opened(token)).key == zoe.key

    async def test_a_wrong_password_and_an_unknown_name_get_the_same_answer(self, it: Worker) -> None:
        await it.joined("zoe")
        said = []
        for login in ("zoe", "nobody"):
            with pytest.raises(Refused) as refused:
                await it.entry.sign_in(login, "not the password", HOME)
            said.append(str(refused.value))
        assert said[0] == said[1]

    async def test_tries_are_counted_over_all_workers_and_end_after_five_minutes(
        self, two: tuple[Worker, Worker]
    ) -> None:
        await two[0].joined("zoe")
        for n in range(10):
            with pytest.raises(Refused):
                await two[n % 2].entry.sign_in("zoe", "not the password", HOME)
        with pytest.raises(TooMany, match="five minutes"):
            await two[0].entry.sign_in("zoe", PASSWORD, HOME)
        assert await two[1].entry.sign_in("zoe", PASSWORD, "192.0.2.99"), "from elsewhere nobody is locked out"
        two[1].later(minutes=5)
        assert await two[1].entry.sign_in("zoe", PASSWORD, HOME)

    async def test_eleven_wrong_ones_at_once_are_no_more_than_ten(self, two: tuple[Worker, Worker]) -> None:
        await two[0].joined("zoe")
        tried = await asyncio.gather(
            *(two[n % 2].entry.sign_in("zoe", "not the password", HOME) for n in range(14)), return_exceptions=True
        )
        assert sorted(type(each).__name__ for each in tried) == ["Refused"] * 10 + ["TooMany"] * 4

    async def test_the_right_password_takes_its_tries_back(self, it: Worker) -> None:
        await it.joined("zoe")
        for _ in range(40):
            assert await it.entry.sign_in("zoe", PASSWORD, HOME)

    async def test_a_slot_of_an_older_pepper_or_cost_is_sealed_anew(self, it: Worker, tmp_path: Path) -> None:
        zoe = await it.joined("zoe")
        old = (tmp_path / "pepper").read_bytes()
        (tmp_path / "pepper").unlink()
        wraps_of = wraps.Cost(32, 1, 1)
        peppers = type(it.peppers).read(tmp_path / "pepper", make=True)
        (tmp_path / "pepper").write_bytes((tmp_path / "pepper").read_bytes() + old)
        newer = Worker(it.journal, it.database, type(it.peppers).read(tmp_path / "pepper", make=False), wraps_of)
        assert (await newer.opened(await newer.entry.sign_in("zoe", PASSWORD, HOME))).key == zoe.key
        found = await newer.ledger.slots("zoe", wraps.SlotKind.PASSWORD)
        assert found is not None
        assert [(slot.cost, slot.pepper) for slot in found[1]] == [(str(wraps_of), peppers.now)]

    async def test_nothing_of_a_secret_stands_in_a_row(self, it: Worker) -> None:
        zoe = await it.joined("zoe")
        token = await it.entry.sign_in("zoe", PASSWORD, HOME)
        code = codes.new_code()
        assert await it.entry.keep_code(zoe, code, codes.last_group(code))
        chat = await it.entry.program(zoe, DoorKind.CHAT, "Quillfeather's laptop")
        link = await it.roster.invite(zoe.member, Role.MEMBER)
        rows = await everything(it)
        assert zoe.key is not None
        spelt = code.replace("-", "")
        for secret in (token, chat, link, PASSWORD, code, spelt, "Quillfeather", HOME):
            assert secret.encode() not in rows
        assert zoe.key not in rows
        assert zoe.key.hex().encode() not in rows
        assert b"zoe" in rows


class TestSessions:
    async def test_a_session_ends_half_a_day_after_it_was_last_used(self, it: Worker) -> None:
        await it.joined("zoe")
        token = await it.entry.sign_in("zoe", PASSWORD, HOME)
        for _ in range(5):
            it.later(hours=11)
            assert (await it.opened(token)).key
        it.later(hours=12)
        assert await it.entry.opened(token, [DoorKind.SESSION]) is None

    async def test_a_long_one_ends_after_thirty_days(self, it: Worker) -> None:
        await it.joined("zoe")
        token = await it.entry.sign_in("zoe", PASSWORD, HOME, long=True)
        it.later(days=29, hours=23)
        assert (await it.opened(token)).scope == LONG
        it.later(days=30)
        assert await it.entry.opened(token, [DoorKind.SESSION]) is None

    async def test_locking_keeps_who_it_is_and_drops_the_key(self, two: tuple[Worker, Worker]) -> None:
        await two[0].joined("zoe")
        token = await two[0].entry.sign_in("zoe", PASSWORD, HOME)
        await two[0].entry.lock(await two[0].opened(token))
        locked = await two[1].opened(token)
        assert (locked.member.login, locked.key) == ("zoe", None)

    async def test_signing_out_everywhere_ends_sessions_and_programs_at_every_worker(
        self, two: tuple[Worker, Worker]
    ) -> None:
        zoe, yuri = await two[0].joined("zoe"), await two[0].joined("yuri")
        tokens = [await two[n % 2].entry.sign_in("zoe", PASSWORD, HOME) for n in range(3)]
        chat = await two[0].entry.program(zoe, DoorKind.CHAT, "laptop")
        await two[1].entry.sign_out(zoe, everywhere=True)
        for token in (*tokens, chat):
            assert await two[0].entry.opened(token, list(DoorKind)) is None
        assert await two[0].entry.ways(yuri), "nobody else is touched"

    async def test_one_door_is_ended_by_its_member_alone(self, it: Worker) -> None:
        zoe, yuri = await it.joined("zoe"), await it.joined("yuri")
        await it.entry.sign_out(zoe, door=yuri.door)
        assert [way.id for way in await it.entry.ways(yuri)] == [yuri.door]

    async def test_a_changed_password_ends_every_door_and_the_old_one_opens_nothing(self, it: Worker) -> None:
        zoe = await it.joined("zoe")
        with pytest.raises(Refused):
            await it.entry.change_password(zoe, "not the password", "a new one of words", HOME)
        token = await it.entry.change_password(zoe, PASSWORD, "a new one of words", HOME)
        assert (await it.opened(token)).key == zoe.key
        assert [way.id for way in await it.entry.ways(zoe)] == [wraps.token_id(token)]
        with pytest.raises(Refused):
            await it.entry.sign_in("zoe", PASSWORD, HOME)
        assert await it.entry.sign_in("zoe", "a new one of words", HOME)

    async def test_a_token_is_taken_as_the_kind_it_is_and_no_other(self, it: Worker) -> None:
        zoe = await it.joined("zoe")
        session = await it.entry.sign_in("zoe", PASSWORD, HOME)
        chat = await it.entry.program(zoe, DoorKind.CHAT, "laptop")
        assert await it.entry.opened(session, PROGRAM_KINDS) is None
        assert await it.entry.opened(chat, [DoorKind.SESSION]) is None
        opened = await it.opened(chat, *PROGRAM_KINDS)
        assert (opened.scope, opened.key) == ("/v1/", zoe.key)
        with pytest.raises(BadInput):
            await it.entry.program(zoe, DoorKind.SESSION, "laptop")

    @pytest.mark.parametrize(
        "edit",
        ["kind = 'session'", "scope = '/'", "ends_at = ends_at + 1", "member_id = (SELECT id FROM members WHERE "
         "login = 'yuri')", "sealed = (SELECT sealed FROM doors WHERE kind = 'session' LIMIT 1)", "pepper = ''"],
    )  # fmt: skip
    async def test_an_edited_row_lets_nobody_in(self, it: Worker, edit: str) -> None:
        zoe = await it.joined("zoe")
        await it.joined("yuri")
        chat = await it.entry.program(zoe, DoorKind.CHAT, "laptop")
        assert await it.opened(chat, DoorKind.CHAT)
        await execute(it, f"UPDATE doors SET {edit} WHERE kind = 'chat'")
        assert await it.entry.opened(chat, list(DoorKind)) is None

    async def test_the_member_s_own_words_for_a_program_are_theirs_alone(self, it: Worker) -> None:
        zoe = await it.joined("zoe")
        await it.entry.program(zoe, DoorKind.MCP, "my editor")
        assert {(way.kind, way.label) for way in await it.entry.ways(zoe)} == {
            (DoorKind.SESSION, ""), (DoorKind.MCP, "my editor"),
        }  # fmt: skip

    async def test_what_has_ended_is_swept(self, it: Worker) -> None:
        await it.joined("zoe")
        await it.roster.invite(None, Role.MEMBER)
        it.later(days=30)
        await it.doors.sweep(it.now)
        async with it.database.reading() as connection:
            for table in ("doors", "invites", "tries"):
                assert await connection.scalar(text(f"SELECT count(*) FROM {table}")) == 0


class TestRecovery:
    async def test_a_code_opens_once_in_any_spelling_and_ends_every_door(self, two: tuple[Worker, Worker]) -> None:
        zoe = await two[0].joined("zoe")
        code = codes.new_code()
        assert not await two[0].entry.keep_code(zoe, code, "AAAA")
        assert not await two[0].entry.has_code(zoe.member.id)
        assert await two[0].entry.keep_code(zoe, code, codes.last_group(code).lower())
        token = await two[1].entry.recover("zoe", code.lower().replace("-", " "), "a new one of words", HOME)
        opened = await two[0].opened(token)
        assert opened.key == zoe.key
        assert [way.id for way in await two[0].entry.ways(opened)] == [opened.door]
        with pytest.raises(Refused, match="opens once"):
            await two[0].entry.recover("zoe", code, "yet another password", HOME)
        assert await two[0].entry.sign_in("zoe", "a new one of words", HOME)

    async def test_at_once_it_opens_once(self, two: tuple[Worker, Worker]) -> None:
        zoe = await two[0].joined("zoe")
        code = codes.new_code()
        await two[0].entry.keep_code(zoe, code, codes.last_group(code))
        made = await asyncio.gather(
            *(two[n].entry.recover("zoe", code, f"a new one of words {n}", HOME) for n in (0, 1)),
            return_exceptions=True,
        )
        assert sorted(type(each).__name__ for each in made) == ["Refused", "str"]

    async def test_a_slip_is_named_before_anything_is_looked_up(self, it: Worker) -> None:
        await it.joined("zoe")
        with pytest.raises(BadInput, match="character is wrong or missing"):
            await it.entry.recover("zoe", "9K1Y-4D7G-DSTF-B60G-MQZ6-H2VG-SP2D", "a new one of words", HOME)
        assert b" from " not in await everything(it)
        async with it.database.reading() as connection:
            assert await connection.scalar(text("SELECT count(*) FROM tries")) == 0

    async def test_a_newer_code_takes_the_place_of_the_old_one(self, it: Worker) -> None:
        zoe = await it.joined("zoe")
        old, new = codes.new_code(), codes.new_code()
        for code in (old, new):
            assert await it.entry.keep_code(zoe, code, codes.last_group(code))
        with pytest.raises(Refused):
            await it.entry.recover("zoe", old, "a new one of words", HOME)
        assert await it.entry.recover("zoe", new, "a new one of words", HOME)


class TestTheGroup:
    async def test_one_who_is_locked_out_keeps_everything_and_opens_nothing(self, two: tuple[Worker, Worker]) -> None:
        zoe, yuri = await two[0].joined("zoe"), await two[0].joined("yuri")
        token = await two[0].entry.sign_in("yuri", PASSWORD, HOME)
        chat = await two[0].entry.program(yuri, DoorKind.CHAT, "laptop")
        await two[1].roster.lock(zoe.member, "yuri")
        for each in (token, chat):
            assert await two[0].entry.opened(each, list(DoorKind)) is None
        with pytest.raises(Refused, match="locked you out"):
            await two[0].entry.sign_in("yuri", PASSWORD, HOME)
        with pytest.raises(Refused, match="do not go together"):
            await two[0].entry.sign_in("yuri", "not the password", HOME)
        await two[1].roster.lock(zoe.member, "yuri", locked=False)
        assert (await two[0].opened(token)).key == yuri.key

    async def test_the_last_admin_is_neither_erased_nor_locked_out_nor_made_less(self, it: Worker) -> None:
        zoe = await it.joined("zoe")
        await it.joined("yuri")
        for act in (it.roster.erase(zoe.member, "zoe"), it.roster.lock(zoe.member, "zoe"),
                    it.roster.make(zoe.member, "zoe", Role.MEMBER), it.roster.leave(zoe, PASSWORD, HOME)):  # fmt: skip
            with pytest.raises(Refused, match="last admin"):
                await act
        await it.roster.make(zoe.member, "yuri", Role.ADMIN)
        await it.roster.make(zoe.member, "zoe", Role.MEMBER)

    async def test_what_admins_do_is_written_down_in_a_chain_that_shows_a_cut(self, it: Worker) -> None:
        zoe = await it.joined("zoe")
        await it.joined("yuri")
        await it.roster.lock(zoe.member, "yuri")
        await it.roster.erase(zoe.member, "yuri")
        acts, head = await it.roster.acts()
        assert [(act.who, act.what, act.about) for act in acts][-2:] == [
            ("zoe", "locked out", "yuri"), ("zoe", "erased", "yuri"),
        ]  # fmt: skip
        assert len(head) == 64
        await execute(it, "DELETE FROM audit WHERE number = :number", number=len(acts) - 1)
        with pytest.raises(StorageTrouble, match="was changed"):
            await it.roster.acts()

    async def test_acts_at_once_make_one_chain(self, two: tuple[Worker, Worker]) -> None:
        await two[0].joined("zoe")
        await asyncio.gather(*(two[n % 2].roster.invite(None, Role.MEMBER) for n in range(8)))
        acts, _ = await two[0].roster.acts()
        assert [act.number for act in acts] == list(range(1, 10))

    async def test_leaving_leaves_nothing_and_touches_nobody_else(self, it: Worker) -> None:
        zoe, yuri = await it.joined("zoe"), await it.joined("yuri")
        for each in (zoe, yuri):
            with calling(Caller(each.member.id, each.key)):
                await fill(it.journal, each.member.id)
            await it.entry.program(each, DoorKind.CHAT, "laptop")
            code = codes.new_code()
            await it.entry.keep_code(each, code, codes.last_group(code))
        with pytest.raises(Refused):
            await it.roster.leave(yuri, "not the password", HOME)
        before = await rows_of(it, zoe)
        await it.roster.leave(yuri, PASSWORD, HOME)
        assert await rows_of(it, yuri) == []
        assert await rows_of(it, zoe) == before != []
        with calling(Caller(yuri.member.id, yuri.key)), pytest.raises(Exception, match="left"):
            await it.journal.add_person(yuri.member.id, person())

    async def test_an_admin_erases_without_any_key(self, it: Worker) -> None:
        zoe, yuri = await it.joined("zoe"), await it.joined("yuri")
        with calling(Caller(yuri.member.id, yuri.key)):
            await fill(it.journal, yuri.member.id)
        await it.roster.erase(zoe.member, "yuri")
        assert await rows_of(it, yuri) == []
        assert [each.login for each in await it.roster.members()] == ["zoe"]

    async def test_a_member_s_key_opens_their_own_journal_alone(self, it: Worker) -> None:
        zoe, yuri = await it.joined("zoe"), await it.joined("yuri")
        with calling(Caller(yuri.member.id, yuri.key)):
            await it.journal.add_person(yuri.member.id, person())
            with pytest.raises(Locked):
                await it.journal.people(zoe.member.id)
        assert zoe.key != yuri.key


async def rows_of(it: Worker, who: Opened) -> list[tuple[object, ...]]:
    """Every row, in any table, that bears a member's id."""
    found = []
    async with it.database.reading() as connection:
        from sqlalchemy import MetaData

        metadata = MetaData()
        await connection.run_sync(metadata.reflect)
        for table in metadata.sorted_tables:
            for row in await connection.execute(table.select()):
                if who.member.id in map(str, row):
                    found.append((table.name, *row))
    return sorted(found, key=repr)


async def test_an_unknown_name_takes_as_long_as_a_wrong_password_at_the_cost_that_ships(
    sqlite_url: str, tmp_path: Path
) -> None:
    """Not a bar on speed: that what is derived for nobody is what is derived for somebody."""
    async with worker(sqlite_url, tmp_path, wraps.REAL) as it:
        await it.joined("zoe")
        took: dict[str, list[float]] = {"zoe": [], "nobody": []}
        for login in ("zoe", "nobody", "zoe", "nobody"):
            begun = perf_counter()
            with pytest.raises(Refused):
                await it.entry.sign_in(login, "not the password", HOME)
            took[login].append(perf_counter() - begun)
        assert median(took["nobody"]) > 0.25 * median(took["zoe"])


def test_a_login_is_the_same_however_it_is_typed() -> None:
    assert named(" Zoë ") == named("ZOE\u0308") == "zoë"
