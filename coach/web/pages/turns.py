"""A turn as a page shows it: proposals with what became of them, the message that goes with its plan."""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime

import anyio.to_thread

from coach.domain.accounts import Account
from coach.domain.asks import Ask
from coach.domain.commitments import Commitment
from coach.domain.matters import matter
from coach.domain.moments import Channel, Moment, ProposedMoment
from coach.domain.people import Person
from coach.domain.plans import MadeBy, RepairPlan, Step
from coach.domain.readings import Level, Reading, Route
from coach.domain.turns import Turn
from coach.messages import variants
from coach.messages.variants import Skeleton
from coach.reading.days import Lean, days
from coach.web.pages.offers import Offers, offers
from coach.web.pages.replies import Reply, reply
from coach.web.parts import Parts, if_there


@dataclass(frozen=True, slots=True)
class Proposal:
    """A proposed moment in a form. ``id`` is the id it gets when it is kept, so that a second click changes nothing."""

    id: str
    turn_id: str
    n: int
    moment: ProposedMoment
    who: str
    day: date
    kept: Moment | None = None
    kept_name: str = ""


@dataclass(frozen=True, slots=True)
class Stood:
    """How a plan stands in a turn: open commitments by step, steps that something came of, steps that are new."""

    taken: Mapping[str, Commitment] = field(default_factory=dict)
    done: frozenset[str] = frozenset()
    fresh: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Besides:
    """Those whom a letter names and its plan is not about. ``letter``: all that was written."""

    names: tuple[str, ...]
    letter: str


@dataclass(frozen=True, slots=True)
class Shown:
    """A turn with its proposals. ``continued``: its plan was made before it; ``last``: it can be said again.

    ``standing``: the plan that can be tapped on after the last turn; ``ahead``: its next step; ``besides``: whom
    the plan leaves out. ``stood``: how its plan stands. ``under_way``: it is being answered just now.
    ``offers``: what can be noted with one press. ``known``: the account as it stood before, None: it was read anew.
    """

    turn: Turn
    proposals: tuple[Proposal, ...]
    message: Skeleton | None = None
    continued: bool = False
    last: bool = False
    account: Account | None = None
    ask: Ask | None = None
    standing: RepairPlan | None = None
    ahead: Step | None = None
    besides: Besides | None = None
    stood: Stood = field(default_factory=Stood)
    under_way: bool = False
    known: Account | None = None
    offers: Offers | None = None

    @property
    def read(self) -> Account | None:
        """What a language model read in it, where words were written or one of its lines was put right."""
        reading, taps = self.turn.reading, self.turn.taps
        if reading is None or reading.level is not Level.PLANS or (taps is not None and taps.corrects is None):
            return None
        return reading.account

    @property
    def reply(self) -> Reply:
        """What was said, sentence by sentence."""
        return reply(self.turn)

    @property
    def held(self) -> bool:
        """Whether it is the last one and gave a text of help."""
        reading = self.turn.reading
        return self.last and reading is not None and reading.route is Route.GET_HELP

    @property
    def carded(self) -> bool:
        """Whether its plan stands as a whole card, with the moments to keep under the first step."""
        return self.turn.plan is not None and not self.skeleton and not self.continued

    @property
    def skeleton(self) -> bool:
        """Whether its plan is the one that presupposes nothing."""
        return self.turn.plan is not None and self.turn.plan.made_by is MadeBy.SKELETON


def moment_id(turn_id: str, n: int) -> str:
    """Return the id of the nth proposal of a turn."""
    return f"{turn_id}-{n}"


def proposals(turn_id: str, reading: Reading, now: datetime) -> tuple[Proposal, ...]:
    """Return the proposals of a reading, none kept yet."""
    likely = _likely_day(reading.text, now.astimezone().date()) if reading.moments else None
    return tuple(
        Proposal(
            id=moment_id(turn_id, n),
            turn_id=turn_id,
            n=n,
            moment=moment,
            who=_who(moment.person),
            day=moment.day or likely or now.astimezone().date(),
        )
        for n, moment in enumerate(reading.moments)
    )


def _likely_day(text: str, today: date) -> date | None:
    """Return the day of what a text tells, where it names one and no other: offered first, and can be changed."""
    told = [each for each in days(text, today) if each.lean is Lean.TOLD]
    return told[0].on if len({each.on for each in told}) == 1 and told[0].fits(today) else None


def _who(label: str | None) -> str:
    """Return a name to keep: "your boss" is not how the user calls them."""
    if not label:
        return ""
    name = label.removeprefix("your ").removeprefix("Your ")
    return name[:1].upper() + name[1:]


async def shown(parts: Parts, user: str, turns: Sequence[Turn], people: Sequence[Person]) -> list[Shown]:
    """Return the turns of a conversation, each proposal with the moment it became if it was kept."""
    names = {each.id: each.name for each in people}
    found: list[Shown] = []
    ask: Ask | None = None
    turns = await _current(parts, user, turns)
    for turn in turns:
        ask = turn.ask or ask
        found.append(await _shown(parts, user, turns, turn, names, ask))
    return found


async def _current(parts: Parts, user: str, turns: Sequence[Turn]) -> list[Turn]:
    """Return the turns; the last one that shows a plan shows it as it stands now, with what was changed since."""
    newest = {turn.plan.id: turn.id for turn in turns if turn.plan is not None}
    found = []
    for turn in turns:
        last = turn.plan is not None and newest[turn.plan.id] == turn.id
        now = await if_there(parts.journal.plan(user, turn.plan.id)) if turn.plan and last else None
        found.append(replace(turn, plan=now) if now else turn)
    return found


async def _shown(
    parts: Parts, user: str, turns: Sequence[Turn], turn: Turn, names: dict[str, str], ask: Ask | None
) -> Shown:
    made = [it for it in proposals(turn.id, turn.reading, turn.at) if it.n not in turn.left_out] if turn.reading else []
    written = turn.reading is not None and turn.reading.level is Level.PLANS
    continued = turn.plan is not None and turn.plan.created_at < turn.at and not written  # else it was changed
    last = turn is turns[-1]
    plan = standing(turns) if last else None
    return Shown(
        turn,
        proposals=tuple([await _looked_up(parts, user, each, names) for each in made]),
        message=None if continued else await message_of(parts, turn.plan),
        continued=continued,
        last=last,
        account=turn.reading.account if turn.reading and turn.taps else None,
        ask=ask,
        standing=plan,
        ahead=await ahead(parts, user, plan),
        besides=besides(turns, turn.reading.account if turn.reading else None) if plan else None,
        stood=await stood(parts, user, turns, turn),
        under_way=turn.id in parts.tally.under_way,
        known=None if turn.taps else before(turns, turn.id),
        offers=await offers(parts, user, turns, turn) if last else None,
    )


def before(turns: Sequence[Turn], turn_id: str) -> Account | None:
    """Return the account as it stood before a turn."""
    earlier = [turn for turn in itertools.takewhile(lambda turn: turn.id != turn_id, turns) if turn.reading]
    return next((turn.reading.account for turn in reversed(earlier) if turn.reading and turn.reading.account), None)


def standing(turns: Sequence[Turn]) -> RepairPlan | None:
    """Return the plan that these turns stand at; None while a card or a question is open, or for the small thing."""
    found, asked = matter(turns), turns[-1].ask or turns[-1].doubt
    plan = None if found.last is not None and found.last.route is not Route.IN_SCOPE else found.plan
    return None if plan is None or asked is not None or plan.made_by is MadeBy.SKELETON else plan


def besides(turns: Sequence[Turn], account: Account | None) -> Besides | None:
    """Return whom the last card offers by name and an account leaves out, None where there is nobody."""
    ask = next((each.ask for each in reversed(turns) if each.ask), None)
    if ask is None or account is None:
        return None
    about = {party.name for party in account.parties}
    names = tuple(each.name for each in ask.people if each.name and each.name not in about)
    return Besides(names, "\n\n".join(each.said for each in turns if each.said)) if names else None


async def ahead(parts: Parts, user: str, plan: RepairPlan | None) -> Step | None:
    """Return the first step of a plan that nothing came of so far."""
    done = {each.step_id for each in await parts.journal.outcomes(user, plan.id)} if plan else set()
    return next((each for each in plan.steps if each.id not in done), None) if plan else None


async def stood(parts: Parts, user: str, turns: Sequence[Turn], turn: Turn) -> Stood:
    """Return how the plan of a turn stands; what was just told of a step counts, noted or not."""
    plan = turn.plan
    if plan is None:
        return Stood()
    taken = {each.id: each for each in await parts.journal.commitments(user, plan.id) if each.open}
    done = {each.step_id for each in await parts.journal.outcomes(user, plan.id)}
    earlier = next((each.plan for each in reversed(turns) if each.at < turn.at and each.plan), None)
    known = [step.id for step in earlier.steps] if earlier is not None and earlier.id == plan.id else []
    if turn.came is not None and 0 < turn.came.step <= len(known):
        done.add(known[turn.came.step - 1])
    return Stood(taken, frozenset(done), frozenset(step.id for step in plan.steps if known and step.id not in known))


async def _looked_up(parts: Parts, user: str, proposal: Proposal, names: dict[str, str]) -> Proposal:
    moment = await if_there(parts.journal.moment(user, proposal.id))
    return replace(proposal, kept=moment, kept_name=names.get(moment.person_id, proposal.who)) if moment else proposal


async def message_of(parts: Parts, plan: RepairPlan | None) -> Skeleton | None:
    """Return the message that goes with a plan, if it has one."""
    if plan is None or plan.draft is None:
        return None
    return await anyio.to_thread.run_sync(variants.of_plan, plan, Channel.CHAT, parts.texts)
