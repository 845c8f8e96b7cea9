"""Makes the plan: situation in, RepairPlan out. Pure; time enters as ``now``, ids through ``new_id``.

The scene gives the words, retrieval gives the principles, the journal gives findings and what was tried. A step is
offered only when the principle it rests on was retrieved. Steps are if–then plans (Gollwitzer & Sheeran 2006).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from coach.domain.letters import straight
from coach.domain.moments import By, Channel, Landed, Moment
from coach.domain.people import Person
from coach.domain.plans import (
    Checked,
    Finding,
    Guessed,
    Missing,
    OtherSide,
    OwnPart,
    OwnPartLevel,
    Pattern,
    RepairPlan,
    Seen,
    Step,
)
from coach.domain.principles import Match, Principle
from coach.domain.readings import Kind, Reading
from coach.domain.stances import Stance
from coach.domain.workdays import workday
from coach.planning import citations as citing
from coach.planning import scenes
from coach.planning.topics import deadline
from coach.ports import Texts

MOST_STEPS = 3
FIRST_STEP_MINUTES = 10


@dataclass(frozen=True, slots=True)
class Situation:
    """All the planner sees.

    ``matches`` are the retrieved principles, best first; ``support`` the evidence cards by id. ``tried`` are the actions of
    earlier steps with this person that did not go well.
    """

    reading: Reading
    matches: Sequence[Match]
    now: datetime
    turn_id: str | None = None
    person: Person | None = None
    moments: Sequence[Moment] = ()
    findings: Sequence[Finding] = ()
    support: Mapping[str, Principle] = field(default_factory=dict)
    tried: Sequence[str] = ()


def plan(situation: Situation, prompts: Texts, new_id: Callable[[], str]) -> RepairPlan:
    """Return the plan for a situation in scope."""
    reading = situation.reading
    name = scenes.choose(reading, prompts.scenes)
    scene = prompts.scenes[name]
    given = scenes.values(reading, situation.person, reading.about, scene)

    def say(source: str) -> str:
        return prompts.fill(source, given)

    own = _own_part(reading, scene, say, prompts)
    stance = _stance(reading, scene, own.level, situation.findings)
    steps = _steps(situation, scene, given, stance, own.level, say, new_id)
    citations = tuple(dict.fromkeys(citation for step in steps for citation in step.citations))
    first_due = steps[0].due
    return RepairPlan(
        id=new_id(),
        created_at=situation.now,
        person_id=situation.person.id if situation.person else None,
        kind=reading.kind,
        stance=stance,
        headline=say(scene["headline"]),
        seen=_seen(situation),
        guessed=_guessed(reading, scene, prompts, given),
        readings=_other_side(scene, say, own.level),
        own_part=own,
        missing=Missing(say(scene["fact"]), say(scene["question"])),
        findings=tuple(situation.findings),
        steps=steps,
        if_it_goes_badly=say(scene["badly"]),
        stop_rule=say(scene["stop"]),
        check_on=workday(max(step.due for step in steps) + timedelta(days=3 if first_due != steps[-1].due else 5)),
        sign_of_success=say(scene["sign"]),
        unknowns=_unknowns(situation, scene, say, prompts),
        citations=citations,
        checked=Checked(0, 0),
        scene=name,
    )


def _own_part(reading: Reading, scene: scenes.Scene, say: Callable[[str], str], prompts: Texts) -> OwnPart:
    """The user's own part: clear when they tell of a harm they did, none when harm was done to them, else what the scene holds."""
    mine = [moment for moment in reading.moments if moment.by is By.ME and moment.landed is Landed.HARMED]
    theirs = [moment for moment in reading.moments if moment.by is By.THEM and moment.landed is Landed.HARMED]
    own_signals = reading.has(*scenes.OWN)
    if scene["by"] == "me":
        level = (
            OwnPartLevel.CLEAR
            if mine or scenes.owned(reading) or (scene["part"] == "clear" and not theirs)
            else OwnPartLevel.POSSIBLE
        )
    elif mine and (theirs or own_signals):
        level = (
            OwnPartLevel.CLEAR if reading.has("own_mistake", "own_outburst", "own_public") else OwnPartLevel.POSSIBLE
        )
    elif mine or (own_signals and not theirs):
        level = OwnPartLevel.POSSIBLE
    else:
        level = OwnPartLevel(scene["part"])
        if theirs and level is OwnPartLevel.CLEAR:
            level = OwnPartLevel.POSSIBLE
    if level is OwnPartLevel.NONE:
        return OwnPart(level, prompts.render("own_part_none.fixed", hurt=bool(theirs)))
    return OwnPart(level, say(scene["part_clear" if level is OwnPartLevel.CLEAR else "part_possible"]))


def _stance(reading: Reading, scene: scenes.Scene, own: OwnPartLevel, findings: Sequence[Finding]) -> Stance:
    stance = Stance(scene["stance"])
    if own is OwnPartLevel.CLEAR and reading.kind in {Kind.REPAIR, Kind.MESSAGE} and stance is Stance.ASK_FIRST:
        return Stance.REPAIR_OWN_HARM
    if (
        stance is Stance.ASK_FIRST
        and any(finding.pattern is Pattern.NEGLECTED_GOOD_RELATIONSHIP for finding in findings)
        and not any(moment.landed is Landed.HARMED for moment in reading.moments)
    ):
        return Stance.REACH_OUT
    return stance


def _seen(situation: Situation) -> tuple[Seen, ...]:
    told = [Seen(moment.what, turn_id=situation.turn_id) for moment in situation.reading.moments]
    if not told and situation.reading.text.strip():
        first = next((line for line in straight(situation.reading.text).splitlines() if line.strip()), "")
        told = [Seen(_shortened(first), turn_id=situation.turn_id)]
    kept = [
        Seen(moment.what, moment_id=moment.id)
        for moment in situation.moments[-3:]
        if all(moment.what != seen.text for seen in told)
    ]
    return tuple(told + kept[: max(0, 6 - len(told))])


def _shortened(text: str, words: int = 30) -> str:
    parts = text.split()
    return " ".join(parts[:words]) + (" …" if len(parts) > words else "")


def _guessed(reading: Reading, scene: scenes.Scene, prompts: Texts, given: Mapping[str, Any]) -> tuple[Guessed, ...]:
    """The user's guesses as questions; with none said, the reason behind what hurt is still one, for nobody has asked."""
    said = tuple(Guessed(guess.text, _question(guess.about, scene, prompts, given)) for guess in reading.guesses)
    if said or all(moment.landed is Landed.HELPED for moment in reading.moments):
        return said
    return (Guessed(prompts.render("guess_implied.fixed", **given), _question("motive", scene, prompts, given)),)


def _question(about: str, scene: scenes.Scene, prompts: Texts, given: Mapping[str, Any]) -> str:
    if about == "motive":
        return prompts.fill(scene["open_question"], given)
    return prompts.render("guess_question.fixed", about=about, event=scene["event"], **given)


def _other_side(scene: scenes.Scene, say: Callable[[str], str], own: OwnPartLevel) -> tuple[OtherSide, ...]:
    sides = [OtherSide(say(text), False) for text in scene["readings"][:2]]
    mine = OtherSide(say(scene["own_reading"]), True)
    return (mine, *sides) if own is OwnPartLevel.CLEAR else (*sides, mine)


def _unknowns(situation: Situation, scene: scenes.Scene, say: Callable[[str], str], prompts: Texts) -> tuple[str, ...]:
    first = say(scene["unknown"])
    more = prompts.render(
        "unknowns.fixed",
        second_hand=situation.reading.has("second_hand"),
        culture=situation.reading.has("culture"),
        plate=bool(situation.person and situation.person.plate),
    )
    return tuple(line for line in (first, *more.splitlines()) if line)


@dataclass(frozen=True, slots=True)
class _Option:
    """A step that could be offered, with what it is worth here."""

    principle: Principle
    cue: str
    action: str
    say: str
    avoid: str
    channel: str
    minutes: int
    why: str
    worth: float


def _steps(
    situation: Situation,
    scene: scenes.Scene,
    given: Mapping[str, Any],
    stance: Stance,
    own: OwnPartLevel,
    say: Callable[[str], str],
    new_id: Callable[[], str],
) -> tuple[Step, ...]:
    found = {
        match.principle.id: (rank, match.principle)
        for rank, match in enumerate(situation.matches)
        if not match.principle.evidence
    }
    options = [
        *_scene_options(scene, found, given, situation.tried, say),
        *_move_options(found, given, stance, own, situation),
    ]
    untried = [option for option in options if option.action not in situation.tried]
    if any(option.minutes <= FIRST_STEP_MINUTES for option in untried):
        options = untried
    options.sort(key=lambda option: -option.worth)
    first = next(option for option in options if option.minutes <= FIRST_STEP_MINUTES)
    chosen = [first]
    wanted = 2 if situation.reading.kind is Kind.JOURNAL or stance is Stance.WAIT else MOST_STEPS
    for option in options:
        if len(chosen) == wanted:
            break
        if all(option.principle.id != taken.principle.id and option.action != taken.action for taken in chosen):
            chosen.append(option)
    return tuple(_step(option, order, situation, scene, new_id) for order, option in enumerate(chosen))


def _scene_options(
    scene: scenes.Scene,
    found: Mapping[str, tuple[int, Principle]],
    given: Mapping[str, Any],
    tried: Sequence[str],
    say: Callable[[str], str],
) -> list[_Option]:
    options = []
    for order, step in enumerate(scene["steps"]):
        if step["principle"] not in found or not _fits(step.get("needs") or {}, given):
            continue
        rank, principle = found[step["principle"]]
        worth = 10.0 - 1.3 * order + 2.5 * (1 - rank / max(len(found), 1)) + 1.2 * len(step.get("needs") or {})
        if rank > 6 and order:
            worth -= 1.0
        action = say(step["action"])
        if action in tried:
            worth -= 8.0
        options.append(
            _Option(
                principle,
                say(step["cue"]),
                action,
                say(step["say"]),
                say(step["avoid"]),
                say(step["channel"]),
                int(step["minutes"]),
                say(step["why"]),
                worth,
            )
        )
    return options


def _move_options(
    found: Mapping[str, tuple[int, Principle]],
    given: Mapping[str, Any],
    stance: Stance,
    own: OwnPartLevel,
    situation: Situation,
) -> list[_Option]:
    """Moves of the retrieved cards: what the scene leaves open, and all there is for a user's own pack."""
    options = []
    slots = {"name": given["name"], "them": given["him"], "their": given["his"], "topic": given["topic"]}
    for rank, principle in found.values():
        for order, move in enumerate(principle.moves):
            if stance not in move.stances or (own is OwnPartLevel.NONE and move.stances == (Stance.REPAIR_OWN_HARM,)):
                continue
            if not _fits({"remote": move.remote, "leader": move.leader}, given):
                continue
            action = move.action.format_map(slots)
            worth = (
                3.0 + 2.5 * (1 - rank / max(len(found), 1)) - 0.3 * order - (8.0 if action in situation.tried else 0.0)
            )
            options.append(
                _Option(
                    principle,
                    move.cue.format_map(slots),
                    action,
                    move.say.format_map(slots),
                    move.avoid.format_map(slots),
                    move.channel,
                    move.minutes,
                    "",
                    worth,
                )
            )
    return options


def _fits(needs: Mapping[str, bool | None], given: Mapping[str, Any]) -> bool:
    return all(wanted is None or bool(given.get(name)) is wanted for name, wanted in needs.items())


_DAYS_AFTER = (1, 3, 6)


def _step(option: _Option, order: int, situation: Situation, scene: scenes.Scene, new_id: Callable[[], str]) -> Step:
    today = situation.now.date()
    due = workday(today + timedelta(days=_DAYS_AFTER[order]))
    last = deadline(straight(situation.reading.text), today)
    if order == 0 and last is not None and last < due:
        due = last
    citations = [citing.cite(option.principle, f"{option.action} {option.say} {option.why}")]
    if order == 0:
        citations.extend(citing.cite(card, option.action) for card in _support(situation, scene))
    why = option.why or citations[0].quote
    return Step(
        new_id(),
        option.cue,
        option.action,
        option.say,
        option.avoid,
        _channel(option.channel, situation),
        option.minutes,
        due,
        why,
        tuple(citations),
    )


def _support(situation: Situation, scene: scenes.Scene) -> list[Principle]:
    """Evidence beside the first step: how to apologise, why to ask, how to give feedback; else why if–then."""
    wanted = {
        Stance.REPAIR_OWN_HARM.value: "apology-parts",
        Stance.ASK_FIRST.value: "ask-dont-imagine",
        Stance.SET_BOUNDARY.value: "sbi",
    }.get(scene["stance"], "if-then-plans")
    return [situation.support[wanted]] if wanted in situation.support else []


def _channel(channel: str, situation: Situation) -> str:
    """``any`` becomes the channel the two can speak on."""
    if channel != "any":
        return channel
    remote = bool(situation.person and situation.person.remote) or situation.reading.has("remote")
    return Channel.CALL.value if remote else Channel.IN_PERSON.value
