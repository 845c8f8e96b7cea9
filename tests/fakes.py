"""Real classes that stand in for the slow or the far: a scripted coach, a handful of cards, parts around them."""

from __future__ import annotations

import itertools
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, ClassVar

import anyio

from blank import lay
from coach.app import build
from coach.domain.accounts import ME, Account, Established, Party, Told
from coach.domain.asks import Taps
from coach.domain.drafts import Purpose, Warning
from coach.domain.events import Catalogue, Want
from coach.domain.moments import By, Channel, Landed, Moment, ProposedMoment
from coach.domain.people import Person, Relation
from coach.domain.plans import (
    Checked,
    Finding,
    Guessed,
    Missing,
    OtherSide,
    OwnPart,
    OwnPartLevel,
    RepairPlan,
    Seen,
    Step,
    Suggested,
)
from coach.domain.principles import Citation, Grade, Match, Passage, Principle, Stance
from coach.domain.readings import Kind, Reading, Toward
from coach.domain.turns import (
    Conversation,
    Event,
    Failed,
    Finished,
    Piece,
    Planned,
    Read,
    Sources,
    Started,
    Turn,
    titled,
)
from coach.errors import NotFound
from coach.ports import Journal, Knowledge
from coach.settings import Settings
from coach.web import Parts
from evals.coached import Coached
from scenes import catalogue

NOW = datetime(2024, 5, 6, 9, 30, tzinfo=UTC)
STORY = (
    "After our first project meeting I sent round the actions and asked everyone to agree. Two people never replied. "
    "Maya told me at the water cooler she just forgot, fine. Tom never said a word, so in the next meeting I said his "
    "was the only approval missing. He went quiet and now barely looks at me. I need his help next month."
)
PIECES = (
    "You named Tom in front of the others, and he has been quiet since.\n\n",
    "Why he did not reply is a guess; ",
    "a short private question will tell you more than another reminder.",
)
CARDS = {
    "reach-out-directly-not-publicly": (
        "Go to the person first, in private",
        "Give the colleague you find difficult the same quiet, private nudge that a friend would get from you.",
        Grade.B,
        None,
    ),
    "intentions-vary-ask": (
        "The same act has many reasons; ask",
        "You cannot see why somebody did a thing. Ask before you decide.",
        Grade.D,
        "The book claims more than is shown.",
    ),
}


def citation(principle: str) -> Citation:
    """A citation of a fake card."""
    _, statement, grade, caution = CARDS[principle]
    return Citation(principle, statement, grade, caution)


class FakeKnowledge:
    """A knowledge base of two cards; everything matches, in order."""

    def principle(self, principle_id: str) -> Principle:
        if principle_id not in CARDS:
            raise NotFound("There is no such principle.")
        title, statement, grade, caution = CARDS[principle_id]
        return Principle(
            id=principle_id,
            title=title,
            sources=("A",),
            grade=grade,
            statement=statement,
            applies_when=("Someone has not answered.",),
            asks=("he ignored me",),
            moves=(),
            body="Two people forget to answer the same mail.\n\nOne hears about it over coffee.",
            text=f"statement: {statement}",
            caution=caution,
        )

    def principles(self) -> Sequence[Principle]:
        return [self.principle(each) for each in CARDS]

    def retrieve(self, text: str, k: int = 5) -> Sequence[Match]:
        return [
            Match(each, 1.0, ("a likely situation",), (Passage(each.id, "situation", each.applies_when[0]),))
            for each in self.principles()[:k]
        ]


class FakeLikeness:
    """Everything is an English repair."""

    def foresee(self, text: str) -> None:
        """Nothing takes long here."""

    def kinds(self, text: str) -> Mapping[Kind, float]:
        return {kind: float(kind is Kind.REPAIR) for kind in Kind}

    def lines(self, lines: Sequence[str], most: int) -> Sequence[Mapping[Kind, float]]:
        return [{} for _ in lines]

    def tells(self, sentence: str) -> str | None:
        return None

    def toward(self, text: str) -> Mapping[Toward, float]:
        return {Toward.USER: 1.0}

    def language(self, text: str) -> tuple[str, float]:
        return "en", 1.0


def reading(text: str = STORY) -> Reading:
    """A reading of STORY: Tom, and what was tapped."""
    account = Account(
        (Party("p1", "Tom", main=True),),
        (Told("i_called_out", Established.TAP, ME, "p1"), Told("gone_cool", Established.TAP, "p1", ME)),
        want=Want.PUT_RIGHT,
    )
    moments = (
        ProposedMoment(
            "in the next meeting I said his was the only approval missing",
            By.ME,
            Landed.HARMED,
            "Tom",
            None,
            Channel.MEETING,
            NOW.date() - timedelta(days=7),
        ),
        ProposedMoment("Maya told me she just forgot", By.THEM, Landed.HELPED, "Maya"),
    )
    return Reading(text=text, kind=Kind.REPAIR, account=account, moments=moments)


def plan(id_: str, person_id: str | None = None) -> RepairPlan:
    """A plan about Tom with two steps."""
    private, ask = citation("reach-out-directly-not-publicly"), citation("intentions-vary-ask")
    return RepairPlan(
        id=id_,
        created_at=NOW,
        person_id=person_id,
        kind=Kind.REPAIR,
        stance=Stance.REPAIR_OWN_HARM,
        headline="Own the remark to Tom in private, then ask what got in the way",
        seen=(
            Seen("Tom did not reply to the actions", None, None),
            Seen("He went quiet after the meeting", None, None),
        ),
        guessed=(Guessed("He is ignoring me", "What might explain no reply?"),),
        readings=(
            OtherSide("It may be that being named in the meeting stung.", True),
            OtherSide("It may be that your message got lost among others.", False),
        ),
        own_part=OwnPart(OwnPartLevel.CLEAR, "You named him in front of everyone before asking him alone."),
        missing=Missing(
            "whether he saw your message", "Did my message about the actions reach you, and is anything in the way?"
        ),
        findings=(Finding(None, (), 1, "One moment is too few to say."),),
        steps=(
            Step(
                f"{id_}-1",
                "If Tom is alone at his desk",
                "then I tell him I should have asked him first",
                "I named you in front of everyone. That was my mistake.",
                "asking for the approval in the same breath",
                "in_person",
                5,
                date(2024, 5, 8),
                "A private word leaves him room to answer.",
                (private,),
            ),
            Step(
                f"{id_}-2",
                "If he answers",
                "then I ask whether anything is in the way and listen",
                "Is anything in the way, and can I make it easier?",
                "explaining why I said it",
                "in_person",
                10,
                date(2024, 5, 8),
                "His reason is not known yet.",
                (ask,),
            ),
        ),
        if_it_goes_badly="If he shrugs it off, then I thank him for hearing me out and leave it for the day.",
        stop_rule="Stop after one try. He does not have to talk about it.",
        check_on=date(2024, 5, 13),
        sign_of_success="He answers your next mail, or looks up when you come in.",
        unknowns=("whether he saw the mail", "what else he has on"),
        citations=(private, ask),
        checked=Checked(0, 0),
        draft=Suggested(
            Purpose.APOLOGY,
            "Tom, I named you in front of everyone before I had asked you alone. It was wrong of me, and I am sorry. "
            "I will come to you first from now on. [When would a word suit you?]",
        ),
    )


class ScriptedCoach:
    """Says what it was told to say, and keeps the turn as ``conversation.reply`` promises to.

    ``pause`` is waited before each piece, in seconds. ``fails_after`` so many pieces it ends with Failed; ``breaks``
    raises that instead, as no coach should.
    """

    def __init__(self, journal: Journal, pieces: Sequence[str] = PIECES, pause: float = 0) -> None:
        self.journal = journal
        self.pieces = pieces
        self.pause = pause
        self.fails_after: int | None = None
        self.breaks: Exception | None = None
        self.closed = 0
        self._ids = itertools.count(1)

    async def reply(
        self,
        user: str,
        text: str,
        now: datetime,
        *,
        taps: Taps | None = None,
        conversation_id: str | None = None,
        person_id: str | None = None,
    ) -> AsyncIterator[Event]:
        n = next(self._ids)
        if person_id:
            await self.journal.person(user, person_id)
        if conversation_id is None:
            conversation_id = f"c-{n}-{now:%H%M%S%f}"
            await self.journal.add_conversation(user, Conversation(conversation_id, titled(text), now, person_id))
        else:
            await self.journal.conversation(user, conversation_id)
        turn = Turn(f"t-{n}-{now:%H%M%S%f}", conversation_id, now, text, taps=taps)
        await self.journal.keep_turn(user, turn)
        try:
            yield Started(turn.id, conversation_id)
            turn = replace(turn, reading=reading(text))
            yield Read(reading(text), person_id)
            made = replace(plan(f"plan-{turn.id}", person_id), created_at=now)
            await self.journal.keep_plan(user, made)
            turn = replace(turn, plan=made)
            yield Planned(made)
            for said, piece in enumerate(self.pieces):
                if self.breaks:
                    raise self.breaks
                if said == self.fails_after:
                    yield Failed("The reply stopped half-way. Your words are kept.")
                    return
                await anyio.sleep(self.pause)
                turn = replace(turn, reply=turn.reply + piece)
                yield Piece(piece)
            turn = replace(turn, citations=made.citations, complete=True, ms=7)
            yield Sources(made.citations)
            yield Finished(turn.id, "none", 7)
        finally:
            with anyio.CancelScope(shield=True):
                await self.journal.keep_turn(user, turn)
                self.closed += 1

    async def plan(
        self, user: str, person_id: str, now: datetime, text: str | None = None, tapped: Taps | None = None
    ) -> RepairPlan:
        await self.journal.person(user, person_id)
        made = plan(f"plan-{next(self._ids)}-{now:%H%M%S%f}", person_id)
        await self.journal.keep_plan(user, made)
        return made


class Clock:
    """A clock that moves a second at every look."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        self.now += timedelta(seconds=1)
        return self.now


def lint(text: str, purpose: Purpose) -> Sequence[Warning]:
    """Warn of "sorry if" and of nothing else."""
    at = text.casefold().find("sorry if")
    return [Warning("conditional_apology", at, at + 8, "If puts the harm in doubt.", "sorry that")] if at >= 0 else []


def findings(person: Person, moments: Sequence[Moment], now: datetime) -> Sequence[Finding]:
    """Always too few to say."""
    return [Finding(None, tuple(each.id for each in moments), len(moments), "Too few to say.")]


class FakeLibrary(FakeKnowledge, FakeLikeness):
    """Both, with the shipped catalogue in its own order, as the coach is built with."""

    ready = True
    note: str | None = None
    scenes: ClassVar = {}

    def check(self) -> str | None:
        return None

    @property
    def catalogue(self) -> Catalogue:
        return catalogue()

    def ranked(self, text: str) -> Sequence[tuple[str, float]]:
        return [(entry.id, 0.0) for entry in catalogue().entries]


async def fake_parts(
    data: Path,
    *,
    pause: float = 0.0,
    knowledge: Knowledge | None = None,
    new_id: Callable[[], str] | None = None,
    cost: Any = None,
    **settings: Any,
) -> Parts:
    """Build the coach on the journal in a folder, with two cards and a scripted turn."""
    lay(data)
    ids = itertools.count(1)
    made = await build(
        Settings(data=data, **settings),
        clock=Clock(),
        new_id=new_id or (lambda: f"id-{next(ids)}"),
        knowledge=knowledge or FakeLibrary(),
        cost=cost,
    )
    return replace(made, conversation=ScriptedCoach(made.journal, pause=pause), lint=lint, findings=findings)


@asynccontextmanager
async def fake_coached(_language_model: str = "none") -> AsyncIterator[Coached]:
    """Open the coach of the fakes as evals open theirs."""
    with TemporaryDirectory() as folder:
        parts = await fake_parts(Path(folder))
        try:
            yield Coached(parts)
        finally:
            await parts.close()


TOM = Person("tom", "Tom", NOW, "approver", Relation.OTHER_DEPARTMENT, False)
