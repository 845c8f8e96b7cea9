"""Numbers of the whole group: in fives, none under five, reckoned once, of those alone who said they may be counted."""

from __future__ import annotations

import random
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import pytest_asyncio
from sqlalchemy import delete, insert, update

from coach.domain.members import Counted, Week
from coach.errors import BadInput
from coach.journal.database import Database
from coach.journal.schema import SessionRow, TurnRow, UserRow
from coach.members.columns import MEMBERS, NUMBERS
from coach.members.numbers import Numbers, in_fives, last_week
from groups import NOW
from test_members_pages import FORM, Site, site

SESSIONS, TURNS, USERS = SessionRow.__table__, TurnRow.__table__, UserRow.__table__


@pytest_asyncio.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    made = Database(database_url)
    yield made
    await made.close()


@pytest_asyncio.fixture
async def small(sqlite_url: str) -> AsyncIterator[Database]:
    made = Database(sqlite_url)
    yield made
    await made.close()


@dataclass
class Crowd:
    """A group that changes; it knows by itself who did what in the week under way."""

    database: Database
    chance: random.Random
    now: datetime = NOW
    counted: dict[str, bool] = field(default_factory=dict)
    held: set[str] = field(default_factory=set)
    met: int = 0

    async def week(self) -> dict[Counted, int]:
        """Let a week pass in which anybody joins, leaves, changes their mind or holds a session; return who counts."""
        for _ in range(self.chance.randrange(12)):
            self.counted[f"m{len(self.counted) + self.met}"] = self.chance.random() < 0.8
            self.met += 1
        for name in [each for each in self.counted if self.chance.random() < 0.15]:
            if self.chance.random() < 0.5:
                self.counted[name] = not self.counted[name]
            else:
                del self.counted[name]
        self.held = {name for name in self.counted if self.chance.random() < 0.6}
        await self.write()
        self.now += timedelta(days=7)
        wanted = {name for name, yes in self.counted.items() if yes}
        return {Counted.MEMBERS: len(wanted), Counted.SESSIONS: len(wanted & self.held),
                Counted.TALKED: 0, Counted.TOOK_ON: 0}  # fmt: skip

    async def write(self) -> None:
        """Put rows there as they now are: members, and a session each of who held one this week."""
        async with self.database.writing() as connection:
            for table in (SESSIONS, USERS, MEMBERS):
                await connection.execute(delete(table))
            if not self.counted:
                return
            await connection.execute(insert(MEMBERS), [
                {"id": name, "login": name, "role": "member", "joined_at": 0, "locked": False, "public": b"",
                 "private": b"", "counted": yes} for name, yes in self.counted.items()])  # fmt: skip
            await connection.execute(insert(USERS), [{"id": name, "key_id": "k"} for name in self.counted])
            held = self.held & self.counted.keys()
            if held:
                await connection.execute(insert(SESSIONS), [
                    {"user_id": name, "id": "s", "payload": b"", "started_at": self.now} for name in held])  # fmt: skip


@pytest.mark.sampled(20)
@pytest.mark.parametrize("seed", range(200))
async def test_no_figure_is_finer_than_five_and_a_week_stays_as_it_was_reckoned(small: Database, seed: int) -> None:
    crowd, numbers = Crowd(small, random.Random(seed)), Numbers(small)
    seen: list[Week] = []
    for _ in range(3):
        true_ = await crowd.week()
        for _ in range(2):  # asked again after somebody left or changed their mind
            await numbers.reckon(crowd.now)
            weeks = await numbers.weeks()
            assert weeks[0].figures == {what: n - n % 5 for what, n in true_.items()}
            assert weeks[1:] == seen
            crowd.counted = {name: not yes for name, yes in list(crowd.counted.items())[:-1]}
            await crowd.write()
        seen = list(weeks)
    every = {week.monday: week.figures for week in seen}
    assert len(every) == 3
    for what in Counted:
        told = [figures[what] for figures in every.values()]
        assert not [n for n in told if 0 < n < 5]
        assert not [(one, other) for one in told for other in told if 0 < abs(one - other) < 5]


async def test_the_database_itself_takes_no_finer_figure(database: Database) -> None:
    for n in (1, 4, 7, -5):
        with pytest.raises(BadInput):
            async with database.writing() as connection:
                await connection.execute(insert(NUMBERS).values(week=0, what=Counted.TALKED, n=n))


async def test_only_the_week_that_ended_counts_and_each_member_once(database: Database) -> None:
    start, end = last_week(NOW)
    crowd = Crowd(database, random.Random(1), counted={f"m{n}": True for n in range(6)})
    await crowd.write()
    async with database.writing() as connection:
        for name, at in [(f"m{n}", start) for n in range(4)] + [("m4", end - timedelta(microseconds=1)), ("m5", end)]:
            for id_ in ("t1", "t2"):
                await connection.execute(insert(SESSIONS).values(user_id=name, id=id_, payload=b"", started_at=at))
    numbers = Numbers(database)
    await numbers.reckon(NOW)
    [week] = await numbers.weeks()
    assert week.monday == start.date()
    assert (week.figures[Counted.SESSIONS], week.figures[Counted.MEMBERS]) == (5, 5)


async def test_two_that_reckon_at_once_make_one_week(database: Database) -> None:
    numbers = Numbers(database)
    await numbers.reckon(NOW)
    async with database.writing() as connection:
        await connection.execute(update(NUMBERS).values(n=5))
    await Numbers(database).reckon(NOW)
    assert [set(week.figures.values()) for week in await numbers.weeks()] == [{5}]


@pytest.mark.parametrize(("n", "told"), [(0, 0), (1, 0), (4, 0), (5, 5), (9, 5), (10, 10), (1003, 1000)])
def test_numbers_are_rounded_down(n: int, told: int) -> None:
    assert in_fives(n) == told


@pytest.fixture
def group(tmp_path: Path) -> Iterator[Site]:
    with site(tmp_path) as made:
        yield made


def test_nobody_is_counted_who_did_not_say_so_and_members_see_what_admins_see(group: Site) -> None:
    portal = group.browser().portal
    assert portal is not None
    members = group.app.state.parts.members
    zoe, _ = group.join(f"/join/{portal.call(members.roster.first)}", "zoe")
    others = [group.join(group.invite(zoe), name)[0] for name in ("ann", "ben", "cem", "dee")]
    for client in (zoe, *others[:3]):
        assert group.send(client, "/member/counted", counted="yes") == "/member?done=counted"
    later = datetime.now(UTC) + timedelta(days=7)
    portal.call(members.numbers.reckon, later)
    assert zoe.get("/api/group/numbers").json()["weeks"][0]["members"] is None
    group.send(others[3], "/member/counted", counted="yes")
    assert 'name="counted" value="yes" checked' in group.page(others[3], "/member")
    portal.call(members.numbers.reckon, later + timedelta(days=7))
    told = others[0].get("/api/group/numbers").json()
    assert [week["members"] for week in told["weeks"]] == [5, None, None]  # the first one ended before anybody was here
    assert told == zoe.get("/api/group/numbers").json()
    for client in (zoe, others[0]):
        page = group.page(client, "/members")
        assert "<td>5</td>" in page
        assert "<td>fewer than 5</td>" in page
    group.send(others[3], "/member/counted")
    assert "checked" not in group.page(others[3], "/member").split('name="counted"')[1][:30]
    assert group.browser().get("/api/group/numbers", headers=FORM).status_code == 401
