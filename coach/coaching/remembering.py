"""What the earlier turns of a talk leave for the next one: what it is about, what was turned down. Pure; knows turns and replies."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from coach.coaching import replies
from coach.cues.followups import Ask
from coach.domain.plans import RepairPlan
from coach.domain.readings import Reading, Route
from coach.domain.turns import Turn


@dataclass(frozen=True, slots=True)
class Memory:
    """What earlier turns of the same conversation leave for this one."""

    turns: Sequence[Turn] = ()
    person_id: str | None = None

    @property
    def last(self) -> Turn | None:
        return self.turns[-1] if self.turns else None

    @property
    def told(self) -> Sequence[Turn]:
        """The turns that told of something, or corrected it; what only answered the coach is none of them."""
        return [turn for turn, asks in self._asks if asks in {None, Ask.CORRECTION}]

    @property
    def _asks(self) -> Sequence[tuple[Turn, Ask | None]]:
        """Each turn that was read, with what it asked for beside what was told before it."""
        found: list[tuple[Turn, Ask | None]] = []
        before: Reading | None = None
        for turn in self.turns:
            if turn.reading is not None:
                asks = replies.asked(turn.said, turn.reading, before)
                found.append((turn, asks))
                before = turn.reading if asks in {None, Ask.CORRECTION} else before
        return found

    @property
    def last_read(self) -> Reading | None:
        """What was told last; its people are those a pronoun means."""
        passed_over = {Route.OFF_TOPIC, Route.INJECTION}
        told = [turn.reading for turn in self.told if turn.reading and turn.reading.route not in passed_over]
        return next((read for read in reversed(told) if read.people or read.moments), None)

    def subject(self, read: Reading) -> tuple[Reading | None, RepairPlan | None]:
        """Return what a follow-up is about, and the last plan for it: by the name it gives, else the last there is."""
        told = {turn.id for turn in self.told}
        names = {mention.name for mention in read.people if mention.name}
        topics: list[tuple[Reading, RepairPlan]] = []
        for turn in self.turns:
            if turn.plan is not None and turn.reading is not None:
                about = turn.reading if turn.id in told or not topics else topics[-1][0]
                topics.append((about, turn.plan))
        named = [topic for topic in topics if topic[0].about and topic[0].about.name in names]
        found = named or topics
        return found[-1] if found else (self.last_read, None)

    @property
    def rejected(self) -> list[str]:
        """Actions that the user turned down or that came to nothing in this talk; they are not offered again."""
        found: list[str] = []
        plan: RepairPlan | None = None
        for turn, asks in self._asks:
            if plan is not None and asks in replies.REPLANNED:
                found += [plan.steps[0].action, *replies.ruled_out(turn.said, plan)]
            plan = turn.plan or plan
        return found

    @property
    def last_in_scope(self) -> Reading | None:
        """The reading a follow-up belongs to, with what was told of late; none after harm or a decline."""
        if self.last is None or self.last.reading is None:
            return None
        if self.last.reading.route in {Route.GET_HELP, Route.DECLINE}:
            return None
        told = [turn.reading for turn in self.told if turn.reading and turn.reading.route is Route.IN_SCOPE]
        texts = dict.fromkeys(read.text for read in told[-3:])
        return replace(told[-1], text="\n\n".join(texts)) if told else None
