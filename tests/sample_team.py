"""A team of eight as its leader has it after a quarter: one left out, one far away, three talks that fell through."""

from __future__ import annotations

from datetime import datetime, timedelta

from coach.domain.moments import By, Channel, Landed, Moment
from coach.domain.people import Celebration, Person, Promise, Relation
from coach.journal import SqlJournal

TEAM = (
    ("Abena Mensah", "planner", False),
    ("Bruno Keller", "technician", False),
    ("Chiara Lodi", "planner", True),
    ("Dana Whitfield", "technician", False),
    ("Emre Aksoy", "apprentice", False),
    ("Farah Nasser", "lead technician", True),
    ("Gil Sorensen", "clerk", None),
    ("Hana Okafor", "planner", False),
)
"""Name, role, remote; by name."""

_HELPED, _HARMED, _COOL = Landed.HELPED, Landed.HARMED, Landed.INDIFFERENT
_ME, _THEM = By.ME, By.THEM
_MOMENTS = (
    (0, 2, Channel.IN_PERSON, _ME, _HELPED, "I asked Abena how the new rota works for her and changed one shift"),
    (0, 10, Channel.MEETING, _THEM, _HELPED, "Abena explained the delay to the customer before I had to"),
    (0, 30, Channel.CALL, _ME, _HELPED, "I thanked her for staying late on Thursday"),
    (0, 51, Channel.CHAT, _ME, _COOL, "I sent her the list without a word"),
    (1, 1, Channel.IN_PERSON, _ME, _HELPED, "Coffee with Bruno; he told me about the move"),
    (1, 8, Channel.MEETING, _ME, _HARMED, "I corrected Bruno in front of the others"),
    (1, 8, Channel.MEETING, _THEM, _COOL, "Bruno said nothing for the rest of the meeting"),
    (1, 25, Channel.IN_PERSON, _ME, _HELPED, "Cake for Bruno's birthday at the bench"),
    (1, 60, Channel.EMAIL, _THEM, _HELPED, "He sent the figures a day early"),
    (2, 6, Channel.VIDEO, _ME, _COOL, "I cancelled our one-to-one because of the audit"),
    (2, 20, Channel.VIDEO, _ME, _COOL, "I moved our one-to-one to next week"),
    (2, 47, Channel.VIDEO, _ME, _HELPED, "We talked about what she would like to learn"),
    (3, 4, Channel.IN_PERSON, _ME, _HELPED, "I asked Dana what was in the way and got her the second screen"),
    (3, 18, Channel.MEETING, _THEM, _HELPED, "Dana took the new one under her wing"),
    (3, 40, Channel.IN_PERSON, _ME, _HELPED, "I told her the report was clear and useful"),
    (4, 3, Channel.IN_PERSON, _THEM, _HELPED, "Emre asked me to look at his first drawing"),
    (4, 12, Channel.IN_PERSON, _ME, _HARMED, "I took the drawing from him and did it myself"),
    (4, 13, Channel.IN_PERSON, _ME, _HELPED, "I said sorry to Emre and gave it back to him"),
    (5, 9, Channel.VIDEO, _ME, _COOL, "I cancelled the call with Farah at short notice"),
    (5, 16, Channel.CHAT, _THEM, _COOL, "Farah answered with one word"),
    (5, 33, Channel.CALL, _ME, _HELPED, "I rang to hear how the first week on site had been"),
    (6, 52, Channel.MEETING, _THEM, _COOL, "Gil sat through the meeting and was not asked"),
    (7, 5, Channel.CALL, _ME, _HELPED, "I thanked Hana for telling me about the mistake at once"),
    (7, 26, Channel.MEETING, _ME, _HELPED, "We celebrated ten years of Hana with a cake"),
)
"""Who, how many days ago, where, who acted, how it landed, what."""


async def fill_team(journal: SqlJournal, now: datetime, user: str = "me") -> list[str]:
    """Keep the team; return the people's ids, ``r0`` to ``r7``."""
    for n, (name, role, remote) in enumerate(TEAM):
        await journal.add_person(user, _person(n, name, role, remote, now))
    for k, (n, ago, channel, by, landed, what) in enumerate(_MOMENTS):
        at = now - timedelta(days=ago)
        await journal.add_moment(user, Moment(f"r-m{k}", f"r{n}", at, channel, by, what, landed, at))
    return [f"r{n}" for n in range(len(TEAM))]


def _person(n: int, name: str, role: str, remote: bool | None, now: datetime) -> Person:
    days: tuple[Celebration, ...] = ()
    promises: tuple[Promise, ...] = ()
    if n in (0, 1):
        soon = (now + timedelta(days=3 + 9 * n)).date()
        days = (Celebration("birthday", soon.month, soon.day),)
    if n == 3:
        promises = (
            Promise("pr1", By.ME, "Ask for the training budget", now - timedelta(days=10), now.date()),
            Promise("pr2", By.THEM, "Write down how the handover works", now - timedelta(days=4)),
        )
    return Person(
        f"r{n}",
        name,
        now - timedelta(days=300 - n),
        role,
        Relation.REPORT,
        remote,
        plate="The audit, until the end of the month" if n in (2, 3) else None,
        plate_noted_at=now - timedelta(days=40 if n == 3 else 6) if n in (2, 3) else None,
        celebrations=days,
        promises=promises,
    )
