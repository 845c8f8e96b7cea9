"""What follows a step: next step, another try, a rest, the end; and what is shown today. Pure rules, then the pages."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.testclient import TestClient

import fakes
from coach.domain.acts import Act, Follows
from coach.domain.commitments import Commitment
from coach.domain.moments import By, Landed
from coach.domain.people import Celebration, Contact, Person, Promise
from coach.domain.plans import Outcome, RepairPlan
from coach.noticing.follow_ups import MOST_MOVED, PAUSE, REST, Came, Then, adapted, came, follow, tries
from coach.noticing.today import MOST, Why, things, until
from test_pages import OWN, post
from test_people_pages import added

NOW, TODAY = fakes.NOW, fakes.NOW.date()
PLAN = replace(fakes.plan("a", "tom"), stop_rule="Ask twice, then leave it.")
WELL = Outcome("a-1", True, NOW, None, Landed.HELPED)
SILENT = Outcome("a-1", True, NOW, None, Landed.INDIFFERENT)
BAD = Outcome("a-1", True, NOW, None, Landed.HARMED)


def after(outcome: Outcome, *earlier: Outcome, plan: RepairPlan = PLAN, commitment: Commitment | None = None):
    step = next(it for it in plan.steps if it.id == outcome.step_id)
    return follow(plan, step, came(outcome), [*earlier, outcome], commitment, TODAY)


def acting(act: Act, follows: Follows | None = Follows.ANSWERED) -> RepairPlan:
    """The plan with a first step that does this, and a second one for that outcome of it."""
    first, second = PLAN.steps
    return replace(PLAN, steps=(replace(first, act=act), replace(second, act=Act.SAID, follows=follows)))


class TestFollowing:
    def test_went_well_leads_to_the_next_step_and_then_to_the_end(self) -> None:
        first = after(WELL)
        assert (first.then, first.step and first.step.id) == (Then.NEXT_STEP, "a-2")
        assert first.due is not None
        assert first.due > TODAY
        assert after(replace(WELL, step_id="a-2"), WELL).then is Then.FINISHED

    def test_no_reply_gets_another_try_until_the_stop_rule(self) -> None:
        again = after(SILENT)
        assert (again.then, again.rest_until) == (Then.AGAIN, None)
        end = after(replace(SILENT, step_id="a-2"), SILENT)
        assert (end.then, end.step, end.rest_until) == (Then.STOP, None, TODAY + REST)

    def test_a_stop_rule_of_one_try_is_kept(self) -> None:
        once = replace(PLAN, stop_rule="One apology. He may want it closed.")
        assert after(SILENT, plan=once).then is Then.STOP

    def test_went_badly_rests_first_and_ends_the_second_time(self) -> None:
        rest = after(BAD)
        assert (rest.then, rest.rest_until) == (Then.PAUSE, TODAY + PAUSE)
        assert after(replace(BAD, step_id="a-2"), BAD).then is Then.STOP
        assert after(replace(BAD, step_id="a-2"), SILENT).then is Then.STOP

    def test_put_off_three_times_it_is_let_go(self) -> None:
        not_yet = Outcome("a-1", False, NOW)
        taken = Commitment("a-1", "a", NOW, TODAY)
        assert after(not_yet, commitment=taken).then is Then.LATER
        assert after(not_yet, commitment=replace(taken, moved=MOST_MOVED - 1)).then is Then.LET_GO

    def test_the_adapted_plan_has_the_new_day_and_is_looked_at_after_it(self) -> None:
        following = after(SILENT)
        plan = adapted(PLAN, following)
        assert plan.steps[1].due == following.due
        assert following.due is not None
        assert plan.check_on > following.due
        assert adapted(PLAN, after(replace(WELL, step_id="a-2"), WELL)) == PLAN

    def test_what_is_due_is_asked_for_once_more_and_a_sorry_is_not(self) -> None:
        sorry = acting(Act.OWNED)
        assert after(SILENT, plan=sorry).then is Then.STOP
        asked = acting(Act.ASKED_TALK)
        again = after(SILENT, plan=asked)
        assert (again.then, again.step and again.step.id) == (Then.AGAIN, "a-1")
        reminder = Commitment("a-1", "a", NOW, TODAY, moved=1)
        assert after(SILENT, plan=asked, commitment=reminder).then is Then.STOP
        early = replace(reminder, due=TODAY + timedelta(days=3))
        assert after(SILENT, plan=asked, commitment=early).then is Then.AGAIN, "the same outcome, sent twice"

    def test_a_second_step_is_taken_on_the_outcome_it_is_for_alone(self) -> None:
        ways = {Came.WELL: WELL, Came.NO_REPLY: SILENT, Came.BADLY: BAD}
        expected = {
            Follows.ANSWERED: (Then.NEXT_STEP, Then.AGAIN, Then.STOP),
            Follows.UNANSWERED: (Then.FINISHED, Then.STILL, Then.STILL),
            Follows.ALWAYS: (Then.NEXT_STEP, Then.STILL, Then.STILL),
            Follows.STANDBY: (Then.FINISHED, Then.AGAIN, Then.STOP),
            None: (Then.NEXT_STEP, Then.STILL, Then.STOP),
        }
        for follows, thens in expected.items():
            plan = replace(acting(Act.ASKED_DUE, follows), stop_rule="Ask once.")
            assert tuple(after(ways[how], plan=plan).then for how in ways) == thens, follows

    @given(
        st.lists(st.sampled_from([WELL, SILENT, BAD]), max_size=2),
        st.sampled_from(["One try.", "Ask twice.", "Three invitations.", "Let it be."]),
        st.dates(date(2024, 1, 1), date(2026, 1, 1)),
    )
    def test_whatever_happened_something_follows_on_a_later_workday(
        self, told: list[Outcome], stop: str, today: date
    ) -> None:
        plan = replace(PLAN, stop_rule=stop)
        outcomes = [replace(each, step_id=f"a-{n + 1}") for n, each in enumerate(told)]
        for how in Came:
            following = follow(plan, plan.steps[-1], how, outcomes, None, today)
            if following.due is not None:
                assert following.due > today
                assert following.due.weekday() < 5 or following.due == plan.steps[-1].due
            if following.then is Then.STOP:
                assert following.step is None

    @pytest.mark.parametrize(
        ("rule", "allowed"),
        [
            ("One apology, one date.", 1),
            ("Ask twice, with a swap each time.", 2),
            ("Two tries with the group.", 2),
            ("Three invitations over a month.", 3),
            ("Say it once and ask once.", 1),
            ("No second apology and no third message.", 2),
            ("Let him set how close it gets.", 2),
        ],
    )
    def test_how_many_tries_a_stop_rule_allows(self, rule: str, allowed: int) -> None:
        assert tries(rule) == allowed


TOM = Person("tom", "Tom", NOW)


def shown(*people: Person, silent: int = 1, commitments: list[tuple[Commitment, str | None]] | None = None):
    contacts = {each.id: Contact(3, NOW - timedelta(days=silent)) for each in people}
    return things(people, contacts, commitments or [], TODAY)


class TestToday:
    def test_at_most_three_and_one_a_person(self) -> None:
        many = [replace(TOM, id=f"p{n}", longest_days=5) for n in range(9)]
        found = shown(*many, silent=20)
        assert len(found) == MOST
        late = [(Commitment(f"s{n}", "a", NOW, TODAY), "tom") for n in range(3)]
        assert len(shown(TOM, commitments=late)) == 1

    def test_what_was_due_comes_before_what_is_due(self) -> None:
        ben = replace(TOM, id="ben")
        late = [
            (Commitment("s1", "a", NOW, TODAY), "tom"),
            (Commitment("s2", "b", NOW, TODAY - timedelta(days=2)), "ben"),
        ]
        assert [(it.why, it.days) for it in shown(TOM, ben, commitments=late)] == [(Why.ASK, 2), (Why.STEP, 0)]
        later = [(Commitment("s3", "a", NOW, TODAY + timedelta(days=1)), "tom")]
        assert shown(TOM, commitments=later) == ()

    def test_a_real_contact_starts_the_days_anew(self) -> None:
        person = replace(TOM, ideal_days=7, longest_days=14)
        assert [it.why for it in shown(person, silent=20)] == [Why.TOUCH]
        assert [it.why for it in shown(person, silent=10)] == [Why.FOCUS]
        assert shown(person, silent=2) == ()

    def test_nobody_is_counted_who_was_given_no_days(self) -> None:
        assert shown(TOM, silent=900) == ()

    def test_somebody_left_in_peace_is_not_shown_but_for_my_promise(self) -> None:
        resting = replace(
            TOM, rest_until=TODAY + timedelta(days=3), longest_days=2, celebrations=(Celebration("birthday", 5, 6),)
        )
        late = [(Commitment("s1", "a", NOW, TODAY), "tom")]
        assert shown(resting, silent=90, commitments=late) == ()
        promised = replace(resting, promises=(Promise("1", By.ME, "the draft", NOW, TODAY),))
        assert [it.why for it in shown(promised, silent=90)] == [Why.PROMISE]

    def test_days_come_round(self) -> None:
        assert until(Celebration("birthday", 5, 9), TODAY) == 3
        assert until(Celebration("birthday", 5, 5), TODAY) == 364
        assert until(Celebration("leap", 2, 29), date(2025, 2, 27)) == 1
        soon = replace(TOM, celebrations=(Celebration("birthday", 5, 9),))
        assert [(it.why, it.days) for it in shown(soon)] == [(Why.CELEBRATION, 3)]


def planned(client: TestClient) -> tuple[str, str]:
    """A person and a plan for them; return the ids of person and plan."""
    person = added(client)
    return person, client.post("/api/plans", json={"person_id": person}).json()["id"]


def test_one_click_keeps_the_moment_and_adapts_the_plan(client: TestClient) -> None:
    person, plan = planned(client)
    assert "for Wednesday 8 May." in post(client, f"/steps/{plan}-1/take")
    assert "Taken on" not in client.get("/today", headers=OWN).text
    post(client, f"/steps/{plan}-1/take", due="2024-05-06")
    page = client.get("/today", headers=OWN).text
    assert "For today" in page
    assert "tell him I should have asked him first" in page
    page = post(client, f"/steps/{plan}-1/outcome", came="well", note="He laughed", back="today")
    assert "Good. The next step is on" in page
    [moment] = client.get("/api/moments").json()["moments"]
    assert (moment["person_id"], moment["by"], moment["landed"]) == (person, "me", "helped")
    assert moment["what"] == "I tell him I should have asked him first. He laughed"
    [open_] = client.get("/api/commitments").json()["commitments"]
    assert open_["id"] == f"{plan}-2"
    assert client.get(f"/api/plans/{plan}").json()["steps"][1]["due"] == open_["due"]


def test_said_twice_or_taken_back_there_is_one_moment_or_none(client: TestClient) -> None:
    _, plan = planned(client)
    for _ in range(2):
        post(client, f"/steps/{plan}-1/outcome", came="no_reply")
    assert len(client.get("/api/moments").json()["moments"]) == 1
    post(client, f"/steps/{plan}-1/outcome", happened="yes", landed="helped")
    assert client.get("/api/moments").json()["moments"][0]["landed"] == "helped"
    post(client, f"/steps/{plan}-1/outcome", happened="no")
    assert client.get("/api/moments").json()["moments"] == []


def test_the_stop_rule_ends_reminders(client: TestClient) -> None:
    person, plan = planned(client)  # its rule: stop after one try
    post(client, f"/steps/{plan}-1/take", due="2024-05-06")
    post(client, f"/steps/{plan}-2/take", due="2024-05-06")
    page = post(client, f"/steps/{plan}-1/outcome", came="no_reply", back="today")
    assert "That is enough tries. Stop after one try." in page
    assert client.get("/api/commitments").json()["commitments"] == []
    assert client.get(f"/api/people/{person}").json()["rest_until"] == "2024-06-05"
    assert "You are leaving it be until 5 June 2024" in client.get(f"/people/{person}", headers=OWN).text


def test_a_step_is_handed_back_and_no_day_of_the_past_is_taken(client: TestClient) -> None:
    _, plan = planned(client)
    post(client, f"/steps/{plan}-1/take", due="2024-05-06")
    post(client, f"/steps/{plan}-1/hand-back")
    assert client.get("/api/commitments").json()["commitments"] == []
    assert client.post(f"/steps/{plan}-1/take", data={"due": "2024-05-01"}, headers=OWN).status_code == 400
    assert client.post("/steps/nothing/take", headers=OWN).status_code == 404


def test_what_is_open_comes_with_its_press_and_can_be_put_off(client: TestClient) -> None:
    person = added(client)
    given = {"person_id": person, "channel": "meeting", "by": "me", "landed": "harmed", "what": "I snapped at him"}
    client.post("/api/moments", json=given)
    page = client.get("/today", headers=OWN).text
    assert "nothing noted since has mended it" in page
    assert f'action="/people/{person}/plan"' in page
    assert "Still open: 1 thing." in client.get("/week", headers=OWN).text
    page = post(client, f"/people/{person}/rest", days="14")
    assert "I snapped at him" not in page
    token = page.split('name="token" value="')[1].split('"')[0]
    assert "I snapped at him" in post(client, "/undo", token=token, back="/today")


def test_a_promise_kept_from_today_is_taken_back(client: TestClient) -> None:
    person = added(client)
    post(client, f"/people/{person}/promises", by="me", what="the draft", due="2024-05-06")
    [promise] = client.get(f"/api/people/{person}").json()["promises"]
    page = post(client, f"/people/{person}/promises/{promise['id']}", came="kept", back="today")
    assert "the draft" not in page
    assert "the draft" in client.get("/week", headers=OWN).text
    token = page.split('name="token" value="')[1].split('"')[0]
    assert "the draft" in post(client, "/undo", token=token, back="/today")


def test_an_empty_today_teaches(client: TestClient) -> None:
    assert "at most three things a day" in client.get("/today", headers=OWN).text


def test_a_single_harm_is_open_on_the_persons_page_too(client: TestClient) -> None:
    person = added(client)
    given = {"person_id": person, "channel": "meeting", "by": "me", "landed": "harmed", "what": "I snapped at him"}
    client.post("/api/moments", json=given)
    assert "“I snapped at him” landed badly" in client.get(f"/people/{person}", headers=OWN).text
    client.post("/api/moments", json={**given, "landed": "helped", "what": "I said sorry to him"})
    assert "landed badly" not in client.get(f"/people/{person}", headers=OWN).text


def test_today_the_week_and_the_person_agree_on_a_harm_whose_step_is_still_to_come(client: TestClient) -> None:
    person, plan = planned(client)
    given = {"person_id": person, "channel": "meeting", "by": "me", "landed": "harmed", "what": "I snapped at him"}
    client.post("/api/moments", json=given)
    post(client, f"/steps/{plan}-1/take", due="2024-05-10")
    told = {path: client.get(path, headers=OWN).text for path in ("/today", "/week", f"/people/{person}")}
    assert "What you took on comes later." in told["/today"]
    assert "Friday 10 May, with Tom" in told["/today"]
    assert "1 step you took on is still to come, the next on Friday 10 May." in told["/week"]
    assert "Your step towards it is for" in told[f"/people/{person}"]
    assert not any("open between you and anybody" in page for page in told.values())


def test_a_step_for_today_that_three_more_pressing_things_push_aside_is_still_for_today(client: TestClient) -> None:
    _, plan = planned(client)
    post(client, f"/steps/{plan}-1/take", due="2024-05-06")
    for name in ("Ann", "Ben", "Cleo"):
        post(client, f"/people/{added(client, name)}/promises", by="me", what=f"figures for {name}", due="2024-05-06")
    page = client.get("/today", headers=OWN).text
    assert page.count("figures for") == 3
    assert "Also for today" in page
    assert "Coming" not in page
