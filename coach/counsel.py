"""What the journal, the cards and the scenes make of an account: findings, a plan, and what comes after it.

Knows the ports and the pure core; words no sentence itself.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from anyio import to_thread

from coach.domain.accounts import RELATIONS, REMOTE, Account
from coach.domain.asks import Action, Happened, Taps
from coach.domain.changes import rebased
from coach.domain.commitments import Closing, Commitment
from coach.domain.events import Want
from coach.domain.matters import Matter
from coach.domain.moments import Landed, Moment
from coach.domain.people import Person
from coach.domain.plans import Finding, MadeBy, Outcome, RepairPlan
from coach.domain.principles import Citation, Principle
from coach.domain.readings import Kind, Reading, Route
from coach.errors import BadInput
from coach.noticing import patterns, retold
from coach.noticing.wording import finding_sentence
from coach.planning import afterwards, checks, citations
from coach.planning.composition import Ground, compose, kind_of, skeleton
from coach.planning.moves import Book, choose
from coach.ports import Journal, Knowledge, Texts
from coach.reading import choices, taps
from coach.safety import floor

RETRIEVED = 8
NEWEST = 150
"""The newest moments with a person that a plan looks at, however long the journal is."""

_OWN_CARDS = 1
_SPOKEN = frozenset({"in_person", "video", "call", "meeting"})
_LANDED = {
    Happened.WENT_WELL: Landed.HELPED,
    Happened.MIXED: Landed.HELPED,
    Happened.WENT_BADLY: Landed.HARMED,
    Happened.NO_ANSWER: Landed.INDIFFERENT,
}


@dataclass(frozen=True, slots=True)
class Done:
    """The result of a tap under a plan: the words to say, and the changed plan (None: unchanged)."""

    text: str
    plan: RepairPlan | None = None
    citations: tuple[Citation, ...] = ()


class Counsel:
    """Makes plans from accounts. Holds no state of its own. ``note_outcome`` keeps what came of a step."""

    def __init__(
        self,
        journal: Journal,
        knowledge: Knowledge,
        texts: Texts,
        book: Callable[[], Book],
        new_id: Callable[[], str],
        note_outcome: Callable[[Journal, str, Outcome], object],
    ) -> None:
        self._journal, self._knowledge, self._texts = journal, knowledge, texts
        self._book, self._new_id, self._note = book, new_id, note_outcome

    def kind(self, account: Account) -> Kind:
        """Return the kind of message that an account makes."""
        return kind_of(account, self._book())

    async def plan(
        self,
        user: str,
        account: Account,
        now: datetime,
        turn_id: str | None,
        person_id: str | None,
        ruled_out: Sequence[str] = (),
    ) -> RepairPlan | None:
        """Return the plan of the account's best move, the small thing where no move holds, or None to just keep it."""
        if account.want is Want.JUST_KEEP:
            return None
        found: Sequence[Finding] = ()
        if person_id:
            person = await self._journal.person(user, person_id)
            _, found = await self.looked_back(user, person, now)
        return await self._made(account, now, turn_id, person_id, found, ruled_out)

    async def looked_back(
        self, user: str, person: Person, now: datetime
    ) -> tuple[Sequence[Moment], tuple[Finding, ...]]:
        """Return the newest moments with a person, and what they show."""
        moments = await self._journal.moments(user, person.id, last=NEWEST)
        return moments, self.findings(person, moments, now)

    async def _made(
        self,
        account: Account,
        now: datetime,
        turn_id: str | None,
        person_id: str | None,
        found: Sequence[Finding],
        ruled_out: Sequence[str] = (),
    ) -> RepairPlan:
        def work() -> RepairPlan:
            ground = Ground(account, now, self._cards(), turn_id, person_id, found)
            return self.advice(ground, ruled_out) or skeleton(account, ground, self._texts, self._new_id)

        return await to_thread.run_sync(work)

    def advice(self, ground: Ground, ruled_out: Sequence[str] = ()) -> RepairPlan | None:
        """Return the plan of an account's best move, checked; None where no move, or a card of it, is there."""
        move = choose(ground.account, self._book(), ruled_out)
        ground = replace(ground, cards=self._cards(), own=self._own_cards(ground.account))
        if move is None or not set(move.cards) <= ground.cards.keys():
            return None
        return self._checked(compose(move, ground, self._book(), self._texts, self._new_id), ground.account)

    async def small_thing(self, account: Account, now: datetime, turn_id: str) -> RepairPlan:
        """Return the plan that is right whatever happened."""
        ground = Ground(account, now, self._cards(), turn_id)
        return skeleton(account, ground, self._texts, self._new_id)

    async def from_journal(self, user: str, person: Person, now: datetime) -> RepairPlan:
        """Return a plan from what the journal holds of a person, if anything: own unmended harm first."""
        moments, found = await self.looked_back(user, person, now)
        return await self._made(retold.account(person, moments, found), now, None, person.id, found)

    async def requested(
        self, user: str, person_id: str, now: datetime, text: str | None = None, tapped: Taps | None = None
    ) -> RepairPlan:
        """Return a plan for a person from taps, else from their moments, and keep it. Raises NotFound, BadInput."""
        person = await self._journal.person(user, person_id)
        if text and text.strip():
            read = await to_thread.run_sync(lambda: floor.read(text, self._knowledge))
            if read.route is not Route.IN_SCOPE:
                raise BadInput(self._texts.render("no_plan.fixed", route=read.route.value))
        if tapped is not None:
            account = taps.account(tapped, self._knowledge.catalogue, [person])
            made = await self.plan(user, account, now, None, person_id)
        else:
            made = await self.from_journal(user, person, now)
        if made is None:
            raise BadInput("That was only to keep it. Tap what you want beside keeping it, and a plan can be made.")
        await self._journal.keep_plan(user, made)
        return made

    def findings(self, person: Person | None, moments: Sequence[Moment], now: datetime) -> tuple[Finding, ...]:
        """Return what a person's moments show."""
        if person is None or not moments:
            return ()
        return patterns.findings(person, moments, now, finding_sentence(self._texts, moments))

    async def cards_for(self, question: str) -> tuple[Citation, ...]:
        """Return the two cards that fit a question best, each with the sentence nearest to it."""

        def work() -> tuple[Citation, ...]:
            return tuple(citations.cite(match.principle, question) for match in self._knowledge.retrieve(question, k=2))

        return await to_thread.run_sync(work)

    def beside(self, plan: RepairPlan) -> str:
        """Return the words that go with a plan card: the answer, and what it was made from."""
        made = "skeleton" if plan.made_by is MadeBy.SKELETON else "scene"
        return self._texts.render("tapped.fixed", made=made, answer=plan.answer or "")

    async def keep_standing(self, user: str, people: Sequence[Person], account: Account, person_id: str | None) -> None:
        """Keep where a person stands with the person, so that it is asked only once."""
        person = next((each for each in people if each.id == person_id), None)
        standing = account.main.standing if account.main else None
        if person is None or standing is None:
            return

        def stood(it: Person) -> Person:
            remote = it.remote if it.remote is not None else REMOTE.get(standing)
            return replace(it, relation=it.relation or RELATIONS.get(standing), remote=remote)

        if stood(person) != person:
            await self._journal.change(user, Person, person.id, stood)

    async def withdraw(self, user: str, matter: Matter, read: Reading, now: datetime) -> int:
        """Close the open steps towards those whom a disclosure or a refusal is about; return how many there were.

        Where it names nobody of the journal it is about the person of the matter.
        """
        if read.after is not None or read.route not in {Route.GET_HELP, Route.DECLINE}:
            return 0
        people = await self._journal.people(user)
        named = {person.id for person in people if choices.named(read.text, person.name) is not None}
        own = matter.plan
        about = named or {each for each in (matter.person_id, own.person_id if own else None) if each}
        closed = 0
        for commitment in await self._journal.commitments(user):
            plan = await self._journal.plan(user, commitment.plan_id)
            of_matter = own is not None and plan.id == own.id and (plan.person_id is None or not named)
            if plan.person_id in about or of_matter:
                await self._journal.change(user, Commitment, commitment.id, _stopped(now))
                closed += 1
        return closed

    # ---- later

    async def later(self, user: str, matter: Matter, tapped: Taps, now: datetime) -> Done:
        """Return what follows a tap under the matter's plan: an outcome, another day, why, what if no, the message."""
        plan = matter.plan
        assert plan is not None
        if tapped.happened is not None:
            return await self._outcome(user, matter, plan, tapped)
        step = next((each for each in plan.steps if each.id == tapped.step_id), plan.steps[0])
        match tapped.action:
            case Action.OTHER_DAY:
                day = _day(tapped.value, now)
                steps = tuple(replace(each, due=day) if each.id == step.id else each for each in plan.steps)
                text = self._texts.render("later.fixed", about="other_day", day=day)
                changed = replace(plan, steps=steps, check_on=max(plan.check_on, day))
                kept = await self._journal.change(user, RepairPlan, plan.id, lambda it: rebased(plan, changed, it))
                return Done(text, kept)
            case Action.SMALLER:
                ground = Ground(matter.account or Account(), now, self._cards())
                small = skeleton(matter.account or Account(), ground, self._texts, self._new_id).steps[0]
                values = {"say": step.say, "cue": small.cue, "action": small.action}
                cited = step.citations if step.say else small.citations
                return Done(self._texts.render("later.fixed", about="smaller", **values), None, cited)
            case Action.WHY:
                return Done(self._texts.render("later.fixed", about="why", why=step.why), None, step.citations)
            case Action.WHAT_IF_NO:
                values = {"badly": plan.if_it_goes_badly, "stop": plan.stop_rule}
                return Done(self._texts.render("later.fixed", about="what_if_no", **values))
            case Action.MESSAGE:
                draft = plan.draft.text if plan.draft else ""
                spoken = step.channel in _SPOKEN
                text = self._texts.render("later.fixed", about="message", draft=draft, say=step.say, spoken=spoken)
                return Done(text)
        return Done(self._texts.render("later.fixed", about=tapped.action.value if tapped.action else "log"))

    async def _outcome(self, user: str, matter: Matter, plan: RepairPlan, tapped: Taps) -> Done:
        assert tapped.happened is not None
        step = next((each for each in plan.steps if each.id == tapped.step_id), plan.steps[0])
        done = {each.step_id for each in await self._journal.outcomes(user, plan.id)}
        book = self._book()
        word = afterwards.next_word(plan, step, matter.account, tapped.happened, book, self._texts, done)
        text = self._texts.render("later.fixed", about="outcome", say=word.say, draft=word.draft)
        return Done(text, await self._journal.plan(user, plan.id))

    async def noted(self, user: str, plan: RepairPlan, tapped: Taps, now: datetime) -> None:
        """Keep how a step went, as it was tapped."""
        assert tapped.happened is not None
        step_id = tapped.step_id or plan.steps[0].id
        happened = tapped.happened is not Happened.NOT_DONE
        outcome = Outcome(step_id, happened, now, tapped.words, _LANDED.get(tapped.happened))
        await self._note(self._journal, user, outcome)  # type: ignore[misc]

    # ---- within

    def _cards(self) -> dict[str, Principle]:
        return {card.id: card for card in self._knowledge.principles()}

    def _own_cards(self, account: Account) -> tuple[Principle, ...]:
        """Return the card of a user's own pack that fits the account best, where one was found first."""
        if all(card.pack == "coach" for card in self._knowledge.principles()):
            return ()
        words = " ".join((*(told.words or "" for told in account.events), *account.asked, *self._chips(account)))
        best = self._knowledge.retrieve(words, k=RETRIEVED) if words.strip() else ()
        return tuple(match.principle for match in best if match.principle.pack != "coach")[:_OWN_CARDS]

    def _chips(self, account: Account) -> list[str]:
        catalogue = self._knowledge.catalogue
        return [catalogue.entry(each).means for each in account.event_ids if each in catalogue]

    def _checked(self, plan: RepairPlan, account: Account) -> RepairPlan:
        cards = self._cards()
        people = tuple(party.call for party in account.parties if party.call)
        instead = checks.fallbacks(self._texts)
        checked, _ = checks.check_plan(plan, cards, set(cards), people, account.asked, instead)
        return checked


def _stopped(now: datetime) -> Callable[[Commitment], Commitment]:
    return lambda it: replace(it, closed_at=now, closing=Closing.STOPPED) if it.open else it


def _day(value: str | None, now: datetime) -> date:
    """Return the day that was picked. Raises BadInput."""
    try:
        day = date.fromisoformat(value or "")
    except ValueError:
        raise BadInput("Pick a day, such as 2026-12-03.") from None
    if day < now.date():
        raise BadInput("That day is over. Choose today or a later one.")
    return day
