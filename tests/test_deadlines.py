"""A day that counts: offered where the letter names days to come, and kept by the plan where it was tapped."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from starlette.datastructures import FormData

from coach.domain.asks import Ask, DayChoice, TappedEvent
from coach.domain.events import Want
from coach.planning.deadlines import in_time
from coach.web.pages.lines import page_words
from coach.web.pages.taps import deadline
from coach.web.renderer import fragment
from scenes import catalogue, texts
from talks import Talk
from test_moves import NOW, account, planned
from test_turn import TOM

TODAY = NOW.date()
"""A Monday."""


@pytest.mark.parametrize(
    ("days", "due"),
    [(1, TODAY), (2, TODAY + timedelta(days=1)), (7, TODAY + timedelta(days=4)), (30, None), (0, None), (-3, None)],
)
def test_the_first_step_is_due_on_a_working_day_before_it(days: int, due: date | None):
    told = account("i_was_not_honest", Want.FIND_WORDS, "they_got_the_blame")
    plain = planned(told).steps
    late = (replace(plain[0], due=TODAY + timedelta(days=9)), *plain[1:])
    kept = in_time(late, TODAY + timedelta(days=days), TODAY, texts())
    assert kept[0].due == (due or late[0].due)
    assert (kept[0].cue != late[0].cue) is (days > 0)
    assert kept[1:] == late[1:]


def test_a_plan_says_the_day_that_was_tapped_and_no_other():
    told = account("i_was_not_honest", Want.FIND_WORDS, "they_got_the_blame")
    soon = planned(replace(told, deadline=TODAY + timedelta(days=2)))
    assert soon.steps[0].cue.endswith(", and before Wednesday, 2 December")
    assert soon.steps[0].due < TODAY + timedelta(days=2)
    assert "Wednesday" not in planned(told).steps[0].cue


async def test_days_to_come_are_offered_on_the_card_and_the_one_that_is_tapped_is_kept(talk: Talk):
    await talk.say("I snapped at Tom on Thursday. The report must be signed on Friday.")
    assert [(each.words, each.day) for each in talk.card.ahead] == [("Friday", date(2024, 5, 10))]
    tapped = {"people": TOM, "events": (TappedEvent("i_snapped"),), "want": Want.PUT_RIGHT}
    plan = (await talk.tap(**tapped, deadline=talk.card.ahead[0].day)).plan
    assert plan is not None
    assert plan.steps[0].cue.endswith(", and before Friday, 10 May")


def test_a_form_takes_a_day_of_the_card_alone():
    ask = Ask("a", (), (), (), (), (), days=(DayChoice(date(2024, 5, 10), "on Friday", ahead=True),))
    assert deadline(FormData({"deadline": "2024-05-10"}), ask) == date(2024, 5, 10)
    assert deadline(FormData({"deadline": "2024-05-09"}), ask) is None
    shown = fragment("_ask.html", ask=ask, conversation_id="c", **page_words(catalogue()))
    assert shown.count('name="deadline" value="2024-05-10"') == 1
    assert "deadline" not in fragment(
        "_ask.html", ask=replace(ask, days=()), conversation_id="c", **page_words(catalogue())
    )
