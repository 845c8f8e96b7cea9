"""What is erased stays erased: while something runs, when an erasure is cut short, and in words no id leads to."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import aclosing
from dataclasses import replace
from pathlib import Path

import pytest
import pytest_asyncio
from sqlalchemy import text

from coach.domain.drafts import Draft, Purpose
from coach.domain.echoes import Echo
from coach.domain.moments import By, Channel, Landed, Moment
from coach.domain.people import Person
from coach.domain.plans import Outcome
from coach.domain.sessions import Given, Session, SessionTurn
from coach.domain.turns import Conversation, Failed, Finished, Turn
from coach.errors import CoachError, Erased, NotFound, StorageTrouble
from coach.journal import SqlJournal
from coach.journal.database import Database
from coach.journal.mentions import GONE, Naming
from coach.knowledge.library import Library
from coach.web import Parts
from sample_journal import NOW, commitment, fill, plan, sent, session, turn
from talks import USER, wired

TOLD = "Zorvana Quist shouted quibblefrank at me. She threw a snarglepot."


@pytest_asyncio.fixture
async def journal(database_url: str, tmp_path: Path) -> AsyncIterator[SqlJournal]:
    """A filled journal, on each database."""
    opened = await SqlJournal.open(database_url, tmp_path)
    await fill(opened)
    yield opened
    await opened.close()


@pytest_asyncio.fixture
async def parts(library: Library, tmp_path: Path) -> AsyncIterator[Parts]:
    """The real coach."""
    made = await wired(tmp_path, library)
    yield made
    await made.close()


async def erased_in_the_middle(parts: Parts, erase: Callable[[str], Awaitable[None]], words: str = TOLD) -> list[str]:
    """Begin a turn, erase something after its first event, and let it run on; return its events."""
    names = []
    async with aclosing(parts.conversation.reply(USER, words, parts.clock())) as events:  # type: ignore[type-var]
        async for event in events:
            names.append(type(event).__name__)
            if len(names) == 1:
                await erase(event.conversation_id)  # type: ignore[union-attr]
    return names


async def test_a_turn_brings_back_nothing_of_a_user_who_is_gone(parts: Parts, tmp_path: Path) -> None:
    names = await erased_in_the_middle(parts, lambda _: parts.journal.forget(USER))
    assert (names[0], names[-1]) == ("Started", Failed.__name__)
    assert sum((await parts.journal.counts(USER)).values()) == 0
    assert not (tmp_path / "key").exists()


async def test_a_turn_brings_back_nothing_of_somebody_who_is_gone(parts: Parts) -> None:
    await parts.journal.add_person(USER, Person("z-0123456789", "Zorvana Quist", NOW))
    names = await erased_in_the_middle(parts, lambda _: parts.journal.forget_person(USER, "z-0123456789"))
    assert names[-1] == Failed.__name__
    assert await left_of(parts.journal, USER) == set()


async def test_a_turn_brings_back_nothing_of_its_conversation(parts: Parts) -> None:
    names = await erased_in_the_middle(parts, lambda id_: parts.journal.forget_conversation(USER, id_))
    assert names[-1] == Failed.__name__
    assert (await parts.journal.counts(USER))["turns"] == (await parts.journal.counts(USER))["plans"] == 0


async def test_a_turn_goes_on_when_a_moment_is_erased(parts: Parts) -> None:
    await parts.journal.add_person(USER, Person("tom", "Tom", NOW))
    await parts.journal.add_moment(USER, Moment("m", "tom", NOW, Channel.CALL, By.ME, "x", Landed.HELPED, NOW))
    names = await erased_in_the_middle(parts, lambda _: parts.journal.forget_moment(USER, "m"))
    assert names[-1] == Finished.__name__


async def left_of(journal: SqlJournal | object, user: str) -> set[str]:
    """The planted words that an export still holds."""
    told = json.dumps(await journal.export(user), ensure_ascii=False).casefold()  # type: ignore[attr-defined]
    return {word for word in ("zorvana", "quist", "quibblefrank", "snarglepot") if word in told}


async def test_what_began_before_an_erasure_writes_nothing_after_it(journal: SqlJournal) -> None:
    since = await journal.generation("me")
    exported = json.loads(json.dumps(await journal.export("me")))
    before = await journal.session("me", "ses1")
    await journal.keep_turn("me", turn("t9"), since)
    await journal.forget_person("me", "maya")
    late: dict[str, Callable[[], Awaitable[object]]] = {
        "conversation": lambda: journal.add_conversation("me", Conversation("c9", "x", NOW), turn("t8", "c9"), since),
        "turn": lambda: journal.keep_turn("me", turn("t8"), since),
        "running turn": lambda: journal.continue_turn("me", turn("t9")),
        "plan": lambda: journal.keep_plan("me", plan("plan9", "tom", ("s9",)), "t9"),
        "call": lambda: journal.keep_sent("me", sent("call9", "t9")),
        "call for no turn": lambda: journal.keep_sent("me", sent("call9", None), since),
        "session": lambda: journal.keep_session("me", before, before=before, since=since),
        "new session": lambda: journal.keep_session("me", replace(session(), id="ses9"), since=since),
        "import": lambda: journal.import_("me", exported, since),
    }
    kept = await journal.export("me")
    for write in late.values():
        with pytest.raises(Erased, match="was erased"):
            await write()
    assert await journal.export("me") == kept
    await journal.forget("me")
    for name, write in late.items():
        with pytest.raises(CoachError):
            await write()
        assert await journal.generation("me") == "", name


async def test_a_name_goes_from_everything_and_the_rest_stays(journal: SqlJournal) -> None:
    """Zorvana is named in a turn routed elsewhere, a session about nobody, a draft, a plan and Maya's notes."""
    await journal.add_person("me", Person("zorvana-1234", "Zorvana Quist", NOW))
    await journal.add_conversation("me", Conversation("c5", "Zorvana Quist shouted …", NOW))
    await journal.keep_turn("me", Turn("t5", "c5", NOW, TOLD, "That is heavy."))
    await journal.keep_turn("me", Turn("t6", "c5", NOW, "The snarglepot broke.", "I see."))
    await journal.keep_turn("me", Turn("t7", "c5", NOW, "Maya Quill was kind.", "Good."))
    about = [
        SessionTurn("st1", NOW, "Zorvana is loud.", "What happened?", session().phase),
        SessionTurn("st2", NOW, "She said quibblefrank.", "I see.", session().phase),
        SessionTurn("st3", NOW, "Maya is well.", "Good.", session().phase),
    ]
    answers = (Given("q", "She said quibblefrank."), Given("q2", "Maya is well."))
    await journal.keep_session("me", Session("ses5", "weekly_review", "x", NOW, turns=tuple(about), answers=answers))
    await journal.keep_draft("me", Draft("d5", NOW, Purpose.ASK, Channel.CHAT, "Hi Zorvana, quibblefrank?"))
    await journal.keep_draft("me", Draft("d6", NOW, Purpose.ASK, Channel.CHAT, "Thanks. Tell Zorvana!", "maya"))
    named = replace(plan("plan5", "maya", ("s5",)), headline="Ask Maya. Leave Zorvana out.")
    await journal.keep_plan("me", named)
    await journal.change("me", Person, "maya", lambda it: replace(it, matters="lunch with Zorvana"))
    await journal.forget_person("me", "zorvana-1234")
    assert await left_of(journal, "me") == set()
    assert [it.id for it in await journal.turns("me", "c5")] == ["t7"]
    kept = await journal.session("me", "ses5")
    assert [it.id for it in kept.turns] == ["st3"]
    assert [it.text for it in kept.answers] == ["Maya is well."]
    assert (await journal.draft("me", "d6")).text == f"Thanks. {GONE}"
    assert (await journal.plan("me", "plan5")).headline == f"Ask Maya. {GONE}"
    assert (await journal.person("me", "maya")).matters == f"lunch with {GONE}"


@pytest.mark.parametrize(
    ("name", "others", "text", "named"),
    [
        ("Marta Weiss", ["Tom"], "I told Marta so.", True),
        ("Marta Weiss", ["Tom"], "Dr. Weiss was there.", True),
        ("Marta Weiss", ["Marta Klein"], "I told Marta so.", False),
        ("Marta Weiss", ["Marta Klein"], "I told marta weiss so.", True),
        ("Marta Weiss", ["Tom"], "The martanic sea.", False),
        ("Will Ames", ["Tom"], "I will ask him.", False),
        ("Will Ames", ["Tom"], "I asked Will about it.", True),
        ("May", ["Tom"], "We met on 3 May and in May.", False),
        ("O'Brien", ["Tom"], "I asked O'Brien (twice).", True),
        ("", ["Tom"], "Nobody at all.", False),
    ],
)
def test_who_is_named(name: str, others: list[str], text: str, named: bool) -> None:
    people = tuple(Person(f"id-{n}", other, NOW) for n, other in enumerate(others))
    assert Naming(Person("p", name, NOW), people).names(text) is named


async def test_an_erasure_that_fails_before_it_is_written_leaves_all_readable(sqlite_url: str, tmp_path: Path) -> None:
    journal = await SqlJournal.open(sqlite_url, tmp_path)
    await fill(journal)
    kept = await journal.export("me")
    database = Database(sqlite_url)
    async with database.writing() as connection:
        stop = "CREATE TRIGGER stop BEFORE DELETE ON users BEGIN SELECT RAISE(ABORT, 'database or disk is full'); END"
        await connection.execute(text(stop))
    with pytest.raises(CoachError):
        await journal.forget("me")
    assert await journal.export("me") == kept
    async with database.writing() as connection:
        await connection.execute(text("DROP TRIGGER stop"))
    await database.close()
    await journal.forget("me")
    assert not (tmp_path / "key").exists()
    await journal.close()


async def test_an_erasure_cut_short_is_finished_at_the_next_start(database_url: str, tmp_path: Path) -> None:
    """The key cannot be removed at first, as when the program is killed once the rows are gone."""
    journal = await SqlJournal.open(database_url, tmp_path)
    await fill(journal)

    def cannot(user: str) -> None:
        raise StorageTrouble(f"The key of {user} cannot be removed.")

    journal._users._keys.drop = cannot  # type: ignore[method-assign]
    with pytest.raises(StorageTrouble, match="It is erased, but its key is still there"):
        await journal.forget("me")
    assert (tmp_path / "key").exists()
    assert await journal.people("me") == []
    await journal.close()
    again = await SqlJournal.open(database_url, tmp_path)
    assert not (tmp_path / "key").exists()
    await fill(again)
    assert not any((await again.states()).values())
    await again.close()


async def test_a_journal_begun_before_that_has_a_key_of_its_own(database_url: str, tmp_path: Path) -> None:
    journal = await SqlJournal.open(database_url, tmp_path)
    await fill(journal)
    old = (tmp_path / "key").read_bytes()
    database = Database(database_url)
    async with database.writing() as connection:
        await journal._users.forget(connection, "me")
    await fill(journal)
    assert (tmp_path / "key").read_bytes() != old
    await journal.finish()
    assert len(await journal.people("me")) == 2
    await database.close()
    await journal.close()


async def test_a_late_change_makes_no_new_key(journal: SqlJournal, tmp_path: Path) -> None:
    await journal.forget("me")
    late: list[Callable[[], Awaitable[object]]] = [
        lambda: journal.change("me", Person, "tom", lambda it: it),
        lambda: journal.add_outcome("me", Outcome("s1", True, NOW)),
        lambda: journal.keep_commitment("me", commitment()),
        lambda: journal.forget_person("me", "tom"),
        lambda: journal.forget_moment("me", "m1"),
        lambda: journal.forget_before("me", "tom", NOW),
        lambda: journal.keep_answer("me", "k", Echo("x", NOW)),
        lambda: journal.take_out("me", "x"),
    ]
    for write in late:
        with pytest.raises(NotFound):
            await write()
    assert not (tmp_path / "key").exists()
