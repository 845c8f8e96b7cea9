"""One of everything a journal keeps, about Tom and Maya, with fixed times.

``python tests/sample_journal.py`` writes the journal of the current revision to tests/journals, for the tests of later
ones.
"""

from __future__ import annotations

import asyncio
import base64
import json
import tempfile
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import MetaData

from coach.domain.accounts import ME, Account, Established, Fact, Party, Standing
from coach.domain.accounts import Told as ToldEvent
from coach.domain.commitments import Commitment
from coach.domain.drafts import Draft, Purpose
from coach.domain.events import Want
from coach.domain.moments import By, Channel, Landed, Moment, ProposedMoment
from coach.domain.people import Person, Relation
from coach.domain.plans import (
    Checked,
    Finding,
    Guessed,
    Missing,
    OtherSide,
    Outcome,
    OwnPart,
    OwnPartLevel,
    Pattern,
    RepairPlan,
    Seen,
    Step,
)
from coach.domain.preferences import MINE, Preferences
from coach.domain.principles import Citation, Grade, Stance
from coach.domain.readings import Kind, Reading
from coach.domain.sent import Sent
from coach.domain.sessions import Because, Given, Intention, Phase, Session, SessionTurn, State, Told
from coach.domain.turns import Conversation, Turn
from coach.journal import SqlJournal
from coach.journal.database import Database
from coach.journal.migrations import bring_up

JOURNALS = Path(__file__).parent / "journals"


def telling(revisions: Sequence[str]) -> list[Any]:
    """Return revisions as cases of a test; most of those in the middle are slow.

    The oldest goes through every migration, the last but one through the newest, and the newest through none.
    """
    quick = {revisions[0], revisions[len(revisions) // 2], *revisions[-2:]}
    return [each if each in quick else pytest.param(each, marks=pytest.mark.slow) for each in revisions]


NOW = datetime(2024, 5, 6, 9, 30, 15, 123456, tzinfo=UTC)
CITATION = Citation("intentions-vary-ask", "The same act can have many reasons.", Grade.B, "Mostly from offices.")


def person(id_: str = "tom", name: str = "Tom Ashdown") -> Person:
    """A colleague with every field."""
    return Person(id_, name, NOW, "approver", Relation.OTHER_DEPARTMENT, False, "quiet mornings", "two audits", NOW)


def moment(id_: str = "m1", person_id: str = "tom", days: int = 0, turn_id: str | None = None) -> Moment:
    """A moment, so many days after NOW."""
    what = f"I named {person_id} in the meeting as the one approval missing"
    when = NOW + timedelta(days=days)
    return Moment(id_, person_id, when, Channel.MEETING, By.ME, what, Landed.HARMED, NOW, turn_id)


def step(id_: str) -> Step:
    """A step."""
    say = "Tom, I put you on the spot on Monday. How was that for you?"
    due = date(2024, 5, 8)
    return Step(id_, "If he is at his desk", "then I ask", say, "the group", "in_person", 10, due, "small", (CITATION,))


def plan(id_: str = "plan1", person_id: str | None = "tom", steps: tuple[str, ...] = ("s1", "s2")) -> RepairPlan:
    """A plan with every part."""
    return RepairPlan(
        id=id_,
        created_at=NOW,
        person_id=person_id,
        kind=Kind.REPAIR,
        stance=Stance.REPAIR_OWN_HARM,
        headline="Ask Tom in private",
        seen=(Seen("He went quiet", "m1"), Seen("Two never replied", None, "t1")),
        guessed=(Guessed("he sulks", "What might explain the silence?"),),
        readings=(OtherSide("He felt shown up", True), OtherSide("He has two audits", False)),
        own_part=OwnPart(OwnPartLevel.CLEAR, "You named him before everyone."),
        missing=Missing("whether he saw the mail", "Did my mail reach you?"),
        findings=(Finding(Pattern.HARM_UNREPAIRED, ("m1",), 1, "One harm is open."), Finding(None, (), 0, "Too few.")),
        steps=tuple(map(step, steps)),
        if_it_goes_badly="If he shrugs, then I leave it.",
        stop_rule="Once is enough.",
        check_on=date(2024, 5, 13),
        sign_of_success="He answers a mail.",
        unknowns=("whether he saw it",),
        citations=(CITATION,),
        checked=Checked(1, 1),
    )


def turn(id_: str = "t1", conversation_id: str = "c1", minutes: int = 0, about: RepairPlan | None = None) -> Turn:
    """A turn with a reading, and a plan if one is given."""
    said = "Two people never replied. Tom went quiet 🌧"
    told = ToldEvent("gone_cool", Established.TAP, "p1", ME, words="went quiet", sentence=1)
    party = Party("p1", "Tom", None, "tom", Relation.PEER, True, standing=Standing.BESIDE)
    fact = Fact("i_asked_them", Established.TAP)
    account = Account((party,), (told,), (fact,), ("What now?",), Want.CLEAR_UP, "gone_cool")
    reading = Reading(
        said,
        Kind.REPAIR,
        account=account,
        moments=(ProposedMoment("went quiet", By.THEM, Landed.INDIFFERENT, "Tom", "tom", Channel.MEETING),),
    )
    at = NOW + timedelta(minutes=minutes)
    return Turn(
        id_, conversation_id, at, said, "That sounds heavy.", True, reading, about, (CITATION,), "none", "f00", 41
    )


async def fill(journal: SqlJournal, user: str = "me") -> None:
    """Keep one of everything."""
    await journal.add_person(user, person())
    await journal.add_person(user, person("maya", "Maya Quill"))
    await journal.add_conversation(user, Conversation("c1", "Two people never replied", NOW, "tom"))
    await journal.keep_turn(user, turn(about=plan()))
    await journal.keep_turn(user, turn("t2", minutes=3))
    await journal.add_moment(user, moment(turn_id="t1"))
    await journal.add_moment(user, moment("m2", "maya", -1))
    await journal.keep_plan(user, plan())
    await journal.add_outcome(user, Outcome("s1", True, NOW, "He smiled", Landed.HELPED))
    await journal.keep_draft(
        user, Draft("d1", NOW, Purpose.APOLOGY, Channel.CHAT, "Tom, I [what]", "tom", "plan1", NOW)
    )
    await journal.keep_draft(user, Draft("d2", NOW, Purpose.THANKS, Channel.CALL, "Maya, [what] helped"))
    await journal.keep_sent(user, sent())
    await journal.keep_commitment(user, commitment())
    await journal.change(user, Preferences, MINE, lambda _: Preferences("f33d", True, 14, NOW))
    await journal.keep_session(user, session())


def commitment(id_: str = "s2", plan_id: str = "plan1") -> Commitment:
    """A step taken on."""
    return Commitment(id_, plan_id, NOW, date(2024, 5, 9), 1)


def session(id_: str = "ses1", person_id: str | None = "tom") -> Session:
    """A session with every field, about Tom."""
    said = "He went quiet 🌧"
    first = SessionTurn("st1", NOW, "", "What is on your mind?", Phase.ARRIVE, "mind")
    second = SessionTurn("st2", NOW, said, "So he went quiet.", Phase.WILL, "take", ("tom",), ("m1",), (CITATION,))
    return Session(
        id=id_,
        kind="weekly_review",
        title="Weekly review",
        started_at=NOW,
        person_id=person_id,
        about="Tom",
        phase=Phase.WILL,
        state=State.PAUSED,
        because=Because.ASKED,
        asking="take",
        asked=("mind", "take"),
        tries=1,
        answers=(Given("mind", said), Given("goal", "", True)),
        goal="a talk",
        ideas=("ask him",),
        told=(Told("s1", "ask him", True, "he smiled"),),
        looking=("s2",),
        intentions=(Intention("s9", "plan9", "ask him", date(2024, 5, 10), "", "after lunch", "tom", "rain"),),
        aside=("Rob",),
        turns=(first, second),
    )


def sent(id_: str = "call1", turn_id: str | None = "t1") -> Sent:
    """A call to a language model."""
    messages = (("system", "Say it kindly."), ("user", "Two people never replied. Rob went quiet 🌧"))
    return Sent(id_, NOW, turn_id, "127.0.0.1:11434", True, "some-3b", "wording", messages, "answered", 61, 40, 903)


async def _write() -> None:
    from sqlalchemy import create_engine, text

    from coach.journal.migrations import HEAD
    from coach.journal.schema import Base

    folder = Path(tempfile.mkdtemp())
    journal = await SqlJournal.open(f"sqlite:///{folder}/journal.db", folder)
    await fill(journal)
    export = await journal.export("me")
    await journal.close()
    rows = {}
    with create_engine(f"sqlite:///{folder}/journal.db").connect() as connection:
        for table in Base.metadata.sorted_tables:
            found = connection.execute(text(f"SELECT * FROM {table.name}")).mappings()
            rows[table.name] = [
                {k: base64.b64encode(v).decode() if isinstance(v, bytes) else v for k, v in row.items()}
                for row in found
            ]
    old = {"key file": json.loads((folder / "key").read_text()), "rows": rows, "export": export}
    JOURNALS.mkdir(exist_ok=True)
    (JOURNALS / f"{HEAD}.json").write_text(json.dumps(old, indent=1, ensure_ascii=False) + "\n")


async def laid_down(revision: str, url: str, folder: Path) -> dict[str, Any]:
    """Put an old journal into an empty database and its key into a folder, as that revision left them; return it."""
    old: dict[str, Any] = json.loads((JOURNALS / f"{revision}.json").read_text())
    database = Database(url)
    await bring_up(database, revision)
    async with database.writing() as connection:
        then = MetaData()
        await connection.run_sync(then.reflect)
        for table in then.sorted_tables:
            for row in old["rows"].get(table.name, []):
                bytes_ = {name: base64.b64decode(row[name]) for name in ("payload", "outcome") if row.get(name)}
                await connection.execute(table.insert().values(row | bytes_))
    await database.close()
    (folder / "key").write_text(json.dumps(old["key file"]))
    return old


if __name__ == "__main__":
    asyncio.run(_write())
