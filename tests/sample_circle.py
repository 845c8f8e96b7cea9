"""A journal as somebody has it after a year: twelve colleagues, their moments, promises and days, ending at ``now``."""

from __future__ import annotations

from datetime import datetime, timedelta

from coach.domain.moments import By, Channel, Landed, Moment
from coach.domain.people import Celebration, Person, Promise, Relation, Standing
from coach.journal import SqlJournal

PEOPLE = (
    ("Ines Calder", "team lead", Relation.MANAGER, False, 3),
    ("Oluwaseun Adeyemi-Fairweather", "head of engineering", Relation.MANAGER, True, 40),
    ("Tom Ashdown", "approver", Relation.OTHER_DEPARTMENT, False, 6),
    ("Maya Quill", "designer", Relation.PEER, False, 1),
    ("Jonas Birk", "developer", Relation.PEER, True, 12),
    ("Sana Rehman", "developer", Relation.PEER, None, 75),
    ("Petra Voss", "analyst", Relation.PEER, True, 160),
    ("Lukas Ferreira", "trainee", Relation.REPORT, False, 5),
    ("Noor El-Amin", "data steward", Relation.REPORT, True, 29),
    ("Gwen Harlow", "finance", Relation.OTHER_DEPARTMENT, None, 110),
    ("Arturo Bianchi", "supplier", Relation.EXTERNAL, True, 52),
    ("Kim Soto", "customer", Relation.EXTERNAL, None, 300),
)
"""Name, role, relation, remote, and how many days ago contact was last."""

_TOLD = (
    (Channel.IN_PERSON, By.ME, Landed.HELPED, "I asked how the week was going and listened"),
    (Channel.CHAT, By.ME, Landed.INDIFFERENT, "I asked for the figures; the answer was one word"),
    (Channel.MEETING, By.ME, Landed.HARMED, "I corrected them in front of the others"),
    (Channel.EMAIL, By.THEM, Landed.HELPED, "They sent me the notes without being asked"),
    (Channel.VIDEO, By.THEM, Landed.INDIFFERENT, "They listened with the camera off and left early"),
    (Channel.CALL, By.ME, Landed.HELPED, "I rang to thank them for the quick answer"),
    (Channel.MEETING, By.THEM, Landed.HARMED, "They took the point I had made as theirs"),
)


async def fill_circle(journal: SqlJournal, now: datetime, user: str = "me") -> list[str]:
    """Keep the circle; return the people's ids."""
    ids = []
    for n, (name, role, relation, remote, ago) in enumerate(PEOPLE):
        ids.append(f"p{n}")
        await journal.add_person(user, _person(n, name, role, relation, remote, now))
        for k in range(4 + (n * 5) % 11):
            channel, by, landed, what = _TOLD[(n + k) % len(_TOLD)]
            at = now - timedelta(days=ago + k * (9 + n))
            await journal.add_moment(user, Moment(f"p{n}-m{k}", f"p{n}", at, channel, by, what, landed, at))
    return ids


def _person(n: int, name: str, role: str, relation: Relation, remote: bool | None, now: datetime) -> Person:
    old, due = now - timedelta(days=40), (now + timedelta(days=2)).date()
    soon = (now + timedelta(days=1)).date()
    if n != 3:
        return Person(f"p{n}", name, now - timedelta(days=400 - n), role, relation, remote)
    return Person(
        "p3", name, now - timedelta(days=390), role, relation, remote,
        matters="Being asked before the plan is fixed", beyond="Sings in a choir on Thursdays",
        plate="The audit, until the end of the month", plate_noted_at=old,
        standing=Standing.NEUTRAL, standing_noted_at=now - timedelta(days=5), focus_since=now - timedelta(days=5),
        celebrations=(Celebration("birthday", soon.month, soon.day), Celebration("work anniversary", 9, 1)),
        promises=(
            Promise("pr1", By.ME, "Read her draft before it goes out", old, due),
            Promise("pr2", By.THEM, "Show me the new template", now - timedelta(days=3)),
            Promise("pr3", By.ME, "Book the room", old, None, now - timedelta(days=9)),
        ),
        ideal_days=14, longest_days=30,
    )  # fmt: skip
