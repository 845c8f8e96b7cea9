"""How a plan is fitted to where the other person is."""

import itertools
import re
from dataclasses import replace

from coach.domain.accounts import Account, Party, Standing
from coach.domain.acts import Act
from coach.domain.events import Want
from coach.domain.plans import RepairPlan
from coach.planning.composition import Ground, compose
from coach.planning.moves import Move, choose
from coach.planning.places import fitted
from coach.planning.slots import slots
from many import many
from scenes import cards, moves, texts
from test_moves import NOW, account

_ONE_PLACE = re.compile(
    r"\bor go (?:there|to|by|and see)\b|\bgo (?:there|to them|or)\b|\bsee or ring|\bring or (?:see|go)\b|\bin person\b"
    r"|\bnext meet Tom anyway\b"
)


def made(move: Move, told: Account) -> RepairPlan:
    ids = (f"id-{n}" for n in itertools.count())
    return compose(move, Ground(told, NOW, cards()), moves(), texts(), lambda: next(ids))


def standing(told: Account, where: Standing | None) -> Account:
    main = told.main
    assert main is not None
    return replace(told, parties=(replace(main, standing=where), *told.parties[1:]))


def chosen(event: str, want: Want, *facts: str, where: Standing | None = Standing.ELSEWHERE) -> RepairPlan:
    told = standing(account(event, want, *facts), where)
    move = choose(told, moves())
    assert move is not None
    return made(move, told)


def towards_them() -> list[tuple[str, str]]:
    """The cues and what is done in the first steps towards the one that a plan is about, where no place is shared."""
    some = [move for move in moves().moves if "here" not in move.needs and move.source != "_journal"]
    steps = [move.words["first"] for move in some if move.acts[0] not in {Act.REPORTED, Act.SAID}]
    return [(step["cue"], step["do"]) for step in steps]


@many("cue, do", towards_them)
def test_nobody_elsewhere_is_gone_to(cue: str, do: str):
    given = slots(Party("p1", "Tom", main=True))
    line = fitted(f"{texts().fill(cue, given)}: {texts().fill(do, given)}")
    assert not _ONE_PLACE.search(line), line


def test_a_minute_alone_with_somebody_elsewhere_is_on_a_call_or_in_a_message():
    far = chosen("i_ignored", Want.FIND_WORDS, "i_did_not_back_them")
    near = chosen("i_ignored", Want.FIND_WORDS, "i_did_not_back_them", where=Standing.BESIDE)
    for plan, there in ((far, True), (near, False)):
        assert plan.scene == near.scene
        assert plan.steps[0].cue.endswith(", on a call or in a message") is there


def test_words_to_somebody_elsewhere_are_offered_as_a_message_where_words_were_wanted():
    far = chosen("i_ignored", Want.FIND_WORDS, "i_did_not_back_them")
    assert far.draft is not None
    assert far.draft.text == far.steps[0].say
    assert chosen("i_ignored", Want.PUT_RIGHT, "i_did_not_back_them").draft is None
    move = moves().move("i_wrote_sharply/say-it-aloud")
    assert move is not None
    aloud = made(move, standing(account("i_wrote_sharply", Want.FIND_WORDS), Standing.ELSEWHERE))
    assert aloud.draft is None, "what was written is not mended in writing"


def test_where_nobody_said_where_they_are_a_line_stands_as_it_was_written():
    move = moves().move("no_answer/asked-often-and-due")
    assert move is not None
    told = account("no_answer", Want.FIND_WORDS, *sorted(move.needs))
    assert "speak to them where you can" in made(move, told).steps[0].action
    assert made(move, standing(told, Standing.ELSEWHERE)).steps[0].action.startswith("then ring, ask how")
